using System.Reflection;
using System.Text;

namespace Understory.Sealing;

/// <summary>
/// 2,048 words of a language, for receipts and passphrases: eleven bits a word. The properties of the lists are in
/// <c>docs/formats/receipt.md</c> and held by tests.
/// </summary>
public sealed class WordList
{
    /// <summary>Words in a list.</summary>
    public const int Size = 2048;

    /// <summary>Bits that a word stands for.</summary>
    public const int BitsPerWord = 11;

    /// <summary>The least letters that name a word by its beginning.</summary>
    public const int PrefixLength = 4;

    private readonly Lazy<string[]> _words;

    private WordList(string language)
    {
        Language = language;
        _words = new(Load);
    }

    /// <summary>The lists, in the order in which languages are tried.</summary>
    public static IReadOnlyList<WordList> All { get; } = [new("ru"), new("uk"), new("en")];

    /// <summary><c>ru</c>, <c>uk</c> or <c>en</c>.</summary>
    public string Language { get; }

    /// <summary>The words, sorted by code point.</summary>
    public IReadOnlyList<string> Words => _words.Value;

    /// <summary>The list of a language.</summary>
    /// <exception cref="ArgumentException">There is no list for it.</exception>
    public static WordList For(string language) =>
        All.FirstOrDefault(list => list.Language == language)
        ?? throw new ArgumentException($"There is no word list for '{language}': there are ru, uk and en.", nameof(language));

    /// <summary>The number of a word, or -1.</summary>
    public int IndexOf(string word) => Math.Max(-1, Array.BinarySearch(_words.Value, word, StringComparer.Ordinal));

    /// <summary>The list's own string for this text, if it is a word of the list; else null.</summary>
    public string? Find(string text) => IndexOf(text) is var index and >= 0 ? Words[index] : null;

    private string[] Load()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Words.{Language}.txt")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
