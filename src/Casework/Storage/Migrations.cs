using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Understory.Casework;

/// <summary>
/// Brings a database to the newest form. A database with something in it is never changed: a copy is, it is checked, and
/// only then it takes the old one's place (<c>docs/decisions/0016-backup.md</c>, "Migrations").
/// </summary>
internal static class Migrations
{
    /// <summary>Days that the database from before a migration is kept. It holds keys: it must not stay for long.</summary>
    public const int DaysKept = 14;

    private const int Busy = 5;
    private const string Copy = ".migrating";
    private const string Before = ".before-";

    /// <summary>What makes version n of a database out of version n - 1, at place n - 1.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Load)];

    /// <summary>Makes the tables of a version in an empty database, or what is new since its own in another.</summary>
    public static void Apply(SqliteConnection connection, IReadOnlyList<string> migrations)
    {
        using var transaction = connection.BeginTransaction();
        var version = VersionOf(connection);
        foreach (var migration in migrations.Skip(version))
        {
            // Without the layers in between: behind a statement that gives a row they pass over what fails.
            SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, migration), connection.Handle);
        }
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migrations.Count}"));
        transaction.Commit();
    }

    /// <summary>The version of a database; 0 of one that is empty.</summary>
    public static int VersionOf(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");

    /// <summary>Brings a database to the newest version. Nobody else may have it open.</summary>
    /// <param name="path">The database; it may be empty.</param>
    /// <param name="migrations">All migrations that there are.</param>
    /// <param name="patience">Seconds to wait for others who read it.</param>
    /// <exception cref="CaseworkException">It is of a newer program, or what came of it is not right; it is as it was.</exception>
    /// <exception cref="SqliteException">The disk is full, or the database is damaged; it is as it was.</exception>
    public static void BringUpToDate(string path, IReadOnlyList<string> migrations, int patience = 30)
    {
        // What an interrupted one left: it never took the database's place.
        Delete(path + Copy);
        int version;
        using (var old = Open(path, patience))
        {
            version = VersionOf(old);
            if (version > migrations.Count)
                throw new CaseworkException($"The database is of a newer Understory (its version is {version}, this one knows {migrations.Count}): use that one.");
            if (version == migrations.Count) return;
            if (version == 0)
            {
                Apply(old, migrations);
                return;
            }
            CopyTo(old, path + Copy);
        }
        try
        {
            using (var copy = Open(path + Copy, patience))
            {
                Apply(copy, migrations);
                Check(copy, migrations.Count);
            }
            using (var file = new FileStream(path + Copy, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
            TakeItsPlace(path, version, patience);
        }
        catch
        {
            Delete(path + Copy);
            throw;
        }
    }

    /// <summary>What earlier migrations kept, newest last.</summary>
    public static IReadOnlyList<string> Kept(string path) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path) + Before + "*").Order(StringComparer.Ordinal)];

    /// <summary>Deletes what earlier migrations kept and nobody went back to.</summary>
    public static void DeleteOld(string path, DateTimeOffset now)
    {
        foreach (var file in Kept(path))
        {
            if (now.UtcDateTime - File.GetLastWriteTimeUtc(file) > TimeSpan.FromDays(DaysKept)) File.Delete(file);
        }
    }

    private static void CopyTo(SqliteConnection old, string copy)
    {
        try
        {
            // Made here and empty, so that it is its owner's alone: SQLite would make it as the umask has it.
            DeskStore.OwnFile(copy, FileMode.CreateNew).Dispose();
            old.Execute("VACUUM INTO @copy", new { copy });
        }
        catch
        {
            Delete(copy);
            throw;
        }
    }

    private static void Check(SqliteConnection copy, int version)
    {
        if (copy.ExecuteScalar<string>("PRAGMA integrity_check(1)") is var found && found != "ok")
            throw new CaseworkException($"The database could not be brought to version {version} (SQLite says: {found}). It is as it was: use the program that wrote it, and report this.");
        if (copy.Query("PRAGMA foreign_key_check").Any() || VersionOf(copy) != version)
            throw new CaseworkException($"The database could not be brought to version {version}: what came of it does not fit together. It is as it was: use the program that wrote it, and report this.");
    }

    private static void TakeItsPlace(string path, int version, int patience)
    {
        // Why this is safe: what a write-ahead log holds would be played into whatever database lies beside it. In this mode
        // there is none, and none is left behind.
        try
        {
            using var old = Open(path, patience);
            if (old.ExecuteScalar<string>("PRAGMA journal_mode = DELETE") != "delete" || File.Exists(path + "-wal")) throw Read();
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == Busy)
        {
            throw Read();
        }
        var kept = path + Before + (version + 1).ToString(CultureInfo.InvariantCulture);
        // One system call puts the new one in the place of the old one, which got a second name before: there is always one.
        File.Replace(path + Copy, path, kept);
        File.SetLastWriteTimeUtc(kept, DateTime.UtcNow);
        // Whatever it was before.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(kept, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        static CaseworkException Read() => new("The database is being read by another program, a backup perhaps: try once more when it has ended.");
    }

    // Without a write-ahead log, which is emptied when a database is closed, and where nobody hears that the disk was full.
    private static SqliteConnection Open(string path, int patience)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = patience, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Delete(string path)
    {
        foreach (var end in (string[])["", "-wal", "-shm", "-journal"]) File.Delete(path + end);
    }

    private static string Load(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
