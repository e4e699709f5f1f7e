using System.Collections.Immutable;
using System.Globalization;

namespace Understory.Verification;

/// <summary>Fills the sentences of findings, and says what assertions were.</summary>
internal sealed class Words(Problem problem)
{
    private const int MostRanges = 24;

    internal static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static Sentence Say(string key, params ReadOnlySpan<(string Name, string Value)> with)
    {
        var values = new Dictionary<string, string>(with.Length, StringComparer.Ordinal);
        foreach (var (name, value) in with) values[name] = value;
        return new Sentence(key, values);
    }

    /// <summary>What a sentence takes that has its own words in every language.</summary>
    internal static (string Name, string Value)[] InEach(string name, FactText text) => [.. Texts.Languages.Select(language => ($"{name}.{language}", text.In(language)))];

    /// <summary>Why a claim may differ from this rule and be true.</summary>
    internal static IEnumerable<Sentence> Benign(Fact fact) => fact.Benign is { } benign ? [Say(Sentences.BenignFact, InEach("what", benign))] : [];

    internal string Ids(int[] claims) => string.Join(", ", claims.Select(Id));

    internal string Id(int claim) => problem.Story.Claims[claim].Id;

    internal string NameOf(int claim, int candidate = 0) => problem.Places[claim] switch
    {
        { Query: PlaceQuery.Named named } => named.Name,
        { Candidates.Count: > 0 } place => place.Candidates[Math.Min(candidate, place.Candidates.Count - 1)].Name,
        _ => "",
    };

    internal Sentence Time(int[] claims, List<int> kept)
    {
        if (kept.Any(i => problem.Assertions[i].Reason is "age" or "birth")) return Say(Sentences.Age, ("claims", Ids(claims)));
        return claims.Length == 1 ? Say(Sentences.TimeAlone, ("claim", Id(claims[0]))) : Say(Sentences.Time, ("claims", Ids(claims)));
    }

    internal Sentence Rule(int[] claims, Fact fact)
    {
        var claim = claims.First(claim => problem.Story.Claims[claim].Kind == fact.Rule!.Kind);
        return Say(fact.Rule!.IsAboutAge ? Sentences.RuleAge : Sentences.Rule, [("claims", Ids(claims)), ("fact", fact.Id), ("by", problem.Story.Claims[claim].By.ToString()), .. InEach("what", fact.What)]);
    }

    internal Sentence Place(int[] claims, int claim, DayRange days)
    {
        var count = problem.Places[claim]!.Candidates.Count;
        var side = problem.Story.Claims[claim].HeldBy.ToString()!;
        return count == 1
            ? Say(Sentences.Place, ("claims", Ids(claims)), ("place", NameOf(claim)), ("side", side), ("days", days.ToString()))
            : Say(Sentences.PlaceAny, ("claims", Ids(claims)), ("place", NameOf(claim)), ("side", side), ("days", days.ToString()), ("count", count.ToString(CultureInfo.InvariantCulture)));
    }

    internal Sentence Travel(int[] claims, (int A, int B) pair, int i, int j, ClashKind kind)
    {
        var key = kind switch
        {
            ClashKind.Crossing => Sentences.Crossing,
            ClashKind.Stays => Sentences.Stays,
            _ => Sentences.Way,
        };
        return Say(key, ("claims", Ids(claims)), ("place", NameOf(pair.A, i)), ("to", NameOf(pair.B, j)), ("km", Km(pair, i, j)));
    }

    private string Km((int A, int B) pair, int i, int j) => Explainer.Number(Understory.Verification.Ways.Km(problem.Places[pair.A]!.Candidates[i], problem.Places[pair.B]!.Candidates[j]));

    internal Reason Way((int A, int B) pair) => new("travel", Claim: null, $"{NameOf(pair.A)} – {NameOf(pair.B)}, {Km(pair, 0, 0)} km", [])
    {
        Said = [[Say(Sentences.WayOf, ("place", NameOf(pair.A)), ("to", NameOf(pair.B)), ("km", Km(pair, 0, 0)))]],
    };

    /// <summary>The innocent explanations, the likeliest first.</summary>
    internal List<Sentence> Benign(FindingKind kind, int[] claims, List<int> kept, Repair? repair, bool isStay)
    {
        List<Sentence> all = [];
        if (repair is { Days: <= Explainer.SmallRepair }) all.Add(Say(Sentences.BenignFewDays, ("moves", repair.Claim), ("repair", repair.Days.ToString(CultureInfo.InvariantCulture))));
        if (repair is not null && IsNearYears(repair.Days)) all.Add(new Sentence(Sentences.BenignYear, Nothing));
        foreach (var claim in claims)
        {
            if (kind is FindingKind.Place or FindingKind.Travel && problem.Places[claim] is not null) all.Add(Say(Sentences.BenignVillage, ("place", NameOf(claim))));
            if (kind == FindingKind.Rule && problem.Story.Claims[claim] is { Kind: ClaimKind.Conscripted or ClaimKind.Mobilised, ByIsStated: false }) all.Add(Say(Sentences.BenignJurisdiction, ("claim", Id(claim))));
            if (kind == FindingKind.Place && kept.Any(i => problem.Assertions[i] is { Kind: FindingKind.Place } held && held.Claim == claim)) all.Add(Say(Sentences.BenignContested, ("place", NameOf(claim))));
        }
        foreach (var i in kept) if (problem.Assertions[i].What is Fact { Rule: not null } fact) all.AddRange(Benign(fact));
        if (kind == FindingKind.Place) all.Add(new Sentence(Sentences.BenignLag, Nothing));
        if (kind == FindingKind.Rule) all.Add(new Sentence(Sentences.BenignPractice, Nothing));
        if (kind == FindingKind.Travel && isStay) all.Add(new Sentence(Sentences.BenignLeave, Nothing));
        if (kept.Any(i => problem.Assertions[i].Reason is "age" or "birth")) all.Add(new Sentence(Sentences.BenignBirth, Nothing));
        all.Add(new Sentence(Sentences.BenignMemory, Nothing));
        all.Add(new Sentence(Sentences.BenignWords, Nothing));
        return all;
    }

    // Within a month of a whole number of years.
    private static bool IsNearYears(int days) => days > 330 && Math.Abs(days - (Math.Round(days / 365.25) * 365.25)) <= 31;

    /// <summary>The open question. It repeats only what the person said.</summary>
    internal Sentence Ask(FindingKind kind, int[] claims)
    {
        var says = string.Join(", ", claims.Select(claim => problem.Story.Claims[claim].Says).Where(said => said.Length > 0).Select(said => $"“{said}”"));
        var key = kind switch
        {
            FindingKind.Place => Sentences.AskPlace,
            FindingKind.Travel => Sentences.AskWay,
            FindingKind.Rule => Sentences.AskCallUp,
            _ => claims.Length > 1 ? Sentences.AskOrder : Sentences.AskTime,
        };
        return Say(key, ("says", says));
    }

    /// <summary>What an assertion was, and the fact that it refers to.</summary>
    internal IEnumerable<Reason> Reasons(int assertion)
    {
        var (claim, _, kind, what) = problem.Assertions[assertion];
        var id = claim < 0 ? null : Id(claim);
        yield return what switch
        {
            When said => new Reason(kind, id, Text(said), said is When.Said date ? Days(date.Phrase) : []) { Said = said is When.Said ? [] : Alternatives(said) },
            Amount amount => new Reason(kind, id, amount.Words, []),
            Fact fact => new Reason(kind, id, fact.Id, fact.Rule!.IsAboutAge ? [] : First(DaySet.Of(fact.Rule.Allowed.SelectMany(allowed => allowed.Days.Ranges)))) { Said = [[Told(fact)]] },
            Side side => new Reason(kind, id, side.ToString(), Held(claim)) { Said = [[Say(Sentences.HeldBy, ("side", side.ToString()))]] },
            Story story => new Reason(kind, id, DayRange.Iso(story.Told), [new DayRange(DayRange.Earliest, story.Told)]),
            DaySet born => new Reason(kind, id, born.ToString(), First(born)),
            StatedAge age => new Reason(kind, id, $"{age.Years} ({age.On})", []),
            _ => new Reason(kind, id, Convert.ToString(what, CultureInfo.InvariantCulture) ?? "", []),
        };
        if (what is When referring)
        {
            foreach (var fact in Facts(referring)) yield return new Reason("fact", null, fact.Id, [fact.Days]) { Said = [[Told(fact)]] };
        }
    }

    private ImmutableArray<DayRange> Held(int claim)
    {
        var place = problem.Places[claim]!;
        var told = DaySet.Of(new DayRange(DayRange.Earliest, problem.Story.Told));
        return First(place.Judgements.Aggregate(DaySet.None, (all, judged) => all.Union(judged.Denied.Complement())).Intersect(told));
    }

    private static ImmutableArray<DayRange> First(DaySet days) => days.Ranges.Length <= MostRanges ? days.Ranges : [.. days.Ranges.Take(MostRanges)];

    private static ImmutableArray<DayRange> Days(Phrase phrase) => phrase switch
    {
        Phrase.Date date => First(date.Readings.Aggregate(DaySet.None, (all, reading) => all.Union(reading.Days))),
        Phrase.Span span => First(DaySet.Of(new DayRange(span.From?.Readings.Min(reading => reading.Days.Hull.First) ?? DayRange.Earliest, span.Until?.Readings.Max(reading => reading.Days.Hull.Last) ?? DayRange.Latest))),
        _ => [],
    };

    /// <summary>What a fact says, and by which sources.</summary>
    private static Sentence Told(Fact fact) => Say(Sentences.Fact, [("titles", string.Join("; ", fact.Sources.Select(source => source.Title))), .. InEach("what", fact.What)]);

    /// <summary>Alternatives of a relation; what stands in one of them holds together.</summary>
    private IReadOnlyList<IReadOnlyList<Sentence>> Alternatives(When when) => when switch
    {
        When.Any any => any.Of.Select(Alternatives).ToList() is var ways && ways.TrueForAll(way => way.Count > 0) ? [.. ways.SelectMany(way => way)] : [],
        When.All all => Together(all),
        When.Said said => [[Say(Sentences.Said, ("text", said.Phrase.Words))]],
        When.After after => [[Related(Sentences.After, after.Of, after.By)]],
        When.Before before => [[Related(Sentences.Before, before.Of, before.By)]],
        When.Within within => [[Related(Sentences.Within, within.Of, by: null)]],
        When.SameDayAs same => [[Related(Sentences.SameDay, same.Of, by: null)]],
        _ => [],
    };

    /// <summary>Each alternative of one part with each of the others; none where that is more than anybody reads.</summary>
    private IReadOnlyList<IReadOnlyList<Sentence>> Together(When.All all)
    {
        const int Most = 16;
        IReadOnlyList<IReadOnlyList<Sentence>> ways = [[]];
        foreach (var part in all.Of)
        {
            var more = Alternatives(part);
            if (ways.Count * more.Count is 0 or > Most) return [];
            ways = [.. ways.SelectMany(_ => more, (one, other) => (IReadOnlyList<Sentence>)[.. one, .. other])];
        }
        return ways;
    }

    private Sentence Related(string key, Reference of, Amount? by)
    {
        (string Name, string Value)[] other = of.IsFact ? InEach("of", problem.Facts.Find(of.Id)!.What) : [("of", of.Id)];
        return by is null ? Say(key, other) : Say(key + Sentences.By, [("amount", by.Words), .. other]);
    }

    private static string Text(When when) => when switch
    {
        When.Said said => said.Phrase.Words,
        When.After after => Text("after", after.Of, after.By),
        When.Before before => Text("before", before.Of, before.By),
        When.Within within => Text("within", within.Of, by: null),
        When.SameDayAs same => Text("same_day_as", same.Of, by: null),
        When.All all => string.Join("; ", all.Of.Select(Text)),
        When.Any any => $"any: {string.Join(" | ", any.Of.Select(Text))}",
        _ => "",
    };

    private static string Text(string relation, Reference of, Amount? by) => $"{relation}: {(of.IsFact ? "fact:" : "")}{of.Id}{(by is null ? "" : $", by: {by.Words}")}";

    private IEnumerable<Fact> Facts(When when) => when switch
    {
        When.After { Of.IsFact: true } after => [problem.Facts.Find(after.Of.Id)!],
        When.Before { Of.IsFact: true } before => [problem.Facts.Find(before.Of.Id)!],
        When.Within { Of.IsFact: true } within => [problem.Facts.Find(within.Of.Id)!],
        When.SameDayAs { Of.IsFact: true } same => [problem.Facts.Find(same.Of.Id)!],
        When.All all => all.Of.SelectMany(Facts),
        When.Any any => any.Of.SelectMany(Facts),
        _ => [],
    };
}
