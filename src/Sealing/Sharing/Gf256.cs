namespace Understory.Sealing;

/// <summary>The field of 256 elements with the polynomial x^8 + x^4 + x^3 + x + 1, in which SLIP-0039 shares secrets.</summary>
internal static class Gf256
{
    /// <summary>The product, by shifts and masks.</summary>
    /// <remarks>Why this is safe: no branch and no table depends on a secret; both loops always run eight times.</remarks>
    public static byte Multiply(int a, int b)
    {
        var product = 0;
        for (var i = 0; i < 8; i++)
        {
            product ^= a & -(b & 1);
            b >>= 1;
            a = (a << 1) ^ (0x11b & -(a >> 7 & 1));
        }
        return (byte)product;
    }

    /// <summary>The inverse, as the 254th power; 0 of 0.</summary>
    public static byte Invert(byte a)
    {
        var (result, square) = ((byte)1, Multiply(a, a));
        // 254 is binary 11111110: every square but the first counts.
        for (var i = 0; i < 7; i++)
        {
            result = Multiply(result, square);
            square = Multiply(square, square);
        }
        return result;
    }

    /// <summary>The value at <paramref name="at"/> of the polynomials through these points, byte by byte.</summary>
    /// <param name="at">Where. Positions are public.</param>
    /// <param name="positions">Different from each other.</param>
    /// <param name="values">As many, each as long as <paramref name="to"/>.</param>
    /// <param name="to">Where the value goes.</param>
    public static void Interpolate(byte at, ReadOnlySpan<byte> positions, IReadOnlyList<Secret> values, Span<byte> to)
    {
        to.Clear();
        for (var i = 0; i < positions.Length; i++)
        {
            var (above, below) = ((byte)1, (byte)1);
            for (var j = 0; j < positions.Length; j++)
            {
                if (j == i) continue;
                above = Multiply(above, at ^ positions[j]);
                below = Multiply(below, positions[i] ^ positions[j]);
            }
            var weight = Multiply(above, Invert(below));
            var value = values[i].Span;
            for (var k = 0; k < to.Length; k++) to[k] ^= Multiply(value[k], weight);
        }
    }
}
