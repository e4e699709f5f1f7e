using System.Text;

namespace Understory.Pages;

/// <summary>What a text is looked up by: gettext's msgctxt and msgid.</summary>
/// <param name="Context">Tells two meanings of one English text apart; empty for none.</param>
/// <param name="Id">The English text, of one thing where there are plural forms.</param>
public readonly record struct TextId(string Context, string Id);

/// <summary>
/// A file of translations in gettext's PO format
/// (<see href="https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html"/>), as far as translators' programs
/// write it: contexts, plural forms, remarks, obsolete entries.
/// </summary>
public sealed class PoFile
{
    private readonly Dictionary<TextId, string[]> _forms = [];
    private readonly string _name;
    private readonly Dictionary<string, StringBuilder> _entry = new(StringComparer.Ordinal);
    private int _number;

    private PoFile(string name) => _name = name;

    /// <summary>Every translated text and its forms, of which there is one where nothing is counted.</summary>
    public IReadOnlyDictionary<TextId, string[]> Forms => _forms;

    /// <summary>Which form goes with which number.</summary>
    public PluralRule Plural { get; private set; } = PluralRule.English;

    /// <summary>Reads a file.</summary>
    /// <param name="name">What it is called in the message of a fault.</param>
    /// <param name="text">Its lines.</param>
    /// <exception cref="FormatException">A line is not understood; the message has its number.</exception>
    public static PoFile Read(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var file = new PoFile(name);
        StringBuilder? part = null;
        foreach (var raw in text.Split('\n'))
        {
            file._number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                // An entry ends with an empty line; a remark before the next one may stand for it.
                if (part is not null) file.EndEntry();
                part = null;
                continue;
            }
            var quote = line.IndexOf('"', StringComparison.Ordinal);
            if (quote < 0 || line[^1] != '"' || line.Length < quote + 2) throw file.Fault("is not a line of a PO file");
            var keyword = line[..quote].Trim();
            if (keyword.Length > 0)
            {
                if (keyword is "msgctxt" || keyword is "msgid" && !file._entry.ContainsKey("msgctxt") || keyword is "msgid" && file._entry.ContainsKey("msgid"))
                {
                    if (part is not null && file._entry.ContainsKey("msgid")) file.EndEntry();
                }
                if (!IsKeyword(keyword)) throw file.Fault($"begins with '{keyword}', which is not known");
                part = new StringBuilder();
                if (!file._entry.TryAdd(keyword, part)) throw file.Fault($"has a second '{keyword}' in one entry");
            }
            if (part is null) throw file.Fault("goes on with nothing");
            file.Unescape(line.AsSpan(quote + 1, line.Length - quote - 2), part);
        }
        if (file._entry.Count > 0) file.EndEntry();
        return file;
    }

    private static bool IsKeyword(string keyword) => keyword is "msgctxt" or "msgid" or "msgid_plural" or "msgstr"
        || keyword.Length == 9 && keyword.StartsWith("msgstr[", StringComparison.Ordinal) && char.IsAsciiDigit(keyword[7]) && keyword[8] == ']';

    private void EndEntry()
    {
        if (!_entry.TryGetValue("msgid", out var id)) throw Fault("ends an entry without a msgid");
        List<string> forms = [];
        if (_entry.TryGetValue("msgstr", out var only)) forms.Add(only.ToString());
        while (_entry.TryGetValue($"msgstr[{forms.Count}]", out var form)) forms.Add(form.ToString());
        if (forms.Count == 0) throw Fault("ends an entry without a msgstr");
        var counted = _entry.ContainsKey("msgid_plural");
        var context = _entry.GetValueOrDefault("msgctxt")?.ToString() ?? "";
        _entry.Clear();
        if (id.Length == 0 && context.Length == 0)
        {
            ReadHead(forms[0]);
            return;
        }
        if (counted && forms.Count != Plural.Count) throw Fault($"ends an entry with {forms.Count} plural forms, and there are {Plural.Count}");
        // Not translated yet.
        if (forms.Exists(form => form.Length == 0)) return;
        if (!_forms.TryAdd(new TextId(context, id.ToString()), [.. forms])) throw Fault("ends an entry that stands twice");
    }

    private void ReadHead(string head)
    {
        const string Name = "Plural-Forms:";
        var line = head.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        if (line is null) return;
        try
        {
            Plural = PluralRule.Read(line[Name.Length..]);
        }
        catch (FormatException fault)
        {
            throw Fault(fault.Message);
        }
    }

    private void Unescape(ReadOnlySpan<char> quoted, StringBuilder part)
    {
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '"') throw Fault("has a quotation mark inside");
            if (quoted[i] != '\\')
            {
                part.Append(quoted[i]);
                continue;
            }
            if (++i == quoted.Length) throw Fault("ends in the midst of an escape");
            part.Append(quoted[i] switch
            {
                'n' => '\n',
                't' => '\t',
                '"' => '"',
                '\\' => '\\',
                _ => throw Fault($"has the escape \\{quoted[i]}, which is not known"),
            });
        }
    }

    private FormatException Fault(string what) => new($"{_name}: line {_number} {what}.");
}
