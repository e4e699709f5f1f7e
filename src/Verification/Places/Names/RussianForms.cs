namespace Understory.Verification;

/// <summary>
/// What a Ukrainian name of a place is likely to be in Russian, by the alternations that run through all of them
/// (Іванівка is Ивановка, Макіївка Макеевка, Кам’янське Каменское). Where more than one is usual all are given: a form that
/// nobody uses is never asked for.
/// </summary>
internal static class RussianForms
{
    private const int Most = 24;

    // Roots, in the letters of PlaceNames.Normalise (no apostrophes). Several for one: all are in use.
    private static readonly (string Ukrainian, string[] Russian)[] Roots =
    [
        ("сіверськодонецьк", ["северодонецк"]), ("микол", ["никол"]), ("олександр", ["александр"]), ("олекс", ["алекс"]), ("андрі", ["андре"]),
        ("авді", ["авде"]), ("сергі", ["серге"]), ("матві", ["матве"]), ("тимофі", ["тимофе"]), ("єлисе", ["елисе"]), ("мойсі", ["моисе"]),
        ("олен", ["елен"]), ("катерин", ["екатерин"]), ("ганн", ["анн"]), ("пилип", ["филипп", "пилип"]), ("гнат", ["игнат"]), ("омелян", ["емелян"]),
        ("опанас", ["афанас"]), ("панас", ["афанас"]), ("йосип", ["иосиф"]), ("явдот", ["евдот"]), ("федор", ["федор"]), ("григор", ["григор"]),
        ("вільн", ["волн"]), ("дніпр", ["днепр"]), ("камян", ["камен"]), ("словян", ["славян"]), ("знамян", ["знамен"]), ("біл", ["бел"]), ("ліс", ["лес"]),
        ("світл", ["светл"]), ("щаст", ["счаст"]), ("рубіж", ["рубеж"]), ("вугл", ["угл"]), ("червон", ["красн", "червон"]), ("перш", ["перв"]),
        ("піщан", ["песчан"]), ("піск", ["песк"]), ("піль", ["пол"]), ("пілл", ["пол"]), ("піл", ["пол"]), ("ріг", ["рог"]), ("рог", ["рог"]), ("схід", ["восточ"]),
        ("північ", ["север"]), ("південн", ["южн"]), ("хутір", ["хутор"]), ("велик", ["велик", "больш"]), ("середн", ["средн"]), ("сівер", ["север"]),
        ("чорн", ["черн"]), ("жовт", ["желт", "жовт"]), ("зоря", ["заря"]), ("степов", ["степн", "степов"]), ("ведмеж", ["медвеж"]), ("залізн", ["железн"]),
        ("запоріж", ["запорож"]), ("цвіт", ["цвет"]), ("квіт", ["цвет"]), ("гір", ["гор"]), ("двір", ["двор"]), ("рівн", ["ровн"]), ("вітр", ["ветр"]), ("річ", ["реч"]),
        ("хрест", ["крест"]), ("хліб", ["хлеб"]), ("дід", ["дед"]), ("гніз", ["гнез"]), ("комиш", ["камиш"]), ("солон", ["солен"]), ("міст", ["мест", "мост"]),
        ("полісс", ["полес"]), ("залісс", ["залес"]), ("тернів", ["тернов"]), ("кінськ", ["конск"]), ("кріп", ["креп"]), ("вишн", ["вишн"]), ("кобил", ["кобил"]),
        ("новоселиц", ["новоселиц"]), ("слобід", ["слобод"]), ("роз", ["роз", "рас"]), ("єліз", ["елиз"]), ("стіж", ["стеж"]), ("кругліз", ["круглоз"]),
        ("кальміус", ["калмиус"]), ("місяч", ["месяч"]), ("ведмід", ["медвед"]), ("вовч", ["волч"]), ("довг", ["долг", "довг"]), ("яблун", ["яблон"]), ("острів", ["остров"]),
        ("рибал", ["рибал"]), ("липец", ["липец"]), ("зміїв", ["змиев"]), ("зміїн", ["змеин"]), ("ніжин", ["нежин"]), ("козел", ["козел"]), ("ніс", ["нос"]), ("дебал", ["дебал"]),
    ];

    // Endings of a word, in the same letters; the first that fits is taken.
    private static readonly (string Ukrainian, string[] Russian)[] Endings =
    [
        ("іївка", ["еевка", "иевка"]), ("ївка", ["евка"]), ("івка", ["овка", "евка"]), ("івки", ["овки", "евки"]), ("івці", ["овци", "евци"]), ("івськ", ["овск", "евск"]), ("ївськ", ["евск"]),
        ("іївське", ["еевское"]), ("ївське", ["евское"]), ("івське", ["овское", "евское"]), ("івський", ["овский", "евский"]), ("івська", ["овская", "евская"]), ("ївська", ["евская"]), ("ївський", ["евский"]),
        ("іїв", ["иев", "еев"]), ("їв", ["ев"]), ("ів", ["ов", "ев"]), ("їн", ["ин"]), ("їнка", ["инка"]), ("іжжя", ["ожье"]), ("жжя", ["жье"]), ("ілля", ["олье", "илье"]), ("лля", ["лье"]),
        ("ння", ["нье"]), ("ття", ["тье"]), ("ччя", ["чье"]), ("ове", ["овое", "ово", "ове"]), ("еве", ["евое", "ево"]), ("єве", ["евое", "ево"]), ("ине", ["иное", "ино"]), ("іне", ["иное", "ино"]), ("їне", ["ино"]),
        ("ське", ["ское"]), ("цьке", ["цкое"]), ("ька", ["ькая", "ька"]), ("ого", ["ого"]), ("це", ["цо", "це"]), ("ще", ["ще", "щее"]), ("ше", ["шее"]), ("жнє", ["жнее"]), ("нє", ["нее"]), ("не", ["ное", "не"]), ("е", ["ое", "ее", "о", "е"]),
        ("ія", ["ия", "ея"]), ("іль", ["оль", "ель"]), ("ідь", ["едь"]), ("ень", ["ень"]), ("івець", ["овец", "евец"]), ("ець", ["ец"]), ("ін", ["ин"]),
    ];

    /// <summary>The forms of a normalised Ukrainian name, in the letters of <see cref="PlaceNames.FoldCyrillic"/>; the name itself, folded, is among them.</summary>
    public static IReadOnlyCollection<string> Of(string normalised)
    {
        var words = normalised.Split(' ');
        var names = new List<string> { "" };
        for (var i = 0; i < words.Length; i++)
        {
            var forms = OfWord(words[i], isAdjective: words.Length > 1 && i < words.Length - 1);
            names = [.. names.SelectMany(name => forms.Select(form => name.Length == 0 ? form : name + " " + form)).Take(Most)];
        }
        return [.. names.Append(PlaceNames.FoldCyrillic(normalised)).Distinct()];
    }

    private static List<string> OfWord(string word, bool isAdjective)
    {
        var stems = new List<string> { word };
        foreach (var (ukrainian, russian) in Roots)
        {
            if (!word.Contains(ukrainian, StringComparison.Ordinal)) continue;
            stems = [.. stems.SelectMany(stem => stem.Contains(ukrainian, StringComparison.Ordinal) ? russian.Select(to => stem.Replace(ukrainian, to, StringComparison.Ordinal)) : [stem]).Distinct().Take(8)];
        }
        var forms = new List<string>();
        foreach (var stem in stems)
        {
            var ending = Endings.FirstOrDefault(ending => stem.Length > ending.Ukrainian.Length && stem.EndsWith(ending.Ukrainian, StringComparison.Ordinal));
            if (ending.Ukrainian is not null) forms.AddRange(ending.Russian.Select(to => stem[..^ending.Ukrainian.Length] + to));
            else forms.Add(stem);
            if (!isAdjective) continue;
            // "Нова Каховка", "Верхня Дуванка", "Нові Петрівці", "Великий Бурлук".
            if (stem.EndsWith('а')) forms.Add(stem + "я");
            else if (stem.EndsWith('я')) forms.Add(stem + "я");
            else if (stem.EndsWith('і')) forms.Add(stem + "е");
        }
        return [.. forms.SelectMany(Inside).Select(PlaceNames.FoldCyrillic).Distinct().Take(12)];
    }

    /// <summary>What changes inside a word as well, as in compounds: Миколаївсько-, Новоіванівка.</summary>
    private static IEnumerable<string> Inside(string form)
    {
        var changed = form.Replace("їв", "ев", StringComparison.Ordinal);
        yield return changed;
        if (changed.Contains("івс", StringComparison.Ordinal))
        {
            yield return changed.Replace("івс", "овс", StringComparison.Ordinal);
            yield return changed.Replace("івс", "евс", StringComparison.Ordinal);
        }
    }
}
