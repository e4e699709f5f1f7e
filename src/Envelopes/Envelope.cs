using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>What an envelope holds.</summary>
public enum EnvelopeKind
{
    /// <summary>From the person to the Desk.</summary>
    Message = 1,

    /// <summary>From the Desk to the person.</summary>
    Answer = 2,

    /// <summary>Reserved; refused today.</summary>
    Attachment = 3,

    /// <summary>"Forget everything", from the person to the Desk.</summary>
    Forget = 4,
}

/// <summary>
/// What Intake stores and serves: sealed bytes of one of six lengths, where they lie, and a name by which an attempt is
/// known again (<c>docs/formats/intake-protocol.md</c>). It holds nothing secret.
/// </summary>
public sealed class Envelope
{
    /// <summary>Length of a request id.</summary>
    public const int RequestIdSize = 16;

    /// <summary>Bytes before what is sealed.</summary>
    public const int HeadSize = 1 + 1 + ReceiptKeys.LookUpIdSize + RequestIdSize + SHA256.HashSizeInBytes + 4;

    /// <summary>The longest envelope.</summary>
    public static readonly int MaxLength = HeadSize + SealedLength(Padding.MaxMessageLength);

    // An age header for one mlkem768x25519 recipient has one length: version, stanza, its body, MAC, each in its line.
    private const int SealedHeaderSize = 22 + 19 + 1494 + 44 + 5 + 43;
    private const int NonceSize = 16;
    private const int ChunkSize = 65_536;
    private const int TagSize = 16;

    private readonly byte[] _lookUpId;
    private readonly byte[] _requestId;

    private Envelope(EnvelopeKind kind, byte[] lookUpId, byte[] requestId, byte[] sealedBytes, byte[] hash) =>
        (Kind, _lookUpId, _requestId, Sealed, Hash) = (kind, lookUpId, requestId, sealedBytes, hash);

    /// <summary>What it holds.</summary>
    public EnvelopeKind Kind { get; }

    /// <summary>16 bytes that name the conversation at Intake.</summary>
    public ReadOnlySpan<byte> LookUpId => _lookUpId;

    /// <summary>16 random bytes, the same for each attempt to hand over this envelope.</summary>
    public ReadOnlySpan<byte> RequestId => _requestId;

    /// <summary>The age file.</summary>
    public ReadOnlyMemory<byte> Sealed { get; }

    /// <summary>SHA-256 of what is sealed.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Bytes of its encoding.</summary>
    public int Length => HeadSize + Sealed.Length;

    /// <summary>Puts a sealed message into a new envelope, with a request id from the system's generator.</summary>
    /// <exception cref="EnvelopeException">What is given is not a message sealed to one post-quantum recipient.</exception>
    public static Envelope Of(EnvelopeKind kind, ReadOnlySpan<byte> lookUpId, byte[] sealedBytes) =>
        Of(kind, lookUpId, sealedBytes, RandomNumberGenerator.GetBytes(RequestIdSize));

    /// <summary>Puts a sealed message into an envelope by a request id by which a repeated attempt is to be known again.</summary>
    /// <exception cref="EnvelopeException">What is given is not a message sealed to one post-quantum recipient.</exception>
    public static Envelope Of(EnvelopeKind kind, ReadOnlySpan<byte> lookUpId, byte[] sealedBytes, ReadOnlySpan<byte> requestId)
    {
        ArgumentNullException.ThrowIfNull(sealedBytes);
        if (requestId.Length != RequestIdSize) throw new ArgumentException("A request id has 16 bytes.", nameof(requestId));
        if (lookUpId.Length != ReceiptKeys.LookUpIdSize) throw new ArgumentException("A look-up id has 16 bytes.", nameof(lookUpId));
        Check(kind, sealedBytes);
        return new Envelope(kind, lookUpId.ToArray(), requestId.ToArray(), sealedBytes, SHA256.HashData(sealedBytes));
    }

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="EnvelopeException">It is not one, or its hash is wrong.</exception>
    public static Envelope Read(ReadOnlySpan<byte> encoded)
    {
        var reader = new WireReader(encoded, MaxLength);
        var kind = (EnvelopeKind)reader.Byte();
        var lookUpId = reader.Take(ReceiptKeys.LookUpIdSize);
        var requestId = reader.Take(RequestIdSize);
        var hash = reader.Take(SHA256.HashSizeInBytes);
        var content = reader.Counted();
        reader.End();
        Check(kind, content);
        Span<byte> computed = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, computed);
        if (!computed.SequenceEqual(hash)) throw EnvelopeException.Malformed("what is sealed was changed on the way");
        return new Envelope(kind, lookUpId.ToArray(), requestId.ToArray(), content.ToArray(), hash.ToArray());
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(Length)
        .Byte((int)Kind).Bytes(_lookUpId).Bytes(_requestId).Bytes(Hash.Span).Counted(Sealed.Span).Finish();

    /// <summary>The length of a sealed message with so many bytes before padding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A message is not that long.</exception>
    public static int SealedLength(int content)
    {
        var padded = (int)Padding.PaddedLength(PaddingKind.Message, content);
        return SealedHeaderSize + NonceSize + padded + (padded + ChunkSize - 1) / ChunkSize * TagSize;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Envelope({Kind}, {Sealed.Length} bytes)";

    /// <summary>
    /// Whether these bytes look as a sealed message looks: how it begins, and one of the six lengths. What a faulty page
    /// forgot to seal does not, and is never stored.
    /// </summary>
    internal static bool LooksSealed(ReadOnlySpan<byte> content, int mostContent) =>
        content.StartsWith("age-encryption.org/v1\n-> mlkem768x25519 "u8) && IsSealedLength(content.Length, mostContent);

    /// <summary>Whether what an envelope of a kind holds can have this length.</summary>
    internal static bool IsSealedLength(EnvelopeKind kind, long length) => length <= MaxLength && IsSealedLength((int)length, MostContent(kind));

    private static int MostContent(EnvelopeKind kind) => kind == EnvelopeKind.Forget ? 1 : Padding.MaxMessageLength;

    private static bool IsSealedLength(int length, int mostContent)
    {
        for (var content = 1; ; content = Math.Min(content * 4, mostContent))
        {
            if (SealedLength(content) == length) return true;
            if (content == mostContent) return false;
        }
    }

    private static void Check(EnvelopeKind kind, ReadOnlySpan<byte> content)
    {
        if (kind is not (EnvelopeKind.Message or EnvelopeKind.Answer or EnvelopeKind.Forget)) throw EnvelopeException.Malformed("its kind is not known");
        if (!LooksSealed(content, MostContent(kind))) throw EnvelopeException.Malformed("what it holds is not a sealed message");
    }
}
