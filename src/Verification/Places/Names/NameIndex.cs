using System.Text;

namespace Understory.Verification;

/// <summary>
/// Places by what they are called. Each layer is the names of one file (<see cref="NameKeys"/>) and says which places its
/// numbers are. A look-up is a few probes of hash tables; nothing is made ready beforehand.
/// </summary>
internal sealed class NameIndex(IReadOnlyList<NameIndex.Layer> layers)
{
    private const int LongestName = 100;

    /// <summary>A place that a name may mean.</summary>
    /// <param name="Place">Its number.</param>
    /// <param name="Rank">0 for its own name as it is written; more for what is less close.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    public readonly record struct Match(int Place, int Rank);

    /// <summary>Names, and which places bear them.</summary>
    /// <param name="Names">The names: numbers under keys.</param>
    /// <param name="Places">For each number its places.</param>
    public sealed record Layer(NameTables Names, Groups Places);

    /// <summary>All places that a name may mean, each once, with the best rank.</summary>
    public IReadOnlyList<Match> Find(string name)
    {
        var normalised = PlaceNames.Normalise(name);
        if (normalised.Length is 0 or > LongestName) return [];
        var bare = PlaceNames.WithoutKind(normalised);
        var found = new Dictionary<int, int>();
        // A village may be called by a word that is also a kind or a preposition, so both are asked, the full name first.
        if (Written(normalised, 0, found) | (bare != normalised && Written(bare, 0, found))) return Ranked(found);
        var said = PlaceNames.WithoutKind(PlaceNames.WithoutPreposition(bare));
        // After a preposition the name is declined, and a village may be called just that: «в Харькове» is Харків, and
        // Харкове too. All are kept.
        if (said != bare) Written(said, 3, found);
        foreach (var nominative in Declension.Nominatives(said, MayBegin)) Written(nominative, 2, found);
        if (found.Count == 0) Collect(names => names.Sounds, NameKeys.Sounds(PlaceNames.IsCyrillic(said) ? PlaceNames.FoldCyrillic(said) : said), 4, found);
        return Ranked(found);
    }

    /// <summary>Whether any name in Cyrillic begins with some words.</summary>
    private bool MayBegin(string words)
    {
        var folded = PlaceNames.FoldCyrillic(words);
        foreach (var (names, _) in layers)
        {
            if (names.Cyrillic.AnyStartsWith(folded) || names.Exact.AnyStartsWith(words)) return true;
        }
        return false;
    }

    private bool Written(string name, int rank, Dictionary<int, int> found)
    {
        if (!PlaceNames.IsCyrillic(name))
        {
            // In ISO 9 "h" is х, which is "kh" elsewhere.
            var latin = Romanization.FoldLatin(name);
            return Collect(names => names.Latin, latin, rank, found) || (name.Contains('h') && Collect(names => names.Latin, Romanization.FoldLatin(KhForH(name)), rank + 1, found));
        }
        return Collect(names => names.Exact, name, rank, found) | Collect(names => names.Cyrillic, PlaceNames.FoldCyrillic(name), rank + 1, found);
    }

    private bool Collect(Func<NameTables, KeyTable> table, string key, int rank, Dictionary<int, int> found)
    {
        var any = false;
        foreach (var (names, places) in layers)
        {
            foreach (var number in table(names).Find(key))
            {
                foreach (var place in places[number])
                {
                    any = true;
                    if (!found.TryGetValue(place, out var before) || rank < before) found[place] = rank;
                }
            }
        }
        return any;
    }

    private static List<Match> Ranked(Dictionary<int, int> found) => [.. found.Select(pair => new Match(pair.Key, pair.Value))];

    private static string KhForH(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == 'h' && (i == 0 || name[i - 1] is not ('s' or 'c' or 'z' or 'k' or 'g' or 'p'))) text.Append('k');
            text.Append(name[i]);
        }
        return text.ToString();
    }
}
