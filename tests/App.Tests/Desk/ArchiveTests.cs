using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Closed cases leave everybody's keychain after 90 days, and coordinators take them out one by one.</summary>
public sealed class ArchiveTests
{
    [Fact]
    public void A_case_closed_long_ago_is_in_nobodys_keychain_and_a_coordinator_takes_it_out_with_a_reason()
    {
        var clock = new DeskClock();
        using var office = Office.Found(clock);
        using var memory = new Sealing.LockedMemory(4 << 20);
        using var marta = Workforce.Hire(office, memory, "Marta", Roles.Caseworker);
        using var person = office.Somebody();
        using var other = office.Somebody();
        var (closed, open) = (office.Admit(person), office.Admit(other, name: "silver door"));
        office.Organisation.Access.Grant(office.Lidia, closed.Id, marta.User, [Compartment.Contact, Compartment.Legal], null);
        office.Organisation.Receive(marta);
        office.Organisation.Cases.ChangeStage(office.Lidia, closed.Id, Stage.Closed, "He is safe.");
        // Who writes later has fewer keys: nothing in the archive gets less.
        office.Organisation.Conversations.Note(marta, closed.Id, "He wrote from abroad.");

        clock.Add(TimeSpan.FromDays(Archive.DaysKept + 1));
        using var lidia = office.AnotherSession();
        office.Organisation.Cases.Find(lidia, closed.Id).ShouldBeNull();
        office.Organisation.Cases.Find(lidia, open.Id).ShouldNotBeNull();
        office.Organisation.Inbox.Read(lidia).Cases.ShouldHaveSingleItem().Name.ShouldBe("silver door");
        office.Organisation.Archive.List(marta, 0, 10).ShouldBeEmpty();
        Should.Throw<CaseworkException>(() => office.Organisation.Archive.TakeOut(marta, closed.Id, "I want to."));
        office.Organisation.Archive.List(lidia, 0, 10).ShouldHaveSingleItem().Name.ShouldBe("amber river");
        Should.Throw<CaseworkException>(() => office.Organisation.Archive.TakeOut(lidia, closed.Id, " "));
        Should.Throw<CaseworkException>(() => office.Organisation.Archive.TakeOut(lidia, open.Id, "It is not there."));

        var taken = office.Organisation.Archive.TakeOut(lidia, closed.Id, "An investigator asks.");
        taken.Faults.ShouldBeEmpty();
        taken.Items.Select(item => item.Words).ShouldContain("They came to my mother's door.");
        taken.Items.Select(item => item.Words).ShouldContain("An investigator asks.");
        taken.Access.Count(line => line.User == lidia.User && line.Until == office.Organisation.Today + Archive.DaysOpen).ShouldBe(8);

        clock.Add(TimeSpan.FromDays(Archive.DaysOpen + 1));
        using var later = office.AnotherSession();
        office.Organisation.Cases.Find(later, closed.Id).ShouldBeNull();
        office.Organisation.Archive.List(later, 0, 10).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_is_opened_again_leaves_the_archive_and_rows_that_somebody_wrote_into_it_take_nobodys_keys()
    {
        var clock = new DeskClock();
        using var office = Office.Found(clock);
        using var person = office.Somebody();
        using var other = office.Somebody();
        var (again, open) = (office.Admit(person), office.Admit(other, name: "silver door"));
        office.Organisation.Cases.ChangeStage(office.Lidia, again.Id, Stage.Closed, "");
        office.Query<long>("SELECT count(*) FROM archive").ShouldBe(1);
        office.Organisation.Cases.ChangeStage(office.Lidia, again.Id, Stage.InContact, "They came back.");
        office.Query<long>("SELECT count(*) FROM archive").ShouldBe(0);
        office.Execute("INSERT INTO archive VALUES (randomblob(16), @journal, 0, randomblob(700))", new { journal = open.Id.ToArray() });
        using var later = office.AnotherSession();
        office.Organisation.Cases.Find(later, open.Id).ShouldNotBeNull();
    }
}
