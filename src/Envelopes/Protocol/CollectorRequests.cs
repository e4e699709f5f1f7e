using System.Security.Cryptography;

namespace Understory.Envelopes;

/// <summary>Asks what is new since a cursor: envelopes, or deliveries of answers.</summary>
/// <param name="Credential">32 bytes.</param>
/// <param name="Store">16 bytes that name the store that the cursor is of; zeros in a Desk's first request.</param>
/// <param name="Cursor">Where the last answer ended; 0 at first.</param>
/// <param name="Most">How many at most; 1 to <see cref="IntakeProtocol.MostListed"/>.</param>
public sealed record ListRequest(ReadOnlyMemory<byte> Credential, ReadOnlyMemory<byte> Store, long Cursor, int Most)
{
    private const int Size = 1 + Bearer.Size + IntakeProtocol.StoreIdSize + 8 + 2;

    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static ListRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, Size);
        var request = new ListRequest(
            IntakeProtocol.Copy(ref reader, Bearer.Size), IntakeProtocol.Copy(ref reader, IntakeProtocol.StoreIdSize), reader.Int64(), reader.UInt16());
        reader.End();
        return request.Most is >= 1 and <= IntakeProtocol.MostListed ? request : throw EnvelopeException.Malformed("a number is out of range");
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(Size).Bytes(Credential.Span).Bytes(Store.Span).Int64(Cursor).UInt16(Most).Finish();
}

/// <summary>An envelope that waits at Intake.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="LookUpId">16 bytes.</param>
/// <param name="RequestId">16 bytes.</param>
/// <param name="Day">When it came; days since 1970-01-01.</param>
/// <param name="Length">Bytes of what is sealed.</param>
/// <param name="Hash">SHA-256 of what is sealed.</param>
public sealed record Listed(
    EnvelopeKind Kind, ReadOnlyMemory<byte> LookUpId, ReadOnlyMemory<byte> RequestId, long Day, long Length, ReadOnlyMemory<byte> Hash)
{
    internal const int Size = 1 + ReceiptKeys.LookUpIdSize + Envelope.RequestIdSize + 4 + 4 + SHA256.HashSizeInBytes;

    /// <summary>Whether an envelope that was taken is the one that was listed.</summary>
    public bool Is(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return envelope.Kind == Kind && envelope.LookUpId.SequenceEqual(LookUpId.Span) && envelope.RequestId.SequenceEqual(RequestId.Span)
            && envelope.Sealed.Length == Length && envelope.Hash.Span.SequenceEqual(Hash.Span);
    }
}

/// <summary>What waits at Intake.</summary>
/// <param name="Store">16 bytes that name Intake's store.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="Envelopes">In the order in which they came.</param>
public sealed record Listing(ReadOnlyMemory<byte> Store, long Next, IReadOnlyList<Listed> Envelopes)
{
    private const int HeadSize = 1 + IntakeProtocol.StoreIdSize + 8 + 2;

    /// <summary>Reads the answer to a request.</summary>
    /// <exception cref="EnvelopeException">
    /// It is not one, it is of another store, or a cursor went back: Intake was rolled back.
    /// </exception>
    public static Listing Read(ReadOnlySpan<byte> body, ListRequest asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var reader = new WireReader(body, HeadSize + IntakeProtocol.MostListed * Listed.Size);
        var store = IntakeProtocol.Copy(ref reader, IntakeProtocol.StoreIdSize);
        var next = reader.Int64();
        var count = reader.UInt16();
        Check(asked, store.Span, next, count);
        var all = new List<Listed>();
        while (count-- > 0)
        {
            var kind = (EnvelopeKind)reader.Byte();
            if (kind is not (EnvelopeKind.Message or EnvelopeKind.Forget)) throw EnvelopeException.Malformed("its envelope is of another kind");
            var listed = new Listed(
                kind, IntakeProtocol.Copy(ref reader, ReceiptKeys.LookUpIdSize), IntakeProtocol.Copy(ref reader, Envelope.RequestIdSize),
                reader.UInt32(), reader.UInt32(), IntakeProtocol.Copy(ref reader, SHA256.HashSizeInBytes));
            if (!Envelope.IsSealedLength(kind, listed.Length)) throw EnvelopeException.Malformed("no sealed message has this length");
            all.Add(listed);
        }
        reader.End();
        return new Listing(store, next, all);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes()
    {
        var writer = new WireWriter(HeadSize + Envelopes.Count * Listed.Size).Bytes(Store.Span).Int64(Next).UInt16(Envelopes.Count);
        foreach (var one in Envelopes)
            writer.Byte((int)one.Kind).Bytes(one.LookUpId.Span).Bytes(one.RequestId.Span).UInt32(one.Day).UInt32(one.Length).Bytes(one.Hash.Span);
        return writer.Finish();
    }

    internal static void Check(ListRequest asked, ReadOnlySpan<byte> store, long next, int count)
    {
        if (!store.ContainsAnyExcept((byte)0)) throw EnvelopeException.Malformed("it names no store");
        // Zeros ask of whichever store is there.
        if (asked.Store.Span.ContainsAnyExcept((byte)0) && !asked.Store.Span.SequenceEqual(store))
            throw new EnvelopeException(EnvelopeFault.AnotherStore, "Intake answered for another store: it was made anew or replaced.");
        if (count > asked.Most) throw EnvelopeException.Malformed("it lists more than was asked for");
        if (next < asked.Cursor || next == asked.Cursor && count > 0) throw new EnvelopeException(EnvelopeFault.RolledBack, "Intake's cursor went back: it was restored from an older state.");
    }
}

/// <summary>Answers that a person's device has acknowledged.</summary>
/// <param name="Store">16 bytes that name Intake's store.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="Answers">Request id, and the day; days since 1970-01-01.</param>
public sealed record Deliveries(ReadOnlyMemory<byte> Store, long Next, IReadOnlyList<(ReadOnlyMemory<byte> RequestId, long Day)> Answers)
{
    private const int HeadSize = 1 + IntakeProtocol.StoreIdSize + 8 + 2;
    private const int EachSize = Envelope.RequestIdSize + 4;

    /// <summary>Reads the answer to a request.</summary>
    /// <exception cref="EnvelopeException">
    /// It is not one, it is of another store, or a cursor went back: Intake was rolled back.
    /// </exception>
    public static Deliveries Read(ReadOnlySpan<byte> body, ListRequest asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var reader = new WireReader(body, HeadSize + IntakeProtocol.MostListed * EachSize);
        var store = IntakeProtocol.Copy(ref reader, IntakeProtocol.StoreIdSize);
        var next = reader.Int64();
        var count = reader.UInt16();
        Listing.Check(asked, store.Span, next, count);
        var all = new List<(ReadOnlyMemory<byte>, long)>();
        while (count-- > 0) all.Add((IntakeProtocol.Copy(ref reader, Envelope.RequestIdSize), reader.UInt32()));
        reader.End();
        return new Deliveries(store, next, all);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes()
    {
        var writer = new WireWriter(HeadSize + Answers.Count * EachSize).Bytes(Store.Span).Int64(Next).UInt16(Answers.Count);
        foreach (var (requestId, day) in Answers) writer.Bytes(requestId.Span).UInt32(day);
        return writer.Finish();
    }
}

/// <summary>Asks for one envelope; the answer is the envelope.</summary>
/// <param name="Credential">32 bytes.</param>
/// <param name="RequestId">16 bytes.</param>
public sealed record TakeRequest(ReadOnlyMemory<byte> Credential, ReadOnlyMemory<byte> RequestId)
{
    private const int Size = 1 + Bearer.Size + Envelope.RequestIdSize;

    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static TakeRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, Size);
        var request = new TakeRequest(IntakeProtocol.Copy(ref reader, Bearer.Size), IntakeProtocol.Copy(ref reader, Envelope.RequestIdSize));
        reader.End();
        return request;
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(Size).Bytes(Credential.Span).Bytes(RequestId.Span).Finish();
}

/// <summary>Says which envelopes are safe at the Desk.</summary>
/// <param name="Credential">32 bytes.</param>
/// <param name="Envelopes">Request id and SHA-256 of each; at most <see cref="IntakeProtocol.MostListed"/>.</param>
public sealed record CollectedRequest(
    ReadOnlyMemory<byte> Credential, IReadOnlyList<(ReadOnlyMemory<byte> RequestId, ReadOnlyMemory<byte> Hash)> Envelopes)
{
    private const int HeadSize = 1 + Bearer.Size + 2;
    private const int EachSize = Envelope.RequestIdSize + SHA256.HashSizeInBytes;

    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static CollectedRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, HeadSize + IntakeProtocol.MostListed * EachSize);
        var credential = IntakeProtocol.Copy(ref reader, Bearer.Size);
        var all = new List<(ReadOnlyMemory<byte>, ReadOnlyMemory<byte>)>();
        for (var count = reader.UInt16(); count > 0; count--)
            all.Add((IntakeProtocol.Copy(ref reader, Envelope.RequestIdSize), IntakeProtocol.Copy(ref reader, SHA256.HashSizeInBytes)));
        reader.End();
        return new CollectedRequest(credential, all);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes()
    {
        var writer = new WireWriter(HeadSize + Envelopes.Count * EachSize).Bytes(Credential.Span).UInt16(Envelopes.Count);
        foreach (var (requestId, hash) in Envelopes) writer.Bytes(requestId.Span).Bytes(hash.Span);
        return writer.Finish();
    }
}

/// <summary>Hands Intake an answer to keep for a person.</summary>
/// <param name="Credential">32 bytes.</param>
/// <param name="Envelope">Of kind <see cref="EnvelopeKind.Answer"/>.</param>
public sealed record PutRequest(ReadOnlyMemory<byte> Credential, Envelope Envelope)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static PutRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, IntakeProtocol.MaxLength);
        return new PutRequest(IntakeProtocol.Copy(ref reader, Bearer.Size), IntakeProtocol.ReadEnvelope(reader.Rest(), EnvelopeKind.Answer));
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(1 + Bearer.Size + Envelope.Length).Bytes(Credential.Span).Bytes(Envelope.ToBytes()).Finish();
}
