using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// Every cryptographic primitive that Understory uses, and the one place that decides whose implementation runs:
/// the framework's where it has one, libsodium's where it has not, and for ML-KEM-768 ours where neither has
/// (<see cref="MlKem768"/>). All sizes are in bytes.
/// </summary>
/// <remarks>
/// ChaCha20-Poly1305, HKDF, HMAC, SHA-2 and the random generator are called where they are needed, from
/// <c>System.Security.Cryptography</c>. On Linux that is OpenSSL.
/// </remarks>
public static unsafe class Primitives
{
    /// <summary>Length of X25519 scalars, points and shared secrets.</summary>
    public const int X25519Size = 32;

    /// <summary>Length of an Ed25519 public key and of the seed of a private one.</summary>
    public const int Ed25519KeySize = 32;

    /// <summary>Length of an Ed25519 signature.</summary>
    public const int Ed25519SignatureSize = 64;

    /// <summary>Length of the salt of Argon2id in libsodium.</summary>
    public const int Argon2SaltSize = 16;

    /// <summary>Whether the framework provides ML-KEM-768 here (OpenSSL 3.5, current Windows); else ours is used.</summary>
    public static bool FrameworkHasMlKem => MLKem.IsSupported;

    /// <summary>X25519 (RFC 7748) of a private scalar and a peer's point.</summary>
    /// <returns>False when the result is all zero: the peer's point has low order, and nothing may be derived.</returns>
    /// <exception cref="ArgumentException">A length is not 32.</exception>
    public static bool X25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> shared)
    {
        Expect(scalar, X25519Size, nameof(scalar));
        Expect(point, X25519Size, nameof(point));
        Expect(shared, X25519Size, nameof(shared));
        Sodium.Require();
        fixed (byte* n = scalar, p = point, q = shared)
        {
            // Why this is safe: libsodium's scalar multiplication is constant-time, clamps the scalar, and
            // returns -1 when the result is zero, which is the only thing a low-order point can lead to.
            if (Sodium.crypto_scalarmult(q, n, p) == 0) return true;
        }
        shared.Clear();
        return false;
    }

    /// <summary>The X25519 public point of a private scalar.</summary>
    /// <exception cref="ArgumentException">A length is not 32.</exception>
    public static void X25519PublicKey(ReadOnlySpan<byte> scalar, Span<byte> point)
    {
        Expect(scalar, X25519Size, nameof(scalar));
        Expect(point, X25519Size, nameof(point));
        Sodium.Require();
        fixed (byte* n = scalar, q = point)
        {
            if (Sodium.crypto_scalarmult_base(q, n) != 0) throw new CryptographicException("X25519 failed.");
        }
    }

    /// <summary>The Ed25519 (RFC 8032) public key of a 32-byte seed.</summary>
    /// <exception cref="ArgumentException">A length is not 32.</exception>
    public static void Ed25519PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Expect(seed, Ed25519KeySize, nameof(seed));
        Expect(publicKey, Ed25519KeySize, nameof(publicKey));
        Span<byte> expanded = stackalloc byte[64];
        ExpandEd25519(seed, publicKey, expanded);
        CryptographicOperations.ZeroMemory(expanded);
    }

    /// <summary>Signs a message with the Ed25519 key of a 32-byte seed.</summary>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Ed25519Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Expect(seed, Ed25519KeySize, nameof(seed));
        Expect(signature, Ed25519SignatureSize, nameof(signature));
        Span<byte> expanded = stackalloc byte[64];
        Span<byte> publicKey = stackalloc byte[Ed25519KeySize];
        try
        {
            // Why this is safe: the public half that goes into the hash is computed here from the seed and never
            // taken from the caller, so two signatures under different public keys cannot leak the scalar.
            ExpandEd25519(seed, publicKey, expanded);
            fixed (byte* s = signature, m = message, k = expanded)
            {
                if (Sodium.crypto_sign_detached(s, null, m, (ulong)message.Length, k) != 0)
                    throw new CryptographicException("Ed25519 signing failed.");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    /// <summary>Whether a signature of a message verifies under an Ed25519 public key.</summary>
    /// <remarks>
    /// Why this is safe: libsodium refuses scalars that are not reduced, keys that are not canonical, and keys and
    /// commitments of low order, so no signature verifies for two messages or under a key that nobody owns.
    /// </remarks>
    /// <exception cref="ArgumentException">The length of the key is wrong.</exception>
    public static bool Ed25519Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Expect(publicKey, Ed25519KeySize, nameof(publicKey));
        if (signature.Length != Ed25519SignatureSize) return false;
        Sodium.Require();
        fixed (byte* s = signature, m = message, k = publicKey)
        {
            return Sodium.crypto_sign_verify_detached(s, m, (ulong)message.Length, k) == 0;
        }
    }

    /// <summary>Argon2id (RFC 9106) with parallelism 1.</summary>
    /// <param name="password">The secret to stretch.</param>
    /// <param name="salt">16 bytes.</param>
    /// <param name="cost">Passes and memory; <see cref="Argon2Cost"/> cannot be made too weak.</param>
    /// <param name="output">16 bytes or more.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="NotEnoughMemoryException">The memory could not be had.</exception>
    public static void Argon2id(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Argon2Cost cost, Span<byte> output)
    {
        const int Argon2id13 = 2;
        ArgumentNullException.ThrowIfNull(cost);
        Expect(salt, Argon2SaltSize, nameof(salt));
        if (output.Length < 16) throw new ArgumentException("Must have 16 bytes or more.", nameof(output));
        Sodium.Require();
        fixed (byte* o = output, w = password, s = salt)
        {
            if (Sodium.crypto_pwhash(
                o, (ulong)output.Length, w, (ulong)password.Length, s,
                (ulong)cost.Passes, (nuint)cost.MemoryKiB * 1024, Argon2id13) != 0)
                throw new NotEnoughMemoryException($"Argon2id could not get the {cost.MemoryKiB / 1024} MiB it needs.");
        }
    }

    /// <summary>scrypt (RFC 7914) with r = 8, p = 1 and N = 2^<paramref name="logN"/>, which takes 2^(logN+10) bytes.</summary>
    /// <exception cref="NotEnoughMemoryException">The memory could not be had.</exception>
    public static void Scrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int logN, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logN, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logN, 30);
        Sodium.Require();
        fixed (byte* o = output, w = password, s = salt)
        {
            if (Sodium.crypto_pwhash_scryptsalsa208sha256_ll(
                w, (nuint)password.Length, s, (nuint)salt.Length, 1ul << logN, 8, 1, o, (nuint)output.Length) != 0)
                throw new NotEnoughMemoryException($"scrypt could not get the {1L << (logN - 10)} MiB it needs.");
        }
    }

    /// <summary>The ML-KEM-768 (FIPS 203) encapsulation key, 1,184 bytes, of a 64-byte seed (d, z).</summary>
    public static void MlKemEncapsulationKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey)
    {
        if (!FrameworkHasMlKem)
        {
            MlKem768.EncapsulationKey(seed, encapsulationKey);
            return;
        }
        using var key = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed);
        key.ExportEncapsulationKey(encapsulationKey);
    }

    /// <summary>Encapsulates a fresh 32-byte secret to an ML-KEM-768 key; the ciphertext has 1,088 bytes.</summary>
    /// <returns>False when the key is not one: a coefficient is not reduced (FIPS 203, 7.2).</returns>
    public static bool MlKemEncapsulate(ReadOnlySpan<byte> encapsulationKey, Span<byte> ciphertext, Span<byte> shared)
    {
        // Checked by ours in either case: frameworks differ in what they throw.
        if (!MlKem768.IsValid(encapsulationKey)) return false;
        if (!FrameworkHasMlKem)
        {
            MlKem768.Encapsulate(encapsulationKey, ciphertext, shared);
            return true;
        }
        using var key = MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, encapsulationKey);
        key.Encapsulate(ciphertext, shared);
        return true;
    }

    /// <summary>Decapsulates. A wrong ciphertext gives a wrong secret and no error: implicit rejection.</summary>
    public static void MlKemDecapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> shared)
    {
        if (!FrameworkHasMlKem)
        {
            MlKem768.Decapsulate(seed, ciphertext, shared);
            return;
        }
        using var key = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed);
        key.Decapsulate(ciphertext, shared);
    }

    private static void ExpandEd25519(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> expanded)
    {
        Sodium.Require();
        fixed (byte* p = publicKey, k = expanded, s = seed)
        {
            if (Sodium.crypto_sign_seed_keypair(p, k, s) != 0) throw new CryptographicException("Ed25519 failed.");
        }
    }

    private static void Expect(ReadOnlySpan<byte> value, int length, string name)
    {
        if (value.Length != length) throw new ArgumentException($"Must have {length} bytes, has {value.Length}.", name);
    }
}
