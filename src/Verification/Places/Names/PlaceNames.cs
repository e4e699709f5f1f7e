using System.Text;

namespace Understory.Verification;

/// <summary>
/// Makes names of places comparable. All of it is for look-up only: what a person reads is the name as its source writes it.
/// </summary>
internal static class PlaceNames
{
    /// <summary>
    /// Small letters; the apostrophes (' ’ ʼ and others) left out; hyphens, dots and runs of spaces as one space;
    /// Latin letters without their marks; Latin letters that stand among Cyrillic ones as the Cyrillic they look like.
    /// </summary>
    public static string Normalise(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            var small = char.ToLowerInvariant(c);
            if (IsApostrophe(small)) continue;
            if (text.Length > 0 && Composed(text[^1], small) is { } composed)
            {
                text[^1] = composed;
                continue;
            }
            // BGN/PCGN 1965 writes зг as z·h, to be told from ж.
            if (small == '·' && text.Length > 0 && text[^1] == 'z') text.Append('g');
            if (char.IsLetterOrDigit(small)) text.Append(small);
            else if (char.IsWhiteSpace(small) || small is '-' or '.' or ',' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '/' or '(' or ')' or '«' or '»' or '"' or '“' or '”' or '„') Space(text);
        }
        while (text.Length > 0 && text[^1] == ' ') text.Length--;
        var result = text.ToString();
        if (!IsCyrillic(result)) return WithoutMarks(result);
        return result.Any(char.IsAsciiLetter) ? CyrillicLookalikes(result) : result;
    }

    /// <summary>Whether most of its letters are Cyrillic.</summary>
    public static bool IsCyrillic(string text)
    {
        // Every form of every name is asked this: no delegates.
        var more = 0;
        foreach (var c in text)
        {
            if (c is >= 'Ѐ' and <= 'ӿ') more++;
            else if (char.IsAsciiLetter(c)) more--;
        }
        return more > 0;
    }

    /// <summary>A normalised name without the word for what it is: <c>м</c>, <c>с</c>, <c>смт</c>, <c>село</c>, <c>город</c>, <c>village</c>…</summary>
    public static string WithoutKind(string normalised)
    {
        var text = normalised.Replace('ё', 'е');
        var bare = normalised;
        // Once: the village is called Селище in «с. Селище».
        if (LengthOfFirst(text, KindsBefore) is var length and > 0) (text, bare) = (text[length..], bare[length..]);
        while (bare.LastIndexOf(' ') is var at and > 0 && KindsAfter.Contains(text[(at + 1)..])) (text, bare) = (text[..at], bare[..at]);
        return bare;
    }

    /// <summary>A normalised name without the preposition that it was said with: "в", "під", "под", "near"…</summary>
    public static string WithoutPreposition(string normalised) => normalised[LengthOfFirst(normalised, Prepositions)..];

    /// <summary>
    /// Ukrainian and Russian spelling of the same sounds as one: ґ г, ё е є э, ї і и ы, and no soft or hard sign. What a
    /// Russian keyboard makes of a Ukrainian name is found by it too.
    /// </summary>
    public static string FoldCyrillic(string normalised)
    {
        var text = new StringBuilder(normalised.Length);
        foreach (var c in normalised)
        {
            switch (c)
            {
                case 'ґ': text.Append('г'); break;
                case 'ё' or 'є' or 'э': text.Append('е'); break;
                case 'ї' or 'і' or 'ы' or 'и': text.Append('и'); break;
                case 'ь' or 'ъ': break;
                default: text.Append(c); break;
            }
        }
        return text.ToString();
    }

    private static bool IsApostrophe(char c) => c is '\'' or '’' or '‘' or 'ʼ' or '`' or '´' or 'ʹ' or '′' or '"' or 'ʺ' or '″' or '‛' or 'ʻ' or '＇';

    private static void Space(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
    }

    /// <summary>Letters that were typed as two: the product has no tables of Unicode normalisation (it runs without cultures), and needs only these.</summary>
    private static char? Composed(char letter, char mark) => (letter, mark) switch
    {
        ('и', '\u0306') => 'й',
        ('і', '\u0308') => 'ї',
        ('е', '\u0308') => 'ё',
        ('c', '\u030c') => 'č',
        ('s', '\u030c') => 'š',
        ('z', '\u030c') => 'ž',
        ('s', '\u0302') => 'ŝ',
        ('a', '\u0302') => 'â',
        ('u', '\u0302') => 'û',
        ('e', '\u0302') => 'ê',
        ('e', '\u0308') => 'ë',
        _ => null,
    };

    /// <summary>Latin letters with marks as the letters that stand for the same sound without them.</summary>
    private static string WithoutMarks(string text)
    {
        if (text.All(char.IsAscii)) return text;
        var bare = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            bare.Append(c switch
            {
                'č' or 'ć' => "ch",
                'š' or 'ś' => "sh",
                'ž' => "zh",
                'ŝ' => "shch",
                'â' => "ia",
                'û' => "iu",
                'ê' or 'ë' => "ie",
                'è' or 'é' => "e",
                'ì' or 'í' or 'î' or 'ï' or 'ỳ' or 'ý' => "i",
                'à' or 'á' or 'ä' => "a",
                'ò' or 'ó' or 'ö' or 'ô' => "o",
                'ù' or 'ú' or 'ü' => "u",
                'ł' => "l",
                'ń' => "n",
                _ => c.ToString(),
            });
        }
        return bare.ToString();
    }

    private static string CyrillicLookalikes(string text) => string.Create(text.Length, text, (to, from) =>
    {
        const string Latin = "aceopxyikhmtb";
        const string Cyrillic = "асеорхуікнмтв";
        for (var i = 0; i < from.Length; i++) to[i] = Latin.IndexOf(from[i]) is var at and >= 0 ? Cyrillic[at] : from[i];
    });

    private static readonly HashSet<string> KindsBefore = Words(
        "м|с|c|с ще|с ща|смт|сел|пгт|г|гор|пос|поселок|селище|селище міського типу|поселок городского типу|місто|село|хутір|город|деревня|станица|станиця|ст ця|ст ца|х|хутор|дер|д"
        + "|селі|місті|селищі|селе|городе|поселке|деревне|хуторе|станице|села|міста|селища|города|поселка|деревни|хутора|містом|селом|селищем|городом|поселком|деревней"
        + "|city|town|village|settlement|selo|smt|pgt|misto|gorod|urban type settlement|the city of|the town of|the village of|city of|town of|village of|the city|the town|the village");

    private static readonly HashSet<string> KindsAfter = Words("city|town|village|settlement|hamlet|село|місто|смт|пгт|селище|город|поселок|деревня");

    private static readonly HashSet<string> Prepositions = Words(
        "в|у|во|під|подле|под|біля|поблизу|недалеко від|около|возле|близ|недалеко от|рядом с|поряд з|поруч з|неподалік від|неподалік|до|з|із|зі|с|со|из|на|над|за|к|ко|від|от|через|поза|in|at|near|to|from|outside|around|by");

    private static HashSet<string> Words(string all) => new(all.Split('|'), StringComparer.Ordinal);

    /// <summary>How many characters of a text some words at its start take, with the space after them, where something follows; otherwise 0.</summary>
    private static int LengthOfFirst(string text, HashSet<string> words)
    {
        var longest = 0;
        for (var (at, count) = (text.IndexOf(' '), 0); at > 0 && count < 4; at = text.IndexOf(' ', at + 1), count++)
        {
            if (words.Contains(text[..at])) longest = at + 1;
        }
        return longest;
    }
}
