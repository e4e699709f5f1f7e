namespace Understory.Verification;

/// <summary>Dates of a story: EDTF first, otherwise a phrase. What neither understands is a fault that points at it.</summary>
/// <param name="told">The day the story was told: no year lies after it.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class DateReader(int told, Faults faults)
{
    private const int MaxLength = 200;

    /// <summary>The day the story was told.</summary>
    public int Told => told;

    /// <summary>Understands a date, a span, a length of time…; null with a fault where it is not understood.</summary>
    public Phrase? Read(Node.Scalar words)
    {
        if (words.Text.Length > MaxLength)
        {
            faults.Add($"A date has at most {MaxLength} characters.", words.At);
            return null;
        }
        Phrase phrase;
        try
        {
            phrase = Phrases.Understand(words.Text.Trim(), told);
        }
        catch (StoryException fault)
        {
            faults.Add(fault.Message, Inside(words, fault.Offset), fault);
            return null;
        }
        return IsInTime(phrase, words) ? phrase : null;
    }

    /// <summary>All days on which something may have been that has a day: united over the readings, which accuses least.</summary>
    public DaySet? Days(Node.Scalar words, string what)
    {
        switch (Read(words))
        {
            case null:
                return null;
            case Phrase.Date date:
                return date.Readings.Aggregate(DaySet.None, (days, reading) => days.Union(reading.Days));
            case Phrase.Span { From: { } from, Until: { } until }:
                var (first, last) = (from.Readings.Min(reading => reading.Days.Hull.First), until.Readings.Max(reading => reading.Days.Hull.Last));
                if (first <= last) return DaySet.Of(new DayRange(first, last));
                break;
        }
        faults.Add($"'{Node.Shown(words.Text)}' is not {what}: a date, or from one date to another.", words.At);
        return null;
    }

    /// <summary>Understands how long something was, as "two months".</summary>
    public Amount? Length(Node.Scalar words)
    {
        try
        {
            if (words.Text.Length <= MaxLength) return Amounts.Understand(words.Text.Trim());
            faults.Add($"A length of time has at most {MaxLength} characters.", words.At);
        }
        catch (StoryException fault)
        {
            faults.Add(fault.Message, Inside(words, fault.Offset), fault);
        }
        return null;
    }

    /// <summary>Years are 1900 to that of the telling. A later day of the same year is for the check to find.</summary>
    private bool IsInTime(Phrase phrase, Node.Scalar words)
    {
        IEnumerable<Phrase.Date?> dates = phrase switch
        {
            Phrase.Date date => [date],
            Phrase.Span span => [span.From, span.Until],
            _ => [],
        };
        var last = new DateOnly(DateOnly.FromDayNumber(told).Year, 12, 31).DayNumber;
        foreach (var date in dates)
        {
            // A date on which no day is left lies before 1900 or after 2199.
            if (date is null || date.Readings.Any(reading => !reading.Days.IsEmpty && reading.Days.Hull.First <= last && reading.Days.Hull.Last >= DayRange.Earliest)) continue;
            faults.Add($"'{Node.Shown(words.Text)}' lies outside the years from 1900 to that of the telling, {DateOnly.FromDayNumber(told).Year}.", words.At);
            return false;
        }
        return true;
    }

    /// <summary>The place inside a text, where the text stands in the file as it is; otherwise the text's.</summary>
    private static Position Inside(Node.Scalar words, int? offset)
    {
        if (!words.IsVerbatim || offset is not { } inside || inside > words.Text.Trim().Length) return words.At;
        var lead = words.Text.Length - words.Text.TrimStart().Length;
        return words.TextAt with { Column = words.TextAt.Column + lead + inside };
    }
}
