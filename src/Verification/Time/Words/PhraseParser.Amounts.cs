namespace Understory.Verification;

/// <content>Numbers, and how long something was.</content>
internal sealed partial class PhraseParser
{
    /// <summary>No amount has more units than this.</summary>
    private const int MostUnits = 999;

    /// <summary>A number in digits or in words.</summary>
    private sealed record Numeral(int Value, bool IsOrdinal, int Digits, string Suffix, int At);

    public Amount UnderstandAmount() => Whole(() =>
    {
        Take(TermKind.For);
        return ReadAmount();
    }) ?? throw Fault();

    /// <summary>Digits with what is written to them (<c>22-го</c>, <c>3rd</c>), or words up to 99.</summary>
    private Numeral? ReadNumeral()
    {
        var at = _at;
        if (Next.IsNumber)
        {
            var token = Next;
            _at++;
            return new Numeral(token.Value, false, token.Text.Length, TakeSuffix(), at);
        }
        if (Take(TermKind.Ordinal, out var ordinal) && ordinal != -1) return new Numeral(ordinal, true, 0, _tokens[at].Text, at);
        _at = at;
        if (!Take(TermKind.Cardinal, out var value)) return null;
        if (value < 20) return new Numeral(value, false, 0, "", at);
        var afterTens = _at;
        TakeMark('-');
        var unitAt = _at;
        if (Take(TermKind.Ordinal, out ordinal) && ordinal is > 0 and < 10) return new Numeral(value + ordinal, true, 0, _tokens[unitAt].Text, at);
        _at = unitAt;
        if (Take(TermKind.Cardinal, out var unit) && unit < 10) return new Numeral(value + unit, false, 0, "", at);
        _at = afterTens;
        return new Numeral(value, false, 0, "", at);
    }

    /// <summary><c>-го</c>, <c>th</c>: joined to the number before; never a word that is also something else after a blank.</summary>
    private string TakeSuffix()
    {
        var at = _at;
        if (Next is { Kind: '-', IsGlued: true }) _at++;
        if (Next is { IsWord: true, IsGlued: true } && Take(TermKind.Suffix)) return _tokens[_at - 1].Text;
        _at = at;
        return "";
    }

    /// <summary>"Two to three weeks", "a few days", «полтора месяца», "more than a year", «недели две», "a year and two months".</summary>
    private Amount? ReadAmount()
    {
        var start = _at;
        var isAbout = false;
        var (isMore, isLess) = (false, false);
        for (var isRead = true; isRead;)
        {
            isRead = false;
            if (Take(TermKind.About)) isRead = isAbout = true;
            else if (Take(TermKind.MoreThan)) isRead = isMore = true;
            else if (Take(TermKind.LessThan)) isRead = isLess = true;
        }
        if (isMore && isLess) return null;
        var amount = Try(ReadHalves) ?? Try(ReadInverted) ?? Try(ReadPlain);
        if (amount is null) return null;
        if (Take(TermKind.AndHalf)) amount = Halves((2 * amount.Least) + 1, (2 * amount.Most) + 1, amount.Unit);
        else amount = AndRest(amount);
        if (isAbout) amount = About(amount);
        if (isMore) amount = amount with { Most = Math.Min(10 * amount.Most, 10 * MostUnits) };
        if (isLess) amount = amount with { Least = 0 };
        var end = _at < _tokens.Count ? _tokens[_at].Start : _words.Length;
        return amount with { Words = start < _tokens.Count ? _words[_tokens[start].Start..end].Trim() : "" };
    }

    /// <summary>By a quarter, at least by one.</summary>
    private static Amount About(Amount amount)
    {
        var by = Math.Max(1, (amount.Most + 3) / 4);
        return amount with { Least = Math.Max(0, amount.Least - by), Most = amount.Most + by };
    }

    /// <summary>«полгода», "half a year", «полтора месяца», «півтора року».</summary>
    private Amount? ReadHalves()
    {
        if (Take(TermKind.HalfUnit, out var half)) return half switch
        {
            8 => new Amount(6, 6, TimeUnit.Month, ""),
            10 => new Amount(2, 2, TimeUnit.Week, ""),
            _ => new Amount(0, 1, TimeUnit.Day, ""),
        };
        if (Next is { IsNumber: true, Text.Length: <= 2 } whole && Peek(1).Kind is '.' or ',' && Peek(2) is { Text: "5", IsGlued: true })
        {
            _at += 3;
            return ReadUnit() is { } part ? Halves((2 * whole.Value) + 1, (2 * whole.Value) + 1, part) : null;
        }
        // «две с половиной недели».
        if (Try(() => ReadNumeral() is { IsOrdinal: false, Value: <= 99 } number && Take(TermKind.AndHalf) ? number : null) is { } count)
        {
            return ReadUnit() is { } counted ? Halves((2 * count.Value) + 1, (2 * count.Value) + 1, counted) : null;
        }
        if (Take(TermKind.OneAndHalf)) return ReadUnit() is { } unit ? Halves(3, 3, unit) : null;
        return Take(TermKind.Half) && ReadUnit() is { } halved ? Halves(1, 1, halved) : null;
    }

    /// <summary>So many half units, in the next smaller unit where that is not whole: a month and a half is six to seven weeks.</summary>
    private static Amount Halves(int least, int most, (int Count, TimeUnit Unit, bool IsHours) unit) =>
        unit.IsHours ? new Amount(0, 1, TimeUnit.Day, "") : Halves(least * unit.Count, most * unit.Count, unit.Unit);

    private static Amount Halves(int least, int most, TimeUnit unit) => unit switch
    {
        TimeUnit.Year => new Amount(6 * least, 6 * most, TimeUnit.Month, ""),
        TimeUnit.Month when (least, most) == (1, 1) => new Amount(2, 2, TimeUnit.Week, ""),
        TimeUnit.Month => new Amount((int)(least * 30.44 / 14), (int)Math.Ceiling(most * 30.44 / 14), TimeUnit.Week, ""),
        TimeUnit.Week => new Amount(7 * least / 2, ((7 * most) + 1) / 2, TimeUnit.Day, ""),
        _ => new Amount(least / 2, (most + 1) / 2, TimeUnit.Day, ""),
    };

    /// <summary>«недели две», «дня три»: about so many.</summary>
    private Amount? ReadInverted()
    {
        if (ReadUnit() is not { } unit) return null;
        var at = _at;
        if (ReadNumeral() is not { IsOrdinal: false, Digits: 0 } count) return null;
        return Of(at, count.Value, count.Value, unit) is { } amount ? About(amount) : null;
    }

    private Amount? ReadPlain()
    {
        var at = _at;
        if (ReadQuantity() is not var (least, most, isSaid)) return null;
        var unitAt = _at;
        if (ReadUnit() is not { } unit) return null;
        // «в 22 году», «22 року» are years of the calendar: nobody counts to 22 with the singular.
        var word = _tokens[unitAt].Text;
        if (isSaid && most is > 1 and not 21 and not 31 && word is "году" or "року" or "році" or "год" or "рік")
        {
            return Object<Amount>(unitAt, "it is a year of the calendar and not how long");
        }
        // "A week or two"; «месяц-полтора».
        var afterUnit = _at;
        if (most == 1 && Take(TermKind.Or) && Take(TermKind.Cardinal, out var other) && other > 1 && !IsNext(TermKind.Unit)) return Of(at, 1, other, unit);
        _at = afterUnit;
        if (!isSaid && TakeMark('-') && Take(TermKind.OneAndHalf)) return Of(at, 1, 2, unit);
        _at = afterUnit;
        // «день-два», «неделю-другую».
        if (!isSaid && TakeMark('-'))
        {
            if (Take(TermKind.Cardinal, out most) || Take(TermKind.Ordinal, out most)) return Of(at, 1, Math.Max(1, most), unit);
            _at--;
        }
        return Of(at, least, most, unit);
    }

    /// <summary>From how many to how many; where nothing is said, one.</summary>
    private (int Least, int Most, bool IsSaid)? ReadQuantity()
    {
        if (Take(TermKind.Vague, out var vague)) return (vague / 100, vague % 100, true);
        if (Take(TermKind.A)) return Take(TermKind.Vague, out vague) ? (vague / 100, vague % 100, true) : (1, 1, true);
        var at = _at;
        if (ReadNumeral() is not { IsOrdinal: false } count || !IsCount(count))
        {
            _at = at;
            return (1, 1, false);
        }
        // "1.5 months", «2,5 года»: only halves.
        if (count.Digits > 0 && Next is { Kind: '.' or ',', IsGlued: true } && Peek(1) is { IsNumber: true, IsGlued: true })
        {
            return null;
        }
        var afterFirst = _at;
        if (TakeMark('-') || Take(TermKind.To) || Take(TermKind.Or))
        {
            if (ReadNumeral() is { IsOrdinal: false } second && IsCount(second) && second.Value > count.Value) return (count.Value, second.Value, true);
            _at = afterFirst;
        }
        return (count.Value, count.Value, true);
    }

    /// <summary>«5-ти», «2-х», «2-мя»; what else is joined to a number makes an ordinal of it, and «90-х» a decade.</summary>
    private static bool IsCount(Numeral count) => count.Suffix is "" or "ти" or "мя" or "ма" || (count.Suffix is "х" && count.Value < 5);

    private (int Count, TimeUnit Unit, bool IsHours)? ReadUnit()
    {
        SkipAll(TermKind.A, TermKind.Whole);
        if (!Take(TermKind.Unit, out var unit)) return null;
        return unit switch
        {
            <= 3 => (1, (TimeUnit)unit, false),
            4 => (1, TimeUnit.Day, true),
            6 => (10, TimeUnit.Year, false),
            7 => (3, TimeUnit.Month, false),
            _ => (2, TimeUnit.Week, false),
        };
    }

    private Amount? Of(int at, int least, int most, (int Count, TimeUnit Unit, bool IsHours) unit)
    {
        if (most > (unit.Unit == TimeUnit.Year ? 150 / unit.Count : MostUnits)) return IsAtEnd && most is < 1900 or > 2199 ? Object<Amount>(at, "that is too many") : null;
        // Hours and minutes: the same day, or as many days as they may touch.
        return unit.IsHours ? new Amount(least / 24, (most + 23) / 24, TimeUnit.Day, "") : new Amount(least * unit.Count, most * unit.Count, unit.Unit, "");
    }

    /// <summary>"… and two months", «… и три дня».</summary>
    private Amount AndRest(Amount amount)
    {
        var at = _at;
        Take(TermKind.And);
        // "Three weeks and a half": the half is of the unit before.
        if (_at > at && Take(TermKind.Half)) return Halves((2 * amount.Least) + 1, (2 * amount.Most) + 1, amount.Unit);
        if (IsNext(TermKind.Cardinal) || IsNext(TermKind.A) || Next.IsNumber || IsNext(TermKind.Unit) || IsNext(TermKind.Vague))
        {
            if (Try(ReadPlain) is { } rest && rest.Unit < amount.Unit) return Sum(amount, rest);
        }
        _at = at;
        return amount;
    }

    private static Amount Sum(Amount large, Amount small)
    {
        if (large.Unit == TimeUnit.Year && small.Unit == TimeUnit.Month)
        {
            return new Amount((12 * large.Least) + small.Least, (12 * large.Most) + small.Most, TimeUnit.Month, "");
        }
        var (shortest, longest) = large.Unit switch { TimeUnit.Year => (365, 366), TimeUnit.Month => (28, 31), _ => (7, 7) };
        var unit = small.Unit switch { TimeUnit.Month => 31, TimeUnit.Week => 7, _ => 1 };
        return new Amount((large.Least * shortest) + (small.Least * unit), (large.Most * longest) + (small.Most * unit), TimeUnit.Day, "");
    }
}
