using System.Collections.Frozen;

namespace Understory.Verification;

/// <summary>
/// The words of the grammar. A line of the tables is <c>Kind value: form form …</c>; in a form <c>stem/a,b,-</c> stands for
/// the stem with each of these endings (<c>-</c> is none), and <c>_</c> joins words that mean something only together.
/// Letters are as <see cref="Scanner"/> leaves them: lower case, no ё, no apostrophes.
/// </summary>
internal static class Lexicon
{
    /// <summary>The most words that mean something only together.</summary>
    public const int LongestTerm = 5;

    private static readonly FrozenDictionary<string, Term[]> Terms = Read();

    /// <summary>What a word means, or words with one blank between them; nothing where it is not known.</summary>
    public static ReadOnlySpan<Term> Find(string words) => Terms.TryGetValue(words, out var terms) ? terms : [];

    private static FrozenDictionary<string, Term[]> Read()
    {
        var found = new Dictionary<string, List<Term>>();
        foreach (var (tongue, table) in ((Tongues, string)[])[(Tongues.Russian, RussianWords.Table), (Tongues.Ukrainian, UkrainianWords.Table), (Tongues.English, EnglishWords.Table)])
        {
            foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var colon = line.IndexOf(':');
                var head = line[..colon].Split(' ');
                var (kind, value) = (Enum.Parse<TermKind>(head[0]), head.Length > 1 ? int.Parse(head[1]) : 0);
                foreach (var form in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Forms)) Add(found, form, kind, value, tongue);
            }
        }
        return found.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    private static void Add(Dictionary<string, List<Term>> found, string form, TermKind kind, int value, Tongues tongue)
    {
        if (!found.TryGetValue(form, out var terms)) found[form] = terms = [];
        var same = terms.FindIndex(term => term.Kind == kind && term.Value == value);
        if (same < 0) terms.Add(new Term(kind, value, tongue));
        else terms[same] = terms[same] with { In = terms[same].In | tongue };
    }

    /// <summary>All forms that an entry stands for.</summary>
    private static IEnumerable<string> Forms(string entry)
    {
        IEnumerable<string> forms = [""];
        foreach (var word in entry.Split('_'))
        {
            var slash = word.IndexOf('/');
            var written = slash < 0 ? [word] : word[(slash + 1)..].Split(',').Select(ending => word[..slash] + (ending == "-" ? "" : ending));
            forms = [.. forms.SelectMany(form => written.Select(next => form.Length == 0 ? next : $"{form} {next}"))];
        }
        return forms;
    }
}
