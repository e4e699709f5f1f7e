using System.Text;

namespace Understory.Verification;

/// <summary>
/// Texts in UTF-8, in the order of their bytes, each once: one array of bytes, so that reading tens of thousands of them
/// makes a handful of objects. A text is found by a hash table that is made when something is first looked for.
/// </summary>
internal sealed class TextTable
{
    /// <summary>Longer than any name, in any writing, has a right to be.</summary>
    public const int LongestText = 1024;

    private const int MostBytes = 256 << 20;
    private const int MostTexts = 16 << 20;
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private int[]? _slots;

    private TextTable(byte[] bytes, int[] starts) => (_bytes, _starts) = (bytes, starts);

    /// <summary>How many there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The bytes of one.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index], _starts[index + 1] - _starts[index]);

    /// <summary>One as a string.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Writes texts that are sorted by <see cref="Compare"/> and differ.</summary>
    public static void Write(VarintWriter to, IReadOnlyList<byte[]> texts)
    {
        to.Write(texts.Count);
        to.Write(texts.Sum(text => text.Length));
        byte[] before = [];
        foreach (var text in texts)
        {
            var shared = text.AsSpan().CommonPrefixLength(before);
            to.Write(shared);
            to.Write(text.Length - shared);
            to.WriteBytes(text.AsSpan(shared));
            before = text;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">It is damaged, or its texts are not in order.</exception>
    public static TextTable Read(ref VarintReader from)
    {
        var count = from.ReadInt(Math.Min(MostTexts, from.Left / 2));
        var bytes = new byte[from.ReadInt((int)Math.Min(MostBytes, (long)count * LongestText))];
        var starts = new int[count + 1];
        var (at, length) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var shared = from.ReadInt(length);
            var rest = from.ReadInt(Math.Min(LongestText - shared, bytes.Length - at - shared));
            var before = bytes.AsSpan(at - length, length);
            before[..shared].CopyTo(bytes.AsSpan(at));
            from.Take(rest).CopyTo(bytes.AsSpan(at + shared));
            if (i > 0 && bytes.AsSpan(at, shared + rest).SequenceCompareTo(before) <= 0) throw VarintReader.Damaged();
            at += length = shared + rest;
            starts[i + 1] = at;
        }
        return at == bytes.Length ? new TextTable(bytes, starts) : throw VarintReader.Damaged();
    }

    /// <summary>The order of texts in a table.</summary>
    public static int Compare(byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b);

    /// <summary>Where a text stands; -1 where it does not.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        // Two threads may both make it: they make the same.
        var slots = Volatile.Read(ref _slots);
        if (slots is null) Volatile.Write(ref _slots, slots = Slots());
        for (var slot = Hash(text) & (slots.Length - 1); slots[slot] is var index and > 0; slot = (slot + 1) & (slots.Length - 1))
        {
            if (this[index - 1].SequenceEqual(text)) return index - 1;
        }
        return -1;
    }

    /// <summary>Whether any of them begins so. By bisection.</summary>
    public bool AnyStartsWith(ReadOnlySpan<byte> start)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].SequenceCompareTo(start) < 0) low = middle + 1;
            else high = middle;
        }
        return low < Count && this[low].StartsWith(start);
    }

    private int[] Slots()
    {
        var slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((Count * 2) + 1))];
        for (var i = 0; i < Count; i++)
        {
            var slot = Hash(this[i]) & (slots.Length - 1);
            while (slots[slot] > 0) slot = (slot + 1) & (slots.Length - 1);
            slots[slot] = i + 1;
        }
        return slots;
    }

    // Why this is safe: the hash has another seed in each process, so no file can be made whose texts all fall together.
    private static int Hash(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }
}
