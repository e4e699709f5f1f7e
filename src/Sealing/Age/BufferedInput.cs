namespace Understory.Sealing;

/// <summary>Where the bytes of an age file come from: a stream, or the inside of armor.</summary>
internal interface IByteSource
{
    /// <summary>Fills as much of the buffer as there is. Less than all of it means that the source has ended.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel);
}

/// <summary>Where the bytes of an age file go: a stream, or armor around one.</summary>
internal interface IByteSink
{
    /// <summary>Writes all of it.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Says that this was all.</summary>
    ValueTask FinishAsync(CancellationToken cancel);
}

/// <summary>The plain sink: a stream. A blocking one serves threads of its own, and spares them the way through the pool.</summary>
internal sealed class StreamSink(Stream output, bool blocking) : IByteSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (!blocking) return output.WriteAsync(bytes, cancel);
        output.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public async ValueTask FinishAsync(CancellationToken cancel) => await output.FlushAsync(cancel);
}

/// <summary>
/// Reads from a source and lets a parser look ahead, at most <see cref="AgeHeader.MaxLength"/> bytes and a little.
/// </summary>
internal sealed class BufferedInput(IByteSource source) : IByteSource
{
    private const int Step = 16 * 1024;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _ended;

    public BufferedInput(Stream stream, bool blocking)
        : this(new StreamSource(stream, blocking))
    {
    }

    /// <summary>What has been read and not consumed.</summary>
    public ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Reads some more. False when there is no more.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_ended) return false;
        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_buffer.Length < _end + Step) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _end + Step));
        var read = await source.ReadAsync(_buffer.AsMemory(_end, Step), cancel);
        _ended = read < Step;
        _end += read;
        return read > 0;
    }

    public void Consume(int count) => _start += count;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        var held = Math.Min(Buffered.Length, buffer.Length);
        Buffered[..held].CopyTo(buffer);
        Consume(held);
        if (held == buffer.Length || _ended) return held;
        return held + await source.ReadAsync(buffer[held..], cancel);
    }

    private sealed class StreamSource(Stream stream, bool blocking) : IByteSource
    {
        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel) => blocking
            ? ValueTask.FromResult(stream.ReadAtLeast(buffer.Span, buffer.Length, throwOnEndOfStream: false))
            : stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
    }
}
