using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// The key schedule of HPKE (RFC 9180, 5.1) in base mode for MLKEM768-X25519, HKDF-SHA256 and ChaCha20-Poly1305, and
/// the one message that age seals with it.
/// </summary>
internal static class Hpke
{
    private const int TagSize = 16;

    /// <summary>"HPKE", KEM 0x647a, KDF 0x0001, AEAD 0x0003.</summary>
    private static ReadOnlySpan<byte> Suite => [(byte)'H', (byte)'P', (byte)'K', (byte)'E', 0x64, 0x7a, 0, 1, 0, 3];

    public static void Seal(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> info, ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        Span<byte> key = stackalloc byte[32 + 12];
        try
        {
            Schedule(shared, info, key);
            using var cipher = new ChaCha20Poly1305(key[..32]);
            // Why this is safe: key and nonce come from a secret that was encapsulated for this one message.
            cipher.Encrypt(key[32..], plaintext, sealedText[..^TagSize], sealedText[^TagSize..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public static bool Open(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> info, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        Span<byte> key = stackalloc byte[32 + 12];
        try
        {
            Schedule(shared, info, key);
            using var cipher = new ChaCha20Poly1305(key[..32]);
            cipher.Decrypt(key[32..], sealedText[..^TagSize], sealedText[^TagSize..], plaintext);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Schedule(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> info, Span<byte> keyAndNonce)
    {
        Span<byte> context = stackalloc byte[1 + 32 + 32];
        context[0] = 0; // base mode
        Extract([], "psk_id_hash"u8, [], context[1..33]);
        Extract([], "info_hash"u8, info, context[33..]);
        Span<byte> secret = stackalloc byte[32];
        Extract(shared, "secret"u8, [], secret);
        Expand(secret, "key"u8, context, keyAndNonce[..32]);
        Expand(secret, "base_nonce"u8, context, keyAndNonce[32..]);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> ikm, Span<byte> key)
    {
        Span<byte> labeled = stackalloc byte[128];
        HKDF.Extract(HashAlgorithmName.SHA256, Join(labeled, "HPKE-v1"u8, Suite, label, ikm), salt, key);
    }

    private static void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> labeled = stackalloc byte[128];
        BinaryPrimitives.WriteUInt16BigEndian(labeled, (ushort)output.Length);
        var rest = Join(labeled[2..], "HPKE-v1"u8, Suite, label, info);
        HKDF.Expand(HashAlgorithmName.SHA256, key, output, labeled[..(2 + rest.Length)]);
    }

    private static Span<byte> Join(
        Span<byte> target, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        a.CopyTo(target);
        b.CopyTo(target[a.Length..]);
        c.CopyTo(target[(a.Length + b.Length)..]);
        d.CopyTo(target[(a.Length + b.Length + c.Length)..]);
        return target[..(a.Length + b.Length + c.Length + d.Length)];
    }
}
