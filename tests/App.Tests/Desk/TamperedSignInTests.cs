using System.Text;
using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Somebody had the stopped Desk's disk: the next sign-in refuses what was put back or changed, in a sentence.</summary>
public sealed class TamperedSignInTests(SharedOffice shared) : IClassFixture<SharedOffice>
{
    private readonly Office _office = shared.Office;

    [Fact]
    public void Yesterdays_database_beside_todays_checkpoint_is_refused()
    {
        using var office = Office.Found();
        using var marta = office.Somebody();
        office.Admit(marta);
        office.Close();
        var (file, yesterday) = (Path.Combine(office.Folder, "desk.sqlite"), Path.Combine(office.Folder, "yesterday"));
        File.Copy(file, yesterday);
        office.Reopen();
        using var pavlo = office.Somebody();
        office.Admit(pavlo);
        office.Close();
        File.Copy(yesterday, file, overwrite: true);

        Should.Throw<CaseworkException>(() => office.Reopen()).Message.ShouldContain("Somebody put back an earlier state");
        office.Organisation.Dispose();
        Should.Throw<CaseworkException>(() => office.Reopen()).Message.ShouldContain("Somebody put back an earlier state", customMessage: "closing wrote no older checkpoint over it");
    }

    [Fact]
    public void A_log_that_was_cut_with_its_entries_is_not_the_one_that_this_user_saw()
    {
        using var marta = _office.Somebody();
        _office.Admit(marta);
        File.Delete(Path.Combine(_office.Folder, "checkpoint"));
        using (_office.AnotherSession())
        {
            // It saw the log as it is.
        }
        File.Delete(Path.Combine(_office.Folder, "checkpoint"));
        Attack(["entries", "log"], () =>
        {
            var size = _office.Query<long>("SELECT max(number) + 1 FROM log WHERE level = 0");
            _office.Execute("DELETE FROM entries WHERE leaf = @last", new { last = size - 1 });
            _office.Execute("DELETE FROM log WHERE (number + 1) << level = @size", new { size });
        }, "is not the one that you saw last");
        Attack(["entries"], () => _office.Execute("DELETE FROM entries WHERE leaf = 0"), "has not the entries that its log names");
        Attack(["log"], () => _office.Execute("UPDATE log SET hash = randomblob(32) WHERE number = 0"), "is not the one that you saw last");
        Attack(["log"], () => _office.Execute("INSERT INTO log VALUES (0, 9223372036854775807, randomblob(32))"), "cannot be");
    }

    [Fact]
    public void A_checkpoint_that_is_none_or_another_desks_is_refused()
    {
        var path = Path.Combine(_office.Folder, "checkpoint");
        foreach (var content in (string[])["", "understory.log/x\n5\n", new string('x', 10_000)])
        {
            File.WriteAllText(path, content);
            Should.Throw<CaseworkException>(_office.AnotherSession).Message.ShouldContain("checkpoint");
        }
        File.Delete(path);
    }

    [Fact]
    public void Keychains_and_profiles_that_were_changed_or_put_back_are_refused()
    {
        using var marta = _office.Somebody();
        _office.Organisation.Inbox.Read(_office.Lidia);
        var before = (Head: _office.Query<byte[]>("SELECT head FROM chains"), Segment: _office.Query<byte[]>("SELECT segment FROM segments"));
        _office.Admit(marta);

        Attack(["segments"], () => _office.Execute("UPDATE segments SET segment = @Segment", new { before.Segment }), "keys are damaged");
        Attack(["segments"], () => _office.Flip("segments", "segment", "number = 0", new { }), "keys are damaged");
        Attack(["segments"], () => _office.Execute("DELETE FROM segments"), "keys are damaged");
        Attack(["chains"], () => _office.Execute("UPDATE chains SET head = @Head", new { before.Head }), "keys are damaged");
        Attack(["keyrings"], () => _office.Flip("keyrings", "profile", "true", new { }), "keys are damaged");
        Attack(["keyrings"], () => _office.Flip("keyrings", "root", "true", new { }), "keys are damaged");
        Attack(["keyrings"], () => _office.Execute("UPDATE keyrings SET profile = x'00'"), "profile is damaged");
        Attack(["keyrings"], () => _office.Execute("UPDATE keyrings SET chain = randomblob(16)"), "keys are damaged");
    }

    [Fact]
    public void Older_keys_put_back_while_somebody_is_signed_in_are_refused_by_their_session()
    {
        using var office = Office.Found();
        using var marta = office.Somebody();
        var before = (Head: office.Query<byte[]>("SELECT head FROM chains"), Segment: office.Query<byte[]>("SELECT segment FROM segments"));
        office.Admit(marta);
        office.Execute("UPDATE chains SET head = @Head", new { before.Head });
        office.Execute("UPDATE segments SET segment = @Segment", new { before.Segment });
        Should.Throw<CaseworkException>(() => office.Organisation.Inbox.Read(office.Lidia)).Message.ShouldContain("older keys");
    }

    [Fact]
    public void A_profile_of_another_keyring_is_refused()
    {
        using var other = Office.Found();
        var profile = other.Query<byte[]>("SELECT profile FROM keyrings");
        using var office = Office.Found();
        office.Execute("UPDATE keyrings SET profile = @profile", new { profile });
        Should.Throw<CaseworkException>(() => office.Lidia.TryUseTotpStep(5));
        Should.Throw<CaseworkException>(office.AnotherSession).Message.ShouldContain("keys are damaged");
    }

    [Fact]
    public void What_the_database_says_of_the_organisation_cannot_be_changed_unseen()
    {
        using var office = Office.Found();
        foreach (var change in (string[])["passes = 1", "memory = 8", "passes = 4294967299", "memory = 2147483647", "passes = 17", "journal = x'00'", "node = x'00'"])
        {
            office.Execute($"CREATE TABLE kept AS SELECT * FROM instance; UPDATE instance SET {change}");
            Should.Throw<CaseworkException>(office.Organisation.ReadInstance, change).Message.ShouldContain("says of the organisation was changed");
            office.Execute("DELETE FROM instance; INSERT INTO instance SELECT * FROM kept; DROP TABLE kept");
        }
        foreach (var change in (string[])["recovery = randomblob(1216)", "journal = randomblob(16)", "node = randomblob(32)"])
        {
            office.Execute($"CREATE TABLE kept AS SELECT * FROM instance; UPDATE instance SET {change}");
            office.Organisation.ReadInstance();
            Should.Throw<CaseworkException>(office.AnotherSession, change).Message.ShouldContain("somebody changed");
            office.Execute("DELETE FROM instance; INSERT INTO instance SELECT * FROM kept; DROP TABLE kept");
            office.Organisation.ReadInstance();
        }
        office.Execute("UPDATE instance SET root = randomblob(32)");
        office.Organisation.ReadInstance();
        office.Organisation.Unlock(Office.User, office.Passphrase, office.Memory).ShouldBeNull("another root is another place for every key");
    }

    [Fact]
    public void Whoever_asks_cannot_tell_whether_a_name_exists()
    {
        var rows = _office.Query<long>("SELECT count(*) FROM keyrings");
        using var wrong = Passphrase.Generate(WordList.For("en"), _office.Memory);
        _office.Organisation.Unlock("Bohdan", wrong, _office.Memory).ShouldBeNull();
        _office.Organisation.Unlock(Office.User, wrong, _office.Memory).ShouldBeNull();
        _office.Organisation.Unlock("Bohdan", _office.Passphrase, _office.Memory).ShouldBeNull();
        _office.Query<long>("SELECT count(*) FROM keyrings").ShouldBe(rows, "no row is made, counted or changed by asking");
        using var typed = _office.Organisation.Unlock("  lidia ", _office.Passphrase, _office.Memory);
        typed.ShouldNotBeNull().Name.ShouldBe("Lidia");
    }

    [Fact]
    public void The_recovery_sheet_opens_the_keychain_and_the_roots_key_and_nothing_that_signs_for_a_user()
    {
        using var office = Office.Found();
        using var marta = office.Somebody();
        var @case = office.Admit(marta);
        using var sheet = Identity.Parse(Encoding.ASCII.GetBytes(office.Recovery), office.Memory);
        var content = AgeFile.Open(office.Query<byte[]>("SELECT sealed FROM recoverables"), sheet);
        content.Length.ShouldBe(65);
        content[0].ShouldBe((byte)1);

        var segment = office.Query<byte[]>("SELECT segment FROM segments");
        var keys = new byte[segment.Length - CommittingSeal.Overhead];
        CommittingSeal.Open(content.AsSpan(1, 32), "understory/journal/v1/segment"u8, [0, 0, 0, 0], segment, keys);
        keys.AsSpan().IndexOf(@case.Id.ToArray()).ShouldBePositive("every key of every case is named in it");
        var root = new byte[32];
        Primitives.Ed25519PublicKey(content.AsSpan(33, 32), root);
        root.ShouldBe(office.Query<byte[]>("SELECT root FROM instance"));

        var profile = office.Query<byte[]>("SELECT profile FROM keyrings");
        foreach (var key in (byte[][])[content[1..33], content[33..]])
        {
            Should.Throw<JournalException>(() => CommittingSeal.Open(
                key, "understory/desk/v1/profile"u8, office.Query<byte[]>("SELECT look_up FROM keyrings"), profile, new byte[profile.Length - CommittingSeal.Overhead]));
        }
    }

    [Fact]
    public void A_file_that_is_no_database_and_a_folder_in_use_are_said()
    {
        Should.Throw<CaseworkException>(() => Organisation.Open(_office.Folder, TimeProvider.System)).Message.ShouldContain("in use by another Desk");
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "desk.sqlite"), new string('x', 10_000));
        Should.Throw<CaseworkException>(() => Organisation.Open(folder.Path, TimeProvider.System)).Message.ShouldContain("is damaged");
        using var newer = new TemporaryFolder();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(newer.Path, "desk.sqlite")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 1000";
            command.ExecuteNonQuery();
        }
        Should.Throw<CaseworkException>(() => Organisation.Open(newer.Path, TimeProvider.System)).Message.ShouldContain("newer Understory");
    }

    /// <summary>Changes tables, asks to sign in, and puts them back.</summary>
    private void Attack(string[] tables, Action change, string sentence)
    {
        foreach (var table in tables) _office.Execute($"CREATE TABLE kept_{table} AS SELECT * FROM {table}");
        change();
        Should.Throw<CaseworkException>(_office.AnotherSession).Message.ShouldContain(sentence);
        foreach (var table in tables) _office.Execute($"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}");
    }
}
