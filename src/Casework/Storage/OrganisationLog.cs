using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>The log of the organisation as rows: one Merkle tree over all journals (<c>docs/formats/journal.md</c>, "Log").</summary>
internal static class OrganisationLog
{
    private const long Most = 1L << 53;

    /// <summary>How many leaves there are.</summary>
    public static long Size(SqliteConnection connection) => connection.ExecuteScalar<long?>("SELECT max(number) FROM log WHERE level = 0") switch
    {
        null => 0,
        >= 0 and < Most and var last => last + 1,
        _ => throw new CaseworkException("The organisation's log is damaged: it names an entry that cannot be."),
    };

    /// <summary>Appends a leaf; gives its place.</summary>
    public static long Append(SqliteConnection connection, Digest leaf)
    {
        var size = Size(connection);
        foreach (var node in MerkleTree.Append(size, leaf, Nodes(connection)))
        {
            connection.Execute("INSERT INTO log VALUES (@Level, @Index, @hash)", new { node.Level, node.Index, hash = node.Hash.ToArray() });
        }
        return size;
    }

    /// <summary>The root over everything.</summary>
    public static Digest Root(SqliteConnection connection) => MerkleTree.Root(Size(connection), Nodes(connection));

    /// <summary>That the log as it is begins with what it was.</summary>
    public static IReadOnlyList<Digest> ConsistencyProof(SqliteConnection connection, long oldSize) =>
        MerkleTree.ConsistencyProof(oldSize, Size(connection), Nodes(connection));

    /// <summary>The root over the first entries.</summary>
    public static Digest RootAt(SqliteConnection connection, long size) => MerkleTree.Root(size, Nodes(connection));

    /// <summary>That the log of one size begins with the log of an older one.</summary>
    public static IReadOnlyList<Digest> ConsistencyProof(SqliteConnection connection, long oldSize, long size) => MerkleTree.ConsistencyProof(oldSize, size, Nodes(connection));

    /// <summary>Holds every entry against its leaf, and every node against those below it.</summary>
    public static IReadOnlyList<string> Check(SqliteConnection connection)
    {
        const int MostSaid = 100;
        List<string> wrong = [];
        var log = new Log();
        foreach (var (journal, sequence, leaf, entry, hash) in connection.Query<(byte[] Journal, long Sequence, long Leaf, byte[] Entry, byte[]? Hash)>(
            "SELECT journal, sequence, leaf, entry, (SELECT hash FROM log WHERE level = 0 AND number = leaf) FROM entries ORDER BY leaf", buffered: false))
        {
            var place = $"Entry {sequence} of journal {Convert.ToHexStringLower(journal)}";
            // Places without an entry are filled, so that the rest stays in its place; the root is wrong then anyway.
            for (; log.Size < leaf && wrong.Count < MostSaid; log.Append(Digest.Zero)) wrong.Add($"The entry at place {log.Size} of the log is not there.");
            if (wrong.Count >= MostSaid) return wrong;
            var found = Parse(entry);
            log.Append(found?.LeafHash ?? Digest.Zero);
            if (found is null) wrong.Add($"{place} is damaged.");
            else if (hash is not { Length: Digest.Size } || found.LeafHash != Digest.From(hash)) wrong.Add($"{place} is not the one that the log names.");
            else if (found.Header.Sequence != sequence || !found.Header.Case.ToArray().AsSpan().SequenceEqual(journal)) wrong.Add($"{place} stands in another one's place.");
        }
        if (Size(connection) != log.Size) wrong.Add($"The log has {Size(connection)} places, and there are entries up to {log.Size}.");
        else if (wrong.Count == 0 && log.Root != Root(connection)) wrong.Add("The log's own nodes do not fit together.");
        return wrong;
    }

    private static SealedEntry? Parse(byte[] entry)
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

    private static NodeLookup Nodes(SqliteConnection connection) => (level, index) =>
        connection.ExecuteScalar<byte[]?>("SELECT hash FROM log WHERE level = @level AND number = @index", new { level, index }) is { Length: Digest.Size } hash
            ? Digest.From(hash)
            : throw new CaseworkException("The organisation's log is damaged: a part of it is not there.");
}
