using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>
/// Holds every entry against its place in its journal and against its leaf in the log, and every stored node of the log
/// against those below it; without any key, in two passes over tables in their order, and in constant memory.
/// </summary>
internal static class LogCheck
{
    private const int Pace = 4096;

    public static void Run(SqliteConnection connection, FaultList faults, IProgress<CheckProgress>? progress, CancellationToken cancel)
    {
        var before = faults.Count;
        CheckTree(connection, faults, progress, cancel);
        CheckEntries(connection, faults, progress, cancel);
        // An entry for each leaf: there are as many of both, no two entries have one leaf, and each was compared with its own.
        var (entries, leaves) = connection.QuerySingle<(long, long)>("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM log WHERE level = 0)");
        if (entries == leaves) return;
        faults.Add($"The log has {leaves} places, and there are {entries} entries.");
        if (faults.Count - before > 1) return;
        foreach (var leaf in connection.Query<long>("SELECT number FROM log WHERE level = 0 AND number NOT IN (SELECT leaf FROM entries) LIMIT 20"))
            faults.Add($"The entry at place {leaf} of the log is not there.");
    }

    /// <summary>Nodes are stored level by level: each level is read once, beside the one below it.</summary>
    private static void CheckTree(SqliteConnection connection, FaultList faults, IProgress<CheckProgress>? progress, CancellationToken cancel)
    {
        var below = connection.ExecuteScalar<long>("SELECT count(*) FROM log WHERE level = 0");
        var (done, all) = (0L, connection.ExecuteScalar<long>("SELECT count(*) FROM log"));
        var highest = connection.ExecuteScalar<int?>("SELECT max(level) FROM log") ?? 0;
        for (var level = 0; level <= highest; level++, below /= 2)
        {
            using var nodes = new Nodes(connection, level);
            using var children = level == 0 ? null : new Nodes(connection, level - 1);
            var number = 0L;
            for (; nodes.Next(); number++)
            {
                if (done++ % Pace == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress?.Report(new("the log", done, all));
                }
                if (nodes.Number != number || nodes.Hash is not { } hash)
                {
                    faults.Add($"The log is damaged at level {level}, place {number}: a part of it is not there, or is none.");
                    return;
                }
                if (children is null) continue;
                if (children.Next() && children.Hash is { } left && children.Next() && children.Hash is { } right && MerkleTree.NodeHash(left, right) == hash) continue;
                faults.Add($"The log's own nodes do not fit together at level {level}, place {number}.");
                return;
            }
            if (number == below) continue;
            faults.Add($"The log has {number} nodes at level {level}, where {below} belong.");
            return;
        }
        if (below > 1) faults.Add($"The log has no nodes above level {highest}.");
    }

    private static void CheckEntries(SqliteConnection connection, FaultList faults, IProgress<CheckProgress>? progress, CancellationToken cancel)
    {
        var all = connection.ExecuteScalar<long>("SELECT count(*) FROM entries");
        var (head, last, afterDamage) = (default(Head?), -1L, false);
        using var leaves = new Nodes(connection);
        Prepare(connection, "SELECT journal, sequence, leaf, entry FROM entries ORDER BY journal, sequence", out var rows);
        using (rows)
        {
            while (Step(connection, rows))
            {
                if (faults.Entries++ % Pace == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress?.Report(new("entries", faults.Entries, all));
                }
                var journal = raw.sqlite3_column_blob(rows, 0);
                var (sequence, leaf) = (raw.sqlite3_column_int64(rows, 1), raw.sqlite3_column_int64(rows, 2));
                if (Parse(raw.sqlite3_column_blob(rows, 3)) is not { } entry)
                {
                    faults.Add($"{Place(journal, sequence)} is damaged.");
                    (head, afterDamage) = (null, true);
                    continue;
                }
                if (WrongPlace(entry, journal, sequence, leaves.Find(leaf)) is { } wrong)
                {
                    faults.Add($"{Place(journal, sequence)} {wrong}.");
                    (head, afterDamage) = (null, true);
                    continue;
                }
                CheckChain(entry, head, leaf, last, afterDamage, faults);
                (head, last, afterDamage) = (entry.Head, leaf, false);
            }
        }
    }

    private static void CheckChain(SealedEntry entry, Head? before, long leaf, long last, bool afterDamage, FaultList faults)
    {
        var place = Place(entry.Header.Case.ToArray(), entry.Header.Sequence);
        if (before is { } head && head.Case == entry.Header.Case)
        {
            if (head.Sequence + 1 != entry.Header.Sequence) faults.Add($"{place} follows entry {head.Sequence}: what was between them is not there.");
            else if (head.Hash != entry.Header.Previous) faults.Add($"{place} does not follow the entry before it.");
            else if (leaf <= last) faults.Add($"{place} stands in the log before the one that it follows.");
        }
        else if (!afterDamage && entry.Header.Sequence != 1)
        {
            faults.Add($"{place} is the first of its journal that is there: what was before it is missing.");
        }
    }

    private static string? WrongPlace(SealedEntry entry, ReadOnlySpan<byte> journal, long sequence, Digest? leaf) =>
        !entry.Header.Case.ToArray().AsSpan().SequenceEqual(journal) || entry.Header.Sequence != sequence ? "stands in another one's place"
        : leaf != entry.LeafHash ? "is not the one that the log names"
        : null;

    private static string Place(ReadOnlySpan<byte> journal, long sequence) => $"Entry {sequence} of journal {Convert.ToHexStringLower(journal)}";

    private static SealedEntry? Parse(ReadOnlySpan<byte> entry)
    {
        try
        {
            return SealedEntry.Parse(entry);
        }
        catch (JournalException)
        {
            return null;
        }
    }

    private static void Prepare(SqliteConnection connection, string sql, out sqlite3_stmt statement) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, sql, out statement), connection.Handle);

    private static bool Step(SqliteConnection connection, sqlite3_stmt statement)
    {
        var found = raw.sqlite3_step(statement);
        if (found is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(found, connection.Handle);
        return found == raw.SQLITE_ROW;
    }

    /// <summary>Stored nodes: those of a level one after the other, or leaves by their number.</summary>
    private sealed class Nodes : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly sqlite3_stmt _statement;

        public Nodes(SqliteConnection connection, int level)
        {
            _connection = connection;
            Prepare(connection, "SELECT number, hash FROM log WHERE level = ?1 ORDER BY number", out _statement);
            raw.sqlite3_bind_int(_statement, 1, level);
        }

        public Nodes(SqliteConnection connection)
        {
            _connection = connection;
            Prepare(connection, "SELECT number, hash FROM log WHERE level = 0 AND number = ?1", out _statement);
        }

        public long Number => raw.sqlite3_column_int64(_statement, 0);

        public Digest? Hash => raw.sqlite3_column_blob(_statement, 1) is { Length: Digest.Size } hash ? Digest.From(hash) : null;

        public bool Next() => Step(_connection, _statement);

        public Digest? Find(long number)
        {
            raw.sqlite3_reset(_statement);
            raw.sqlite3_bind_int64(_statement, 1, number);
            return Next() ? Hash : null;
        }

        public void Dispose() => _statement.Dispose();
    }
}
