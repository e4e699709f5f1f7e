using System.Security.Cryptography;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>Concealed memory is ciphertext, for everybody and for us.</summary>
public sealed class ConcealmentTests : IDisposable
{
    private readonly LockedMemory _memory = new(64 * 1024);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(LockedMemory.ConcealingKeySize);

    [Fact]
    public void What_was_concealed_is_there_again_when_revealed()
    {
        using var marta = _memory.Copy("Marta's key"u8);
        using var oleh = _memory.Random(5_000);
        var before = oleh.Span.ToArray();
        for (var times = 0; times < 20; times++)
        {
            _memory.Conceal(_key);
            _memory.Reveal(_key).ShouldBeTrue();
        }
        marta.Span.SequenceEqual("Marta's key"u8).ShouldBeTrue();
        oleh.Span.SequenceEqual(before).ShouldBeTrue();
    }

    /// <summary>Looks at the memory itself, past all that would refuse.</summary>
    [Fact]
    public void The_memory_really_is_ciphertext()
    {
        using var secret = _memory.Allocate(4_096);
        secret.Span.Fill(0x5a);
        var place = secret.Span;
        _memory.Conceal(_key);
        var first = place.ToArray();
        first.Count(b => b == 0x5a).ShouldBeLessThan(64);
        first.Distinct().Count().ShouldBeGreaterThan(250);
        _memory.Reveal(_key).ShouldBeTrue();
        place.ToArray().ShouldAllBe(b => b == 0x5a);
        _memory.Conceal(_key);
        // No key stream is used twice: the difference of two concealments of one content would show it.
        place.ToArray().Zip(first, (a, b) => a ^ b).Count(b => b == 0).ShouldBeLessThan(64);
    }

    [Fact]
    public void While_it_is_concealed_nothing_can_be_looked_at_or_added()
    {
        using var secret = _memory.Random(32);
        _memory.Conceal(_key);
        _memory.IsConcealed.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => secret.Span.Length);
        Should.Throw<InvalidOperationException>(() => secret.FixedTimeEquals(new byte[32]));
        Should.Throw<InvalidOperationException>(() => secret.Expand("x"u8, 32));
        Should.Throw<InvalidOperationException>(() => _memory.Allocate(1));
        Should.Throw<InvalidOperationException>(() => _memory.Conceal(_key));
        _memory.Reveal(_key).ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => _memory.Reveal(_key));
    }

    [Fact]
    public void Another_key_reveals_nothing_and_spoils_nothing()
    {
        using var secret = _memory.Copy("Marta's key"u8);
        _memory.Conceal(_key);
        for (var bit = 0; bit < 256; bit += 17)
        {
            var bent = _key.ToArray();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            _memory.Reveal(bent).ShouldBeFalse();
        }
        _memory.IsConcealed.ShouldBeTrue();
        _memory.Reveal(_key).ShouldBeTrue();
        secret.Span.SequenceEqual("Marta's key"u8).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => _memory.Conceal(new byte[31]));
    }

    [Fact]
    public void What_was_changed_meanwhile_is_lost_and_not_believed()
    {
        using var secret = _memory.Random(50_000);
        var place = secret.Span;
        _memory.Conceal(_key);
        place[40_000] ^= 1;
        Should.Throw<CryptographicException>(() => _memory.Reveal(_key));
        Should.Throw<ObjectDisposedException>(() => secret.Span.Length);
    }

    [Fact]
    public void A_secret_given_back_while_concealed_is_wiped_when_it_is_revealed()
    {
        var secret = _memory.Copy("Marta's key"u8);
        var place = secret.Span;
        using var other = _memory.Copy("Oleh's key"u8);
        _memory.Conceal(_key);
        secret.Dispose();
        _memory.Reveal(_key).ShouldBeTrue();
        place.ToArray().ShouldAllBe(b => b == 0);
        other.Span.SequenceEqual("Oleh's key"u8).ShouldBeTrue();
        _memory.Used.ShouldBe(32);
        using var next = _memory.Allocate(11);
        (next.Span == place).ShouldBeTrue();
    }

    [Fact]
    public void Concealed_memory_can_be_thrown_away()
    {
        var secret = _memory.Random(32);
        _memory.Conceal(_key);
        _memory.Dispose();
        secret.Dispose();
        Should.Throw<ObjectDisposedException>(() => _memory.Reveal(_key));
    }

    public void Dispose() => _memory.Dispose();
}
