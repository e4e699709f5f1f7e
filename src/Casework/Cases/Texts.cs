using System.Globalization;
using System.Text;

namespace Understory.Casework;

/// <summary>What people type at the Desk, checked before anything is written.</summary>
internal static class Texts
{
    public const int MaxName = 256;

    /// <summary>A name that lists show: not empty, in one line, without characters that nobody sees.</summary>
    /// <exception cref="CaseworkException">It is not one.</exception>
    public static string Name(string name, string what)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new CaseworkException($"{what} needs a name.");
        var trimmed = Limited(name.Trim(), MaxName);
        // Direction marks turn names around in lists; line breaks make one name look like two rows.
        if (trimmed.EnumerateRunes().Any(letter => Rune.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
        {
            throw new CaseworkException("A name cannot have characters that are not seen: line breaks, tabs, direction marks.");
        }
        return trimmed;
    }

    /// <summary>Words for somebody to read.</summary>
    /// <exception cref="CaseworkException">There are none, or too many.</exception>
    public static void CheckWords(string words)
    {
        if (string.IsNullOrWhiteSpace(words)) throw new CaseworkException("There is nothing written.");
        Limited(words, Bodies.MaxWords);
    }

    /// <summary>A text of at most so many bytes of UTF-8.</summary>
    /// <exception cref="CaseworkException">It is longer, or holds half of a character.</exception>
    public static string Limited(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Encoding.UTF8.GetByteCount(text) > most) throw new CaseworkException($"The text is too long: at most {most} bytes.");
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (!char.IsSurrogatePair(text, at)) throw new CaseworkException("The text holds half of a character: it was cut on its way here.");
            at++;
        }
        return text;
    }

    /// <summary>One of the languages that there are.</summary>
    /// <exception cref="CaseworkException">It is another one.</exception>
    public static string Language(string language) =>
        language is "ru" or "uk" or "en" ? language : throw new CaseworkException("The language is not ru, uk or en.");
}
