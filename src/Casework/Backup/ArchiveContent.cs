using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The content of an archive as a stream to be read once, made while it is read: out of one transaction of the database, and
/// out of files. What it holds at once are a few MiB, however large the Desk is, and no temporary file is made.
/// </summary>
internal sealed class ArchiveContent : Stream
{
    // Rows are put together up to this: a record for each would be mostly heads.
    private const int Enough = 1 << 20;

    private readonly IEnumerator<ReadOnlyMemory<byte>> _pieces;
    private readonly byte[] _file = GC.AllocateUninitializedArray<byte>(ArchiveFormat.RecordHead + ArchiveFormat.Piece, pinned: true);
    private ReadOnlyMemory<byte> _rest;

    /// <param name="connection">In a transaction that reads.</param>
    /// <param name="head">What stands first.</param>
    /// <param name="folder">The data directory.</param>
    /// <param name="files">Names of files in it.</param>
    public ArchiveContent(SqliteConnection connection, ArchiveHead head, string folder, IReadOnlyList<string> files) =>
        _pieces = Pieces(connection, head, folder, files).GetEnumerator();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How many rows were read.</summary>
    public long Rows { get; private set; }

    /// <summary>How many files were read.</summary>
    public long Files { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        while (_rest.IsEmpty)
        {
            if (!_pieces.MoveNext()) return 0;
            _rest = _pieces.Current;
        }
        var length = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _pieces.Dispose();
        CryptographicOperations.ZeroMemory(_file);
        base.Dispose(disposing);
    }

    private IEnumerable<ReadOnlyMemory<byte>> Pieces(SqliteConnection connection, ArchiveHead head, string folder, IReadOnlyList<string> files)
    {
        yield return ArchiveFormat.Start.ToArray();
        yield return Record(RecordKind.Head, head.Write);
        var counts = new long[head.Tables.Count];
        for (var place = 0; place < counts.Length; place++)
        {
            foreach (var piece in RowsOf(connection, head.Tables[place], place, counts)) yield return piece;
            Rows += counts[place];
        }
        foreach (var name in files)
        {
            foreach (var piece in FileOf(folder, name)) yield return piece;
        }
        yield return Record(RecordKind.End, writer =>
        {
            writer.WriteArray(2);
            writer.WriteArray(counts.Length);
            foreach (var count in counts) writer.Write(count);
            writer.Write(Files);
        });
    }

    private static IEnumerable<ReadOnlyMemory<byte>> RowsOf(SqliteConnection connection, ArchiveTable table, int place, long[] counts)
    {
        var sql = $"SELECT {string.Join(", ", table.Columns.Select(column => $"\"{column}\""))} FROM \"{table.Name}\"";
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, sql, out var statement), connection.Handle);
        using (statement)
        {
            var more = true;
            while (more)
            {
                using var writer = new CborWriter(Enough + (Enough >> 2));
                while ((more = Step(connection, statement)) && writer.Length < Enough)
                {
                    Write(statement, table, place, writer);
                    counts[place]++;
                }
                // The row that was stepped to when the record was full belongs to it too: it is there once.
                if (more)
                {
                    Write(statement, table, place, writer);
                    counts[place]++;
                }
                if (writer.Length > 0) yield return Record(RecordKind.Rows, writer.Written);
            }
        }
    }

    private static bool Step(SqliteConnection connection, sqlite3_stmt statement)
    {
        var found = raw.sqlite3_step(statement);
        if (found is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(found, connection.Handle);
        return found == raw.SQLITE_ROW;
    }

    private static void Write(sqlite3_stmt statement, ArchiveTable table, int place, CborWriter writer)
    {
        writer.WriteArray(2);
        writer.Write((long)place);
        writer.WriteArray(table.Columns.Count);
        for (var column = 0; column < table.Columns.Count; column++)
        {
            switch (raw.sqlite3_column_type(statement, column))
            {
                case raw.SQLITE_INTEGER when raw.sqlite3_column_int64(statement, column) is >= 0 and var number:
                    writer.Write(number);
                    break;
                case raw.SQLITE_BLOB:
                    writer.Write(raw.sqlite3_column_blob(statement, column));
                    break;
                case raw.SQLITE_TEXT:
                    writer.Write(raw.sqlite3_column_text(statement, column).utf8_to_string());
                    break;
                case raw.SQLITE_NULL:
                    writer.WriteNull();
                    break;
                default:
                    throw new CaseworkException($"A row of the table '{table.Name}' holds what none of the Desk's holds: see `understory fsck`.");
            }
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> FileOf(string folder, string name)
    {
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (FileNotFoundException)
        {
            // Forgotten since the folder was listed: then it must not be in a backup.
            yield break;
        }
        using (file)
        {
            var left = file.Length;
            Files++;
            yield return Record(RecordKind.File, writer =>
            {
                writer.WriteArray(2);
                writer.Write(name);
                writer.Write(left);
            });
            while (left > 0)
            {
                var length = file.ReadAtLeast(_file.AsSpan(ArchiveFormat.RecordHead, (int)Math.Min(left, ArchiveFormat.Piece)), (int)Math.Min(left, ArchiveFormat.Piece), throwOnEndOfStream: false);
                if (length == 0) throw new CaseworkException($"'{Path.Combine(folder, name)}' became shorter while it was read: make the backup anew.");
                WriteRecordHead(_file, RecordKind.Content, length);
                left -= length;
                yield return _file.AsMemory(0, ArchiveFormat.RecordHead + length);
            }
        }
    }

    private static byte[] Record(RecordKind kind, Action<CborWriter> write)
    {
        using var writer = new CborWriter();
        write(writer);
        return Record(kind, writer.Written);
    }

    private static byte[] Record(RecordKind kind, ReadOnlySpan<byte> body)
    {
        if (body.Length > ArchiveFormat.MostBody) throw new CaseworkException("A row of the database is longer than any of the Desk's: see `understory fsck`.");
        var record = new byte[ArchiveFormat.RecordHead + body.Length];
        WriteRecordHead(record, kind, body.Length);
        body.CopyTo(record.AsSpan(ArchiveFormat.RecordHead));
        return record;
    }

    private static void WriteRecordHead(Span<byte> record, RecordKind kind, int length)
    {
        record[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(record[1..], (uint)length);
    }
}
