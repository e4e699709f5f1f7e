using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>The entries of one journal as they are stored, with their places in the organisation's log.</summary>
/// <param name="Entries">Their bytes, in the order of their numbers.</param>
/// <param name="Leaves">Their places, by number.</param>
/// <param name="Log">What the log has at those places.</param>
internal sealed record JournalRows(IReadOnlyList<ReadOnlyMemory<byte>> Entries, Dictionary<long, long> Leaves, HashSet<Digest> Log)
{
    private const int PrimaryKeyTaken = 1555;
    private const int UniqueTaken = 2067;

    /// <summary>All of them.</summary>
    public static JournalRows Read(SqliteConnection connection, CaseId journal) => Read(connection, journal, "ORDER BY sequence");

    /// <summary>The last one: all that an append needs where nothing is folded.</summary>
    public static JournalRows ReadEnd(SqliteConnection connection, CaseId journal) => ReadLast(connection, journal, 1);

    /// <summary>The last ones, the newest first.</summary>
    public static JournalRows ReadLast(SqliteConnection connection, CaseId journal, int most) =>
        Read(connection, journal, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ORDER BY sequence DESC LIMIT {most}"));

    /// <summary>The head of what is stored, unchecked.</summary>
    /// <exception cref="JournalException">The last entry is damaged.</exception>
    public static Head HeadOf(SqliteConnection connection, CaseId journal) =>
        connection.ExecuteScalar<byte[]?>("SELECT entry FROM entries WHERE journal = @id ORDER BY sequence DESC LIMIT 1", new { id = journal.ToArray() }) is { } last
            ? SealedEntry.Parse(last).Head : Head.Of(journal);

    /// <summary>Writes an entry behind a head, and into the log.</summary>
    /// <exception cref="CaseworkException">Somebody else was faster.</exception>
    public static (SealedEntry Sealed, Entry Opened, long Leaf) Append(
        Organisation organisation, SqliteConnection connection, SigningKey author, Head head, Epoch epoch, Kind kind, ReadOnlySpan<byte> body)
    {
        var entry = SealedEntry.Write(head, epoch, kind, organisation.Now, body, author);
        var leaf = OrganisationLog.Append(connection, entry.LeafHash);
        try
        {
            connection.Execute("INSERT INTO entries VALUES (@id, @Sequence, @leaf, @bytes)", new { id = head.Case.ToArray(), entry.Header.Sequence, leaf, bytes = entry.ToArray() });
        }
        catch (SqliteException fault) when (fault.SqliteExtendedErrorCode is PrimaryKeyTaken or UniqueTaken)
        {
            throw new CaseworkException("Somebody else wrote in this case at the same moment. Look at it again, and try once more.", fault);
        }
        return (entry, entry.Open(epoch, Kinds.Current), leaf);
    }

    private static JournalRows Read(SqliteConnection connection, CaseId journal, string which)
    {
        List<ReadOnlyMemory<byte>> entries = [];
        Dictionary<long, long> leaves = [];
        HashSet<Digest> log = [];
        foreach (var (sequence, leaf, entry, hash) in connection.Query<(long Sequence, long Leaf, byte[] Entry, byte[]? Hash)>(
            $"SELECT sequence, leaf, entry, (SELECT hash FROM log WHERE level = 0 AND number = leaf) FROM entries WHERE journal = @id {which}", new { id = journal.ToArray() }))
        {
            entries.Add(entry);
            leaves[sequence] = leaf;
            if (hash is { Length: Digest.Size }) log.Add(Digest.From(hash));
        }
        return new JournalRows(entries, leaves, log);
    }
}
