using System.Text;
using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>
/// Places by what they are called, as plainly as can be: everything in dictionaries, and every form of a name looked up. What
/// the tables of data files find must be the same.
/// </summary>
internal sealed class NaiveNames
{
    private readonly Table _exact = new();
    private readonly Table _cyrillic = new();
    private readonly Table _latin = new();
    private readonly Table _sounds = new();

    /// <summary>A place that a name may mean.</summary>
    /// <param name="Place">Its number.</param>
    /// <param name="Rank">0 for its own name as it is written; more for what is less close.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    public readonly record struct Match(int Place, int Rank);

    /// <summary>Adds a Ukrainian name with its Russian forms and both in Latin letters.</summary>
    public void AddOwn(string name, int place)
    {
        var normalised = PlaceNames.Normalise(name);
        _exact.Add(normalised, place);
        if (!PlaceNames.IsCyrillic(normalised))
        {
            Add(name, place, isOwn: true);
            return;
        }
        _latin.Add(Latin(normalised, RomanizationSystem.Ukrainian2010), place);
        foreach (var form in RussianForms.Of(normalised))
        {
            _cyrillic.Add(form, place);
            _latin.Add(Latin(form, RomanizationSystem.RussianPress), place);
        }
        _sounds.Add(Sounds(PlaceNames.FoldCyrillic(normalised)), place);
    }

    /// <summary>Adds a name that stands in a file: in Latin letters, an old one, a Russian one.</summary>
    public void Add(string name, int place, bool isOwn)
    {
        var normalised = PlaceNames.Normalise(name);
        if (normalised.Length == 0) return;
        if (!PlaceNames.IsCyrillic(normalised))
        {
            _latin.Add(Romanization.FoldLatin(normalised), place);
            return;
        }
        if (isOwn) _exact.Add(normalised, place);
        _cyrillic.Add(PlaceNames.FoldCyrillic(normalised), place);
        _latin.Add(Latin(normalised, RomanizationSystem.Ukrainian2010), place);
        _latin.Add(Latin(normalised, RomanizationSystem.RussianPress), place);
        if (normalised.Contains('ё')) _latin.Add(Latin(normalised.Replace('ё', 'е'), RomanizationSystem.RussianPress), place);
    }

    /// <summary>Nothing is added after this.</summary>
    public void Freeze()
    {
        foreach (var table in new[] { _exact, _cyrillic, _latin, _sounds }) table.Freeze();
    }

    /// <summary>All places that a name may mean, each once, with the best rank.</summary>
    public IReadOnlyList<Match> Find(string name)
    {
        var normalised = PlaceNames.Normalise(name);
        if (normalised.Length is 0 or > 100) return [];
        var bare = PlaceNames.WithoutKind(normalised);
        var found = new Dictionary<int, int>();
        // A village may be called by a word that is also a kind or a preposition, so both are asked, the full name first.
        if (Written(normalised, 0, found) | (bare != normalised && Written(bare, 0, found))) return Ranked(found);
        var said = PlaceNames.WithoutKind(PlaceNames.WithoutPreposition(bare));
        // After a preposition the name is declined, and a village may be called just that: «в Харькове» is Харків, and
        // Харкове too. All are kept.
        if (said != bare) Written(said, 3, found);
        foreach (var nominative in Nominatives(said)) Written(nominative, 2, found);
        if (found.Count == 0) Collect(_sounds, Sounds(PlaceNames.IsCyrillic(said) ? PlaceNames.FoldCyrillic(said) : said), 4, found);
        return Ranked(found);
    }

    private static IReadOnlyList<string> Nominatives(string normalised)
    {
        if (!PlaceNames.IsCyrillic(normalised)) return [];
        var words = normalised.Split(' ');
        if (words.Length > 4) return [];
        var names = new List<string> { "" };
        foreach (var word in words)
        {
            var forms = Declension.OfWord(word);
            names = [.. names.SelectMany(name => forms.Select(form => name.Length == 0 ? form : name + " " + form)).Take(512)];
        }
        return [.. names.Where(name => !string.Equals(name, normalised, StringComparison.Ordinal)).Distinct().Take(words.Length == 1 ? 64 : 512)];
    }

    private bool Written(string name, int rank, Dictionary<int, int> found)
    {
        if (!PlaceNames.IsCyrillic(name))
        {
            // In ISO 9 "h" is х, which is "kh" elsewhere.
            var latin = Romanization.FoldLatin(name);
            return Collect(_latin, latin, rank, found) || (name.Contains('h') && Collect(_latin, Romanization.FoldLatin(KhForH(name)), rank + 1, found));
        }
        return Collect(_exact, name, rank, found) | Collect(_cyrillic, PlaceNames.FoldCyrillic(name), rank + 1, found);
    }

    private static bool Collect(Table table, string key, int rank, Dictionary<int, int> found)
    {
        var places = table.Find(key);
        foreach (var place in places)
        {
            if (!found.TryGetValue(place, out var before) || rank < before) found[place] = rank;
        }
        return places.Length > 0;
    }

    private static List<Match> Ranked(Dictionary<int, int> found) => [.. found.Select(pair => new Match(pair.Key, pair.Value))];

    private static string Latin(string normalised, RomanizationSystem system) => Romanization.FoldLatin(PlaceNames.Normalise(Romanization.Write(normalised, system)));

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

    /// <summary>Only the sounds that survive spelling: doubled letters as one, о and а apart from all that sounds like и or е, which are one.</summary>
    private static string Sounds(string folded)
    {
        var cyrillic = PlaceNames.IsCyrillic(folded);
        var text = new StringBuilder(folded.Length);
        foreach (var c in cyrillic ? Romanization.FoldLatin(Romanization.Write(folded, RomanizationSystem.RussianPress)) : Romanization.FoldLatin(folded))
        {
            var sound = c switch { 'e' or 'o' => 'i', ' ' => '\0', _ => c };
            if (sound != '\0' && (text.Length == 0 || text[^1] != sound)) text.Append(sound);
        }
        return text.ToString();
    }

    private sealed class Table
    {
        private readonly Dictionary<string, int[]> _places = new(StringComparer.Ordinal);
        private Dictionary<string, List<int>>? _building = new(StringComparer.Ordinal);

        public void Add(string key, int place)
        {
            if (key.Length == 0) return;
            if (!_building!.TryGetValue(key, out var places)) _building.Add(key, places = []);
            if (places.Count == 0 || places[^1] != place) places.Add(place);
        }

        public void Freeze()
        {
            _places.EnsureCapacity(_building!.Count);
            foreach (var (key, places) in _building) _places.Add(key, [.. places]);
            _building = null;
        }

        public int[] Find(string key) => _places.GetValueOrDefault(key, []);
    }
}
