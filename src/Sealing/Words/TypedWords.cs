using System.Buffers;
using System.Text;

namespace Understory.Sealing;

/// <summary>
/// Reads words of a list from what somebody typed, forgiving what can be forgiven without guessing: case, numbering,
/// apostrophes, ё, other keyboards, look-alike letters. The rules are in
/// <c>docs/formats/receipt.md</c>, "Reading what somebody typed".
/// </summary>
public static class TypedWords
{
    /// <summary>The most words that are read of a text; the rest is ignored.</summary>
    public const int MostWords = 64;

    /// <summary>The most UTF-16 code units that are read of a text.</summary>
    public const int MostText = 4096;

    private const int MostNearest = 3;
    private const int Longest = 24;

    private static readonly SearchValues<char> Spaces = SearchValues.Create(
        "\u0009\u000a\u000b\u000c\u000d\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
        + "\u200a\u2028\u2029\u202f\u205f\u3000");

    private static readonly SearchValues<char> LeftOut =
        SearchValues.Create("'’‘ʼ＇′´`\u00ad\u200b\u200c\u200d\u2060\ufeff");

    /// <summary>Reads all words of a text by one list. Nothing is thrown for what is not understood.</summary>
    public static IReadOnlyList<TypedWord> Read(ReadOnlySpan<char> text, WordList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var words = new List<TypedWord>();
        text = text[..Math.Min(text.Length, MostText)];
        foreach (var range in text.SplitAny(Spaces))
        {
            if (words.Count >= MostWords) break;
            var token = WithoutNumber(text[range]).ToString();
            var clean = Clean(token);
            if (clean.Length > 0) ReadToken(token, clean, list, words);
        }
        return words;
    }

    /// <summary>The text as the lists spell it: the <c>clean</c> of the format.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var typed in text)
        {
            var c = Lower(typed);
            if (c is >= '\u0300' and <= '\u036f')
            {
                if (clean.Length > 0) clean[^1] = Combine(clean[^1], c);
                continue;
            }
            if (LeftOut.Contains(c)) continue;
            clean.Append(c switch { 'ё' => 'е', 'ґ' => 'г', _ => c });
        }
        return Trim(clean.ToString());
    }

    private static void ReadToken(string token, string clean, WordList list, List<TypedWord> words)
    {
        var position = words.Count + 1;
        if (list.Find(clean) is { } word)
        {
            words.Add(new(position, token, word) { IsExact = true });
            return;
        }

        var readings = Readings(token, list.Language);
        var fitting = readings.Select(list.Find).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (fitting.Count == 1)
        {
            words.Add(new(position, token, fitting[0]));
            return;
        }
        if (fitting.Count > 1)
        {
            words.Add(new(position, token, TypedWordFault.Ambiguous, () => fitting));
            return;
        }

        var parts = Parts(clean).Select(list.Find).ToList();
        if (parts.Count > 1 && !parts.Contains(null, StringComparer.Ordinal))
        {
            foreach (var part in parts.Take(MostWords - words.Count)) words.Add(new(words.Count + 1, token, part!) { IsExact = true });
            return;
        }
        words.Add(new(position, token, TypedWordFault.Unknown, () => Nearest([clean, .. readings], list)));
    }

    /// <summary>The token as each other keyboard would have it, cleaned.</summary>
    private static List<string> Readings(string token, string language)
    {
        var trimmed = Trim(token);
        var texts = new List<string>();
        var own = token.Any(letter => Keyboard.IsOwnScript(language, Lower(letter)));
        foreach (var reading in Keyboard.Readings(language))
        {
            if (reading.WholeWord && own) continue;
            texts.Add(Clean(reading.Apply(token)));
            if (trimmed.Length < token.Length) texts.Add(Clean(reading.Apply(trimmed)));
        }
        return texts;
    }

    private static List<string> Nearest(List<string> typed, WordList list)
    {
        // Longer than any slip makes a word; and nobody's machine is to compare a whole novel with a list.
        typed.RemoveAll(text => text.Length > Longest);
        if (typed.Count == 0) return [];
        var near = new List<(int Distance, string Word)>();
        foreach (var word in list.Words)
        {
            var distance = typed.Min(text => Distance(text, word));
            var begins = typed.Any(text =>
                text.Length >= WordList.PrefixLength
                && text.AsSpan(0, WordList.PrefixLength).SequenceEqual(word.AsSpan(0, WordList.PrefixLength)));
            if (distance <= 2 || begins) near.Add((distance, word));
        }
        return [.. near.OrderBy(pair => pair.Distance).Take(MostNearest).Select(pair => pair.Word)];
    }

    /// <summary>Optimal string alignment distance: changes, additions, omissions, swaps of neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }

    private static ReadOnlySpan<char> WithoutNumber(ReadOnlySpan<char> token)
    {
        var digits = token.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && token[digits] is '.' or ')' or ':' ? token[(digits + 1)..] : token;
    }

    private static IEnumerable<string> Parts(string clean)
    {
        var start = 0;
        for (var i = 0; i <= clean.Length; i++)
        {
            if (i < clean.Length && IsLetter(clean[i])) continue;
            if (i > start) yield return clean[start..i];
            start = i + 1;
        }
    }

    private static string Trim(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && !IsLetter(Lower(text[start]))) start++;
        while (end > start && !IsLetter(Lower(text[end - 1]))) end--;
        return text[start..end];
    }

    private static char Combine(char letter, char mark) => (letter, mark) switch
    {
        ('и', '\u0306') => 'й',
        ('і', '\u0308') => 'ї',
        _ => letter,
    };

    private static char Lower(char c) => c switch
    {
        >= 'A' and <= 'Z' => (char)(c + 32),
        >= '\u0400' and <= '\u040f' => (char)(c + 80),
        >= 'А' and <= 'Я' => (char)(c + 32),
        'Ґ' => 'ґ',
        _ => c,
    };

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'а' and <= 'я') or 'і' or 'ї' or 'є';
}

/// <summary>Why a typed word was not understood.</summary>
public enum TypedWordFault
{
    /// <summary>It is no word of the list.</summary>
    Unknown,

    /// <summary>Several words of the list could be meant.</summary>
    Ambiguous,
}

/// <summary>One word that somebody typed. It prints as its position and nothing else: the words are secret.</summary>
public sealed class TypedWord
{
    private readonly Lazy<IReadOnlyList<string>> _nearest;

    internal TypedWord(int position, string typed, string word)
        : this(position, typed, word, null, () => [])
    {
    }

    internal TypedWord(int position, string typed, TypedWordFault fault, Func<IReadOnlyList<string>> nearest)
        : this(position, typed, null, fault, nearest)
    {
    }

    private TypedWord(int position, string typed, string? word, TypedWordFault? fault, Func<IReadOnlyList<string>> nearest) =>
        (Position, Typed, Word, Fault, _nearest) = (position, typed, word, fault, new(nearest));

    /// <summary>Which word of the text it is, from 1.</summary>
    public int Position { get; }

    /// <summary>What was typed, between white space.</summary>
    public string Typed { get; }

    /// <summary>The word of the list that was meant, if that is certain.</summary>
    public string? Word { get; }

    /// <summary>Whether it was typed as the list has it, but for case, marks and punctuation: no other keyboard was guessed.</summary>
    public bool IsExact { get; internal init; }

    /// <summary>Why there is no <see cref="Word"/>.</summary>
    public TypedWordFault? Fault { get; }

    /// <summary>Up to three words that may have been meant, the nearest first.</summary>
    public IReadOnlyList<string> Nearest => _nearest.Value;

    /// <inheritdoc/>
    public override string ToString() => $"word {Position}";
}
