namespace Understory.Verification;

/// <content>Years, decades of years, and what counts from the day the story was told.</content>
internal sealed partial class PhraseParser
{
    /// <summary>The century that puts a year of two digits nearest before the day the story was told.</summary>
    private int TwoDigits(int year) => 2000 + year <= ToldYear ? 2000 + year : 1900 + year;

    /// <summary>The year behind a month or a holiday; null, and nothing read, where there is none.</summary>
    /// <param name="isSlavic">Whether a number of two digits can only be a year there: in English it may be a day.</param>
    private int? ReadYearBehind(bool isSlavic)
    {
        var at = _at;
        TakeMark(',');
        SkipAll(TermKind.Skip);
        if (Take(TermKind.YearWord, out var count) && count != 1) { _at = at; return null; }
        if (Try(ReadRelativeYear) is { Year: { } relative }) return relative;
        if (Try(() => ReadYearNumber(isSlavic)) is { Year: { } year }) return year;
        _at = at;
        return null;
    }

    /// <summary>A year alone: "2022", «в 22-м году», "'22", «две тысячи двадцать второй».</summary>
    private Spec? ReadYear()
    {
        var at = _at;
        // "The year 2022".
        if (Take(TermKind.YearWord, out var count) && (count != 1 || !Next.IsNumber)) _at = at;
        return (Try(ReadRelativeYear) ?? Try(() => ReadYearNumber(isBehindMonth: false))) is { } year ? year with { At = at } : null;
    }

    private Spec? ReadYearNumber(bool isBehindMonth)
    {
        var at = _at;
        Spec Year(int year) => new(SpecKind.Year, at) { Year = year };
        if (TakeMark('\''))
        {
            return Next is { IsNumber: true, Text.Length: 2 } && ReadNumeral() is { } two ? Year(TwoDigits(two.Value)) : null;
        }
        if (Try(ReadYearInWords) is { } inWords) return inWords;
        if (ReadNumeral() is not { } numeral) return null;
        if (numeral.Digits == 4)
        {
            // "1990s" is no year.
            if (numeral.Suffix is "s" or "е" or "х" or "ті" or "их") return null;
            Take(TermKind.YearWord);
            return Year(numeral.Value);
        }
        if (numeral.Digits is not 0 and not 2 || numeral.Value > 99) return null;
        var wordAt = _at;
        var isYear = Take(TermKind.YearWord, out var count) && count == 1;
        var word = isYear ? _tokens[wordAt].Text : "";
        // «22 года» are years of a life; «22-го года», «марта 22 года», «в 22 году», «22 року» are years of the calendar.
        var isCalendar = isYear && (isBehindMonth || numeral.IsOrdinal || numeral.Suffix is not "" || word is "году" or "року" or "році" or "р" or "г");
        if (numeral.IsOrdinal && numeral.Value < 10) return null;
        if (numeral.Digits == 0 && !numeral.IsOrdinal) return null;
        if (isCalendar) return Year(TwoDigits(numeral.Value));
        if (isYear) return null;
        // «в 22-м»; «в сентябре 22-го», «сентябрь 22».
        if (numeral.Suffix is "м" or "му" or "ом" or "ому" && !IsNext(TermKind.Month)) return Year(TwoDigits(numeral.Value));
        return isBehindMonth && !IsNext(TermKind.Unit) && (numeral.Suffix is not "" || numeral.Digits == 2 || numeral.IsOrdinal) ? Year(TwoDigits(numeral.Value)) : null;
    }

    /// <summary>"Twenty twenty-two", "two thousand and twenty-two", «тысяча девятьсот девяносто девятого года».</summary>
    private Spec? ReadYearInWords()
    {
        var at = _at;
        Take(TermKind.Cardinal, out var leading);
        if (leading is 19 or 20 && !IsNext(TermKind.Thousand))
        {
            TakeMark('-');
            if (Next.IsNumber || ReadNumeral() is not { Value: >= 10 and <= 99 } rest) return null;
            Take(TermKind.YearWord);
            return new Spec(SpecKind.Year, at) { Year = (100 * leading) + rest.Value };
        }
        if (leading is not 0 and not 1 and not 2 || !Take(TermKind.Thousand)) return null;
        var year = 1000 * Math.Max(1, leading);
        Take(TermKind.And);
        var hundredAt = _at;
        if (Take(TermKind.Hundred, out var hundred) && hundred > 0) year += hundred;
        else if (Take(TermKind.Cardinal, out var hundreds) && hundreds < 10 && Take(TermKind.Hundred)) year += 100 * hundreds;
        else _at = hundredAt;
        Take(TermKind.And);
        if (!Next.IsNumber && Try(ReadNumeral) is { } number) year += number.Value;
        Take(TermKind.YearWord);
        return new Spec(SpecKind.Year, at) { Year = year };
    }

    /// <summary>"Last year", «этого года», «торік», "the year before last".</summary>
    private Spec? ReadRelativeYear()
    {
        var at = _at;
        SkipAll(TermKind.Skip);
        var word = Next.Text;
        int back;
        if (Take(TermKind.BeforeLast)) back = 2;
        else if (Take(TermKind.Last)) back = 1;
        else if (Take(TermKind.This)) back = 0;
        else return null;
        if (word is not "торік" && _tokens[_at - 1].Text is not "last" && !IsNext(TermKind.YearWord)) return null;
        if (word is "last" && !IsNext(TermKind.YearWord)) return null;
        if (word is not "year") Take(TermKind.YearWord);
        return new Spec(SpecKind.Year, at) { Year = ToldYear - back };
    }

    /// <summary>"The 1990s", «в девяностых», «90-е годы», "the nineties".</summary>
    private Spec? ReadYears()
    {
        var at = _at;
        int first;
        if (Take(TermKind.Nineties, out var decade)) first = decade >= 100 ? decade : 1900 + decade;
        else
        {
            if (ReadNumeral() is not { } numeral || numeral.Value % 10 != 0 || numeral.Digits == 3) return null;
            var isPlural = numeral.Digits > 0
                ? numeral.Suffix is "s" or "е" or "х" or "ті" or "их" or "ые" or "ых" or "і"
                : numeral.IsOrdinal && numeral.Suffix is [.., 'ы', 'е'] or [.., 'ы' or 'и', 'х'] or [.., 'і'];
            if (!isPlural || (numeral.Digits is 0 or 2 && numeral.Value > 90)) return null;
            first = numeral.Digits == 4 ? numeral.Value : TwoDigits(numeral.Value);
        }
        Take(TermKind.YearWord);
        if (first is < CalendarDays.FirstYear or > CalendarDays.LastYear) return Object<Spec>(at, "it lies outside the years 1900 to 2199");
        var days = DayRange.Of(new DateOnly(first, 1, 1), new DateOnly(first + 9, 12, 31));
        return new Spec(SpecKind.Years, at) { Readings = [new Reading(CalendarDays.Set(days))] };
    }

    /// <summary>"Yesterday", "last summer", "this month", «на прошлой неделе».</summary>
    private Spec? ReadRelative()
    {
        var at = _at;
        if (Take(TermKind.RelativeDay, out var days)) return Fixed(at, new DayRange(_told + days, _told + days));
        if (Try(ReadRelativeYear) is { } year) return year;
        int back;
        if (Take(TermKind.BeforeLast)) back = 2;
        else if (Take(TermKind.Last)) back = 1;
        else if (Take(TermKind.This)) back = 0;
        else return null;
        var told = DateOnly.FromDayNumber(_told);
        if (Take(TermKind.Season, out var season)) return Recent(at, back, year => CalendarDays.Season(year, season)[^1].Days.Hull);
        if (Take(TermKind.Month, out var month)) return Recent(at, back, year => CalendarDays.Month(year, month));
        if (Take(TermKind.Holiday, out var holiday)) return Recent(at, back, year => Holidays.Days(holiday, year, _tongue, 0)[0].Days.Hull);
        if (TakeWeekday(out var weekdays)) return LastWeekday(at, back, weekdays);
        if (!Take(TermKind.Unit, out var unit)) return null;
        if (unit == 2)
        {
            var start = new DateOnly(told.Year, told.Month, 1).AddMonths(-back);
            return Fixed(at, CalendarDays.Month(start.Year, start.Month));
        }
        if (unit != 1) return null;
        var week = IsoWeeks.Of(_told - (7 * back));
        return back == 1 ? Fixed(at, week, new DayRange(_told - 7, _told - 1)) : Fixed(at, week);
    }

    /// <summary>
    /// "Last summer": the latest that had begun when the story was told; where that one began in the same year or was hardly
    /// over, the one before too, for people mean either. "This summer": those of the year it was told in. "The summer before
    /// last": one earlier.
    /// </summary>
    private Spec? Recent(int at, int back, Func<int, DayRange> inYear)
    {
        if (back == 0)
        {
            return Fixed(at, [.. Enumerable.Range(ToldYear - 1, 2).Select(inYear).Where(days => days.First <= _told && DateOnly.FromDayNumber(days.Last).Year >= ToldYear)]);
        }
        var latest = Enumerable.Range(ToldYear - 2, 3).Where(year => inYear(year).First <= _told).Max();
        var isFresh = inYear(latest).First >= CalendarDays.Day(ToldYear, 1, 1) || inYear(latest).Last > _told - 180;
        latest -= back - 1;
        return isFresh ? Fixed(at, inYear(latest), inYear(latest - 1)) : Fixed(at, inYear(latest));
    }

    /// <summary>The latest such day before, and that of the week before; "this Monday" is that of the week.</summary>
    private Spec? LastWeekday(int at, int back, int weekdays)
    {
        if (back == 2) return null;
        bool Fits(int day) => (weekdays >> (day % 7) & 1) != 0;
        DayRange Within(DayRange days)
        {
            var fitting = Enumerable.Range(days.First, days.Count).Where(Fits).ToList();
            return new DayRange(fitting[0], fitting[^1]);
        }
        if (back == 0) return Fixed(at, Within(IsoWeeks.Of(_told)));
        var latest = Enumerable.Range(_told - 7, 7).Last(Fits);
        return Fixed(at, Within(IsoWeeks.Of(_told - 7)), new DayRange(latest, latest));
    }

    private Spec? Fixed(int at, params ReadOnlySpan<DayRange> ways)
    {
        var readings = new List<Reading>();
        foreach (var days in ways)
        {
            var set = CalendarDays.Set(days);
            if (!set.IsEmpty && readings.All(reading => !reading.Days.Equals(set))) readings.Add(new Reading(set, $"recent-{readings.Count + 1}"));
        }
        return readings.Count == 0 ? Object<Spec>(at, "it had not begun when the story was told") : new Spec(SpecKind.Fixed, at) { Readings = readings };
    }
}
