using System.Runtime.InteropServices;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>Entries in a row, by their numbers.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EntryRange(long From, long To);

/// <summary>
/// The body of <see cref="Kind.Forgotten"/>: which entries its author decided to forget
/// (<c>docs/formats/journal.md</c>, "Forgetting").
/// </summary>
public sealed class Forgetting
{
    /// <summary>The most ranges in one decision.</summary>
    public const int MaxRanges = 4096;

    private Forgetting(IReadOnlyList<EntryRange> entries) => Entries = entries;

    /// <summary>The entries: ranges in ascending order that do not touch.</summary>
    public IReadOnlyList<EntryRange> Entries { get; }

    /// <summary>The decision to forget entries of these numbers, in any order.</summary>
    /// <exception cref="ArgumentException">There is none, one is no number of an entry, or they are more ranges than one decision holds.</exception>
    public static Forgetting Of(IEnumerable<long> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        List<EntryRange> ranges = [];
        foreach (var sequence in sequences.Distinct().Order())
        {
            if (sequence is < 1 or > (long)EntryHeader.MaxSequence) throw new ArgumentException("That is no number of an entry.", nameof(sequences));
            if (ranges is [.., var last] && last.To + 1 == sequence) ranges[^1] = last with { To = sequence };
            else ranges.Add(new(sequence, sequence));
        }
        return ranges.Count is >= 1 and <= MaxRanges
            ? new(ranges) : throw new ArgumentException($"A decision names 1 to {MaxRanges} ranges of entries.", nameof(sequences));
    }

    /// <summary>Reads a body of version 1.</summary>
    /// <exception cref="JournalException">It is none.</exception>
    public static Forgetting Read(ReadOnlySpan<byte> body)
    {
        var reader = new CborReader(body, JournalException.Content);
        var count = reader.ReadArray(MaxRanges);
        if (count == 0) throw JournalException.Malformed("The decision names no entries.");
        List<EntryRange> ranges = new(count);
        for (var last = -1L; count > 0; count--)
        {
            reader.ReadArrayOf(2);
            var (from, to) = ((long)reader.ReadUnsigned(EntryHeader.MaxSequence), (long)reader.ReadUnsigned(EntryHeader.MaxSequence));
            // One form for each decision: what touches is one range.
            if (from < last + 2 || to < from) throw JournalException.Malformed("The decision's ranges are not in order.");
            ranges.Add(new(from, last = to));
        }
        reader.End();
        return new(ranges);
    }

    /// <summary>Whether an entry is among them.</summary>
    public bool Covers(long sequence)
    {
        var (low, high) = (0, Entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Entries[middle].To < sequence) low = middle + 1;
            else high = middle;
        }
        return low < Entries.Count && Entries[low].From <= sequence;
    }

    /// <summary>The body, of version 1.</summary>
    public byte[] ToBody()
    {
        using var writer = new CborWriter();
        writer.WriteArray(Entries.Count);
        foreach (var range in Entries)
        {
            writer.WriteArray(2);
            writer.Write(range.From);
            writer.Write(range.To);
        }
        return writer.ToArray();
    }
}
