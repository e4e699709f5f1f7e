using System.Security.Cryptography;

namespace Understory.Envelopes;

/// <summary>A message and the bookmark that goes with it, stored together or not at all.</summary>
/// <param name="Token">32 bytes.</param>
/// <param name="Expected">SHA-256 of the sealed bookmark that this started from; 32 zeros for none.</param>
/// <param name="Bookmark">The new one, sealed.</param>
/// <param name="Envelope">Of kind <see cref="EnvelopeKind.Message"/>.</param>
public sealed record SubmitRequest(
    ReadOnlyMemory<byte> Token, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Bookmark, Envelope Envelope)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static SubmitRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, IntakeProtocol.MaxSubmitLength);
        return new SubmitRequest(
            IntakeProtocol.Copy(ref reader, Bearer.Size),
            IntakeProtocol.Copy(ref reader, SHA256.HashSizeInBytes),
            IntakeProtocol.ReadBookmark(ref reader),
            IntakeProtocol.ReadEnvelope(reader.Rest(), EnvelopeKind.Message));
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(1 + 64 + 4 + Bookmark.Length + Envelope.Length)
        .Bytes(Token.Span).Bytes(Expected.Span).Counted(Bookmark.Span).Bytes(Envelope.ToBytes()).Finish();
}

/// <summary>Asks for the bookmark and for answers.</summary>
/// <param name="LookUpId">16 bytes.</param>
/// <param name="Token">32 bytes.</param>
/// <param name="After">The request id of the last answer that is known; 16 zeros for none.</param>
public sealed record FetchRequest(ReadOnlyMemory<byte> LookUpId, ReadOnlyMemory<byte> Token, ReadOnlyMemory<byte> After)
{
    private const int Size = 1 + ReceiptKeys.LookUpIdSize + Bearer.Size + Envelope.RequestIdSize;

    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static FetchRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, Size);
        var request = new FetchRequest(
            IntakeProtocol.Copy(ref reader, ReceiptKeys.LookUpIdSize),
            IntakeProtocol.Copy(ref reader, Bearer.Size),
            IntakeProtocol.Copy(ref reader, Envelope.RequestIdSize));
        reader.End();
        return request;
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(Size).Bytes(LookUpId.Span).Bytes(Token.Span).Bytes(After.Span).Finish();
}

/// <summary>The bookmark and some answers.</summary>
/// <param name="More">Whether there are more answers behind these.</param>
/// <param name="Bookmark">Sealed; empty when there is none.</param>
/// <param name="Answers">In the order in which they were put; at most <see cref="IntakeProtocol.MostAnswers"/>.</param>
public sealed record FetchResponse(bool More, ReadOnlyMemory<byte> Bookmark, IReadOnlyList<Envelope> Answers)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static FetchResponse Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, IntakeProtocol.MaxFetchedLength);
        var more = reader.Byte();
        if (more > 1) throw EnvelopeException.Malformed("a number is out of range");
        var bookmark = IntakeProtocol.ReadBookmark(ref reader, optional: true);
        var count = reader.UInt16();
        if (count > IntakeProtocol.MostAnswers) throw EnvelopeException.Malformed("a list is too long");
        var answers = new List<Envelope>(count);
        while (count-- > 0) answers.Add(IntakeProtocol.ReadEnvelope(reader.Counted(), EnvelopeKind.Answer));
        reader.End();
        return new FetchResponse(more == 1, bookmark, answers);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes()
    {
        var writer = new WireWriter(1 + 1 + 4 + Bookmark.Length + 2 + Answers.Sum(answer => 4 + answer.Length));
        writer.Byte(More ? 1 : 0).Counted(Bookmark.Span).UInt16(Answers.Count);
        foreach (var answer in Answers) writer.Counted(answer.ToBytes());
        return writer.Finish();
    }
}

/// <summary>Says which answers were opened, and leaves the bookmark that goes with it.</summary>
/// <param name="LookUpId">16 bytes.</param>
/// <param name="Token">32 bytes.</param>
/// <param name="Expected">SHA-256 of the sealed bookmark that this started from; 32 zeros for none.</param>
/// <param name="Bookmark">The new one, sealed.</param>
/// <param name="Answers">Request ids; at most <see cref="IntakeProtocol.MostAnswers"/>.</param>
public sealed record AcknowledgeRequest(
    ReadOnlyMemory<byte> LookUpId, ReadOnlyMemory<byte> Token, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Bookmark,
    IReadOnlyList<ReadOnlyMemory<byte>> Answers)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static AcknowledgeRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, IntakeProtocol.MaxLength);
        var lookUpId = IntakeProtocol.Copy(ref reader, ReceiptKeys.LookUpIdSize);
        var token = IntakeProtocol.Copy(ref reader, Bearer.Size);
        var expected = IntakeProtocol.Copy(ref reader, SHA256.HashSizeInBytes);
        var bookmark = IntakeProtocol.ReadBookmark(ref reader);
        int count = reader.Byte();
        if (count > IntakeProtocol.MostAnswers) throw EnvelopeException.Malformed("a list is too long");
        var answers = new List<ReadOnlyMemory<byte>>(count);
        while (count-- > 0) answers.Add(IntakeProtocol.Copy(ref reader, Envelope.RequestIdSize));
        reader.End();
        return new AcknowledgeRequest(lookUpId, token, expected, bookmark, answers);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes()
    {
        var writer = new WireWriter(1 + 16 + 64 + 4 + Bookmark.Length + 1 + Answers.Count * Envelope.RequestIdSize);
        writer.Bytes(LookUpId.Span).Bytes(Token.Span).Bytes(Expected.Span).Counted(Bookmark.Span).Byte(Answers.Count);
        foreach (var answer in Answers) writer.Bytes(answer.Span);
        return writer.Finish();
    }
}

/// <summary>Empties a look-up id, and hands on the person's notice of it.</summary>
/// <param name="Token">32 bytes.</param>
/// <param name="Envelope">Of kind <see cref="EnvelopeKind.Forget"/>.</param>
public sealed record ForgetRequest(ReadOnlyMemory<byte> Token, Envelope Envelope)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static ForgetRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, IntakeProtocol.MaxLength);
        return new ForgetRequest(IntakeProtocol.Copy(ref reader, Bearer.Size), IntakeProtocol.ReadEnvelope(reader.Rest(), EnvelopeKind.Forget));
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(1 + Bearer.Size + Envelope.Length).Bytes(Token.Span).Bytes(Envelope.ToBytes()).Finish();
}
