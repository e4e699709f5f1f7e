using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>
/// What the two sides of a conversation remember of it: the Desk everything, the person's device as much as a bookmark
/// holds. What is not remembered is called so, and nothing else.
/// </summary>
public sealed class MemoryTests : IDisposable
{
    private readonly LockedMemory _memory = new(256 * 1024);
    private readonly HybridIdentity _first;
    private readonly HybridIdentity _second;
    private readonly HybridRecipient _person;
    private readonly Secret _key;
    private readonly ConversationChain _desk;
    private readonly ConversationChain _olena;

    public MemoryTests()
    {
        _key = _memory.Copy(VectorMessages.K);
        (_first, _second) = (HybridIdentity.Generate(_memory), HybridIdentity.Generate(_memory));
        _person = (HybridRecipient)_first.ToRecipient();
        var conversation = RandomNumberGenerator.GetBytes(16);
        _desk = ConversationChain.Read(new ChainState(Direction.ToPerson) { Conversation = conversation }.ToBytes(), _key);
        _olena = ConversationChain.Read(new ChainState(Direction.ToDesk) { Conversation = conversation }.ToBytes(), _key);
    }

    [Fact]
    public void A_change_of_recipient_that_arrives_out_of_order_is_taken_over()
    {
        var (first, change, last) = (Answer("1", _first), Answer("2", _second), Answer("3"));
        Read(first, last).ShouldRead("Genuine: 1", "Missing: 3 [2-2 missing]");
        Names(_olena).ShouldBe(Names(_first));
        Read(change).ShouldRead("Reordered: 2");
        Names(_olena).ShouldBe(Names(_second));
        // Also where the bookmark lay in between, and an older one does not take its place.
        var older = Answer("4", _first);
        Read(Answer("5", _second)).ShouldRead("Missing: 5 [4-4 missing]");
        var back = ConversationChain.Read(_olena.ToBytes(), _key);
        back.Open(older, _first).Verdict.ShouldBe(Verdict.Reordered);
        Names(back).ShouldBe(Names(_second));
    }

    [Fact]
    public void The_desk_remembers_everything()
    {
        _ = Write();
        List<byte[]> written = [.. Enumerable.Range(2, 150).Select(_ => Write())];
        // Every second message comes late, after gaps of which a bookmark holds eight.
        foreach (var message in written.Where((_, at) => at % 2 == 1)) _desk.Open(message, _first).Verdict.ShouldBe(Verdict.Missing);
        _desk.Missing.Count.ShouldBe(75);
        var again = ConversationChain.Read(_desk.ToBytes(), _key);
        again.ToBytes().ShouldBe(_desk.ToBytes());
        foreach (var message in written.Where((_, at) => at % 2 == 0)) again.Open(message, _first).Verdict.ShouldBe(Verdict.Reordered);
        again.Missing.ShouldBe([new SequenceRange(1, 1)]);
        foreach (var message in written) again.Open(message, _first).Verdict.ShouldBe(Verdict.Replayed);
    }

    [Fact]
    public void What_the_person_does_not_remember_is_late_and_not_replayed()
    {
        List<byte[]> answers = [.. Enumerable.Range(1, 60).Select(number => Answer($"{number}"))];
        Read(answers[0]);
        Read(answers[59]).ShouldRead("Missing: 60 [2-59 missing]");
        Read(answers[59]).ShouldRead("Replayed: 60");
        // Nobody can tell any more whether the first one was read.
        Read(answers[0]).ShouldRead("Late: 1");
        Read(answers[30]).ShouldRead("Reordered: 31");
    }

    [Fact]
    public void What_the_person_gave_up_is_lacking_all_the_same()
    {
        _ = Write();
        List<byte[]> answers = [.. Enumerable.Range(1, 40).Select(number => Answer($"{number}"))];
        foreach (var answer in answers.Where((_, at) => at % 3 == 0)) Read(answer);
        _olena.Missing.Count.ShouldBe(8);
        _olena.ToBytes().Length.ShouldBeLessThanOrEqualTo(ChainState.MaxSize);
        // 13 gaps of two, of which five were given up: the Desk hears of all of them, from a bookmark too.
        var olena = ConversationChain.Read(_olena.ToBytes(), _key);
        _desk.Open(olena.SealWords("що я пропустила?"u8, _person), _first).Message!.Lacking.ShouldBe(26);
        Read(answers[1]).ShouldRead("Late: 2");
    }

    [Fact]
    public void The_fullest_bookmark_has_room()
    {
        List<byte[]> answers = [.. Enumerable.Range(1, 120).Select(number => Answer($"{number}", number % 2 == 0 ? _first : _second))];
        foreach (var answer in answers.Where((_, at) => at % 2 == 0)) Read(answer);
        _olena.ToBytes().Length.ShouldBeLessThanOrEqualTo(ChainState.MaxSize);
        ConversationChain.Read(_olena.ToBytes(), _key).ToBytes().ShouldBe(_olena.ToBytes());
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _memory.Dispose();
    }

    private byte[] Answer(string words, HybridIdentity? names = null) =>
        _desk.SealAnswer(Encoding.UTF8.GetBytes(words), (HybridRecipient?)names?.ToRecipient(), _person);

    private byte[] Write() => _olena.Sent == 0 ? Begun() : _olena.SealWords("ще"u8, _person);

    /// <summary>Her first message counts as sent; what it said does not matter here.</summary>
    private byte[] Begun()
    {
        using var receipt = Receipt.Create(WordList.For("uk"), _memory);
        using var keys = receipt.DeriveKeys(new byte[32], _memory);
        keys.Conversation.Span.Clear();
        VectorMessages.K.CopyTo(keys.Conversation.Span);
        return _olena.SealOpening(new FirstWords { Language = "uk", Words = "почнемо"u8 }, keys, _person);
    }

    private List<Received> Read(params byte[][] answers) => [.. answers.Select(answer => _olena.Open(answer, _first))];

    private static string Names(ConversationChain chain) => chain.Recipient!.ToString()!;

    private static string Names(HybridIdentity identity) => identity.ToRecipient().ToString()!;
}
