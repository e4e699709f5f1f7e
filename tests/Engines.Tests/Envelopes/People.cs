using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>A person with a receipt and nothing else: each visit knows what Intake returns.</summary>
internal sealed class Person : IDisposable
{
    private readonly InMemoryIntake _intake;
    private readonly HybridRecipient _inbox;
    private byte[]? _from;

    public Person(InMemoryIntake intake, HybridRecipient inbox, byte[] instanceId, LockedMemory memory)
    {
        (_intake, _inbox) = (intake, inbox);
        using var receipt = Receipt.Create(WordList.For("uk"), memory);
        Keys = receipt.DeriveKeys(instanceId, memory);
        Chain = ConversationChain.Begin(Keys.Conversation);
    }

    public ReceiptKeys Keys { get; }

    public ConversationChain Chain { get; private set; }

    public string LookUp => InMemoryIntake.Name(Keys.LookUpId.Span);

    public void Ask(string words) => Send(Chain.SealOpening(
        new FirstWords { Language = "uk", Urgency = Urgency.Today, Words = Encoding.UTF8.GetBytes(words), Safely = "лише ввечері"u8 }, Keys, _inbox));

    public void Write(string words) => Send(Chain.SealWords(Encoding.UTF8.GetBytes(words), _inbox));

    public byte[] SubmitBody(byte[] sealedBytes) => new SubmitRequest(
        Keys.Bearer.Span.ToArray(), InMemoryIntake.Expected(_from), Chain.SealBookmark(Keys), Envelope.Of(EnvelopeKind.Message, Keys.LookUpId.Span, sealedBytes)).ToBytes();

    /// <summary>The tab is closed and opened again: the receipt is typed, and Intake asked. What is new is opened.</summary>
    public List<Received> Return()
    {
        var fetched = FetchResponse.Read(_intake.Fetch(new FetchRequest(Keys.LookUpId.Span.ToArray(), Keys.Bearer.Span.ToArray(), new byte[16]).ToBytes()));
        _from = fetched.Bookmark.ToArray();
        Chain = _from.Length == 0 ? ConversationChain.Rebuild(Keys.Conversation) : ConversationChain.OpenBookmark(_from, Keys);
        var received = fetched.Answers.Select(answer => Chain.Open(answer.Sealed.Span, Keys.Identity)).ToList();
        Acknowledge();
        return received;
    }

    public void Forget() => IntakeProtocol.ReadDone(_intake.Forget(new ForgetRequest(
        Keys.Bearer.Span.ToArray(),
        Envelope.Of(EnvelopeKind.Forget, Keys.LookUpId.Span, ForgetNotice.Seal(Keys, Chain.Conversation, Chain.Recipient ?? _inbox))).ToBytes()));

    public void Dispose() => Keys.Dispose();

    private void Acknowledge()
    {
        var bookmark = Chain.SealBookmark(Keys);
        IntakeProtocol.ReadDone(_intake.Acknowledge(
            new AcknowledgeRequest(Keys.LookUpId.Span.ToArray(), Keys.Bearer.Span.ToArray(), InMemoryIntake.Expected(_from), bookmark, []).ToBytes()));
        _from = bookmark;
    }

    private void Send(byte[] sealedBytes)
    {
        var body = SubmitBody(sealedBytes);
        IntakeProtocol.ReadDone(_intake.Submit(body));
        _from = SubmitRequest.Read(body).Bookmark.ToArray();
    }
}

/// <summary>A Desk that keeps the state of its conversations, and says what it noticed.</summary>
internal sealed class Desk(InMemoryIntake intake, LockedMemory memory) : IDisposable
{
    private readonly Dictionary<string, (ConversationChain Chain, Secret Key, HybridRecipient Person, HybridIdentity Own)> _conversations = [];

    public HybridIdentity Inbox { get; } = HybridIdentity.Generate(memory);

    public HybridRecipient InboxRecipient => (HybridRecipient)Inbox.ToRecipient();

    public ConversationChain ChainOf(Person person) => _conversations[person.LookUp].Chain;

    public Secret KeyOf(Person person) => _conversations[person.LookUp].Key;

    public HybridIdentity IdentityOf(Person person) => _conversations[person.LookUp].Own;

    /// <summary>Takes what waits at Intake, and says of each what was noticed.</summary>
    public List<Received> Collect()
    {
        var received = intake.Waiting.Where(envelope => envelope.Kind == EnvelopeKind.Message).Select(Take).ToList();
        intake.Waiting.RemoveAll(envelope => envelope.Kind == EnvelopeKind.Message);
        return received;
    }

    public Envelope Answer(Person person, string words)
    {
        var (chain, _, recipient, own) = _conversations[person.LookUp];
        var sealedBytes = chain.SealAnswer(Encoding.UTF8.GetBytes(words), chain.Sent == 0 ? (HybridRecipient)own.ToRecipient() : null, recipient);
        var envelope = Envelope.Of(EnvelopeKind.Answer, person.Keys.LookUpId.Span, sealedBytes);
        intake.Answers.Add(envelope);
        return envelope;
    }

    public byte[] CheckForget(Envelope notice)
    {
        var (chain, key, _, own) = _conversations[InMemoryIntake.Name(notice.LookUpId)];
        return ForgetNotice.Check(notice.Sealed.Span, notice.LookUpId, chain.Conversation.Span, key, own, Inbox);
    }

    public void Dispose()
    {
        Inbox.Dispose();
        foreach (var conversation in _conversations.Values) conversation.Own.Dispose();
    }

    private Received Take(Envelope envelope)
    {
        var name = InMemoryIntake.Name(envelope.LookUpId);
        if (_conversations.TryGetValue(name, out var known)) return known.Chain.Open(envelope.Sealed.Span, known.Own, Inbox);
        try
        {
            using var opening = Opening.Open(envelope.Sealed.Span, envelope.LookUpId, memory, Inbox);
            var key = memory.Copy(opening.Key.Span);
            _conversations[name] = (ConversationChain.Admit(opening, key), key, opening.Recipient, HybridIdentity.Generate(memory));
            return new Received(Verdict.Genuine, opening.Message);
        }
        catch (EnvelopeException refused)
        {
            return new Received(refused.Fault == EnvelopeFault.AnotherConversation ? Verdict.AnotherConversation : Verdict.Tampered);
        }
    }
}

internal static class ReceivedAssertions
{
    /// <summary>Verdicts and words, one in a line, as a page would list them.</summary>
    public static void ShouldRead(this IEnumerable<Received> received, params string[] lines) =>
        received.Select(one => $"{one.Verdict}: {one.Message?.Words}{(one.Missing is { } gap ? $" [{gap.From}-{gap.To} missing]" : "")}").ShouldBe(lines);
}
