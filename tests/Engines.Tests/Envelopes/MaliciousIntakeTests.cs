using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>
/// An Intake that keeps everything and lies as it likes. Each test ends with what Olena, who asked for help, or the Desk
/// gets to see of it.
/// </summary>
public sealed class MaliciousIntakeTests : IDisposable
{
    private readonly LockedMemory _memory = new(256 * 1024);
    private readonly byte[] _instanceId = RandomNumberGenerator.GetBytes(32);
    private readonly InMemoryIntake _intake = new();
    private readonly Desk _desk;
    private readonly Person _olena;
    private readonly Person _danylo;

    public MaliciousIntakeTests()
    {
        _desk = new Desk(_intake, _memory);
        _olena = new Person(_intake, _desk.InboxRecipient, _instanceId, _memory);
        _danylo = new Person(_intake, _desk.InboxRecipient, _instanceId, _memory);
        _olena.Ask("допоможіть");
        _danylo.Ask("мене призвали");
        _desk.Collect();
        _desk.Answer(_olena, "ми читаємо");
        _olena.Return();
        _olena.Write("дякую");
        _desk.Collect();
    }

    [Fact]
    public void An_honest_intake_is_believed()
    {
        _desk.Answer(_olena, "де ви зараз?");
        _olena.Return().ShouldRead("Replayed: ми читаємо", "Genuine: де ви зараз?");
        _olena.Write("у Львові");
        _desk.Collect().ShouldRead("Genuine: у Львові");
        _olena.Chain.Acknowledged.ShouldBe(2);
        _desk.ChainOf(_olena).Acknowledged.ShouldBe(2);
    }

    [Fact]
    public void A_forged_answer_is_shown_to_Olena_as_tampered_with()
    {
        // Intake knows no K; at best it knows her recipient, if it had served her without scripts, and makes up a K.
        using var madeUp = _memory.Random(32);
        using var opening = Opening.Open(Opened(_danylo), _danylo.Keys.LookUpId.Span, _memory, _desk.Inbox);
        var forger = ConversationChain.Read(ConversationChain.Admit(opening, opening.Key).ToBytes(), madeUp);
        var forged = forger.SealAnswer("приходьте на вокзал"u8, null, (HybridRecipient)_olena.Keys.Identity.ToRecipient());
        _intake.Answers.Add(Envelope.Of(EnvelopeKind.Answer, _olena.Keys.LookUpId.Span, forged));
        _olena.Return()[^1].ShouldBe(new Received(Verdict.AnotherConversation));

        // With the right conversation id too, which nobody but the two sides knows.
        var state = forger.ToBytes();
        _olena.Chain.Conversation.CopyTo(state.AsMemory(4));
        forged = ConversationChain.Read(state, madeUp).SealAnswer("приходьте на вокзал"u8, null, (HybridRecipient)_olena.Keys.Identity.ToRecipient());
        _intake.Answers[^1] = Envelope.Of(EnvelopeKind.Answer, _olena.Keys.LookUpId.Span, forged);
        _olena.Return()[^1].ShouldBe(new Received(Verdict.Tampered));
    }

    [Fact]
    public void Any_flipped_bit_of_an_answer_is_shown_to_Olena_as_tampered_with()
    {
        var answer = _desk.Answer(_olena, "де ви зараз?").Sealed;
        for (var bit = 0; bit < answer.Length * 8; bit += 61)
        {
            var bent = answer.ToArray();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            _olena.Chain.Open(bent, _olena.Keys.Identity).ShouldBe(new Received(Verdict.Tampered), $"bit {bit}");
        }
        _olena.Return()[^1].Verdict.ShouldBe(Verdict.Genuine);
    }

    [Fact]
    public void A_swapped_inbox_recipient_is_refused_by_Olenas_device()
    {
        using var root = _memory.Random(32);
        using var coordinator = _memory.Random(32);
        using var intakes = HybridIdentity.Generate(_memory);
        var statement = InboxKeyTests.Statement(root, coordinator, _desk.InboxRecipient);
        var instanceId = CoordinatorCertificate.InstanceId(InboxKeyTests.PublicKey(root));
        InboxKeyStatement.Verify(statement, instanceId, InboxKeyTests.Today).Recipient.ToString().ShouldBe(_desk.InboxRecipient.ToString());
        ((HybridRecipient)intakes.ToRecipient()).PublicKey.CopyTo(statement.AsSpan(145));
        Should.Throw<EnvelopeException>(() => InboxKeyStatement.Verify(statement, instanceId, InboxKeyTests.Today)).Fault.ShouldBe(EnvelopeFault.NotSignedByCoordinator);
    }

    [Fact]
    public void A_second_opening_under_Olenas_look_up_id_replaces_nothing_at_the_desk()
    {
        // Intake asks in her name, with a recipient of its own, to have the next answer sealed to itself.
        using var intakes = new Person(_intake, _desk.InboxRecipient, _instanceId, _memory);
        var sealedBytes = intakes.Chain.SealOpening(new FirstWords { Language = "uk", Words = "це я, Олена"u8 }, intakes.Keys, _desk.InboxRecipient);
        _intake.Waiting.Add(Envelope.Of(EnvelopeKind.Message, _olena.Keys.LookUpId.Span, sealedBytes));
        _desk.Collect().ShouldRead("AnotherConversation: ");
        _desk.Answer(_olena, "де ви зараз?");
        _olena.Return()[^1].ShouldSatisfyAllConditions(one => one.Verdict.ShouldBe(Verdict.Genuine), one => one.Message!.Words.ShouldBe("де ви зараз?"));
    }

    [Fact]
    public void Intake_cannot_begin_in_the_place_of_a_person_whose_first_message_it_holds_back()
    {
        using var marko = new Person(_intake, _desk.InboxRecipient, _instanceId, _memory);
        marko.Ask("я в лісі");
        var heldBack = _intake.Waiting[0];
        using var intakes = new Person(_intake, _desk.InboxRecipient, _instanceId, _memory);
        var sealedBytes = intakes.Chain.SealOpening(new FirstWords { Language = "uk", Words = "це я, Марко"u8 }, intakes.Keys, _desk.InboxRecipient);
        _intake.Waiting[0] = Envelope.Of(EnvelopeKind.Message, marko.Keys.LookUpId.Span, sealedBytes);
        _desk.Collect().ShouldRead("AnotherConversation: ");

        // His own opens the conversation, whenever it comes, and what he writes next is of it.
        _intake.Waiting.Add(heldBack);
        marko.Write("ви мене чуєте?");
        _desk.Collect().ShouldRead("Genuine: я в лісі", "Genuine: ви мене чуєте?");
    }

    [Fact]
    public void Keys_of_another_conversation_open_and_write_nothing()
    {
        using var opening = Opening.Open(Opened(_danylo), _danylo.Keys.LookUpId.Span, _memory, _desk.Inbox);
        Should.Throw<ArgumentException>(() => ConversationChain.Admit(opening, _olena.Keys.Conversation));
        Should.Throw<ArgumentException>(() => _olena.Chain.SealBookmark(_danylo.Keys));
        Should.Throw<ArgumentException>(() => ConversationChain.Begin(_olena.Keys.Conversation)
            .SealOpening(new FirstWords { Language = "uk", Words = "слово"u8 }, _danylo.Keys, _desk.InboxRecipient)).ParamName.ShouldBe("keys");
    }

    [Fact]
    public void An_opening_put_under_another_look_up_id_is_refused_by_the_desk()
    {
        using var marko = new Person(_intake, _desk.InboxRecipient, _instanceId, _memory);
        marko.Ask("я в лісі");
        var moved = Envelope.Of(EnvelopeKind.Message, RandomNumberGenerator.GetBytes(16), _intake.Waiting[0].Sealed.ToArray());
        _intake.Waiting[0] = moved;
        _desk.Collect().ShouldRead("AnotherConversation: ");
    }

    [Fact]
    public void A_withheld_answer_is_missed_by_Olena_with_the_next()
    {
        _desk.Answer(_olena, "завтра о шостій");
        _desk.Answer(_olena, "ні, о сьомій");
        var withheld = _intake.Answers[^2];
        _intake.Answers.Remove(withheld);
        _olena.Return().ShouldRead("Replayed: ми читаємо", "Missing: ні, о сьомій [2-2 missing]");
        _olena.Chain.Missing.ShouldBe([new SequenceRange(2, 2)]);

        // And when it is handed over after all, it is known for what it is, and the Desk was told meanwhile.
        _olena.Write("о котрій?");
        _desk.Collect().Single().Message!.Lacking.ShouldBe(1);
        _intake.Answers.Add(withheld);
        _olena.Return()[^1].ShouldSatisfyAllConditions(one => one.Verdict.ShouldBe(Verdict.Reordered), one => one.Message!.Words.ShouldBe("завтра о шостій"));
        _olena.Chain.Missing.ShouldBeEmpty();
    }

    [Fact]
    public void A_withheld_message_is_missed_by_the_desk_and_stays_unacknowledged_for_Olena()
    {
        _olena.Write("не йдіть туди");
        _intake.Waiting.Clear();
        _desk.Answer(_olena, "йдемо");
        _olena.Return()[^1].Message!.Seen.ShouldBe(2);
        (_olena.Chain.Sent, _olena.Chain.Acknowledged).ShouldBe((3, 2));
        _olena.Write("ви прочитали?");
        _desk.Collect().ShouldRead("Missing: ви прочитали? [3-3 missing]");
        _desk.Answer(_olena, "одного листа немає");
        _olena.Return()[^1].Message!.ShouldSatisfyAllConditions(answer => answer.Seen.ShouldBe(4), answer => answer.Lacking.ShouldBe(1));
    }

    [Fact]
    public void Messages_in_another_order_are_put_right_and_said()
    {
        _olena.Write("перше");
        _olena.Write("друге");
        _intake.Waiting.Reverse();
        _desk.Collect().ShouldRead("Missing: друге [3-3 missing]", "Reordered: перше");
    }

    [Fact]
    public void A_replayed_message_is_known_again_by_the_desk()
    {
        _olena.Write("прийдіть");
        var kept = _intake.Waiting[0];
        _desk.Collect();
        _intake.Waiting.Add(kept);
        _desk.Collect().ShouldRead("Replayed: прийдіть");
    }

    [Fact]
    public void A_bookmark_rolled_back_beside_newer_answers_is_noticed_by_Olena()
    {
        var old = _intake.Kept[_olena.LookUp];
        _olena.Write("я переїхала");
        _desk.Collect();
        _desk.Answer(_olena, "добре");
        _intake.Kept[_olena.LookUp] = old;
        _olena.Return()[^1].ShouldSatisfyAllConditions(one => one.Verdict.ShouldBe(Verdict.RolledBack), one => one.Message!.Words.ShouldBe("добре"));

        // Her device now knows better, and what she writes takes no place twice.
        _olena.Write("чекаю");
        _desk.Collect().ShouldRead("Genuine: чекаю");
    }

    [Fact]
    public void A_bookmark_rolled_back_with_all_that_came_after_is_noticed_by_the_desk()
    {
        var old = _intake.Kept[_olena.LookUp];
        _olena.Write("я переїхала");
        _desk.Collect();
        _intake.Kept[_olena.LookUp] = old;
        _olena.Return().ShouldAllBe(one => one.Verdict == Verdict.Replayed);
        _olena.Write("ви мене чуєте?");
        _desk.Collect().ShouldRead("RolledBack: ви мене чуєте?");
    }

    [Fact]
    public void Acknowledgements_that_go_back_are_noticed_by_the_desk()
    {
        var old = _intake.Kept[_olena.LookUp];
        _desk.Answer(_olena, "де ви зараз?");
        _olena.Return();
        _olena.Write("у Львові");
        _desk.Collect();
        _intake.Kept[_olena.LookUp] = old;
        _intake.Answers.RemoveAt(_intake.Answers.Count - 1);
        _olena.Return();
        _olena.Write("що далі?");
        _olena.Write("чекаю");
        _desk.Collect().ShouldRead("RolledBack: що далі?", "RolledBack: чекаю");
    }

    [Fact]
    public void A_withheld_bookmark_is_noticed_with_the_first_answer_and_the_conversation_goes_on()
    {
        _desk.Answer(_olena, "де ви зараз?");
        _intake.Kept[_olena.LookUp] = _intake.Kept[_olena.LookUp] with { Bookmark = [] };
        _olena.Return().ShouldRead("RolledBack: ми читаємо", "RolledBack: де ви зараз?");
        _olena.Write("у Львові");
        _desk.Collect().ShouldRead("Genuine: у Львові");
    }

    [Fact]
    public void A_made_up_bookmark_is_refused()
    {
        var madeUp = ConversationChain.Begin(_danylo.Keys.Conversation).SealBookmark(_danylo.Keys);
        _intake.Kept[_olena.LookUp] = _intake.Kept[_olena.LookUp] with { Bookmark = madeUp };
        Should.Throw<EnvelopeException>(_olena.Return).Fault.ShouldBe(EnvelopeFault.Tampered);
    }

    [Fact]
    public void An_answer_to_Danylo_handed_to_Olena_is_shown_as_tampered_with()
    {
        var answer = _desk.Answer(_danylo, "ваша справа");
        _intake.Answers.Add(Envelope.Of(EnvelopeKind.Answer, _olena.Keys.LookUpId.Span, answer.Sealed.ToArray()));
        _olena.Return()[^1].ShouldBe(new Received(Verdict.Tampered));
    }

    [Fact]
    public void What_Danylo_wrote_put_under_Olenas_look_up_id_is_not_shown_in_her_case()
    {
        // Before his first answer, both are sealed to the inbox: the Desk can open it and reads whose it is.
        _danylo.Write("не телефонуйте");
        var his = _intake.Waiting[0];
        _intake.Waiting[0] = Envelope.Of(EnvelopeKind.Message, _olena.Keys.LookUpId.Span, his.Sealed.ToArray());
        _desk.Collect().ShouldRead("AnotherConversation: ");
    }

    [Fact]
    public void Her_own_words_sent_back_to_Olena_are_no_answer()
    {
        var hers = _olena.Chain.SealWords("я пишу вам"u8, _desk.InboxRecipient);
        var plain = AgeFile.Open(hers, _desk.IdentityOf(_olena));
        // Whoever could open them, as a server without scripts could, seals them to her again.
        var reflected = AgeFile.Seal(plain, _olena.Keys.Identity.ToRecipient());
        _olena.Chain.Open(reflected, _olena.Keys.Identity).ShouldBe(new Received(Verdict.WrongDirection));

        var answer = AgeFile.Open(_desk.Answer(_olena, "так").Sealed.Span, _olena.Keys.Identity);
        _desk.ChainOf(_olena).Open(AgeFile.Seal(answer, _desk.InboxRecipient), _desk.Inbox).ShouldBe(new Received(Verdict.WrongDirection));
    }

    [Fact]
    public void A_wish_to_forget_is_believed_from_Olena_and_from_nobody_else()
    {
        var lookUpId = _olena.Keys.LookUpId.Span.ToArray();
        _danylo.Forget();
        var his = _intake.Waiting[0];
        var moved = Envelope.Of(EnvelopeKind.Forget, lookUpId, his.Sealed.ToArray());
        Should.Throw<EnvelopeException>(() => _desk.CheckForget(moved)).Fault.ShouldBe(EnvelopeFault.Tampered);
        Should.NotThrow(() => _desk.CheckForget(his));

        // Words of hers, although authentic, are no wish to forget.
        _olena.Write("забудьте про мене");
        var words = Envelope.Of(EnvelopeKind.Forget, lookUpId, _intake.Waiting[^1].Sealed.ToArray());
        Should.Throw<EnvelopeException>(() => _desk.CheckForget(words));

        _olena.Forget();
        var wish = _desk.CheckForget(_intake.Waiting[^1]);
        // Handed over again, it is known again; she says it anew, and it is another.
        _desk.CheckForget(_intake.Waiting[^1]).ShouldBe(wish);
        var anew = ForgetNotice.Seal(_olena.Keys, null, _desk.InboxRecipient);
        _desk.CheckForget(Envelope.Of(EnvelopeKind.Forget, lookUpId, anew)).ShouldNotBe(wish);
        _intake.Kept.ShouldNotContainKey(_olena.LookUp);
        _intake.Answers.ShouldBeEmpty();
    }

    [Fact]
    public void A_wish_to_forget_an_earlier_conversation_is_not_one_to_forget_this()
    {
        var earlier = ForgetNotice.Seal(_olena.Keys, RandomNumberGenerator.GetBytes(16), _desk.InboxRecipient);
        var envelope = Envelope.Of(EnvelopeKind.Forget, _olena.Keys.LookUpId.Span, earlier);
        Should.Throw<EnvelopeException>(() => _desk.CheckForget(envelope)).Fault.ShouldBe(EnvelopeFault.AnotherConversation);
        var whichever = ForgetNotice.Seal(_olena.Keys, null, _desk.InboxRecipient);
        Should.NotThrow(() => _desk.CheckForget(Envelope.Of(EnvelopeKind.Forget, _olena.Keys.LookUpId.Span, whichever)));
    }

    [Fact]
    public void A_lost_answer_and_a_second_tab_take_no_place_twice()
    {
        var sealedBytes = _olena.Chain.SealWords("раз"u8, _desk.InboxRecipient);
        var body = _olena.SubmitBody(sealedBytes);
        _intake.Submit(body).ShouldBe(IntakeProtocol.Done);
        _intake.Submit(body).ShouldBe(IntakeProtocol.Done, "the answer was lost and the page tries again");
        _intake.Waiting.Count.ShouldBe(1);
        var second = _olena.SubmitBody(_olena.Chain.SealWords("два"u8, _desk.InboxRecipient));
        IntakeError.Read(_intake.Submit(second), 409).Code.ShouldBe(IntakeErrorCode.Conflict);
        body[40] ^= 1;
        IntakeError.Read(_intake.Submit(body), 409).Code.ShouldBe(IntakeErrorCode.Different);
    }

    [Fact]
    public void Keys_and_words_are_never_printed()
    {
        using var opening = Opening.Open(Opened(_danylo), _danylo.Keys.LookUpId.Span, _memory, _desk.Inbox);
        object[] printed = [opening, opening.Message, _olena.Chain, _desk.ChainOf(_olena), _olena.Return()[0], SubmitRequest.Read(_olena.SubmitBody(_olena.Chain.SealWords("слово"u8, _desk.InboxRecipient)))];
        var secrets = new[] { _olena.Keys.Conversation, _olena.Keys.Bearer, opening.Key }.Select(secret => Convert.ToHexString(secret.Span)).Concat(["мене", "читаємо", "слово"]);
        foreach (var one in printed)
        {
            foreach (var secret in secrets) one.ToString()!.ShouldNotContain(secret, Case.Insensitive);
        }
    }

    [Fact]
    public void State_and_bookmark_hold_neither_K_nor_words()
    {
        var state = _desk.ChainOf(_olena).ToBytes();
        foreach (var bytes in new[] { state, _olena.Chain.ToBytes() })
        {
            bytes.AsSpan().IndexOf(_olena.Keys.Conversation.Span).ShouldBe(-1);
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("дякую")).ShouldBe(-1);
        }
        ConversationChain.Read(state, _desk.KeyOf(_olena)).ToBytes().ShouldBe(state);
    }

    public void Dispose()
    {
        _olena.Dispose();
        _danylo.Dispose();
        _desk.Dispose();
        _memory.Dispose();
    }

    /// <summary>The opening of a person, sealed anew to the inbox.</summary>
    private byte[] Opened(Person person) => ConversationChain.Begin(person.Keys.Conversation)
        .SealOpening(new FirstWords { Language = "ru", Words = "мене призвали"u8 }, person.Keys, _desk.InboxRecipient);
}
