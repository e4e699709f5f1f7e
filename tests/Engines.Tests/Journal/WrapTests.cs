using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>A key that was given for one thing to one user is nothing else and nobody else's.</summary>
public sealed class WrapTests : IDisposable
{
    private readonly Office _office = new();

    [Fact]
    public void A_wrap_gives_the_key()
    {
        var epoch = _office.Marta[Compartment.Story];
        var terms = WrapTerms.For(epoch, _office.Olenas, _office.Ihor.PublicKey);
        var file = Wrap.Seal(epoch, _office.Olenas, _office.Ihor);
        Wrap.ReadTerms(file, _office.OlenasIdentity, _office.Memory).ShouldBe(terms);
        using var given = Wrap.Open(file, terms, _office.OlenasIdentity, _office.Memory);
        given.IsSameAs(epoch).ShouldBeTrue();
        Wrap.Seal(_office.Other[Compartment.Health], _office.Ihors, _office.Olena).Length.ShouldBe(file.Length, "all wraps have one length");
        file.Length.ShouldBe(1857);
    }

    [Fact]
    public void A_wrap_that_was_moved_is_refused()
    {
        var epoch = _office.Marta[Compartment.Story];
        using var next = Epoch.Start(_office.Marta.Id, Compartment.Story, 2, _office.Memory);
        var file = Wrap.Seal(epoch, _office.Olenas, _office.Ihor);
        var terms = WrapTerms.For(epoch, _office.Olenas, _office.Ihor.PublicKey);
        WrapTerms[] others =
        [
            terms with { Case = _office.Other.Id }, terms with { Compartment = Compartment.Review }, terms with { Epoch = 2 },
            terms with { KeyId = next.KeyId }, terms with { Granter = _office.Olena.PublicKey },
            terms with { Grantee = WrapTerms.GranteeOf(_office.Ihors) },
            WrapTerms.For(next, _office.Olenas, _office.Ihor.PublicKey),
            WrapTerms.For(_office.Other[Compartment.Story], _office.Olenas, _office.Ihor.PublicKey),
        ];
        var used = _office.Memory.Used;
        foreach (var expected in others)
            Should.Throw<JournalException>(() => Wrap.Open(file, expected, _office.OlenasIdentity, _office.Memory)).Fault.ShouldBe(JournalFault.Misplaced);
        _office.Memory.Used.ShouldBe(used, "a refused key does not stay in memory");
    }

    [Fact]
    public void A_wrap_for_somebody_else_does_not_open()
    {
        var file = Wrap.Seal(_office.Marta[Compartment.Story], _office.Olenas, _office.Ihor);
        Should.Throw<JournalException>(() => Wrap.ReadTerms(file, _office.IhorsIdentity, _office.Memory)).Fault.ShouldBe(JournalFault.NoKey);
    }

    /// <summary>Olena opens her wrap and seals its content again, to Ihor, as if the granter had given it to him.</summary>
    [Fact]
    public void A_wrap_that_was_sealed_again_to_somebody_else_is_refused()
    {
        var file = Wrap.Seal(_office.Marta[Compartment.Story], _office.Olenas, _office.Node);
        var content = AgeFile.Open(file, _office.OlenasIdentity);
        var passedOn = AgeFile.Seal(content, _office.Ihors);
        Should.Throw<JournalException>(() => Wrap.ReadTerms(passedOn, _office.IhorsIdentity, _office.Memory)).Fault.ShouldBe(JournalFault.Misplaced);
        var terms = WrapTerms.For(_office.Marta[Compartment.Story], _office.Ihors, _office.Node.PublicKey);
        Should.Throw<JournalException>(() => Wrap.Open(passedOn, terms, _office.IhorsIdentity, _office.Memory));
    }

    [Fact]
    public void Every_bit_of_the_content_is_signed()
    {
        var content = AgeFile.Open(Wrap.Seal(_office.Marta[Compartment.Story], _office.Olenas, _office.Ihor), _office.OlenasIdentity);
        content.Length.ShouldBe(198);
        for (var at = 0; at < content.Length; at++)
        {
            var bent = (byte[])content.Clone();
            bent[at] ^= 1;
            var file = AgeFile.Seal(bent, _office.Olenas);
            Should.Throw<JournalException>(() => Wrap.ReadTerms(file, _office.OlenasIdentity, _office.Memory), $"byte {at}");
        }
        foreach (var other in new[] { content[..^1], [.. content, 0], [] })
        {
            Should.Throw<JournalException>(() => Wrap.ReadTerms(AgeFile.Seal(other, _office.Olenas), _office.OlenasIdentity, _office.Memory))
                .Fault.ShouldBe(JournalFault.Malformed);
        }
    }

    [Fact]
    public void Every_changed_byte_of_the_file_is_refused()
    {
        var file = Wrap.Seal(_office.Marta[Compartment.Story], _office.Olenas, _office.Ihor);
        for (var at = 0; at < file.Length; at++)
        {
            var bent = (byte[])file.Clone();
            bent[at] ^= 4;
            Should.Throw<JournalException>(() => Wrap.ReadTerms(bent, _office.OlenasIdentity, _office.Memory), $"byte {at}");
        }
        Should.Throw<JournalException>(() => Wrap.ReadTerms(file.AsSpan(0, file.Length - 1), _office.OlenasIdentity, _office.Memory));
    }

    /// <summary>The entry says that it was given to Olena: then it opens for nobody else.</summary>
    [Fact]
    public void A_wrap_for_two_is_refused()
    {
        var file = Wrap.Seal(_office.Marta[Compartment.Story], _office.Olenas, _office.Ihor);
        var content = AgeFile.Open(file, _office.OlenasIdentity);
        var forTwo = AgeFile.Seal(content, _office.Olenas, _office.Ihors);
        AgeFile.Open(forTwo, _office.OlenasIdentity).ShouldBe(content);
        Should.Throw<JournalException>(() => Wrap.ReadTerms(forTwo, _office.OlenasIdentity, _office.Memory)).Fault.ShouldBe(JournalFault.Malformed);
        file.Length.ShouldBe(Wrap.Size);
    }

    public void Dispose() => _office.Dispose();
}
