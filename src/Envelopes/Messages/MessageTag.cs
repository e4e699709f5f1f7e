using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>The tag that tells one side that the other wrote something, and tells nobody else anything.</summary>
internal static class MessageTag
{
    public const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>The most that the heads of outer array, content and tag take.</summary>
    private const int HeadsSize = 1 + 5 + 2;

    public static ReadOnlySpan<byte> Bookmark => "understory/message/v1/bookmark"u8;

    public static ReadOnlySpan<byte> Forget => "understory/message/v1/forget"u8;

    public static ReadOnlySpan<byte> For(Direction direction) =>
        direction == Direction.ToDesk ? "understory/message/v1/to-desk"u8 : "understory/message/v1/to-person"u8;

    /// <summary>HMAC-SHA-256 under the key for one use, derived from K.</summary>
    /// <remarks>
    /// Why this is safe: K is uniform, so HKDF needs no extract step, and each use has a key of its own: what is right for
    /// one direction or purpose is right for no other. Both sides can make every tag, so none proves anything to a third.
    /// </remarks>
    public static void Write(ReadOnlySpan<byte> k, ReadOnlySpan<byte> use, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        Span<byte> key = stackalloc byte[Size];
        try
        {
            HKDF.Expand(HashAlgorithmName.SHA256, k, key, use);
            HMACSHA256.HashData(key, content, tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Whether a tag is right, compared in constant time.</summary>
    public static bool IsRight(ReadOnlySpan<byte> k, ReadOnlySpan<byte> use, ReadOnlySpan<byte> content, ReadOnlySpan<byte> tag)
    {
        Span<byte> right = stackalloc byte[Size];
        Write(k, use, content, right);
        var same = CryptographicOperations.FixedTimeEquals(right, tag);
        CryptographicOperations.ZeroMemory(right);
        return same;
    }

    /// <summary>CBOR [ content, tag ], padded and sealed.</summary>
    /// <remarks>What was sealed lies in pinned memory, of which no copy is moved about, and is wiped.</remarks>
    public static byte[] Seal(ReadOnlySpan<byte> k, ReadOnlySpan<byte> use, ReadOnlySpan<byte> content, HybridRecipient to, out byte[] hash)
    {
        byte[] padded = [];
        try
        {
            Span<byte> tag = stackalloc byte[Size];
            Write(k, use, content, tag);
            using var writer = new CborWriter(content.Length + Size + HeadsSize);
            writer.WriteArray(2);
            writer.Write(content);
            writer.Write(tag);
            hash = SHA256.HashData(writer.Written);
            padded = Padding.Pad(PaddingKind.Message, writer.Written);
            return AgeFile.Seal(padded, to);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <summary>Opens what <see cref="Seal"/> sealed, padding still on it: the caller's to wipe.</summary>
    /// <exception cref="EnvelopeException">It cannot be opened.</exception>
    public static byte[] Open(ReadOnlySpan<byte> sealedBytes, IReadOnlyCollection<Identity> identities)
    {
        if (sealedBytes.Length > Envelope.MaxLength) throw new EnvelopeException(EnvelopeFault.TooLong, "This is longer than any message.");
        try
        {
            return AgeFile.Open(sealedBytes, identities);
        }
        catch (SealingException)
        {
            throw EnvelopeException.Tampered("This cannot be opened: it was changed, or is meant for somebody else.");
        }
    }

    /// <summary>Takes padding and outer array off.</summary>
    /// <exception cref="EnvelopeException">They are not right.</exception>
    public static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> padded, out ReadOnlySpan<byte> content, out ReadOnlySpan<byte> tag)
    {
        ReadOnlySpan<byte> message;
        try
        {
            message = Padding.Unpad(PaddingKind.Message, padded);
        }
        catch (SealingException)
        {
            throw EnvelopeException.Malformed("its padding is not right");
        }
        var reader = new CborReader(message, EnvelopeException.Malformed);
        reader.ReadArrayOf(2);
        content = reader.ReadBytes();
        tag = reader.ReadExactly(Size);
        reader.End();
        return message;
    }
}
