using Shouldly;
using Understory.App.Tests.Intake;
using Understory.Casework;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Clocks that are wrong, and setting up twice.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData("1969-12-31T23:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void A_clock_at_either_end_of_time_keeps_nobody_from_working_and_does_no_lasting_harm(string time)
    {
        var calendar = new Calendar { Now = DateTimeOffset.Parse(time) };
        using var office = Office.Found(calendar);
        using var marta = office.Somebody();
        var @case = office.Admit(marta);
        office.Organisation.Conversations.Answer(office.Lidia, @case.Id, 0, "We read it.");
        office.Organisation.Inbox.Read(office.Lidia).Cases.ShouldHaveSingleItem();
        office.Find(@case).Faults.ShouldBeEmpty();

        calendar.Now = new DateTimeOffset(2026, 5, 4, 11, 47, 13, TimeSpan.Zero);
        using var again = office.AnotherSession();
        office.Inbox().ShouldNotBeNull("today's inbox key is there and verifies");
        using var pavlo = office.Somebody();
        office.Admit(pavlo, name: "silver door");
        office.Find(@case).Items.Count.ShouldBe(2);
    }

    [Fact]
    public void After_three_years_whoever_has_the_roots_key_signs_in_and_is_a_coordinator_still()
    {
        var calendar = new Calendar();
        using var office = Office.Found(calendar);
        calendar.Now = calendar.Now.AddDays(3 * 365);
        using var again = office.AnotherSession();
        using var marta = office.Somebody();
        office.Admit(marta).Faults.ShouldBeEmpty();
        // The statement of a week that was deleted is made again for the same key.
        office.Execute("DELETE FROM inbox_keys");
        using var later = office.AnotherSession();
        office.Inbox().ShouldNotBeNull();
    }

    [Fact]
    public void Whoever_sets_up_a_second_time_is_refused_and_takes_nothing_away()
    {
        using var folder = new TemporaryFolder();
        using var memory = new LockedMemory(1 << 20);
        using var organisation = Organisation.Open(folder.Path, TimeProvider.System);
        using var first = organisation.BeginFounding(WordList.For("en"), memory);
        using var second = organisation.BeginFounding(WordList.For("en"), memory);
        Should.Throw<CaseworkException>(() => first.Complete("Open Door", new string('x', 300), "en"));
        Should.Throw<CaseworkException>(() => first.Complete("Open Door", "Lidia", "english"));
        Should.Throw<CaseworkException>(() => first.Complete("Open\nDoor", "Lidia", "en"));
        organisation.IsFounded.ShouldBeFalse();
        using var lidia = first.Complete("Open Door", "Lidia", "en");
        var node = File.ReadAllBytes(Path.Combine(folder.Path, "node.key"));
        Should.Throw<CaseworkException>(() => second.Complete("Shut Door", "Bohdan", "en")).Message.ShouldContain("set up already");
        File.ReadAllBytes(Path.Combine(folder.Path, "node.key")).ShouldBe(node);
        using var again = organisation.Unlock("Lidia", first.Passphrase, memory);
        again.ShouldNotBeNull();
    }
}
