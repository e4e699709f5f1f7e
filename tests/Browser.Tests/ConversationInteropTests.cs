using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>A conversation between a real browser and the Desk: each judges what the other wrote.</summary>
public sealed class ConversationInteropTests : IDisposable
{
    private const int Today = 20_778;
    private readonly ClientPage _page;
    private readonly LockedMemory _memory = new();
    private readonly HybridIdentity _inbox;
    private readonly HybridIdentity _ofConversation;
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _conversationKey = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _lookUpId;
    private readonly byte[] _bearer = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _statement;
    private readonly byte[] _instanceId;

    public ConversationInteropTests(ClientPage page)
    {
        _page = page;
        _lookUpId = HKDF.Expand(HashAlgorithmName.SHA256, _conversationKey, 16, "understory/receipt/v1/look-up"u8.ToArray());
        (_inbox, _ofConversation) = (HybridIdentity.Generate(_memory), HybridIdentity.Generate(_memory));
        using var root = _memory.Random(32);
        using var coordinator = _memory.Random(32);
        var certificate = CoordinatorCertificate.Sign(root, PublicKey(coordinator), new Days(Today - 10, Today + 10));
        _statement = InboxKeyStatement.Sign(coordinator, certificate, (HybridRecipient)_inbox.ToRecipient(), new Days(Today, Today + 6)).ToBytes();
        _instanceId = CoordinatorCertificate.InstanceId(certificate.Root);
    }

    [Fact]
    public async Task Five_messages_pass_both_ways_and_each_side_believes_the_other()
    {
        // One, in the browser: the inbox key is checked, and the request goes out with its bookmark.
        var asked = SubmitRequest.Read(await VisitAsync("""
            const chain = client.ConversationChain.begin(keys);
            const sealed = await chain.sealOpening({ language: 'uk', urgency: 3, words: 'Мене викликають 🙂', safely: 'ввечері' }, inbox);
            await send(client.submitRequest(keys, sealed, await chain.sealBookmark()));
            """));
        asked.Token.ToArray().ShouldBe(_bearer);
        using var opening = Opening.Open(asked.Envelope.Sealed.Span, asked.Envelope.LookUpId, _memory, _inbox);
        (opening.Language, opening.Urgency, opening.Message.Words, opening.Safely).ShouldBe(("uk", Urgency.Today, "Мене викликають 🙂", "ввечері"));
        opening.Key.Span.SequenceEqual(_conversationKey).ShouldBeTrue();
        opening.LookUpId.SequenceEqual(_lookUpId).ShouldBeTrue();
        var desk = ConversationChain.Admit(opening, opening.Key);

        // Two and three, at the Desk; four, in the browser, on another visit with the bookmark and the answers.
        var answers = new[]
        {
            desk.SealAnswer("Ми прочитали."u8, (HybridRecipient)_ofConversation.ToRecipient(), opening.Recipient),
            desk.SealAnswer("Де ви?"u8, null, opening.Recipient),
        };
        _page.Served = Fetched(asked.Bookmark, answers);
        var wrote = SubmitRequest.Read(await VisitAsync("""
            const { bookmark, answers } = client.readFetched(await fetched());
            const chain = await client.ConversationChain.fromBookmark(bookmark, keys);
            const received = [];
            for (const { sealed } of answers) received.push(await chain.open(sealed));
            const said = received.map(one => `${one.verdict} ${one.answer.words}`).join(' | ');
            const sealed = await chain.sealWords(said, inbox);
            await send(client.submitRequest(keys, sealed, await chain.sealBookmark(), bookmark));
            """));
        wrote.Expected.ToArray().ShouldBe(SHA256.HashData(asked.Bookmark.Span));
        AgeOpens(wrote.Envelope, _inbox).ShouldBeFalse("what is written after the first answer is not for triage");
        var fourth = desk.Open(wrote.Envelope.Sealed.Span, _ofConversation);
        (fourth.Verdict, fourth.Message?.Words, desk.Acknowledged).ShouldBe((Verdict.Genuine, "genuine Ми прочитали. | genuine Де ви?", 2));

        // Five, at the Desk; read in the browser beside a forged one, a replayed one, and with the bookmark of before.
        var fifth = desk.SealAnswer("Чекайте там."u8, null, opening.Recipient);
        using var madeUp = _memory.Random(32);
        var forged = ConversationChain.Read(desk.ToBytes(), madeUp).SealAnswer("Приходьте."u8, null, opening.Recipient);
        _page.Served = Fetched(wrote.Bookmark, [forged, answers[1], fifth]);
        const string Read = """
            const { bookmark, answers } = client.readFetched(await fetched());
            const chain = await client.ConversationChain.fromBookmark(bookmark, keys);
            const lines = [];
            for (const { sealed } of answers) { const one = await chain.open(sealed); lines.push(`${one.verdict} ${one.answer?.words ?? ''}`); }
            await send(new TextEncoder().encode([...lines, `${chain.sent} written, ${chain.acknowledged} received`].join('\n')));
            """;
        Encoding.UTF8.GetString(await VisitAsync(Read)).ShouldBe("tampered \nreplayed Де ви?\ngenuine Чекайте там.\n2 written, 2 received");
        _page.Served = Fetched(asked.Bookmark, [.. answers, fifth]);
        Encoding.UTF8.GetString(await VisitAsync(Read)).ShouldBe("genuine Ми прочитали.\ngenuine Де ви?\nrolled-back Чекайте там.\n2 written, 2 received");
    }

    [Fact]
    public async Task The_bookmark_of_a_browser_is_opened_where_scripts_are_off_and_the_reverse()
    {
        using var keys = await ReceiptKeysAsync();
        var chain = ConversationChain.Begin(keys.Receipt.Conversation);
        _ = chain.SealOpening(new FirstWords { Language = "ru", Words = "помогите"u8 }, keys.Receipt, (HybridRecipient)_inbox.ToRecipient());
        _page.Served = chain.SealBookmark(keys.Receipt);
        var back = await VisitAsync(
            """
            const chain = await client.ConversationChain.fromBookmark(await fetched(), keys);
            await chain.sealWords('ещё', inbox);
            await send(await chain.sealBookmark());
            """,
            keys.Words);
        var resumed = ConversationChain.OpenBookmark(back, keys.Receipt);
        resumed.Sent.ShouldBe(2);
        resumed.Conversation.ToArray().ShouldBe(chain.Conversation.ToArray());
    }

    [Fact]
    public async Task The_desk_believes_the_browsers_wish_to_forget()
    {
        using var key = _memory.Copy(_conversationKey);
        var body = await VisitAsync("await send(client.forgetRequest(keys, await client.ConversationChain.rebuild(keys).sealForget(async () => inbox)));");
        var notice = ForgetRequest.Read(body).Envelope;
        Should.NotThrow(() => ForgetNotice.Check(notice.Sealed.Span, notice.LookUpId, new byte[16], key, _inbox));
        using var other = _memory.Random(32);
        Should.Throw<EnvelopeException>(() => ForgetNotice.Check(notice.Sealed.Span, notice.LookUpId, new byte[16], other, _inbox));
    }

    public void Dispose()
    {
        _inbox.Dispose();
        _ofConversation.Dispose();
        _memory.Dispose();
    }

    /// <summary>A visit: the keys are there, the inbox key is checked, then the script; what it sent.</summary>
    private async Task<byte[]> VisitAsync(string script, string? words = null)
    {
        await _page.RunAsync<object?>(
            $$"""
            const inbox = client.verifyInboxKey(unhex(given.statement), unhex(given.instanceId), client.dayOf({{Today}} * 86400000 + 5));
            const keys = given.words
              ? await client.deriveReceiptKeys(given.words.split(' '), unhex(given.instanceId), client.argon2InWorker)
              : { lookUpId: unhex(given.lookUpId), bearer: unhex(given.bearer), conversationKey: unhex(given.key), identity: unhex(given.seed), recipient: given.recipient };
            {{script}}
            """,
            new
            {
                statement = Convert.ToHexStringLower(_statement),
                instanceId = Convert.ToHexStringLower(_instanceId),
                lookUpId = Convert.ToHexStringLower(_lookUpId),
                bearer = Convert.ToHexStringLower(_bearer),
                key = Convert.ToHexStringLower(_conversationKey),
                seed = Convert.ToHexStringLower(_seed),
                recipient = Person(),
                words,
            });
        return _page.Received;
    }

    private string Person()
    {
        using var identity = HybridIdentity.FromSeed(_seed, _memory);
        return identity.ToRecipient().ToString()!;
    }

    private async Task<WordsAndKeys> ReceiptKeysAsync()
    {
        var words = await _page.RunAsync<string[]>("return await client.makeReceipt('ru');");
        using var receipt = Receipt.Read(string.Join(' ', words), null, _memory).Receipt.ShouldNotBeNull();
        return new WordsAndKeys(string.Join(' ', words), receipt.DeriveKeys(_instanceId, _memory));
    }

    private byte[] Fetched(ReadOnlyMemory<byte> bookmark, byte[][] answers) =>
        new FetchResponse(false, bookmark, [.. answers.Select(answer => Envelope.Of(EnvelopeKind.Answer, _lookUpId, answer))]).ToBytes();

    private static bool AgeOpens(Envelope envelope, Identity identity)
    {
        try
        {
            AgeFile.Open(envelope.Sealed.Span, identity);
            return true;
        }
        catch (SealingException)
        {
            return false;
        }
    }

    private static byte[] PublicKey(Secret seed)
    {
        var key = new byte[32];
        Primitives.Ed25519PublicKey(seed.Span, key);
        return key;
    }

    private sealed class WordsAndKeys(string words, ReceiptKeys receipt) : IDisposable
    {
        public string Words { get; } = words;

        public ReceiptKeys Receipt { get; } = receipt;

        public void Dispose() => Receipt.Dispose();
    }
}
