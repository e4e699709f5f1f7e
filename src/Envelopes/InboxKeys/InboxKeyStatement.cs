using System.Buffers.Binary;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>
/// A coordinator's word that this week's first messages are sealed to a recipient, with the root's word that it is a
/// coordinator (<c>docs/formats/inbox-key.md</c>). There is one only where it was checked or just signed.
/// </summary>
public sealed class InboxKeyStatement
{
    /// <summary>Bytes of its encoding.</summary>
    public const int Size = Unsigned + Primitives.Ed25519SignatureSize;

    /// <summary>The most days that one may be valid.</summary>
    public const int MostDays = 35;

    private const int DaysAt = CoordinatorCertificate.Size;
    private const int RecipientAt = DaysAt + 8;
    private const int Unsigned = RecipientAt + HybridRecipient.PublicKeySize;

    private readonly byte[] _encoded;

    private InboxKeyStatement(byte[] encoded, HybridRecipient recipient) => (_encoded, Recipient) = (encoded, recipient);

    /// <summary>Whom first messages are sealed to.</summary>
    public HybridRecipient Recipient { get; }

    /// <summary>When it is valid.</summary>
    public Days Days => ReadDays(_encoded);

    private static ReadOnlySpan<byte> Label => "understory/inbox-key/v1\0"u8;

    /// <summary>Signs a week's recipient.</summary>
    /// <param name="coordinatorSeed">32 bytes, the seed of the key that the certificate names.</param>
    /// <param name="certificate">The coordinator's.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="days">When it is valid; at most <see cref="MostDays"/>.</param>
    /// <exception cref="ArgumentException">The certificate is of another key, or the days are wrong.</exception>
    public static InboxKeyStatement Sign(Secret coordinatorSeed, CoordinatorCertificate certificate, HybridRecipient recipient, Days days)
    {
        ArgumentNullException.ThrowIfNull(coordinatorSeed);
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(recipient);
        Span<byte> own = stackalloc byte[Primitives.Ed25519KeySize];
        Primitives.Ed25519PublicKey(coordinatorSeed.Span, own);
        if (!own.SequenceEqual(certificate.Coordinator)) throw new ArgumentException("The certificate is of another key.", nameof(certificate));
        if (!CoordinatorCertificate.AreDays(days, MostDays)) throw new ArgumentException($"An inbox key is valid for 1 to {MostDays} days.", nameof(days));
        var encoded = new byte[Size];
        certificate.ToBytes().CopyTo(encoded, 0);
        BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(DaysAt), days.First);
        BinaryPrimitives.WriteInt32BigEndian(encoded.AsSpan(DaysAt + 4), days.Last);
        recipient.PublicKey.CopyTo(encoded.AsSpan(RecipientAt));
        Primitives.Ed25519Sign(coordinatorSeed.Span, [.. Label, .. encoded.AsSpan(0, Unsigned)], encoded.AsSpan(Unsigned));
        return new InboxKeyStatement(encoded, recipient);
    }

    /// <summary>Reads a statement and checks the chain from the instance id to the recipient.</summary>
    /// <param name="encoded">1,425 bytes.</param>
    /// <param name="instanceId">The organisation's, from elsewhere than from whoever handed this over.</param>
    /// <param name="today">Today; days since 1970-01-01.</param>
    /// <exception cref="EnvelopeException">It is not valid; the fault says why.</exception>
    public static InboxKeyStatement Verify(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> instanceId, int today)
    {
        if (encoded.Length != Size) throw EnvelopeException.Malformed("it is not an inbox key");
        var certificate = CoordinatorCertificate.Read(encoded[..CoordinatorCertificate.Size]);
        var recipient = MessageParts.ReadRecipient(encoded.Slice(RecipientAt, HybridRecipient.PublicKeySize));
        var days = ReadDays(encoded);
        if (!CoordinatorCertificate.AreDays(days, MostDays)) throw EnvelopeException.Malformed("its days are not right");
        certificate.CheckSigned(instanceId);
        // Why this is safe: the signature covers the certificate too, so a recipient cannot be moved to another chain.
        if (!Primitives.Ed25519Verify(certificate.Coordinator, [.. Label, .. encoded[..Unsigned]], encoded[Unsigned..]))
            throw new EnvelopeException(EnvelopeFault.NotSignedByCoordinator, "No coordinator signed this inbox key.");
        CoordinatorCertificate.CheckToday(today, certificate.Days, days);
        return new InboxKeyStatement(encoded.ToArray(), recipient);
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => [.. _encoded];

    private static Days ReadDays(ReadOnlySpan<byte> encoded) =>
        new(BinaryPrimitives.ReadInt32BigEndian(encoded[DaysAt..]), BinaryPrimitives.ReadInt32BigEndian(encoded[(DaysAt + 4)..]));
}
