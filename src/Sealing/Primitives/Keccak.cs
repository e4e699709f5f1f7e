using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// The Keccak-f[1600] sponge of FIPS 202: SHA3-256, SHA3-512, SHAKE128 and SHAKE256, with incremental absorbing and
/// squeezing, for platforms whose cryptographic library has no SHA-3.
/// </summary>
/// <remarks>
/// <para>
/// Why this is safe: the permutation is XOR, AND, NOT and rotations by constants over 64-bit lanes. It has no branch
/// and no address that depends on a value; what varies is only the lengths, and those are public.
/// </para>
/// <para>
/// Why this is safe: the sponge lives in its caller's stack frame (it is a <c>ref struct</c> and can never be boxed
/// or moved by the collector) and <see cref="Clear"/> wipes both copies of the state. What it cannot wipe is what the
/// compiler leaves in registers or spills while it works: the runtime offers no way to do so.
/// </para>
/// </remarks>
internal ref struct Keccak
{
    /// <summary>The bytes SHAKE128 yields for each permutation.</summary>
    public const int Shake128Rate = 168;

    private const int Shake256Rate = 136;
    private const int Sha3_256Rate = 136;
    private const int Sha3_512Rate = 72;

    // The domain bits and the first bit of the padding 10*1, as one byte (FIPS 202, section 6 and appendix B.2).
    private const byte Sha3Suffix = 0x06;
    private const byte ShakeSuffix = 0x1F;

    private readonly int rate;
    private readonly byte suffix;
    private int position;
    private bool squeezing;
    private Lanes state;
    private Lanes scratch;

    private Keccak(int rate, byte suffix)
    {
        this.rate = rate;
        this.suffix = suffix;
    }

    /// <summary>The round constants of ι (FIPS 202, algorithm 5).</summary>
    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>A fresh SHAKE128 (FIPS 202, section 6.2).</summary>
    /// <returns>An empty sponge, ready to absorb.</returns>
    public static Keccak Shake128() => new(Shake128Rate, ShakeSuffix);

    /// <summary>A fresh SHAKE256 (FIPS 202, section 6.2).</summary>
    /// <returns>An empty sponge, ready to absorb.</returns>
    public static Keccak Shake256() => new(Shake256Rate, ShakeSuffix);

    /// <summary>SHAKE256 of one input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output">Receives as many bytes as it holds.</param>
    public static void Shake256(ReadOnlySpan<byte> input, Span<byte> output) =>
        Once(Shake256(), input, [], output);

    /// <summary>SHAKE256 of the concatenation of two inputs.</summary>
    /// <param name="first">The first part of the input.</param>
    /// <param name="second">The second part of the input.</param>
    /// <param name="output">Receives as many bytes as it holds.</param>
    public static void Shake256(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output) =>
        Once(Shake256(), first, second, output);

    /// <summary>SHA3-256 of one input (FIPS 202, section 6.1).</summary>
    /// <param name="input">The input.</param>
    /// <param name="digest">Receives the 32 bytes of the digest.</param>
    public static void Sha3_256(ReadOnlySpan<byte> input, Span<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, 32, nameof(digest));
        Once(new Keccak(Sha3_256Rate, Sha3Suffix), input, [], digest);
    }

    /// <summary>SHA3-512 of the concatenation of two inputs (FIPS 202, section 6.1).</summary>
    /// <param name="first">The first part of the input.</param>
    /// <param name="second">The second part of the input.</param>
    /// <param name="digest">Receives the 64 bytes of the digest.</param>
    public static void Sha3_512(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, 64, nameof(digest));
        Once(new Keccak(Sha3_512Rate, Sha3Suffix), first, second, digest);
    }

    /// <summary>Absorbs more input; any number of calls gives the same state as one call with all of it.</summary>
    /// <param name="input">The next part of the input.</param>
    /// <exception cref="InvalidOperationException">The sponge has already been squeezed.</exception>
    public void Absorb(scoped ReadOnlySpan<byte> input)
    {
        if (squeezing) throw new InvalidOperationException("A squeezed sponge absorbs nothing more.");

        // Lanes are little-endian numbers (FIPS 202, appendix B.1). Whole lanes go in at once; every rate is a whole
        // number of lanes, so none straddles two blocks.
        while (!input.IsEmpty)
        {
            if (Offset == 0 && input.Length >= sizeof(ulong))
            {
                state[Lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(input);
                input = input[sizeof(ulong)..];
                position += sizeof(ulong);
            }
            else
            {
                state[Lane] ^= (ulong)input[0] << Offset;
                input = input[1..];
                position++;
            }

            if (position == rate) NextBlock();
        }
    }

    /// <summary>Squeezes more output; any number of calls yields the same bytes as one call for all of them.</summary>
    /// <param name="output">Receives as many bytes as it holds.</param>
    public void Squeeze(scoped Span<byte> output)
    {
        if (!squeezing) Pad();

        while (!output.IsEmpty)
        {
            if (position == rate) NextBlock();

            if (Offset == 0 && output.Length >= sizeof(ulong))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(output, state[Lane]);
                output = output[sizeof(ulong)..];
                position += sizeof(ulong);
            }
            else
            {
                output[0] = (byte)(state[Lane] >> Offset);
                output = output[1..];
                position++;
            }
        }
    }

    /// <summary>Wipes the state. The sponge is then as good as fresh.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<ulong>)state));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<ulong>)scratch));
        position = 0;
        squeezing = false;
    }

    private readonly int Lane => position >> 3;

    private readonly int Offset => (position & 7) << 3;

    private static void Once(Keccak sponge, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        try
        {
            sponge.Absorb(first);
            sponge.Absorb(second);
            sponge.Squeeze(output);
        }
        finally
        {
            sponge.Clear();
        }
    }

    /// <summary>Ends the input: the suffix, zeros, and the last bit of the block (FIPS 202, section 5.1).</summary>
    private void Pad()
    {
        state[Lane] ^= (ulong)suffix << Offset;
        state[(rate >> 3) - 1] ^= 1UL << 63;
        squeezing = true;
        NextBlock();
    }

    /// <summary>Keccak-f[1600]: 24 rounds to and fro between the two copies of the state.</summary>
    private void NextBlock()
    {
        ReadOnlySpan<ulong> constants = RoundConstants;
        for (int round = 0; round < constants.Length; round += 2)
        {
            Round(in state, ref scratch);
            scratch[0] ^= constants[round];
            Round(in scratch, ref state);
            state[0] ^= constants[round + 1];
        }

        position = 0;
    }

    /// <summary>
    /// One round but for its ι: χ∘π∘ρ∘θ (FIPS 202, section 3.2), on lanes A[x, y] at index x + 5y. Each group below
    /// makes one plane of the result: before χ its lanes are A[x + 3y, x], with the column parities of θ added,
    /// rotated by the offsets of ρ.
    /// </summary>
    private static void Round(ref readonly Lanes a, ref Lanes e)
    {
        ulong c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        ulong c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        ulong c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        ulong c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        ulong c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
        ulong d0 = c4 ^ BitOperations.RotateLeft(c1, 1);
        ulong d1 = c0 ^ BitOperations.RotateLeft(c2, 1);
        ulong d2 = c1 ^ BitOperations.RotateLeft(c3, 1);
        ulong d3 = c2 ^ BitOperations.RotateLeft(c4, 1);
        ulong d4 = c3 ^ BitOperations.RotateLeft(c0, 1);

        ulong b0 = a[0] ^ d0;
        ulong b1 = BitOperations.RotateLeft(a[6] ^ d1, 44);
        ulong b2 = BitOperations.RotateLeft(a[12] ^ d2, 43);
        ulong b3 = BitOperations.RotateLeft(a[18] ^ d3, 21);
        ulong b4 = BitOperations.RotateLeft(a[24] ^ d4, 14);
        Chi(ref e, 0, b0, b1, b2, b3, b4);

        b0 = BitOperations.RotateLeft(a[3] ^ d3, 28);
        b1 = BitOperations.RotateLeft(a[9] ^ d4, 20);
        b2 = BitOperations.RotateLeft(a[10] ^ d0, 3);
        b3 = BitOperations.RotateLeft(a[16] ^ d1, 45);
        b4 = BitOperations.RotateLeft(a[22] ^ d2, 61);
        Chi(ref e, 5, b0, b1, b2, b3, b4);

        b0 = BitOperations.RotateLeft(a[1] ^ d1, 1);
        b1 = BitOperations.RotateLeft(a[7] ^ d2, 6);
        b2 = BitOperations.RotateLeft(a[13] ^ d3, 25);
        b3 = BitOperations.RotateLeft(a[19] ^ d4, 8);
        b4 = BitOperations.RotateLeft(a[20] ^ d0, 18);
        Chi(ref e, 10, b0, b1, b2, b3, b4);

        b0 = BitOperations.RotateLeft(a[4] ^ d4, 27);
        b1 = BitOperations.RotateLeft(a[5] ^ d0, 36);
        b2 = BitOperations.RotateLeft(a[11] ^ d1, 10);
        b3 = BitOperations.RotateLeft(a[17] ^ d2, 15);
        b4 = BitOperations.RotateLeft(a[23] ^ d3, 56);
        Chi(ref e, 15, b0, b1, b2, b3, b4);

        b0 = BitOperations.RotateLeft(a[2] ^ d2, 62);
        b1 = BitOperations.RotateLeft(a[8] ^ d3, 55);
        b2 = BitOperations.RotateLeft(a[14] ^ d4, 39);
        b3 = BitOperations.RotateLeft(a[15] ^ d0, 41);
        b4 = BitOperations.RotateLeft(a[21] ^ d1, 2);
        Chi(ref e, 20, b0, b1, b2, b3, b4);
    }

    /// <summary>χ on one plane, whose first lane is at the given index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chi(ref Lanes e, int index, ulong b0, ulong b1, ulong b2, ulong b3, ulong b4)
    {
        e[index] = b0 ^ (~b1 & b2);
        e[index + 1] = b1 ^ (~b2 & b3);
        e[index + 2] = b2 ^ (~b3 & b4);
        e[index + 3] = b3 ^ (~b4 & b0);
        e[index + 4] = b4 ^ (~b0 & b1);
    }

    /// <summary>The 5 by 5 lanes of the state.</summary>
    [InlineArray(25)]
    private struct Lanes
    {
        private ulong first;
    }
}
