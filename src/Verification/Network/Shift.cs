using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>How a day is carried to another. Each never goes back where its argument goes on, on which the network rests.</summary>
internal enum ShiftKind : byte
{
    /// <summary>So many days.</summary>
    Days,

    /// <summary>So many calendar months; a month without that day gives its last.</summary>
    Months,

    /// <summary>So many calendar months; a month without that day gives the first of the next: the later reading of a birthday on 29 February.</summary>
    MonthsLate,

    /// <summary>1 January of the year so many years on.</summary>
    YearStart,
}

/// <summary>A function from day to day that never decreases: <paramref name="Units"/> by the calendar, then <paramref name="Days"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Shift(ShiftKind Kind, int Units, int Days)
{
    // Beyond all days that anything here can speak of, and far from where sums overflow.
    internal const int Far = 100_000_000;
    private static readonly int LastDay = DateOnly.MaxValue.DayNumber;

    /// <summary>So many days on.</summary>
    internal static Shift Of(int days) => new(ShiftKind.Days, 0, days);

    /// <summary>It carries every day at least so far.</summary>
    internal int LeastDays => Kind switch
    {
        ShiftKind.Days => Days,
        ShiftKind.YearStart => Clamped(((Units - 1L) * 365) - 3),
        _ => Clamped((long)Math.Floor(Units * 30.436875) - 5),
    };

    /// <summary>It carries every day at most so far.</summary>
    internal int MostDays => Kind switch
    {
        ShiftKind.Days => Days,
        ShiftKind.YearStart => Clamped((Units * 366L) + 3),
        _ => Clamped((long)Math.Ceiling(Units * 30.436875) + 5),
    };

    private int Clamped(long units) => (int)Math.Clamp(units + Days, -Far, Far);

    /// <summary>Where a day is carried to.</summary>
    internal int Apply(int day)
    {
        if (Kind == ShiftKind.Days) return day + Days;
        if (day < 0 || day > LastDay) return day < 0 ? -Far : Far;
        var date = DateOnly.FromDayNumber(day);
        if (Kind == ShiftKind.YearStart)
        {
            var begun = (long)date.Year + Units;
            return begun < 1 ? -Far : begun > 9999 ? Far : new DateOnly((int)begun, 1, 1).DayNumber + Days;
        }
        var month = ((long)date.Year * 12) + date.Month - 1 + Units;
        if (month < 12) return -Far;
        if (month >= 9999L * 12) return Far;
        var (year, inYear) = ((int)(month / 12), (int)(month % 12) + 1);
        var start = new DateOnly(year, inYear, 1);
        var first = start.DayNumber;
        if (date.Day <= 28) return first + date.Day - 1 + Days;
        var length = start.AddMonths(1).DayNumber - first;
        if (date.Day <= length) return first + date.Day - 1 + Days;
        return first + length - (Kind == ShiftKind.MonthsLate ? 0 : 1) + Days;
    }

    /// <summary>The last day that is not carried beyond <paramref name="bound"/>.</summary>
    internal int LastTo(int bound)
    {
        if (Kind == ShiftKind.Days) return bound - Days;
        var day = Guess(bound);
        if (day is <= -Far or >= Far) return day;
        while (Apply(day) > bound) day--;
        while (Apply(day + 1) <= bound) day++;
        return day;
    }

    /// <summary>The first day that is not carried before <paramref name="bound"/>.</summary>
    internal int FirstTo(int bound)
    {
        if (Kind == ShiftKind.Days) return bound - Days;
        var day = Guess(bound);
        if (day is <= -Far or >= Far) return day;
        while (Apply(day) < bound) day++;
        while (Apply(day - 1) >= bound) day--;
        return day;
    }

    private int Guess(int bound)
    {
        var months = Kind == ShiftKind.YearStart ? -12L * Units : -(long)Units;
        var estimate = bound - (long)Days + (long)(months * 30.436875);
        return estimate < 0 ? -Far : estimate > LastDay ? Far : (int)estimate;
    }
}

/// <summary>How far apart an amount puts two days.</summary>
internal static class AmountShifts
{
    /// <summary>At least so far on: the least that was said, less its slack.</summary>
    internal static Shift Least(Amount amount) => Carry(amount.Unit, amount.Least, -Slack(amount.Unit, amount.Least));

    /// <summary>At most so far on.</summary>
    internal static Shift Most(Amount amount) => Carry(amount.Unit, amount.Most, Slack(amount.Unit, amount.Most));

    /// <summary>At least so far back from something: at most that day.</summary>
    internal static Shift LeastBack(Amount amount) => Carry(amount.Unit, -amount.Least, Slack(amount.Unit, amount.Least));

    /// <summary>At most so far back.</summary>
    internal static Shift MostBack(Amount amount) => Carry(amount.Unit, -amount.Most, -Slack(amount.Unit, amount.Most));

    // The same for every base: otherwise a shift could go back where its base goes on.
    private static int Slack(TimeUnit unit, int count) => Math.Min(Shift.Far / 10, AmountDays.Slack(Math.Min(count, 10_000_000), unit));

    private static Shift Carry(TimeUnit unit, int count, int slack) => unit switch
    {
        TimeUnit.Day => Shift.Of(Clamp(count) + slack),
        TimeUnit.Week => Shift.Of(Clamp(count * 7L) + slack),
        TimeUnit.Month => new Shift(ShiftKind.Months, Clamp(count), slack),
        _ => new Shift(ShiftKind.Months, Clamp(count * 12L), slack),
    };

    private static int Clamp(long count) => (int)Math.Clamp(count, -Shift.Far / 10, Shift.Far / 10);
}
