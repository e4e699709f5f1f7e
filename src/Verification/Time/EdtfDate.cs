using System.Globalization;

namespace Understory.Verification;

/// <summary>
/// One date of EDTF: from a century to a day with its time, with qualifiers, X digits, a season, a long year or
/// significant digits. Its days are those of 1900 to 2199; a date outside has none.
/// </summary>
internal sealed class EdtfDate
{
    /// <summary>More than one for a winter.</summary>
    public IReadOnlyList<Reading> Readings { get; private set; } = [];

    /// <summary>Whether an interval may have it: a year, a month or a day.</summary>
    public bool FitsInterval { get; private set; } = true;

    /// <summary>All its days, by whichever reading.</summary>
    public DaySet Days => Readings.Aggregate(DaySet.None, (all, reading) => all.Union(reading.Days));

    public static EdtfDate? Read(ReadOnlySpan<char> text, out int faultAt, out string why)
    {
        var cursor = new Cursor(text);
        var date = new EdtfDate();
        var fits = text is ['Y', ..] or ['?' or '~' or '%', 'Y', ..] ? date.ReadLongYear(ref cursor) : date.ReadDate(ref cursor);
        if (fits && cursor.At < text.Length) fits = cursor.Fault("nothing can follow here");
        (faultAt, why) = (cursor.FaultAt, cursor.Why);
        return fits ? date : null;
    }

    /// <summary><c>Y170002</c>, <c>Y-17E7</c>, <c>Y17101E3S3</c>.</summary>
    private bool ReadLongYear(ref Cursor cursor)
    {
        FitsInterval = false;
        cursor.TakeMark();
        cursor.Take('Y');
        var isNegative = cursor.Take('-');
        var at = cursor.At;
        var digits = cursor.TakeDigits();
        if (digits.IsEmpty) return cursor.Fault("a year has digits");
        if (digits[0] == '0') return cursor.FaultIn(at, "a long year does not begin with 0");
        var value = double.Parse(digits, CultureInfo.InvariantCulture);
        if (cursor.Take('E'))
        {
            var exponentAt = cursor.At;
            var exponent = cursor.TakeDigits();
            if (exponent.IsEmpty || exponent.Length > 3) return cursor.FaultIn(exponentAt, "an exponent is a number of one to three digits");
            value *= Math.Pow(10, int.Parse(exponent, CultureInfo.InvariantCulture));
        }
        else if (digits.Length < 5)
        {
            return cursor.FaultIn(at, "a year after Y has at least five digits or an exponent");
        }
        var (first, last) = (value, value);
        if (!ReadSignificance(ref cursor, ref first, ref last)) return false;
        cursor.TakeMark();
        SetYears(isNegative, first, last);
        return true;
    }

    private bool ReadDate(ref Cursor cursor)
    {
        var yearMark = cursor.TakeMark();
        var isNegative = cursor.Take('-');
        var yearAt = cursor.At;
        var year = cursor.TakePattern(4);
        if (year.Length < 2) return cursor.FaultIn(yearAt, "a year has four digits");
        if (isNegative && year.IndexOfAnyExcept('0') < 0) return cursor.FaultIn(yearAt, "there is no year before the year 0 that is 0");
        if (year.Length < 4 || cursor.Next == 'S') return ReadYears(ref cursor, isNegative, year, yearMark);
        var isAbout = IsAbout(cursor.TakeMark(), yearMark);
        if (cursor.Take('-')) return ReadMonth(ref cursor, isNegative, year, isAbout ? 366 : 0);
        Set(isNegative, year, [], [], 0, isAbout);
        return true;
    }

    /// <summary>A century, a decade, or a year with significant digits.</summary>
    private bool ReadYears(ref Cursor cursor, bool isNegative, ReadOnlySpan<char> year, char yearMark)
    {
        FitsInterval = false;
        if (year.Contains('X')) return cursor.Fault("X stands only in a year of four digits");
        var size = year.Length switch { 2 => 100, 3 => 10, _ => 1 };
        var first = (double)int.Parse(year, CultureInfo.InvariantCulture) * size;
        var last = first + size - 1;
        if (size == 1 && !ReadSignificance(ref cursor, ref first, ref last)) return false;
        SetYears(isNegative, first, last);
        if (IsAbout(cursor.TakeMark(), yearMark)) Readings = [.. Readings.Select(reading => reading with { Days = CalendarDays.About(reading.Days) })];
        return true;
    }

    private bool ReadMonth(ref Cursor cursor, bool isNegative, ReadOnlySpan<char> year, int slack)
    {
        var monthMark = cursor.TakeMark();
        var monthAt = cursor.At;
        var month = cursor.TakePattern(2);
        if (month.Length < 2) return cursor.FaultIn(monthAt, "a month has two digits");
        var isAbout = IsAbout(cursor.TakeMark(), monthMark);
        if (!month.Contains('X') && int.Parse(month, CultureInfo.InvariantCulture) is >= 21 and <= 41 and var season)
        {
            FitsInterval = false;
            if (year.Contains('X')) return cursor.FaultIn(monthAt, "a season has a year without X");
            SetSeason(isNegative ? 0 : int.Parse(year, CultureInfo.InvariantCulture), season);
            Widen(slack, isAbout);
            return true;
        }
        if (!Enumerable.Range(1, 12).Any(Matching(month))) return cursor.FaultIn(monthAt, "there is no such month or season");
        if (cursor.Take('-')) return ReadDay(ref cursor, isNegative, year, month, isAbout ? Math.Max(slack, 31) : slack);
        Set(isNegative, year, month, [], slack, isAbout);
        return true;
    }

    private bool ReadDay(ref Cursor cursor, bool isNegative, ReadOnlySpan<char> year, ReadOnlySpan<char> month, int slack)
    {
        var dayMark = cursor.TakeMark();
        var dayAt = cursor.At;
        var day = cursor.TakePattern(2);
        if (day.Length < 2) return cursor.FaultIn(dayAt, "a day has two digits");
        if (!HasDay(year, month, day)) return cursor.FaultIn(dayAt, "there is no such day");
        var mark = cursor.TakeMark();
        Set(isNegative, year, month, day, slack, IsAbout(mark, dayMark));
        if (mark != '\0' || cursor.Next != 'T') return true;
        if (year.Contains('X') || month.Contains('X') || day.Contains('X')) return cursor.Fault("a time of day needs a day without X");
        return EdtfTime.Read(ref cursor);
    }

    // Whoever doubts a date does not say by how much: at least as much as one that is said to be approximate.
    private static bool IsAbout(char mark, char otherMark) => mark is '~' or '%' or '?' || otherMark is '~' or '%' or '?';

    /// <summary>The days, with the slack of a part that is approximate, and that of the whole where its last part is.</summary>
    private void Set(bool isNegative, ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day, int slack, bool isAbout)
    {
        Readings = [new Reading(isNegative ? DaySet.None : Expand(year, month, day))];
        Widen(slack, isAbout);
    }

    private void Widen(int by, bool isAbout) => Readings = [.. Readings.Select(reading => reading with
    {
        Days = CalendarDays.Widened(isAbout ? CalendarDays.About(reading.Days) : reading.Days, by),
    })];

    private static bool ReadSignificance(ref Cursor cursor, ref double first, ref double last)
    {
        if (!cursor.Take('S')) return true;
        var at = cursor.At;
        var digits = cursor.TakeDigits();
        if (digits.IsEmpty || digits.Length > 3) return cursor.Fault("after S stands how many digits are significant");
        var significant = int.Parse(digits, CultureInfo.InvariantCulture);
        if (significant == 0) return cursor.FaultIn(at, "at least one digit is significant");
        var length = first < 1 ? 1 : (int)Math.Floor(Math.Log10(first)) + 1;
        var unit = Math.Pow(10, Math.Max(0, length - significant));
        first = Math.Floor(first / unit) * unit;
        last = first + unit - 1;
        return true;
    }

    private void SetYears(bool isNegative, double first, double last)
    {
        var outside = isNegative || last < CalendarDays.FirstYear || first > CalendarDays.LastYear;
        Readings = [new Reading(outside ? DaySet.None : CalendarDays.Set(DayRange.Of(
            new DateOnly((int)Math.Max(first, CalendarDays.FirstYear), 1, 1),
            new DateOnly((int)Math.Min(last, CalendarDays.LastYear), 12, 31))))];
    }

    /// <summary>
    /// 21 to 24 seasons, 25 to 28 of the north, 29 to 32 of the south, 33 to 36 quarters, 37 to 39 four months each, 40 and 41
    /// half years.
    /// </summary>
    private void SetSeason(int year, int season)
    {
        if (year is < CalendarDays.FirstYear or > CalendarDays.LastYear) Readings = [new Reading(DaySet.None)];
        else if (season <= 28) Readings = CalendarDays.Season(year, 3 * (((season - 21) % 4) + 1));
        else if (season <= 32) Readings = CalendarDays.Season(year, season switch { 29 => 9, 30 => 12, 31 => 3, _ => 6 });
        else
        {
            var (first, count) = season switch
            {
                <= 36 => (((season - 33) * 3) + 1, 3),
                <= 39 => (((season - 37) * 4) + 1, 4),
                _ => (((season - 40) * 6) + 1, 6),
            };
            Readings = [new Reading(CalendarDays.Set(CalendarDays.Months(year, first, count)))];
        }
    }

    /// <summary>Whether in any year and month that fit there is a day that fits.</summary>
    private static bool HasDay(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day)
    {
        var longest = 0;
        foreach (var candidate in Enumerable.Range(1, 12).Where(Matching(month)))
        {
            var length = candidate == 2 && AnyLeapYear(year) ? 29 : CalendarDays.MonthLength(2001, candidate);
            longest = Math.Max(longest, length);
        }
        return Enumerable.Range(1, longest).Any(Matching(day));
    }

    private static bool AnyLeapYear(ReadOnlySpan<char> year)
    {
        var fits = Matching(year);
        return Enumerable.Range(0, 10_000).Any(value => fits(value) && value % 4 == 0 && (value % 100 != 0 || value % 400 == 0));
    }

    private static DaySet Expand(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day)
    {
        var (years, months, days) = (Matching(year), Matching(month), Matching(day));
        var ranges = new List<DayRange>();
        // Shortcuts: what is X throughout is as if it were not there.
        var anyMonth = month.IsEmpty || month is "XX";
        var anyDay = day.IsEmpty || day is "XX";
        for (var y = CalendarDays.FirstYear; y <= CalendarDays.LastYear; y++)
        {
            if (!years(y)) continue;
            if (anyMonth && anyDay)
            {
                ranges.Add(CalendarDays.Year(y));
                continue;
            }
            for (var m = 1; m <= 12; m++)
            {
                if (!months(m)) continue;
                var whole = CalendarDays.Month(y, m);
                if (anyDay) ranges.Add(whole);
                else ranges.AddRange(Enumerable.Range(1, whole.Count).Where(days).Select(d => new DayRange(whole.First + d - 1, whole.First + d - 1)));
            }
        }
        return DaySet.Of(ranges);
    }

    /// <summary>Whether a number has these digits, where X is any.</summary>
    private static Func<int, bool> Matching(ReadOnlySpan<char> pattern)
    {
        var digits = pattern.ToString();
        return value =>
        {
            for (var i = digits.Length - 1; i >= 0; i--, value /= 10)
            {
                if (digits[i] != 'X' && digits[i] - '0' != value % 10) return false;
            }
            return value == 0;
        };
    }

    /// <summary>A place in the text, and the first fault.</summary>
    internal ref struct Cursor(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;

        public int At { get; private set; }

        public int FaultAt { get; private set; }

        public string Why { get; private set; } = "";

        public readonly int Length => _text.Length;

        public readonly char Next => At < _text.Length ? _text[At] : '\0';

        public bool Take(char character)
        {
            if (Next != character || At >= _text.Length) return false;
            At++;
            return true;
        }

        /// <summary><c>?</c>, <c>~</c> or <c>%</c>, otherwise nothing.</summary>
        public char TakeMark() => Next is '?' or '~' or '%' ? _text[At++] : '\0';

        public ReadOnlySpan<char> TakeDigits()
        {
            var start = At;
            while (char.IsAsciiDigit(Next)) At++;
            return _text[start..At];
        }

        /// <summary>Digits and X.</summary>
        public ReadOnlySpan<char> TakePattern(int most)
        {
            var start = At;
            while (At - start < most && (char.IsAsciiDigit(Next) || Next == 'X')) At++;
            return _text[start..At];
        }

        /// <summary>Says that something else was expected here.</summary>
        public bool Fault(string why) => FaultIn(At, why);

        public bool FaultIn(int at, string why)
        {
            (FaultAt, Why) = (at, why);
            return false;
        }
    }
}
