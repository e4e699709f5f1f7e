namespace Understory.Verification;

/// <summary>
/// Reads the names of the official list: «с. Роботине Токмацької міської територіальної громади», «Торецька міська
/// територіальна громада за винятком с-ще Озарянівка, с-ще Курдюмівка».
/// </summary>
internal sealed class OrderNames
{
    private const string Except = "за винятком";
    private static readonly string[] KindWords = ["с", "c", "с ще", "с ща", "м", "смт", "сел"];
    private readonly Katottg _katottg;
    private readonly Dictionary<string, List<KatottgUnit>> _inside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<KatottgUnit>> _byName = new(StringComparer.Ordinal);

    public OrderNames(Katottg katottg)
    {
        _katottg = katottg;
        foreach (var unit in katottg.Units)
        {
            foreach (var parent in unit.Parents) Add(_inside, parent, unit);
            if (unit.IsPlace) Add(_byName, PlaceNames.Normalise(unit.Name), unit);
        }
    }

    /// <summary>What lies in a unit, at any depth.</summary>
    public IReadOnlyList<KatottgUnit> Inside(string code) => _inside.GetValueOrDefault(code) ?? [];

    /// <summary>The name before the exceptions, and the exceptions one by one, as they stand.</summary>
    public static (string Name, IReadOnlyList<string> Exceptions) Split(string text)
    {
        var plain = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var at = plain.IndexOf(Except, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return (plain, []);
        return (plain[..at].Trim(), [.. plain[(at + Except.Length)..].Split(',', ';').SelectMany(Parted).Select(item => item.Trim(' ', ':', '.')).Where(item => item.Length > 0)]);
    }

    /// <summary>Whether a text speaks of a part of a town: «частина м. Золотого (Золоте – 5)».</summary>
    public static bool IsPart(string text) => PlaceNames.Normalise(text).StartsWith("частина ", StringComparison.Ordinal);

    /// <summary>Whether a row's name can be that of a unit.</summary>
    public static bool Fits(string name, KatottgUnit unit)
    {
        var own = PlaceNames.FoldCyrillic(PlaceNames.Normalise(unit.Name));
        var said = PlaceNames.Normalise(name);
        var bare = PlaceNames.FoldCyrillic(PlaceNames.WithoutKind(said));
        return StartsWithWord(bare, own)
            || StartsWithWord(PlaceNames.FoldCyrillic(said), own)
            || (unit.Category == KatottgCategory.Hromada && StartsWithWord(bare, own.Split(' ')[0]))
            || Alternatives(name).Any(other => StartsWithWord(PlaceNames.FoldCyrillic(PlaceNames.WithoutKind(PlaceNames.Normalise(other))), own));
    }

    /// <summary>The units inside another that an exception names; a code in it decides.</summary>
    public IReadOnlyList<KatottgUnit> Excepted(string exception, KatottgUnit from)
    {
        var inside = Inside(from.Code);
        var at = exception.IndexOf("UA", StringComparison.Ordinal);
        if (at >= 0 && exception.Length >= at + 19 && Katottg.IsCode(exception.AsSpan(at, 19)))
        {
            var code = exception.Substring(at, 19);
            return [.. inside.Where(unit => string.Equals(unit.Code, code, StringComparison.Ordinal))];
        }
        var names = Alternatives(exception).Select(name => PlaceNames.FoldCyrillic(PlaceNames.WithoutKind(PlaceNames.Normalise(name)))).ToHashSet(StringComparer.Ordinal);
        var isHromada = exception.Contains("громада", StringComparison.OrdinalIgnoreCase) || exception.Contains("громади", StringComparison.OrdinalIgnoreCase);
        return [.. inside.Where(unit => (unit.IsPlace && names.Contains(PlaceNames.FoldCyrillic(PlaceNames.Normalise(unit.Name)))) || (isHromada && unit.Category == KatottgCategory.Hromada && Fits(exception, unit)))];
    }

    /// <summary>
    /// The unit that a row means whose code is not in the codifier, by its name, its hromada and its oblast: one alone, or
    /// none.
    /// </summary>
    public KatottgUnit? Resolve(string name, string oblast)
    {
        var words = PlaceNames.WithoutKind(PlaceNames.Normalise(name)).Split(' ');
        for (var count = Math.Min(4, words.Length); count >= 1; count--)
        {
            var found = (_byName.GetValueOrDefault(string.Join(' ', words[..count])) ?? [])
                .Where(unit => IsInHromada(unit, words.AsSpan(count)) && IsInOblast(unit, oblast)).ToList();
            if (found.Count > 0) return found.Count == 1 ? found[0] : null;
        }
        return null;
    }

    /// <summary>The smallest unit that a row names that cannot be resolved: its hromada, raion or oblast.</summary>
    public KatottgUnit? Around(string name, string raion, string oblast)
    {
        var words = PlaceNames.Normalise(name).Split(' ');
        var inOblast = _katottg.Units.Where(unit => IsInOblast(unit, oblast)).ToList();
        return One(inOblast.Where(unit => unit.Category == KatottgCategory.Hromada && IsNamed(unit, words)))
            ?? One(inOblast.Where(unit => unit.Category == KatottgCategory.Raion && IsNamed(unit, PlaceNames.Normalise(raion).Split(' '))))
            ?? One(inOblast.Where(unit => unit.Category is KatottgCategory.Oblast or KatottgCategory.SpecialCity));
    }

    /// <summary>Another place of the same hromada that a row's name fits, where its code says a different one.</summary>
    public KatottgUnit? Namesake(string name, KatottgUnit coded) =>
        coded.Parents.Count == 0 ? null : Inside(coded.Parents[^1]).FirstOrDefault(unit => unit.IsPlace && unit != coded && Fits(name, unit));

    private static KatottgUnit? One(IEnumerable<KatottgUnit> units) => units.Take(2).ToList() is [var only] ? only : null;

    private bool IsInHromada(KatottgUnit unit, ReadOnlySpan<string> words) =>
        unit.Parents.Count > 0 && _katottg.Find(unit.Parents[^1]) is { Category: KatottgCategory.Hromada } hromada && IsNamed(hromada, words);

    /// <summary>Whether one of some words is the adjective that names a unit, in any case: Торецька, Торецької.</summary>
    private static bool IsNamed(KatottgUnit unit, ReadOnlySpan<string> words)
    {
        var adjective = PlaceNames.Normalise(unit.Name).Split(' ')[0];
        var stem = adjective.EndsWith("ий", StringComparison.Ordinal) ? adjective[..^2] : adjective.TrimEnd('а');
        foreach (var word in words)
        {
            if (word.StartsWith(stem, StringComparison.Ordinal) && word.Length <= stem.Length + 3) return true;
        }
        return false;
    }

    private bool IsInOblast(KatottgUnit unit, string oblast)
    {
        var top = unit.Parents.Count == 0 ? unit : _katottg.Find(unit.Parents[0]);
        return top is not null && PlaceNames.Normalise(oblast).Contains(PlaceNames.Normalise(top.Name).TrimEnd('а'), StringComparison.Ordinal);
    }

    /// <summary>The name itself, and names in brackets beside it: «с-ще Грейгове (с-ще Миролюбове)».</summary>
    private static IEnumerable<string> Alternatives(string name)
    {
        var open = name.IndexOf('(');
        if (open < 0) return [name];
        var close = name.IndexOf(')', open);
        return [name[..open], close < 0 ? name[(open + 1)..] : name[(open + 1)..close]];
    }

    /// <summary>Two names between which a comma was forgotten: «с. Новокаїри с. Республіканець».</summary>
    private static IEnumerable<string> Parted(string item)
    {
        if (item.Contains('(')) return [item];
        var words = item.Trim().Split(' ');
        var parts = new List<string>();
        var start = 0;
        for (var i = 1; i < words.Length; i++)
        {
            if (!words[i].EndsWith('.') && !string.Equals(words[i], "с-ще", StringComparison.Ordinal)) continue;
            if (!KindWords.Contains(PlaceNames.Normalise(words[i])) || PlaceNames.Normalise(words[i - 1]) is "частина") continue;
            if (i == 1 && KindWords.Contains(PlaceNames.Normalise(words[0]))) continue;
            // «с-ще Козацьке та с. Веселе»
            parts.Add(string.Join(' ', words[start..(i > start + 1 && words[i - 1] is "та" or "і" ? i - 1 : i)]));
            start = i;
        }
        parts.Add(string.Join(' ', words[start..]));
        return parts;
    }

    private static bool StartsWithWord(string text, string word) => text.StartsWith(word, StringComparison.Ordinal) && (text.Length == word.Length || text[word.Length] == ' ');

    private static void Add(Dictionary<string, List<KatottgUnit>> to, string key, KatottgUnit unit)
    {
        if (!to.TryGetValue(key, out var list)) to.Add(key, list = []);
        list.Add(unit);
    }
}
