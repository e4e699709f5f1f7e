namespace Understory.Verification;

/// <summary>What an <see cref="Amount"/> is in days, with its slack: "the larger of half its unit and 20 %".</summary>
public static class AmountDays
{
    /// <summary>After so many days the calendar repeats.</summary>
    private const int FourYears = 1461;

    /// <summary>By how many days "so many of this unit" may be off: at least day 1, week 4, month 15, year 91; otherwise 20 %.</summary>
    public static int Slack(int count, TimeUnit unit)
    {
        var (half, days) = unit switch
        {
            TimeUnit.Day => (1, 1.0),
            TimeUnit.Week => (4, 7.0),
            TimeUnit.Month => (15, 30.44),
            _ => (91, 365.25),
        };
        return Math.Max(half, (int)Math.Ceiling(Math.Round(count * days / 5, 6)));
    }

    /// <summary>The days that are so long after a day, slack included; none is before that day.</summary>
    public static DayRange After(this Amount amount, int day) => new(
        Math.Max(day, Add(day, amount.Least, amount.Unit) - Slack(amount.Least, amount.Unit)),
        Add(day, amount.Most, amount.Unit) + Slack(amount.Most, amount.Unit));

    /// <summary>The days that are so long before a day, slack included; none is after that day.</summary>
    public static DayRange Before(this Amount amount, int day) => new(
        Add(day, -amount.Most, amount.Unit) - Slack(amount.Most, amount.Unit),
        Math.Min(day, Add(day, -amount.Least, amount.Unit) + Slack(amount.Least, amount.Unit)));

    /// <summary>
    /// From how many to how many days it is, slack included, whichever of the days it is counted from. Months and years are
    /// calendar ones, so this is narrower for fewer days: whoever has tightened the days may ask again.
    /// </summary>
    /// <param name="amount">How long.</param>
    /// <param name="bases">The days that it may be counted from.</param>
    /// <param name="isEarlier">Whether it is counted backwards.</param>
    public static (int Least, int Most) Distances(this Amount amount, DayRange bases, bool isEarlier = false)
    {
        var sign = isEarlier ? -1 : 1;
        var (least, most) = (int.MaxValue, 0);
        // The calendar repeats after four years but for 2100, which has a day less: one day of doubt covers it.
        var (last, doubt) = bases.Count > FourYears ? (bases.First + FourYears, 1) : (bases.Last, 0);
        if (amount.Unit is TimeUnit.Day or TimeUnit.Week) (last, doubt) = (bases.First, 0);
        for (var day = bases.First; day <= last; day++)
        {
            least = Math.Min(least, Math.Abs(Add(day, sign * amount.Least, amount.Unit) - day));
            most = Math.Max(most, Math.Abs(Add(day, sign * amount.Most, amount.Unit) - day));
        }
        return (Math.Max(0, least - doubt - Slack(amount.Least, amount.Unit)), most + doubt + Slack(amount.Most, amount.Unit));
    }

    /// <summary>So many units after a day, or before it; a day that a month has not is the last that it has (31 January and a month: 28 February).</summary>
    public static int Add(int day, int count, TimeUnit unit)
    {
        if (unit == TimeUnit.Day) return day + count;
        if (unit == TimeUnit.Week) return day + (7 * count);
        var date = DateOnly.FromDayNumber(day);
        var months = Math.Clamp(unit == TimeUnit.Month ? count : 12L * count, -12L * (date.Year - 1), 12L * (9998 - date.Year));
        return date.AddMonths((int)months).DayNumber;
    }
}
