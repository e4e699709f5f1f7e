using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Understory.Verification;

/// <summary>
/// The Extended Date/Time Format, ISO 8601-2:2019 (which the Library of Congress describes), levels 0 to 2, as far as days go.
/// What each form means in days stands in docs/formats/story.md, "Time".
/// </summary>
public static class Edtf
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789XYESTZ-+:./?~%[]{}, ");

    /// <summary>Whether a text can be nothing but EDTF: it has no letters but those of EDTF, and begins as EDTF does.</summary>
    public static bool LooksLike(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return !text.IsEmpty && text.IndexOfAnyExcept(Characters) < 0
            && (char.IsAsciiDigit(text[0]) || "XY-./?~%[{".Contains(text[0]));
    }

    /// <summary>Reads a date, an interval or a set of 1900 to 2199.</summary>
    /// <param name="text">The text; blanks around it do not matter.</param>
    /// <param name="phrase">A <see cref="Phrase.Date"/>, or for an interval a <see cref="Phrase.Span"/>.</param>
    /// <param name="faultAt">Where it is at fault: an index into <paramref name="text"/>, at most its length.</param>
    /// <param name="why">Why it is not read, as the part of a sentence.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Phrase? phrase, out int faultAt, out string why) =>
        TryRead(text, anyYear: false, out phrase, out faultAt, out why);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Phrase?, out int, out string)"/>
    public static bool TryParse(string text, [NotNullWhen(true)] out Phrase? phrase, out int faultAt, out string why) =>
        TryRead(text, anyYear: false, out phrase, out faultAt, out why);

    /// <summary>The same, and with <paramref name="anyYear"/> also what lies outside 1900 to 2199, which then has no days.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, bool anyYear, [NotNullWhen(true)] out Phrase? phrase, out int faultAt, out string why)
    {
        var reader = new Reader { AnyYear = anyYear };
        var start = text.Length - text.TrimStart().Length;
        var trimmed = text.Trim();
        phrase = trimmed switch
        {
            { Length: > Phrases.Longest } => reader.Fail(0, "it is too long"),
            ['[' or '{', ..] => reader.Set(trimmed),
            _ when trimmed.Contains('/') => reader.Interval(trimmed),
            _ => reader.Whole(trimmed),
        };
        (faultAt, why) = phrase is null ? (start + reader.FaultAt, reader.Why) : (0, "");
        return phrase is not null;
    }

    private sealed class Reader
    {
        public bool AnyYear { get; init; }

        public int FaultAt { get; private set; }

        public string Why { get; private set; } = "";

        public Phrase? Fail(int at, string why)
        {
            (FaultAt, Why) = (at, why);
            return null;
        }

        public Phrase.Date? Whole(ReadOnlySpan<char> text) => Date(text, 0) is { } date ? new Phrase.Date(text.ToString(), date.Readings) : null;

        public Phrase? Interval(ReadOnlySpan<char> text)
        {
            var slash = text.IndexOf('/');
            var left = text[..slash];
            var right = text[(slash + 1)..];
            if (!End(left, 0, out var from) || !End(right, slash + 1, out var until)) return null;
            if (from is { Days.IsEmpty: false } && until is { Days.IsEmpty: false } && until.Days.Hull.Last < from.Days.Hull.First)
            {
                return Fail(slash + 1, "it ends before it begins");
            }
            return new Phrase.Span(
                text.ToString(),
                from is null ? null : new Phrase.Date(left.ToString(), from.Readings),
                until is null ? null : new Phrase.Date(right.ToString(), until.Readings))
            { IsBound = from is null || until is null };
        }

        /// <summary>One of several, or all of several: either way what is told was on one of these days.</summary>
        public Phrase? Set(ReadOnlySpan<char> text)
        {
            var close = text[0] == '[' ? ']' : '}';
            if (text[^1] != close) return Fail(text.Length - 1, $"a set that begins with {text[0]} ends with {close}");
            var days = DaySet.None;
            for (var at = 1; at < text.Length; at++)
            {
                var length = text[at..^1].IndexOf(',');
                var (isFirst, isLast) = (at == 1, length < 0);
                if (isLast) length = text.Length - 1 - at;
                var item = text.Slice(at, length);
                var start = at + item.Length - item.TrimStart().Length;
                if (Item(item.Trim(), start, isFirst, isLast) is not { } found) return null;
                days = days.Union(found);
                at += length;
            }
            return new Phrase.Date(text.ToString(), [new Reading(days)]);
        }

        /// <summary>A date, or <c>a..b</c>; the first may be <c>..b</c>, the last <c>a..</c>.</summary>
        private DaySet? Item(ReadOnlySpan<char> item, int at, bool isFirst, bool isLast)
        {
            var dots = item.IndexOf("..");
            if (dots < 0) return Date(item, at)?.Days;
            var left = item[..dots].TrimEnd();
            var right = item[(dots + 2)..];
            var rightAt = at + item.Length - right.TrimStart().Length;
            right = right.Trim();
            if ((left.IsEmpty && (right.IsEmpty || !isFirst)) || (right.IsEmpty && !isLast))
            {
                Fail(at + dots, "only the first of a set has no start and only the last no end");
                return null;
            }
            var (first, last) = (DayRange.Earliest, DayRange.Latest);
            if (!left.IsEmpty)
            {
                if (Date(left, at) is not { } date) return null;
                if (date.Days.IsEmpty) return DaySet.None;
                first = date.Days.Hull.First;
            }
            if (!right.IsEmpty)
            {
                if (Date(right, rightAt) is not { } date) return null;
                if (date.Days.IsEmpty) return DaySet.None;
                last = date.Days.Hull.Last;
            }
            if (first <= last) return DaySet.Of(new DayRange(first, last));
            Fail(rightAt, "it ends before it begins");
            return null;
        }

        /// <summary>One end of an interval: <c>..</c> is open and nothing is unknown, which for us is the same.</summary>
        private bool End(ReadOnlySpan<char> text, int at, out EdtfDate? date)
        {
            date = null;
            if (text is "" or "..") return true;
            date = Date(text, at);
            if (date is null) return false;
            if (date.FitsInterval) return true;
            Fail(at, "an interval has years, months and days at its ends");
            return false;
        }

        private EdtfDate? Date(ReadOnlySpan<char> text, int at)
        {
            if (EdtfDate.Read(text, out var faultAt, out var why) is not { } date)
            {
                Fail(at + faultAt, why);
                return null;
            }
            if (AnyYear || !date.Days.IsEmpty) return date;
            Fail(at, "it lies outside the years 1900 to 2199");
            return null;
        }
    }
}
