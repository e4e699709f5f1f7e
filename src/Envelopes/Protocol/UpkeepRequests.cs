namespace Understory.Envelopes;

/// <summary>Hands Intake the week's inbox key, which it checks from its instance id on before it takes it.</summary>
/// <param name="Credential">32 bytes.</param>
/// <param name="Statement"><see cref="InboxKeyStatement.Size"/> bytes.</param>
public sealed record InboxKeyRequest(ReadOnlyMemory<byte> Credential, ReadOnlyMemory<byte> Statement)
{
    private const int Size = 1 + Bearer.Size + InboxKeyStatement.Size;

    /// <summary>Reads one; the statement is not checked yet.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static InboxKeyRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, Size);
        var request = new InboxKeyRequest(IntakeProtocol.Copy(ref reader, Bearer.Size), IntakeProtocol.Copy(ref reader, InboxKeyStatement.Size));
        reader.End();
        return request;
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(Size).Bytes(Credential.Span).Bytes(Statement.Span).Finish();
}

/// <summary>Says which conversations were junk: they leave Intake wholly, and nobody is told.</summary>
/// <param name="Credential">32 bytes.</param>
/// <param name="LookUpIds">16 bytes each; at most <see cref="IntakeProtocol.MostListed"/>.</param>
public sealed record DiscardRequest(ReadOnlyMemory<byte> Credential, IReadOnlyList<ReadOnlyMemory<byte>> LookUpIds)
{
    private const int HeadSize = 1 + Bearer.Size + 2;

    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one.</exception>
    public static DiscardRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, HeadSize + IntakeProtocol.MostListed * ReceiptKeys.LookUpIdSize);
        var credential = IntakeProtocol.Copy(ref reader, Bearer.Size);
        var all = new List<ReadOnlyMemory<byte>>();
        for (var count = reader.UInt16(); count > 0; count--) all.Add(IntakeProtocol.Copy(ref reader, ReceiptKeys.LookUpIdSize));
        reader.End();
        return new DiscardRequest(credential, all);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes()
    {
        var writer = new WireWriter(HeadSize + LookUpIds.Count * ReceiptKeys.LookUpIdSize).Bytes(Credential.Span).UInt16(LookUpIds.Count);
        foreach (var id in LookUpIds) writer.Bytes(id.Span);
        return writer.Finish();
    }
}
