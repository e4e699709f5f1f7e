using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// Seals and opens age files (C2SP age v1, <see href="https://c2sp.org/age"/>). Everything that leaves a zone of
/// Understory, and every stored file, is one.
/// </summary>
/// <remarks>
/// Two powers, two types: a <see cref="Recipient"/> seals, an <see cref="Identity"/> opens. Content is released chunk
/// by chunk (64 KiB) and only once it is verified; an error at the end means that what was released is not the whole
/// file, and must be thrown away. Memory does not grow with the file. Files are compatible with the <c>age</c> tool,
/// and will stay readable by every later version of Understory.
/// </remarks>
public static class AgeFile
{
    private const int MaxInMemory = 1 << 30;

    /// <summary>Seals a stream.</summary>
    /// <param name="content">What to seal, read to its end.</param>
    /// <param name="output">Where the age file goes; flushed, not closed.</param>
    /// <param name="recipients">One or more, all of one <see cref="Protection"/>; a passphrase only alone.</param>
    /// <param name="options">Armor, workers, progress.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <exception cref="SealingException">The recipients may not be combined, or one cannot be sealed to.</exception>
    public static async Task SealAsync(
        Stream content, Stream output, IReadOnlyCollection<Recipient> recipients, SealOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(output);
        options ??= SealOptions.Default;
        var (start, pipeline) = Begin(recipients, options.Workers);
        using (pipeline)
        {
            var blocking = options.Workers > 1;
            IByteSink sink = new StreamSink(output, blocking);
            if (options.Armor) sink = new ArmorWriter(sink);
            await sink.WriteAsync(start, cancel);
            await pipeline.RunAsync(new BufferedInput(content, blocking), sink, options.Progress, cancel);
        }
    }

    /// <summary>Opens a stream, armored or not.</summary>
    /// <param name="input">The age file, read to its end.</param>
    /// <param name="content">Where the content goes; flushed, not closed.</param>
    /// <param name="identities">Tried in order.</param>
    /// <param name="options">Workers, progress.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <exception cref="SealingException">The file is not opened; what was written until then is to be thrown away.</exception>
    public static async Task OpenAsync(
        Stream input, Stream content, IReadOnlyCollection<Identity> identities, OpenOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(identities);
        options ??= OpenOptions.Default;
        var blocking = options.Workers > 1;
        var file = await AgeReader.StartAsync(input, blocking, cancel);
        using var pipeline = Unlock(file, identities, options.Workers);
        await pipeline.RunAsync(file.Chunks, new StreamSink(content, blocking), options.Progress, cancel);
    }

    /// <summary>Seals a few bytes in memory.</summary>
    /// <exception cref="ArgumentException">They are more than 1 GiB.</exception>
    /// <exception cref="SealingException">The recipients may not be combined, or one cannot be sealed to.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> content, params IReadOnlyCollection<Recipient> recipients)
    {
        if (content.Length > MaxInMemory) throw new ArgumentException("This is for what fits into memory; use SealAsync.", nameof(content));
        Span<byte> fileKey = stackalloc byte[AgeHeader.FileKeySize];
        try
        {
            var start = WriteStart(recipients, fileKey);
            using var cipher = Payload.CreateCipher(fileKey, start.AsSpan()[^Payload.NonceSize..]);
            var chunks = Math.Max(1, (content.Length + Payload.ChunkSize - 1) / Payload.ChunkSize);
            var file = new byte[start.Length + content.Length + chunks * Payload.TagSize];
            start.CopyTo(file, 0);
            Payload.Seal(cipher, 0, final: true, content, file.AsSpan(start.Length));
            return file;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    /// <summary>Opens a file in memory that is not armored.</summary>
    /// <returns>
    /// The content, in pinned memory: it can be wiped, and no copy stays behind. It is not locked: for keys use
    /// <see cref="OpenSecret"/>.
    /// </returns>
    /// <exception cref="SealingException">The file is not opened.</exception>
    public static byte[] Open(ReadOnlySpan<byte> file, params IReadOnlyCollection<Identity> identities)
    {
        var header = ReadHeader(file);
        var content = GC.AllocateUninitializedArray<byte>(ContentLength(file, header), pinned: true);
        Open(file, header, identities, content);
        return content;
    }

    /// <summary>Opens a small file that is not armored, a wrapped key for example, into locked memory.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">Bytes that the secret has; a file with another length is refused before any work.</param>
    /// <param name="memory">Where the secret goes.</param>
    /// <param name="identities">Tried in order.</param>
    /// <exception cref="SealingException">The file is not opened.</exception>
    public static Secret OpenSecret(
        ReadOnlySpan<byte> file, int length, LockedMemory memory, params IReadOnlyCollection<Identity> identities)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var header = ReadHeader(file);
        if (ContentLength(file, header) != length)
            throw new SealingException(SealingFault.Malformed, SealingPart.Payload, $"The file does not hold a secret of {length} bytes.");
        var secret = memory.Allocate(length);
        try
        {
            Open(file, header, identities, secret.Span);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    /// <summary>Tells what can be known of a file without a key.</summary>
    /// <exception cref="SealingException">It is not an age file, or ends too early.</exception>
    public static async Task<AgeInspection> InspectAsync(Stream input, CancellationToken cancel = default)
    {
        var file = await AgeReader.StartAsync(input, blocking: false, cancel);
        var payload = await file.CountPayloadAsync(cancel);
        var content = Payload.ContentLength(payload);
        if (content < 0)
        {
            throw new SealingException(
                SealingFault.Truncated, SealingPart.Payload, "The content is damaged: no sealed content has this length.");
        }
        return new AgeInspection(
            [.. file.Header.Stanzas.Select(stanza => stanza.Type)], file.IsArmored, file.Header.Length, payload, content);
    }

    private static (byte[] Start, ChunkPipeline Pipeline) Begin(IReadOnlyCollection<Recipient> recipients, int workers)
    {
        Span<byte> fileKey = stackalloc byte[AgeHeader.FileKeySize];
        try
        {
            var start = WriteStart(recipients, fileKey);
            return (start, new ChunkPipeline(sealing: true, workers, fileKey, start.AsSpan()[^Payload.NonceSize..]));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    private static ChunkPipeline Unlock(AgeReader file, IReadOnlyCollection<Identity> identities, int workers)
    {
        Span<byte> fileKey = stackalloc byte[AgeHeader.FileKeySize];
        try
        {
            Unwrap(file.Header, identities, fileKey);
            return new ChunkPipeline(sealing: false, workers, fileKey, file.Nonce.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    private static void Open(ReadOnlySpan<byte> file, AgeHeader header, IReadOnlyCollection<Identity> identities, Span<byte> content)
    {
        Span<byte> fileKey = stackalloc byte[AgeHeader.FileKeySize];
        try
        {
            Unwrap(header, identities, fileKey);
            var nonce = file.Slice(header.Length, Payload.NonceSize);
            using var cipher = Payload.CreateCipher(fileKey, nonce);
            var fault = Payload.Open(
                cipher, 0, final: true, file[(header.Length + Payload.NonceSize)..], content, out _);
            if (fault is null) return;
            CryptographicOperations.ZeroMemory(content);
            throw fault;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    /// <summary>Header and payload nonce of a new file, with a new file key.</summary>
    private static byte[] WriteStart(IReadOnlyCollection<Recipient> recipients, Span<byte> fileKey)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        CheckTogether(recipients);
        // Why this is safe: a fresh key for each file, so that nothing sealed with it can ever meet a repeated nonce.
        RandomNumberGenerator.Fill(fileKey);
        var stanzas = new List<Stanza>(recipients.Count);
        foreach (var recipient in recipients) stanzas.Add(recipient.Wrap(fileKey));
        var header = AgeHeader.Write(stanzas, fileKey);
        if (header.Length > AgeHeader.MaxLength || stanzas.Count > AgeHeader.MaxStanzas)
            throw new SealingException(SealingFault.MixedRecipients, SealingPart.None, "There are too many recipients for one file.");
        return [.. header, .. RandomNumberGenerator.GetBytes(Payload.NonceSize)];
    }

    private static void CheckTogether(IReadOnlyCollection<Recipient> recipients)
    {
        if (recipients.Count == 0)
            throw new SealingException(SealingFault.MixedRecipients, SealingPart.None, "There is no recipient to seal to.");
        var kinds = recipients.Select(recipient => recipient.Protection).Distinct().ToList();
        if (kinds.Contains(Protection.Passphrase) && recipients.Count > 1)
            throw new SealingException(SealingFault.MixedRecipients, SealingPart.None, "A passphrase must be the only recipient.");
        // Why this is safe: a file is as well protected as its weakest stanza; one classical recipient would give away
        // to a later quantum computer what the others believe to be protected from it.
        if (kinds.Count > 1)
        {
            throw new SealingException(
                SealingFault.MixedRecipients,
                SealingPart.None,
                "Post-quantum and classical recipients cannot be sealed to together: seal one file for each kind.");
        }
    }

    private static void Unwrap(AgeHeader header, IReadOnlyCollection<Identity> identities, Span<byte> fileKey)
    {
        if (header.Stanzas.Count > 1 && header.Stanzas.Any(stanza => stanza.Type == PassphraseRecipient.StanzaType))
            throw SealingException.Stanza(PassphraseRecipient.StanzaType, "it does not stand alone");
        foreach (var identity in identities)
        {
            if (!identity.TryUnwrap(header.Stanzas, fileKey)) continue;
            if (header.Verify(fileKey)) return;
            throw new SealingException(
                SealingFault.Tampered, SealingPart.Header, "The header was changed after the file was sealed.");
        }
        var wantsPassphrase = header.Stanzas[0].Type == PassphraseRecipient.StanzaType;
        var hasPassphrase = identities.Any(identity => identity.Protection == Protection.Passphrase);
        throw new SealingException(SealingFault.NoIdentityFits, SealingPart.Header, (wantsPassphrase, hasPassphrase) switch
        {
            (true, true) => "The passphrase is wrong, or the file was changed.",
            (true, false) => "This file is sealed with a passphrase, and none was given.",
            (false, true) => "This file is not sealed with a passphrase: give the identity that opens it.",
            _ => "None of the given identities opens this file.",
        });
    }

    private static AgeHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        var header = AgeHeader.TryRead(file);
        if (header is null || file.Length < header.Length + Payload.NonceSize) throw AgeReader.HeaderEnds();
        return header;
    }

    private static int ContentLength(ReadOnlySpan<byte> file, AgeHeader header)
    {
        var length = Payload.ContentLength(file.Length - header.Length - Payload.NonceSize);
        if (length < 0) throw new SealingException(SealingFault.Truncated, SealingPart.Payload, "The content ends too early.");
        return (int)length;
    }
}

/// <summary>How to seal.</summary>
public sealed record SealOptions
{
    /// <summary>Binary, on the caller's thread, silent.</summary>
    public static SealOptions Default { get; } = new();

    /// <summary>Whether to write text that survives mail and chat.</summary>
    public bool Armor { get; init; }

    /// <summary>Threads that work; 1 stays asynchronous, on the caller's. Several read and write the streams synchronously.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Told the bytes of content that were sealed so far.</summary>
    public IProgress<long>? Progress { get; init; }
}

/// <summary>How to open.</summary>
public sealed record OpenOptions
{
    /// <summary>On the caller's thread, silent.</summary>
    public static OpenOptions Default { get; } = new();

    /// <summary>Threads that work; 1 stays asynchronous, on the caller's. Several read and write the streams synchronously.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Told the bytes of payload that were opened so far.</summary>
    public IProgress<long>? Progress { get; init; }
}

/// <summary>What an age file tells everybody.</summary>
/// <param name="Recipients">The type of each stanza, in order; types that nobody knows are noise or other tools'.</param>
/// <param name="IsArmored">Whether it stands in armor.</param>
/// <param name="HeaderLength">Bytes of the header.</param>
/// <param name="PayloadLength">Bytes of the sealed content after its nonce.</param>
/// <param name="ContentLength">Bytes of the content.</param>
public sealed record AgeInspection(
    IReadOnlyList<string> Recipients, bool IsArmored, long HeaderLength, long PayloadLength, long ContentLength)
{
    /// <summary>
    /// Whether every recipient is post-quantum; null when there are some of kinds that are not known here. A passphrase
    /// counts as post-quantum: nothing but guessing helps against scrypt. So does grease, which is nobody.
    /// </summary>
    public bool? IsPostQuantum =>
        Recipients.Contains(X25519Recipient.StanzaType) ? false
        : Recipients.All(type => type is HybridRecipient.StanzaType or PassphraseRecipient.StanzaType || type.EndsWith("-grease", StringComparison.Ordinal)) ? true
        : null;
}
