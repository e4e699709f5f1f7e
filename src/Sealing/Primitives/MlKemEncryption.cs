using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// K-PKE with the parameters of ML-KEM-768 (FIPS 203, section 5): the encryption scheme below the mechanism. Alone it
/// is secure against eavesdroppers only; nothing but <see cref="MlKem768"/> may call it, and that checks every input.
/// </summary>
internal static class MlKemEncryption
{
    // The parameter set (FIPS 203, table 2): k = 3, η1 = η2 = 2, du = 10, dv = 4.

    /// <summary>The polynomials in a vector, and the vectors in the matrix.</summary>
    public const int Rank = 3;

    /// <summary>The coefficients of a vector.</summary>
    public const int VectorLength = Rank * N;

    /// <summary>The coefficients of the matrix.</summary>
    public const int MatrixLength = Rank * Rank * N;

    /// <summary>The bytes of an encoded vector.</summary>
    public const int VectorSize = Rank * PolynomialSize;

    /// <summary>The bytes of an encryption key: the encoded vector t̂, then ρ.</summary>
    public const int KeySize = VectorSize + 32;

    /// <summary>The bytes of a ciphertext: the compressed vector u, then the compressed polynomial v.</summary>
    public const int CiphertextSize = (Rank * CompressedUSize) + CompressedVSize;

    private const int BitsOfKey = 12;
    private const int PolynomialSize = MlKemPolynomial.BytesPerBit * BitsOfKey;
    private const int BitsOfU = 10;
    private const int BitsOfV = 4;
    private const int CompressedUSize = MlKemPolynomial.BytesPerBit * BitsOfU;
    private const int CompressedVSize = MlKemPolynomial.BytesPerBit * BitsOfV;
    private const int N = MlKemPolynomial.Size;

    /// <summary>
    /// K-PKE.KeyGen (FIPS 203, algorithm 13), which leaves the matrix Â and the secret vector ŝ expanded.
    /// </summary>
    /// <param name="d">The 32-byte secret seed.</param>
    /// <param name="matrix">Receives the matrix, which is public.</param>
    /// <param name="s">Receives the secret vector, transformed. The caller wipes it.</param>
    /// <param name="encryptionKey">Receives the encryption key.</param>
    public static void GenerateKey(
        ReadOnlySpan<byte> d, Span<uint> matrix, Span<uint> s, Span<byte> encryptionKey)
    {
        Span<byte> seeds = stackalloc byte[64];
        try
        {
            // Why this is safe: the rank is hashed with d, so one seed used for two parameter sets gives two
            // unrelated keys.
            Keccak.Sha3_512(d, [Rank], seeds);
            GenerateKey(seeds[..32], seeds[32..], matrix, s, encryptionKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seeds);
        }
    }

    /// <summary>K-PKE.KeyGen after its first line, which makes ρ and σ of d.</summary>
    /// <param name="rho">The 32-byte public seed of the matrix.</param>
    /// <param name="sigma">The 32-byte secret seed of the small vectors.</param>
    /// <param name="matrix">Receives the matrix, which is public.</param>
    /// <param name="s">Receives the secret vector, transformed. The caller wipes it.</param>
    /// <param name="encryptionKey">Receives the encryption key.</param>
    internal static void GenerateKey(
        ReadOnlySpan<byte> rho,
        ReadOnlySpan<byte> sigma,
        Span<uint> matrix,
        Span<uint> s,
        Span<byte> encryptionKey)
    {
        Span<uint> work = stackalloc uint[2 * N];
        Span<uint> t = MlKemPolynomial.Of(work, 0);
        Span<uint> e = MlKemPolynomial.Of(work, 1);
        try
        {
            ExpandMatrix(rho, matrix);
            SampleVector(sigma, s);

            // t̂ = Â ∘ ŝ + ê
            for (int i = 0; i < Rank; i++)
            {
                t.Clear();
                for (int j = 0; j < Rank; j++)
                    MlKemPolynomial.MultiplyAdd(t, Entry(matrix, i, j), MlKemPolynomial.Of(s, j));
                MlKemPolynomial.Reduce(t);
                MlKemPolynomial.SampleNoise(sigma, Rank + i, e);
                MlKemPolynomial.Ntt(e);
                MlKemPolynomial.Add(t, e);
                Encode(t, encryptionKey, i);
            }

            rho.CopyTo(encryptionKey[VectorSize..]);
        }
        finally
        {
            MlKemPolynomial.Wipe(work);
        }
    }

    /// <summary>K-PKE.Encrypt (FIPS 203, algorithm 14).</summary>
    /// <param name="matrix">The matrix of the key, expanded.</param>
    /// <param name="encryptionKey">The encryption key, its coefficients below 2^12.</param>
    /// <param name="message">The 32 bytes to encrypt.</param>
    /// <param name="coins">The 32 bytes that all randomness is drawn from.</param>
    /// <param name="ciphertext">Receives the ciphertext.</param>
    public static void Encrypt(
        ReadOnlySpan<uint> matrix,
        ReadOnlySpan<byte> encryptionKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> coins,
        Span<byte> ciphertext)
    {
        Span<uint> work = stackalloc uint[(Rank + 2) * N];
        Span<uint> y = work[..(Rank * N)];
        Span<uint> sum = MlKemPolynomial.Of(work, Rank);
        Span<uint> term = MlKemPolynomial.Of(work, Rank + 1);
        try
        {
            SampleVector(coins, y);

            // u = NTT⁻¹(Âᵀ ∘ ŷ) + e1
            for (int i = 0; i < Rank; i++)
            {
                sum.Clear();
                for (int j = 0; j < Rank; j++)
                    MlKemPolynomial.MultiplyAdd(sum, Entry(matrix, j, i), MlKemPolynomial.Of(y, j));
                MlKemPolynomial.InverseNtt(sum);
                MlKemPolynomial.SampleNoise(coins, Rank + i, term);
                MlKemPolynomial.Add(sum, term);
                MlKemPolynomial.Compress(sum, BitsOfU);
                MlKemPolynomial.Encode(sum, BitsOfU, ciphertext.Slice(i * CompressedUSize, CompressedUSize));
            }

            // v = NTT⁻¹(t̂ᵀ ∘ ŷ) + e2 + μ
            sum.Clear();
            for (int j = 0; j < Rank; j++)
            {
                Decode(encryptionKey, j, term);
                MlKemPolynomial.MultiplyAdd(sum, term, MlKemPolynomial.Of(y, j));
            }

            MlKemPolynomial.InverseNtt(sum);
            MlKemPolynomial.SampleNoise(coins, 2 * Rank, term);
            MlKemPolynomial.Add(sum, term);
            MlKemPolynomial.FromMessage(message, term);
            MlKemPolynomial.Add(sum, term);
            MlKemPolynomial.Compress(sum, BitsOfV);
            MlKemPolynomial.Encode(sum, BitsOfV, ciphertext[^CompressedVSize..]);
        }
        finally
        {
            MlKemPolynomial.Wipe(work);
        }
    }

    /// <summary>K-PKE.Decrypt (FIPS 203, algorithm 15).</summary>
    /// <param name="s">The secret vector, transformed.</param>
    /// <param name="ciphertext">The ciphertext.</param>
    /// <param name="message">Receives the 32 bytes of the message.</param>
    public static void Decrypt(ReadOnlySpan<uint> s, ReadOnlySpan<byte> ciphertext, Span<byte> message)
    {
        Span<uint> work = stackalloc uint[2 * N];
        Span<uint> sum = MlKemPolynomial.Of(work, 0);
        Span<uint> term = MlKemPolynomial.Of(work, 1);
        try
        {
            sum.Clear();
            for (int j = 0; j < Rank; j++)
            {
                MlKemPolynomial.Decode(ciphertext.Slice(j * CompressedUSize, CompressedUSize), BitsOfU, term);
                MlKemPolynomial.Decompress(term, BitsOfU);
                MlKemPolynomial.Ntt(term);
                MlKemPolynomial.MultiplyAdd(sum, MlKemPolynomial.Of(s, j), term);
            }

            // w = v - NTT⁻¹(ŝᵀ ∘ NTT(u))
            MlKemPolynomial.InverseNtt(sum);
            MlKemPolynomial.Decode(ciphertext[^CompressedVSize..], BitsOfV, term);
            MlKemPolynomial.Decompress(term, BitsOfV);
            MlKemPolynomial.Subtract(term, sum);
            MlKemPolynomial.ToMessage(term, message);
        }
        finally
        {
            MlKemPolynomial.Wipe(work);
        }
    }

    /// <summary>The public matrix Â, row by row, from its seed ρ (FIPS 203, algorithm 13, lines 3 to 7).</summary>
    /// <param name="rho">The 32-byte public seed.</param>
    /// <param name="matrix">Receives the matrix.</param>
    public static void ExpandMatrix(ReadOnlySpan<byte> rho, Span<uint> matrix)
    {
        for (int i = 0; i < Rank; i++)
        {
            for (int j = 0; j < Rank; j++)
                MlKemPolynomial.SampleUniform(rho, j, i, MlKemPolynomial.Of(matrix, (i * Rank) + j));
        }
    }

    /// <summary>Writes one polynomial of the vector that an encryption or decryption key begins with.</summary>
    /// <param name="f">The polynomial.</param>
    /// <param name="key">The key to write into.</param>
    /// <param name="index">Which polynomial of the vector it is.</param>
    public static void Encode(ReadOnlySpan<uint> f, Span<byte> key, int index) =>
        MlKemPolynomial.Encode(f, BitsOfKey, key.Slice(index * PolynomialSize, PolynomialSize));

    /// <summary>Reads one polynomial of the vector that an encryption or decryption key begins with.</summary>
    /// <param name="key">The key to read from.</param>
    /// <param name="index">Which polynomial of the vector.</param>
    /// <param name="f">Receives the polynomial, its coefficients below 2^12 and not reduced.</param>
    public static void Decode(ReadOnlySpan<byte> key, int index, Span<uint> f) =>
        MlKemPolynomial.Decode(key.Slice(index * PolynomialSize, PolynomialSize), BitsOfKey, f);

    /// <summary>The first small vector of a secret seed, transformed.</summary>
    private static void SampleVector(ReadOnlySpan<byte> key, Span<uint> vector)
    {
        for (int j = 0; j < Rank; j++)
        {
            Span<uint> f = MlKemPolynomial.Of(vector, j);
            MlKemPolynomial.SampleNoise(key, j, f);
            MlKemPolynomial.Ntt(f);
        }
    }

    private static ReadOnlySpan<uint> Entry(ReadOnlySpan<uint> matrix, int row, int column) =>
        MlKemPolynomial.Of(matrix, (row * Rank) + column);
}
