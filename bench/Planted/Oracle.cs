using System.Runtime.InteropServices;
using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>From a day to a day, both counted.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Days(int First, int Last);

/// <summary>How long, as it was meant: from least to most of a unit, with the slack that the format promises.</summary>
internal sealed record Length(int Least, int Most, char Unit)
{
    /// <summary>The earliest day that is so long after a day.</summary>
    public int Soonest(int day) => Add(day, Least) - Slack(Least);

    /// <summary>The latest.</summary>
    public int Latest(int day) => Add(day, Most) + Slack(Most);

    private int Add(int day, int count) => Unit switch
    {
        'd' => day + count,
        'w' => day + (7 * count),
        'm' => DateOnly.FromDayNumber(day).AddMonths(count).DayNumber,
        _ => DateOnly.FromDayNumber(day).AddYears(count).DayNumber,
    };

    private int Slack(int count)
    {
        var (half, unit) = Unit switch { 'd' => (1, 100), 'w' => (4, 700), 'm' => (15, 3044), _ => (91, 36525) };
        return Math.Max(half, ((count * unit) + 499) / 500);
    }
}

/// <summary>What relates a claim to another: <c>after</c>, <c>before</c> (each perhaps at a distance), <c>within</c>, <c>same</c>.</summary>
internal sealed record Relation(string How, string Of, Length? By = null);

/// <summary>A claim as it was meant. Readings of a date are alternatives, each of them days.</summary>
internal sealed record Meant
{
    public required string Id { get; init; }

    public string Kind { get; init; } = "event";

    public string By { get; init; } = "RU";

    public Days[][]? When { get; init; }

    public Days[][]? From { get; init; }

    public Days[][]? Until { get; init; }

    public Length? For { get; init; }

    public Relation[] Relations { get; init; } = [];

    public int? Age { get; init; }

    public Side? HeldBy { get; init; }

    public bool Leave { get; init; }

    public bool IsStay => Kind == "stay";
}

/// <summary>What a scenario is asked.</summary>
[Flags]
internal enum Asked
{
    Dates = 0,
    Places = 1,
    Ways = 2,
    Rules = 4,
    All = 7,
}

/// <summary>Who held a candidate, day by day, as somebody knows it.</summary>
internal interface IKnown
{
    /// <summary>The days on which "this side held it" is denied.</summary>
    IReadOnlyList<Days> Denied(Candidate place, Side side);

    /// <summary>On which side it certainly was.</summary>
    Side? SideOf(Candidate place, int day);

    /// <summary>How far from the front; null where it is not known.</summary>
    double? KmToFront(Candidate place, int day);
}

/// <summary>A story as it was meant.</summary>
internal sealed record MeantStory(int Told, Days[]? Born, IReadOnlyList<Meant> Claims);

/// <summary>
/// What a story cannot all be true of, by <c>docs/formats/story.md</c> and nothing of the engine. All that relates two days is "at
/// least f of that day" with a rising f; of such constraints the earliest days that satisfy them, one by one, are a scenario if
/// any is. What else is asked (who held a place all along, ways) is tried out: where the earliest days break it, each way of
/// not breaking it is a branch.
/// </summary>
internal sealed class Oracle(MeantStory story, IReadOnlyList<IReadOnlyList<Candidate>?> places, IKnown known)
{
    private const int MostBranches = 300_000;
    private static readonly int s_first = new DateOnly(1900, 1, 1).DayNumber;
    private readonly Dictionary<string, int> _byId = story.Claims.Select((claim, at) => (claim.Id, at)).ToDictionary(pair => pair.Id, pair => pair.at, StringComparer.Ordinal);
    private readonly Dictionary<int, bool> _possible = [];
    private int _branches;

    /// <summary>Whether it gave up: what it says is then not to be used.</summary>
    public bool GaveUp => _branches > MostBranches;

    private sealed record AtLeast(int Of, int From, Func<int, int> Day);

    private sealed class State(List<Days>[] domains, List<AtLeast> constraints)
    {
        public List<Days>[] Domains { get; } = domains;

        public List<AtLeast> Constraints { get; } = constraints;

        public State With(int variable, int first, int last)
        {
            var fewer = (List<Days>[])Domains.Clone();
            fewer[variable] = Clip(fewer[variable], first, last);
            return new State(fewer, Constraints);
        }

        public State With(AtLeast more) => new(Domains, [.. Constraints, more]);
    }

    /// <summary>All smallest sets of which no scenario is possible: Reiter's tree, by leaving out one of each known set at a time.</summary>
    public IReadOnlyList<int> Conflicts()
    {
        var found = new HashSet<int>();
        var seen = new HashSet<int>();
        var waiting = new Stack<int>([(1 << story.Claims.Count) - 1]);
        while (waiting.TryPop(out var set))
        {
            if (!seen.Add(set) || IsPossible(set, Asked.All) || GaveUp) continue;
            var least = set;
            for (var i = 0; i < story.Claims.Count; i++)
            {
                if ((least & (1 << i)) != 0 && !IsPossible(least & ~(1 << i), Asked.All)) least &= ~(1 << i);
            }
            found.Add(least);
            for (var i = 0; i < story.Claims.Count; i++) if ((least & (1 << i)) != 0) waiting.Push(set & ~(1 << i));
        }
        return [.. found];
    }

    /// <summary>By how many days one claim of a conflict would have to reach further, of the kind that needs most; a large number where no move helps.</summary>
    public int Repair(int set)
    {
        var most = 0;
        foreach (var asked in (Asked[])[Asked.Dates, Asked.Places, Asked.Ways, Asked.Rules]) if (!IsPossible(set, asked)) most = Math.Max(most, Fewest(set, asked));
        return most > 0 ? most : Fewest(set, Asked.All);
    }

    private int Fewest(int set, Asked asked)
    {
        const int Never = 100_000;
        var fewest = Never;
        for (var claim = 0; claim < story.Claims.Count; claim++)
        {
            if ((set & (1 << claim)) == 0) continue;
            foreach (var isLater in (bool[])[false, true])
            {
                // What some days mend, more mend too.
                var (low, high) = (0, Math.Min(fewest, 3000) - 1);
                if (high <= 0 || !Mends(high)) continue;
                while (high - low > 1)
                {
                    var middle = (low + high) / 2;
                    if (Mends(middle)) high = middle;
                    else low = middle;
                }
                fewest = high;

                bool Mends(int days) => Solve(set, asked, claim, isLater ? 0 : days, isLater ? days : 0);
            }
        }
        return fewest;
    }

    public bool IsPossible(int set, Asked asked)
    {
        var key = (set << 3) | (int)asked;
        if (_possible.TryGetValue(key, out var known)) return known;
        return _possible[key] = Solve(set, asked, -1, 0, 0);
    }

    private static int Start(int claim) => 1 + (2 * claim);

    private static int End(int claim) => 2 + (2 * claim);

    private bool Solve(int set, Asked asked, int moved, int earlier, int later)
    {
        var domains = new List<Days>[1 + (2 * story.Claims.Count)];
        Array.Fill(domains, [new Days(s_first, story.Told)]);
        domains[0] = [.. story.Born ?? [new Days(s_first, story.Told)]];
        var constraints = new List<AtLeast>();
        List<int> taken = [];
        for (var i = 0; i < story.Claims.Count; i++)
        {
            constraints.Add(new AtLeast(End(i), Start(i), day => day));
            if (!story.Claims[i].IsStay) constraints.Add(new AtLeast(Start(i), End(i), day => day));
            if ((set & (1 << i)) == 0) continue;
            taken.Add(i);
            var (back, on) = moved == i ? (earlier, later) : (0, 0);
            Say(i, domains, back, on);
            foreach (var relation in story.Claims[i].Relations) Relate(i, relation, constraints);
            if (story.Claims[i].For is { } lasting) Apart(Start(i), End(i), lasting, constraints);
            AddAge(i, constraints);
        }
        var branches = new List<(List<Days>[] Domains, List<AtLeast> More)> { (domains, []) };
        foreach (var i in taken)
        {
            if (story.Claims[i] is { IsStay: true, When: { } enclosing }) branches = [.. branches.SelectMany(_ => enclosing, (branch, reading) => Enclose(branch, i, reading, moved == i ? earlier : 0, moved == i ? later : 0))];
            if (asked.HasFlag(Asked.Rules)) branches = [.. branches.SelectMany(branch => Law.Of(story.Claims[i]).Select(way => Allow(branch, i, way)))];
        }
        taken.Sort((a, b) => (places[a]?.Count ?? 0).CompareTo(places[b]?.Count ?? 0));
        return branches.Exists(branch => Place(new State(branch.Domains, [.. constraints, .. branch.More]), taken, 0, new Candidate?[story.Claims.Count], asked));
    }

    private static (List<Days>[], List<AtLeast>) Enclose((List<Days>[] Domains, List<AtLeast> More) branch, int claim, Days[] reading, int back, int on)
    {
        var domains = (List<Days>[])branch.Domains.Clone();
        var (first, last) = (reading.Min(days => days.First) - back, reading.Max(days => days.Last) + on);
        domains[Start(claim)] = Clip(domains[Start(claim)], first, last);
        domains[End(claim)] = Clip(domains[End(claim)], first, last);
        return (domains, branch.More);
    }

    private static (List<Days>[], List<AtLeast>) Allow((List<Days>[] Domains, List<AtLeast> More) branch, int claim, Law.Way way)
    {
        var domains = (List<Days>[])branch.Domains.Clone();
        domains[Start(claim)] = Cut(domains[Start(claim)], way.Days);
        List<AtLeast> more = [.. branch.More];
        if (way.FromAge is { } from) more.Add(new AtLeast(Start(claim), 0, birth => Years(birth, from)));
        if (way.BelowAge is { } below) more.Add(new AtLeast(0, Start(claim), day => Inverse(day, birth => YearsLate(birth, below), day - (366 * (below + 1)))));
        return (domains, more);
    }

    private void Say(int i, List<Days>[] domains, int back, int on)
    {
        var claim = story.Claims[i];
        if (!claim.IsStay && claim.When is { } when) domains[Start(i)] = Cut(domains[Start(i)], Wider(when, back, on));
        if (claim.From is { } from) domains[Start(i)] = Cut(domains[Start(i)], Wider(from, back, on));
        if (claim.Until is { } until) domains[End(i)] = Cut(domains[End(i)], Wider(until, back, on));
    }

    private static IReadOnlyList<Days> Wider(Days[][] readings, int back, int on) => [.. readings.SelectMany(reading => reading).Select(days => new Days(days.First - back, days.Last + on))];

    private void Relate(int i, Relation relation, List<AtLeast> constraints)
    {
        var other = _byId[relation.Of];
        switch (relation.How)
        {
            case "after" when relation.By is { } by:
                Apart(End(other), Start(i), by, constraints);
                break;
            case "after":
                constraints.Add(new AtLeast(Start(i), End(other), day => day));
                break;
            case "before":
                constraints.Add(new AtLeast(Start(other), End(i), day => day));
                break;
            case "within":
                constraints.Add(new AtLeast(Start(i), Start(other), day => day));
                constraints.Add(new AtLeast(End(other), End(i), day => day));
                break;
            case "same":
                constraints.Add(new AtLeast(Start(i), Start(other), day => day));
                constraints.Add(new AtLeast(Start(other), Start(i), day => day));
                break;
            default:
                throw new InvalidOperationException(relation.How);
        }
    }

    private static void Apart(int from, int to, Length by, List<AtLeast> constraints)
    {
        constraints.Add(new AtLeast(to, from, by.Soonest));
        constraints.Add(new AtLeast(from, to, day => Inverse(day, by.Latest, day - (by.Latest(day) - day) - 40)));
    }

    private void AddAge(int i, List<AtLeast> constraints)
    {
        if (story.Claims[i].Age is not { } age) return;
        constraints.Add(new AtLeast(End(i), 0, birth => Years(birth, age)));
        constraints.Add(new AtLeast(0, Start(i), day => Inverse(day, birth => YearsLate(birth, age + 1) - 1, day - (366 * (age + 2)))));
    }

    /// <summary>The first day, from one that is early enough, of which a rising function is at least another day.</summary>
    private static int Inverse(int day, Func<int, int> rising, int from)
    {
        var x = from;
        while (rising(x) < day) x += Math.Max(1, (day - rising(x)) / 2);
        while (rising(x - 1) >= day) x--;
        return x;
    }

    private static int Years(int birth, int years) => DateOnly.FromDayNumber(birth).AddYears(years).DayNumber;

    // Somebody born on 29 February may keep the birthday on 1 March.
    private static int YearsLate(int birth, int years)
    {
        var date = DateOnly.FromDayNumber(birth);
        var then = date.AddYears(years);
        return then.Day < date.Day ? then.DayNumber + 1 : then.DayNumber;
    }

    private static List<Days> Clip(List<Days> domain, int first, int last) => Cut(domain, [new Days(first, last)]);

    private static List<Days> Cut(List<Days> domain, IReadOnlyList<Days> with)
    {
        List<Days> both = [];
        foreach (var days in domain)
        {
            foreach (var other in with)
            {
                var shared = new Days(Math.Max(days.First, other.First), Math.Min(days.Last, other.Last));
                if (shared.First <= shared.Last) both.Add(shared);
            }
        }
        both.Sort((a, b) => a.First.CompareTo(b.First));
        return both;
    }

    private bool Place(State state, List<int> taken, int at, Candidate?[] chosen, Asked asked)
    {
        while (at < taken.Count && places[taken[at]] is not { Count: > 0 }) at++;
        if (at == taken.Count) return Try(state, taken, chosen, asked);
        var claim = taken[at];
        foreach (var candidate in Worth(claim, state, asked))
        {
            chosen[claim] = candidate;

            // Who comes later can only forbid more: what cannot be without them is not tried with them.
            if (Try(state, taken, chosen, asked) && Place(state, taken, at + 1, chosen, asked)) return true;
            if (GaveUp) return false;
        }
        chosen[claim] = null;
        return false;
    }

    /// <summary>Candidates that can make a difference: one that nothing speaks against stands for all.</summary>
    private IEnumerable<Candidate?> Worth(int claim, State state, Asked asked)
    {
        var all = places[claim]!;
        var side = asked.HasFlag(Asked.Places) ? story.Claims[claim].HeldBy : null;
        var (first, last) = (state.Domains[Start(claim)], state.Domains[End(claim)]);
        if (first.Count == 0 || last.Count == 0) return [];
        bool IsFree(Candidate place) => side is null || !known.Denied(place, side.Value).Any(days => days.First <= last[^1].Last && first[0].First <= days.Last);
        if (!asked.HasFlag(Asked.Ways)) return all.Any(IsFree) ? new Candidate?[1] : [.. all];
        if (all.Any(place => place.Location is null && IsFree(place))) return new Candidate?[1];

        // An event that is denied on all its days needs no trying.
        return story.Claims[claim].IsStay || side is null ? all : all.Where(place => first.Exists(days => !known.Denied(place, side.Value).Any(denied => denied.First <= days.First && days.Last <= denied.Last)));
    }

    private bool Try(State state, List<int> taken, Candidate?[] chosen, Asked asked)
    {
        if (++_branches > MostBranches) return false;
        var days = Earliest(state);
        if (days is null) return false;
        foreach (var i in taken)
        {
            if (!asked.HasFlag(Asked.Places) || story.Claims[i].HeldBy is not { } side || chosen[i] is not { } place) continue;
            foreach (var denied in known.Denied(place, side))
            {
                if (denied.First > days[End(i)] || days[Start(i)] > denied.Last) continue;
                return Try(state.With(End(i), s_first, denied.First - 1), taken, chosen, asked) || Try(state.With(Start(i), denied.Last + 1, story.Told), taken, chosen, asked);
            }
        }
        if (!asked.HasFlag(Asked.Ways)) return true;
        for (var a = 0; a < taken.Count; a++)
        {
            for (var b = a + 1; b < taken.Count; b++)
            {
                if (Clash(taken[a], taken[b], days, chosen) is not { } ways) continue;
                return ways.Exists(way => Try(way(state), taken, chosen, asked));
            }
        }
        return true;
    }

    private static int[]? Earliest(State state)
    {
        var days = new int[state.Domains.Length];
        for (var i = 0; i < days.Length; i++)
        {
            if (state.Domains[i].Count == 0) return null;
            days[i] = state.Domains[i][0].First;
        }
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var constraint in state.Constraints)
            {
                var least = constraint.Day(days[constraint.From]);
                if (days[constraint.Of] >= least) continue;
                var next = state.Domains[constraint.Of].FirstOrDefault(range => range.Last >= least, new Days(0, -1));
                if (next.Last < 0) return null;
                days[constraint.Of] = Math.Max(next.First, least);
                changed = true;
            }
        }
        return days;
    }

    /// <summary>How two claims that clash on these days may be kept from clashing; null where they do not.</summary>
    private List<Func<State, State>>? Clash(int a, int b, int[] days, Candidate?[] chosen)
    {
        var (one, other) = (story.Claims[a], story.Claims[b]);
        if (chosen[a] is not { Location: { } here } place || chosen[b] is not { Location: { } there } another || place.Id == another.Id || one.Leave || other.Leave) return null;
        var km = Math.Max(0, Km(here, there) - place.RadiusKm - another.RadiusKm);
        var (first, last) = (Math.Max(days[Start(a)], days[Start(b)]), Math.Min(days[End(a)], days[End(b)]));
        if (one.IsStay && other.IsStay && km > 300 && last - first >= 2)
        {
            return
            [
                state => state.With(new AtLeast(Start(b), End(a), day => day - 1)),
                state => state.With(new AtLeast(Start(a), End(b), day => day - 1)),
                state => state.With(new AtLeast(Start(a), End(a), day => day - 1)),
                state => state.With(new AtLeast(Start(b), End(b), day => day - 1)),
            ];
        }
        for (var day = first; day <= last; day++)
        {
            if (!IsAcross(one, place, other, another, day)) continue;
            var on = day;
            return
            [
                state => state.With(End(a), s_first, on - 1), state => state.With(Start(a), on + 1, story.Told),
                state => state.With(End(b), s_first, on - 1), state => state.With(Start(b), on + 1, story.Told),
            ];
        }

        // Within Europe a day is enough for any way; longer ones are not among these stories.
        return null;
    }

    private bool IsAcross(Meant one, Candidate here, Meant other, Candidate there, int day)
    {
        if (Passes(one) || Passes(other)) return false;
        var (side, across) = (known.SideOf(here, day), known.SideOf(there, day));
        if (side is null || across is null || side == across) return false;
        foreach (var claim in story.Claims)
        {
            if (!Passes(claim) || claim.When is not { } when) continue;
            var (first, last) = (when.Min(reading => reading[0].First), when.Max(reading => reading[^1].Last));
            if (last - first < 62 && first - 1 <= day && day <= last + 1) return false;
        }
        return known.KmToFront(here, day) - here.RadiusKm > 30 && known.KmToFront(there, day) - there.RadiusKm > 30;

        static bool Passes(Meant claim) => claim.Kind is "surrendered" or "captured" or "exchanged";
    }

    /// <summary>By the cosine rule on a ball.</summary>
    internal static double Km(Location a, Location b)
    {
        const double Radian = Math.PI / 180;
        var cosine = (Math.Sin(a.Latitude * Radian) * Math.Sin(b.Latitude * Radian)) + (Math.Cos(a.Latitude * Radian) * Math.Cos(b.Latitude * Radian) * Math.Cos((a.Longitude - b.Longitude) * Radian));
        return 6371.0 * Math.Acos(Math.Clamp(cosine, -1, 1));
    }
}
