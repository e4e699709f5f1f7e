using System.Globalization;
using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>
/// Days from one to another, both in it. A day is its <see cref="DateOnly.DayNumber"/>: days since 1 January of the year 1.
/// </summary>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day, not before the first.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DayRange(int First, int Last)
{
    /// <summary>The first day that a story may speak of: 1 January 1900.</summary>
    public static readonly int Earliest = new DateOnly(1900, 1, 1).DayNumber;

    /// <summary>The last day that anything here can speak of: 31 December 2199.</summary>
    public static readonly int Latest = new DateOnly(2199, 12, 31).DayNumber;

    /// <summary>All days that anything here can speak of.</summary>
    public static DayRange Always => new(Earliest, Latest);

    /// <summary>How many days it has.</summary>
    public int Count => Last - First + 1;

    /// <summary>From two dates.</summary>
    public static DayRange Of(DateOnly first, DateOnly last) => new(first.DayNumber, last.DayNumber);

    /// <summary>One day.</summary>
    public static DayRange On(DateOnly day) => new(day.DayNumber, day.DayNumber);

    /// <summary>Whether a day is in it.</summary>
    public bool Contains(int day) => First <= day && day <= Last;

    /// <summary>In ISO 8601: <c>2022-09-21/2022-09-30</c>, or one day alone.</summary>
    public override string ToString() => First == Last ? Iso(First) : $"{Iso(First)}/{Iso(Last)}";

    /// <summary>A day in ISO 8601.</summary>
    public static string Iso(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
