using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// An entry as it is after its frame was opened and its signature verified. It prints its place and nothing of what is
/// in it.
/// </summary>
/// <remarks>Its body may hold keys. It lies in pinned memory, of which no copy is moved about; disposing wipes it.</remarks>
public sealed class Entry : IDisposable
{
    /// <summary>The longest body.</summary>
    public const int MaxBodyLength = 523_776;

    /// <summary>The last second of the year 9999: what comes later is no time.</summary>
    public const long MaxTime = 253_402_300_799;

    private const int Fields = 6;

    /// <summary>The most that a frame's content has beside the body.</summary>
    private const int ContentOverhead = 1 + 5 + 5 + 9 + 34 + 5 + 66;

    private const int SignatureSize = Primitives.Ed25519SignatureSize;

    /// <summary>The array head of the six fields of a frame, and of the five that are signed.</summary>
    private const byte ArrayOfSix = 0x86, ArrayOfFive = 0x85;

    private readonly ReadOnlyMemory<byte> _content;

    private Entry(EntryHeader header, int number, int version, long time, PublicKey author, ReadOnlyMemory<byte> content, Range body) =>
        (Header, KindNumber, Version, Time, Author, _content, Body) = (header, number, version, time, author, content, content[body]);

    /// <summary>Its place, and the key it was sealed under.</summary>
    public EntryHeader Header { get; }

    /// <summary>The number of its kind, known or not.</summary>
    public int KindNumber { get; }

    /// <summary>The version of its body.</summary>
    public int Version { get; }

    /// <summary>Seconds since 1970 in UTC, by the clock of whoever wrote it.</summary>
    public long Time { get; }

    /// <summary>Whose signature it carries.</summary>
    public PublicKey Author { get; }

    /// <summary>What is in it: of a form that belongs to the kind. Zeros once the entry was disposed.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Its kind, where kind and version are known; else null.</summary>
    public Kind? Kind { get; private init; }

    private static ReadOnlySpan<byte> SignatureLabel => "understory/journal/v1/signature\0"u8;

    /// <inheritdoc/>
    public override string ToString() => $"Entry {Header.Sequence} of {Header.Case}";

    /// <summary>Wipes the body.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(_content).Span);

    /// <summary>The content of a frame: CBOR of kind, version, time, author, body and signature. The caller's to dispose.</summary>
    internal static CborWriter WriteContent(EntryHeader header, Kind kind, long time, ReadOnlySpan<byte> body, SigningKey author)
    {
        var writer = new CborWriter(ContentOverhead + body.Length);
        writer.WriteArray(Fields);
        writer.Write((ulong)kind.Number);
        writer.Write((ulong)kind.Version);
        writer.Write(time);
        writer.Write(author.PublicKey.ToArray());
        writer.Write(body);
        Span<byte> signature = stackalloc byte[SignatureSize];
        var message = SignedMessage(header, writer.Written);
        try
        {
            author.Sign(message, signature);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
        writer.Write(signature);
        return writer;
    }

    /// <summary>Reads the content of a frame, which becomes the entry's, and verifies its signature.</summary>
    /// <exception cref="JournalException">It is damaged, in the wrong compartment, or its signature is not right.</exception>
    internal static Entry ReadContent(EntryHeader header, ReadOnlyMemory<byte> content, Compartment compartment, Kinds kinds)
    {
        var reader = new CborReader(content.Span, JournalException.Content);
        reader.ReadArrayOf(Fields);
        var number = reader.ReadInt32();
        var version = reader.ReadInt32();
        var time = (long)reader.ReadUnsigned(MaxTime);
        var author = PublicKey.From(reader.ReadExactly(PublicKey.Size));
        var bodyLength = reader.ReadBytes(MaxBodyLength).Length;
        var signedLength = reader.Position;
        var signature = reader.ReadExactly(SignatureSize);
        reader.End();

        var message = SignedMessage(header, content.Span[..signedLength]);
        var isRight = author.Verify(message, signature);
        CryptographicOperations.ZeroMemory(message);
        if (!isRight) throw new JournalException(JournalFault.BadSignature, "The entry's signature is not its author's.");
        if (kinds.Find(number) is { } known && known.Compartment != compartment)
        {
            throw new JournalException(
                JournalFault.Misplaced, $"An entry of kind {known.Name} stands in compartment {compartment} and belongs to {known.Compartment}.");
        }
        return new(header, number, version, time, author, content, (signedLength - bodyLength)..signedLength) { Kind = kinds.Find(number, version) };
    }

    // Why this is safe: the label says what is signed, so that no signature of a wrap or a checkpoint fits an entry; the
    // header has a fixed length and holds case, sequence, key and the hash before; the five fields are one CBOR array that
    // ends itself. So no two entries have the same message, and a signature fits nowhere else.
    private static byte[] SignedMessage(EntryHeader header, ReadOnlySpan<byte> content)
    {
        var message = GC.AllocateUninitializedArray<byte>(SignatureLabel.Length + EntryHeader.Size + content.Length, pinned: true);
        SignatureLabel.CopyTo(message);
        header.CopyTo(message.AsSpan(SignatureLabel.Length));
        content.CopyTo(message.AsSpan(SignatureLabel.Length + EntryHeader.Size));
        System.Diagnostics.Debug.Assert(content[0] == ArrayOfSix, "A frame begins with an array of six.");
        message[SignatureLabel.Length + EntryHeader.Size] = ArrayOfFive;
        return message;
    }
}
