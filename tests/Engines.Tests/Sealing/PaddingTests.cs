using System.Security.Cryptography;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

public class PaddingTests
{
    [Fact]
    public void Messages_have_six_sizes()
    {
        var sizes = new HashSet<long>();
        for (var content = 0; content <= Padding.MaxMessageLength; content += 100) sizes.Add(Padding.PaddedLength(PaddingKind.Message, content));
        sizes.Order().ShouldBe([512, 2048, 8192, 32_768, 131_072, 524_288]);
        Padding.PaddedLength(PaddingKind.Message, 511).ShouldBe(512);
        Padding.PaddedLength(PaddingKind.Message, 512).ShouldBe(2048);
        Padding.PaddedLength(PaddingKind.Message, Padding.MaxMessageLength).ShouldBe(524_288);
        Should.Throw<ArgumentOutOfRangeException>(() => Padding.PaddedLength(PaddingKind.Message, Padding.MaxMessageLength + 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Padding.PaddedLength(PaddingKind.File, -1));
    }

    /// <summary>Against Padmé written the other way round: the smallest number with enough low zero bits.</summary>
    [Fact]
    public void Files_have_the_sizes_of_Padme()
    {
        var random = new Random(20261122);
        for (var n = 0; n < 20_000; n++)
        {
            var content = random.NextInt64(1L << random.Next(1, 52));
            var need = Math.Max(512, content + 1);
            var exponent = (int)Math.Floor(Math.Log2(need));
            while (1L << exponent > need) exponent--;
            while (1L << (exponent + 1) <= need) exponent++;
            var step = 1L << (exponent - ((int)Math.Floor(Math.Log2(exponent)) + 1));
            Padding.PaddedLength(PaddingKind.File, content).ShouldBe((need + step - 1) / step * step);
            ((double)Padding.PaddedLength(PaddingKind.File, content) / need).ShouldBeLessThan(1.12);
        }
    }

    [Theory]
    [InlineData(PaddingKind.Message), InlineData(PaddingKind.File)]
    public void What_is_padded_is_unpadded_also_when_it_looks_like_padding(PaddingKind kind)
    {
        var random = new Random(1);
        for (var n = 0; n < 300; n++)
        {
            var content = new byte[random.Next(20_000)];
            random.NextBytes(content);
            if (n % 3 > 0) content.AsSpan(content.Length / 2).Clear();
            if (n % 3 > 1) content[content.Length / 2] = 0x80;
            var padded = Padding.Pad(kind, content);
            Padding.Unpad(kind, padded).SequenceEqual(content).ShouldBeTrue();

            using var stream = new MemoryStream();
            new PaddedStream(kind, new MemoryStream(content)).CopyTo(stream, 1 + random.Next(700));
            stream.ToArray().AsSpan().SequenceEqual(padded).ShouldBeTrue();

            using var unpadded = new MemoryStream();
            using var unpadding = new UnpaddingStream(kind, unpadded);
            for (var at = 0; at < padded.Length;)
            {
                var take = Math.Min(1 + random.Next(900), padded.Length - at);
                unpadding.Write(padded.AsSpan(at, take));
                at += take;
            }
            unpadding.Finish();
            unpadded.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(PaddingKind.Message), InlineData(PaddingKind.File)]
    public void Padding_that_is_not_the_one_of_its_content_is_refused(PaddingKind kind)
    {
        var good = Padding.Pad(kind, RandomNumberGenerator.GetBytes(600));
        byte[][] bad =
        [
            [], [0x80], new byte[512], good[..^1], [.. good, 0], good[..605], [.. good[..^1], 1], [.. good[..600], .. new byte[good.Length - 600]],
            [.. Padding.Pad(kind, new byte[100]), .. new byte[512]],
        ];
        foreach (var padded in bad)
        {
            Should.Throw<SealingException>(() => Padding.Unpad(kind, padded).Length).Fault.ShouldBe(SealingFault.Tampered);
            using var unpadding = new UnpaddingStream(kind, new MemoryStream());
            unpadding.Write(padded);
            Should.Throw<SealingException>(unpadding.Finish);
        }
    }

    [Fact]
    public async Task A_padded_file_is_sealed_and_opened_as_a_stream()
    {
        using var memory = new LockedMemory();
        using var marta = HybridIdentity.Generate(memory);
        var content = RandomNumberGenerator.GetBytes(3_000_001);
        using var file = new MemoryStream();
        await AgeFile.SealAsync(
            new PaddedStream(PaddingKind.File, new MemoryStream(content)), file, [marta.ToRecipient()], null, TestContext.Current.CancellationToken);
        file.Position = 0;
        using var opened = new MemoryStream();
        await using var unpadding = new UnpaddingStream(PaddingKind.File, opened);
        await AgeFile.OpenAsync(file, unpadding, [marta], null, TestContext.Current.CancellationToken);
        unpadding.Finish();
        opened.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
    }
}
