using System.Security.Cryptography;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

public class KeccakTests
{
    private const int LongestInput = 600;

    // FIPS 202 example values of NIST, and the start of the SHAKE128 stream of nothing.
    private const string Abc = "616263";
    private const string Long =
        "61626364656667686263646566676869636465666768696A6465666768696A6B65666768696A6B6C666768696A6B6C6D6768696A"
        + "6B6C6D6E68696A6B6C6D6E6F696A6B6C6D6E6F706A6B6C6D6E6F70716B6C6D6E6F7071726C6D6E6F707172736D6E6F7071727374"
        + "6E6F707172737475";

    [Theory]
    [InlineData("", "A7FFC6F8BF1ED76651C14756A061D662F580FF4DE43B49FA82D80A4B80F8434A")]
    [InlineData(Abc, "3A985DA74FE225B2045C172D6BD390BD855F086E3E9D525B46BFE24511431532")]
    [InlineData(Long, "916F6061FE879741CA6469B43971DFDB28B1A32DC36CB3254E812BE27AAD1D18")]
    public void Sha3_256_gives_the_answers_of_NIST(string input, string digest) =>
        Convert.ToHexString(Sha3_256(Convert.FromHexString(input))).ShouldBe(digest);

    [Theory]
    [InlineData(
        "",
        "A69F73CCA23A9AC5C8B567DC185A756E97C982164FE25859E0D1DCC1475C80A6"
        + "15B2123AF1F5F94C11E3E9402C3AC558F500199D95B6D3E301758586281DCD26")]
    [InlineData(
        Abc,
        "B751850B1A57168A5693CD924B6B096E08F621827444F70D884F5D0240D2712E"
        + "10E116E9192AF3C91A7EC57647E3934057340B4CF408D5A56592F8274EEC53F0")]
    [InlineData(
        Long,
        "AFEBB2EF542E6579C50CAD06D2E578F9F8DD6881D7DC824D26360FEEBF18A4FA"
        + "73E3261122948EFCFD492E74E82E2189ED0FB440D187F382270CB455F21DD185")]
    public void Sha3_512_gives_the_answers_of_NIST(string input, string digest) =>
        Convert.ToHexString(Sha3_512(Convert.FromHexString(input))).ShouldBe(digest);

    [Theory]
    [InlineData("", "7F9C2BA4E88F827D616045507605853ED73B8093F6EFBC88EB1A6EACFA66EF26")]
    [InlineData(Abc, "5881092DD818BF5CF8A3DDB793FBCBA74097D5C526A6D35F97B83351940F2CC8")]
    public void Shake128_gives_the_answers_of_NIST(string input, string output) =>
        Convert.ToHexString(Shake128(Convert.FromHexString(input), 32)).ShouldBe(output);

    [Theory]
    [InlineData("", "46B9DD2B0BA88D13233B3FEB743EEB243FCD52EA62B81B82B50C27646ED5762F")]
    [InlineData(Abc, "483366601360A8771C6863080CC4114D8DB44530F8F1E1EE4F94EA37E78B5739")]
    public void Shake256_gives_the_answers_of_NIST(string input, string output) =>
        Convert.ToHexString(Shake256(Convert.FromHexString(input), 32)).ShouldBe(output);

    [Fact]
    public void Every_length_agrees_with_the_framework()
    {
        SkipWithoutFramework(SHA3_256.IsSupported && SHA3_512.IsSupported);
        SkipWithoutFramework(System.Security.Cryptography.Shake128.IsSupported
            && System.Security.Cryptography.Shake256.IsSupported);
        for (int length = 0; length <= LongestInput; length++)
        {
            byte[] input = Pattern(length);
            Same(Sha3_256(input), SHA3_256.HashData(input), length);
            Same(Sha3_512(input), SHA3_512.HashData(input), length);
            int output = LongestInput - length;
            Same(Shake128(input, output), System.Security.Cryptography.Shake128.HashData(input, output), length);
            Same(Shake256(input, output), System.Security.Cryptography.Shake256.HashData(input, output), length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(168)]
    [InlineData(169)]
    public void Splitting_input_and_output_changes_nothing(int step)
    {
        byte[] input = Pattern(LongestInput);
        for (int length = 0; length <= LongestInput; length += 29)
        {
            Keccak xof = Keccak.Shake128();
            for (int at = 0; at < length; at += step) xof.Absorb(input.AsSpan(at, Math.Min(step, length - at)));
            byte[] output = new byte[length + 1];
            for (int at = 0; at < output.Length; at += step)
                xof.Squeeze(output.AsSpan(at, Math.Min(step, output.Length - at)));
            Same(output, Shake128(input.AsSpan(0, length), output.Length), length);
        }
    }

    [Fact]
    public void Two_parts_hash_like_one()
    {
        byte[] input = Pattern(200);
        for (int split = 0; split <= input.Length; split++)
        {
            byte[] digest = new byte[64];
            Keccak.Sha3_512(input.AsSpan(0, split), input.AsSpan(split), digest);
            Same(digest, Sha3_512(input), split);
            Keccak.Shake256(input.AsSpan(0, split), input.AsSpan(split), digest);
            Same(digest, Shake256(input, digest.Length), split);
        }
    }

    [Fact]
    public void A_cleared_sponge_is_as_good_as_fresh()
    {
        Keccak xof = Keccak.Shake256();
        byte[] output = new byte[200];
        xof.Absorb(Pattern(77));
        xof.Squeeze(output);
        xof.Clear();
        xof.Absorb(Pattern(78));
        xof.Squeeze(output);
        Same(output, Shake256(Pattern(78), output.Length), 78);
    }

    [Fact]
    public void A_squeezed_sponge_absorbs_nothing_more() => Should.Throw<InvalidOperationException>(() =>
    {
        Keccak xof = Keccak.Shake128();
        xof.Squeeze(new byte[1]);
        xof.Absorb([1]);
    });

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(63)]
    [InlineData(65)]
    public void A_digest_of_another_size_is_refused(int size)
    {
        Should.Throw<ArgumentException>(() => Keccak.Sha3_256([], new byte[size]));
        Should.Throw<ArgumentException>(() => Keccak.Sha3_512([], [], new byte[size]));
    }

    private static void SkipWithoutFramework(bool supported) =>
        Assert.SkipUnless(supported, "The framework has no SHA-3 on this platform to compare with.");

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)((i * 167) + (length * 31) + (i >> 3));
        return bytes;
    }

    private static void Same(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected, int at) =>
        Convert.ToHexString(actual).ShouldBe(Convert.ToHexString(expected), $"at {at}");

    private static byte[] Sha3_256(ReadOnlySpan<byte> input)
    {
        byte[] digest = new byte[32];
        Keccak.Sha3_256(input, digest);
        return digest;
    }

    private static byte[] Sha3_512(ReadOnlySpan<byte> input)
    {
        byte[] digest = new byte[64];
        Keccak.Sha3_512(input, [], digest);
        return digest;
    }

    private static byte[] Shake128(ReadOnlySpan<byte> input, int length)
    {
        byte[] output = new byte[length];
        Keccak xof = Keccak.Shake128();
        xof.Absorb(input);
        xof.Squeeze(output);
        return output;
    }

    private static byte[] Shake256(ReadOnlySpan<byte> input, int length)
    {
        byte[] output = new byte[length];
        Keccak.Shake256(input, output);
        return output;
    }
}
