using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>An organisation grows: people are invited, cases are opened to them and closed to them again, and they leave.</summary>
public sealed class ManyHandsTests : IDisposable
{
    private readonly LockedMemory _memory = new(4 << 20);
    private readonly Office _office = Office.Found();

    [Fact]
    public void Somebody_who_was_invited_reads_nothing_until_a_coordinator_has_compared_the_fingerprint()
    {
        var printed = _office.Organisation.Staff.Invite(_office.Lidia, "Marta", Roles.Caseworker | Roles.Triage, null);
        using var person = _office.Somebody();
        _office.Arrive(person.Ask("They came to my mother's door."));
        using var joining = _office.Organisation.Staff.BeginJoining(printed.Code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal), WordList.For("en"), _memory)!;
        joining.Name.ShouldBe("Marta");
        using var marta = joining.Complete("en");
        _office.Organisation.Receive(marta);
        marta.Self.ShouldBeNull();
        _office.Organisation.Inbox.Read(marta).Requests.ShouldBeEmpty();
        _office.Organisation.Staff.All(marta).ShouldBeEmpty();

        var claimed = _office.Organisation.Staff.Invitations(_office.Lidia).ShouldHaveSingleItem();
        claimed.Fingerprint.ShouldBe(marta.Fingerprint);
        Should.Throw<CaseworkException>(() => _office.Organisation.Staff.Confirm(_office.Lidia, printed.User, "00000 00000 00000 00000 00000 00000"));
        _office.Organisation.Staff.Confirm(_office.Lidia, printed.User, marta.Fingerprint);

        _office.Organisation.Receive(marta).ShouldBe(0);
        marta.May(Roles.Caseworker).ShouldBeTrue();
        _office.Organisation.Staff.All(marta).Select(member => member.Name).ShouldBe(["Lidia", "Marta"], ignoreOrder: true);
        _office.Organisation.Inbox.Read(marta).Requests.ShouldHaveSingleItem().Words.ShouldBe("They came to my mother's door.");
        Should.Throw<CaseworkException>(() => _office.Organisation.Staff.Invite(marta, "Ghost", Roles.Caseworker, null));
    }

    [Fact]
    public void A_part_of_a_case_is_opened_for_a_week_and_ends_by_itself()
    {
        var clock = new DeskClock();
        using var office = Office.Found(clock);
        using var pavlo = Hire(office, "Pavlo", Roles.Volunteer, last: office.Organisation.Today + 100);
        using var person = office.Somebody();
        var @case = office.Admit(person);
        office.Organisation.Cases.Find(pavlo, @case.Id).ShouldBeNull();

        office.Organisation.Access.Grant(office.Lidia, @case.Id, pavlo.User, [Compartment.Legal], office.Organisation.Today + 7);
        office.Organisation.Receive(pavlo).ShouldBe(0);
        var seen = office.Organisation.Cases.Find(pavlo, @case.Id).ShouldNotBeNull();
        seen.Name.ShouldBe("amber river");
        seen.Items.ShouldBeEmpty();
        seen.Access.Count(line => line.User == pavlo.User).ShouldBe(2);

        clock.Add(TimeSpan.FromDays(8));
        office.Organisation.Cases.Find(pavlo, @case.Id).ShouldBeNull();
        office.Organisation.Conversations.Note(office.Lidia, @case.Id, "He called.");
        office.Find(@case).Access.Where(line => line.User == pavlo.User).ShouldAllBe(line => line.Ended != null);
        office.Find(@case).Faults.ShouldBeEmpty();
        office.Query<long>("SELECT count(*) FROM wraps").ShouldBe(0);
    }

    [Fact]
    public void Handing_over_leaves_the_giver_without_keys_and_the_taker_with_all()
    {
        using var marta = Hire(_office, "Marta", Roles.Caseworker);
        using var person = _office.Somebody();
        var @case = _office.Admit(person);
        _office.Organisation.Access.HandOver(_office.Lidia, @case.Id, marta.User);
        _office.Organisation.Cases.Find(_office.Lidia, @case.Id).ShouldBeNull();
        _office.Organisation.Receive(marta).ShouldBe(0);
        var state = _office.Organisation.Cases.Find(marta, @case.Id).ShouldNotBeNull();
        state.Faults.ShouldBeEmpty();
        state.Items.ShouldNotBeEmpty();
        _office.Organisation.Conversations.Answer(marta, @case.Id, 0, "We are here.").Items.Count.ShouldBe(2);
        _office.Arrive(person.Write("Thank you."));
        _office.Organisation.Inbox.Read(marta).Held.ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_leaves_signs_in_no_more_and_what_they_had_by_role_gets_new_keys()
    {
        using var marta = Hire(_office, "Marta", Roles.Caseworker | Roles.Triage);
        using var pavlo = Hire(_office, "Pavlo", Roles.Caseworker | Roles.Triage);
        _office.Organisation.Staff.Leave(_office.Lidia, marta.User);
        Should.Throw<CaseworkException>(() => _office.Organisation.Inbox.Read(marta)).Message.ShouldContain("ended");
        _office.Organisation.Receive(pavlo).ShouldBe(0);
        using var person = _office.Somebody();
        _office.Arrive(person.Ask("I am at the border."));
        _office.Organisation.Inbox.Read(pavlo).Requests.ShouldHaveSingleItem().Words.ShouldBe("I am at the border.");
        using var again = _office.AnotherSession();
        _office.Organisation.Staff.All(again).Count.ShouldBe(3);
    }

    [Fact]
    public void What_is_written_after_somebody_left_has_a_key_that_they_never_had()
    {
        using var marta = Hire(_office, "Marta", Roles.Caseworker);
        using var person = _office.Somebody();
        var @case = _office.Admit(person);
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, marta.User, [Compartment.Contact], null);
        _office.Organisation.Receive(marta).ShouldBe(0);
        // What a program of hers kept.
        var copied = marta.Keychain.Newest(@case.Id, Compartment.Contact)!.KeyId;
        _office.Organisation.Staff.Leave(_office.Lidia, marta.User);
        var state = _office.Organisation.Conversations.Note(_office.Lidia, @case.Id, "He moved to another flat.");
        _office.Lidia.Keychain.Newest(@case.Id, Compartment.Contact)!.KeyId.ShouldNotBe(copied);
        state.Access.Where(line => line.User == marta.User).ShouldAllBe(line => line.Ended != null);
        var last = _office.Query<byte[]>("SELECT entry FROM entries WHERE journal = @id ORDER BY sequence DESC LIMIT 1", new { id = @case.Id.ToArray() });
        SealedEntry.Parse(last).Header.KeyId.ShouldNotBe(copied);
        _office.Find(@case).Faults.ShouldBeEmpty();
        _office.Query<long>("SELECT count(*) FROM notices").ShouldBe(0, "nobody looks into her box any more");
    }

    [Fact]
    public void Who_cannot_read_the_conversation_does_not_take_the_case_out_of_those_that_wait()
    {
        using var taras = Hire(_office, "Taras", Roles.Reviewer);
        using var person = _office.Somebody();
        var @case = _office.Admit(person);
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, taras.User, [Compartment.Legal], _office.Organisation.Today + 7);
        _office.Organisation.Receive(taras).ShouldBe(0);
        var before = _office.Organisation.Inbox.Cases(_office.Lidia).ShouldHaveSingleItem();
        (before.Unread, before.WaitingSince is null).ShouldBe((1, false));
        _office.Organisation.Cases.MarkSeen(taras, @case.Id, long.MaxValue);
        _office.Organisation.Inbox.Cases(_office.Lidia).ShouldHaveSingleItem().ShouldBe(before);
        _office.Organisation.Cases.ChangeStage(taras, @case.Id, Stage.Checking, "");
        _office.Organisation.Inbox.Cases(_office.Lidia).ShouldHaveSingleItem().ShouldBe(before with { Stage = Stage.Checking });
    }

    public void Dispose()
    {
        _office.Dispose();
        _memory.Dispose();
    }

    private Keyring Hire(Office office, string name, Roles roles, int? last = null) => Workforce.Hire(office, _memory, name, roles, last);
}
