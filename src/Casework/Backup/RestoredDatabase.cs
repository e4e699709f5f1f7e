using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>Takes what is in the two archives, the keys first, and puts it into a folder that nobody uses yet.</summary>
internal sealed class RestoredDatabase(string folder, RestoreOptions options) : IArchiveTarget, IDisposable
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<sqlite3_stmt> _inserts = [];
    private ArchiveHead? _keys;
    private ArchiveHead? _journal;
    private SqliteConnection? _connection;
    private FileStream? _file;
    private long _left;

    private SqliteConnection Connection => _connection ?? throw new InvalidOperationException("No archive was begun.");

    public void Begin(ArchiveHead head)
    {
        if (_keys is null) BeginKeys(head);
        else BeginJournal(head);
        _inserts.ForEach(insert => insert.Dispose());
        _inserts.Clear();
        foreach (var table in head.Tables) _inserts.Add(Insert(table));
    }

    public void Row(int table, int columns, ref CborReader values)
    {
        var insert = _inserts[table];
        for (var column = 1; column <= columns; column++)
        {
            var bound = values.NextType switch
            {
                0 => raw.sqlite3_bind_int64(insert, column, (long)values.ReadUnsigned(long.MaxValue)),
                2 => raw.sqlite3_bind_blob(insert, column, values.ReadBytes()),
                3 => raw.sqlite3_bind_text(insert, column, values.ReadUtf8(int.MaxValue)),
                _ when values.TryReadNull() => raw.sqlite3_bind_null(insert, column),
                _ => throw ArchiveFormat.Damaged("a row holds what none does"),
            };
            SqliteException.ThrowExceptionForRC(bound, Connection.Handle);
        }
        var done = raw.sqlite3_step(insert);
        raw.sqlite3_reset(insert);
        if (done is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH) throw ArchiveFormat.Damaged("a row is there twice, or is not as any is");
        if (done != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(done, Connection.Handle);
    }

    public void File(string name, long length)
    {
        if (!_names.Add(name)) throw ArchiveFormat.Damaged("a file is there twice");
        if (Path.GetDirectoryName(name) is { Length: > 0 } below) Restoration.MakeFolder(Path.Combine(folder, below));
        // The reader has looked at the name: it leads nowhere else.
        _file = DeskStore.OwnFile(Path.Combine(folder, name), FileMode.CreateNew);
        _left = length;
        CloseFull();
    }

    public void Content(ReadOnlySpan<byte> bytes)
    {
        _file!.Write(bytes);
        _left -= bytes.Length;
        CloseFull();
    }

    public void End()
    {
        if (_journal is null && !_names.Contains(NodeKey.Name)) throw ArchiveFormat.Damaged("the key of the machine is not in it");
    }

    /// <summary>Both archives were there: closes the database.</summary>
    public (ArchiveHead Journal, ArchiveHead Keys) Complete()
    {
        if (_journal is null || _keys is null) throw new InvalidOperationException("There are two archives.");
        _inserts.ForEach(insert => insert.Dispose());
        _inserts.Clear();
        Connection.Execute("COMMIT");
        var instance = Connection.QuerySingleOrDefault<(byte[] Root, byte[] Node)>("SELECT root, node FROM instance");
        if (instance.Root is null || !instance.Root.AsSpan().SequenceEqual(_journal.Root) || !instance.Node.AsSpan().SequenceEqual(_journal.Node))
            throw ArchiveFormat.Damaged("its head is of another organisation than its content");
        Connection.Dispose();
        using var memory = new LockedMemory();
        NodeKey.Read(Path.Combine(folder, NodeKey.Name), PublicKey.From(_journal.Node), memory).Dispose();
        return (_journal, _keys);
    }

    public void Dispose()
    {
        _inserts.ForEach(insert => insert.Dispose());
        _connection?.Dispose();
        _file?.Dispose();
    }

    private void BeginKeys(ArchiveHead head)
    {
        if (head.Archive != BackupArchive.Keys) throw new CaseworkException("The archive that was given as the keys holds a journal: give it as --journal.");
        if (head.Version > DeskStore.Version)
            throw new CaseworkException($"The archive is of a newer Understory (its version is {head.Version}, this one knows {DeskStore.Version}): use that one.");
        _keys = head;
        var path = Path.Combine(folder, DeskStore.Name);
        DeskStore.OwnFile(path, FileMode.CreateNew).Dispose();
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        // Nothing of it is to survive but the whole: it is written without a journal, and put on the disk at the end.
        _connection.Execute("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -48000");
        _connection.Execute("PRAGMA journal_mode = OFF");
        Migrations.Apply(_connection, [.. Migrations.All.Take(head.Version)]);
        CheckTables(head);
        _connection.Execute("BEGIN");
    }

    private void BeginJournal(ArchiveHead head)
    {
        if (head.Archive != BackupArchive.Journal) throw new CaseworkException("The archive that was given as the journal holds keys: give it as --keys.");
        if (!head.Root.AsSpan().SequenceEqual(_keys!.Root)) throw new CaseworkException("The two archives are of different organisations.");
        if (!head.Node.AsSpan().SequenceEqual(_keys.Node)) throw new CaseworkException("The two archives are of different machines of the organisation: look for two of one moment.");
        if (!head.Snapshot.AsSpan().SequenceEqual(_keys.Snapshot)) CheckTimes(head);
        if (head.Version != _keys.Version) throw new CaseworkException($"The two archives are of different versions of the database ({head.Version} and {_keys.Version}): look for two of one moment.");
        _journal = head;
        CheckTables(head);
    }

    private void CheckTimes(ArchiveHead head)
    {
        var (journal, keys) = (Day(head), Day(_keys!));
        if (_keys!.Time >= head.Time)
            throw new CaseworkException($"The keys ({keys}) are of a later time than the journal ({journal}): their users have seen a longer log, and could not sign in. Look for the journal of the same moment.");
        if (!options.OlderKeys)
            throw new CaseworkException($"The keys ({keys}) are of an earlier time than the journal ({journal}): what was opened to somebody since is missing, and what was forgotten or taken away since may be back. Look for the keys of the same moment; if they are lost, --older-keys takes these.");

        static string Day(ArchiveHead of) => of.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>The archive names the tables that it must, with all of their columns, and no other.</summary>
    private void CheckTables(ArchiveHead head)
    {
        var right = ArchiveTable.Of(Connection).Where(table => table.Archive == head.Archive).ToDictionary(table => table.Table.Name, table => table.Table.Columns, StringComparer.Ordinal);
        foreach (var table in head.Tables)
        {
            if (!right.Remove(table.Name, out var columns) || !columns.Order(StringComparer.Ordinal).SequenceEqual(table.Columns.Order(StringComparer.Ordinal)))
                throw ArchiveFormat.Damaged("it has a table that does not belong in it, or not all columns of one");
        }
        if (right.Count > 0) throw ArchiveFormat.Damaged("a table is missing in it");
    }

    private sqlite3_stmt Insert(ArchiveTable table)
    {
        // The names were compared with those of the database.
        var columns = string.Join(", ", table.Columns.Select(column => $"\"{column}\""));
        var sql = $"INSERT INTO \"{table.Name}\" ({columns}) VALUES ({string.Join(", ", table.Columns.Select(_ => "?"))})";
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(Connection.Handle, sql, out var statement), Connection.Handle);
        return statement;
    }

    private void CloseFull()
    {
        if (_left > 0) return;
        _file!.Dispose();
        _file = null;
    }
}
