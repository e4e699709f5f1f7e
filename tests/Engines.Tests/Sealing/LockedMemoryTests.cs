using System.Text;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>Secrets are wiped, never printed, and lie where they were promised to lie.</summary>
public class LockedMemoryTests
{
    [Fact]
    public void A_secret_is_wiped_when_disposed_and_its_place_used_again()
    {
        using var memory = new LockedMemory(2048);
        var secret = memory.Copy("Marta's key"u8);
        var place = secret.Span;
        secret.Dispose();
        place.ToArray().ShouldAllBe(b => b == 0);
        memory.Used.ShouldBe(0);
        using var next = memory.Allocate(11);
        (next.Span == place).ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => secret.Span.Length);
    }

    [Fact]
    public void An_arena_that_is_full_says_so_and_serves_again_when_something_is_freed()
    {
        using var memory = new LockedMemory(2048);
        var secrets = Enumerable.Range(0, 64).Select(_ => memory.Random(32)).ToList();
        Should.Throw<NotEnoughMemoryException>(() => memory.Allocate(1));
        secrets[10].Dispose();
        secrets[11].Dispose();
        using var two = memory.Allocate(64);
        Should.Throw<NotEnoughMemoryException>(() => memory.Allocate(1));
        secrets[12].Span.ToArray().ShouldNotBe(new byte[32]);
    }

    [Fact]
    public void Secrets_do_not_overlap_whatever_their_sizes()
    {
        using var memory = new LockedMemory(64 * 1024);
        var random = new Random(20261122);
        var live = new Dictionary<Secret, byte>();
        for (var i = 0; i < 5000; i++)
        {
            if (live.Count > 0 && random.Next(3) == 0)
            {
                var (secret, mark) = live.ElementAt(random.Next(live.Count));
                secret.Span.ToArray().ShouldAllBe(b => b == mark);
                live.Remove(secret);
                secret.Dispose();
                continue;
            }
            try
            {
                var secret = memory.Allocate(1 + random.Next(3000));
                secret.Span.ToArray().ShouldAllBe(b => b == 0);
                secret.Span.Fill((byte)i);
                live[secret] = (byte)i;
            }
            catch (NotEnoughMemoryException)
            {
                live.Count.ShouldBeGreaterThan(0);
            }
        }
    }

    /// <summary>A place given back twice would be handed to two owners.</summary>
    [Fact]
    public async Task Disposing_twice_at_once_frees_once()
    {
        using var memory = new LockedMemory(64 * 1024);
        for (var n = 0; n < 2_000; n++)
        {
            var secret = memory.Allocate(32);
            using var start = new Barrier(2);
            void Dispose()
            {
                start.SignalAndWait();
                secret.Dispose();
            }

            var other = Task.Run(Dispose, TestContext.Current.CancellationToken);
            Dispose();
            using var mine = memory.Allocate(32);
            mine.Span.Fill(7);
            await other;
            mine.Span.ToArray().ShouldAllBe(b => b == 7);
        }
        memory.Used.ShouldBe(0);
    }

    [Fact]
    public void When_the_arena_goes_everything_goes()
    {
        var memory = new LockedMemory();
        var secret = memory.Random(32);
        memory.Dispose();
        Should.Throw<ObjectDisposedException>(() => secret.Span.Length);
        Should.Throw<ObjectDisposedException>(() => memory.Allocate(1));
        secret.Dispose();
        memory.Dispose();
    }

    [Fact]
    public void The_kernel_has_locked_it()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Reads /proc, which only Linux has.");
        var before = LockedKilobytes();
        using var memory = new LockedMemory(1024 * 1024);
        (LockedKilobytes() - before).ShouldBeGreaterThanOrEqualTo(1024);
    }

    [Fact]
    public void Nothing_secret_is_printed()
    {
        using var memory = new LockedMemory();
        using var identity = HybridIdentity.Generate(memory);
        using var text = identity.Export();
        var exported = Encoding.ASCII.GetString(text.Span);
        exported.ShouldStartWith("AGE-SECRET-KEY-PQ-1");
        foreach (var printed in new[] { identity.ToString(), text.ToString(), new PassphraseIdentity(text).ToString(), new PassphraseRecipient(text).ToString() })
            printed.ShouldNotContain(exported[20..30], Case.Insensitive);

        // A damaged identity is refused without being repeated.
        var damaged = Encoding.ASCII.GetBytes(exported);
        damaged[30] = damaged[30] == 'Q' ? (byte)'P' : (byte)'Q';
        var fault = Should.Throw<SealingException>(() => Identity.Parse(damaged, memory));
        fault.ToString().ShouldNotContain(exported[40..50]);
    }

    private static long LockedKilobytes() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmLck:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
}
