using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What an archive says of itself before anything else (<c>docs/formats/backup.md</c>).</summary>
/// <param name="Archive">Which of the two.</param>
/// <param name="Version">The version of the database.</param>
/// <param name="Snapshot">16 random bytes: the same in the two archives of one moment.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Root">The organisation's public key.</param>
/// <param name="Node">The machine's.</param>
/// <param name="Checkpoint">How far the log went: a signed note.</param>
/// <param name="Tables">Names of tables and of their columns, in the order of their rows.</param>
internal sealed record ArchiveHead(
    BackupArchive Archive, int Version, byte[] Snapshot, long Time, byte[] Root, byte[] Node, string Checkpoint, IReadOnlyList<ArchiveTable> Tables)
{
    public const int SnapshotSize = 16;

    private const int Fields = 8;
    private const int MostTables = 256;
    private const int MostColumns = 64;
    private const int MostName = 64;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(Time);

    /// <exception cref="CaseworkException">It is none.</exception>
    public static ArchiveHead Read(ReadOnlySpan<byte> body)
    {
        var reader = new CborReader(body, ArchiveFormat.Damaged);
        reader.ReadArrayOf(Fields);
        var archive = (BackupArchive)reader.ReadInt32((int)BackupArchive.Journal, (int)BackupArchive.Keys);
        var version = reader.ReadInt32(1, 1_000_000);
        var snapshot = reader.ReadExactly(SnapshotSize).ToArray();
        var time = (long)reader.ReadUnsigned((ulong)Entry.MaxTime);
        var root = reader.ReadExactly(PublicKey.Size).ToArray();
        var node = reader.ReadExactly(PublicKey.Size).ToArray();
        var checkpoint = reader.ReadText(Journal.Checkpoint.MaxLength);
        var tables = new ArchiveTable[reader.ReadArray(MostTables)];
        for (var place = 0; place < tables.Length; place++)
        {
            reader.ReadArrayOf(2);
            var name = reader.ReadText(MostName);
            var columns = new string[reader.ReadArray(MostColumns)];
            for (var column = 0; column < columns.Length; column++) columns[column] = reader.ReadText(MostName);
            tables[place] = new(name, columns);
        }
        reader.End();
        return new(archive, version, snapshot, time, root, node, checkpoint, tables);
    }

    public void Write(CborWriter writer)
    {
        writer.WriteArray(Fields);
        writer.Write((long)Archive);
        writer.Write((long)Version);
        writer.Write(Snapshot);
        writer.Write(Time);
        writer.Write(Root);
        writer.Write(Node);
        writer.Write(Checkpoint);
        writer.WriteArray(Tables.Count);
        foreach (var table in Tables)
        {
            writer.WriteArray(2);
            writer.Write(table.Name);
            writer.WriteArray(table.Columns.Count);
            foreach (var column in table.Columns) writer.Write(column);
        }
    }
}

/// <summary>A table in an archive.</summary>
internal sealed record ArchiveTable(string Name, IReadOnlyList<string> Columns)
{
    /// <summary>The columns of all tables of a database that are in the list, in the order of the list.</summary>
    /// <exception cref="CaseworkException">There is a table that is not in the list.</exception>
    public static IReadOnlyList<(BackupArchive Archive, ArchiveTable Table)> Of(SqliteConnection connection)
    {
        var names = connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").AsList();
        foreach (var name in names) DeskTables.Of(name);
        return [.. DeskTables.All.Where(table => names.Contains(table.Name)).Select(table =>
            (table.Archive, new ArchiveTable(table.Name, connection.Query<string>("SELECT name FROM pragma_table_info(@Name)", new { table.Name }).AsList())))];
    }
}

/// <summary>The records of an archive.</summary>
internal enum RecordKind : byte
{
    Head = 1,
    Rows = 2,
    File = 3,
    Content = 4,
    End = 5,
}

internal static class ArchiveFormat
{
    /// <summary>The kind and the length before each body.</summary>
    public const int RecordHead = 5;

    /// <summary>The longest body.</summary>
    public const int MostBody = 1 << 24;

    /// <summary>Bytes of a file in one record.</summary>
    public const int Piece = 1 << 20;

    public const int MostFileName = 128;

    public static ReadOnlySpan<byte> Start => "understory/backup/v1\n"u8;

    public static CaseworkException Damaged(string what) => new($"The archive is damaged, or none of a Desk's: {what}.");
}
