namespace Understory.Verification;

/// <summary>
/// What names of places are found by. Four kinds of key, from exact to generous: the name as it is written; folded Cyrillic
/// (Ukrainian spelling, and the Russian forms of it); folded Latin (every system of <see cref="Romanization"/>); and its
/// sounds, which are asked only where none of these knows a name.
/// </summary>
/// <remarks>They are made when data is imported and lie in the data file. Whoever changes them raises <see cref="Version"/>.</remarks>
internal sealed class NameKeys
{
    /// <summary>Stands in each content that has such keys: those that other rules made are not read.</summary>
    public const int Version = 1;

    private readonly KeyTableBuilder _exact = new();
    private readonly KeyTableBuilder _cyrillic = new();
    private readonly KeyTableBuilder _latin = new();
    private readonly KeyTableBuilder _sounds = new();

    /// <summary>Adds a Ukrainian name with its Russian forms and both in Latin letters.</summary>
    public void AddOwn(string name, int value)
    {
        var normalised = PlaceNames.Normalise(name);
        _exact.Add(normalised, value);
        if (!PlaceNames.IsCyrillic(normalised))
        {
            Add(name, value, isOwn: true);
            return;
        }
        _latin.Add(Latin(normalised, RomanizationSystem.Ukrainian2010), value);
        foreach (var form in RussianForms.Of(normalised))
        {
            _cyrillic.Add(form, value);
            _latin.Add(Latin(form, RomanizationSystem.RussianPress), value);
        }
        _sounds.Add(Sounds(PlaceNames.FoldCyrillic(normalised)), value);
    }

    /// <summary>Adds a name that stands in a file: in Latin letters, an old one, a Russian one.</summary>
    public void Add(string name, int value, bool isOwn)
    {
        var normalised = PlaceNames.Normalise(name);
        if (normalised.Length == 0) return;
        if (!PlaceNames.IsCyrillic(normalised))
        {
            _latin.Add(Romanization.FoldLatin(normalised), value);
            return;
        }
        if (isOwn) _exact.Add(normalised, value);
        _cyrillic.Add(PlaceNames.FoldCyrillic(normalised), value);
        _latin.Add(Latin(normalised, RomanizationSystem.Ukrainian2010), value);
        _latin.Add(Latin(normalised, RomanizationSystem.RussianPress), value);
        if (normalised.Contains('ё')) _latin.Add(Latin(normalised.Replace('ё', 'е'), RomanizationSystem.RussianPress), value);
    }

    /// <summary>Writes the four tables.</summary>
    public void Write(VarintWriter to)
    {
        foreach (var table in new[] { _exact, _cyrillic, _latin, _sounds }) table.Write(to);
    }

    /// <summary>Only the sounds that survive spelling: doubled letters as one, о and а apart from all that sounds like и or е, which are one.</summary>
    public static string Sounds(string folded)
    {
        var text = new System.Text.StringBuilder(folded.Length);
        foreach (var c in PlaceNames.IsCyrillic(folded) ? Romanization.FoldLatin(Romanization.Write(folded, RomanizationSystem.RussianPress)) : Romanization.FoldLatin(folded))
        {
            var sound = c switch { 'e' or 'o' => 'i', ' ' => '\0', _ => c };
            if (sound != '\0' && (text.Length == 0 || text[^1] != sound)) text.Append(sound);
        }
        return text.ToString();
    }

    private static string Latin(string normalised, RomanizationSystem system) => Romanization.FoldLatin(PlaceNames.Normalise(Romanization.Write(normalised, system)));
}

/// <summary>The tables that <see cref="NameKeys"/> wrote.</summary>
internal sealed record NameTables(KeyTable Exact, KeyTable Cyrillic, KeyTable Latin, KeyTable Sounds)
{
    /// <summary>Reads them.</summary>
    /// <param name="from">Where they stand.</param>
    /// <param name="limit">Each number in them is less.</param>
    /// <exception cref="DataException">They are damaged.</exception>
    public static NameTables Read(ref VarintReader from, int limit) =>
        new(KeyTable.Read(ref from, limit), KeyTable.Read(ref from, limit), KeyTable.Read(ref from, limit), KeyTable.Read(ref from, limit));
}
