using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Everything that can be said of a Desk's data directory without a key. It reads all of it, changes nothing, and does not
/// disturb a Desk that runs.
/// </summary>
public sealed class DatabaseCheck
{
    private const int MostOfAKind = 20;

    private readonly ReadOnlyDatabase _database;
    private readonly FaultList _faults = new();
    private readonly IProgress<CheckProgress>? _progress;
    private readonly CancellationToken _cancel;

    private DatabaseCheck(ReadOnlyDatabase database, IProgress<CheckProgress>? progress, CancellationToken cancel) =>
        (_database, _progress, _cancel) = (database, progress, cancel);

    private SqliteConnection Connection => _database.Connection;

    /// <summary>Looks at everything in a folder.</summary>
    /// <param name="folder">The Desk's data directory.</param>
    /// <param name="progress">Told what is being looked at.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="CaseworkException">There is no database, or none that can be read at all.</exception>
    public static CheckResult Run(string folder, IProgress<CheckProgress>? progress, CancellationToken cancel)
    {
        using var database = ReadOnlyDatabase.Open(folder);
        var check = new DatabaseCheck(database, progress, cancel);
        if (database.Version < DeskStore.Version)
            throw new CaseworkException($"The database is of version {database.Version}, and this program of version {DeskStore.Version}: start the Desk once, which brings it there, or use the program that wrote it.");
        try
        {
            check.LookAtEverything();
        }
        catch (SqliteException fault)
        {
            // What was found so far stays worth saying.
            check._faults.Add(ReadOnlyDatabase.Sentence(Path.Combine(folder, DeskStore.Name), fault).Message);
        }
        return check._faults.ToResult();
    }

    private void LookAtEverything()
    {
        LookAtFile();
        if (!LookAtSchema()) return;
        LookAtShapes();
        LookForOrphans();
        if (_database.Instance() is not { } instance)
        {
            if (Connection.ExecuteScalar<long>("SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM keyrings)") > 0) _faults.Add("There are entries or users, and no organisation: its row was taken out.");
            return;
        }
        LookAtInstance(instance.Id, instance.Node);
        LookAtInboxKeys(instance.Id);
        LogCheck.Run(Connection, _faults, _progress, _cancel);
        LookAtCheckpoint(instance.Id, instance.Node);
        LookAtAttachments();
    }

    private void LookAtFile()
    {
        _progress?.Report(new("the database file", 0, 0));
        foreach (var said in Connection.Query<string>($"PRAGMA integrity_check({MostOfAKind})").Where(said => said != "ok")) _faults.Add($"The database file is damaged: {said}.");
        foreach (var _ in Connection.Query("PRAGMA foreign_key_check")) _faults.Add("A row of the database names another that is not there.");
    }

    /// <summary>The tables are those that the migrations make, with nothing beside them: no trigger, no view.</summary>
    private bool LookAtSchema()
    {
        using var right = new SqliteConnection("Data Source=:memory:");
        right.Open();
        Migrations.Apply(right, Migrations.All);
        const string Schema = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master ORDER BY 1";
        var expected = right.Query<(string, string)>(Schema).ToHashSet();
        var found = Connection.Query<(string What, string)>(Schema).ToHashSet();
        foreach (var (what, _) in found.Except(expected)) _faults.Add($"The database has a {what} that is not as the Desk makes it.");
        foreach (var (what, _) in expected.Except(found)) _faults.Add($"The database has not the {what} that the Desk makes.");
        return found.SetEquals(expected);
    }

    private void LookAtShapes()
    {
        foreach (var table in DeskTables.All)
        {
            _cancel.ThrowIfCancellationRequested();
            _progress?.Report(new($"rows of {table.Name}", 0, 0));
            var places = Connection.Query<string>($"SELECT {table.Place} FROM {table.Name} WHERE NOT ({table.Shape}) LIMIT {MostOfAKind + 1}").AsList();
            foreach (var place in places.Take(MostOfAKind)) _faults.Add($"Row {place.ToLowerInvariant()} of the table '{table.Name}' is not as any is: a length or a number is wrong.");
            if (places.Count > MostOfAKind) _faults.Add($"There are more such rows in the table '{table.Name}'.");
        }
    }

    private void LookForOrphans()
    {
        _progress?.Report(new("what belongs together", 0, 0));
        foreach (var orphans in Orphans.All)
        {
            _cancel.ThrowIfCancellationRequested();
            foreach (var place in Connection.Query<string>($"{orphans.Find} LIMIT {MostOfAKind}")) _faults.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, orphans.Sentence, place.ToLowerInvariant()));
        }
    }

    private void LookAtInstance(byte[] id, PublicKey node)
    {
        var (passes, memory) = Connection.QuerySingle<(long, long)>("SELECT passes, memory FROM instance");
        try
        {
            Argon2Cost.ForSignIn(checked((int)passes), checked((int)memory));
            _database.RecoveryRecipient();
        }
        catch (CaseworkException fault)
        {
            _faults.Add(fault.Message);
        }
        catch (Exception fault) when (fault is ArgumentException or OverflowException)
        {
            _faults.Add("What a sign-in costs was changed: it would cost less than it may, or more than any machine has.");
        }
        try
        {
            using var locked = new LockedMemory();
            NodeKey.Read(Path.Combine(_database.Folder, NodeKey.Name), node, locked).Dispose();
        }
        catch (CaseworkException fault)
        {
            _faults.Add(fault.Message);
        }
        if (Connection.ExecuteScalar<long>("SELECT count(*) FROM keyrings") == 0) _faults.Add($"Nobody can sign in to the organisation {Convert.ToHexStringLower(id.AsSpan(0, 8))}: there is no keyring.");
    }

    private void LookAtInboxKeys(byte[] id)
    {
        foreach (var (number, statement) in Connection.Query<(long, byte[])>("SELECT number, statement FROM inbox_keys", buffered: false))
        {
            try
            {
                // Its first day: whether it is out of date by now is no fault of the database.
                InboxKeyStatement.Verify(statement, id, FirstDay(statement));
            }
            catch (EnvelopeException fault)
            {
                _faults.Add($"The inbox key of week {number} cannot be believed: {fault.Message}");
            }
        }
    }

    private void LookAtCheckpoint(byte[] id, PublicKey node)
    {
        var path = Path.Combine(_database.Folder, CheckpointFiles.Own);
        if (!File.Exists(path)) return;
        try
        {
            if (new FileInfo(path).Length > Checkpoint.MaxLength) throw new CaseworkException($"'{path}' is too long for a checkpoint.");
            var seen = Checkpoint.Open(File.ReadAllText(path, Encoding.UTF8), Instance.OriginOf(id), node);
            if (CheckpointFiles.Stand(Connection, seen) != CheckpointStanding.Consistent)
                _faults.Add($"The database is older than '{path}', or another one: {OrganisationLog.Size(Connection)} entries, and there were {seen.Size}. Somebody put back an earlier state.");
        }
        catch (Exception fault) when (fault is JournalException or CaseworkException)
        {
            _faults.Add(fault is CaseworkException ? fault.Message : $"'{path}' is not a checkpoint of this Desk's: {fault.Message}");
        }
    }

    private void LookAtAttachments()
    {
        var folder = Path.Combine(_database.Folder, DeskFiles.Folder);
        if (!Directory.Exists(folder)) return;
        Span<byte> start = stackalloc byte[22];
        foreach (var path in Directory.EnumerateFileSystemEntries(folder))
        {
            _cancel.ThrowIfCancellationRequested();
            if (!DeskFiles.IsAttachment(path))
            {
                _faults.Add($"'{path}' is nothing of the Desk's.");
                continue;
            }
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual("age-encryption.org/v1\n"u8)) _faults.Add($"'{path}' is no sealed file.");
        }
    }

    private static int FirstDay(byte[] statement)
    {
        // Both have days, and it is good on those of both.
        if (statement.Length != InboxKeyStatement.Size) return 0;
        var days = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(statement.AsSpan(CoordinatorCertificate.Size));
        var certificate = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(statement.AsSpan(65));
        return Math.Max(days, certificate);
    }
}
