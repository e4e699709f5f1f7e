namespace Understory.Verification;

/// <summary>The days of a date as it was said; what each rule is and why stands in docs/formats/story.md, "Time".</summary>
internal static class SpecDays
{
    /// <summary>The readings; or null and why there are none.</summary>
    public static IReadOnlyList<Reading>? Resolve(Spec spec, Tongues tongue, out string why)
    {
        why = spec switch
        {
            { Kind: SpecKind.Bare } => "no month is said here",
            { NeedsYear: true } => "no year is said here",
            { Year: < CalendarDays.FirstYear or > CalendarDays.LastYear } => "it lies outside the years 1900 to 2199",
            _ => "",
        };
        if (why.Length > 0) return null;
        var readings = Base(spec, tongue, ref why);
        if (readings is null) return null;
        if (spec.Weekdays != 0) readings = OnWeekdays(readings, spec);
        if (spec.IsWeekOf) readings = WeekOf(readings);
        if (spec.IsNight) readings = Each(readings, days => CalendarDays.Widened(days, 1));
        if (spec.IsEve) readings = Each(readings, days => CalendarDays.Set(new DayRange(days.Hull.First - 3, days.Hull.First - 1)));
        if (spec.Moved is { } amount) readings = Each(readings, days => Move(days, amount, spec.IsMovedBack));
        if (spec.IsAbout) readings = Each(readings, CalendarDays.About);
        readings = [.. readings.Where(reading => !reading.Days.IsEmpty).DistinctBy(reading => reading.Days)];
        if (readings.Count > 0) return readings.Count == 1 ? [readings[0] with { Name = "" }] : readings;
        why = "there is no such day";
        return null;
    }

    private static IReadOnlyList<Reading>? Base(Spec spec, Tongues tongue, ref string why)
    {
        var year = spec.Year ?? 0;
        switch (spec.Kind)
        {
            case SpecKind.Fixed or SpecKind.Years:
                return Cut(spec.Readings, spec.Cut);
            case SpecKind.Day:
                var length = spec.Month is >= 1 and <= 12 ? CalendarDays.MonthLength(year, spec.Month) : 0;
                if (spec.Day >= 1 && spec.Day <= length) return One(CalendarDays.Day(year, spec.Month, spec.Day));
                why = length == 0 ? "there is no such month" : "there is no such day";
                return null;
            case SpecKind.Month when spec.DayOrdinal != 0:
                var month = CalendarDays.Month(year, spec.Month);
                if (spec.DayOrdinal <= month.Count) return One(spec.DayOrdinal < 0 ? month.Last : month.First + spec.DayOrdinal - 1);
                why = "there is no such day";
                return null;
            case SpecKind.Month:
                return Cut(Whole(CalendarDays.Month(year, spec.Month)), spec.Cut);
            case SpecKind.Week:
                return Week(spec, year, ref why);
            case SpecKind.Season:
                var season = CalendarDays.Season(year, spec.SeasonMonth);
                if (spec.YearTo is not null) season = Whole(CalendarDays.Months(year, 12, 3));
                return Cut(season, spec.Cut);
            case SpecKind.Holiday:
                return Holidays.Days(spec.HolidayNumber, year, tongue, spec.Rite);
            default:
                return Cut(Whole(CalendarDays.Year(year)), spec.Cut);
        }
    }

    private static IReadOnlyList<Reading> One(int day) => Whole(new DayRange(day, day));

    private static IReadOnlyList<Reading> Whole(DayRange days) => [new Reading(CalendarDays.Set(days))];

    private static IReadOnlyList<Reading> Each(IReadOnlyList<Reading> readings, Func<DaySet, DaySet> change) =>
        [.. readings.Where(reading => !reading.Days.IsEmpty).Select(reading => reading with { Days = change(reading.Days) })];

    /// <summary>Parts: of a month by tens of days, of anything longer by thirds of its months; halves; quarters of a year.</summary>
    private static IReadOnlyList<Reading> Cut(IReadOnlyList<Reading> readings, int cut) =>
        cut == 0 ? readings : Each(readings, days => CalendarDays.Set(Part(days.Hull, cut)));

    private static DayRange Part(DayRange days, int cut)
    {
        var first = DateOnly.FromDayNumber(days.First);
        var months = (int)Math.Round(days.Count / 30.44);
        if (months <= 1)
        {
            var (from, to) = cut switch
            {
                1 => (1, 10),
                2 => (11, 20),
                3 => (21, days.Count),
                Spec.FirstHalf => (1, 15),
                Spec.FirstHalf + 1 => (16, days.Count),
                Spec.Teens => (10, 19),
                Spec.Teens + 1 => (20, days.Count),
                _ => (1, days.Count),
            };
            return new DayRange(days.First + from - 1, days.First + to - 1);
        }
        // A season of three months halves on the 15th of the second.
        if (months == 3 && cut is Spec.FirstHalf or Spec.FirstHalf + 1)
        {
            var middle = first.AddMonths(1).DayNumber + 14;
            return cut == Spec.FirstHalf ? days with { Last = middle } : days with { First = middle + 1 };
        }
        var (parts, which) = cut switch
        {
            <= 3 => (3, cut - 1),
            <= Spec.FirstHalf + 1 => (2, cut - Spec.FirstHalf),
            _ => (4, cut - Spec.FirstQuarter),
        };
        // Decades of years are cut where 1 January falls nearest: 1990 to 1993, 1993 to 1996, 1996 to 1999 overlap, which accuses less.
        var (start, end) = (months * which / parts, ((months * (which + 1)) + parts - 1) / parts);
        if (months > 12) (start, end) = (start / 12 * 12, (end + 11) / 12 * 12);
        return DayRange.Of(first.AddMonths(start), first.AddMonths(end).AddDays(-1));
    }

    /// <summary>
    /// The third week of a month: its days 15 to 21, or the third of the ISO weeks that belong to it. The fifth is what is
    /// left after four; the last: its last seven days, or its last ISO week.
    /// </summary>
    private static IReadOnlyList<Reading>? Week(Spec spec, int year, ref string why)
    {
        if (spec.Month == 0)
        {
            var weeks = IsoWeeks.OfYear(year);
            if (spec.Week <= weeks.Count) return Whole(spec.Week < 0 ? weeks[^1] : weeks[spec.Week - 1]);
            why = "there is no such week";
            return null;
        }
        var month = CalendarDays.Month(year, spec.Month);
        var iso = IsoWeeks.OfMonth(year, spec.Month);
        var readings = new List<Reading>();
        var first = spec.Week < 0 ? month.Count - 6 : (7 * (spec.Week - 1)) + 1;
        var last = Math.Min(first + 6, month.Count);
        if (first <= last) readings.Add(new Reading(CalendarDays.Set(new DayRange(month.First + first - 1, month.First + last - 1)), $"days-{first}-{last}"));
        if (spec.Week <= iso.Count) readings.Add(new Reading(CalendarDays.Set(spec.Week < 0 ? iso[^1] : iso[spec.Week - 1]), "iso-weeks"));
        if (readings.Count == 2 && readings[0].Days.Equals(readings[1].Days)) readings.RemoveAt(1);
        if (readings.Count > 0) return readings;
        why = "there is no such week";
        return null;
    }

    /// <summary>
    /// "Monday 7 March 2022" where that is one; where it is not, the date and the nearest such weekday are both kept: one of
    /// the two is a slip, and which is not for us to say. Of a longer time its days of that name.
    /// </summary>
    private static List<Reading> OnWeekdays(IReadOnlyList<Reading> readings, Spec spec)
    {
        bool Fits(int day) => (spec.Weekdays >> (day % 7) & 1) != 0;
        var found = new List<Reading>();
        foreach (var reading in readings.Where(reading => !reading.Days.IsEmpty))
        {
            var hull = reading.Days.Hull;
            if (hull.Count == 1)
            {
                found.Add(Fits(hull.First) ? reading : reading with { Name = "date" });
                var nearest = Enumerable.Range(hull.First - 3, 7).Where(Fits).Select(day => new DayRange(day, day));
                if (!Fits(hull.First)) found.Add(new Reading(DaySet.Of(nearest), "weekday"));
                continue;
            }
            var days = reading.Days.Ranges.SelectMany(range => Enumerable.Range(range.First, range.Count)).Where(Fits).ToList();
            var runs = DaySet.Of(days.Select(day => new DayRange(day, day)));
            if (spec.WeekdayOrdinal != 0)
            {
                var at = spec.WeekdayOrdinal < 0 ? runs.Ranges.Length - 1 : spec.WeekdayOrdinal - 1;
                runs = at < runs.Ranges.Length ? DaySet.Of(runs.Ranges[at]) : DaySet.None;
            }
            found.Add(reading with { Days = runs });
        }
        return found;
    }

    private static List<Reading> WeekOf(IReadOnlyList<Reading> readings)
    {
        var found = new List<Reading>();
        foreach (var reading in readings.Where(reading => !reading.Days.IsEmpty))
        {
            var iso = IsoWeeks.Of(reading.Days.Hull.First);
            found.Add(new Reading(CalendarDays.Set(iso with { Last = IsoWeeks.Of(reading.Days.Hull.Last).Last }), "iso-weeks"));
            var from = new DayRange(reading.Days.Hull.First, reading.Days.Hull.Last + 6);
            if (from.First != iso.First) found.Add(new Reading(CalendarDays.Set(from), "seven-days"));
        }
        return found;
    }

    private static DaySet Move(DaySet days, Amount amount, bool isBack)
    {
        var hull = days.Hull;
        var moved = isBack
            ? new DayRange(amount.Before(hull.First).First, amount.Before(hull.Last).Last)
            : new DayRange(amount.After(hull.First).First, amount.After(hull.Last).Last);
        return CalendarDays.Set(moved);
    }
}
