namespace Understory.Verification;

/// <content>One date: from a day to decades of years.</content>
internal sealed partial class PhraseParser
{
    private const int Deepest = 3;

    /// <summary>A date with what may stand before it: "about", "the eve of", "two weeks after", a weekday.</summary>
    private Spec? ReadSpec(int depth)
    {
        if (depth > Deepest) return null;
        SkipAll(TermKind.Skip, TermKind.Whole);
        if (Take(TermKind.Night)) return ReadSpec(depth + 1) is { } night ? night with { IsNight = true } : null;
        var isAbout = Take(TermKind.About);
        if (isAbout) SkipAll(TermKind.Skip, TermKind.About);
        var spec = Try(() => ReadEve(depth)) ?? Try(() => ReadMoved(depth)) ?? Try(ReadWeekOf) ?? Try(ReadWeekdayIn) ?? ReadDated();
        return spec is null || !isAbout ? spec : spec with { IsAbout = true };
    }

    /// <summary>«накануне Пасхи 2022», "on the eve of 24 February 2022".</summary>
    private Spec? ReadEve(int depth)
    {
        if (!Take(TermKind.Eve)) return null;
        SkipAll(TermKind.Skip);
        return ReadSpec(depth + 1) is { } spec ? spec with { IsEve = true } : null;
    }

    /// <summary>"Two weeks after Easter 2022", «за день до 24 февраля 2022».</summary>
    private Spec? ReadMoved(int depth)
    {
        SkipAll(TermKind.For, TermKind.Through);
        if (ReadAmount() is not { } amount) return null;
        var isBack = Take(TermKind.Before) || (_tongue != Tongues.English && Take(TermKind.Until));
        if (!isBack && !Take(TermKind.After)) return null;
        return ReadSpec(depth + 1) is { Moved: null } spec ? spec with { Moved = amount, IsMovedBack = isBack } : null;
    }

    /// <summary>"The week of 7 March 2022".</summary>
    private Spec? ReadWeekOf()
    {
        if (!Take(TermKind.Unit, out var unit) || unit != 1) return null;
        SkipAll(TermKind.Skip);
        return ReadDated() is { Kind: SpecKind.Day or SpecKind.Holiday } spec ? spec with { IsWeekOf = true } : null;
    }

    /// <summary>"The first Monday of March 2022", "a Sunday in May 2022", «в последние выходные марта».</summary>
    private Spec? ReadWeekdayIn()
    {
        var at = _at;
        Take(TermKind.A);
        var ordinal = ReadOrdinal() ?? 0;
        if (!TakeWeekday(out var days)) return null;
        if (ordinal == 0 && !Take(TermKind.Skip)) return null;
        SkipAll(TermKind.Skip);
        return ReadCore() is { Kind: SpecKind.Month or SpecKind.Season or SpecKind.Week or SpecKind.Year } spec
            ? spec with { At = at, Weekdays = days, WeekdayOrdinal = ordinal }
            : null;
    }

    /// <summary>A date with its weekday before or behind it, or a year with a date behind it.</summary>
    private Spec? ReadDated()
    {
        var isFirst = TakeWeekday(out var days);
        if (isFirst) TakeMark(',');
        SkipAll(TermKind.Skip, TermKind.A);
        if (ReadCore() is not { } spec) return null;
        if (spec is { Kind: SpecKind.Year, Cut: 0 } && Try(() => ReadOfYear(spec)) is { } dated) spec = dated;
        if (!isFirst && spec.Kind == SpecKind.Day)
        {
            var at = _at;
            TakeMark(',');
            if (!TakeWeekday(out days)) _at = at;
        }
        return days != 0 && spec.Weekdays == 0 ? spec with { Weekdays = days } : spec;
    }

    /// <summary>«в 2022 году, в сентябре».</summary>
    private Spec? ReadOfYear(Spec year)
    {
        var (at, furthest) = (_at, _furthest);
        TakeMark(',');
        SkipAll(TermKind.Skip);
        if (ReadCore() is { NeedsYear: true, Kind: not SpecKind.Bare and not SpecKind.Year } spec) return spec with { Year = year.Year };
        // Whatever was read there does not belong to the year: the fault, if there is one, is before it.
        (_at, _furthest) = (at, Math.Max(furthest, at));
        return null;
    }

    private bool TakeWeekday(out int days)
    {
        days = 0;
        if (Take(TermKind.Weekday, out var weekday)) days = 1 << (weekday - 1);
        else if (Take(TermKind.Weekend)) days = 0b110_0000;
        return days != 0;
    }

    private Spec? ReadCore() =>
        Try(ReadNumeric) ?? Try(ReadPart) ?? Try(ReadRelative) ?? Try(ReadHoliday) ?? Try(ReadDayOfMonth) ?? Try(ReadMonthOrSeason)
            ?? Try(ReadYears) ?? Try(ReadYear) ?? Try(ReadBare);

    /// <summary>"Early", "the third decade of", "the first half of" and what they are of.</summary>
    private Spec? ReadPart()
    {
        var at = _at;
        if (Take(TermKind.Part, out var part))
        {
            TakeMark('-');
            SkipAll(TermKind.Skip);
            if (ReadWhole() is { } whole) return whole with { At = at, Cut = part };
            // «в конце 22-го».
            if (Try(ReadNumeral) is { Digits: 2, Suffix: "го" or "ого" } year && !IsNext(TermKind.Month)) return new Spec(SpecKind.Year, at) { Year = TwoDigits(year.Value), Cut = part };
            return TakesAnother() ? new Spec(SpecKind.Bare, at) { Cut = part } : null;
        }
        if (Take(TermKind.Unit, out var week) && week == 1)
        {
            return Next is { IsNumber: true, Text.Length: <= 2 } && ReadNumeral() is { Value: >= 1 and <= 53 } number ? WeekOf(at, number.Value) : null;
        }
        _at = at;
        if (ReadOrdinal() is not { } ordinal) return null;
        if (Take(TermKind.HalfOf)) return ordinal is 1 or 2 or -1 ? Of(at, Spec.FirstHalf + (ordinal == 1 ? 0 : 1)) : null;
        if (Take(TermKind.TenDays)) return ordinal is -1 or (>= 1 and <= 3) ? OfMonth(at, ordinal < 0 ? Spec.Late : ordinal) : Object<Spec>(at, "a month has three decades");
        if (Take(TermKind.Dates))
        {
            var cut = ordinal switch { 1 => 1, -1 => Spec.Late, 10 => Spec.Teens, 20 => Spec.Teens + 1, _ => 0 };
            return cut != 0 ? OfMonth(at, cut) : null;
        }
        var unitAt = _at;
        if (!Take(TermKind.Unit, out var unit)) return null;
        return unit switch
        {
            0 when _tokens[unitAt].Text is "days" or "дни" or "днях" or "дней" or "дні" or "днів" =>
                ordinal is 1 or -1 ? OfMonth(at, ordinal == 1 ? 1 : Spec.Late) : null,
            0 => OfMonth(at, 0) is { } month ? month with { DayOrdinal = ordinal } : null,
            // "The first weeks of June": its first half.
            1 when IsPlural(at, unitAt) => ordinal is 1 or -1 ? OfMonth(at, Spec.FirstHalf + (ordinal == 1 ? 0 : 1)) : null,
            1 => WeekOf(at, ordinal),
            7 => ordinal is -1 or (>= 1 and <= 4) && Of(at, Spec.FirstQuarter + (ordinal < 0 ? 3 : ordinal - 1)) is { Kind: SpecKind.Year } year ? year : null,
            _ => null,
        };
    }

    private bool IsPlural(int ordinalAt, int unitAt) =>
        _tokens[unitAt].Text == "weeks" || _tokens[ordinalAt].Text is "первые" or "первых" or "последние" or "последних" or "перші" or "перших" or "останні" or "останніх";

    /// <summary>Whether another date follows, which completes this one: "mid to late September".</summary>
    private bool TakesAnother() => Next.Kind == '-' || IsNext(TermKind.To) || IsNext(TermKind.And) || IsNext(TermKind.Or) || (_tokens[_at - 1].Kind == '-' && _at-- > 0);

    private Spec? Of(int at, int cut)
    {
        SkipAll(TermKind.Skip);
        return ReadWhole() is { } whole ? whole with { At = at, Cut = cut } : null;
    }

    private Spec? OfMonth(int at, int cut)
    {
        SkipAll(TermKind.Skip);
        var monthAt = _at;
        if (ReadWhole() is not { } whole) return null;
        return whole.Kind == SpecKind.Month ? whole with { At = at, Cut = cut } : Object<Spec>(monthAt, "a month is missing here");
    }

    private Spec? WeekOf(int at, int week)
    {
        SkipAll(TermKind.Skip);
        return ReadWhole() is { Kind: SpecKind.Month or SpecKind.Year } whole ? whole with { Kind = SpecKind.Week, At = at, Week = week } : null;
    }

    /// <summary>What may be cut in parts.</summary>
    private Spec? ReadWhole() => Try(ReadRelative) ?? Try(ReadMonthOrSeason) ?? Try(ReadYears) ?? Try(ReadYear);

    /// <summary>An ordinal in words or digits (<c>3-я</c>, <c>3rd</c>), −1 for the last.</summary>
    private int? ReadOrdinal()
    {
        var at = _at;
        if (Take(TermKind.Ordinal, out var last) && last == -1) return -1;
        _at = at;
        if (ReadNumeral() is { } numeral && (numeral.IsOrdinal || numeral.Suffix is not "") && numeral.Value is >= 1 and <= 53) return numeral.Value;
        _at = at;
        // «2 неделя июня»: the case says that it is no number of weeks.
        if (Next is { IsNumber: true, Text.Length: 1 } && Peek(1).Text is "неделя" or "неделе" or "неделю" or "тиждень" or "декада" or "декаде" or "декаду" or "декаді" && Next.Value is >= 1 and <= 5)
        {
            return _tokens[_at++].Value;
        }
        return null;
    }

    /// <summary>"24 February 2022", «24-го лютого 2022 року», "February 24th, 2022".</summary>
    private Spec? ReadDayOfMonth()
    {
        var at = _at;
        if (Try(ReadNumeral) is { Digits: <= 2 } day)
        {
            // "24-Feb-2022".
            if (Next is { Kind: '-', IsGlued: true } && Peek(2) is { Kind: '-', IsGlued: true } && IsNext(TermKind.Month, 1) && Peek(3) is { IsNumber: true, Text.Length: 4 } last)
            {
                _at++;
                Take(TermKind.Month, out var joined);
                _at += 2;
                return new Spec(SpecKind.Day, at) { Day = day.Value, Month = joined, Year = last.Value };
            }
            SkipAll(TermKind.Skip);
            return Take(TermKind.Month, out var month) ? new Spec(SpecKind.Day, at) { Day = day.Value, Month = month, Year = ReadYearBehind(isSlavic: true) } : null;
        }
        var word = Next.Text ?? "";
        if (!Take(TermKind.Month, out var first) || word.Any(Scanner.IsCyrillic)) return null;
        TakeMark(',');
        SkipAll(TermKind.Skip);
        if (Try(ReadNumeral) is not { Digits: <= 2, Value: <= 31 } second || IsNext(TermKind.YearWord)) return null;
        // "March twenty twenty-two" is no day.
        if (second is { Digits: 0, IsOrdinal: false } && (IsNext(TermKind.Cardinal) || IsNext(TermKind.Thousand)) && second.Value is 19 or 20 or 2) return null;
        return new Spec(SpecKind.Day, at) { Day = second.Value, Month = first, Year = ReadYearBehind(isSlavic: false) };
    }

    private Spec? ReadMonthOrSeason()
    {
        var at = _at;
        var isSlavic = (Next.Text ?? "").Any(Scanner.IsCyrillic);
        if (Take(TermKind.Month, out var month)) return new Spec(SpecKind.Month, at) { Month = month, Year = ReadYearBehind(isSlavic) };
        if (!Take(TermKind.Season, out var season)) return null;
        var spec = new Spec(SpecKind.Season, at) { SeasonMonth = season, Year = ReadYearBehind(isSlavic) };
        if (season != 12 || spec.Year is not { } year || Next.Kind is not ('/' or '-') || !Peek(1).IsNumber) return spec;
        // "Winter 2022/23", «зима 2022–2023».
        var second = Peek(1);
        if ((second.Text.Length == 2 ? year - (year % 100) + second.Value : second.Value) != year + 1) return spec;
        _at += 2;
        Take(TermKind.YearWord);
        return spec with { YearTo = year + 1 };
    }

    /// <summary>A number that waits for its month ("from 3 to 15 March"), which only another date can give.</summary>
    private Spec? ReadBare()
    {
        var at = _at;
        if (ReadNumeral() is not { Digits: <= 2, Value: >= 1 and <= 31 } day) return null;
        return day.Digits > 0 || day.IsOrdinal ? new Spec(SpecKind.Bare, at) { Day = day.Value } : null;
    }

    /// <summary>"Orthodox Easter 2022", «Новий 2023 рік».</summary>
    private Spec? ReadHoliday()
    {
        var at = _at;
        Take(TermKind.Rite, out var rite);
        if (Next.Text is "новый" or "нового" or "новому" or "новым" or "новом" or "новий" or "новим" && Peek(1) is { IsNumber: true, Text.Length: 4 } year)
        {
            _at += 2;
            TakeSuffix();
            return Take(TermKind.YearWord) ? new Spec(SpecKind.Holiday, at) { HolidayNumber = 1, Year = year.Value } : null;
        }
        if (!Take(TermKind.Holiday, out var holiday)) return null;
        return new Spec(SpecKind.Holiday, at) { HolidayNumber = holiday, Rite = rite, Year = ReadYearBehind(isSlavic: true) };
    }

    /// <summary>
    /// "24.02.2022", "24/02/22", "09.2022", "09.22", "2022-02-24". The day comes first; in an English phrase with slashes the
    /// month may, and both are kept.
    /// </summary>
    private Spec? ReadNumeric()
    {
        var at = _at;
        if (Next is not { IsNumber: true } first || Peek(1).Kind is not ('.' or '/' or '-') || Peek(2) is not { IsNumber: true } second) return null;
        var mark = Peek(1).Kind;
        if (mark == '-' && (!Peek(1).IsGlued || !second.IsGlued)) return null;
        if (first.Text.Length > 4 || second.Text.Length > 4) return null;
        Token? third = Peek(3).Kind == mark && Peek(4).IsNumber ? Peek(4) : null;
        var spec = third is { } last ? Three(at, mark, first, second, last) : Two(at, mark, first, second);
        if (spec is null) return null;
        _at += third is null ? 3 : 5;
        TakeSuffix();
        Take(TermKind.YearWord);
        return spec;
    }

    private Spec? Three(int at, char mark, Token first, Token second, Token third)
    {
        if (second.Text.Length > 2) return null;
        if (first.Text.Length == 4) return third.Text.Length <= 2 ? new Spec(SpecKind.Day, at) { Day = third.Value, Month = second.Value, Year = first.Value } : null;
        if (first.Text.Length > 2 || (third.Text.Length != 4 && (third.Text.Length != 2 || mark == '-'))) return null;
        var year = third.Text.Length == 2 ? TwoDigits(third.Value) : third.Value;
        var dayFirst = new Spec(SpecKind.Day, at) { Day = first.Value, Month = second.Value, Year = year };
        var monthFirst = dayFirst with { Day = second.Value, Month = first.Value };
        if (mark != '/' || _tongue != Tongues.English || first.Value > 12 || first.Value == second.Value) return dayFirst;
        if (second.Value > 12) return monthFirst;
        var readings = new List<Reading>();
        foreach (var (spec, name) in ((Spec, string)[])[(dayFirst, "day-first"), (monthFirst, "month-first")])
        {
            if (SpecDays.Resolve(spec, _tongue, out _) is [var reading]) readings.Add(reading with { Name = name });
        }
        return readings.Count == 2 ? new Spec(SpecKind.Fixed, at) { Readings = readings } : dayFirst;
    }

    private Spec? Two(int at, char mark, Token first, Token second)
    {
        var isMonthFirst = first.Value is >= 1 and <= 12 && first.Text.Length <= 2;
        if (first.Text.Length == 4) return second.Text.Length == 2 && second.Value <= 12 ? new Spec(SpecKind.Month, at) { Month = second.Value, Year = first.Value } : null;
        if (mark == '-') return null;
        if (second.Text.Length == 4) return isMonthFirst ? new Spec(SpecKind.Month, at) { Month = first.Value, Year = second.Value } : null;
        if (first.Text.Length > 2 || second.Text.Length > 2) return null;
        // "09.22" can be nothing but a month and its year; "05.10" may be a day, and then has no year.
        if (second.Value > 12) return isMonthFirst && second.Text.Length == 2 ? new Spec(SpecKind.Month, at) { Month = first.Value, Year = TwoDigits(second.Value) } : null;
        return new Spec(SpecKind.Day, at) { Day = first.Value, Month = second.Value };
    }
}
