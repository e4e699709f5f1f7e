using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// X-Wing, also MLKEM768-X25519: the hybrid KEM of ML-KEM-768 and X25519 (draft-connolly-cfrg-xwing-kem,
/// draft-ietf-hpke-pq). A private key is a 32-byte seed.
/// </summary>
/// <remarks>
/// Why this is safe: the secret is SHA3-256 over both shared secrets and the X25519 transcript, so it stays hidden as
/// long as either ML-KEM or X25519 holds; the ML-KEM transcript need not go in, since ML-KEM binds its own ciphertext.
/// </remarks>
internal static class XWing
{
    public const int SeedSize = 32;
    public const int PublicKeySize = MlKem768.EncapsulationKeySize + Primitives.X25519Size;
    public const int CiphertextSize = MlKem768.CiphertextSize + Primitives.X25519Size;
    public const int SharedSecretSize = 32;

    private static ReadOnlySpan<byte> Label => @"\.//^\"u8;

    public static void PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> expanded = stackalloc byte[96];
        try
        {
            Expand(seed, expanded);
            Primitives.MlKemEncapsulationKey(expanded[..64], publicKey[..MlKem768.EncapsulationKeySize]);
            Primitives.X25519PublicKey(expanded[64..], publicKey[MlKem768.EncapsulationKeySize..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    /// <summary>False when the public key is not one (a coefficient not reduced, a point of low order).</summary>
    public static bool Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> ciphertext, Span<byte> shared)
    {
        Span<byte> secrets = stackalloc byte[96];
        var mlkem = secrets[..32];
        var x25519 = secrets[32..64];
        var ephemeral = secrets[64..];
        var point = ciphertext[MlKem768.CiphertextSize..];
        try
        {
            RandomNumberGenerator.Fill(ephemeral);
            Primitives.X25519PublicKey(ephemeral, point);
            if (!Primitives.X25519(ephemeral, publicKey[MlKem768.EncapsulationKeySize..], x25519)) return false;
            if (!Primitives.MlKemEncapsulate(
                publicKey[..MlKem768.EncapsulationKeySize], ciphertext[..MlKem768.CiphertextSize], mlkem)) return false;
            Combine(mlkem, x25519, point, publicKey[MlKem768.EncapsulationKeySize..], shared);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    /// <summary>False when the X25519 part of the ciphertext is a point of low order.</summary>
    public static bool Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> shared)
    {
        Span<byte> expanded = stackalloc byte[96];
        Span<byte> secrets = stackalloc byte[64];
        Span<byte> own = stackalloc byte[Primitives.X25519Size];
        var point = ciphertext[MlKem768.CiphertextSize..];
        try
        {
            Expand(seed, expanded);
            if (!Primitives.X25519(expanded[64..], point, secrets[32..])) return false;
            Primitives.X25519PublicKey(expanded[64..], own);
            Primitives.MlKemDecapsulate(expanded[..64], ciphertext[..MlKem768.CiphertextSize], secrets[..32]);
            Combine(secrets[..32], secrets[32..], point, own, shared);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    private static void Expand(ReadOnlySpan<byte> seed, Span<byte> expanded) => Keccak.Shake256(seed, expanded);

    private static void Combine(
        ReadOnlySpan<byte> mlkem, ReadOnlySpan<byte> x25519, ReadOnlySpan<byte> ciphertextPoint,
        ReadOnlySpan<byte> publicPoint, Span<byte> shared)
    {
        Span<byte> input = stackalloc byte[4 * 32 + 6];
        mlkem.CopyTo(input);
        x25519.CopyTo(input[32..]);
        ciphertextPoint.CopyTo(input[64..]);
        publicPoint.CopyTo(input[96..]);
        Label.CopyTo(input[128..]);
        Keccak.Sha3_256(input, shared);
        CryptographicOperations.ZeroMemory(input);
    }
}
