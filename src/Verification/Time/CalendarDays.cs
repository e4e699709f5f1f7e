namespace Understory.Verification;

/// <summary>The days of years, months and seasons.</summary>
internal static class CalendarDays
{
    /// <summary>The first year that a story may speak of.</summary>
    public const int FirstYear = 1900;

    /// <summary>The last year that anything here can speak of.</summary>
    public const int LastYear = 2199;

    public static DayRange Year(int year) => Months(year, 1, 12);

    public static DayRange Month(int year, int month) => Months(year, month, 1);

    /// <summary>So many months from one on; the first may be 0 (December of the year before) or less.</summary>
    public static DayRange Months(int year, int month, int count)
    {
        var first = new DateOnly(year, 1, 1).AddMonths(month - 1);
        return DayRange.Of(first, first.AddMonths(count).AddDays(-1));
    }

    public static int Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber;

    public static int MonthLength(int year, int month) => Months(year, month, 1).Count;

    /// <summary>
    /// A season by its months; the first of them is December of the year before for "winter 2022" as it ends, and there is a
    /// second way, as it begins.
    /// </summary>
    /// <param name="year">The year.</param>
    /// <param name="firstMonth">3, 6, 9, or 12 for what lasts into the next year.</param>
    public static IReadOnlyList<Reading> Season(int year, int firstMonth) => firstMonth < 12
        ? [new Reading(Set(Months(year, firstMonth, 3)))]
        : [new Reading(Set(Months(year, 0, 3)), "ends-in-year"), new Reading(Set(Months(year, 12, 3)), "begins-in-year")];

    /// <summary>Days as a set, of those that can be spoken of.</summary>
    public static DaySet Set(DayRange days) =>
        DaySet.Of(new DayRange(Math.Max(days.First, DayRange.Earliest), Math.Min(days.Last, DayRange.Latest)));

    /// <summary>
    /// "About": on both sides half as long as it is itself, at least 4 days and at most 91. So a day has ±4, a month ±15 (or
    /// 14, or 16), a year ±91, as an amount of them would.
    /// </summary>
    public static DaySet About(DaySet days) => Widened(days, range => Math.Clamp((range.Count + 1) / 2, 4, 91));

    /// <summary>So many days more on both sides.</summary>
    public static DaySet Widened(DaySet days, int by) => Widened(days, _ => by);

    private static DaySet Widened(DaySet days, Func<DayRange, int> by) =>
        DaySet.Of(days.Ranges.Select(range => (range, by: by(range)))
            .Select(item => new DayRange(Math.Max(item.range.First - item.by, DayRange.Earliest), Math.Min(item.range.Last + item.by, DayRange.Latest))));
}
