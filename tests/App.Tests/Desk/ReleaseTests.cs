using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Casework;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// A Desk's folder as each release left it, with invented people, kept under <c>Desk/Releases/VERSION</c>: the newest program
/// opens it, brings it to its own version, and reads every case. One for each version of the database.
/// </summary>
public sealed class ReleaseTests
{
    private const int Cases = 5;

    public static TheoryData<int> Versions => [.. Directory.EnumerateDirectories(Kept).Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)).Order()];

    private static string Kept => Path.Combine(AppContext.BaseDirectory, "Desk", "Releases");

    [Theory, MemberData(nameof(Versions))]
    public void A_Desk_of_every_release_is_opened_and_every_case_in_it_is_read(int version)
    {
        using var folder = CopyOf(version);
        using var office = Office.Join(folder, Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(Kept, $"{version}", "passphrase")).Trim()));
        office.Query<int>("PRAGMA user_version").ShouldBe(DeskStore.Version);
        office.Organisation.CheckLog().ShouldBeEmpty();
        var inbox = office.Organisation.Inbox.Read(office.Lidia);
        inbox.Damaged.ShouldBe(0);
        inbox.Requests.Select(request => request.Words).ShouldBe(["Ihor waits."]);
        var cases = office.Organisation.Inbox.Cases(office.Lidia);
        cases.Count.ShouldBe(Cases);
        foreach (var card in cases)
        {
            var found = office.Organisation.Cases.Find(office.Lidia, card.Id)!;
            found.Faults.ShouldBeEmpty();
            found.IsReadOnly.ShouldBeFalse();
            office.Organisation.Cases.Journal(office.Lidia, card.Id)!.ShouldAllBe(line => !line.Line.IsFault && line.IsInLog && line.Author == LineAuthor.Self);
        }
        var marta = office.Organisation.Cases.Find(office.Lidia, cases.Single(card => card.Name == "amber river").Id)!;
        marta.Items.Select(item => item.Words).ShouldBe(["They came to my mother's door.", "Stay where you are.", "She is at her aunt's.", "Thank you."]);
        office.Organisation.Conversations.Draft(office.Lidia, marta.Id).ShouldBe("We found a law");
        office.Organisation.Conversations.Templates.Read(office.Lidia)!.Single().Title.ShouldBe("We read it");
        // It goes on from there.
        office.Organisation.Conversations.Answer(office.Lidia, marta.Id, 0, "We found a lawyer.").Faults.ShouldBeEmpty();
    }

    /// <summary>Before a migration is added, <see cref="Write"/> keeps what it will migrate.</summary>
    [Fact]
    public void Each_earlier_version_of_the_database_has_its_fixture() =>
        Enumerable.Range(1, Math.Max(1, DeskStore.Version - 1)).Except(Versions.Select(row => row.Data)).ShouldBeEmpty();

    /// <summary>Writes the fixture of this version. Run it with <c>-explicit only</c>; the old ones stay.</summary>
    [Fact(Explicit = true)]
    public void Write()
    {
        var target = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("UNDERSTORY_WRITE_RELEASE").ShouldNotBeNull("the folder Releases to write to"), $"{DeskStore.Version}")).FullName;
        using var folder = new TemporaryFolder();
        using (var office = Office.Found(folder: folder))
        {
            Populate(office);
            File.WriteAllText(Path.Combine(target, "passphrase"), Encoding.UTF8.GetString(office.Passphrase.Span) + "\n");
            File.WriteAllText(Path.Combine(target, "recovery"), office.Recovery + "\n");
        }
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, DeskStore.Name)};Pooling=False"))
        {
            connection.Open();
            connection.Execute("PRAGMA journal_mode = DELETE");
            connection.Execute("VACUUM");
        }
        foreach (var file in (string[])[DeskStore.Name, "node.key", "checkpoint"]) File.Copy(Path.Combine(folder.Path, file), Path.Combine(target, file), overwrite: true);
    }

    /// <summary>A copy of a kept folder.</summary>
    internal static TemporaryFolder CopyOf(int version)
    {
        var folder = new TemporaryFolder();
        foreach (var file in (string[])[DeskStore.Name, "node.key", "checkpoint"]) File.Copy(Path.Combine(Kept, $"{version}", file), Path.Combine(folder.Path, file));
        return folder;
    }

    /// <summary>Five cases, one of them long, one waiting request, a draft and a template; and junk.</summary>
    internal static void Populate(Office office)
    {
        using var marta = office.Somebody();
        var @case = office.Admit(marta).Id;
        office.Organisation.Conversations.Answer(office.Lidia, @case, 0, "Stay where you are.");
        var answer = office.Organisation.Collection.Outgoing(1).Single();
        marta.Read(answer);
        office.Organisation.Collection.Delivered(answer.RequestId);
        office.Organisation.Collection.KeepFetched([(answer.RequestId.ToArray(), office.Organisation.Today)], office.Organisation.Collection.Place);
        office.Organisation.Conversations.Note(office.Lidia, @case, "She is at her aunt's.");
        office.Arrive(marta.Write("Thank you."));
        office.Organisation.Inbox.Read(office.Lidia);
        office.Organisation.Cases.ChangeStage(office.Lidia, @case, Stage.Checking, "");
        office.Organisation.Conversations.KeepDraft(office.Lidia, @case, "We found a law");
        foreach (var name in (string[])["blue hill", "quiet lake", "old bridge", "north field"])
        {
            using var person = office.Somebody();
            office.Admit(person, $"I am of the {name}.", name);
        }
        office.Organisation.Conversations.Templates.Store(office.Lidia, [new Template("en", "We read it", "We read what you wrote.")]);
        using var junk = office.Somebody();
        var thrown = junk.Ask("Buy now.");
        office.Arrive(thrown);
        office.Organisation.Inbox.MarkSpam(office.Lidia, thrown.RequestId.ToArray(), 1);
        using var ihor = office.Somebody();
        office.Arrive(ihor.Ask("Ihor waits."));
    }
}
