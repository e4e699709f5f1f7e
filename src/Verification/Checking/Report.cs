namespace Understory.Verification;

/// <summary>What a check found (<c>docs/formats/story.md</c>, "What comes out").</summary>
/// <param name="Story">The story's name.</param>
/// <param name="Consistent">No finding contradicts.</param>
/// <param name="Edition">The data it was checked with.</param>
/// <param name="Claims">One for each claim, in the story's order.</param>
/// <param name="Findings">What contradicts first.</param>
/// <param name="LimitReached">There may be more conflicts than are shown.</param>
public sealed record CheckReport(string Story, bool Consistent, string Edition, IReadOnlyList<ClaimResult> Claims, IReadOnlyList<Finding> Findings, bool LimitReached);

/// <summary>When a claim can have been.</summary>
/// <param name="Id">The claim's id.</param>
/// <param name="Windows">The days; of a stay, from the earliest start to the latest end of each possibility.</param>
/// <param name="Derived">Whether other claims narrowed it. In a conflict it is what the claim alone says.</param>
/// <param name="Readings">How many readings its phrases have together.</param>
/// <param name="Place">What its place may be.</param>
public sealed record ClaimResult(string Id, IReadOnlyList<DayRange> Windows, bool Derived, int Readings, PlaceResult? Place);

/// <summary>How many candidates a place has, and for how many what was said of it can be.</summary>
/// <param name="Holds">With how many candidates the claim can be true.</param>
/// <param name="Of">How many there are.</param>
/// <param name="List">The candidates, the first few.</param>
public sealed record PlaceResult(int Holds, int Of, IReadOnlyList<Candidate> List);

/// <summary>What a finding is about.</summary>
public enum FindingKind
{
    /// <summary>Dates and order.</summary>
    Time,

    /// <summary>Who held a place.</summary>
    Place,

    /// <summary>Ways between places.</summary>
    Travel,

    /// <summary>Laws and public events.</summary>
    Rule,

    /// <summary>A unit's position.</summary>
    Unit,

    /// <summary>Something reported near.</summary>
    Incident,
}

/// <summary>The three verdicts. No other is ever given.</summary>
public enum Verdict
{
    /// <summary>Some scenario is supported and none is denied.</summary>
    Agrees,

    /// <summary>Every scenario is denied.</summary>
    Contradicts,

    /// <summary>Neither.</summary>
    CannotTell,
}

/// <summary>A set of claims, and what can be said of it.</summary>
public sealed record Finding
{
    /// <summary>What it is about.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>What can be said.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Ids of claims, in the story's order.</summary>
    public required IReadOnlyList<string> Claims { get; init; }

    /// <summary>The assertions, births and facts that it rests on.</summary>
    public required IReadOnlyList<Reason> Because { get; init; }

    /// <summary>What each source says, and of which day.</summary>
    public IReadOnlyList<SourceWord> BySource { get; init; } = [];

    /// <summary>The smallest repair of a contradiction; null where none is.</summary>
    public Repair? Repair { get; init; }

    /// <summary>Names the sentence that explains it, with what stands in it: reports put it into words.</summary>
    public required Sentence Explanation { get; init; }

    /// <summary>Innocent explanations.</summary>
    public IReadOnlyList<Sentence> Benign { get; init; } = [];

    /// <summary>An open question that reveals nothing.</summary>
    public Sentence? Ask { get; init; }
}

/// <summary>Something that a finding rests on.</summary>
/// <param name="Kind"><c>when</c>, <c>from</c>, <c>until</c>, <c>order</c>, <c>held-by</c>, <c>age</c>, <c>birth</c>, <c>told</c>, <c>fact</c>, <c>rule</c>, <c>travel</c>.</param>
/// <param name="Claim">Whose it is; null for births and facts.</param>
/// <param name="Text">As it was said, or the fact's id; what relates claims stands as in a story: <c>after: town, by: two months</c>.</param>
/// <param name="Days">The days that it allows by itself, where it does.</param>
public sealed record Reason(string Kind, string? Claim, string Text, IReadOnlyList<DayRange> Days)
{
    /// <summary>The same for people, where <see cref="Text"/> is not in anybody's words: alternatives, each of one sentence or of several that hold together.</summary>
    public IReadOnlyList<IReadOnlyList<Sentence>> Said { get; init; } = [];
}

/// <summary>By how much one claim would have to move for a conflict to be gone.</summary>
/// <param name="Claim">Which.</param>
/// <param name="Days">By so many days, at least 1.</param>
/// <param name="Later">Whether later (otherwise earlier).</param>
/// <param name="To">Where its own window, moved, would touch.</param>
public sealed record Repair(string Claim, int Days, bool Later, DayRange To);

/// <summary>A sentence that the texts of three languages have, and what is put into it.</summary>
/// <param name="Key">Its stable name, as <c>conflict.time</c>.</param>
/// <param name="With">Names and what stands for them: ids, days in ISO 8601, numbers, names of places. <c>what.en</c>, <c>what.ru</c> and <c>what.uk</c> are one thing in three languages.</param>
public sealed record Sentence(string Key, IReadOnlyDictionary<string, string> With);
