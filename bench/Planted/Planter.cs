using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>What became of one planted story.</summary>
internal sealed record Outcome
{
    public required int Number { get; init; }

    public required World World { get; init; }

    public required string Yaml { get; init; }

    /// <summary>Planted faults: which kind, in which claim. Empty in sound stories.</summary>
    public required IReadOnlyList<(string Kind, string Claim)> Faults { get; init; }

    /// <summary>It was not understood: why.</summary>
    public string? Refused { get; init; }

    /// <summary>Words that were understood otherwise than meant.</summary>
    public IReadOnlyList<string> Otherwise { get; init; } = [];

    /// <summary>Names under which the true place was not found.</summary>
    public IReadOnlyList<string> NotFound { get; init; } = [];

    public bool IsHard { get; init; }

    /// <summary>Whether the oracle gave up, or says that a sound story cannot be true: the generator's fault.</summary>
    public string? Unusable { get; init; }

    /// <summary>Smallest sets of claims that contradict, by what is true, each with its repair in days.</summary>
    public IReadOnlyList<(string Claims, int Repair)> Expected { get; init; } = [];

    /// <summary>The same by what the engine's sources say.</summary>
    public IReadOnlyList<(string Claims, int Repair)> Shown { get; init; } = [];

    /// <summary>What the engine says contradicts.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];

    /// <summary>Claims that a check of each alone accuses.</summary>
    public IReadOnlyList<string> Naive { get; init; } = [];

    /// <summary>How many candidates each claim's place has.</summary>
    public IReadOnlyDictionary<string, int> Candidates { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}

/// <summary>Makes stories, has them checked, and asks the oracle.</summary>
internal static class Planter
{
    /// <summary>Why nothing can be said of a story that has too many possibilities to try.</summary>
    public const string GaveUp = "the oracle gave up";

    private const int Certain = 14;

    /// <summary>One story of a number: the same for the same seed.</summary>
    public static Outcome? One(IReadOnlyList<World> worlds, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var world = worlds[number % worlds.Count];
        var isSound = number / worlds.Count % 2 == 0;
        var kind = isSound ? "" : Faults.Kinds[random.Next(Faults.Kinds.Length)];
        for (var tries = 0; tries < 60; tries++)
        {
            var isHard = random.Next(2) == 0;
            var life = new Life(world, random, isHard);
            if (life.Tell() is not { } story) continue;
            List<(string, string)> planted = [];
            if (!isSound)
            {
                var faults = new Faults(world, random, life);
                if (faults.Plant(kind, story) is not { } claim) continue;
                planted.Add((kind, claim));
                var second = Faults.Kinds[random.Next(Faults.Kinds.Length)];
                if (random.Next(12) == 0 && second != kind && faults.Plant(second, story) is { } other && other != claim) planted.Add((second, other));
            }
            var outcome = Check(world, number, story, planted, life);

            // Words may be so wide that nothing false is left in them: that is no fault.
            if (isSound || outcome.Refused is not null || outcome.Unusable is not null || planted.TrueForAll(fault => outcome.Expected.Any(set => Has(set.Claims, fault.Item2)))) return outcome;
        }
        return null;
    }

    public static bool Has(string claims, string claim) => claims.Split(' ').Contains(claim, StringComparer.Ordinal);

    private static Outcome Check(World world, int number, DraftStory draft, List<(string, string)> faults, Life life)
    {
        var outcome = new Outcome { Number = number, World = world, Yaml = draft.Yaml(), Faults = faults };
        Story story;
        try
        {
            story = StoryReader.Read(outcome.Yaml, FactsReader.Shipped);
        }
        catch (StoryException fault)
        {
            return outcome with { Refused = fault.Message };
        }
        List<IReadOnlyList<Candidate>?> places = [.. story.Claims.Select(claim => claim.Where is { } where ? world.Ground.Find(where) : null)];
        List<string> notFound = [];
        for (var i = 0; i < places.Count; i++)
        {
            if (places[i] is { } found && !draft.Claims[i].IsPoint && found.All(place => place.Id != draft.Claims[i].Spot!.Place.Id)) notFound.Add($"{draft.Claims[i].Where} ({draft.Claims[i].Spot!.Place.Id} {draft.Claims[i].Spot!.Place.Name})");
        }
        var meant = draft.Meant();
        var truth = new Oracle(meant, places, world.True);
        var expected = Sets(truth, meant);
        var sources = new Oracle(meant, places, world.Told);
        var shown = Sets(sources, meant);
        var unusable = truth.GaveUp || sources.GaveUp ? GaveUp : faults.Count == 0 && expected.Count > 0 ? "a sound story cannot be true" : null;
        var report = Checker.Check(story, world.Ground, FactsReader.Shipped);
        return outcome with
        {
            Otherwise = [.. Understood.Otherwise(draft, story)],
            NotFound = notFound,
            Unusable = unusable,
            IsHard = IsHard(world, draft, places, life),
            Expected = expected,
            Shown = shown,
            Found = [.. report.Findings.Where(finding => finding.Verdict == Verdict.Contradicts).Select(finding => string.Join(' ', finding.Claims)).Distinct(StringComparer.Ordinal)],
            Naive = [.. NaiveChecker.Accused(draft, places, world)],
            Candidates = draft.Claims.Select((claim, at) => (claim.Id, places[at]?.Count ?? 0)).ToDictionary(pair => pair.Id, pair => pair.Item2, StringComparer.Ordinal),
        };
    }

    private static bool IsHard(World world, DraftStory story, List<IReadOnlyList<Candidate>?> places, Life life)
    {
        for (var i = 0; i < story.Claims.Count; i++)
        {
            var claim = story.Claims[i];
            if (claim.Kind is "surrendered" or "captured" || places[i] is { Count: > 2 }) return true;
            if (claim.Spot is not { IsAbroad: false } spot) continue;
            if (life.IsHard(spot, claim.First, claim.Last)) return true;
            if (claim.HeldBy is { } side && (world.Told.SaysOpposite(spot.Place, side, claim.First) || world.Told.SaysOpposite(spot.Place, side, claim.Last))) return true;
        }
        return false;
    }

    /// <summary>All smallest conflicts; those that 14 days mend have a repair of so much or less.</summary>
    private static List<(string, int)> Sets(Oracle oracle, MeantStory story) =>
        [.. oracle.Conflicts().Select(set => (string.Join(' ', Enumerable.Range(0, story.Claims.Count).Where(i => (set & (1 << i)) != 0).Select(i => story.Claims[i].Id)), oracle.Repair(set)))];

    /// <summary>The sets that contradict, and with a claim only those that hold it.</summary>
    public static IReadOnlyList<string> Contradicting(IReadOnlyList<(string Claims, int Repair)> sets, string? claim = null) =>
        [.. sets.Where(set => set.Repair > Certain && (claim is null || Has(set.Claims, claim))).Select(set => set.Claims).Order(StringComparer.Ordinal)];
}

/// <summary>Whether words were understood as they were meant.</summary>
internal static class Understood
{
    public static IEnumerable<string> Otherwise(DraftStory draft, Story story)
    {
        for (var i = 0; i < draft.Claims.Count; i++)
        {
            foreach (var (words, when) in new[] { (draft.Claims[i].When, story.Claims[i].When), (draft.Claims[i].From, story.Claims[i].From), (draft.Claims[i].Until, story.Claims[i].Until) })
            {
                if (words is null || when is null || Said(when) is not { } said) continue;
                var (meant, understood) = (Joined(words.Readings.SelectMany(reading => reading), story.Told), Joined(DaysOf(said.Phrase), story.Told));
                if (meant != understood) yield return $"“{words.Text}”: meant {meant}, understood {understood}";
            }
        }
    }

    private static When.Said? Said(When when) => when switch
    {
        When.Said said => said,
        When.All all => all.Of.OfType<When.Said>().FirstOrDefault(),
        _ => null,
    };

    private static IEnumerable<Days> DaysOf(Phrase phrase) => phrase switch
    {
        Phrase.Date date => date.Readings.SelectMany(reading => reading.Days.Ranges).Select(range => new Days(range.First, range.Last)),
        Phrase.Span span => Firsts(span.From).SelectMany(_ => Lasts(span.Until), (first, last) => new Days(first, last)),
        _ => [],
    };

    private static IEnumerable<int> Firsts(Phrase.Date? date) => date?.Readings.Select(reading => reading.Days.Hull.First) ?? [0];

    private static IEnumerable<int> Lasts(Phrase.Date? date) => date?.Readings.Select(reading => reading.Days.Hull.Last) ?? [int.MaxValue / 2];

    private static string Joined(IEnumerable<Days> days, int told)
    {
        var earliest = DayRange.Earliest;
        List<Days> joined = [];
        foreach (var range in days.Select(range => new Days(Math.Max(earliest, range.First), Math.Min(told, range.Last))).Where(range => range.First <= range.Last).OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1) joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            else joined.Add(range);
        }
        return string.Join(' ', joined.Select(range => new DayRange(range.First, range.Last)));
    }
}

/// <summary>
/// What one would write first: each claim alone; its days as said, its place the first of that name; accused where on all of
/// these days every source says the other side, or the law did not allow it. No network, no margins, no other villages.
/// </summary>
internal static class NaiveChecker
{
    public static IEnumerable<string> Accused(DraftStory story, List<IReadOnlyList<Candidate>?> places, World world)
    {
        for (var i = 0; i < story.Claims.Count; i++)
        {
            var claim = story.Claims[i];
            var days = Window(claim, story.Told);
            if (days is null) continue;
            if (days.Value.First > days.Value.Last) yield return claim.Id;
            else if (claim.HeldBy is { } side && places[i] is [var place, ..] && IsDenied(claim, place, side, days.Value, world)) yield return claim.Id;
            else if (!Law.Of(claim.Meant()).Any(way => way.Days.Any(range => range.First <= days.Value.Last && days.Value.First <= range.Last))) yield return claim.Id;
        }
    }

    /// <summary>Of an event all its days; of a stay, which was held throughout, any day between the ends of what was said.</summary>
    private static bool IsDenied(Draft claim, Candidate place, Side side, Days days, World world)
    {
        var all = Enumerable.Range(days.First, days.Last - days.First + 1);
        return claim.IsStay ? all.Any(day => world.Told.SaysOpposite(place, side, day)) : all.All(day => world.Told.SaysOpposite(place, side, day));
    }

    private static Days? Window(Draft claim, int told)
    {
        var (from, until) = claim.IsStay ? (claim.From, claim.Until) : (claim.When, claim.When);
        if (from is null || until is null) return null;

        // Of a stay what is sure: from its latest start to its earliest end.
        var first = claim.IsStay ? from.Readings.Max(reading => reading[^1].Last) : from.Readings.Min(reading => reading[0].First);
        var last = claim.IsStay ? until.Readings.Min(reading => reading[0].First) : until.Readings.Max(reading => reading[^1].Last);
        if (claim.IsStay && first > last && from.Readings.Min(reading => reading[0].First) <= until.Readings.Max(reading => reading[^1].Last)) return null;
        return new Days(Math.Max(first, DayRange.Earliest), Math.Min(last, told));
    }
}
