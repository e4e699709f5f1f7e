using System.Globalization;
using System.Reflection;

namespace Understory.Pages;

/// <summary>
/// The languages of a host: English, which stands in the code, and one for each PO file in its assembly. A language is added
/// by adding a file.
/// </summary>
public sealed class Catalogue
{
    private const string English = "en";
    private const int MostHeader = 200;
    private readonly Dictionary<string, Text> _texts = new(StringComparer.Ordinal);

    private Catalogue()
    {
    }

    /// <summary>All of them, English last: whoever needs it finds it, and nobody here has it as their own.</summary>
    public IReadOnlyList<string> Languages { get; private init; } = [];

    /// <summary>Reads the PO files of an assembly, on top of those of this one.</summary>
    /// <exception cref="FormatException">A file has a fault; a test holds that none has.</exception>
    public static Catalogue Of(Assembly host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var shared = Load(typeof(Catalogue).Assembly);
        var own = Load(host);
        var catalogue = new Catalogue { Languages = [.. own.Keys.Order(StringComparer.Ordinal), English] };
        foreach (var (language, file) in own)
        {
            var forms = new Dictionary<TextId, string[]>(file.Forms);
            if (shared.TryGetValue(language, out var common))
            {
                foreach (var (id, text) in common.Forms) forms.TryAdd(id, text);
            }
            catalogue._texts.Add(language, new Text(language, forms, file.Plural));
        }
        catalogue._texts.Add(English, new Text(English, [], PluralRule.English));
        return catalogue;
    }

    /// <summary>The texts of a language; English where there is none of that name.</summary>
    public Text For(string? language) => language is not null && _texts.TryGetValue(language, out var text) ? text : _texts[English];

    /// <summary>Whether there is a language of this name.</summary>
    public bool Has(string? language) => language is not null && _texts.ContainsKey(language);

    /// <summary>What a browser prefers, of an <c>Accept-Language</c> header (RFC 9110, 12.5.4); English where nothing fits.</summary>
    public string Choose(string? accepted)
    {
        var best = (Language: English, Quality: 0.0);
        if (accepted is null or { Length: > MostHeader }) return best.Language;
        foreach (var range in accepted.Split(','))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var language = parts[0].Trim().Split('-')[0].ToLowerInvariant();
            var quality = 1.0;
            if (parts.Length > 1 && (!parts[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                || !double.TryParse(parts[1].AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality))) continue;
            if (quality > best.Quality && Has(language)) best = (language, quality);
        }
        return best.Language;
    }

    private static Dictionary<string, PoFile> Load(Assembly assembly)
    {
        var files = new Dictionary<string, PoFile>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".po", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            files.Add(Path.GetFileNameWithoutExtension(name), PoFile.Read(name, reader.ReadToEnd()));
        }
        return files;
    }
}
