using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Casework;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Migrations that fail, are interrupted, find no room, or were made by a newer program: the database is as it was.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string Good = "CREATE TABLE later (id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID; INSERT INTO later SELECT journal FROM cards";
    private readonly TemporaryFolder _folder = ReleaseTests.CopyOf(1);

    private string Database => Path.Combine(_folder.Path, DeskStore.Name);

    private static IReadOnlyList<string> First => [Migrations.All[0]];

    [Fact]
    public void A_migration_runs_on_a_copy_and_what_was_before_is_kept_for_the_owner_alone()
    {
        var before = File.ReadAllBytes(Database);
        Migrations.BringUpToDate(Database, [.. First, Good]);
        Version(Database).ShouldBe(2);
        Count(Database, "later").ShouldBe(5);
        var kept = Migrations.Kept(Database).ShouldHaveSingleItem();
        Path.GetFileName(kept).ShouldBe("desk.sqlite.before-2");
        Version(kept).ShouldBe(1);
        Count(kept, "cards").ShouldBe(5);
        File.ReadAllBytes(kept).Length.ShouldBe(before.Length);
        foreach (var file in (string[])[kept, Database]) (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)).ShouldBe(UnixFileMode.None, file);
        Remains();
    }

    [Theory]
    [InlineData("CREATE TABLE later (id BLOB) STRICT; INSERT INTO nowhere VALUES (1)")]
    [InlineData("PRAGMA max_page_count = 1; CREATE TABLE later (id BLOB) STRICT; INSERT INTO later VALUES (zeroblob(1000000))")]
    [InlineData("CREATE TABLE later (id BLOB REFERENCES cards (journal)) STRICT; INSERT INTO later VALUES (x'00')")]
    public void One_that_fails_or_finds_no_room_leaves_everything_as_it_was(string migration)
    {
        var before = File.ReadAllBytes(Database);
        Should.Throw<Exception>(() => Migrations.BringUpToDate(Database, [.. First, migration])).ShouldSatisfyAllConditions(fault => (fault is SqliteException or CaseworkException).ShouldBeTrue());
        File.ReadAllBytes(Database).ShouldBe(before);
        Migrations.Kept(Database).ShouldBeEmpty();
        Remains();
        Migrations.BringUpToDate(Database, [.. First, Good]);
        Version(Database).ShouldBe(2);
    }

    [Fact]
    public void What_an_interrupted_one_left_behind_is_thrown_away()
    {
        File.WriteAllBytes(Database + ".migrating", File.ReadAllBytes(Database)[..8192]);
        File.WriteAllText(Database + ".migrating-journal", "half");
        File.Copy(Database, Database + ".before-2");
        using (var office = Organisation.Open(_folder.Path, TimeProvider.System)) office.CheckLog().ShouldBeEmpty();
        Migrations.BringUpToDate(Database, [.. First, Good]);
        Version(Database).ShouldBe(2);
        Version(Database + ".before-2").ShouldBe(1);
        Remains();
    }

    [Fact]
    public void While_somebody_reads_it_is_not_replaced_under_them()
    {
        using (var writer = Open(Database, "")) writer.Execute("PRAGMA journal_mode = WAL; DELETE FROM fetched");
        var reader = Open(Database, "");
        using (var writer = Open(Database, "")) writer.Execute("UPDATE collector SET cursor = cursor + 1");
        using var transaction = reader.BeginTransaction(deferred: true);
        reader.ExecuteScalar<long>("SELECT count(*) FROM entries");
        Should.Throw<CaseworkException>(() => Migrations.BringUpToDate(Database, [.. First, Good], patience: 1)).Message.ShouldContain("is being read by another program");
        reader.ExecuteScalar<long>("SELECT count(*) FROM cards").ShouldBe(5);
        transaction.Dispose();
        reader.Dispose();
        Version(Database).ShouldBe(1);
        Migrations.BringUpToDate(Database, [.. First, Good], patience: 1);
        Version(Database).ShouldBe(2);
    }

    [Fact]
    public void An_older_program_refuses_what_a_newer_one_wrote_and_changes_nothing()
    {
        Migrations.BringUpToDate(Database, [.. Migrations.All, Good]);
        var before = File.ReadAllBytes(Database);
        Should.Throw<CaseworkException>(() => Organisation.Open(_folder.Path, TimeProvider.System)).Message
            .ShouldBe($"The database is of a newer Understory (its version is {DeskStore.Version + 1}, this one knows {DeskStore.Version}): use that one.");
        File.ReadAllBytes(Database).ShouldBe(before);
    }

    [Fact]
    public void What_was_kept_goes_when_nobody_went_back_to_it()
    {
        Migrations.BringUpToDate(Database, [.. First, Good]);
        Migrations.DeleteOld(Database, DateTimeOffset.UtcNow.AddDays(Migrations.DaysKept - 1));
        Migrations.Kept(Database).Count.ShouldBe(1);
        Migrations.DeleteOld(Database, DateTimeOffset.UtcNow.AddDays(Migrations.DaysKept + 1));
        Migrations.Kept(Database).ShouldBeEmpty();
        Version(Database).ShouldBe(2);
    }

    public void Dispose() => _folder.Dispose();

    private void Remains() => Directory.EnumerateFiles(_folder.Path, "*migrating*").ShouldBeEmpty();

    private static SqliteConnection Open(string path, string mode = "Mode=ReadOnly;")
    {
        var connection = new SqliteConnection($"Data Source={path};{mode}Pooling=False");
        connection.Open();
        return connection;
    }

    private static int Version(string path)
    {
        using var connection = Open(path);
        return connection.ExecuteScalar<int>("PRAGMA user_version");
    }

    private static long Count(string path, string table)
    {
        using var connection = Open(path);
        return connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
    }
}
