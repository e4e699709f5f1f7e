namespace Understory.Verification;

/// <summary>One way to understand a date: the day is one of these.</summary>
/// <param name="Days">The days; at least one.</param>
/// <param name="Name">A short stable name of this way, where there is more than one (<c>days-15-21</c>, <c>iso-weeks</c>, <c>orthodox</c>); otherwise empty.</param>
public sealed record Reading(DaySet Days, string Name = "");

/// <summary>What somebody said about time, or EDTF, understood but not yet placed. As it was said stands in <see cref="Words"/>.</summary>
/// <param name="Words">As it was said.</param>
public abstract record Phrase(string Words)
{
    /// <summary>A day within one of the readings: "late September 2022", "2022-09", "Easter 2023".</summary>
    public sealed record Date(string Words, IReadOnlyList<Reading> Readings) : Phrase(Words);

    /// <summary>
    /// From one date to another, either of which may be open or unknown: "from June to August 2022", "since May",
    /// "until the end of March", EDTF <c>2022-06/2022-08</c>, <c>../2022</c>.
    /// </summary>
    /// <param name="Words">As it was said.</param>
    /// <param name="From">The date in which it begins; null: open.</param>
    /// <param name="Until">The date in which it ends; null: open.</param>
    /// <param name="NamesEdge">Whether its one date is that of the beginning or end itself ("since May", "till June"), and not only a bound of it ("after May", "by June").</param>
    public sealed record Span(string Words, Date? From, Date? Until, bool NamesEdge = false) : Phrase(Words);

    /// <summary>How long: "for three weeks".</summary>
    public sealed record Lasting(string Words, Amount Amount) : Phrase(Words);

    /// <summary>So long after or before something else: "a few days later", "the day before". Needs a named claim.</summary>
    public sealed record Offset(string Words, Amount Amount, bool IsEarlier) : Phrase(Words);

    /// <summary>At an age: "when I was nineteen". Between the birthday and the next one.</summary>
    public sealed record AtAge(string Words, int Years) : Phrase(Words);

    /// <summary>In a year of something that began: "in the second year of service". Needs a named claim, or the one that began service.</summary>
    public sealed record YearOf(string Words, int Ordinal) : Phrase(Words);
}
