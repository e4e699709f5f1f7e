using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>
/// How far the organisation's log went, written to a file that can be carried off the machine, and held against the log at
/// each sign-in: yesterday's database beside today's checkpoint is noticed.
/// </summary>
internal static class Checkpoints
{
    public const string FileName = "checkpoint";

    /// <summary>Holds the log against the file and against what the user saw last.</summary>
    /// <exception cref="CaseworkException">The log is not the one that was seen.</exception>
    public static void See(Organisation organisation, Keyring keyring)
    {
        lock (keyring.Gate)
        {
            organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                var origin = organisation.Founded.LogOrigin;
                var now = new Checkpoint(origin, OrganisationLog.Size(connection), OrganisationLog.Root(connection));
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM entries") != now.Size)
                    throw new CaseworkException("The database has not the entries that its log names: some were taken out or put in. Do not go on working with it; compare it with a backup.");
                HoldAgainstFile(organisation, connection);
                try
                {
                    var last = keyring.Keychain.LastSeen;
                    var proof = last is not null && last.Size <= now.Size ? OrganisationLog.ConsistencyProof(connection, last.Size) : [];
                    if (keyring.Keychain.See(now, proof)) keyring.Store(connection);
                }
                catch (JournalException fault)
                {
                    throw new CaseworkException($"The log of this database is not the one that you saw last: {fault.Message} Do not go on working with it; compare it with a backup.", fault);
                }
            });
        }
        Write(organisation);
    }

    /// <summary>Writes how far the log is now, whole or not at all; never in the place of one that went further.</summary>
    /// <exception cref="CaseworkException">It cannot be written.</exception>
    public static void Write(Organisation organisation)
    {
        using var key = NodeKey.Read(organisation);
        var now = organisation.Store.Read(connection => new Checkpoint(organisation.Founded.LogOrigin, OrganisationLog.Size(connection), OrganisationLog.Root(connection)));
        var path = organisation.PathOf(FileName);
        if (Read(organisation) is { } seen && seen.Size > now.Size) return;
        try
        {
            using (var file = DeskStore.OwnFile(path + ".new", FileMode.Create))
            {
                file.Write(Encoding.UTF8.GetBytes(now.Sign(key)));
                file.Flush(flushToDisk: true);
            }
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{path}' cannot be written: {fault.Message}", fault);
        }
    }

    private static void HoldAgainstFile(Organisation organisation, SqliteConnection connection)
    {
        if (Read(organisation) is { } seen) Hold(connection, seen, organisation.PathOf(FileName));
    }

    /// <summary>Holds the log against what was seen before.</summary>
    /// <exception cref="CaseworkException">It is older, or another one.</exception>
    public static void Hold(SqliteConnection connection, Checkpoint seen, string path)
    {
        var (size, root) = (OrganisationLog.Size(connection), OrganisationLog.Root(connection));
        if (size < seen.Size || !MerkleTree.VerifyConsistency(seen.Size, seen.Root, size, root, OrganisationLog.ConsistencyProof(connection, seen.Size)))
            throw new CaseworkException($"The database is older than '{path}', or another one: {size} entries, and there were {seen.Size}. Somebody put back an earlier state. If you restored a backup knowingly, move the file away, and tell everybody what is lost.");
    }

    private static Checkpoint? Read(Organisation organisation)
    {
        var path = organisation.PathOf(FileName);
        if (ReadFile(path) is not { } text) return null;
        try
        {
            return Checkpoint.Open(text, organisation.Founded.LogOrigin, organisation.Founded.Node);
        }
        catch (JournalException fault)
        {
            throw new CaseworkException($"'{path}' is not a checkpoint of this Desk's: {fault.Message} If you do not know why, compare the database with a backup.", fault);
        }
    }

    private static string? ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            if (file.Length > Checkpoint.MaxLength) throw new CaseworkException($"'{path}' is too long for a checkpoint.");
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{path}' cannot be read: {fault.Message}", fault);
        }
    }
}
