using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>Recipients and identities as text.</summary>
public sealed class KeyTextTests : IDisposable
{
    private readonly LockedMemory _memory = new();

    /// <summary>The examples of the C2SP specification.</summary>
    [Fact]
    public void The_examples_of_the_specification_are_read()
    {
        Pair("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
            .ShouldBe("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
        Pair("AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR")
            .ShouldStartWith("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapdmwjjqpjf");
    }

    [Fact]
    public void Text_survives_the_way_there_and_back_in_either_case()
    {
        foreach (Identity identity in new Identity[] { HybridIdentity.Generate(_memory), X25519Identity.Generate(_memory) })
        {
            using var text = identity.Export();
            var recipient = identity.ToRecipient().ToString()!;
            using var again = Identity.Parse(text.Span, _memory);
            again.ToRecipient().ToString().ShouldBe(recipient);
            using var lower = Identity.Parse(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(text.Span).ToLowerInvariant()), _memory);
            lower.ToRecipient().ToString().ShouldBe(recipient);
            Recipient.Parse(recipient.ToUpperInvariant()).ToString().ShouldBe(recipient);
        }
    }

    [Fact]
    public void One_changed_character_anywhere_is_noticed()
    {
        var recipient = X25519Identity.Generate(_memory).ToRecipient().ToString()!;
        for (var i = 0; i < recipient.Length; i++)
        {
            foreach (var c in "q1z9B ")
            {
                if (recipient[i] == c) continue;
                Should.Throw<SealingException>(() => Recipient.Parse($"{recipient[..i]}{c}{recipient[(i + 1)..]}"));
            }
            Should.Throw<SealingException>(() => Recipient.Parse(recipient.Remove(i, 1)));
        }
    }

    [Fact]
    public void What_is_confused_is_named()
    {
        var identity = X25519Identity.Generate(_memory);
        using var text = identity.Export();
        var secret = Encoding.ASCII.GetString(text.Span);
        var fault = Should.Throw<SealingException>(() => Recipient.Parse(secret));
        fault.Message.ShouldContain("secret");
        fault.Message.ShouldNotContain(secret[20..]);
        Should.Throw<SealingException>(() => Identity.Parse(Encoding.ASCII.GetBytes(identity.ToRecipient().ToString()!), _memory))
            .Message.ShouldContain("recipient");
        Should.Throw<SealingException>(() => Recipient.Parse("age1yubikey1qqq")).Message.ShouldContain("kind");
        Should.Throw<SealingException>(() => Recipient.Parse("ключ"));
        Should.Throw<SealingException>(() => Recipient.Parse(""));
        Should.Throw<SealingException>(() => Identity.Parse([], _memory));
    }

    /// <summary>Every number from q up in any coefficient of the ML-KEM half: FIPS 203 calls it no key.</summary>
    [Fact]
    public void A_recipient_whose_lattice_half_is_not_reduced_is_refused()
    {
        var publicKey = new byte[XWing.PublicKeySize];
        XWing.PublicKey(RandomNumberGenerator.GetBytes(32), publicKey);
        publicKey[0] = 0xff;
        publicKey[1] |= 0x0f;
        Should.Throw<SealingException>(() => new HybridRecipient(publicKey)).Fault.ShouldBe(SealingFault.BadKey);
    }

    public void Dispose() => _memory.Dispose();

    private string Pair(string identity)
    {
        using var parsed = Identity.Parse(Encoding.ASCII.GetBytes(identity), _memory);
        using var again = parsed.Export();
        Encoding.ASCII.GetString(again.Span).ShouldBe(identity);
        return parsed.ToRecipient().ToString()!;
    }
}
