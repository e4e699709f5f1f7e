namespace Understory.Verification;

/// <summary>What is known of places: the engine asks nothing else of the data. Tests give it worlds of their own.</summary>
public interface IGround
{
    /// <summary>Names what was loaded: each source with its version, for the report.</summary>
    string Edition { get; }

    /// <summary>The places that may be meant, the likeliest first; none where the name is not known.</summary>
    IReadOnlyList<Candidate> Find(PlaceQuery query);

    /// <summary>What the sources say, taken together, of somebody's word that a side held a place.</summary>
    Judgement Judge(Candidate place, Side held);

    /// <summary>What each source says of a day, and on what it bases it.</summary>
    IReadOnlyList<SourceWord> Ask(Candidate place, int day);

    /// <summary>Kilometres to the nearest part of the front on a day; null where it is not known.</summary>
    double? KmToFront(Candidate place, int day);

    /// <summary>
    /// On which side of the front a place certainly was on a day: null where sources differ or none says. Travel asks, to
    /// know whether a way crosses the front.
    /// </summary>
    Side? SideOf(Candidate place, int day);

    /// <summary>What was reported near a place in a time, which may support and never contradict: incidents, and positions of the unit that is named (of all where the name is empty, of none where it is null).</summary>
    IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit);
}

/// <summary>What the sources say of "this side held it", day by day. The three do not overlap; on all other days nothing can be told.</summary>
/// <param name="Denied">At least one source says the opposite, none says the same, none says contested, and no change is within 14 days.</param>
/// <param name="Supported">At least one says the same and none says the opposite.</param>
/// <param name="Disagreed">Sources say opposite things.</param>
public sealed record Judgement(DaySet Denied, DaySet Supported, DaySet Disagreed)
{
    /// <summary>Nobody says anything.</summary>
    public static Judgement Silent { get; } = new(DaySet.None, DaySet.None, DaySet.None);
}

/// <summary>What a source says of who held a place.</summary>
public enum ControlStatus
{
    /// <summary>It says nothing.</summary>
    Nothing,

    /// <summary>Held by Russia.</summary>
    RU,

    /// <summary>Held by Ukraine.</summary>
    UA,

    /// <summary>Fought over.</summary>
    Contested,

    /// <summary>Not held by Russia, which does not yet say that Ukraine held it.</summary>
    NotRU,
}

/// <summary>The word of one source on a day.</summary>
/// <param name="Source">Its name: <c>order376</c>, <c>deepstate</c>, <c>viina</c>…</param>
/// <param name="Version">Its edition.</param>
/// <param name="Day">The day that was asked for.</param>
/// <param name="Status">What it says.</param>
/// <param name="Basis">Why, short and stable: <c>section-2</c>, <c>not-listed</c>, <c>inside</c>, <c>between 2024-07-08 and 2024-08-03</c>…</param>
/// <param name="Since">Since when it says so without a break; null where it does not say.</param>
/// <param name="Until">Until when; null where it does not say.</param>
public sealed record SourceWord(string Source, string Version, int Day, ControlStatus Status, string Basis, int? Since = null, int? Until = null);

/// <summary>Something that was reported near a place.</summary>
/// <param name="Source">By whom.</param>
/// <param name="Kind"><c>incident</c> or <c>unit</c>.</param>
/// <param name="Days">When, with the precision of the source.</param>
/// <param name="Km">How far from the place.</param>
/// <param name="Text">What, in the source's words.</param>
public sealed record Nearby(string Source, string Kind, DayRange Days, double Km, string Text);
