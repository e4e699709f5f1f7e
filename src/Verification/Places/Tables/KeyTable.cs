using System.Text;

namespace Understory.Verification;

/// <summary>Which numbers stand under a key: a multimap from texts to numbers, as it lies in a data file.</summary>
internal sealed class KeyTable
{
    /// <summary>No key that is looked for is longer, in bytes.</summary>
    private const int LongestQuery = 1024;

    private const int MostValues = 32 << 20;

    private readonly int[] _starts;
    private readonly int[] _values;

    private KeyTable(TextTable keys, int[] starts, int[] values) => (Keys, _starts, _values) = (keys, starts, values);

    /// <summary>The keys, in order.</summary>
    public TextTable Keys { get; }

    /// <summary>What stands under a key, rising.</summary>
    public ReadOnlySpan<int> At(int key) => _values.AsSpan(_starts[key], _starts[key + 1] - _starts[key]);

    /// <summary>What stands under a key; nothing where it is not there.</summary>
    public ReadOnlySpan<int> Find(ReadOnlySpan<char> key)
    {
        if (key.Length * 3 > LongestQuery) return [];
        Span<byte> bytes = stackalloc byte[LongestQuery];
        return Keys.IndexOf(bytes[..Encoding.UTF8.GetBytes(key, bytes)]) is var index and >= 0 ? At(index) : [];
    }

    /// <summary>Whether any key begins so.</summary>
    public bool AnyStartsWith(ReadOnlySpan<char> start)
    {
        if (start.Length * 3 > LongestQuery) return false;
        Span<byte> bytes = stackalloc byte[LongestQuery];
        return Keys.AnyStartsWith(bytes[..Encoding.UTF8.GetBytes(start, bytes)]);
    }

    /// <summary>Reads what <see cref="KeyTableBuilder.Write"/> wrote.</summary>
    /// <param name="from">Where it stands.</param>
    /// <param name="limit">Each number is less.</param>
    /// <exception cref="DataException">It is damaged.</exception>
    public static KeyTable Read(ref VarintReader from, int limit)
    {
        var keys = TextTable.Read(ref from);
        var values = new int[from.ReadInt(Math.Min(MostValues, from.Left))];
        var starts = new int[keys.Count + 1];
        var at = 0;
        for (var key = 0; key < keys.Count; key++)
        {
            var value = -1;
            for (var count = 1 + from.ReadInt(values.Length - at - 1); count > 0; count--)
            {
                value += 1 + from.ReadInt(limit - value - 2);
                values[at++] = value;
            }
            starts[key + 1] = at;
        }
        return at == values.Length ? new KeyTable(keys, starts, values) : throw VarintReader.Damaged();
    }
}

/// <summary>Gathers what a <see cref="KeyTable"/> is made of.</summary>
internal sealed class KeyTableBuilder
{
    private readonly Dictionary<string, SortedSet<int>> _values = new(StringComparer.Ordinal);

    /// <summary>Puts a number under a key. An empty key is no key, and one that is too long to be asked for is left out.</summary>
    public void Add(string key, int value)
    {
        if (key.Length == 0 || key.Length * 3 > TextTable.LongestText) return;
        if (!_values.TryGetValue(key, out var values)) _values.Add(key, values = []);
        values.Add(value);
    }

    /// <summary>Writes all of it.</summary>
    public void Write(VarintWriter to)
    {
        var sorted = _values.Select(pair => (Key: Encoding.UTF8.GetBytes(pair.Key), pair.Value)).ToList();
        sorted.Sort((a, b) => TextTable.Compare(a.Key, b.Key));
        TextTable.Write(to, [.. sorted.Select(pair => pair.Key)]);
        to.Write(sorted.Sum(pair => pair.Value.Count));
        foreach (var (_, values) in sorted)
        {
            to.Write(values.Count - 1);
            var before = -1;
            foreach (var value in values)
            {
                to.Write(value - before - 1);
                before = value;
            }
        }
    }
}
