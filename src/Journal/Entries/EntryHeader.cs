using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Understory.Journal;

/// <summary>What stands open of an entry, and all that does: 73 bytes (<c>docs/formats/journal.md</c>, "Entry").</summary>
/// <param name="Case">The case.</param>
/// <param name="Sequence">Its place, from 1, without gaps.</param>
/// <param name="KeyId">The key that opens the frame.</param>
/// <param name="Previous">The hash of the entry before; zeros for the first.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EntryHeader(CaseId Case, long Sequence, KeyId KeyId, Digest Previous)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 1 + CaseId.Size + sizeof(ulong) + KeyId.Size + Digest.Size;

    /// <summary>The largest number of an entry: what every language holds exactly.</summary>
    internal const ulong MaxSequence = (1UL << 53) - 1;

    /// <summary>The version of the format, which is the first byte.</summary>
    internal const byte Version = 1;

    /// <summary>Reads the 73 bytes at the beginning of an entry.</summary>
    /// <exception cref="JournalException">They are not a header, or of another version.</exception>
    public static EntryHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size) throw JournalException.Malformed("The entry ends within its header.");
        if (bytes[0] != Version)
            throw new JournalException(JournalFault.UnknownVersion, $"The entry is of version {bytes[0]}, which this program does not know.");
        var sequence = BinaryPrimitives.ReadUInt64BigEndian(bytes[17..]);
        if (sequence is 0 or > MaxSequence) throw JournalException.Malformed("The entry's sequence number is out of range.");
        return new(CaseId.From(bytes[1..17]), (long)sequence, KeyId.From(bytes[25..41]), Digest.From(bytes[41..Size]));
    }

    /// <summary>Writes the 73 bytes.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        bytes[0] = Version;
        Case.CopyTo(bytes[1..]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[17..], (ulong)Sequence);
        KeyId.CopyTo(bytes[25..]);
        Previous.CopyTo(bytes[41..]);
    }
}

/// <summary>How far a journal goes: the place and hash of its last entry.</summary>
/// <param name="Case">The case.</param>
/// <param name="Sequence">The number of the last entry; 0 where there is none.</param>
/// <param name="Hash">Its hash; zeros where there is none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Head(CaseId Case, long Sequence, Digest Hash)
{
    /// <summary>The head of a journal without entries.</summary>
    public static Head Of(CaseId @case) => new(@case, 0, Digest.Zero);
}
