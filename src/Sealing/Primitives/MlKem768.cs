using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// ML-KEM-768 (FIPS 203), the key-encapsulation mechanism, in managed code: for platforms where
/// <see cref="MLKem.IsSupported"/> is false.
/// </summary>
/// <remarks>
/// <para>
/// Why this is safe: no branch, no address, no division depends on a secret (the reasons stand beside each step), and
/// every secret lives on the stack and is wiped before the method returns, also when it throws. The runtime itself
/// promises no constant time: the just-in-time compiler may rewrite what is written here, registers and spills are not
/// wiped, and the multiplier is the processor's. Where this matters, X25519 stands beside it in X-Wing: whoever reads
/// this key through a side channel still has to break that one.
/// </para>
/// <para>
/// Why this is safe: the private key is kept as the 64-byte seed and expanded for each use, so no malformed expanded
/// key can be given to it (FIPS 203, sections 3.3 and 7.1).
/// </para>
/// </remarks>
internal static class MlKem768
{
    /// <summary>The bytes of a private key: d, then z.</summary>
    public const int SeedSize = 64;

    /// <summary>The bytes of an encapsulation key: the encoded vector t̂, then ρ.</summary>
    public const int EncapsulationKeySize = MlKemEncryption.KeySize;

    /// <summary>The bytes of an expanded decapsulation key: ŝ, the encapsulation key, its hash, z.</summary>
    public const int DecapsulationKeySize = VectorSize + EncapsulationKeySize + 32 + 32;

    /// <summary>The bytes of a ciphertext: the compressed vector u, then the compressed polynomial v.</summary>
    public const int CiphertextSize = MlKemEncryption.CiphertextSize;

    /// <summary>The bytes of a shared secret.</summary>
    public const int SharedSecretSize = 32;

    /// <summary>The bytes of the randomness of an encapsulation.</summary>
    public const int MessageSize = 32;

    private const int VectorSize = MlKemEncryption.VectorSize;

    /// <summary>The encapsulation key of a seed (FIPS 203, algorithm 16).</summary>
    /// <param name="seed">The 64 bytes d‖z.</param>
    /// <param name="encapsulationKey">Receives the 1184 bytes of the key.</param>
    public static void EncapsulationKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey)
    {
        RequireLength(seed, SeedSize);
        RequireLength(encapsulationKey, EncapsulationKeySize);
        Span<uint> matrix = stackalloc uint[MlKemEncryption.MatrixLength];
        Span<uint> s = stackalloc uint[MlKemEncryption.VectorLength];
        try
        {
            MlKemEncryption.GenerateKey(seed[..32], matrix, s, encapsulationKey);
        }
        finally
        {
            MlKemPolynomial.Wipe(s);
        }
    }

    /// <summary>The input check of encapsulation (FIPS 203, section 7.2): the length, and the modulus check.</summary>
    /// <remarks>Why this is safe: an encapsulation key is public, so it may be left at the first bad value.</remarks>
    /// <param name="encapsulationKey">The encapsulation key to check.</param>
    /// <returns>Whether it has the right length and all its coefficients are below q.</returns>
    public static bool IsValid(ReadOnlySpan<byte> encapsulationKey)
    {
        if (encapsulationKey.Length != EncapsulationKeySize) return false;

        Span<uint> t = stackalloc uint[MlKemPolynomial.Size];
        for (int i = 0; i < MlKemEncryption.Rank; i++)
        {
            MlKemEncryption.Decode(encapsulationKey, i, t);
            foreach (uint coefficient in t)
            {
                if (coefficient >= MlKemPolynomial.Q) return false;
            }
        }

        return true;
    }

    /// <summary>Draws a shared secret and encapsulates it to a key (FIPS 203, algorithm 20).</summary>
    /// <param name="encapsulationKey">The 1184 bytes of the key.</param>
    /// <param name="ciphertext">Receives the 1088 bytes of the ciphertext; it must not overlap the key.</param>
    /// <param name="sharedSecret">Receives the 32 bytes of the shared secret.</param>
    /// <exception cref="CryptographicException">The key fails the modulus check.</exception>
    public static void Encapsulate(
        ReadOnlySpan<byte> encapsulationKey, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        try
        {
            // Why this is safe: the operating system's generator is the only source of the shared secret, and the
            // message is used once and wiped.
            RandomNumberGenerator.Fill(message);
            Encapsulate(encapsulationKey, message, ciphertext, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }

    /// <summary>Encapsulates with given randomness (FIPS 203, algorithm 17); for tests and test vectors.</summary>
    /// <param name="encapsulationKey">The 1184 bytes of the key.</param>
    /// <param name="message">The 32 bytes m, which must be random and never be used twice.</param>
    /// <param name="ciphertext">Receives the 1088 bytes of the ciphertext; it must not overlap the inputs.</param>
    /// <param name="sharedSecret">Receives the 32 bytes of the shared secret.</param>
    /// <exception cref="CryptographicException">The key fails the modulus check.</exception>
    internal static void Encapsulate(
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> message,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        RequireLength(encapsulationKey, EncapsulationKeySize);
        RequireLength(message, MessageSize);
        RequireLength(ciphertext, CiphertextSize);
        RequireLength(sharedSecret, SharedSecretSize);

        // Why this is safe: coefficients of q or more would be read differently by different implementations, and
        // everything after this line may rely on coefficients below q.
        if (!IsValid(encapsulationKey))
            throw new CryptographicException("The ML-KEM encapsulation key is not reduced modulo q.");

        Span<uint> matrix = stackalloc uint[MlKemEncryption.MatrixLength];
        Span<byte> hash = stackalloc byte[32];
        Span<byte> secretAndCoins = stackalloc byte[64];
        try
        {
            // Why this is safe: the hash of the key goes into the secret, so one message sent to two keys gives two
            // unrelated secrets.
            Keccak.Sha3_256(encapsulationKey, hash);
            Keccak.Sha3_512(message, hash, secretAndCoins);
            MlKemEncryption.ExpandMatrix(encapsulationKey[VectorSize..], matrix);
            MlKemEncryption.Encrypt(matrix, encapsulationKey, message, secretAndCoins[32..], ciphertext);
            secretAndCoins[..32].CopyTo(sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretAndCoins);
        }
    }

    /// <summary>
    /// The shared secret of a ciphertext (FIPS 203, algorithm 21), with the key expanded from its seed (algorithm 16).
    /// A ciphertext that was not made for this key gives a pseudorandom secret, never an error.
    /// </summary>
    /// <param name="seed">The 64 bytes d‖z.</param>
    /// <param name="ciphertext">The 1088 bytes of the ciphertext.</param>
    /// <param name="sharedSecret">Receives the 32 bytes of the shared secret.</param>
    public static void Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        RequireLength(seed, SeedSize);
        RequireLength(ciphertext, CiphertextSize);
        RequireLength(sharedSecret, SharedSecretSize);
        Span<uint> matrix = stackalloc uint[MlKemEncryption.MatrixLength];
        Span<uint> s = stackalloc uint[MlKemEncryption.VectorLength];
        Span<byte> encapsulationKey = stackalloc byte[EncapsulationKeySize];
        Span<byte> hash = stackalloc byte[32];
        try
        {
            MlKemEncryption.GenerateKey(seed[..32], matrix, s, encapsulationKey);
            Keccak.Sha3_256(encapsulationKey, hash);
            Decapsulate(matrix, s, encapsulationKey, hash, seed[32..], ciphertext, sharedSecret);
        }
        finally
        {
            MlKemPolynomial.Wipe(s);
        }
    }

    /// <summary>The key pair of a seed in its expanded form (FIPS 203, algorithm 16).</summary>
    /// <param name="seed">The 64 bytes d‖z.</param>
    /// <param name="encapsulationKey">Receives the 1184 bytes of the encapsulation key.</param>
    /// <param name="decapsulationKey">Receives the 2400 bytes of the decapsulation key.</param>
    internal static void KeyGen(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey, Span<byte> decapsulationKey)
    {
        RequireLength(seed, SeedSize);
        RequireLength(encapsulationKey, EncapsulationKeySize);
        RequireLength(decapsulationKey, DecapsulationKeySize);
        Span<uint> matrix = stackalloc uint[MlKemEncryption.MatrixLength];
        Span<uint> s = stackalloc uint[MlKemEncryption.VectorLength];
        try
        {
            MlKemEncryption.GenerateKey(seed[..32], matrix, s, encapsulationKey);
            for (int i = 0; i < MlKemEncryption.Rank; i++)
                MlKemEncryption.Encode(MlKemPolynomial.Of(s, i), decapsulationKey, i);
            Span<byte> rest = decapsulationKey[VectorSize..];
            encapsulationKey.CopyTo(rest);
            Keccak.Sha3_256(encapsulationKey, rest.Slice(EncapsulationKeySize, 32));
            seed[32..].CopyTo(rest[(EncapsulationKeySize + 32)..]);
        }
        finally
        {
            MlKemPolynomial.Wipe(s);
        }
    }

    /// <summary>
    /// Decapsulates with an expanded key (FIPS 203, algorithm 21), after the hash check of section 7.3.
    /// </summary>
    /// <param name="decapsulationKey">The 2400 bytes of the decapsulation key.</param>
    /// <param name="ciphertext">The 1088 bytes of the ciphertext.</param>
    /// <param name="sharedSecret">Receives the 32 bytes of the shared secret.</param>
    /// <exception cref="CryptographicException">The key does not hold the hash of its encapsulation key.</exception>
    internal static void DecapsulateExpanded(
        ReadOnlySpan<byte> decapsulationKey, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        RequireLength(decapsulationKey, DecapsulationKeySize);
        RequireLength(ciphertext, CiphertextSize);
        RequireLength(sharedSecret, SharedSecretSize);
        ReadOnlySpan<byte> encapsulationKey = decapsulationKey.Slice(VectorSize, EncapsulationKeySize);
        ReadOnlySpan<byte> z = decapsulationKey[^32..];
        Span<uint> matrix = stackalloc uint[MlKemEncryption.MatrixLength];
        Span<uint> s = stackalloc uint[MlKemEncryption.VectorLength];
        Span<byte> hash = stackalloc byte[32];
        try
        {
            Keccak.Sha3_256(encapsulationKey, hash);

            // Why this is safe: the hash is of public data; the comparison may tell whether it matches.
            if (!CryptographicOperations.FixedTimeEquals(hash, decapsulationKey[^64..^32]))
                throw new CryptographicException("The ML-KEM decapsulation key fails its hash check.");

            for (int i = 0; i < MlKemEncryption.Rank; i++)
                MlKemEncryption.Decode(decapsulationKey, i, MlKemPolynomial.Of(s, i));
            MlKemPolynomial.Reduce(s);
            MlKemEncryption.ExpandMatrix(encapsulationKey[VectorSize..], matrix);
            Decapsulate(matrix, s, encapsulationKey, hash, z, ciphertext, sharedSecret);
        }
        finally
        {
            MlKemPolynomial.Wipe(s);
        }
    }

    /// <summary>ML-KEM.Decaps_internal (FIPS 203, algorithm 18): the Fujisaki-Okamoto transform.</summary>
    private static void Decapsulate(
        ReadOnlySpan<uint> matrix,
        ReadOnlySpan<uint> s,
        ReadOnlySpan<byte> encapsulationKey,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> z,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Span<byte> secrets = stackalloc byte[MessageSize + 64 + 32 + CiphertextSize];
        Span<byte> message = secrets[..MessageSize];
        Span<byte> secretAndCoins = secrets.Slice(MessageSize, 64);
        Span<byte> rejection = secrets.Slice(MessageSize + 64, 32);
        Span<byte> expected = secrets[^CiphertextSize..];
        try
        {
            MlKemEncryption.Decrypt(s, ciphertext, message);
            Keccak.Sha3_512(message, hash, secretAndCoins);
            Keccak.Shake256(z, ciphertext, rejection);
            MlKemEncryption.Encrypt(matrix, encapsulationKey, message, secretAndCoins[32..], expected);

            // Why this is safe: whether the ciphertext was honest is itself a secret (it answers a chosen-ciphertext
            // attacker). So no boolean is ever made of it: all 1088 bytes are compared, the difference becomes a mask
            // of all ones if there is any and of all zeros if there is none, and both secrets are always read.
            uint difference = 0;
            for (int i = 0; i < expected.Length; i++) difference |= (uint)(expected[i] ^ ciphertext[i]);
            uint rejected = 0 - ((0 - difference) >> 31);
            for (int i = 0; i < sharedSecret.Length; i++)
            {
                uint accepted = secretAndCoins[i];
                sharedSecret[i] = (byte)(accepted ^ (rejected & (accepted ^ rejection[i])));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    private static void RequireLength(
        ReadOnlySpan<byte> value, int length, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value.Length != length) throw new ArgumentException($"{value.Length} bytes instead of {length}.", name);
    }
}
