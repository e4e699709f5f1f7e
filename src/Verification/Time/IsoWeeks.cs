namespace Understory.Verification;

/// <summary>Weeks by ISO 8601-1:2019, 3.1.1.23: from Monday to Sunday, and a week is of the year (here also: month) of its Thursday.</summary>
internal static class IsoWeeks
{
    /// <summary>The week that has this day.</summary>
    public static DayRange Of(int day)
    {
        // Day 0, the first of January of the year 1, was a Monday.
        var monday = day - (day % 7);
        return new DayRange(monday, monday + 6);
    }

    /// <summary>The weeks of a month: four or five, in order.</summary>
    public static IReadOnlyList<DayRange> OfMonth(int year, int month) => Weeks(CalendarDays.Month(year, month));

    /// <summary>The weeks of a year: 52 or 53, in order.</summary>
    public static IReadOnlyList<DayRange> OfYear(int year) => Weeks(CalendarDays.Year(year));

    private static List<DayRange> Weeks(DayRange days)
    {
        var weeks = new List<DayRange>();
        for (var week = Of(days.First); week.First + 3 <= days.Last; week = Of(week.Last + 1))
        {
            if (days.Contains(week.First + 3)) weeks.Add(week);
        }
        return weeks;
    }
}
