using System.Buffers.Binary;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// Up to 118 keys of a keychain, sealed together; sealed, all segments have one length
/// (<c>docs/formats/journal.md</c>, "Keychain").
/// </summary>
internal static class KeychainSegment
{
    public const int MaxRecords = 118;
    public const int SealedSize = PaddedSize + CommittingSeal.Overhead;

    private const int PaddedSize = 8192;
    private const int HeadSize = 1 + sizeof(ushort);
    private const int RecordSize = CaseId.Size + 1 + sizeof(uint) + KeyId.Size + Epoch.KeySize;
    private const int KeyAt = RecordSize - Epoch.KeySize;
    private const byte Version = 1;
    private const byte Mark = 0x80;

    private static ReadOnlySpan<byte> Label => "understory/journal/v1/segment"u8;

    public static byte[] Seal(Secret key, int number, IReadOnlyList<Epoch> epochs)
    {
        // The keys pass through locked memory only.
        using var content = key.Memory.Allocate(PaddedSize);
        var bytes = content.Span;
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)epochs.Count);
        for (var i = 0; i < epochs.Count; i++) Write(epochs[i], bytes.Slice(HeadSize + i * RecordSize, RecordSize));
        bytes[^1] = Mark;
        var sealedBytes = new byte[SealedSize];
        CommittingSeal.Seal(key.Span, Label, Context(number, stackalloc byte[4]), bytes, sealedBytes);
        return sealedBytes;
    }

    /// <summary>Opens a segment; its keys are the caller's to dispose.</summary>
    /// <exception cref="JournalException">It was changed, or is not this segment of this keychain.</exception>
    public static List<Epoch> Open(Secret key, int number, ReadOnlySpan<byte> sealedBytes)
    {
        using var content = key.Memory.Allocate(PaddedSize);
        var bytes = content.Span;
        CommittingSeal.Open(key.Span, Label, Context(number, stackalloc byte[4]), sealedBytes, bytes);
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        if (bytes[0] != Version) throw new JournalException(JournalFault.UnknownVersion, "The keychain is of a version that this program does not know.");
        if (count > MaxRecords || bytes[^1] != Mark || bytes[(HeadSize + count * RecordSize)..^1].ContainsAnyExcept((byte)0))
            throw JournalException.Malformed("A segment of the keychain is damaged.");
        List<Epoch> epochs = [];
        try
        {
            for (var i = 0; i < count; i++) epochs.Add(Read(bytes.Slice(HeadSize + i * RecordSize, RecordSize), key.Memory));
            return epochs;
        }
        catch
        {
            epochs.ForEach(epoch => epoch.Dispose());
            throw;
        }
    }

    private static void Write(Epoch epoch, Span<byte> record)
    {
        epoch.Case.CopyTo(record);
        record[16] = (byte)epoch.Compartment;
        BinaryPrimitives.WriteUInt32BigEndian(record[17..], (uint)epoch.Number);
        epoch.KeyId.CopyTo(record[21..]);
        epoch.Key.Span.CopyTo(record[KeyAt..]);
    }

    private static Epoch Read(ReadOnlySpan<byte> record, LockedMemory memory)
    {
        var compartment = (Compartment)record[16];
        var number = BinaryPrimitives.ReadUInt32BigEndian(record[17..]);
        if (!Enum.IsDefined(compartment) || number is 0 or > Epoch.MaxNumber) throw JournalException.Malformed("A key of the keychain is damaged.");
        return new(CaseId.From(record[..16]), compartment, (int)number, KeyId.From(record[21..KeyAt]), memory.Copy(record[KeyAt..]));
    }

    private static Span<byte> Context(int number, Span<byte> context)
    {
        BinaryPrimitives.WriteInt32BigEndian(context, number);
        return context;
    }
}
