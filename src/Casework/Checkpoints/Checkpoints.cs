using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>
/// How far the organisation's log went, held against everything that remembers it at each sign-in: yesterday's database beside
/// today's checkpoint is noticed, wherever that one was kept.
/// </summary>
internal static class Checkpoints
{
    /// <summary>Holds the log against what is kept and against what the user saw last.</summary>
    /// <exception cref="OtherLogException">The log is not the one that was seen.</exception>
    public static void See(Organisation organisation, Keyring keyring)
    {
        lock (keyring.Gate)
        {
            organisation.Store.Write(connection =>
            {
                // Not the directory yet: a log that is not the one that was seen is said first.
                keyring.RefreshKeychain(connection);
                var now = Hold(organisation, connection, whateverTheWitnessSaid: false);
                try
                {
                    var last = keyring.Keychain.LastSeen;
                    var proof = last is not null && last.Size <= now.Size ? OrganisationLog.ConsistencyProof(connection, last.Size) : [];
                    if (keyring.Keychain.See(now, proof)) keyring.Store(connection);
                }
                catch (JournalException fault)
                {
                    throw new OtherLogException(
                        LogMemory.Keychain, fault.Fault == JournalFault.RolledBack ? CheckpointStanding.Behind : CheckpointStanding.Other,
                        $"The log of this database is not the one that you saw last: {fault.Message} Do not go on working with it; compare it with a backup.",
                        here: now.Size, seen: keyring.Keychain.LastSeen?.Size, inner: fault);
                }
            });
        }
        Write(organisation);
    }

    /// <summary>The same without a user: as the writer, so that no file names an entry that is appended meanwhile.</summary>
    /// <param name="organisation">Whose log.</param>
    /// <param name="whateverTheWitnessSaid">For asking the witness again.</param>
    public static Checkpoint Hold(Organisation organisation, bool whateverTheWitnessSaid) => organisation.Store.Write(connection => Hold(organisation, connection, whateverTheWitnessSaid));

    /// <summary>Holds the log against every file that remembers it.</summary>
    /// <returns>How far it is.</returns>
    /// <exception cref="OtherLogException">The log is not the one that was seen.</exception>
    private static Checkpoint Hold(Organisation organisation, SqliteConnection connection, bool whateverTheWitnessSaid)
    {
        var now = new Checkpoint(organisation.Founded.LogOrigin, OrganisationLog.Size(connection), OrganisationLog.Root(connection));
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM entries") != now.Size)
        {
            throw new OtherLogException(
                LogMemory.Database, CheckpointStanding.Other,
                "The database has not the entries that its log names: some were taken out or put in. Do not go on working with it; compare it with a backup.", here: now.Size);
        }
        var places = organisation.CheckpointPlaces;
        var kept = CheckpointFiles.Hold(connection, organisation.Folder, now.Origin, organisation.Founded.Node, places.File, places.Witness);
        if (kept.FirstOrDefault(one => one.Standing != CheckpointStanding.Consistent && !(whateverTheWitnessSaid && one.Memory == LogMemory.Witness)) is not { } other) return now;
        throw new OtherLogException(other.Memory, other.Standing, Sentence(other, now.Size), other.Path, now.Size, other.Seen);
    }

    /// <summary>Writes how far the log is now, whole or not at all; never in the place of one that went further.</summary>
    /// <exception cref="CaseworkException">It cannot be written.</exception>
    public static void Write(Organisation organisation)
    {
        using var key = NodeKey.Read(organisation);
        var now = organisation.Store.Read(connection => new Checkpoint(organisation.Founded.LogOrigin, OrganisationLog.Size(connection), OrganisationLog.Root(connection)));
        WriteTo(organisation, LogMemory.OwnFile, organisation.PathOf(CheckpointFiles.Own), now, key);
    }

    /// <summary>The same, to a file elsewhere.</summary>
    /// <exception cref="OtherLogException">What lies there is none of this Desk's.</exception>
    /// <exception cref="CaseworkException">It cannot be written.</exception>
    public static void WriteTo(Organisation organisation, LogMemory memory, string path, Checkpoint now, SigningKey key)
    {
        // One at a time: two sessions and whoever carries them out write the same file.
        lock (organisation.CheckpointGate)
        {
            if (Open(organisation, memory, path) is not { } seen || seen.Size < now.Size) CheckpointFiles.Write(path, now.Sign(key));
        }
    }

    private static Checkpoint? Open(Organisation organisation, LogMemory memory, string path)
    {
        if (CheckpointFiles.Read(path) is not { } text) return null;
        try
        {
            return Checkpoint.Open(text, organisation.Founded.LogOrigin, organisation.Founded.Node);
        }
        catch (JournalException fault)
        {
            throw new OtherLogException(memory, CheckpointStanding.Forged, NotOurs(path, fault.Message), path, inner: fault);
        }
    }

    private static string Sentence(KeptCheckpoint kept, long here) => (kept.Memory, kept.Standing) switch
    {
        (_, CheckpointStanding.Forged) => NotOurs(kept.Path, kept.Fault ?? ""),
        (LogMemory.Witness, CheckpointStanding.Behind) => string.Create(
            CultureInfo.InvariantCulture, $"The witness has seen {kept.Seen} entries of this log, and the database has {here}. Somebody put back an earlier state. Do not go on working with it; operate.md says what to do."),
        (LogMemory.Witness, _) => "The witness has seen another log than this one: entries were changed after it signed them. Do not go on working with it; operate.md says what to do.",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"The database is older than '{kept.Path}', or another one: {here} entries, and there were {kept.Seen}. Somebody put back an earlier state. If you restored a backup knowingly, say so with `understory checkpoint accept`, and tell everybody what is lost."),
    };

    private static string NotOurs(string path, string why) => $"'{path}' is not a checkpoint of this Desk's: {why} If you do not know why, compare the database with a backup.";
}
