using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// The ring of ML-KEM (FIPS 203): polynomials of 256 coefficients modulo q = 3329, their number-theoretic transform,
/// their sampling, compression and encoding.
/// </summary>
/// <remarks>
/// <para>
/// A polynomial is a span of 256 unsigned integers. Every method takes and leaves coefficients below q, unless it says
/// otherwise; inside a transform they are let grow, within bounds proved beside the code.
/// </para>
/// <para>
/// Why this is safe: no coefficient is ever branched on, divided, or used as an address; reductions multiply and
/// shift, choices are masks. The one exception, rejection sampling, sees public data only. The multiplier of every
/// processor .NET runs on takes the same time for all operands, or can be asked to; the runtime does not promise it.
/// </para>
/// </remarks>
internal static class MlKemPolynomial
{
    /// <summary>The number of coefficients, n.</summary>
    public const int Size = 256;

    /// <summary>The modulus, q.</summary>
    public const uint Q = 3329;

    /// <summary>The bytes of an encoding with <c>d</c> bits for each coefficient, divided by <c>d</c>.</summary>
    public const int BytesPerBit = Size / 8;

    private const uint InverseOf128 = 3303;

    /// <summary>ζ^BitRev7(i) for ζ = 17 (FIPS 203, appendix A).</summary>
    internal static ReadOnlySpan<ushort> Zetas =>
    [
        1, 1729, 2580, 3289, 2642, 630, 1897, 848, 1062, 1919, 193, 797, 2786, 3260, 569, 1746,
        296, 2447, 1339, 1476, 3046, 56, 2240, 1333, 1426, 2094, 535, 2882, 2393, 2879, 1974, 821,
        289, 331, 3253, 1756, 1197, 2304, 2277, 2055, 650, 1977, 2513, 632, 2865, 33, 1320, 1915,
        2319, 1435, 807, 452, 1438, 2868, 1534, 2402, 2647, 2617, 1481, 648, 2474, 3110, 1227, 910,
        17, 2761, 583, 2649, 1637, 723, 2288, 1100, 1409, 2662, 3281, 233, 756, 2156, 3015, 3050,
        1703, 1651, 2789, 1789, 1847, 952, 1461, 2687, 939, 2308, 2437, 2388, 733, 2337, 268, 641,
        1584, 2298, 2037, 3220, 375, 2549, 2090, 1645, 1063, 319, 2773, 757, 2099, 561, 2466, 2594,
        2804, 1092, 403, 1026, 1143, 2150, 2775, 886, 1722, 1212, 1874, 1029, 2110, 2935, 885, 2154,
    ];

    /// <summary>⌊a / q⌋, exact for every a below 2^28.</summary>
    /// <remarks>
    /// Why this is safe: with M = ⌈2^40 / q⌉ there is an e below q, so below 2^12, with qM = 2^40 + e. For a = uq + r,
    /// aM / 2^40 = u + r/q + ae / (q·2^40). The last term is below 1/q because ae is below 2^28·2^12, and r/q is at
    /// most 1 - 1/q: the sum stays below u + 1, and its floor is u. The product stays below 2^28·2^29.
    /// </remarks>
    /// <param name="a">The dividend, below 2^28.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Divide(uint a) => (uint)((a * 330282857UL) >> 40);

    /// <summary>a mod q, for every a below 2^28.</summary>
    /// <param name="a">The number to reduce, below 2^28.</param>
    /// <returns>The remainder, below q.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Reduce(uint a) => a - (Divide(a) * Q);

    /// <summary>One polynomial of a vector.</summary>
    /// <param name="vector">The polynomials, one after the other.</param>
    /// <param name="index">Which of them.</param>
    /// <returns>Its coefficients, in place.</returns>
    public static Span<uint> Of(Span<uint> vector, int index) => vector.Slice(index * Size, Size);

    /// <summary>One polynomial of a vector that is only read.</summary>
    /// <param name="vector">The polynomials, one after the other.</param>
    /// <param name="index">Which of them.</param>
    /// <returns>Its coefficients, in place.</returns>
    public static ReadOnlySpan<uint> Of(ReadOnlySpan<uint> vector, int index) => vector.Slice(index * Size, Size);

    /// <summary>Overwrites secret coefficients with zeros, in a way the compiler does not remove.</summary>
    /// <param name="secrets">One or more polynomials.</param>
    public static void Wipe(Span<uint> secrets) =>
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(secrets));

    /// <summary>Reduces every coefficient; each is below 2^28 before and below q after.</summary>
    /// <param name="f">The polynomial.</param>
    public static void Reduce(Span<uint> f)
    {
        for (int i = 0; i < f.Length; i++) f[i] = Reduce(f[i]);
    }

    /// <summary>f ← f + g.</summary>
    /// <param name="f">The first term, and the sum.</param>
    /// <param name="g">The second term.</param>
    public static void Add(Span<uint> f, ReadOnlySpan<uint> g)
    {
        g = g[..f.Length];
        for (int i = 0; i < f.Length; i++) f[i] = Reduce(f[i] + g[i]);
    }

    /// <summary>f ← f - g.</summary>
    /// <param name="f">The minuend, and the difference.</param>
    /// <param name="g">The subtrahend.</param>
    public static void Subtract(Span<uint> f, ReadOnlySpan<uint> g)
    {
        g = g[..f.Length];
        for (int i = 0; i < f.Length; i++) f[i] = Reduce(f[i] + Q - g[i]);
    }

    /// <summary>The number-theoretic transform, in place (FIPS 203, algorithm 9).</summary>
    /// <remarks>
    /// Why this is safe: coefficients start below q and a layer adds at most 2q to them, so after all seven they are
    /// below 15q, which is below the 2^16 that <see cref="Twist(uint, uint, uint)"/> asks for.
    /// </remarks>
    /// <param name="f">The polynomial.</param>
    public static void Ntt(Span<uint> f)
    {
        ReadOnlySpan<ushort> zetas = Zetas;
        int i = 1;
        for (int length = 128; length >= 2; length >>= 1)
        {
            for (int start = 0; start < Size; start += 2 * length)
            {
                uint zeta = zetas[i++];
                uint ratio = Ratio(zeta);
                Span<uint> low = f.Slice(start, length);
                Span<uint> high = f.Slice(start + length, length);
                for (int j = 0; j < low.Length; j++)
                {
                    uint t = Twist(high[j], zeta, ratio);
                    high[j] = low[j] + (2 * Q) - t;
                    low[j] += t;
                }
            }
        }

        Reduce(f);
    }

    /// <summary>The inverse transform, in place (FIPS 203, algorithm 10).</summary>
    /// <remarks>
    /// Why this is safe: a layer at most doubles the sums and brings the differences below 2q. Reduced before the
    /// first layer and after the fourth, coefficients enter every layer below 8q: the difference is positive and
    /// below 16q, which is below 2^16, and the last product is below 8q·q, which is below 2^28.
    /// </remarks>
    /// <param name="f">The polynomial, whose coefficients may be as large as a sum of products leaves them.</param>
    public static void InverseNtt(Span<uint> f)
    {
        Reduce(f);
        ReadOnlySpan<ushort> zetas = Zetas;
        int i = 127;
        for (int length = 2; length <= 128; length <<= 1)
        {
            for (int start = 0; start < Size; start += 2 * length)
            {
                uint zeta = zetas[i--];
                uint ratio = Ratio(zeta);
                Span<uint> low = f.Slice(start, length);
                Span<uint> high = f.Slice(start + length, length);
                for (int j = 0; j < low.Length; j++)
                {
                    uint t = low[j];
                    low[j] = t + high[j];
                    high[j] = Twist(high[j] + (8 * Q) - t, zeta, ratio);
                }
            }

            if (length == 16) Reduce(f);
        }

        for (int j = 0; j < f.Length; j++) f[j] = Reduce(f[j] * InverseOf128);
    }

    /// <summary>sum ← sum + f·g in the transformed ring (FIPS 203, algorithms 11 and 12), left unreduced.</summary>
    /// <remarks>
    /// Why this is safe: a product adds at most 2(q - 1)² to a coefficient, so the sum of three stays below 2^27 and
    /// can be reduced once, at the end. No more than three may be added.
    /// </remarks>
    /// <param name="sum">The sum of at most three products.</param>
    /// <param name="f">The first factor, transformed.</param>
    /// <param name="g">The second factor, transformed.</param>
    public static void MultiplyAdd(Span<uint> sum, ReadOnlySpan<uint> f, ReadOnlySpan<uint> g)
    {
        ReadOnlySpan<ushort> gammas = Zetas[64..];
        for (int i = 0; i < gammas.Length; i++)
        {
            uint gamma = gammas[i];
            MultiplyAddPair(sum.Slice(4 * i, 2), f.Slice(4 * i, 2), g.Slice(4 * i, 2), gamma);
            MultiplyAddPair(sum.Slice((4 * i) + 2, 2), f.Slice((4 * i) + 2, 2), g.Slice((4 * i) + 2, 2), Q - gamma);
        }
    }

    /// <summary>Samples a uniform transformed polynomial from a public seed (FIPS 203, algorithm 7).</summary>
    /// <remarks>
    /// Why this is safe: the branches here depend on candidates derived from ρ, which is part of the encapsulation
    /// key and public.
    /// </remarks>
    /// <param name="rho">The 32-byte public seed.</param>
    /// <param name="column">The column of the matrix.</param>
    /// <param name="row">The row of the matrix.</param>
    /// <param name="f">Receives the polynomial.</param>
    public static void SampleUniform(ReadOnlySpan<byte> rho, int column, int row, Span<uint> f)
    {
        // A block is a whole number of three-byte groups, so none straddles two blocks.
        Span<byte> block = stackalloc byte[Keccak.Shake128Rate];
        Keccak xof = Keccak.Shake128();
        xof.Absorb(rho);
        xof.Absorb([(byte)column, (byte)row]);
        int filled = 0;
        while (filled < Size)
        {
            xof.Squeeze(block);
            for (int i = 0; i < block.Length && filled < Size; i += 3)
            {
                uint first = block[i] | ((block[i + 1] & 0xFu) << 8);
                uint second = (uint)(block[i + 1] >> 4) | ((uint)block[i + 2] << 4);
                if (first < Q) f[filled++] = first;
                if (second < Q && filled < Size) f[filled++] = second;
            }
        }
    }

    /// <summary>
    /// Samples a small polynomial from a secret seed: the centred binomial distribution with η = 2 of PRF(key, nonce)
    /// (FIPS 203, algorithm 8 and equation 4.3).
    /// </summary>
    /// <remarks>
    /// Why this is safe: the bits are counted by masks and additions, and a negative coefficient is made positive by
    /// a mask of its sign bit.
    /// </remarks>
    /// <param name="key">The 32-byte secret seed.</param>
    /// <param name="nonce">The number of the polynomial among those drawn from this seed.</param>
    /// <param name="f">Receives the polynomial.</param>
    public static void SampleNoise(ReadOnlySpan<byte> key, int nonce, Span<uint> f)
    {
        Span<byte> bits = stackalloc byte[Size / 2];
        try
        {
            Keccak.Shake256(key, [(byte)nonce], bits);
            for (int i = 0; i < bits.Length; i++)
            {
                // Every two bits become their count; of each four-bit half, the low count minus the high one remains.
                uint counts = (bits[i] & 0x55u) + ((uint)(bits[i] >> 1) & 0x55u);
                f[2 * i] = Normalize((counts & 3) - ((counts >> 2) & 3));
                f[(2 * i) + 1] = Normalize(((counts >> 4) & 3) - (counts >> 6));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bits);
        }
    }

    /// <summary>ByteEncode with an even number of bits for each coefficient (FIPS 203, algorithm 5).</summary>
    /// <param name="f">The polynomial, its coefficients below 2^bits.</param>
    /// <param name="bits">The bits for each coefficient: 4, 10 or 12.</param>
    /// <param name="bytes">Receives 32 bytes for each bit.</param>
    public static void Encode(ReadOnlySpan<uint> f, int bits, Span<byte> bytes)
    {
        // Four coefficients fill a whole number of bytes and fit one 64-bit word.
        int width = bits >> 1;
        for (int i = 0; i < Size; i += 4)
        {
            ulong word = f[i] | ((ulong)f[i + 1] << bits)
                | ((ulong)f[i + 2] << (2 * bits)) | ((ulong)f[i + 3] << (3 * bits));
            for (int j = 0; j < width; j++) bytes[j] = (byte)(word >> (8 * j));
            bytes = bytes[width..];
        }
    }

    /// <summary>
    /// ByteDecode with an even number of bits for each coefficient (FIPS 203, algorithm 6), without the reduction
    /// that it does for twelve bits.
    /// </summary>
    /// <param name="bytes">32 bytes for each bit.</param>
    /// <param name="bits">The bits for each coefficient: 4, 10 or 12.</param>
    /// <param name="f">Receives the polynomial, its coefficients below 2^bits.</param>
    public static void Decode(ReadOnlySpan<byte> bytes, int bits, Span<uint> f)
    {
        int width = bits >> 1;
        uint mask = (1u << bits) - 1;
        for (int i = 0; i < Size; i += 4)
        {
            ulong word = 0;
            for (int j = 0; j < width; j++) word |= (ulong)bytes[j] << (8 * j);
            bytes = bytes[width..];
            f[i] = (uint)word & mask;
            f[i + 1] = (uint)(word >> bits) & mask;
            f[i + 2] = (uint)(word >> (2 * bits)) & mask;
            f[i + 3] = (uint)(word >> (3 * bits)) & mask;
        }
    }

    /// <summary>Compress: every coefficient x becomes ⌈x·2^bits / q⌋ mod 2^bits (FIPS 203, equation 4.7).</summary>
    /// <param name="f">The polynomial.</param>
    /// <param name="bits">The bits to keep of each coefficient, at most 11.</param>
    public static void Compress(Span<uint> f, int bits)
    {
        for (int i = 0; i < f.Length; i++) f[i] = Compress(f[i], bits);
    }

    /// <summary>Decompress: every coefficient y becomes ⌈y·q / 2^bits⌋ (FIPS 203, equation 4.8).</summary>
    /// <param name="f">The polynomial, its coefficients below 2^bits.</param>
    /// <param name="bits">The bits kept of each coefficient, at most 11.</param>
    public static void Decompress(Span<uint> f, int bits)
    {
        uint half = 1u << (bits - 1);
        for (int i = 0; i < f.Length; i++) f[i] = ((f[i] * Q) + half) >> bits;
    }

    /// <summary>
    /// The message of a polynomial: one bit for each coefficient, set when it is nearer to q/2 than to 0.
    /// </summary>
    /// <remarks>Why this is safe: the bit is computed as a compression to one bit, never by a comparison.</remarks>
    /// <param name="f">The polynomial.</param>
    /// <param name="message">Receives the 32 bytes of the message.</param>
    public static void ToMessage(ReadOnlySpan<uint> f, Span<byte> message)
    {
        for (int i = 0; i < BytesPerBit; i++)
        {
            uint bits = 0;
            for (int j = 0; j < 8; j++) bits |= Compress(f[(8 * i) + j], 1) << j;
            message[i] = (byte)bits;
        }
    }

    /// <summary>The polynomial of a message: ⌈q/2⌋ for a set bit, 0 for a clear one.</summary>
    /// <remarks>Why this is safe: the bit becomes a mask of all ones or all zeros, not a branch or an index.</remarks>
    /// <param name="message">The 32 bytes of the message.</param>
    /// <param name="f">Receives the polynomial.</param>
    public static void FromMessage(ReadOnlySpan<byte> message, Span<uint> f)
    {
        for (int i = 0; i < Size; i++)
        {
            uint bit = (uint)(message[i >> 3] >> (i & 7)) & 1;
            f[i] = (0 - bit) & ((Q + 1) / 2);
        }
    }

    /// <summary>⌈x·2^bits / q⌋ mod 2^bits.</summary>
    /// <remarks>
    /// Why this is safe: q is odd, so no tie arises and rounding x·2^bits / q is ⌊(x·2^bits + (q - 1)/2) / q⌋. For
    /// x below q and at most 11 bits the numerator is below 2^23, where <see cref="Divide"/> is exact. The shift
    /// depends on the parameter set alone.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Compress(uint x, int bits) => Divide((x << bits) + ((Q - 1) / 2)) & ((1u << bits) - 1);

    /// <summary>⌊zeta·2^16 / q⌋, the companion of a constant factor in <see cref="Twist(uint, uint, uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Ratio(uint zeta) => Divide(zeta << 16);

    /// <summary>A number below 2q that is a·zeta modulo q, for every a below 2^16 and zeta below q.</summary>
    /// <remarks>
    /// Why this is safe: ratio is at most zeta·2^16 / q and less than one below it, so a·ratio / 2^16 is at most
    /// a·zeta / q and less than a / 2^16, so less than one, below it. Its floor therefore misses a·zeta / q by less
    /// than two: the result is neither negative nor as large as 2q. All products stay below 2^32.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Twist(uint a, uint zeta, uint ratio) => (a * zeta) - (((a * ratio) >> 16) * Q);

    /// <summary>Adds q to a number that is negative, and otherwise nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Normalize(uint difference) => difference + (Q & (0 - (difference >> 31)));

    /// <summary>sum ← sum + f·g modulo X² - gamma (FIPS 203, algorithm 12).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddPair(Span<uint> sum, ReadOnlySpan<uint> f, ReadOnlySpan<uint> g, uint gamma)
    {
        uint f0 = f[0], f1 = f[1], g0 = g[0], g1 = g[1];
        sum[0] += (f0 * g0) + (Reduce(f1 * g1) * gamma);
        sum[1] += (f0 * g1) + (f1 * g0);
    }
}
