using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>Where something stands in the text it was read from; line and column begin at 1.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Position(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {Line}, column {Column}");
}

/// <summary>What somebody told, as claims (<c>docs/formats/story.md</c>).</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Told">The day it was told: nothing lies after it.</param>
/// <param name="Person">What is known of who told it.</param>
/// <param name="Claims">In the order in which they stand; their ids differ.</param>
/// <param name="Off">Constraints that are turned off, by name.</param>
public sealed record Story(string Name, int Told, Person Person, IReadOnlyList<Claim> Claims, IReadOnlyList<string> Off);

/// <summary>Who told it: born on one of these days, as far as it is said.</summary>
/// <param name="Born">The days on which they may be born; null where nothing is said.</param>
/// <param name="Age">So many years old on one of these days; null where nothing is said.</param>
public sealed record Person(DaySet? Born, StatedAge? Age);

/// <summary>How old somebody was, and when.</summary>
public sealed record StatedAge(int Years, DaySet On);

/// <summary>What kind of thing a claim tells. What has rules of its own is named; everything else is an event or a stay.</summary>
public enum ClaimKind
{
    /// <summary>One day.</summary>
    Event,

    /// <summary>From one day to another, at one place if a place is named.</summary>
    Stay,

    /// <summary>Called up for term service.</summary>
    Conscripted,

    /// <summary>Called up by mobilisation.</summary>
    Mobilised,

    /// <summary>Given a summons.</summary>
    Summons,

    /// <summary>Signed a contract.</summary>
    ContractSigned,

    /// <summary>Gave themselves up to the other side.</summary>
    Surrendered,

    /// <summary>Taken prisoner.</summary>
    Captured,

    /// <summary>Exchanged as a prisoner.</summary>
    Exchanged,

    /// <summary>Left the unit.</summary>
    Deserted,

    /// <summary>Crossed the border of a state.</summary>
    BorderCrossed,

    /// <summary>Was wounded.</summary>
    Wounded,

    /// <summary>Left service.</summary>
    Discharged,
}

/// <summary>By whose law somebody was called up.</summary>
public enum Jurisdiction
{
    /// <summary>The Russian Federation.</summary>
    RU,

    /// <summary>The occupied parts of Luhansk and Donetsk, before and after annexation was declared.</summary>
    LDNR,

    /// <summary>Ukraine.</summary>
    UA,
}

/// <summary>A side that holds a place.</summary>
public enum Side
{
    /// <summary>Russia.</summary>
    RU,

    /// <summary>Ukraine.</summary>
    UA,
}

/// <summary>One claim. What was not said is null or empty.</summary>
public sealed record Claim
{
    /// <summary>Its name in the story.</summary>
    public required string Id { get; init; }

    /// <summary>In the person's own words.</summary>
    public string Says { get; init; } = "";

    /// <summary>What it tells of.</summary>
    public ClaimKind Kind { get; init; }

    /// <summary>By whose law; for call-ups, Russia's unless said.</summary>
    public Jurisdiction By { get; init; }

    /// <summary>Whether <see cref="By"/> was said or is what is taken where nothing is.</summary>
    public bool ByIsStated { get; init; }

    /// <summary>Whether it has a start and an end that may differ.</summary>
    public bool IsStay => Kind == ClaimKind.Stay;

    /// <summary>When: the day of an event, or what encloses a stay.</summary>
    public When? When { get; init; }

    /// <summary>When a stay began.</summary>
    public When? From { get; init; }

    /// <summary>When a stay ended; null: any day until the story was told, unless <see cref="For"/> is said.</summary>
    public When? Until { get; init; }

    /// <summary>How long a stay lasted.</summary>
    public Amount? For { get; init; }

    /// <summary>Where.</summary>
    public PlaceQuery? Where { get; init; }

    /// <summary>Who held the place: on that day, or throughout a stay.</summary>
    public Side? HeldBy { get; init; }

    /// <summary>With which unit.</summary>
    public string? Unit { get; init; }

    /// <summary>A stay from which the person was away at times: it shares days with other stays.</summary>
    public bool Leave { get; init; }

    /// <summary>How old the person was, in full years.</summary>
    public int? Age { get; init; }

    /// <summary>Where it stands.</summary>
    public Position At { get; init; }
}

/// <summary>When something was, as a story says it.</summary>
/// <param name="At">Where it stands.</param>
public abstract record When(Position At)
{
    /// <summary>A date or a span, understood.</summary>
    public sealed record Said(Phrase Phrase, Position At) : When(At);

    /// <summary>After another claim or a fact; with <paramref name="By"/>, so long after.</summary>
    public sealed record After(Reference Of, Amount? By, Position At) : When(At);

    /// <summary>Before another claim or a fact; with <paramref name="By"/>, so long before.</summary>
    public sealed record Before(Reference Of, Amount? By, Position At) : When(At);

    /// <summary>Within a stay, or a fact with two ends.</summary>
    public sealed record Within(Reference Of, Position At) : When(At);

    /// <summary>On the same day as another event.</summary>
    public sealed record SameDayAs(Reference Of, Position At) : When(At);

    /// <summary>All of these.</summary>
    public sealed record All(IReadOnlyList<When> Of, Position At) : When(At);

    /// <summary>At least one of these.</summary>
    public sealed record Any(IReadOnlyList<When> Of, Position At) : When(At);
}

/// <summary>Another claim (<c>moved</c>), or a public fact (<c>fact:mobilisation-2022</c>).</summary>
/// <param name="Id">The claim's or the fact's id, without <c>fact:</c>.</param>
/// <param name="IsFact">Whether it is a fact.</param>
public sealed record Reference(string Id, bool IsFact);

/// <summary>A place as a story names it.</summary>
/// <param name="At">Where it stands.</param>
public abstract record PlaceQuery(Position At)
{
    /// <summary>By name, in any of the languages, perhaps within an oblast, raion or hromada.</summary>
    public sealed record Named(string Name, string? Within, Position At) : PlaceQuery(At);

    /// <summary>By coordinates: somewhere within so many kilometres.</summary>
    public sealed record Point(double Latitude, double Longitude, double RadiusKm, Position At) : PlaceQuery(At);

    /// <summary>By the code of the Ukrainian codifier: <c>UA14040010080042209</c>.</summary>
    public sealed record Katottg(string Code, Position At) : PlaceQuery(At);

    /// <summary>By the number of GeoNames.</summary>
    public sealed record Geoname(long Number, Position At) : PlaceQuery(At);
}
