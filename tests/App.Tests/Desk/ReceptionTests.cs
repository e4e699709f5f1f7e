using Shouldly;
using Understory.Casework;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>What comes in at the Desk, however it comes: nothing is lost, nothing is doubled, nothing keeps others waiting.</summary>
public sealed class ReceptionTests : IDisposable
{
    private readonly Office _office = Office.Found();

    [Fact]
    public void What_cannot_be_taken_in_is_said_and_keeps_no_other_case_waiting()
    {
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        var (hers, his) = (_office.Admit(marta), _office.Admit(pavlo, name: "silver door"));
        // The entry that holds the keys of Marta's conversation.
        _office.Flip("entries", "entry", "journal = @id AND sequence = 2", new { id = hers.Id.ToArray() });
        _office.Arrive(marta.Write("Are you there?"), pavlo.Write("I am at my aunt's."));

        var page = _office.Organisation.Inbox.Read(_office.Lidia);
        page.Held.ShouldHaveSingleItem().Case.ShouldBe(hers.Id);
        page.Held[0].Why.ShouldContain("cannot be read");
        _office.Find(his).Items[^1].Words.ShouldBe("I am at my aunt's.");
        _office.Find(hers).Faults.ShouldContain(fault => fault.StartsWith("Entry 2:", StringComparison.Ordinal));
        _office.Organisation.Collection.Waiting.ShouldBe(1, "what cannot be taken in stays");
        page.Cases.Select(card => card.Name).ShouldBe(["amber river", "silver door"], ignoreOrder: true);
    }

    [Fact]
    public void The_same_envelope_brought_again_is_one_message()
    {
        using var marta = _office.Somebody();
        var @case = _office.Admit(marta);
        var again = marta.Write("Are you there?");
        for (var time = 0; time < 3; time++)
        {
            _office.Arrive(again);
            _office.Organisation.Inbox.Read(_office.Lidia).Held.ShouldBeEmpty();
        }
        _office.Find(@case).Items.Select(item => item.Words).ShouldBe(["They came to my mother's door.", "Are you there?"]);
        _office.Organisation.Collection.Waiting.ShouldBe(0);
    }

    [Fact]
    public void A_request_brought_again_after_it_was_admitted_is_no_new_request()
    {
        using var marta = _office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        _office.Arrive(asked);
        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, asked.RequestId.ToArray(), "amber river");
        _office.Arrive(asked);
        _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldBeEmpty();
        _office.Find(@case).Items.ShouldHaveSingleItem();
    }

    [Fact]
    public void Whoever_begins_again_with_the_same_receipt_is_heard_in_the_same_case()
    {
        using var marta = _office.Somebody();
        var @case = _office.Admit(marta);
        _office.Arrive(marta.Forget());
        using var later = marta.OnAnotherDevice();
        _office.Arrive(later.Ask("It is me again. They came back."));
        _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldBeEmpty();
        _office.Arrive(later.Write("I left."), marta.Write("This is from the first device."));
        _office.Organisation.Inbox.Read(_office.Lidia);

        @case = _office.Find(@case);
        @case.Conversations.Count.ShouldBe(2);
        @case.ForgettingAsked.ShouldNotBeNull();
        @case.Items.Select(item => (item.Conversation, item.Words, item.Verdict)).ShouldBe([
            (0, "They came to my mother's door.", Verdict.Genuine),
            (1, "It is me again. They came back.", Verdict.Genuine),
            (1, "I left.", Verdict.Genuine),
            (0, "This is from the first device.", Verdict.Genuine),
        ]);
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 1, "We hear you.");
        later.Read(_office.Organisation.Collection.Outgoing(10).Single()).Message!.Words.ShouldBe("We hear you.");
    }

    [Fact]
    public void A_wish_to_be_forgotten_counts_before_and_after_somebody_decided_and_once()
    {
        using var marta = _office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        var forget = marta.Forget();
        _office.Arrive(asked, forget);
        var request = _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem();
        (request.WantsForgetting, request.More).ShouldBe((true, 0));
        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, request.Request, "amber river");
        @case.ForgettingAsked.ShouldNotBeNull();

        var before = @case.Head.Sequence;
        _office.Arrive(forget);
        _office.Organisation.Inbox.Read(_office.Lidia);
        _office.Find(@case).Head.Sequence.ShouldBe(before, "a notice that is repeated says nothing new");
        _office.Arrive(marta.Forget());
        _office.Organisation.Inbox.Read(_office.Lidia);
        _office.Find(@case).Head.Sequence.ShouldBe(before + 1, "another one is another decision of hers");
    }

    [Fact]
    public void Whoever_has_no_receipt_cannot_ask_to_forget_or_write_and_both_are_shown()
    {
        using var marta = _office.Somebody();
        using var stranger = _office.Somebody();
        var @case = _office.Admit(marta);
        _office.Arrive(
            Envelope.Of(EnvelopeKind.Forget, marta.Keys.LookUpId.Span, ForgetNotice.Seal(stranger.Keys, marta.Chain.Conversation, _office.Inbox())),
            Envelope.Of(EnvelopeKind.Message, marta.Keys.LookUpId.Span, stranger.Ask("I am Marta.").Sealed.ToArray()));
        _office.Organisation.Inbox.Read(_office.Lidia);
        @case = _office.Find(@case);
        @case.ForgettingAsked.ShouldBeNull();
        @case.Conversations.ShouldHaveSingleItem();
        @case.Items.Skip(1).Select(item => (item.Verdict, item.Words)).ShouldBe([(Verdict.Tampered, null), (Verdict.AnotherConversation, null)], ignoreOrder: true);
    }

    [Fact]
    public void What_comes_in_another_order_is_put_in_its_place()
    {
        using var marta = _office.Somebody();
        var @case = _office.Admit(marta);
        var (second, third) = (marta.Write("second"), marta.Write("third"));
        _office.Arrive(third);
        _office.Organisation.Inbox.Read(_office.Lidia);
        _office.Find(@case).Conversations[0].Missing.ShouldHaveSingleItem();
        _office.Arrive(second);
        _office.Organisation.Inbox.Read(_office.Lidia);
        @case = _office.Find(@case);
        @case.Conversations[0].Missing.ShouldBeEmpty();
        @case.Items.Select(item => item.Verdict).ShouldBe([Verdict.Genuine, Verdict.Missing, Verdict.Reordered]);
    }

    [Fact]
    public void The_longest_words_are_taken_in_also_where_they_leave_no_room_for_what_the_conversation_remembers()
    {
        using var marta = _office.Somebody();
        var longest = string.Concat(Enumerable.Repeat("є", Message.MaxWordsLength / 2));
        var @case = _office.Admit(marta, longest);
        @case.Items.ShouldHaveSingleItem().Words.ShouldBe(longest);
        // Every other message stays away: each gap has to be remembered.
        for (var pair = 0; pair < 140; pair++)
        {
            marta.Write("lost");
            _office.Arrive(marta.Write("here"));
        }
        _office.Arrive(marta.Write(longest), marta.Write("after"));
        for (var time = 0; time < 3; time++) _office.Organisation.Inbox.Read(_office.Lidia).Held.ShouldBeEmpty();
        @case = _office.Find(@case);
        @case.Faults.ShouldBeEmpty();
        @case.Items.Count.ShouldBe(143);
        @case.Items[^2].Words.ShouldBe(longest);
        (@case.Items[^1].Words, @case.Items[^1].Verdict).ShouldBe(("after", Verdict.Genuine), "the state behind the long words was kept");
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, new string('x', Conversations.MaxWords));
        marta.Read(_office.Organisation.Collection.Outgoing(1).Single()).Verdict.ShouldBe(Verdict.Genuine);
        Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, new string('x', Conversations.MaxWords + 1))).Message.ShouldContain("too long");
    }

    [Fact]
    public void Intake_may_name_any_day_and_send_any_kind()
    {
        using var marta = _office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        var backwards = Envelope.Of(EnvelopeKind.Answer, marta.Keys.LookUpId.Span, asked.Sealed.ToArray());
        _office.Organisation.Collection.Keep(
            [Told(asked, long.MaxValue), Told(backwards, -5)], _office.Organisation.Collection.Place with { Cursor = long.MaxValue });
        var request = _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem();
        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, request.Request, "amber river");
        @case.Items.Where(item => item.Words is not null).ShouldHaveSingleItem();
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, "We read it.");
        _office.Organisation.Collection.KeepFetched([(_office.Organisation.Collection.Outgoing(1)[0].RequestId.ToArray(), long.MinValue)], _office.Organisation.Collection.Place);
        _office.Organisation.Inbox.Read(_office.Lidia).Held.ShouldBeEmpty();
        _office.Find(@case).Items[^1].ShouldSatisfyAllConditions(
            answer => answer.Fetched.ShouldBe(new DateOnly(1970, 1, 2)), answer => answer.IsUndeliverable.ShouldBeFalse("only this Desk says that"));

        static (Listed, Envelope) Told(Envelope envelope, long day) =>
            (new Listed(envelope.Kind, envelope.LookUpId.ToArray(), envelope.RequestId.ToArray(), day, envelope.Sealed.Length, envelope.Hash), envelope);
    }

    [Fact]
    public void What_nobody_can_open_waits_behind_nothing_and_can_be_thrown_away()
    {
        using var marta = _office.Somebody();
        using var noise = _office.Somebody();
        var junk = noise.Ask("junk");
        var damaged = junk.Sealed.ToArray();
        damaged[^40] ^= 1;
        var unreadable = Enumerable.Range(0, 3).Select(_ => Envelope.Of(EnvelopeKind.Message, noise.Keys.LookUpId.Span, damaged)).ToArray();
        _office.Arrive([.. unreadable, marta.Ask("They came to my mother's door.", Urgency.Today)]);
        var requests = _office.Organisation.Inbox.Read(_office.Lidia).Requests;
        requests.Count.ShouldBe(2);
        requests[0].Words.ShouldBe("They came to my mother's door.");
        (requests[1].Fault, requests[1].More).ShouldBe(("It cannot be opened: it was damaged on the way, sealed to a key that you do not have, or its beginning was withheld.", 2));
        Should.Throw<CaseworkException>(() => _office.Organisation.Inbox.Admit(_office.Lidia, requests[1].Request, "amber river")).Message.ShouldContain("thrown away");
        _office.Organisation.Inbox.MarkSpam(_office.Lidia, requests[1].Request, requests[1].Arrived);
        _office.Organisation.Inbox.MarkSpam(_office.Lidia, requests[0].Request, requests[0].Arrived);
        _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldBeEmpty();
        _office.Organisation.Collection.Discarded(10).Count.ShouldBe(2);
    }

    [Fact]
    public void What_came_after_somebody_looked_is_not_thrown_away_unseen()
    {
        using var marta = _office.Somebody();
        _office.Arrive(marta.Ask("asdf"));
        var seen = _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem();
        _office.Arrive(marta.Write("That was my little brother. They came to my mother's door."));
        Should.Throw<CaseworkException>(() => _office.Organisation.Inbox.MarkSpam(_office.Lidia, seen.Request, seen.Arrived)).Message.ShouldContain("nothing was thrown away");
        var now = _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem();
        (now.More, now.Arrived).ShouldBe((1, 2L));
        _office.Organisation.Inbox.MarkSpam(_office.Lidia, now.Request, now.Arrived);
        _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Names_and_words_that_cannot_be_shown_or_kept_are_refused_in_a_sentence()
    {
        using var marta = _office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        _office.Arrive(asked);
        foreach (var name in (string[])["", "  ", "two\nlines", "tab\tbed", "turned \u202egnuor", "zero\0", "half \ud83d", new string('x', 257), "joined\u200bwords"])
            Should.Throw<CaseworkException>(() => _office.Organisation.Inbox.Admit(_office.Lidia, asked.RequestId.ToArray(), name), name);
        var longest = string.Concat(Enumerable.Repeat("є", 128));
        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, asked.RequestId.ToArray(), longest);
        _office.Organisation.Inbox.Read(_office.Lidia).Cases.ShouldHaveSingleItem().Name.ShouldBe(longest);
        foreach (var words in (string[])["", " \n", "half \udc00", new string('x', 500_001)])
        {
            Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, words));
            Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Note(_office.Lidia, @case.Id, words));
        }
        Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 1, "To whom?"));
        Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Templates.Store(_office.Lidia, [new Template("english", "x", "y")]));
        Should.Throw<CaseworkException>(() => _office.Lidia.SetLanguage("english"));
        _office.Find(@case).Items.ShouldHaveSingleItem();
        _office.Organisation.Conversations.Note(_office.Lidia, @case.Id, "a\tb\r\nc \u202e").Items[^1].Words.ShouldBe("a\tb\r\nc \u202e", "words stay as they were written: pages guard");
    }

    [Fact]
    public void A_reason_is_for_those_who_read_the_conversation_and_not_for_everybody_who_works_the_case()
    {
        using var marta = _office.Somebody();
        var @case = _office.Admit(marta);
        @case = _office.Organisation.Cases.ChangeStage(_office.Lidia, @case.Id, Stage.Closed, "She asked us to stop.");
        (@case.Items[^1].Kind, @case.Items[^1].Words).ShouldBe((ItemKind.Note, "She asked us to stop."));
        var lines = _office.Organisation.Cases.Journal(_office.Lidia, @case.Id)!;
        lines[^1].Line.Entry!.Kind!.Compartment.ShouldBe(Understory.Journal.Compartment.Contact);
    }

    public void Dispose() => _office.Dispose();
}
