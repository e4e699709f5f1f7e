using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// An entry as it is stored: header and sealed frame; or, once it was forgotten, header and the hash of the frame
/// (<c>docs/formats/journal.md</c>, "Entry").
/// </summary>
public sealed class SealedEntry
{
    private const int ForgottenSize = EntryHeader.Size + Digest.Size;
    private readonly ReadOnlyMemory<byte> _frame;

    private SealedEntry(EntryHeader header, ReadOnlyMemory<byte> frame, Digest frameHash)
    {
        (Header, _frame, FrameHash) = (header, frame, frameHash);
        Span<byte> hashed = stackalloc byte[HashLabel.Length + EntryHeader.Size + Digest.Size];
        HashLabel.CopyTo(hashed);
        header.CopyTo(hashed[HashLabel.Length..]);
        frameHash.CopyTo(hashed[(HashLabel.Length + EntryHeader.Size)..]);
        Head = new(header.Case, header.Sequence, Digest.Of(hashed));
    }

    /// <summary>What stands open.</summary>
    public EntryHeader Header { get; }

    /// <summary>SHA-256 of the sealed frame.</summary>
    public Digest FrameHash { get; }

    /// <summary>The head of the journal from this entry on.</summary>
    public Head Head { get; }

    /// <summary>Whether only the hash of its frame is left.</summary>
    public bool IsForgotten => _frame.IsEmpty;

    /// <summary>Its leaf in the organisation's log.</summary>
    public Digest LeafHash
    {
        get
        {
            Span<byte> data = stackalloc byte[2 * Digest.Size];
            FrameHash.CopyTo(data);
            Head.Hash.CopyTo(data[Digest.Size..]);
            return MerkleTree.LeafHash(data);
        }
    }

    private static ReadOnlySpan<byte> HashLabel => "understory/journal/v1/entry\0"u8;

    private static ReadOnlySpan<byte> FrameLabel => "understory/journal/v1/frame"u8;

    /// <summary>Signs and seals the entry that follows a head. A new attempt makes new bytes: nothing is used twice.</summary>
    /// <param name="after">The head that the journal has, as far as the writer knows.</param>
    /// <param name="epoch">The newest key of the kind's compartment.</param>
    /// <param name="kind">The kind, in its newest version.</param>
    /// <param name="time">Seconds since 1970 in UTC.</param>
    /// <param name="body">At most <see cref="Entry.MaxBodyLength"/> bytes, in the form that belongs to the kind.</param>
    /// <param name="author">Who signs.</param>
    /// <exception cref="ArgumentException">The key is of another case or compartment, or a value is out of range.</exception>
    public static SealedEntry Write(Head after, Epoch epoch, Kind kind, long time, ReadOnlySpan<byte> body, SigningKey author)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(author);
        if (epoch.Case != after.Case) throw new ArgumentException("The key is of another case.", nameof(epoch));
        if (epoch.Compartment != kind.Compartment)
            throw new ArgumentException($"{kind.Name} belongs to {kind.Compartment}, and the key to {epoch.Compartment}.", nameof(epoch));
        ArgumentOutOfRangeException.ThrowIfNegative(time);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, Entry.MaxTime);
        if (body.Length > Entry.MaxBodyLength) throw new ArgumentException($"The body is longer than {Entry.MaxBodyLength} bytes.", nameof(body));

        var header = new EntryHeader(after.Case, checked(after.Sequence + 1), epoch.KeyId, after.Hash);
        using var content = Entry.WriteContent(header, kind, time, body, author);
        return Seal(header, epoch, content.Written);
    }

    /// <summary>Reads an entry as it is stored. Nothing is decrypted.</summary>
    /// <exception cref="JournalException">It is not an entry, or of another version.</exception>
    public static SealedEntry Parse(ReadOnlySpan<byte> bytes)
    {
        var header = EntryHeader.Parse(bytes);
        var rest = bytes[EntryHeader.Size..];
        if (bytes.Length == ForgottenSize) return new(header, default, Digest.From(rest));
        if (!IsFrameLength(rest.Length)) throw JournalException.Malformed("The entry's frame has a length that no frame has.");
        return new(header, rest.ToArray(), Digest.Of(rest));
    }

    /// <summary>The bytes to store.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[EntryHeader.Size + (IsForgotten ? Digest.Size : _frame.Length)];
        Header.CopyTo(bytes);
        if (IsForgotten) FrameHash.CopyTo(bytes.AsSpan(EntryHeader.Size));
        else _frame.CopyTo(bytes.AsMemory(EntryHeader.Size));
        return bytes;
    }

    /// <summary>What is left when it is forgotten: its place in the chain and in the log, and nothing to open.</summary>
    public SealedEntry Forget() => new(Header, default, FrameHash);

    /// <summary>
    /// Opens the frame and verifies the signature. Whether the author may sign is the caller's to ask, and the entry the
    /// caller's to dispose.
    /// </summary>
    /// <exception cref="JournalException">It does not open, is not what it should be, or its signature is not right.</exception>
    public Entry Open(Epoch epoch, Kinds kinds)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(kinds);
        if (IsForgotten) throw new JournalException(JournalFault.NoKey, "The entry was forgotten: only its hash is left.");
        if (epoch.KeyId != Header.KeyId) throw new JournalException(JournalFault.NoKey, "The entry is sealed under another key.");
        if (epoch.Case != Header.Case) throw new JournalException(JournalFault.Misplaced, "The key is of another case.");
        Span<byte> context = stackalloc byte[EntryHeader.Size];
        Header.CopyTo(context);
        var padded = GC.AllocateUninitializedArray<byte>(_frame.Length - CommittingSeal.Overhead, pinned: true);
        try
        {
            CommittingSeal.Open(epoch.Key.Span, FrameLabel, context, _frame.Span, padded);
            return Entry.ReadContent(Header, padded.AsMemory(0, Unpadded.Length(padded)), epoch.Compartment, kinds);
        }
        catch
        {
            CryptographicOperations.ZeroMemory(padded);
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"SealedEntry {Header.Sequence} of {Header.Case}";

    /// <summary>Seals any content as the frame of a header: what a forger with the key can do.</summary>
    internal static SealedEntry Seal(EntryHeader header, Epoch epoch, ReadOnlySpan<byte> content)
    {
        var padded = Padding.Pad(PaddingKind.Message, content);
        var frame = new byte[padded.Length + CommittingSeal.Overhead];
        Span<byte> context = stackalloc byte[EntryHeader.Size];
        header.CopyTo(context);
        try
        {
            CommittingSeal.Seal(epoch.Key.Span, FrameLabel, context, padded, frame);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
        return new(header, frame, Digest.Of(frame));
    }

    private static bool IsFrameLength(int length)
    {
        var padded = length - CommittingSeal.Overhead;
        return padded is > 0 and <= Padding.MaxMessageLength + 1 && Padding.PaddedLength(PaddingKind.Message, padded - 1) == padded;
    }
}

/// <summary>Takes padding off, with the journal's own fault.</summary>
internal static class Unpadded
{
    public static int Length(ReadOnlySpan<byte> padded)
    {
        try
        {
            return Padding.Unpad(PaddingKind.Message, padded).Length;
        }
        catch (SealingException fault)
        {
            throw new JournalException(JournalFault.Malformed, "What is sealed is not padded as it must be.", fault);
        }
    }
}
