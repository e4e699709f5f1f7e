namespace Understory.Sealing;

/// <summary>
/// What a person may have typed when a word of a list was meant: with the wrong keyboard, or with letters that look
/// alike. The tables are those of <c>docs/formats/receipt.md</c>.
/// </summary>
internal static class Keyboard
{
    private const string Qwerty = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
    private const string QwertyShifted = "QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>";
    private const string Russian = "йцукенгшщзхъфывапролджэячсмитьбю";
    private const string Ukrainian = "йцукенгшщзхїфівапролджєячсмитьбю";
    private const string LatinLook = "ABCEHIKMOPTXYaceikmoptxy";
    private const string CyrillicLook = "АВСЕНІКМОРТХУасеікмортху";

    private static readonly Dictionary<string, Reading[]> ByLanguage = new(StringComparer.Ordinal)
    {
        ["ru"] =
        [
            new(LatinLook, CyrillicLook),
            new(Qwerty + QwertyShifted, Russian + Russian, wholeWord: true),
            new("іІєЄїЇ", "ыыээъъ"),
            new("іІєЄїЇ", "ииееии"),
        ],
        ["uk"] =
        [
            new(LatinLook, CyrillicLook),
            new(Qwerty + QwertyShifted, Ukrainian + Ukrainian, wholeWord: true),
            new("ыЫэЭъЪ", "іієєїї"),
            new("ыЫэЭ", "ииее"),
        ],
        ["en"] =
        [
            new(CyrillicLook, LatinLook),
            new(Russian + Russian.ToUpperInvariant(), Qwerty + Qwerty, wholeWord: true),
            new(Ukrainian + Ukrainian.ToUpperInvariant(), Qwerty + Qwerty, wholeWord: true),
        ],
    };

    /// <summary>The readings to try for a language, in order.</summary>
    public static IReadOnlyList<Reading> Readings(string language) => ByLanguage[language];

    /// <summary>Whether a lower-case letter is of the script that the language is written in.</summary>
    public static bool IsOwnScript(string language, char letter) =>
        language == "en" ? letter is >= 'a' and <= 'z' : letter is >= '\u0430' and <= '\u045f' or 'ґ';

    /// <summary>A table from characters typed to characters meant; others stay.</summary>
    internal sealed class Reading
    {
        private readonly Dictionary<char, char> _meant = [];

        public Reading(string typed, string meant, bool wholeWord = false)
        {
            WholeWord = wholeWord;
            for (var i = 0; i < typed.Length; i++) _meant[typed[i]] = meant[i];
        }

        /// <summary>Whether it is only for words typed wholly on another keyboard.</summary>
        public bool WholeWord { get; }

        public string Apply(string text) =>
            string.Create(text.Length, (text, _meant), static (output, state) =>
            {
                for (var i = 0; i < output.Length; i++) output[i] = state._meant.GetValueOrDefault(state.text[i], state.text[i]);
            });
    }
}
