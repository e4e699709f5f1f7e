using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>Whoever may read a compartment opens what is sealed to it, and nobody else does.</summary>
public sealed class EpochIdentityTests : IDisposable
{
    private readonly Office _office = new();

    [Fact]
    public void Whoever_holds_the_epoch_opens_what_is_sealed_to_it()
    {
        var epoch = _office.Marta[Compartment.Contact];
        byte[] sealedBytes;
        using (var identity = epoch.DeriveIdentity("inbox", Office.Utf8("2026-W40"), _office.Memory))
            sealedBytes = AgeFile.Seal(Office.Utf8("words"), identity.ToRecipient());

        using var chain = Keychain.Create(_office.Memory.Random(32));
        chain.Add(epoch);
        using var again = chain.Find(epoch.KeyId)!.DeriveIdentity("inbox", Office.Utf8("2026-W40"), _office.Memory);
        Encoding.UTF8.GetString(AgeFile.Open(sealedBytes, again)).ShouldBe("words");
    }

    [Fact]
    public void Another_epoch_purpose_or_context_is_another_identity()
    {
        using var next = Epoch.Start(_office.Marta.Id, Compartment.Contact, 2, _office.Memory);
        string Recipient(Epoch epoch, string purpose, string context)
        {
            using var identity = epoch.DeriveIdentity(purpose, Office.Utf8(context), _office.Memory);
            return identity.ToRecipient().ToString()!;
        }
        var epoch = _office.Marta[Compartment.Contact];
        string[] all = [Recipient(epoch, "inbox", "1"), Recipient(epoch, "inbox", "2"), Recipient(epoch, "inbox1", ""), Recipient(next, "inbox", "1"), Recipient(_office.Other[Compartment.Contact], "inbox", "1")];
        all.Distinct().Count().ShouldBe(all.Length);
    }

    /// <summary>The format, written down a second time.</summary>
    [Fact]
    public void The_seed_is_what_the_format_says()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var seed = HKDF.Expand(HashAlgorithmName.SHA256, epoch.Key.Span.ToArray(), 32, Encoding.ASCII.GetBytes("understory/journal/v1/identity\0inbox\0W40"));
        using var told = HybridIdentity.FromSeed(seed, _office.Memory);
        using var derived = epoch.DeriveIdentity("inbox", Office.Utf8("W40"), _office.Memory);
        derived.ToRecipient().ToString().ShouldBe(told.ToRecipient().ToString());
    }

    [Theory]
    [InlineData(""), InlineData("in box"), InlineData("in\0box"), InlineData("вхід"), InlineData("a-purpose-that-is-longer-than-it-may-be")]
    public void A_purpose_is_a_short_word(string purpose) =>
        Should.Throw<ArgumentException>(() => _office.Marta[Compartment.Contact].DeriveIdentity(purpose, [], _office.Memory));

    public void Dispose() => _office.Dispose();
}
