using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Two people change one case at once: nobody writes over what they have not seen, and no draft is lost.</summary>
public sealed class OvertakenTests : IDisposable
{
    private readonly LockedMemory _memory = new(4 << 20);
    private readonly Office _office = Office.Found();
    private readonly Keyring _marta;
    private readonly Correspondent _person;
    private readonly CaseState _case;

    public OvertakenTests()
    {
        _marta = Workforce.Hire(_office, _memory, "Marta", Roles.Caseworker);
        _person = _office.Somebody();
        _case = _office.Admit(_person);
        _office.Organisation.Access.Grant(_office.Lidia, _case.Id, _marta.User, [.. Enum.GetValues<Compartment>().Where(part => part != Compartment.Review)], null);
        _office.Organisation.Receive(_marta).ShouldBe(0);
    }

    private Cases Cases => _office.Organisation.Cases;

    private Conversations Conversations => _office.Organisation.Conversations;

    [Fact]
    public void A_stage_that_somebody_set_meanwhile_is_not_set_again_unseen()
    {
        var seen = _office.Find(_case).Head.Sequence;
        Cases.ChangeStage(_marta, _case.Id, Stage.Checking, "");
        var faster = Should.Throw<OvertakenException>(() => Cases.ChangeStage(_office.Lidia, _case.Id, Stage.Closed, "Wrong number", seen));
        faster.Change.By.ShouldBe(_marta.User);
        var now = _office.Find(_case);
        now.Stage.ShouldBe(Stage.Checking);
        now.Items.ShouldAllBe(item => item.Kind != ItemKind.Note);
        Cases.ChangeStage(_office.Lidia, _case.Id, Stage.Closed, "", now.Head.Sequence).Stage.ShouldBe(Stage.Closed);
    }

    [Fact]
    public void What_is_changed_meanwhile_in_another_place_of_the_case_overtakes_nobody()
    {
        var seen = _office.Find(_case).Head.Sequence;
        Conversations.Note(_marta, _case.Id, "He called.");
        _office.Arrive(_person.Write("Are you there?"));
        Cases.SetSafeContact(_office.Lidia, _case.Id, "Signal, after eight", seen);
        Conversations.Note(_marta, _case.Id, "He called again.");
        Cases.ChangeStage(_marta, _case.Id, Stage.Checking, "", seen);
        Conversations.Answer(_office.Lidia, _case.Id, 0, "We are here.", seen).Faults.ShouldBeEmpty();
        Should.Throw<OvertakenException>(() => Cases.SetSafeContact(_marta, _case.Id, "At home", seen)).Change.By.ShouldBe(_office.Lidia.User);
        _office.Find(_case).Safely.ShouldBe("Signal, after eight");
    }

    [Fact]
    public void The_person_is_not_answered_twice_by_two_who_do_not_know_of_each_other()
    {
        var seen = _office.Find(_case).Head.Sequence;
        Conversations.Answer(_marta, _case.Id, 0, "Stay where you are.", seen);
        var waiting = _office.Organisation.Collection.Outgoing(10).Count;
        Conversations.KeepDraft(_office.Lidia, _case.Id, "Go to your aunt's.");
        Should.Throw<OvertakenException>(() => Conversations.Answer(_office.Lidia, _case.Id, 0, "Go to your aunt's.", seen)).Change.By.ShouldBe(_marta.User);
        _office.Organisation.Collection.Outgoing(10).Count.ShouldBe(waiting);
        _office.Find(_case).Items.Count(item => item.Kind == ItemKind.Answer).ShouldBe(1);
        Conversations.Draft(_office.Lidia, _case.Id).ShouldBe("Go to your aunt's.");
        Conversations.Answer(_office.Lidia, _case.Id, 0, "Go to your aunt's.", _office.Find(_case).Head.Sequence);
        _office.Organisation.Collection.Outgoing(10).Count.ShouldBe(waiting + 1);
        Conversations.Draft(_office.Lidia, _case.Id).ShouldBe("");
    }

    [Fact]
    public void What_somebody_may_read_is_not_changed_by_who_did_not_see_how_it_is()
    {
        using var pavlo = Workforce.Hire(_office, _memory, "Pavlo", Roles.Volunteer, last: _office.Organisation.Today + 100);
        var seen = _office.Find(_case).Head.Sequence;
        _office.Organisation.Access.Grant(_marta, _case.Id, pavlo.User, [Compartment.Legal], _office.Organisation.Today + 7, seen);
        Should.Throw<OvertakenException>(() => _office.Organisation.Access.Grant(_office.Lidia, _case.Id, pavlo.User, [Compartment.Health], _office.Organisation.Today + 7, seen));
        Should.Throw<OvertakenException>(() => _office.Organisation.Access.Revoke(_office.Lidia, _case.Id, pavlo.User, seen: seen));
        _office.Find(_case).Access.Count(line => line.User == pavlo.User && line.Ended is null).ShouldBe(2);
        // Others are not concerned; and the key that they get in place of an old one is no change.
        seen = _office.Find(_case).Head.Sequence;
        _office.Organisation.Access.Revoke(_office.Lidia, _case.Id, pavlo.User, seen: seen);
        _office.Organisation.Receive(_marta).ShouldBe(0);
        _office.Organisation.Access.Revoke(_office.Lidia, _case.Id, _marta.User, seen: seen).Access.ShouldAllBe(line => line.User == _office.Lidia.User || line.Ended != null);
    }

    [Fact]
    public void Whoever_hands_over_what_ended_by_its_day_meanwhile_is_not_held_up_for_ever()
    {
        var clock = new DeskClock();
        using var office = Office.Found(clock);
        using var pavlo = Workforce.Hire(office, _memory, "Pavlo", Roles.Volunteer, last: office.Organisation.Today + 100);
        using var person = office.Somebody();
        var @case = office.Admit(person);
        office.Organisation.Access.Grant(office.Lidia, @case.Id, pavlo.User, [Compartment.Legal], office.Organisation.Today + 7);
        clock.Add(TimeSpan.FromDays(8));
        var seen = office.Find(@case).Head.Sequence;
        office.Organisation.Access.Grant(office.Lidia, @case.Id, pavlo.User, [Compartment.Legal], office.Organisation.Today + 7, seen).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Colleagues_and_common_answers_are_not_written_over_unseen_either()
    {
        var staff = _office.Organisation.Staff;
        var seen = staff.Find(_office.Lidia, _marta.User)!.User.Set!.Sequence;
        staff.Change(_office.Lidia, _marta.User, Roles.Caseworker | Roles.Triage, null, seen);
        var faster = Should.Throw<OvertakenException>(() => staff.Change(_office.Lidia, _marta.User, Roles.Reviewer, null, seen));
        faster.Change.By.ShouldBe(_office.Lidia.User);
        staff.Find(_office.Lidia, _marta.User)!.User.Roles.ShouldBe(Roles.Caseworker | Roles.Triage);

        var templates = Conversations.Templates;
        templates.Stored(_office.Lidia).ShouldBeNull();
        templates.Store(_marta, [new Template("en", "Waiting", "We read it.")], 0);
        Should.Throw<OvertakenException>(() => templates.Store(_office.Lidia, [], 0)).Change.By.ShouldBe(_marta.User);
        templates.Read(_office.Lidia)!.ShouldHaveSingleItem();
        templates.Store(_office.Lidia, [], templates.Stored(_office.Lidia)!.Sequence);
        templates.Read(_marta)!.ShouldBeEmpty();
    }

    [Fact]
    public void Drafts_of_every_kind_outlive_a_new_key_a_restart_and_a_colleagues_answer()
    {
        using var pavlo = Workforce.Hire(_office, _memory, "Pavlo", Roles.Caseworker);
        _office.Organisation.Access.Grant(_office.Lidia, _case.Id, pavlo.User, [Compartment.Contact], null);
        foreach (var kind in Enum.GetValues<DraftKind>()) Conversations.KeepDraft(_office.Lidia, _case.Id, $"Draft {kind}", kind);
        Conversations.KeepDraft(_marta, _case.Id, "Marta's own");
        var before = _office.Lidia.Keychain.Newest(_case.Id, Compartment.Contact)!.Number;
        _office.Organisation.Access.Revoke(_office.Lidia, _case.Id, pavlo.User);
        Conversations.Note(_office.Lidia, _case.Id, "A new key.");
        Conversations.Draft(_office.Lidia, _case.Id, DraftKind.Note).ShouldBe("", "the note was written");
        _office.Lidia.Keychain.Newest(_case.Id, Compartment.Contact)!.Number.ShouldBe(before + 1);
        _office.Organisation.Receive(_marta).ShouldBe(0);
        Conversations.Answer(_marta, _case.Id, 0, "We are here.");
        Conversations.Draft(_marta, _case.Id).ShouldBe("", "hers was sent");
        _office.Close();
        _office.Reopen();
        Conversations.Draft(_office.Lidia, _case.Id, DraftKind.Answer).ShouldBe("Draft Answer");
        Conversations.Draft(_office.Lidia, _case.Id, DraftKind.SafeContact).ShouldBe("Draft SafeContact");
    }

    [Fact]
    public void Whoever_is_let_out_cannot_open_their_own_draft_until_they_are_let_in_again()
    {
        Conversations.KeepDraft(_marta, _case.Id, "I was just writing");
        var rows = _office.Query<long>("SELECT count(*) FROM rows");
        _office.Organisation.Access.Revoke(_office.Lidia, _case.Id, _marta.User);
        _office.Organisation.Receive(_marta);
        Conversations.Draft(_marta, _case.Id).ShouldBe("");
        Should.Throw<CaseworkException>(() => Conversations.KeepDraft(_marta, _case.Id, "and more"));
        Pseudonym.Of(_marta, _case.Id).ShouldBeNull();
        _office.Query<long>("SELECT count(*) FROM rows").ShouldBe(rows);
        _office.Organisation.Access.Grant(_office.Lidia, _case.Id, _marta.User, [Compartment.Contact], null);
        _office.Organisation.Receive(_marta).ShouldBe(0);
        Conversations.Draft(_marta, _case.Id).ShouldBe("I was just writing");
        Conversations.Draft(_office.Lidia, _case.Id).ShouldBe("", "nobody else finds it");
    }

    [Fact]
    public void The_pseudonym_of_a_case_is_one_for_all_who_read_it_and_stays_when_its_key_is_renewed()
    {
        using var pavlo = Workforce.Hire(_office, _memory, "Pavlo", Roles.Volunteer, last: _office.Organisation.Today + 100);
        Pseudonym.Of(pavlo, _case.Id).ShouldBeNull();
        _office.Organisation.Access.Grant(_office.Lidia, _case.Id, pavlo.User, [Compartment.Legal], _office.Organisation.Today + 7);
        _office.Organisation.Receive(pavlo).ShouldBe(0);
        var name = Pseudonym.Of(_office.Lidia, _case.Id).ShouldNotBeNull();
        name.ShouldNotContain(_case.Id.ToString());
        Pseudonym.Of(pavlo, _case.Id).ShouldBe(name);
        _office.Organisation.Access.Revoke(_office.Lidia, _case.Id, pavlo.User);
        _office.Organisation.Receive(_marta).ShouldBe(0);
        Pseudonym.Of(_office.Lidia, _case.Id).ShouldBe(name);
        Pseudonym.Of(_marta, _case.Id).ShouldBe(name);
    }

    public void Dispose()
    {
        _person.Dispose();
        _marta.Dispose();
        _office.Dispose();
        _memory.Dispose();
    }
}
