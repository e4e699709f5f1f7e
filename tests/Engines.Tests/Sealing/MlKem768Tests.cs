using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

public class MlKem768Tests
{
    private const int Q = (int)MlKemPolynomial.Q;

    [Fact]
    public void Wycheproof_key_generation() => Wycheproof("mlkem_768_keygen_seed_test.json", test =>
    {
        byte[] seed = test.Bytes("seed");
        test.IsValid.ShouldBeTrue();
        (byte[] encapsulationKey, byte[] decapsulationKey) = KeyGen(seed);
        Same(encapsulationKey, test.Bytes("ek"));
        Same(decapsulationKey, test.Bytes("dk"));
        Same(EncapsulationKey(seed), test.Bytes("ek"));
    });

    [Fact]
    public void Wycheproof_encapsulation() => Wycheproof("mlkem_768_encaps_test.json", test =>
    {
        byte[] key = test.Bytes("ek");
        byte[] message = test.Bytes("m");
        MlKem768.IsValid(key).ShouldBe(test.IsValid);
        if (test.IsValid)
        {
            (byte[] ciphertext, byte[] secret) = Encapsulate(key, message);
            Same(ciphertext, test.Bytes("c"));
            Same(secret, test.Bytes("K"));
        }
        else if (key.Length == MlKem768.EncapsulationKeySize)
        {
            Should.Throw<CryptographicException>(() => Encapsulate(key, message));
        }
        else
        {
            Should.Throw<ArgumentException>(() => Encapsulate(key, message));
        }
    });

    [Fact]
    public void Wycheproof_decapsulation() => Wycheproof("mlkem_768_test.json", test =>
    {
        byte[] seed = test.Bytes("seed");
        byte[] ciphertext = test.Bytes("c");
        if (!test.IsValid)
        {
            Should.Throw<ArgumentException>(() => Decapsulate(seed, ciphertext));
            return;
        }

        Same(EncapsulationKey(seed), test.Bytes("ek"));
        Same(Decapsulate(seed, ciphertext), test.Bytes("K"));
        Same(DecapsulateExpanded(KeyGen(seed).DecapsulationKey, ciphertext), test.Bytes("K"));
    });

    [Fact]
    public void Wycheproof_decapsulation_with_expanded_keys() =>
        Wycheproof("mlkem_768_semi_expanded_decaps_test.json", test =>
        {
            byte[] key = test.Bytes("dk");
            byte[] ciphertext = test.Bytes("c");
            if (test.IsValid)
                Same(DecapsulateExpanded(key, ciphertext), test.Bytes("K"));
            else if (test.Has("InvalidDecapsulationKey"))
                Should.Throw<CryptographicException>(() => DecapsulateExpanded(key, ciphertext));
            else
                Should.Throw<ArgumentException>(() => DecapsulateExpanded(key, ciphertext));
        });

    [Fact]
    public void Every_coefficient_not_reduced_is_refused()
    {
        using GZipStream stream = new(
            File.OpenRead(Vectors.Path("cctv-mlkem", "ML-KEM", "modulus", "ML-KEM-768.txt.gz")),
            CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        int count = 0;
        while (reader.ReadLine() is { } line)
        {
            byte[] key = Convert.FromHexString(line);
            key.Length.ShouldBe(MlKem768.EncapsulationKeySize);
            MlKem768.IsValid(key).ShouldBeFalse();
            Should.Throw<CryptographicException>(() => Encapsulate(key, new byte[MlKem768.MessageSize]));
            count++;
        }

        count.ShouldBeGreaterThanOrEqualTo((1 << 12) - Q);
    }

    [Fact]
    public void Unlucky_sampling_reads_as_much_as_it_needs()
    {
        Dictionary<string, string> vector = Cctv("unluckysample");
        byte[] seed = Convert.FromHexString(vector["d"] + vector["z"]);
        (byte[] encapsulationKey, byte[] decapsulationKey) = DraftKeyGen(seed);
        (byte[] ciphertext, byte[] secret) = Encapsulate(encapsulationKey, Convert.FromHexString(vector["m"]));
        Same(encapsulationKey, Convert.FromHexString(vector["ek"]));
        Same(decapsulationKey, Convert.FromHexString(vector["dk"]));
        Same(ciphertext, Convert.FromHexString(vector["c"]));
        Same(secret, Convert.FromHexString(vector["K"]));
        Same(DecapsulateExpanded(decapsulationKey, ciphertext), secret);
    }

    [Fact]
    public void A_zero_byte_does_not_end_the_comparison()
    {
        Dictionary<string, string> vector = Cctv("strcmp");
        byte[] key = Convert.FromHexString(vector["dk"]);
        Same(DecapsulateExpanded(key, Convert.FromHexString(vector["c"])), Convert.FromHexString(vector["K"]));
    }

    [Fact]
    public void Intermediate_values_agree_step_by_step()
    {
        Dictionary<string, string> vector = Cctv("intermediate");
        byte[] seed = Convert.FromHexString(vector["d"] + vector["z"]);
        (byte[] encapsulationKey, byte[] decapsulationKey) = DraftKeyGen(seed);
        (byte[] ciphertext, byte[] secret) = Encapsulate(encapsulationKey, Convert.FromHexString(vector["m"]));
        Same(encapsulationKey, Convert.FromHexString(vector["ek"]));
        Same(decapsulationKey, Convert.FromHexString(vector["dk"]));
        Same(ciphertext, Convert.FromHexString(vector["c"]));
        Same(secret, Convert.FromHexString(vector["K"]));

        uint[] f = new uint[MlKemPolynomial.Size];
        MlKemPolynomial.SampleUniform(Convert.FromHexString(vector["ρ"]), 0, 0, f);
        f.ShouldBe(Polynomial(vector["A[0, 0]"]));
        MlKemPolynomial.SampleNoise(Convert.FromHexString(vector["σ"]), 0, f);
        f.ShouldBe(Polynomial(vector["s[0]"]));
        MlKemPolynomial.Ntt(f);
        f.ShouldBe(Polynomial(vector["NTT(s[0])"]));
        MlKemPolynomial.InverseNtt(f);
        f.ShouldBe(Polynomial(vector["s[0]"]));

        f = Polynomial(vector["u[0]"]);
        MlKemPolynomial.Compress(f, 10);
        f.ShouldBe(Polynomial(vector["compress(u[0])"]));
        byte[] bytes = new byte[320];
        MlKemPolynomial.Encode(f, 10, bytes);
        Same(bytes, Convert.FromHexString(vector["c1"]).AsSpan(0, bytes.Length));

        f = Polynomial(vector["v"]);
        MlKemPolynomial.Compress(f, 4);
        f.ShouldBe(Polynomial(vector["compress(v)"]));
        bytes = new byte[128];
        MlKemPolynomial.Encode(f, 4, bytes);
        Same(bytes, Convert.FromHexString(vector["c2"]));
    }

    /// <summary>
    /// The hashes of CCTV ML-KEM, whose vectors (these, and the intermediate and unlucky ones) come from the draft of
    /// FIPS 203: it derives (ρ, σ) from d alone, not from d‖k. That of 100 tests is used by filippo.io/mlkem768.
    /// </summary>
    /// <remarks>Code compiled for debugging takes too long for more than 100.</remarks>
    [Fact]
    public void Accumulated_tests_of_the_draft()
    {
        (int count, string hash) = IsOptimized
            ? (10_000, "f7db260e1137a742e05fe0db9525012812b004d29040a5b606aad3d134b548d3")
            : (100, "8d0c478ead6037897a0da6be21e5399545babf5fc6dd10c061c99b7dee2bf0dc");
        Accumulate(count, draft: true).ShouldBe(hash);
    }

    /// <summary>The hashes of TestAccumulated in Go's crypto/mlkem: as above for the standard, without dk.</summary>
    [Fact]
    public void Accumulated_tests_of_the_standard()
    {
        (int count, string hash) = IsOptimized
            ? (10_000, "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc")
            : (100, "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415");
        Accumulate(count, draft: false).ShouldBe(hash);
    }

    [Theory(Explicit = true)]
    [InlineData(true, "70090cc5842aad0ec43d5042c783fae9bc320c047b5dafcb6e134821db02384d")]
    [InlineData(false, "424bf8f0e8ae99b78d788a6e2e8e9cdaf9773fc0c08a6f433507cb559edfd0f0")]
    public void Million_accumulated_tests(bool draft, string hash) => Accumulate(1_000_000, draft).ShouldBe(hash);

    [Fact]
    public void Agrees_with_the_framework_both_ways()
    {
        Assert.SkipUnless(MLKem.IsSupported, "The framework has no ML-KEM on this platform to compare with.");
        for (int i = 0; i < 50; i++)
        {
            byte[] seed = RandomNumberGenerator.GetBytes(MlKem768.SeedSize);
            using MLKem theirs = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed);
            (byte[] encapsulationKey, byte[] decapsulationKey) = KeyGen(seed);
            Same(encapsulationKey, theirs.ExportEncapsulationKey());
            Same(decapsulationKey, theirs.ExportDecapsulationKey());

            (byte[] ciphertext, byte[] secret) = Encapsulate(encapsulationKey);
            Same(theirs.Decapsulate(ciphertext), secret);

            theirs.Encapsulate(ciphertext, secret);
            Same(Decapsulate(seed, ciphertext), secret);

            ciphertext[i * 20] ^= 1;
            Same(Decapsulate(seed, ciphertext), theirs.Decapsulate(ciphertext));
        }
    }

    [Fact]
    public void What_is_encapsulated_is_decapsulated()
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] seed = RandomNumberGenerator.GetBytes(MlKem768.SeedSize);
            (byte[] encapsulationKey, byte[] decapsulationKey) = KeyGen(seed);
            Same(EncapsulationKey(seed), encapsulationKey);
            MlKem768.IsValid(encapsulationKey).ShouldBeTrue();
            (byte[] ciphertext, byte[] secret) = Encapsulate(encapsulationKey);
            Same(Decapsulate(seed, ciphertext), secret);
            Same(DecapsulateExpanded(decapsulationKey, ciphertext), secret);
            (_, byte[] another) = Encapsulate(encapsulationKey);
            another.ShouldNotBe(secret);
        }
    }

    [Fact]
    public void A_flipped_bit_gives_another_secret_and_no_error()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(MlKem768.SeedSize);
        (byte[] ciphertext, byte[] secret) = Encapsulate(EncapsulationKey(seed));
        HashSet<string> secrets = [Convert.ToHexString(secret)];
        for (int at = 0; at < ciphertext.Length; at += 17)
        {
            int bit = 1 << (at & 7);
            ciphertext[at] ^= (byte)bit;
            byte[] rejected = Decapsulate(seed, ciphertext);
            secrets.Add(Convert.ToHexString(rejected)).ShouldBeTrue();
            Same(Decapsulate(seed, ciphertext), rejected);

            // FIPS 203, algorithm 18, line 7: J(z‖c).
            byte[] expected = new byte[MlKem768.SharedSecretSize];
            Keccak.Shake256(seed.AsSpan(32), ciphertext, expected);
            Same(rejected, expected);
            ciphertext[at] ^= (byte)bit;
        }

        Same(Decapsulate(seed, ciphertext), secret);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Wrong_sizes_are_refused(int off)
    {
        byte[] seed = new byte[MlKem768.SeedSize];
        (byte[] key, byte[] expanded) = KeyGen(seed);
        byte[] message = new byte[MlKem768.MessageSize];
        byte[] ciphertext = new byte[MlKem768.CiphertextSize];
        byte[] secret = new byte[MlKem768.SharedSecretSize];
        byte[] Wrong(byte[] right) => new byte[right.Length + off];

        MlKem768.IsValid(Wrong(key)).ShouldBeFalse();
        Action[] calls =
        [
            () => MlKem768.EncapsulationKey(Wrong(seed), key),
            () => MlKem768.EncapsulationKey(seed, Wrong(key)),
            () => MlKem768.KeyGen(Wrong(seed), key, expanded),
            () => MlKem768.KeyGen(seed, Wrong(key), expanded),
            () => MlKem768.KeyGen(seed, key, Wrong(expanded)),
            () => MlKem768.Encapsulate(Wrong(key), ciphertext, secret),
            () => MlKem768.Encapsulate(key, Wrong(ciphertext), secret),
            () => MlKem768.Encapsulate(key, ciphertext, Wrong(secret)),
            () => MlKem768.Encapsulate(key, Wrong(message), ciphertext, secret),
            () => MlKem768.Decapsulate(Wrong(seed), ciphertext, secret),
            () => MlKem768.Decapsulate(seed, Wrong(ciphertext), secret),
            () => MlKem768.Decapsulate(seed, ciphertext, Wrong(secret)),
            () => MlKem768.DecapsulateExpanded(Wrong(expanded), ciphertext, secret),
            () => MlKem768.DecapsulateExpanded(expanded, Wrong(ciphertext), secret),
            () => MlKem768.DecapsulateExpanded(expanded, ciphertext, Wrong(secret)),
        ];
        foreach (Action call in calls) Should.Throw<ArgumentException>(call);
    }

    [Fact]
    public void Hot_paths_allocate_nothing()
    {
        Assert.SkipUnless(IsOptimized, "Only optimized code can be held to this.");
        byte[] seed = new byte[MlKem768.SeedSize];
        byte[] key = EncapsulationKey(seed);
        (byte[] ciphertext, byte[] secret) = Encapsulate(key);
        long before = GC.GetAllocatedBytesForCurrentThread();
        MlKem768.EncapsulationKey(seed, key);
        MlKem768.Encapsulate(key, ciphertext, secret);
        MlKem768.Decapsulate(seed, ciphertext, secret);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static bool IsOptimized =>
        !typeof(MlKem768).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), inherit: false)
            .Cast<DebuggableAttribute>().Any(attribute => attribute.IsJITOptimizerDisabled);

    private static void Wycheproof(string file, Action<Wycheproven> check)
    {
        string path = Vectors.Path("wycheproof", "testvectors_v1", file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        int count = 0;
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            group.GetProperty("parameterSet").GetString().ShouldBe("ML-KEM-768");
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                try
                {
                    check(new Wycheproven(test));
                    count++;
                }
                catch (ShouldAssertException failure)
                {
                    throw new ShouldAssertException($"tcId {test.GetProperty("tcId").GetInt32()} of {file}", failure);
                }
            }
        }

        count.ShouldBe(document.RootElement.GetProperty("numberOfTests").GetInt32());
        count.ShouldBeGreaterThan(0);
    }

    /// <summary>
    /// The lines "name = value" of a vector; of a repeated name, the first. Where a value is given both as numbers in
    /// braces and encoded, the numbers.
    /// </summary>
    private static Dictionary<string, string> Cctv(string folder)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(Vectors.Path("cctv-mlkem", "ML-KEM", folder, "ML-KEM-768.txt")))
        {
            string[] sides = line.Split(" = ");
            if (sides.Length < 2) continue;
            values.TryAdd(sides[0], sides.FirstOrDefault(side => side.StartsWith('{')) ?? sides[^1]);
        }

        return values;
    }

    private static uint[] Polynomial(string braced) =>
        [.. braced.Trim('{', '}').Split(',').Select(number => uint.Parse(number))];

    /// <summary>The accumulated hash that the README of CCTV ML-KEM describes.</summary>
    private static string Accumulate(int tests, bool draft)
    {
        const int Batch = 500;
        const int Results = MlKem768.CiphertextSize + (2 * MlKem768.SharedSecretSize);
        const int Outputs = MlKem768.EncapsulationKeySize + MlKem768.DecapsulationKeySize + Results;
        const int Inputs = MlKem768.SeedSize + MlKem768.MessageSize + MlKem768.CiphertextSize;
        byte[] inputs = new byte[Batch * Inputs];
        byte[] outputs = new byte[Batch * Outputs];
        byte[] hash = new byte[32];
        Keccak random = Keccak.Shake128();
        Keccak accumulator = Keccak.Shake128();
        for (int left = tests; left > 0; left -= Batch)
        {
            int batch = Math.Min(left, Batch);
            random.Squeeze(inputs.AsSpan(0, batch * Inputs));
            Parallel.For(0, batch, i => AccumulatedTest(
                inputs.AsSpan(i * Inputs, Inputs), outputs.AsSpan(i * Outputs, Outputs), draft));
            for (int i = 0; i < batch; i++)
            {
                ReadOnlySpan<byte> output = outputs.AsSpan(i * Outputs, Outputs);
                ReadOnlySpan<byte> keys = output[..^Results];
                accumulator.Absorb(draft ? keys : keys[..MlKem768.EncapsulationKeySize]);
                accumulator.Absorb(output[^Results..]);
            }
        }

        accumulator.Squeeze(hash);
        return Convert.ToHexStringLower(hash);
    }

    private static void AccumulatedTest(ReadOnlySpan<byte> input, Span<byte> output, bool draft)
    {
        ReadOnlySpan<byte> seed = input[..MlKem768.SeedSize];
        ReadOnlySpan<byte> message = input.Slice(MlKem768.SeedSize, MlKem768.MessageSize);
        ReadOnlySpan<byte> randomCiphertext = input[^MlKem768.CiphertextSize..];
        Span<byte> encapsulationKey = output[..MlKem768.EncapsulationKeySize];
        Span<byte> decapsulationKey = output.Slice(MlKem768.EncapsulationKeySize, MlKem768.DecapsulationKeySize);
        Span<byte> rest = output[(MlKem768.EncapsulationKeySize + MlKem768.DecapsulationKeySize)..];
        Span<byte> ciphertext = rest[..MlKem768.CiphertextSize];
        Span<byte> secret = rest.Slice(MlKem768.CiphertextSize, MlKem768.SharedSecretSize);
        Span<byte> rejected = rest[^MlKem768.SharedSecretSize..];
        Span<byte> decapsulated = stackalloc byte[MlKem768.SharedSecretSize];
        if (draft) DraftKeyGen(seed, encapsulationKey, decapsulationKey);
        else MlKem768.KeyGen(seed, encapsulationKey, decapsulationKey);
        MlKem768.Encapsulate(encapsulationKey, message, ciphertext, secret);
        if (draft) MlKem768.DecapsulateExpanded(decapsulationKey, ciphertext, decapsulated);
        else MlKem768.Decapsulate(seed, ciphertext, decapsulated);
        if (!decapsulated.SequenceEqual(secret)) throw new InvalidOperationException("The secrets differ.");

        MlKem768.DecapsulateExpanded(decapsulationKey, randomCiphertext, rejected);
    }

    /// <summary>KeyGen as it was in the draft, with (ρ, σ) = G(d).</summary>
    private static void DraftKeyGen(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey, Span<byte> decapsulationKey)
    {
        Span<byte> seeds = stackalloc byte[64];
        Span<uint> matrix = stackalloc uint[MlKemEncryption.MatrixLength];
        Span<uint> s = stackalloc uint[MlKemEncryption.VectorLength];
        Keccak.Sha3_512(seed[..32], [], seeds);
        MlKemEncryption.GenerateKey(seeds[..32], seeds[32..], matrix, s, encapsulationKey);
        for (int i = 0; i < MlKemEncryption.Rank; i++)
            MlKemEncryption.Encode(MlKemPolynomial.Of(s, i), decapsulationKey, i);
        encapsulationKey.CopyTo(decapsulationKey[MlKemEncryption.VectorSize..]);
        Keccak.Sha3_256(encapsulationKey, decapsulationKey[^64..^32]);
        seed[32..].CopyTo(decapsulationKey[^32..]);
    }

    private static (byte[] EncapsulationKey, byte[] DecapsulationKey) DraftKeyGen(byte[] seed)
    {
        byte[] encapsulationKey = new byte[MlKem768.EncapsulationKeySize];
        byte[] decapsulationKey = new byte[MlKem768.DecapsulationKeySize];
        DraftKeyGen(seed, encapsulationKey, decapsulationKey);
        return (encapsulationKey, decapsulationKey);
    }

    private static byte[] EncapsulationKey(byte[] seed)
    {
        byte[] key = new byte[MlKem768.EncapsulationKeySize];
        MlKem768.EncapsulationKey(seed, key);
        return key;
    }

    private static (byte[] EncapsulationKey, byte[] DecapsulationKey) KeyGen(byte[] seed)
    {
        byte[] encapsulationKey = new byte[MlKem768.EncapsulationKeySize];
        byte[] decapsulationKey = new byte[MlKem768.DecapsulationKeySize];
        MlKem768.KeyGen(seed, encapsulationKey, decapsulationKey);
        return (encapsulationKey, decapsulationKey);
    }

    private static (byte[] Ciphertext, byte[] Secret) Encapsulate(byte[] key, byte[]? message = null)
    {
        byte[] ciphertext = new byte[MlKem768.CiphertextSize];
        byte[] secret = new byte[MlKem768.SharedSecretSize];
        if (message is null) MlKem768.Encapsulate(key, ciphertext, secret);
        else MlKem768.Encapsulate(key, message, ciphertext, secret);
        return (ciphertext, secret);
    }

    private static byte[] Decapsulate(byte[] seed, byte[] ciphertext)
    {
        byte[] secret = new byte[MlKem768.SharedSecretSize];
        MlKem768.Decapsulate(seed, ciphertext, secret);
        return secret;
    }

    private static byte[] DecapsulateExpanded(byte[] key, byte[] ciphertext)
    {
        byte[] secret = new byte[MlKem768.SharedSecretSize];
        MlKem768.DecapsulateExpanded(key, ciphertext, secret);
        return secret;
    }

    private static void Same(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        // Not a comparison by Shouldly: its report of two thousand different characters hides everything else.
        if (!actual.SequenceEqual(expected))
            throw new ShouldAssertException($"{Convert.ToHexString(actual)} is not {Convert.ToHexString(expected)}.");
    }

    private readonly record struct Wycheproven(JsonElement Test)
    {
        public bool IsValid => Test.GetProperty("result").GetString() switch
        {
            "valid" => true,
            "invalid" => false,
            { } other => throw new InvalidDataException($"What does \"{other}\" mean?"),
            null => throw new InvalidDataException("A test without a result."),
        };

        public byte[] Bytes(string name) => Convert.FromHexString(Test.GetProperty(name).GetString()!);

        public bool Has(string flag) =>
            Test.GetProperty("flags").EnumerateArray().Any(value => value.ValueEquals(flag));
    }
}
