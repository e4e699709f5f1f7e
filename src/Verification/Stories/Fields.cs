using System.Globalization;

namespace Understory.Verification;

/// <summary>A map of which it is known what may stand in it.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, Node> _values = new(StringComparer.Ordinal);
    private readonly Faults _faults;

    private Fields(Faults faults) => _faults = faults;

    /// <summary>The value under a key; null where there is none.</summary>
    public Node? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Whether a key is there, whatever stands under it.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>Which of these keys are there, in this order.</summary>
    public List<string> Of(params ReadOnlySpan<string> keys)
    {
        var there = new List<string>();
        foreach (var key in keys) if (Has(key)) there.Add(key);
        return there;
    }

    /// <summary>Reads a map; other keys than these are faults.</summary>
    /// <param name="node">What should be a map.</param>
    /// <param name="what">What it is, for faults.</param>
    /// <param name="keys">What it may have.</param>
    /// <param name="faults">Where faults go.</param>
    public static Fields Of(Node node, string what, string[] keys, Faults faults)
    {
        var fields = new Fields(faults);
        if (node is not Node.Map map)
        {
            faults.Add($"Here stands {what}, a map ('key: value'), and this is {node.Called}.", node.At);
            return fields;
        }
        foreach (var (key, value) in map.Entries)
        {
            if (keys.Contains(key.Text, StringComparer.Ordinal)) fields._values[key.Text] = value;
            else faults.Add($"There is no key '{Node.Shown(key.Text)}' in {what}; {Meant(key.Text, keys)}", key.At);
        }
        return fields;
    }

    /// <summary>Text under a key; null where there is none, or with a fault where it is no text.</summary>
    public Node.Scalar? Scalar(string key)
    {
        if (this[key] is not { } node) return null;
        if (node is Node.Scalar { Text.Length: > 0 } scalar && !string.IsNullOrWhiteSpace(scalar.Text)) return scalar;
        _faults.Add(node is Node.Scalar ? $"'{key}' has nothing behind it." : $"'{key}' is text, and this is {node.Called}.", node.At);
        return null;
    }

    /// <summary>Text of at most so many characters.</summary>
    public string? Text(string key, int most)
    {
        if (Scalar(key) is not { } scalar) return null;
        if (scalar.Text.Length > most) _faults.Add($"'{key}' has at most {most} characters.", scalar.At);
        return scalar.Text;
    }

    /// <summary>A whole number.</summary>
    public int? Whole(string key, int least, int most)
    {
        if (Scalar(key) is not { } scalar) return null;
        if (int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _faults.Add($"'{key}' is a whole number from {least} to {most}.", scalar.At);
        return null;
    }

    /// <summary>A number with a point.</summary>
    public double? Number(string key, double least, double most)
    {
        if (Scalar(key) is not { } scalar) return null;
        if (double.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _faults.Add($"'{key}' is a number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}, with a point.", scalar.At);
        return null;
    }

    /// <summary>One of some words.</summary>
    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (Scalar(key) is not { } scalar) return null;
        if (words.TryGetValue(scalar.Text, out var value)) return value;
        _faults.Add($"'{Node.Shown(scalar.Text)}' is no '{key}'; {Meant(scalar.Text, [.. words.Keys])}", scalar.At);
        return null;
    }

    /// <summary>What may have been meant: the likeliest, or all there is.</summary>
    private static string Meant(string typed, string[] words)
    {
        var near = typed.Length > 40 ? null : words.Select(word => (Word: word, Steps: Steps(typed, word))).Where(pair => pair.Steps <= Math.Max(1, pair.Word.Length / 3)).OrderBy(pair => pair.Steps).FirstOrDefault().Word;
        return near is not null ? $"is '{near}' meant?" : $"there is {string.Join(", ", words)}.";
    }

    /// <summary>How many letters differ (Levenshtein).</summary>
    private static int Steps(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (corner, above) = (row[0], 0);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, corner + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                corner = above;
            }
        }
        return row[^1];
    }
}
