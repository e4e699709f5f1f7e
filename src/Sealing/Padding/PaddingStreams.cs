namespace Understory.Sealing;

/// <summary>Reads a stream and, behind its end, the padding that its length asks for. Constant memory.</summary>
public sealed class PaddedStream(PaddingKind kind, Stream content) : Stream
{
    private long _length;
    private long _left = -1;
    private bool _marked;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (_left < 0 && Count(content.Read(buffer)) is var read and > 0) return read;
        return Fill(buffer);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (_left < 0 && Count(await content.ReadAsync(buffer, cancellationToken)) is var read and > 0) return read;
        return Fill(buffer.Span);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int read)
    {
        _length += read;
        if (read == 0) _left = Padding.PaddedLength(kind, _length) - _length;
        return read;
    }

    private int Fill(Span<byte> buffer)
    {
        var take = (int)Math.Min(_left, buffer.Length);
        if (take == 0) return 0;
        buffer[..take].Clear();
        if (!_marked) buffer[0] = Padding.Mark;
        _marked = true;
        _left -= take;
        return take;
    }
}

/// <summary>
/// Passes on what is written to it, without the padding at its end. Holds back only a count: of zeros behind a mark.
/// <see cref="Finish"/> must be called at the end, and says whether the padding was right.
/// </summary>
public sealed class UnpaddingStream(PaddingKind kind, Stream content) : Stream
{
    private static readonly byte[] Zeros = new byte[4096];
    private static readonly byte[] Mark = [Padding.Mark];

    /// <summary>Zeros held back behind a mark; -1 when no mark is held back.</summary>
    private long _held = -1;

    private long _passed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Checks that what was held back is the padding of what was passed on.</summary>
    /// <exception cref="SealingException">It is not; what was passed on must be thrown away.</exception>
    public void Finish()
    {
        if (_held < 0 || !Padding.IsAllowed(kind, _passed, _passed + 1 + _held)) throw Padding.Wrong();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Holds(buffer)) return;
        foreach (var part in TakeHeld()) content.Write(part.Span);
        content.Write(buffer[..Pass(buffer)]);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Holds(buffer.Span)) return;
        foreach (var part in TakeHeld()) await content.WriteAsync(part, cancellationToken);
        await content.WriteAsync(buffer[..Pass(buffer.Span)], cancellationToken);
    }

    /// <inheritdoc/>
    public override void Flush() => content.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => content.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Holds back what is only more zeros behind a mark.</summary>
    private bool Holds(ReadOnlySpan<byte> buffer)
    {
        if (_held < 0 || buffer.ContainsAnyExcept((byte)0)) return false;
        _held += buffer.Length;
        return true;
    }

    /// <summary>What was held back and turned out to be content.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> TakeHeld()
    {
        if (_held < 0) yield break;
        yield return Mark;
        for (var left = _held; left > 0; left -= Zeros.Length) yield return Zeros.AsMemory(0, (int)Math.Min(left, Zeros.Length));
        _passed += 1 + _held;
        _held = -1;
    }

    /// <summary>How much of it to pass on; the rest, from a mark that only zeros follow, is held back.</summary>
    private int Pass(ReadOnlySpan<byte> buffer)
    {
        var end = buffer.LastIndexOfAnyExcept((byte)0);
        // Zeros behind something that is not a mark are content.
        var pass = end >= 0 && buffer[end] == Padding.Mark ? end : buffer.Length;
        _passed += pass;
        if (pass < buffer.Length) _held = buffer.Length - pass - 1;
        return pass;
    }
}
