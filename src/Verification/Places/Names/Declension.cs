namespace Understory.Verification;

/// <summary>
/// Nominatives that a declined Ukrainian or Russian name may come from: «в Куп'янську», «під Бахмутом», «из Красного Лимана».
/// Only asked where a name is not known as it stands, and only what a gazetteer has is ever taken from it, so a wrong guess
/// can add a candidate and never take one away.
/// </summary>
internal static class Declension
{
    private const int Most = 64;
    private const int MostOfSeveral = 512;

    private static readonly (string Ending, string[] Nominatives)[] Endings =
    [
        ("ового", ["ове", "овое", "овий", "овый"]), ("ському", ["ське", "ський"]), ("ського", ["ське", "ський"]), ("ським", ["ське", "ський"]), ("ську", ["ськ", "ська"]), ("ськом", ["ськ"]), ("цьку", ["цьк"]),
        ("ского", ["ское", "ский"]), ("ском", ["ское", "ск"]), ("скому", ["ское", "ский"]), ("ским", ["ское", "ский"]),
        ("івці", ["івка", "івці"]), ("ївці", ["ївка", "ївці"]), ("овке", ["овка"]), ("евке", ["евка"]), ("ці", ["ка", "ця", "ці", "ць"]), ("зі", ["га", "з"]), ("сі", ["ха", "с"]),
        ("ові", ["ів", "ове", "о"]), ("ова", ["ів", "ов", "ово", "ове"]), ("ову", ["ів", "ов", "ово", "ова"]), ("овом", ["ів", "ов", "овом", "ово"]), ("овым", ["ов", "овый", "овое"]), ("ове", ["ів", "ов", "ово"]),
        ("єві", ["їв", "єво"]), ("єва", ["їв", "єве"]), ("єву", ["їв"]), ("євом", ["їв"]), ("еві", ["ів", "їв"]), ("ева", ["ев", "ів", "ево"]), ("еве", ["ев", "ево"]), ("еву", ["ев", "ево"]), ("евом", ["ев", "ево"]),
        ("иного", ["ине", "иний"]), ("ого", ["е", "ий", "ое", "ый", "ой", "ий"]), ("ому", ["е", "ий", "ое", "ый"]), ("им", ["е", "ий", "і", "ое"]), ("ым", ["ый", "ое"]), ("ом", ["", "о", "ое", "ый", "ой"]), ("ем", ["ь", "е", "ей", "ець", "ец"]), ("єм", ["й"]), ("ям", ["я"]),
        ("ього", ["є", "ій"]), ("ьому", ["є", "ій"]), ("его", ["ее", "ий"]), ("ему", ["ее", "ий"]),
        ("ої", ["а", "ська"]), ("ій", ["а", "я"]), ("ою", ["а"]), ("ею", ["я", "а", "ь"]), ("єю", ["я"]), ("ой", ["а", "ая"]), ("ей", ["я", "и"]), ("ую", ["ая"]),
        ("ах", ["и", "и", "ы", "а"]), ("ях", ["і", "я", "и"]), ("ами", ["и", "ы", "а"]), ("ями", ["і", "и"]), ("ам", ["и", "ы"]), ("их", ["і", "ие", "ые"]), ("ых", ["ые"]), ("ими", ["і"]), ("ыми", ["ые"]),
        ("ні", ["нь", "ня", "на", "не", "н", "ні"]), ("лі", ["ль", "ля", "ла", "л"]), ("рі", ["р", "ра", "ри", "ро"]), ("ті", ["т", "та", "ть"]), ("лю", ["ль"]), ("ля", ["ль"]), ("ню", ["нь", "ня"]), ("ни", ["на", "ня"]),
        ("ки", ["ка"]), ("ку", ["ка", "к", "ок"]), ("ке", ["ка", "к"]), ("ка", ["ок", "к"]), ("ком", ["ок"]), ("ні", ["ня"]), ("ця", ["ець"]), ("цю", ["ець", "ця"]), ("цем", ["ець"]), ("ца", ["ец"]), ("це", ["ец", "ца"]), ("цом", ["ец"]),
        ("ії", ["ія"]), ("ию", ["ия"]), ("ии", ["ия"]), ("ї", ["я"]), ("ля", ["ль"]), ("ье", ["ье"]), ("ю", ["ь", "я", "є", "е", "й"]), ("я", ["ь", "е", "й", "є"]), ("и", ["а", "ь", "я"]), ("ы", ["а"]), ("і", ["", "а", "я", "о", "ь"]), ("у", ["", "а", "о"]), ("е", ["", "а", "я", "о"]), ("а", ["", "о"]),
    ];

    /// <summary>
    /// What it may come from, in the letters that it was given in; without the name itself. Of names of several words only
    /// those whose first words <paramref name="mayBegin"/> knows, each time with the space after them.
    /// </summary>
    public static IReadOnlyList<string> Nominatives(string normalised, Func<string, bool> mayBegin)
    {
        if (!PlaceNames.IsCyrillic(normalised)) return [];
        var words = normalised.Split(' ');
        if (words.Length > 4) return [];
        // What has Latin letters in it may be looked for by these.
        var all = normalised.Any(char.IsAsciiLetter);
        // Each with its number among all that there are, so that the first so many of these are meant and no others.
        var names = new List<(string Name, int Number)> { ("", 0) };
        for (var i = 0; i < words.Length; i++)
        {
            var forms = OfWord(words[i]).ToList();
            var longer = new List<(string, int)>();
            foreach (var (name, number) in names)
            {
                for (var form = 0; form < forms.Count && (number * forms.Count) + form < MostOfSeveral; form++)
                {
                    var together = name + forms[form] + (i < words.Length - 1 ? " " : "");
                    if (all || i == words.Length - 1 || mayBegin(together)) longer.Add((together, (number * forms.Count) + form));
                }
            }
            names = longer;
        }
        return [.. names.Select(name => name.Name).Where(name => !string.Equals(name, normalised, StringComparison.Ordinal)).Distinct().Take(words.Length == 1 ? Most : MostOfSeveral)];
    }

    internal static IEnumerable<string> OfWord(string word)
    {
        yield return word;
        if (word.Length < 3) yield break;
        foreach (var (ending, nominatives) in Endings)
        {
            if (word.Length - ending.Length < 2 || !word.EndsWith(ending, StringComparison.Ordinal)) continue;
            foreach (var nominative in nominatives) yield return word[..^ending.Length] + nominative;
        }
    }
}
