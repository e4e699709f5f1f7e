using System.Text;

namespace Understory.Verification;

/// <summary>How Cyrillic is written in Latin letters.</summary>
public enum RomanizationSystem
{
    /// <summary>Ukrainian: Resolution no. 55 of the Cabinet of Ministers of Ukraine, 27 January 2010 (UNGEGN 2012, BGN/PCGN 2019).</summary>
    Ukrainian2010,

    /// <summary>Ukrainian: decision no. 9 of the Ukrainian Commission for Legal Terminology, 19 April 1996, simplified.</summary>
    Ukrainian1996,

    /// <summary>Ukrainian: BGN/PCGN 1965.</summary>
    UkrainianBgn1965,

    /// <summary>Ukrainian: passports of 2007 to 2010 (resolution no. 858 of 26 July 2007).</summary>
    UkrainianPassport2007,

    /// <summary>Ukrainian and Russian: ISO 9:1995 (GOST 7.79-2000 A), one letter for each.</summary>
    Iso9,

    /// <summary>Russian: BGN/PCGN 1947.</summary>
    RussianBgn1947,

    /// <summary>Russian: passports (ICAO Doc 9303; order of the Ministry of Foreign Affairs of 2016 and of the FMS of 2012).</summary>
    RussianPassport,

    /// <summary>Russian: GOST 7.79-2000 B.</summary>
    RussianGostB,

    /// <summary>Russian: the British Standard 2979:1958 as newspapers simplify it.</summary>
    RussianPress,
}

/// <summary>Writes Ukrainian and Russian names in Latin letters.</summary>
public static class Romanization
{
    private const string Letters = "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя";
    private static readonly string[] Ukrainian2010 = "a b v h g d e ie io zh z y i i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia".Split(' ');
    private static readonly string[] Ukrainian1996 = "a b v h g d e ie io zh z y i i i k l m n o p r s t u f kh ts ch sh sch - y - e iu ia".Split(' ');
    private static readonly string[] UkrainianBgn1965 = "a b v h g d e ye yo zh z y i yi y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya".Split(' ');
    private static readonly string[] UkrainianPassport2007 = "a b v g g d e ie io zh z y i i i k l m n o p r s t u f kh ts ch sh shch - y ' e iu ia".Split(' ');
    private static readonly string[] Iso9 = "a b v g g̀ d e ê ë ž z i ì ï j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â".Split(' ');
    private static readonly string[] RussianBgn1947 = "a b v g g d e ye ë zh z i i yi y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya".Split(' ');
    private static readonly string[] RussianPassport = "a b v g g d e ie e zh z i i i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia".Split(' ');
    private static readonly string[] RussianGostB = "a b v g g d e ye yo zh z i i yi j k l m n o p r s t u f x c ch sh shh `` y` ` e` yu ya".Split(' ');
    private static readonly string[] RussianPress = "a b v g g d e ye yo zh z i i yi y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya".Split(' ');

    /// <summary>A name in Latin letters; capitals stay capitals, what is no Cyrillic letter stays.</summary>
    public static string Write(string name, RomanizationSystem system)
    {
        var table = system switch
        {
            RomanizationSystem.Ukrainian2010 => Ukrainian2010,
            RomanizationSystem.Ukrainian1996 => Ukrainian1996,
            RomanizationSystem.UkrainianBgn1965 => UkrainianBgn1965,
            RomanizationSystem.UkrainianPassport2007 => UkrainianPassport2007,
            RomanizationSystem.Iso9 => Iso9,
            RomanizationSystem.RussianBgn1947 => RussianBgn1947,
            RomanizationSystem.RussianPassport => RussianPassport,
            RomanizationSystem.RussianGostB => RussianGostB,
            _ => RussianPress,
        };
        var text = new StringBuilder(name.Length + 8);
        var before = ' ';
        foreach (var c in name)
        {
            var small = char.ToLowerInvariant(c);
            var at = Letters.IndexOf(small);
            if (at < 0)
            {
                // The apostrophe only parts a consonant from a vowel in Ukrainian; it is not written since 2010.
                if (c is '’' or 'ʼ' or '\'')
                {
                    if (system is RomanizationSystem.UkrainianBgn1965) text.Append('”');
                    else if (system is RomanizationSystem.Iso9) text.Append('’');
                    continue;
                }
                text.Append(c);
                before = c is '-' ? ' ' : small;
                continue;
            }
            var latin = InPlace(system, small, before) ?? table[at];
            if (latin == "-") latin = "";
            if (latin.Length > 0) text.Append(char.IsUpper(c) ? char.ToUpperInvariant(latin[0]) : latin[0]).Append(latin.AsSpan(1));
            before = small;
        }
        return text.ToString();
    }

    /// <summary>What a letter becomes where it stands: at the start of a word, after a vowel or a sign; null where it is as everywhere.</summary>
    private static string? InPlace(RomanizationSystem system, char letter, char before)
    {
        var starts = !char.IsLetter(before);
        var afterVowelOrSign = starts || "аеиоуыэюяёіїєъьй".Contains(before);
        return (system, letter) switch
        {
            (RomanizationSystem.Ukrainian2010, 'є') when starts => "ye",
            (RomanizationSystem.Ukrainian2010, 'ї') when starts => "yi",
            (RomanizationSystem.Ukrainian2010, 'й') when starts => "y",
            (RomanizationSystem.Ukrainian2010, 'ю') when starts => "yu",
            (RomanizationSystem.Ukrainian2010, 'я') when starts => "ya",
            // "зг" is "zgh", to be told from "ж".
            (RomanizationSystem.Ukrainian2010 or RomanizationSystem.Ukrainian1996, 'г') when before == 'з' => "gh",
            (RomanizationSystem.UkrainianBgn1965, 'г') when before == 'з' => "·h",
            (RomanizationSystem.Ukrainian1996, 'є') when starts => "ye",
            (RomanizationSystem.Ukrainian1996, 'ї') when starts => "yi",
            (RomanizationSystem.Ukrainian1996, 'й') when starts => "y",
            (RomanizationSystem.Ukrainian1996, 'ю') when starts => "yu",
            (RomanizationSystem.Ukrainian1996, 'я') when starts => "ya",
            (RomanizationSystem.RussianBgn1947 or RomanizationSystem.RussianPress, 'е') when afterVowelOrSign => "ye",
            (RomanizationSystem.RussianBgn1947, 'ё') when afterVowelOrSign => "yë",
            (RomanizationSystem.RussianGostB, 'ц') when true => "cz",
            _ => null,
        };
    }

    /// <summary>
    /// What all the systems above make of one name, as one: <c>ya ia ja</c> are <c>ia</c>, <c>h g gh</c> are <c>g</c>,
    /// <c>y i j yi iy</c> are <c>i</c>, and so on. Two names that differ only in those become one, which adds candidates
    /// and never takes one away. Takes a name as <see cref="PlaceNames.Normalise"/> leaves it.
    /// </summary>
    public static string FoldLatin(string normalised)
    {
        var text = new StringBuilder(normalised.Length);
        for (var i = 0; i < normalised.Length;)
        {
            var rest = normalised.AsSpan(i);
            var (length, to) = Fold(rest);
            i += length;
            foreach (var c in to)
            {
                // й after и, ї after і, and the vowels of ий are one "i".
                if (c == 'i' && text.Length > 0 && text[^1] == 'i') continue;
                text.Append(c);
            }
        }
        // An "i" before another vowel is written or not ("Bakhmutskoye", "Bakhmutskoe"; "Andreevka", "Andreyevka").
        for (var i = text.Length - 2; i >= 1; i--)
        {
            if (text[i] == 'i' && text[i + 1] == 'e') text.Remove(i, 1);
        }
        if (text.Length > 1 && text[0] == 'i' && text[1] == 'e') text.Remove(0, 1);
        return text.ToString();
    }

    private static (int Length, string To) Fold(ReadOnlySpan<char> rest) => rest switch
    {
        ['s', 'h', 'c', 'h', ..] => (4, "shch"),
        ['s', 'h', 't', 'c', 'h', ..] => (5, "shch"),
        ['s', 'c', 'h', ..] => (3, "shch"),
        ['s', 'h', 'h', ..] => (3, "shch"),
        ['z', 'g', 'h', ..] => (3, "zg"),
        ['t', 'c', 'h', ..] => (3, "ch"),
        ['k', 'h', ..] => (2, "kh"),
        ['c', 'h', ..] => (2, "ch"),
        ['s', 'h', ..] => (2, "sh"),
        ['z', 'h', ..] => (2, "zh"),
        ['g', 'h', ..] => (2, "g"),
        ['t', 's', ..] => (2, "ts"),
        ['t', 'z', ..] => (2, "ts"),
        ['c', 'z', ..] => (2, "ts"),
        ['p', 'h', ..] => (2, "f"),
        ['c', ..] => (1, "ts"),
        ['x', ..] => (1, "kh"),
        ['h', ..] => (1, "g"),
        ['y' or 'j', ..] => (1, "i"),
        ['w', ..] => (1, "v"),
        [var c, ..] => (1, c.ToString()),
        _ => (1, ""),
    };
}
