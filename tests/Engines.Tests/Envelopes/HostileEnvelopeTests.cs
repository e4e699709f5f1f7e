using Shouldly;
using Understory.Engines.Tests.Sealing;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>
/// What somebody bent: nothing but an <see cref="EnvelopeException"/> comes of it, and in memory bounded by its length.
/// </summary>
public sealed class HostileEnvelopeTests : IDisposable
{
    private const int Rounds = 20_000;
    private readonly LockedMemory _memory = new();
    private readonly Random _random = new(20261122);

    [Fact]
    public void Bent_messages_are_refused_or_judged()
    {
        var messages = new VectorMessages(_memory);
        using var key = _memory.Copy(VectorMessages.K);
        var seeds = messages.Contents.Where(content => content.Length < 4_000).Select(content => VectorMessages.Tagged(content)).ToArray();
        Attack(seeds, bent => ConversationChain.Begin(key).OpenPadded(Padding.Pad(PaddingKind.Message, bent)));
        Attack([.. messages.Contents.Where(content => content.Length < 4_000)], bent => MessageParts.Read(bent));
    }

    /// <summary>By somebody who could open and seal again, and lacks K only: the tag alone must hold.</summary>
    [Fact]
    public void Any_flipped_bit_below_the_seal_leaves_no_words_to_show()
    {
        using var key = _memory.Copy(VectorMessages.K);
        var message = VectorMessages.Tagged(new VectorMessages(_memory).Contents[3]);
        ConversationChain.Rebuild(key).OpenPadded(Padding.Pad(PaddingKind.Message, message)).Message.ShouldNotBeNull();
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            var bent = message.ToArray();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                ConversationChain.Rebuild(key).OpenPadded(Padding.Pad(PaddingKind.Message, bent)).ShouldBe(new Received(Verdict.Tampered), $"bit {bit}");
            }
            catch (EnvelopeException)
            {
                // Not even formed as a message.
            }
        }
    }

    [Fact]
    public void Bent_states_are_refused_or_go_on()
    {
        var messages = new VectorMessages(_memory);
        using var key = _memory.Copy(VectorMessages.K);
        var seeds = messages.Conversations.Select(conversation =>
        {
            var chain = conversation.State is null ? ConversationChain.Rebuild(key) : ConversationChain.Read(conversation.State, key);
            foreach (var message in conversation.Messages) chain.OpenPadded(Padding.Pad(PaddingKind.Message, message));
            return chain.ToBytes();
        }).ToArray();
        var arriving = messages.Conversations.SelectMany(conversation => conversation.Messages).Where(message => message.Length < 4_000).ToArray();
        Attack(seeds, bent =>
        {
            var chain = ConversationChain.Read(bent, key);
            chain.OpenPadded(Padding.Pad(PaddingKind.Message, arriving[_random.Next(arriving.Length)]));
            chain.ToBytes().Length.ShouldBeLessThan(2_048);
        });
    }

    [Fact]
    public void Bent_envelopes_and_requests_are_refused_or_read()
    {
        var (token, id, bookmark) = (VectorMessages.Token, VectorMessages.LookUpId, VectorMessages.AsIfSealed(512, 3));
        var message = VectorMessages.Enveloped(EnvelopeKind.Message, 20, 512);
        var answer = Envelope.Read(VectorMessages.Enveloped(EnvelopeKind.Answer, 20, 512));
        var asked = new ListRequest(token, new byte[16], 5, 256);
        Attack([message], bent => Envelope.Read(bent));
        Attack([new SubmitRequest(token, new byte[32], bookmark, Envelope.Read(message)).ToBytes()], bent => SubmitRequest.Read(bent));
        Attack([new FetchRequest(id, token, id).ToBytes()], bent => FetchRequest.Read(bent));
        Attack([new FetchResponse(true, bookmark, [answer, answer]).ToBytes()], bent => FetchResponse.Read(bent));
        Attack([new AcknowledgeRequest(id, token, new byte[32], bookmark, [id, id]).ToBytes()], bent => AcknowledgeRequest.Read(bent));
        Attack([new ForgetRequest(token, Envelope.Read(VectorMessages.Enveloped(EnvelopeKind.Forget, 20, 512))).ToBytes()], bent => ForgetRequest.Read(bent));
        Attack([new ListRequest(token, id, 5, 256).ToBytes()], bent => ListRequest.Read(bent));
        Attack([new Listing(id, 9, [new Listed(EnvelopeKind.Message, id, id, 20_000, 2_171, token)]).ToBytes()], bent => Listing.Read(bent, asked));
        Attack([new Deliveries(id, 9, [(id, 20_000)]).ToBytes()], bent => Deliveries.Read(bent, asked));
        Attack([new TakeRequest(token, id).ToBytes()], bent => TakeRequest.Read(bent));
        Attack([new CollectedRequest(token, [(id, token)]).ToBytes()], bent => CollectedRequest.Read(bent));
        Attack([new InboxKeyRequest(token, new byte[InboxKeyStatement.Size]).ToBytes()], bent => InboxKeyRequest.Read(bent));
        Attack([new DiscardRequest(token, [id, id]).ToBytes()], bent => DiscardRequest.Read(bent));
        Attack([new PutRequest(token, answer).ToBytes()], bent => PutRequest.Read(bent));
        Attack([new IntakeError(IntakeErrorCode.Busy, 60).ToBytes()], bent => IntakeError.Read(bent, 503));
    }

    [Fact]
    public void What_was_not_sealed_is_in_no_envelope()
    {
        foreach (var plain in new[] { [], "Мене звати Олена"u8.ToArray(), new byte[2_171] })
            Should.Throw<EnvelopeException>(() => Envelope.Of(EnvelopeKind.Message, new byte[16], plain));
        using var identity = HybridIdentity.Generate(_memory);
        using var classical = X25519Identity.Generate(_memory);
        Should.Throw<EnvelopeException>(() => Envelope.Of(EnvelopeKind.Message, new byte[16], AgeFile.Seal(new byte[513], identity.ToRecipient())));
        Should.Throw<EnvelopeException>(() => Envelope.Of(EnvelopeKind.Message, new byte[16], AgeFile.Seal(new byte[512], classical.ToRecipient())));
        Should.Throw<EnvelopeException>(() => Envelope.Of(EnvelopeKind.Attachment, new byte[16], AgeFile.Seal(new byte[512], identity.ToRecipient())));
        foreach (var padded in new[] { 512, 2_048, 8_192, 32_768, 131_072, 524_288 })
            Envelope.Read(Envelope.Of(EnvelopeKind.Answer, new byte[16], AgeFile.Seal(new byte[padded], identity.ToRecipient())).ToBytes()).Length.ShouldBeLessThanOrEqualTo(Envelope.MaxLength);
        Should.Throw<EnvelopeException>(() => Envelope.Of(EnvelopeKind.Forget, new byte[16], AgeFile.Seal(new byte[2_048], identity.ToRecipient())));
    }

    [Fact]
    public void A_cursor_that_goes_back_says_that_intake_was_rolled_back()
    {
        var listing = new Listing(VectorMessages.LookUpId, 9, []).ToBytes();
        Listing.Read(listing, Asked(9)).Next.ShouldBe(9);
        Should.Throw<EnvelopeException>(() => Listing.Read(listing, Asked(10))).Fault.ShouldBe(EnvelopeFault.RolledBack);
        var delivered = new Deliveries(VectorMessages.LookUpId, 9, [(new byte[16], 1)]).ToBytes();
        Deliveries.Read(delivered, Asked(8)).Answers.Count.ShouldBe(1);
        Should.Throw<EnvelopeException>(() => Deliveries.Read(delivered, Asked(9))).Fault.ShouldBe(EnvelopeFault.RolledBack);
    }

    [Fact]
    public void A_list_is_of_the_store_that_was_asked_and_not_longer_than_was_asked()
    {
        var id = VectorMessages.LookUpId;
        Listed Waiting(long length, EnvelopeKind kind = EnvelopeKind.Message) => new(kind, id, VectorMessages.Bytes(16, 1), 20_000, length, VectorMessages.Token);
        var listing = new Listing(id, 9, [Waiting(2_171), Waiting(3_707)]).ToBytes();
        Listing.Read(listing, Asked(0, most: 2)).Envelopes.Count.ShouldBe(2);
        Listing.Read(listing, Asked(0) with { Store = id }).Envelopes.Count.ShouldBe(2);
        Should.Throw<EnvelopeException>(() => Listing.Read(listing, Asked(0, most: 1))).Fault.ShouldBe(EnvelopeFault.Malformed);
        Should.Throw<EnvelopeException>(() => Listing.Read(listing, Asked(0) with { Store = VectorMessages.Bytes(16, 2) })).Fault.ShouldBe(EnvelopeFault.AnotherStore);
        Should.Throw<EnvelopeException>(() => Listing.Read(new Listing(new byte[16], 9, []).ToBytes(), Asked(0))).Fault.ShouldBe(EnvelopeFault.Malformed);
        var delivered = new Deliveries(id, 9, [(new byte[16], 1), (new byte[16], 2)]).ToBytes();
        Should.Throw<EnvelopeException>(() => Deliveries.Read(delivered, Asked(0, most: 1))).Fault.ShouldBe(EnvelopeFault.Malformed);
        Should.Throw<EnvelopeException>(() => Deliveries.Read(delivered, Asked(0) with { Store = VectorMessages.Bytes(16, 2) })).Fault.ShouldBe(EnvelopeFault.AnotherStore);

        // No bytes of this length can be taken afterwards: nobody makes room for them.
        foreach (var (length, kind) in new[] { (2_170L, EnvelopeKind.Message), (0, EnvelopeKind.Message), (uint.MaxValue, EnvelopeKind.Message), (3_707, EnvelopeKind.Forget) })
            Should.Throw<EnvelopeException>(() => Listing.Read(new Listing(id, 9, [Waiting(length, kind)]).ToBytes(), Asked(0)), $"{length}").Fault.ShouldBe(EnvelopeFault.Malformed);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused_before_it_takes_a_place()
    {
        using var key = _memory.Random(32);
        using var person = HybridIdentity.Generate(_memory);
        var chain = ConversationChain.Read(new ChainState(Direction.ToPerson) { Conversation = new byte[16] }.ToBytes(), key);
        var to = (HybridRecipient)person.ToRecipient();
        Should.Throw<EnvelopeException>(() => chain.SealAnswer(new byte[Message.MaxWordsLength + 1], null, to)).Fault.ShouldBe(EnvelopeFault.TooLong);
        chain.Sent.ShouldBe(0);
        Envelope.Of(EnvelopeKind.Answer, new byte[16], chain.SealAnswer(new byte[Message.MaxWordsLength], to, to)).Length.ShouldBe(Envelope.MaxLength);
    }

    public void Dispose() => _memory.Dispose();

    private static ListRequest Asked(long cursor, int most = 256) => new(VectorMessages.Token, new byte[16], cursor, most);

    /// <summary>Every prefix, then bends at random.</summary>
    private void Attack(byte[][] seeds, Action<byte[]> read)
    {
        var accepted = 0;
        foreach (var seed in seeds)
        {
            Should.NotThrow(() => read(seed));
            for (var cut = 0; cut < Math.Min(seed.Length, 400); cut++) Should.Throw<EnvelopeException>(() => read(seed[..cut]));
        }
        for (var n = 0; n < Rounds / seeds.Length; n++)
        {
            var bent = HeaderFuzzer.Bend(seeds[_random.Next(seeds.Length)], _random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bent);
                accepted++;
            }
            catch (EnvelopeException)
            {
                // Refused, as it should be.
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
        }
        accepted.ShouldBeLessThan(Rounds);
    }
}
