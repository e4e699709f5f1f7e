namespace Understory.Verification;

/// <content>Whole phrases: ages, distances, durations, spans, dates.</content>
internal sealed partial class PhraseParser
{
    public Phrase Understand() =>
        Whole(ReadAge) ?? Whole(ReadYearOf) ?? Whole(ReadOffset) ?? Whole(ReadLasting) ?? Whole(ReadSpan) ?? Whole(ReadDate) ?? throw Fault();

    /// <summary>"When I was nineteen", "at 19", «в 19 лет», «мне было 19», "on my 18th birthday".</summary>
    private Phrase? ReadAge()
    {
        var isNamed = Take(TermKind.WhenI) || Take(TermKind.Aged) || TakeAgePreposition();
        SkipAll(TermKind.A, TermKind.My, TermKind.About, TermKind.Skip);
        var at = _at;
        if (ReadNumeral() is not { } years) return null;
        TakeMark('-');
        var isAge = _tokens[0].IsWord && _terms[0].Any(item => item.Term.Kind is TermKind.WhenI or TermKind.Aged);
        if (Take(TermKind.Birthday)) isAge = true;
        var unitAt = _at;
        if (Take(TermKind.Unit, out var unit))
        {
            if (unit != 3) return null;
            var word = _tokens[unitAt].Text;
            // «в 22 году» is a year of the calendar, and «в 21 год» an age.
            if (word is "году" or "року" or "році" || (word is "год" or "рік" && years.Value % 10 != 1) || years.IsOrdinal || years.Suffix is not "") return null;
            isAge |= isNamed && word is not "year" and not "years";
            TakeMark('-');
        }
        if (Take(TermKind.Old)) isAge = true;
        // "At nineteen" in words: a number in digits may be an hour or a day.
        isAge |= isNamed && _tongue == Tongues.English && _tokens[0].Text == "at" && !years.IsOrdinal && years is { Value: >= 13, Digits: 0 };
        if (!isAge || (years.IsOrdinal && _terms[_at - 1].All(item => item.Term.Kind != TermKind.Birthday))) return null;
        return years.Value <= 120 ? new Phrase.AtAge(_words, years.Value) : Object<Phrase>(at, "nobody is so old");
    }

    private bool TakeAgePreposition()
    {
        if (Next.Text is "в" or "у" or "at" or "on" or "in" or "на") return Take(TermKind.Skip) || Take(TermKind.For);
        return false;
    }

    /// <summary>"In the second year of service", «на втором году службы».</summary>
    private Phrase? ReadYearOf()
    {
        var isOn = Next.Text is "на";
        SkipAll(TermKind.Skip, TermKind.My, TermKind.For);
        if (ReadNumeral() is not { } ordinal || (!ordinal.IsOrdinal && ordinal.Suffix is "") || ordinal.Value is < 1 or > 60) return null;
        if (!Take(TermKind.YearWord, out var count) || count != 1) return null;
        SkipAll(TermKind.Skip, TermKind.My);
        if (!Take(TermKind.Service) && !(IsAtEnd && ordinal.Value < 10 && (isOn || _tongue == Tongues.English))) return null;
        return new Phrase.YearOf(_words, ordinal.Value);
    }

    /// <summary>"A few days later", «через неделю», «за день до этого», "the day before", «накануне».</summary>
    private Phrase? ReadOffset()
    {
        if (Take(TermKind.NextDay)) return new Phrase.Offset(_words, new Amount(1, 1, TimeUnit.Day, _words), false);
        if (Take(TermKind.DayBefore)) return new Phrase.Offset(_words, new Amount(1, 1, TimeUnit.Day, _words), true);
        return Try(ReadNextUnit) ?? Try(() => ReadDistance(TermKind.Through, isEarlier: false))
            ?? Try(() => ReadDistance(TermKind.For, isEarlier: true)) ?? Try(() => ReadDistance(null, isEarlier: false)) ?? Try(() => ReadDistance(null, isEarlier: true));
    }

    /// <summary>"On the next day", «на следующей неделе», "the following month", "the previous day".</summary>
    private Phrase.Offset? ReadNextUnit()
    {
        SkipAll(TermKind.Skip, TermKind.For);
        var isNext = Take(TermKind.Next);
        if (!isNext && !Take(TermKind.Previous)) return null;
        return ReadUnit() is { IsHours: false } unit ? new Phrase.Offset(_words, new Amount(unit.Count, unit.Count, unit.Unit, _words), !isNext) : null;
    }

    /// <summary>An amount with what says after or before: a word in front («через»), or behind ("later", «до этого»).</summary>
    private Phrase.Offset? ReadDistance(TermKind? front, bool isEarlier)
    {
        SkipAll(TermKind.Skip);
        var isAbout = front is not null && Take(TermKind.About);
        if (front is { } kind && !Take(kind)) return null;
        SkipAll(TermKind.Skip);
        if (ReadAmount() is not { } amount) return null;
        if (isAbout) amount = About(amount);
        var isBehind = isEarlier ? Take(TermKind.Earlier) : Take(TermKind.Later);
        return isBehind || (front == TermKind.Through && !isEarlier) ? new Phrase.Offset(_words, amount, isEarlier) : null;
    }

    /// <summary>"For three weeks", «две недели», «протягом місяця».</summary>
    private Phrase? ReadLasting()
    {
        if (Take(TermKind.For)) SkipAll(TermKind.For, TermKind.Skip, TermKind.Next);
        return ReadAmount() is { } amount ? new Phrase.Lasting(_words, amount) : null;
    }

    private Phrase? ReadSpan() => Try(ReadBetween) ?? Try(ReadSince) ?? Try(ReadUntil) ?? Try(ReadFromTo);

    private Phrase? ReadBetween()
    {
        SkipAll(TermKind.Skip);
        if (!Take(TermKind.Between) || ReadSpec(1) is not { } first) return null;
        return Take(TermKind.And) && ReadSpec(1) is { } second ? Span(first, second) : null;
    }

    /// <summary>"Since May 2022", "from May to June 2022", «с 3 по 15 марта», "after Easter 2022".</summary>
    private Phrase? ReadSince()
    {
        SkipAll(TermKind.Skip);
        var isSince = Take(TermKind.Since);
        if (!isSince && !Take(TermKind.NoEarlier) && !Take(TermKind.After)) return null;
        Take(TermKind.Since);
        if (ReadSpec(1) is not { } first) return null;
        if (_at >= _tokens.Count) return Span(first, null, isSince);
        var at = _at;
        Take(TermKind.And);
        if ((Take(TermKind.To) || Take(TermKind.Until) || TakeMark('-')) && ReadSpec(1) is { } second) return Span(first, second);
        _at = at;
        return Span(first, null, isSince);
    }

    private Phrase? ReadUntil()
    {
        SkipAll(TermKind.Whole, TermKind.Skip);
        var isTill = Take(TermKind.Until);
        if (!isTill && !Take(TermKind.NoLater) && !Take(TermKind.Before)) return null;
        return ReadSpec(1) is { } until ? Span(null, until, isTill) : null;
    }

    /// <summary>"June to August 2022", «24 февраля – 3 марта 2022», "2021–2022".</summary>
    private Phrase? ReadFromTo()
    {
        SkipAll(TermKind.Skip);
        if (ReadSpec(1) is not { } first) return null;
        return (TakeMark('-') || Take(TermKind.To)) && ReadSpec(1) is { } second ? Span(first, second) : null;
    }

    private Phrase? Span(Spec? first, Spec? second, bool namesEdge = false)
    {
        if (first is not null && second is not null) (first, second) = (first.CompletedBy(second), second.FollowedFrom(first));
        // What is not complete may be complete by another way of reading the phrase: only the end of it all tells.
        var from = first is null ? null : Resolve(first);
        var until = second is null ? null : Resolve(second);
        if ((first is not null && from is null) || (second is not null && until is null)) return null;
        if (from is not null && until is not null && until.Readings.Max(reading => reading.Days.Hull.Last) < from.Readings.Min(reading => reading.Days.Hull.First))
        {
            return Object<Phrase>(second!.At, "it ends before it begins");
        }
        return new Phrase.Span(_words, from, until, namesEdge);
    }

    /// <summary>
    /// One date, or several: "in March or April 2022". «1 и 2 января» is all of them, and what is told was then on one of these
    /// days as well.
    /// </summary>
    private Phrase? ReadDate()
    {
        if (Try(ReadAgo) is { } ago) return ago;
        SkipAll(TermKind.Skip, TermKind.Whole, TermKind.For);
        var specs = new List<Spec>();
        do
        {
            if (ReadSpec(1) is not { } spec) return null;
            specs.Add(spec);
        }
        while (Take(TermKind.Or) || Take(TermKind.And) || ReadComma());
        for (var i = specs.Count - 2; i >= 0; i--) specs[i] = specs[i].CompletedBy(specs[i + 1]);
        for (var i = 1; i < specs.Count; i++) specs[i] = specs[i].FollowedFrom(specs[i - 1]);
        var readings = new List<Reading>();
        foreach (var spec in specs)
        {
            if (Resolve(spec) is not { } date) return null;
            readings.AddRange(date.Readings);
        }
        // Where each has one reading, "this or that" is one reading with the days of both.
        if (specs.Count > 1 && readings.Count == specs.Count) readings = [new Reading(DaySet.Of(readings.SelectMany(reading => reading.Days.Ranges)))];
        else if (specs.Count > 1) readings = [.. readings.Select((reading, i) => reading with { Name = $"{i + 1}" })];
        return new Phrase.Date(_words, readings);
    }

    private bool ReadComma()
    {
        if (!TakeMark(',')) return false;
        if (!Take(TermKind.Or)) Take(TermKind.And);
        return true;
    }

    /// <summary>"Two years ago", «три тижні тому»: counted from the day the story was told, with the slack of the amount.</summary>
    private Phrase? ReadAgo()
    {
        SkipAll(TermKind.Skip);
        if (ReadAmount() is not { } amount || !Take(TermKind.Ago)) return null;
        return new Phrase.Date(_words, [new Reading(CalendarDays.Set(amount.Before(_told)))]);
    }

    private Phrase.Date? Resolve(Spec spec)
    {
        var readings = SpecDays.Resolve(spec, _tongue, out var why);
        if (readings is not null) return new Phrase.Date(_words, readings);
        // Only where all was read: otherwise it may be another kind of phrase.
        return IsAtEnd || Next.Kind == '.' || IsNext(TermKind.Inclusive) ? Object<Phrase.Date>(spec.At, why) : null;
    }
}
