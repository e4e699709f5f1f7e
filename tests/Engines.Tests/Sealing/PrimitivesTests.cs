using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>The primitives that come from elsewhere, against Wycheproof and CCTV: what we rely on must hold here too.</summary>
public class PrimitivesTests
{
    [Fact]
    public void X25519_agrees_with_Wycheproof_and_refuses_points_of_low_order() =>
        Wycheproof.Each("x25519_test.json", (_, test, _) =>
        {
            var expected = test.Bytes("shared");
            var shared = new byte[32];
            var accepted = Primitives.X25519(test.Bytes("private"), test.Bytes("public"), shared);
            accepted.ShouldBe(expected.Any(b => b != 0));
            shared.ShouldBe(expected);
        });

    [Fact]
    public void Ed25519_verifies_as_Wycheproof_says() =>
        Wycheproof.Each("ed25519_test.json", (group, test, valid) =>
            Primitives.Ed25519Verify(group.GetProperty("publicKey").Bytes("pk"), test.Bytes("msg"), test.Bytes("sig")).ShouldBe(valid));

    /// <summary>No small-order key or commitment, nothing that is not canonical, no cofactor: the strict rules.</summary>
    [Fact]
    public void Ed25519_is_strict_about_every_edge_case_of_CCTV()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Vectors.Path("cctv-ed25519", "ed25519", "ed25519vectors.json")));
        var count = 0;
        foreach (var vector in document.RootElement.EnumerateArray())
        {
            count++;
            var flags = vector.TryGetProperty("flags", out var listed) && listed.ValueKind == JsonValueKind.Array
                ? listed.EnumerateArray().Select(flag => flag.GetString()!).ToHashSet(StringComparer.Ordinal)
                : [];
            var expected = flags.IsSubsetOf(["low_order_component_A", "low_order_component_R"]);
            var message = Encoding.UTF8.GetBytes(vector.GetProperty("msg").GetString()!);
            Primitives.Ed25519Verify(vector.Bytes("key"), message, vector.Bytes("sig"))
                .ShouldBe(expected, $"vector {vector.GetProperty("number")}: {string.Join(", ", flags)}");
        }
        count.ShouldBe(914);
    }

    [Fact]
    public void Ed25519_signs_what_it_verifies_and_nothing_else()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        var publicKey = new byte[32];
        var signature = new byte[64];
        Primitives.Ed25519PublicKey(seed, publicKey);
        Primitives.Ed25519Sign(seed, "Marta was here"u8, signature);
        Primitives.Ed25519Verify(publicKey, "Marta was here"u8, signature).ShouldBeTrue();
        Primitives.Ed25519Verify(publicKey, "Marta was there"u8, signature).ShouldBeFalse();
        signature[40] ^= 1;
        Primitives.Ed25519Verify(publicKey, "Marta was here"u8, signature).ShouldBeFalse();
        Primitives.Ed25519Verify(publicKey, "Marta was here"u8, signature.AsSpan(1)).ShouldBeFalse();
    }

    [Fact]
    public void Hkdf_agrees_with_Wycheproof() =>
        Wycheproof.Each("hkdf_sha256_test.json", (_, test, valid) =>
        {
            var size = test.GetProperty("size").GetInt32();
            byte[] Derive() => HKDF.DeriveKey(HashAlgorithmName.SHA256, test.Bytes("ikm"), size, test.Bytes("salt"), test.Bytes("info"));
            if (valid) Derive().ShouldBe(test.Bytes("okm"));
            else Should.Throw<ArgumentOutOfRangeException>(() => Derive());
        });

    [Fact]
    public void ChaCha20Poly1305_agrees_with_Wycheproof() =>
        Wycheproof.Each("chacha20_poly1305_test.json", (_, test, valid) =>
        {
            using var cipher = new ChaCha20Poly1305(test.Bytes("key"));
            var ciphertext = test.Bytes("ct");
            var plaintext = new byte[ciphertext.Length];
            void Open() => cipher.Decrypt(test.Bytes("iv"), ciphertext, test.Bytes("tag"), plaintext, test.Bytes("aad"));
            if (!valid)
            {
                Should.Throw<Exception>(Open).ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(
                    fault => (fault is AuthenticationTagMismatchException or ArgumentException).ShouldBeTrue());
                return;
            }
            Open();
            plaintext.ShouldBe(test.Bytes("msg"));
        });

    [Fact]
    public void XWing_agrees_with_its_draft()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Vectors.Path("xwing", "spec", "test-vectors.json")));
        document.RootElement.GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var vector in document.RootElement.EnumerateArray())
        {
            var publicKey = new byte[XWing.PublicKeySize];
            XWing.PublicKey(vector.Bytes("seed"), publicKey);
            publicKey.ShouldBe(vector.Bytes("pk"));
            var shared = new byte[XWing.SharedSecretSize];
            XWing.Decapsulate(vector.Bytes("seed"), vector.Bytes("ct"), shared).ShouldBeTrue();
            shared.ShouldBe(vector.Bytes("ss"));
        }
    }

    [Fact]
    public void XWing_refuses_a_point_of_low_order_on_either_side()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        var publicKey = new byte[XWing.PublicKeySize];
        var ciphertext = new byte[XWing.CiphertextSize];
        var shared = new byte[32];
        XWing.PublicKey(seed, publicKey);
        XWing.Encapsulate(publicKey, ciphertext, shared).ShouldBeTrue();
        ciphertext.AsSpan(MlKem768.CiphertextSize).Clear();
        XWing.Decapsulate(seed, ciphertext, shared).ShouldBeFalse();
        publicKey.AsSpan(MlKem768.EncapsulationKeySize).Clear();
        XWing.Encapsulate(publicKey, ciphertext, shared).ShouldBeFalse();
    }

    /// <summary>RFC 9106 has no vector with one lane; the value is that of @noble/hashes 2.0.1, an implementation of other people.</summary>
    [Fact]
    public void Argon2id_agrees_with_another_implementation()
    {
        var output = new byte[32];
        Primitives.Argon2id("пароль"u8, "sixteen byte ..."u8, Argon2Cost.Receipt, output);
        Convert.ToHexStringLower(output).ShouldBe("08d15bfa3db5657ba14e98b0caa782b893b8825d6f55fcbe2609a97034e47314");
        Primitives.Argon2id("пароль"u8, "sixteen byte .,."u8, Argon2Cost.Receipt, output);
        Convert.ToHexStringLower(output).ShouldNotBe("08d15bfa3db5657ba14e98b0caa782b893b8825d6f55fcbe2609a97034e47314");
        Should.Throw<ArgumentException>(() => Primitives.Argon2id("x"u8, "short"u8, Argon2Cost.Receipt, new byte[32]));
    }

    /// <summary>RFC 7914, section 12, with the block size and parallelism that age fixes: the third of its vectors has r = 8, p = 1.</summary>
    [Fact]
    public void Scrypt_agrees_with_its_rfc()
    {
        var output = new byte[64];
        Primitives.Scrypt("pleaseletmein"u8, "SodiumChloride"u8, 14, output);
        Convert.ToHexStringLower(output).ShouldBe(
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
    }
}
