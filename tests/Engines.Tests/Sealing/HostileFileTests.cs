using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>
/// Files that somebody bent: nothing but a <see cref="SealingException"/> comes of them, soon, and in bounded memory.
/// The long run of the same is in <c>bench/</c>.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly LockedMemory _memory = new();

    [Fact]
    public void Fifty_thousand_bent_headers_neither_crash_nor_take_memory()
    {
        var fuzzer = HeaderFuzzer.FromVectors(_memory, seed: 20261122) ?? HeaderFuzzer.FromOwnFiles(_memory, seed: 20261122);
        var outcome = fuzzer.Run(50_000);
        outcome.WorstAllocation.ShouldBeLessThan(HeaderFuzzer.AllocationBound);
        outcome.Opened.ShouldBeGreaterThan(0);
        outcome.Refused.ShouldBeGreaterThan(40_000);
    }

    [Fact(Explicit = true)]
    public void A_million_bent_headers()
    {
        var seed = Environment.TickCount;
        var fuzzer = HeaderFuzzer.FromVectors(_memory, seed) ?? HeaderFuzzer.FromOwnFiles(_memory, seed);
        var outcome = fuzzer.Run(1_000_000);
        TestContext.Current.SendDiagnosticMessage($"bent headers, seed {seed}: {outcome}");
        outcome.WorstAllocation.ShouldBeLessThan(HeaderFuzzer.AllocationBound);
    }

    /// <summary>The longest header there may be, in the shapes that make the most of it.</summary>
    [Theory]
    [InlineData("-> a\n\n"), InlineData("-> a b c d e f g h\nAAAA\n"), InlineData("a "), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")]
    public async Task A_flooded_header_costs_little(string flood)
    {
        var text = "age-encryption.org/v1\n" + (flood == "a " ? "-> " : flood[0] == 'A' ? "-> a\n" : "")
            + string.Concat(Enumerable.Repeat(flood, 1024 * 1024 / flood.Length)) + "\n--- AAAA\n";
        var file = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(text));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var inspection = AgeFile.InspectAsync(file, TestContext.Current.CancellationToken);
        // From memory everything has happened by now, on this thread.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 * 1024 * 1024);
        inspection.IsCompleted.ShouldBeTrue();
        await Should.ThrowAsync<SealingException>(() => inspection);
    }

    [Fact]
    public async Task Bent_armor_is_refused_or_gives_what_stood_in_it()
    {
        using var marta = X25519Identity.Generate(_memory);
        using var armored = new MemoryStream();
        var content = new byte[500];
        await AgeFile.SealAsync(
            new MemoryStream(content), armored, [marta.ToRecipient()], new() { Armor = true }, TestContext.Current.CancellationToken);
        var random = new Random(20261122);
        var opened = 0;
        for (var n = 0; n < 5_000; n++)
        {
            var bent = HeaderFuzzer.Bend(armored.ToArray(), random);
            using var output = new MemoryStream();
            try
            {
                await AgeFile.OpenAsync(new MemoryStream(bent), output, [marta], null, TestContext.Current.CancellationToken);
                output.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
                opened++;
            }
            catch (SealingException)
            {
                content.AsSpan().StartsWith(output.ToArray()).ShouldBeTrue();
            }
        }
        opened.ShouldBeInRange(800, 1200, "the fifth that was not bent, and what white space around it makes");
    }

    [Fact]
    public void Bent_keys_are_refused()
    {
        using var marta = HybridIdentity.Generate(_memory);
        using var text = marta.Export();
        var recipient = marta.ToRecipient().ToString()!;
        var random = new Random(20261122);
        for (var n = 0; n < 20_000; n++)
        {
            var bent = HeaderFuzzer.Bend(text.Span.ToArray(), random);
            try
            {
                using var identity = Identity.Parse(bent, _memory);
                identity.ToRecipient().ToString().ShouldBe(recipient);
            }
            catch (SealingException fault)
            {
                fault.Fault.ShouldBe(SealingFault.BadKey);
            }
        }
        _memory.Used.ShouldBeLessThan(512);
    }

    public void Dispose() => _memory.Dispose();
}
