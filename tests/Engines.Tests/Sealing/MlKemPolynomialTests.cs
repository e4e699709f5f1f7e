using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>The claims made in the comments of the arithmetic, tried where they could first fail.</summary>
public class MlKemPolynomialTests
{
    private const uint Q = MlKemPolynomial.Q;
    private const int Size = MlKemPolynomial.Size;

    [Fact]
    public void Division_is_exact_below_2_to_the_28()
    {
        // A floor can only be wrong first at a multiple of q, or last just below one.
        uint wrong = 0;
        for (uint quotient = 0; quotient < (1u << 28) / Q; quotient++)
        {
            uint multiple = quotient * Q;
            wrong |= MlKemPolynomial.Divide(multiple) ^ quotient;
            wrong |= MlKemPolynomial.Divide(multiple + Q - 1) ^ quotient;
            wrong |= MlKemPolynomial.Reduce(multiple);
        }

        wrong.ShouldBe(0u);
        MlKemPolynomial.Divide((1u << 28) - 1).ShouldBe(((1u << 28) - 1) / Q);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(11)]
    public void Compression_rounds_to_the_nearest(int bits)
    {
        for (uint x = 0; x < Q; x++)
        {
            double exact = Math.Floor((Math.ScaleB(x, bits) / Q) + 0.5);
            MlKemPolynomial.Compress(x, bits).ShouldBe((uint)exact & ((1u << bits) - 1));
        }
    }

    [Fact]
    public void The_table_holds_powers_of_17_in_bit_reversed_order()
    {
        uint[] powers = new uint[128];
        uint power = 1;
        foreach (ref uint slot in powers.AsSpan())
        {
            slot = power;
            power = power * 17 % Q;
        }

        power.ShouldBe(Q - 1);
        for (int i = 0; i < powers.Length; i++)
        {
            int reversed = 0;
            for (int bit = 0; bit < 7; bit++) reversed |= ((i >> bit) & 1) << (6 - bit);
            ((uint)MlKemPolynomial.Zetas[i]).ShouldBe(powers[reversed]);
        }
    }

    [Fact]
    public void Transform_and_back_changes_nothing()
    {
        foreach (uint[] f in Polynomials())
        {
            uint[] g = [.. f];
            MlKemPolynomial.Ntt(g);
            g.Max().ShouldBeLessThan(Q);
            MlKemPolynomial.InverseNtt(g);
            g.ShouldBe(f);
        }
    }

    [Fact]
    public void Transformed_products_are_products_modulo_X256_plus_1()
    {
        // Three products at once, as the mechanism sums them, with the largest coefficients among them.
        foreach (uint[] f in Polynomials())
        {
            foreach (uint[] g in Polynomials())
            {
                uint[] transformedF = [.. f];
                uint[] transformedG = [.. g];
                MlKemPolynomial.Ntt(transformedF);
                MlKemPolynomial.Ntt(transformedG);
                uint[] sum = new uint[Size];
                for (int i = 0; i < 3; i++) MlKemPolynomial.MultiplyAdd(sum, transformedF, transformedG);
                MlKemPolynomial.InverseNtt(sum);
                sum.ShouldBe(TripleProduct(f, g));
            }
        }
    }

    [Fact]
    public void Sums_of_products_of_the_largest_coefficients_do_not_overflow()
    {
        uint[] largest = new uint[Size];
        Array.Fill(largest, Q - 1);
        uint[] sum = new uint[Size];
        for (int i = 0; i < 3; i++) MlKemPolynomial.MultiplyAdd(sum, largest, largest);
        sum.Max().ShouldBeLessThan(1u << 27);
        MlKemPolynomial.Reduce(sum);

        // (q - 1)² is 1: each product is 1 + gamma, then 2.
        for (int i = 0; i < Size; i += 4)
        {
            uint gamma = MlKemPolynomial.Zetas[64 + (i / 4)];
            sum[i..(i + 4)].ShouldBe([3 * (1 + gamma) % Q, 6u, 3 * (1 + Q - gamma) % Q, 6u]);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(12)]
    public void Decoding_reverses_encoding(int bits)
    {
        Random random = new(bits);
        byte[] bytes = new byte[32 * bits];
        random.NextBytes(bytes);
        uint[] f = new uint[Size];
        byte[] again = new byte[bytes.Length];
        MlKemPolynomial.Decode(bytes, bits, f);
        MlKemPolynomial.Encode(f, bits, again);
        again.ShouldBe(bytes);
        for (int i = 0; i < Size * bits; i++)
            ((f[i / bits] >> (i % bits)) & 1).ShouldBe((uint)((bytes[i / 8] >> (i % 8)) & 1));
    }

    [Fact]
    public void A_message_survives_noise_below_a_quarter_of_q()
    {
        byte[] message = new byte[32];
        new Random(1).NextBytes(message);
        foreach (uint noise in (uint[])[0, 1, 831, Q - 1, Q - 832])
        {
            uint[] f = new uint[Size];
            byte[] read = new byte[32];
            MlKemPolynomial.FromMessage(message, f);
            for (int i = 0; i < Size; i++) f[i] = (f[i] + noise) % Q;
            MlKemPolynomial.ToMessage(f, read);
            read.ShouldBe(message);
        }
    }

    private static List<uint[]> Polynomials()
    {
        Random random = new(3329);
        uint[] largest = new uint[Size];
        Array.Fill(largest, Q - 1);
        uint[] alternating = new uint[Size];
        for (int i = 0; i < Size; i += 2) alternating[i] = Q - 1;
        uint[] uniform = [.. Enumerable.Range(0, Size).Select(_ => (uint)random.Next((int)Q))];
        uint[] half = [.. Enumerable.Range(0, Size).Select(i => i < Size / 2 ? 0 : Q - 1)];
        return [largest, alternating, uniform, half, new uint[Size]];
    }

    private static uint[] TripleProduct(uint[] f, uint[] g)
    {
        long[] product = new long[Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
                product[(i + j) % Size] += (i + j < Size ? 3L : -3L) * f[i] * g[j];
        }

        return [.. product.Select(value => (uint)(((value % Q) + Q) % Q))];
    }
}
