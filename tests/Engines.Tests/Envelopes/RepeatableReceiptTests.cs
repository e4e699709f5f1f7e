using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>The same request gives the same nine words, and every other gives others.</summary>
public sealed class RepeatableReceiptTests : IDisposable
{
    private readonly LockedMemory _memory = new();

    [Fact]
    public void The_same_request_gives_the_same_words_and_another_gives_others()
    {
        using var secret = _memory.Random(32);
        using var other = _memory.Random(32);
        var words = Words(secret, "request 1");
        Words(secret, "request 1").ShouldBe(words);
        Words(secret, "request 2").ShouldNotBe(words);
        Words(other, "request 1").ShouldNotBe(words);
        Receipt.Read(words, "uk", _memory).Receipt.ShouldNotBeNull().Dispose();
    }

    [Fact]
    public void Every_word_of_the_list_comes_up()
    {
        using var secret = _memory.Random(32);
        var seen = new HashSet<string>();
        for (var i = 0; i < 4_000; i++) seen.UnionWith(Words(secret, $"request {i}").Split(' '));
        seen.Count.ShouldBe(WordList.Size);
    }

    public void Dispose() => _memory.Dispose();

    private string Words(Secret secret, string request)
    {
        using var receipt = RepeatableReceipt.Create(WordList.For("uk"), secret, Encoding.UTF8.GetBytes(request), _memory);
        return Encoding.UTF8.GetString(receipt.Utf8Text);
    }
}
