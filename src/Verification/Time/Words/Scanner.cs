using System.Runtime.InteropServices;
using System.Text;

namespace Understory.Verification;

/// <summary>A word, a number or a mark of a phrase.</summary>
/// <param name="Kind">A letter for a word, a digit for a number, otherwise the mark itself.</param>
/// <param name="Text">As the lexicon has it: lower case, ё as е, without apostrophes and stress marks.</param>
/// <param name="Start">Where it begins in what was said.</param>
/// <param name="IsGlued">Whether nothing stands between it and what is before it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(char Kind, string Text, int Start, bool IsGlued)
{
    public const char Word = 'w';
    public const char Number = '0';

    public bool IsWord => Kind == Word;

    public bool IsNumber => Kind == Number;

    /// <summary>The number; what has more than six digits is no number of ours.</summary>
    public int Value => Text.Length > 6 ? int.MaxValue : int.Parse(Text, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Divides a phrase into tokens, in one pass.</summary>
internal static class Scanner
{
    private const string Apostrophes = "'’ʼ‘`´ʹ′";
    private const string Quotes = "«»\"“”„()";
    private const string Dashes = "-–—−‐‑";
    private const string Latin = "aceiopxykmthb";
    private const string Cyrillic = "асеіорхукмтнв";

    public static List<Token> Scan(string words)
    {
        var tokens = new List<Token>();
        var hasCyrillic = words.Any(IsCyrillic);
        var text = new StringBuilder();
        var isGlued = false;
        for (var i = 0; i < words.Length;)
        {
            var start = i;
            text.Clear();
            if (char.IsAsciiDigit(words[i]))
            {
                while (i < words.Length && char.IsAsciiDigit(words[i])) text.Append(words[i++]);
                tokens.Add(new Token(Token.Number, text.ToString(), start, isGlued));
            }
            else if (char.IsLetter(words[i]))
            {
                for (; i < words.Length && IsOfWord(words, i); i++) Append(text, words[i]);
                tokens.Add(new Token(Token.Word, OneScript(text.ToString(), hasCyrillic), start, isGlued));
                // The point of an abbreviation: «г.», "Sept."
                if (i < words.Length && words[i] == '.' && text.Length <= 4) i++;
            }
            else
            {
                var mark = words[i++];
                isGlued = false;
                if (char.IsWhiteSpace(mark) || Quotes.Contains(mark) || IsInvisible(mark)) continue;
                if (Dashes.Contains(mark)) mark = '-';
                if (mark == '…' || (mark == '.' && words[i..].AsSpan().Trim(" .»\"”)").IsEmpty)) continue;
                if (Apostrophes.Contains(mark))
                {
                    if (i >= words.Length || !char.IsAsciiDigit(words[i])) continue;
                    mark = '\'';
                }
                isGlued = start > 0 && !char.IsWhiteSpace(words[start - 1]);
                tokens.Add(new Token(mark, mark.ToString(), start, isGlued));
            }
            isGlued = true;
        }
        return tokens;
    }

    public static bool IsCyrillic(char letter) => letter is >= 'Ѐ' and <= 'ӿ';

    /// <summary>Letters, what changes the letter before, and apostrophes between letters.</summary>
    private static bool IsOfWord(string words, int i) =>
        char.IsLetter(words[i]) || IsInvisible(words[i])
        || (Apostrophes.Contains(words[i]) && i > 0 && i + 1 < words.Length && char.IsLetter(words[i - 1]) && char.IsLetter(words[i + 1]));

    /// <summary>Stress marks, breves and diaereses that stand apart, soft hyphens, joiners.</summary>
    private static bool IsInvisible(char mark) => mark is >= '\u0300' and <= '\u0308' or '\u00AD' or >= '\u200B' and <= '\u200D' or '\uFEFF';

    private static void Append(StringBuilder text, char letter)
    {
        if (Apostrophes.Contains(letter)) return;
        var before = text.Length > 0 ? text[^1] : '\0';
        if (letter == '\u0306' && before == 'и') text[^1] = 'й';
        else if (letter == '\u0308' && before == 'і') text[^1] = 'ї';
        if (IsInvisible(letter)) return;
        letter = char.ToLowerInvariant(letter);
        text.Append(letter == 'ё' ? 'е' : letter);
    }

    /// <summary>Latin letters that look Cyrillic, in a Cyrillic word or alone in a Cyrillic phrase, are taken for what they look like.</summary>
    private static string OneScript(string word, bool hasCyrillic)
    {
        if (!hasCyrillic || (word.Length > 1 && !word.Any(IsCyrillic))) return word;
        return string.Create(word.Length, word, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = Latin.IndexOf(from[i]) is >= 0 and var at ? Cyrillic[at] : from[i];
        });
    }
}
