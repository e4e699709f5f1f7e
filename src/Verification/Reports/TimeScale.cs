using System.Globalization;

namespace Understory.Verification;

/// <summary>Puts days on a line from 0 to 100, with marks that are not too many.</summary>
internal sealed class TimeScale
{
    private const int MostMarks = 9;

    private TimeScale(DayRange days) => Days = days;

    /// <summary>What the line shows.</summary>
    public DayRange Days { get; }

    /// <summary>
    /// Around the windows that say something: one that is years longer than the others (a birth, "before the war") would
    /// press them into one point, so the line is cut where the narrower ones end, with a little room.
    /// </summary>
    public static TimeScale Around(IEnumerable<DayRange> windows, int told)
    {
        var some = windows.Where(window => window.Last >= window.First).ToList();
        // What has no beginning counts only where everything has none, and then by its last year.
        var bounded = some.Where(window => window.First > DayRange.Earliest).ToList();
        var all = (bounded.Count > 0 ? bounded : some.Select(window => window with { First = Math.Max(window.First, window.Last - 365) })).OrderBy(window => window.Count).ToList();
        if (all.Count == 0) return new TimeScale(new DayRange(told - 365, told));
        var narrow = all.Where(window => window.Count <= Math.Max(800, all[0].Count * 8)).ToList();
        var (first, last) = (narrow.Min(window => window.First), narrow.Max(window => window.Last));
        var room = Math.Max(10, (last - first) / 25);
        return new TimeScale(new DayRange(Math.Max(DayRange.Earliest, first - room), Math.Max(first + 30, Math.Min(last + room, told + room))));
    }

    /// <summary>How far along the line a day begins, in percent, cut at its ends.</summary>
    public double At(int day) => Math.Clamp((day - Days.First) * 100.0 / Days.Count, 0, 100);

    /// <summary>The left end and the width of a window in percent, cut at the ends of the line; null outside.</summary>
    public (double Left, double Width)? Of(DayRange window)
    {
        if (window.Last < Days.First || window.First > Days.Last) return null;
        var left = At(window.First);
        return (left, Math.Max(At(window.Last + 1) - left, 0.4));
    }

    /// <summary>Beginnings of years, quarters or months: the finest of which there are not too many.</summary>
    public IReadOnlyList<(int Day, bool IsYear)> Marks()
    {
        foreach (var months in (int[])[1, 3, 6, 12, 24, 60, 120])
        {
            var marks = MarksEvery(months);
            if (marks.Count <= MostMarks) return marks;
        }
        return MarksEvery(240);
    }

    private List<(int Day, bool IsYear)> MarksEvery(int months)
    {
        var marks = new List<(int, bool)>();
        var start = DateOnly.FromDayNumber(Days.First);
        var years = Math.Max(1, months / 12);
        var at = new DateOnly(start.Year / years * years, 1, 1);
        for (; at.DayNumber <= Days.Last; at = at.AddMonths(months))
        {
            if (at.DayNumber >= Days.First) marks.Add((at.DayNumber, at.Month == 1));
        }
        return marks;
    }

    /// <summary>A number for CSS or SVG.</summary>
    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
