using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>What the browser seals the Desk opens, and the reverse; both read receipts alike.</summary>
public sealed class SealingInteropTests(ClientPage page) : IDisposable
{
    private readonly LockedMemory _memory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(511), InlineData(512), InlineData(60_000), InlineData(524_287)]
    public async Task The_desk_opens_a_message_that_the_browser_sealed(int length)
    {
        using var desk = HybridIdentity.Generate(_memory);
        page.Served = RandomNumberGenerator.GetBytes(length);
        await page.RunAsync<object?>("await send(await client.sealMessage(await fetched(), given));", desk.ToRecipient().ToString());
        var padded = AgeFile.Open(page.Received, desk);
        padded.Length.ShouldBe((int)Padding.PaddedLength(PaddingKind.Message, length));
        Padding.Unpad(PaddingKind.Message, padded).SequenceEqual(page.Served).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0), InlineData(65_535), InlineData(65_536), InlineData(65_537), InlineData(20_000_000)]
    public async Task The_desk_opens_a_file_that_the_browser_sealed_as_a_stream(int length)
    {
        using var desk = HybridIdentity.Generate(_memory);
        page.Served = RandomNumberGenerator.GetBytes(length);
        await page.RunAsync<object?>(
            "const file = await client.sealStream(new Blob([await fetched()]), given); await send(await new Response(file).arrayBuffer());",
            desk.ToRecipient().ToString());
        using var content = new MemoryStream();
        await using var unpadding = new UnpaddingStream(PaddingKind.File, content);
        await AgeFile.OpenAsync(new MemoryStream(page.Received), unpadding, [desk], null, Cancel);
        unpadding.Finish();
        content.ToArray().AsSpan().SequenceEqual(page.Served).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0), InlineData(700), InlineData(500_000)]
    public async Task The_browser_opens_an_answer_that_the_desk_sealed_to_a_receipt(int length)
    {
        using var receipt = Receipt.Create(WordList.For("uk"), _memory);
        var instance = RandomNumberGenerator.GetBytes(32);
        using var keys = receipt.DeriveKeys(instance, _memory);
        var answer = RandomNumberGenerator.GetBytes(length);
        page.Served = AgeFile.Seal(Padding.Pad(PaddingKind.Message, answer), keys.Identity.ToRecipient());
        await page.RunAsync<object?>(
            """
            const read = await client.readReceipt(given.words);
            const keys = await client.deriveReceiptKeys(read.words, unhex(given.instance), client.argon2InWorker);
            await send(await client.openAnswer(await fetched(), keys.identity));
            """,
            new { words = Encoding.UTF8.GetString(receipt.Utf8Text), instance = Convert.ToHexStringLower(instance) });
        page.Received.AsSpan().SequenceEqual(answer).ShouldBeTrue();
    }

    [Fact]
    public async Task The_browser_opens_a_long_file_that_the_desk_sealed()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        using var person = HybridIdentity.FromSeed(seed, _memory);
        var content = RandomNumberGenerator.GetBytes(5_000_000);
        using var file = new MemoryStream();
        await AgeFile.SealAsync(new PaddedStream(PaddingKind.File, new MemoryStream(content)), file, [person.ToRecipient()], null, Cancel);
        page.Served = file.ToArray();
        await page.RunAsync<object?>(
            "const opened = await client.openStream(new Blob([await fetched()]), unhex(given)); await send(await new Response(opened).arrayBuffer());",
            Convert.ToHexStringLower(seed));
        page.Received.AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task The_browser_refuses_an_answer_with_any_of_these_bits_flipped()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        using var person = HybridIdentity.FromSeed(seed, _memory);
        var answer = AgeFile.Seal(Padding.Pad(PaddingKind.Message, "так"u8), person.ToRecipient());
        async Task<string> OutcomeAsync(byte[] served)
        {
            page.Served = served;
            return await page.RunAsync<string>(
                "try { await client.openAnswer(await fetched(), unhex(given)); return 'opened' } catch (fault) { return fault.constructor === client.CannotOpen ? 'refused' : String(fault) }",
                Convert.ToHexStringLower(seed));
        }

        (await OutcomeAsync(answer)).ShouldBe("opened");
        for (var bit = 0; bit < answer.Length * 8; bit += 997)
        {
            var bent = answer.ToArray();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            (await OutcomeAsync(bent)).ShouldBe("refused", $"bit {bit}");
        }
    }

    [Fact]
    public async Task Receipts_made_in_the_browser_are_read_at_the_desk()
    {
        foreach (var list in WordList.All)
        {
            var words = await page.RunAsync<string[]>("return await client.makeReceipt(given);", list.Language);
            using var receipt = Receipt.Read(string.Join(' ', words), null, _memory).Receipt.ShouldNotBeNull();
            receipt.Language.ShouldBe(list.Language);
            var instance = RandomNumberGenerator.GetBytes(32);
            using var keys = receipt.DeriveKeys(instance, _memory);
            var derived = await page.RunAsync<string[]>(
                """
                const keys = await client.deriveReceiptKeys(given.words, unhex(given.instance), client.argon2InWorker);
                return [hex(keys.lookUpId), hex(keys.bearer), hex(keys.conversationKey), keys.recipient];
                """,
                new { words, instance = Convert.ToHexStringLower(instance) });
            derived.ShouldBe([
                Convert.ToHexStringLower(keys.LookUpId.Span), Convert.ToHexStringLower(keys.Bearer.Span),
                Convert.ToHexStringLower(keys.Conversation.Span), keys.Identity.ToRecipient().ToString()!]);
        }
    }

    /// <summary>What nobody thought of writing into the vectors: random words with random slips, read by both.</summary>
    [Fact]
    public async Task Both_read_two_hundred_bent_receipts_alike()
    {
        var random = new Random(20261122);
        var typed = Enumerable.Range(0, 200).Select(_ => Bent(random)).ToArray();
        var read = await page.RunAsync<string[]>(
            """
            const all = [];
            for (const text of given) {
              const read = await client.readReceipt(text);
              all.push(read.ok ? `${read.language}: ${read.words.join(' ')}`
                : `${read.language} ${read.fault} ${read.count} ` + read.problems.map(p => `${p.position} ${p.kind} ${p.nearest.join(',')}`).join('; '));
            }
            return all;
            """,
            typed);
        for (var i = 0; i < typed.Length; i++) read[i].ShouldBe(Describe(typed[i]), typed[i]);
    }

    public void Dispose() => _memory.Dispose();

    private string Bent(Random random)
    {
        var list = WordList.All[random.Next(3)];
        using var receipt = Receipt.Create(list, _memory);
        var text = new StringBuilder(Encoding.UTF8.GetString(receipt.Utf8Text));
        const string Odd = "aeоісxу'ʼ’.,;[]{}1)\u00ad\u200b\u0301\u0306\u0308 \u00a0\u0085ёґїъыэZЖÉ🙂";
        for (var changes = random.Next(6); changes > 0; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0: text.Remove(at, 1); break;
                case 1: text.Insert(at, Odd[random.Next(Odd.Length - 2)]); break;
                case 2: text[at] = char.ToUpperInvariant(text[at]); break;
                default: text[at] = Odd[random.Next(Odd.Length - 2)]; break;
            }
        }
        return text.ToString();
    }

    private string Describe(string typed)
    {
        var reading = Receipt.Read(typed, null, _memory);
        using var receipt = reading.Receipt;
        if (receipt is not null) return $"{receipt.Language}: {Encoding.UTF8.GetString(receipt.Utf8Text)}";
        var problems = reading.Problems.Select(word => $"{word.Position} {word.Fault.ToString()!.ToLowerInvariant()} {string.Join(',', word.Nearest)}");
        return $"{reading.Language} {reading.Fault.ToString()!.ToLowerInvariant()} {reading.Count} {string.Join("; ", problems)}";
    }
}
