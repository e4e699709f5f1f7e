using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

public sealed class ReceiptTests : IDisposable
{
    private readonly LockedMemory _memory = new();
    private readonly byte[] _instance = Enumerable.Range(0, 32).Select(n => (byte)n).ToArray();

    public static TheoryData<string> Languages => ["ru", "uk", "en"];

    [Theory, MemberData(nameof(Languages))]
    public void A_receipt_is_nine_words_that_are_read_again(string language)
    {
        for (var i = 0; i < 50; i++)
        {
            using var receipt = Receipt.Create(WordList.For(language), _memory);
            var text = Encoding.UTF8.GetString(receipt.Utf8Text);
            text.Split(' ').Length.ShouldBe(9);
            var reading = Receipt.Read($"  {text.ToUpperInvariant().Replace(" ", "\n", StringComparison.Ordinal)} ", null, _memory);
            using var again = reading.Receipt.ShouldNotBeNull();
            again.Utf8Text.SequenceEqual(receipt.Utf8Text).ShouldBeTrue();
            again.Language.ShouldBe(language);
        }
        _memory.Used.ShouldBe(0);
    }

    [Fact]
    public void Receipts_differ_and_use_the_whole_list()
    {
        var list = WordList.For("ru");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 3000; i++)
        {
            using var receipt = Receipt.Create(list, _memory);
            var text = Encoding.UTF8.GetString(receipt.Utf8Text);
            seen.Add(text).ShouldBeTrue();
            words.UnionWith(text.Split(' '));
        }
        words.Count.ShouldBe(2048);
    }

    /// <summary>Of wrong last words, about one in 256 passes: the checksum has eight bits and uses them.</summary>
    [Fact]
    public void A_wrong_word_or_order_is_noticed_255_times_of_256()
    {
        var list = WordList.For("en");
        using var receipt = Receipt.Create(list, _memory);
        var words = Encoding.UTF8.GetString(receipt.Utf8Text).Split(' ');
        var passed = 0;
        foreach (var wrong in list.Words)
        {
            if (wrong == words[3]) continue;
            var reading = Receipt.Read(string.Join(' ', [.. words[..3], wrong, .. words[4..]]), "en", _memory);
            if (reading.Receipt is null) reading.Fault.ShouldBe(ReceiptFault.Checksum);
            else passed++;
            reading.Receipt?.Dispose();
        }
        passed.ShouldBeInRange(0, 30);
    }

    [Fact]
    public void A_mistyped_word_is_named_with_the_words_it_may_be()
    {
        using var receipt = Receipt.FromEntropy(WordList.For("uk"), new byte[12], _memory);
        var words = Encoding.UTF8.GetString(receipt.Utf8Text).Split(' ');
        words[4] = words[4][..^1] + "ъъ";
        var reading = Receipt.Read(string.Join(' ', words), null, _memory);
        reading.Receipt.ShouldBeNull();
        reading.Fault.ShouldBe(ReceiptFault.Words);
        reading.Language.ShouldBe("uk");
        var problem = reading.Problems.ShouldHaveSingleItem();
        problem.Position.ShouldBe(5);
        problem.Nearest[0].ShouldBe(Encoding.UTF8.GetString(receipt.Utf8Text).Split(' ')[4]);
    }

    [Fact]
    public void Too_few_and_too_many_words_are_counted()
    {
        using var receipt = Receipt.Create(WordList.For("ru"), _memory);
        var text = Encoding.UTF8.GetString(receipt.Utf8Text);
        foreach (var (typed, count) in new[] { ("", 0), (text[..text.LastIndexOf(' ')], 8), ($"{text} {text}", 18) })
        {
            var reading = Receipt.Read(typed, null, _memory);
            reading.Receipt.ShouldBeNull();
            reading.Fault.ShouldBe(ReceiptFault.Count);
            reading.Count.ShouldBe(count);
        }
    }

    [Fact]
    public void Keys_belong_to_one_receipt_at_one_organisation()
    {
        using var receipt = Receipt.Create(WordList.For("ru"), _memory);
        using var other = Receipt.Create(WordList.For("ru"), _memory);
        using var keys = receipt.DeriveKeys(_instance, _memory);
        using var same = receipt.DeriveKeys(_instance, _memory);
        using var elsewhere = receipt.DeriveKeys(new byte[32], _memory);
        using var others = other.DeriveKeys(_instance, _memory);
        bool[] Same(ReceiptKeys one, ReceiptKeys two) =>
        [
            one.LookUpId.FixedTimeEquals(two.LookUpId.Span),
            one.Bearer.FixedTimeEquals(two.Bearer.Span),
            one.Conversation.FixedTimeEquals(two.Conversation.Span),
        ];

        Same(keys, same).ShouldBe([true, true, true]);
        keys.Identity.ToRecipient().ToString().ShouldBe(same.Identity.ToRecipient().ToString());
        foreach (var different in new[] { elsewhere, others })
        {
            Same(keys, different).ShouldBe([false, false, false]);
            keys.Identity.ToRecipient().ToString().ShouldNotBe(different.Identity.ToRecipient().ToString());
        }
        // It follows from the conversation key, as the format says.
        HKDF.Expand(HashAlgorithmName.SHA256, keys.Conversation.Span.ToArray(), 16, "understory/receipt/v1/look-up"u8.ToArray()).ShouldBe(keys.LookUpId.Span.ToArray());
        // No key tells another: the look-up id is no beginning of the bearer token.
        keys.Bearer.Span.StartsWith(keys.LookUpId.Span).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => receipt.DeriveKeys(new byte[31], _memory));
    }

    [Fact]
    public void Nothing_of_a_receipt_is_printed()
    {
        using var receipt = Receipt.Create(WordList.For("en"), _memory);
        using var keys = receipt.DeriveKeys(_instance, _memory);
        var words = Encoding.UTF8.GetString(receipt.Utf8Text).Split(' ');
        foreach (var printed in new[] { receipt.ToString(), keys.Bearer.ToString(), keys.Identity.ToString() })
            words.ShouldAllBe(word => !printed!.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => _memory.Dispose();
}
