namespace Understory.Sealing;

/// <summary>An age file of which the header has been read and the payload not yet.</summary>
internal sealed class AgeReader
{
    private readonly byte[] _nonce;

    private AgeReader(AgeHeader header, byte[] nonce, IByteSource chunks, bool armored)
    {
        Header = header;
        _nonce = nonce;
        Chunks = chunks;
        IsArmored = armored;
    }

    public AgeHeader Header { get; }

    public ReadOnlyMemory<byte> Nonce => _nonce;

    /// <summary>The sealed chunks.</summary>
    public IByteSource Chunks { get; }

    public bool IsArmored { get; }

    /// <summary>Reads up to the payload.</summary>
    /// <exception cref="SealingException">It is not an age file, or its header is damaged.</exception>
    public static async Task<AgeReader> StartAsync(Stream stream, bool blocking, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var raw = new BufferedInput(stream, blocking);
        var armored = await SkipToArmorAsync(raw, cancel);
        var input = armored ? new BufferedInput(new ArmorReader(raw)) : raw;

        var scanned = 0;
        while (!AgeHeader.IsComplete(input.Buffered.Span, ref scanned) && await input.FillAsync(cancel))
        {
        }
        if (input.Buffered.IsEmpty && !armored)
            throw new SealingException(SealingFault.NotAge, SealingPart.Header, "This is not an age file: it is empty.");
        var header = AgeHeader.TryRead(input.Buffered.Span) ?? throw HeaderEnds();
        input.Consume(header.Length);
        var nonce = new byte[Payload.NonceSize];
        if (await input.ReadAsync(nonce, cancel) < nonce.Length) throw HeaderEnds();
        return new AgeReader(header, nonce, input, armored);
    }

    public static SealingException HeaderEnds() =>
        new(SealingFault.Truncated, SealingPart.Header, "The file ends within its header.");

    /// <summary>Reads to the end and counts.</summary>
    public async Task<long> CountPayloadAsync(CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        long count = 0;
        for (var read = buffer.Length; read == buffer.Length; count += read) read = await Chunks.ReadAsync(buffer, cancel);
        return count;
    }

    /// <summary>Consumes white space before armor. False, and nothing consumed, when this is not armor.</summary>
    private static async Task<bool> SkipToArmorAsync(BufferedInput input, CancellationToken cancel)
    {
        // White space is looked through as far as one fill reaches; nobody puts 16 KiB of it before a letter.
        await input.FillAsync(cancel);
        var bytes = input.Buffered.Span;
        var start = 0;
        while (start < bytes.Length && Armor.IsSpace(bytes[start])) start++;
        if (!bytes[start..].StartsWith("-----BEGIN"u8)) return false;
        input.Consume(start);
        return true;
    }
}
