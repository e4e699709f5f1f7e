using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>How the classical stanzas wrap a file key: a key of their own and ChaCha20-Poly1305 with a zero nonce.</summary>
/// <remarks>Why this is safe: each wrapping key comes from a fresh ephemeral share or salt and seals one message.</remarks>
internal static class FileKeyWrap
{
    private const int TagSize = 16;

    public static void SealX25519(
        ReadOnlySpan<byte> shared, ReadOnlySpan<byte> share, ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> fileKey, Span<byte> body)
    {
        Span<byte> key = stackalloc byte[32];
        DeriveX25519(shared, share, recipient, key);
        Seal(key, fileKey, body);
    }

    public static bool OpenX25519(
        ReadOnlySpan<byte> shared, ReadOnlySpan<byte> share, ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> body, Span<byte> fileKey)
    {
        Span<byte> key = stackalloc byte[32];
        DeriveX25519(shared, share, recipient, key);
        return Open(key, body, fileKey);
    }

    public static void SealScrypt(
        ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int workFactor, ReadOnlySpan<byte> fileKey, Span<byte> body)
    {
        Span<byte> key = stackalloc byte[32];
        DeriveScrypt(passphrase, salt, workFactor, key);
        Seal(key, fileKey, body);
    }

    public static bool OpenScrypt(
        ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int workFactor, ReadOnlySpan<byte> body, Span<byte> fileKey)
    {
        Span<byte> key = stackalloc byte[32];
        DeriveScrypt(passphrase, salt, workFactor, key);
        return Open(key, body, fileKey);
    }

    private static void DeriveX25519(
        ReadOnlySpan<byte> shared, ReadOnlySpan<byte> share, ReadOnlySpan<byte> recipient, Span<byte> key)
    {
        Span<byte> salt = stackalloc byte[64];
        share.CopyTo(salt);
        recipient.CopyTo(salt[32..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, key, salt, "age-encryption.org/v1/X25519"u8);
    }

    private static void DeriveScrypt(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int workFactor, Span<byte> key)
    {
        var label = "age-encryption.org/v1/scrypt"u8;
        Span<byte> labeled = stackalloc byte[label.Length + PassphraseRecipient.SaltSize];
        label.CopyTo(labeled);
        salt.CopyTo(labeled[label.Length..]);
        Primitives.Scrypt(passphrase, labeled, workFactor, key);
    }

    private static void Seal(Span<byte> key, ReadOnlySpan<byte> fileKey, Span<byte> body)
    {
        using var cipher = CreateCipher(key);
        cipher.Encrypt(stackalloc byte[12], fileKey, body[..^TagSize], body[^TagSize..]);
    }

    private static bool Open(Span<byte> key, ReadOnlySpan<byte> body, Span<byte> fileKey)
    {
        using var cipher = CreateCipher(key);
        try
        {
            cipher.Decrypt(stackalloc byte[12], body[..^TagSize], body[^TagSize..], fileKey);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static ChaCha20Poly1305 CreateCipher(Span<byte> key)
    {
        try
        {
            return new ChaCha20Poly1305(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
