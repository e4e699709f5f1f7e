using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>What is wrong with a database of the Desk.</summary>
public enum DatabaseFault
{
    /// <summary>It cannot be opened, or is none.</summary>
    Unreadable,

    /// <summary>A newer program wrote it.</summary>
    Newer,

    /// <summary>SQLite finds damage in it.</summary>
    Damaged,

    /// <summary>It has not the entries that its log names.</summary>
    EntriesMissing,

    /// <summary>It is older than its checkpoint, or another one.</summary>
    RolledBack,

    /// <summary>The checkpoint cannot be believed: it was changed, or is of another organisation.</summary>
    CheckpointForged,

    /// <summary>The witness knows a longer log, or another one.</summary>
    WitnessKnowsAnother,
}

/// <summary>
/// What anybody can tell of a Desk's database without a key, and without disturbing a Desk that runs: nothing is written.
/// </summary>
/// <param name="Fault">What is wrong; null where nothing is.</param>
/// <param name="IsFounded">Whether an organisation is set up in it.</param>
/// <param name="Users">How many can sign in.</param>
/// <param name="Entries">How many entries there are, in all journals.</param>
/// <param name="HasCheckpoint">Whether the file <c>checkpoint</c> is there.</param>
/// <param name="InboxKeyUntil">The last day of the inbox key that is good today; null where none is.</param>
/// <param name="NewestDay">The latest day that stands in it in the open; null where none does.</param>
/// <param name="Other">What remembers another log, where something does.</param>
/// <param name="Places">Where checkpoints leave this machine for, as the Desk noted it.</param>
public sealed record DatabaseCondition(
    DatabaseFault? Fault, bool IsFounded, long Users, long Entries, bool HasCheckpoint, DateOnly? InboxKeyUntil, DateOnly? NewestDay,
    KeptCheckpoint? Other, IReadOnlyList<NotedPlace> Places)
{
    /// <summary>Looks at the database in a folder; null where there is none.</summary>
    /// <param name="folder">The Desk's data directory.</param>
    /// <param name="today">Days since 1970-01-01.</param>
    public static DatabaseCondition? Look(string folder, int today)
    {
        var path = Path.Combine(folder, DeskStore.Name);
        if (!File.Exists(path)) return null;
        var none = new DatabaseCondition(null, false, 0, 0, File.Exists(Path.Combine(folder, CheckpointFiles.Own)), null, null, null, []);
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
            connection.Open();
            if (connection.ExecuteScalar<int>("PRAGMA user_version") > DeskStore.Version) return none with { Fault = DatabaseFault.Newer };
            if (connection.ExecuteScalar<string>("PRAGMA quick_check(1)") != "ok") return none with { Fault = DatabaseFault.Damaged };
            var found = Examine(connection, none, folder, today);
            // A Desk that runs may have written its checkpoint after this looked at the log: what is wrong stays wrong.
            return found.Fault is null ? found : Examine(connection, none, folder, today);
        }
        catch (SqliteException fault)
        {
            return none with { Fault = fault.SqliteErrorCode == 11 ? DatabaseFault.Damaged : DatabaseFault.Unreadable };
        }
        catch (Exception fault) when (fault is CaseworkException or JournalException or EnvelopeException or ArgumentException or InvalidCastException)
        {
            return none with { Fault = DatabaseFault.Damaged };
        }
    }

    private static DatabaseCondition Examine(SqliteConnection connection, DatabaseCondition none, string folder, int today)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var found = none with
        {
            Users = connection.ExecuteScalar<long>("SELECT count(*) FROM keyrings"),
            Entries = connection.ExecuteScalar<long>("SELECT count(*) FROM entries"),
            Places = CheckpointFiles.ReadPlaces(folder),
        };
        var instance = connection.QuerySingleOrDefault<(byte[] Root, byte[] Node)>("SELECT root, node FROM instance");
        return instance.Root is null ? found : Examine(connection, found with { IsFounded = true }, folder, CoordinatorCertificate.InstanceId(instance.Root), PublicKey.From(instance.Node), today);
    }

    private static DatabaseCondition Examine(SqliteConnection connection, DatabaseCondition found, string folder, byte[] instanceId, PublicKey node, int today)
    {
        var until = connection.Query<byte[]>("SELECT statement FROM inbox_keys").Select(statement => LastDayOf(statement, instanceId, today)).Max();
        var newest = connection.ExecuteScalar<long?>("SELECT max(day) FROM (SELECT day FROM arrivals UNION ALL SELECT day FROM fetched)");
        found = found with { InboxKeyUntil = until, NewestDay = newest is { } day ? DayOf(day) : null };
        var size = OrganisationLog.Size(connection);
        if (size != found.Entries) return found with { Fault = DatabaseFault.EntriesMissing };
        var exported = found.Places.FirstOrDefault(place => place.Place == CheckpointPlace.File)?.Where;
        var other = CheckpointFiles.Hold(connection, folder, Instance.OriginOf(instanceId), node, exported, witness: null).FirstOrDefault(kept => kept.Standing != CheckpointStanding.Consistent);
        if (other is null) return found;
        return found with
        {
            Other = other,
            Fault = other.Memory == LogMemory.Witness ? DatabaseFault.WitnessKnowsAnother : other.Standing == CheckpointStanding.Forged ? DatabaseFault.CheckpointForged : DatabaseFault.RolledBack,
        };
    }

    private static DateOnly? LastDayOf(byte[] statement, byte[] instanceId, int today)
    {
        try
        {
            return DayOf(InboxKeyStatement.Verify(statement, instanceId, today).Days.Last);
        }
        catch (EnvelopeException)
        {
            return null;
        }
    }

    private static DateOnly DayOf(long day) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(Math.Clamp(day, 0, 2_000_000)));
}
