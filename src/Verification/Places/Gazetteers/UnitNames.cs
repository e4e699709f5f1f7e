namespace Understory.Verification;

/// <summary>
/// Finds oblasts, raions and hromadas by what people call them, in any of the languages and in any case: «Харківська
/// область», «в Харьковской области», "Kharkiv region", "Donetsk", «Крим», «Куп'янський район».
/// </summary>
internal sealed class UnitNames
{
    private static readonly string[] Endings = ["ського", "ському", "ською", "ській", "ський", "ским", "ська", "ської", "ську", "ське", "ських", "ская", "ской", "скую", "ский", "ского", "скому", "ском", "ское", "ськ", "ск"];
    private static readonly string[] LatinEndings = ["skogo", "skomu", "skoiu", "skoi", "skii", "skiy", "skaia", "ska", "skoie", "skoe", "skui", "skii", "skiu", "ski", "sk"];

    private static readonly HashSet<string> Generic = new(
        ("область|області|областю|обл|район|району|районі|районом|района|районе|р н|рн|громада|громади|громаді|громада|община|общины|общине|тг|отг|територіальна|територіальної|територіальній|міська|міської|міській|сільська|сільської|сільській|селищна|селищної|селищній"
        + "|области|областью|республіка|республіки|республіці|республика|республики|республике|автономна|автономної|автономній|автономная|автономной|ар|арк|місто|город"
        + "|oblast|region|raion|rayon|district|hromada|community|territorial|urban|rural|settlement|autonomous|republic|of|the|province|city").Split('|'), StringComparer.Ordinal);

    /// <summary>What is called otherwise than its adjective says: key of the codifier's name, and what people say.</summary>
    private static readonly (string Name, string[] Said)[] Special =
    [
        ("Запорізька", ["Запоріжжя", "Запорожье", "Запорожская", "Zaporizhzhia", "Zaporizhzhya", "Zaporizhia", "Zaporozhye", "Zaporozhskaya"]), ("Автономна Республіка Крим", ["Крим", "Крым", "Криму", "Крыму", "Crimea", "Krym", "Крымская", "Кримська"]),
        ("Дніпропетровська", ["Дніпро", "Днепр", "Днепропетровск", "Днепропетровская", "Dnipro", "Dnepr", "Дніпровська"]), ("Волинська", ["Волинь", "Волынь", "Волынская", "Volyn"]), ("Закарпатська", ["Закарпаття", "Закарпатье", "Zakarpattia", "Transcarpathia"]),
        ("Кіровоградська", ["Кропивницький", "Кировоградская", "Kropyvnytskyi"]), ("Київ", ["Киев", "Kiev", "Kyiv"]), ("Київська", ["Киевская", "Київ", "Киев", "Kyiv", "Kiev"]), ("Одеська", ["Одеса", "Одесса", "Одесская", "Odessa", "Odesa"]), ("Сумська", ["Суми", "Сумы", "Sumy"]),
        ("Полтавська", ["Полтава", "Poltava"]), ("Вінницька", ["Вінниця", "Винница", "Винницкая", "Vinnytsia"]), ("Чернівецька", ["Чернівці", "Черновцы", "Черновицкая", "Chernivtsi"]), ("Черкаська", ["Черкаси", "Черкассы", "Черкасская", "Cherkasy"]),
        ("Рівненська", ["Рівне", "Ровно", "Ровенская", "Rivne"]), ("Хмельницька", ["Хмельницький", "Хмельницкий", "Khmelnytskyi"]), ("Житомирська", ["Житомир", "Zhytomyr"]), ("Миколаївська", ["Миколаїв", "Николаев", "Николаевская", "Mykolaiv", "Nikolaev"]),
        ("Сіверськодонецький", ["Сєвєродонецький", "Северодонецкий", "Sievierodonetsk"]), ("Берестинський", ["Красноградський", "Красноградский"]), ("Самарівський", ["Новомосковський", "Новомосковский"]), ("Звягельський", ["Новоград-Волинський"]),
        ("Шептицький", ["Червоноградський", "Червоноградский"]), ("Луганська", ["Lugansk", "ЛНР"]), ("Донецька", ["ДНР"]), ("Львівська", ["Lvov"]), ("Чернігівська", ["Черниговская", "Chernigov"]), ("Харківська", ["Kharkov"]),
    ];

    private readonly Codifier _codifier;

    public UnitNames(Codifier codifier) => _codifier = codifier;

    /// <summary>What a unit is found by; nothing for what is no oblast, raion or hromada.</summary>
    public static IEnumerable<string> StemsOf(KatottgUnit unit)
    {
        if (unit.Category is not (KatottgCategory.Oblast or KatottgCategory.SpecialCity or KatottgCategory.Raion or KatottgCategory.Hromada)) return [];
        return StemsOfUnit(unit.Name).Concat(Special.Where(special => string.Equals(special.Name, unit.Name, StringComparison.Ordinal)).SelectMany(special => special.Said).SelectMany(StemsOfSaid));
    }

    /// <summary>
    /// The units that a text names. Parts parted by commas all hold: their units stand one in each inner list. An inner list
    /// is empty where nothing is called that.
    /// </summary>
    public IReadOnlyList<IReadOnlySet<int>> Find(string text) => [.. text.Split(',', ';').Select(part => part.Trim()).Where(part => part.Length > 0).Select(Part)];

    /// <summary>The oblast that a text names: one alone, or null.</summary>
    public int? Oblast(string text)
    {
        var found = Part(text).Where(unit => _codifier.Category(unit) is KatottgCategory.Oblast or KatottgCategory.SpecialCity).ToList();
        if (found.Count > 1) found = [.. found.Where(unit => string.Equals(_codifier.Name(unit), text, StringComparison.Ordinal))];
        return found.Count == 1 ? found[0] : null;
    }

    private HashSet<int> Part(string text)
    {
        if (Katottg.IsCode(text)) return _codifier.Codes.Find(text) is var unit and >= 0 ? [unit] : [];
        var all = new HashSet<int>();
        foreach (var stem in StemsOfSaid(text))
        {
            foreach (var unit in _codifier.Stems.Find(stem)) all.Add(unit);
        }
        if (all.Count == 0) return all;
        var level = Level(Words(text));
        if (level is null) return all;
        var right = all.Where(unit => level == Category(unit)).ToHashSet();
        if (right.Count > 0) return right;
        // The raions were redrawn in 2020; what was a raion is part of a larger one now, and often a hromada of its name.
        if (level == KatottgCategory.Raion) return all.Select(unit => _codifier.Category(unit) == KatottgCategory.Hromada ? _codifier.Parent(unit) : unit).Where(unit => unit >= 0).ToHashSet();
        return all;
    }

    private KatottgCategory Category(int unit) => _codifier.Category(unit) is var category && category == KatottgCategory.SpecialCity ? KatottgCategory.Oblast : category;

    private static KatottgCategory? Level(HashSet<string> words)
    {
        if (words.Any(word => word.StartsWith("област", StringComparison.Ordinal) || word is "обл" or "oblast" or "region" or "province" or "республіка" or "республика" or "republic")) return KatottgCategory.Oblast;
        if (words.Any(word => word.StartsWith("район", StringComparison.Ordinal) || word is "рн" or "raion" or "rayon" or "district")) return KatottgCategory.Raion;
        if (words.Any(word => word.StartsWith("громад", StringComparison.Ordinal) || word.StartsWith("общин", StringComparison.Ordinal) || word is "тг" or "отг" or "hromada" or "community")) return KatottgCategory.Hromada;
        return null;
    }

    private static HashSet<string> Words(string text) => new(PlaceNames.Normalise(text).Replace("р н", "рн", StringComparison.Ordinal).Split(' '), StringComparer.Ordinal);

    private static IEnumerable<string> StemsOfUnit(string name)
    {
        var normalised = PlaceNames.Normalise(name);
        foreach (var form in RussianForms.Of(normalised).Prepend(PlaceNames.FoldCyrillic(normalised)))
        {
            yield return Stem(form);
            yield return LatinStem(Romanization.FoldLatin(PlaceNames.Normalise(Romanization.Write(form, RomanizationSystem.RussianPress))));
        }
        yield return LatinStem(Romanization.FoldLatin(PlaceNames.Normalise(Romanization.Write(normalised, RomanizationSystem.Ukrainian2010))));
    }

    private static IEnumerable<string> StemsOfSaid(string text)
    {
        var normalised = PlaceNames.WithoutPreposition(PlaceNames.Normalise(text).Replace("р н", "рн", StringComparison.Ordinal));
        var bare = string.Join(' ', normalised.Split(' ').Where(word => !Generic.Contains(word)));
        if (bare.Length == 0) bare = normalised;
        if (!PlaceNames.IsCyrillic(bare)) return [LatinStem(Romanization.FoldLatin(bare))];
        return [Stem(PlaceNames.FoldCyrillic(bare))];
    }

    private static string Stem(string folded) => Without(folded, FoldedEndings);

    private static string LatinStem(string folded) => Without(folded, LatinEndings);

    private static readonly string[] FoldedEndings = [.. Endings.Select(PlaceNames.FoldCyrillic).Distinct().OrderByDescending(ending => ending.Length)];

    private static string Without(string text, string[] endings)
    {
        var ending = Array.Find(endings, ending => text.Length > ending.Length + 1 && text.EndsWith(ending, StringComparison.Ordinal));
        return ending is null ? text : text[..^ending.Length];
    }
}
