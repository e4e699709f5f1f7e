using System.Buffers.Binary;
using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>Gets what is in an archive, in its order.</summary>
internal interface IArchiveTarget
{
    /// <summary>Refuses an archive that does not belong here, before anything else of it is looked at.</summary>
    void Begin(ArchiveHead head);

    /// <summary>One row: <paramref name="values"/> stands before its first value, and must be read to behind its last.</summary>
    void Row(int table, int columns, ref CborReader values);

    /// <summary>The beginning of a file.</summary>
    void File(string name, long length);

    /// <summary>The next bytes of the file.</summary>
    void Content(ReadOnlySpan<byte> bytes);

    /// <summary>Everything was there.</summary>
    void End();
}

/// <summary>
/// What the content of an archive is written to while it is opened: takes records as they get whole and hands them on. It holds
/// one record at once.
/// </summary>
internal sealed class ArchiveReader(IArchiveTarget target) : Stream
{
    private byte[] _body = GC.AllocateUninitializedArray<byte>(ArchiveFormat.Piece, pinned: true);
    private readonly byte[] _start = new byte[ArchiveFormat.Start.Length];
    private readonly byte[] _recordHead = new byte[ArchiveFormat.RecordHead];
    private int _startLength;
    private int _headLength;
    private int _bodyLength;
    private ArchiveHead? _head;
    private long[] _rows = [];
    private long _files;
    private long _left;
    private bool _hasFiles;
    private bool _ended;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private int Expected => (int)BinaryPrimitives.ReadUInt32BigEndian(_recordHead.AsSpan(1));

    /// <summary>Opens an archive and hands on what is in it.</summary>
    /// <exception cref="CaseworkException">It is none, or not whole.</exception>
    /// <exception cref="SealingException">It does not open.</exception>
    public static async Task OpenAsync(Stream archive, IReadOnlyCollection<Identity> identities, IArchiveTarget target, IProgress<long>? progress, CancellationToken cancel)
    {
        await using var reader = new ArchiveReader(target);
        await AgeFile.OpenAsync(archive, reader, identities, new OpenOptions { Workers = Environment.ProcessorCount, Progress = progress }, cancel);
        if (!reader._ended) throw ArchiveFormat.Damaged("it has no end");
        target.End();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Fill(_start, ref _startLength, ref buffer);
        if (_startLength == _start.Length && !_start.AsSpan().SequenceEqual(ArchiveFormat.Start)) throw ArchiveFormat.Damaged("it does not begin as one does");
        while (!buffer.IsEmpty)
        {
            if (_headLength < _recordHead.Length)
            {
                Fill(_recordHead, ref _headLength, ref buffer);
                if (_headLength == _recordHead.Length) MakeRoom();
                // A record without a body is none, but for what follows it is handled as one.
                if (_headLength < _recordHead.Length || Expected > 0) continue;
            }
            Fill(_body.AsSpan(0, Expected), ref _bodyLength, ref buffer);
            if (_bodyLength < Expected) return;
            Take((RecordKind)_recordHead[0], _body.AsSpan(0, _bodyLength));
            (_headLength, _bodyLength) = (0, 0);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // The machine's key came through here.
        CryptographicOperations.ZeroMemory(_body);
        base.Dispose(disposing);
    }

    private static void Fill(Span<byte> into, ref int length, ref ReadOnlySpan<byte> from)
    {
        var some = Math.Min(into.Length - length, from.Length);
        from[..some].CopyTo(into[length..]);
        length += some;
        from = from[some..];
    }

    private void MakeRoom()
    {
        if (Expected is < 0 or > ArchiveFormat.MostBody) throw ArchiveFormat.Damaged("a record is longer than any is");
        if (_body.Length >= Expected) return;
        CryptographicOperations.ZeroMemory(_body);
        _body = GC.AllocateUninitializedArray<byte>(Expected, pinned: true);
    }

    private void Take(RecordKind kind, ReadOnlySpan<byte> body)
    {
        if (_ended) throw ArchiveFormat.Damaged("something follows its end");
        if (_left > 0 != (kind == RecordKind.Content)) throw ArchiveFormat.Damaged("a file ends where it should not");
        if (_head is null != (kind == RecordKind.Head)) throw ArchiveFormat.Damaged("its head is not where it should be");
        switch (kind)
        {
            case RecordKind.Head:
                _head = ArchiveHead.Read(body);
                _rows = new long[_head.Tables.Count];
                target.Begin(_head);
                break;
            case RecordKind.Rows when !_hasFiles:
                TakeRows(body);
                break;
            case RecordKind.File:
                TakeFile(body);
                break;
            case RecordKind.Content when body.Length is > 0 and <= ArchiveFormat.Piece && body.Length <= _left:
                _left -= body.Length;
                target.Content(body);
                break;
            case RecordKind.End:
                TakeEnd(body);
                break;
            default:
                throw ArchiveFormat.Damaged("a record is of a kind that does not belong there");
        }
    }

    private void TakeRows(ReadOnlySpan<byte> body)
    {
        var reader = new CborReader(body, ArchiveFormat.Damaged);
        while (reader.Position < body.Length)
        {
            reader.ReadArrayOf(2);
            var table = reader.ReadInt32(_rows.Length - 1);
            var columns = _head!.Tables[table].Columns.Count;
            reader.ReadArrayOf(columns);
            target.Row(table, columns, ref reader);
            _rows[table]++;
        }
    }

    private void TakeFile(ReadOnlySpan<byte> body)
    {
        var reader = new CborReader(body, ArchiveFormat.Damaged);
        reader.ReadArrayOf(2);
        var name = reader.ReadText(ArchiveFormat.MostFileName);
        _left = (long)reader.ReadUnsigned(long.MaxValue);
        reader.End();
        if (!DeskFiles.MayBeIn(_head!.Archive, name)) throw ArchiveFormat.Damaged("it holds a file that does not belong in it");
        (_hasFiles, _files) = (true, _files + 1);
        target.File(name, _left);
    }

    private void TakeEnd(ReadOnlySpan<byte> body)
    {
        var reader = new CborReader(body, ArchiveFormat.Damaged);
        reader.ReadArrayOf(2);
        reader.ReadArrayOf(_rows.Length);
        var fits = true;
        foreach (var rows in _rows) fits &= reader.ReadUnsigned() == (ulong)rows;
        fits &= reader.ReadUnsigned() == (ulong)_files;
        reader.End();
        if (!fits) throw ArchiveFormat.Damaged("rows or files of it are missing");
        _ended = true;
    }
}
