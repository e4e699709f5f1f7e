using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// Moves a payload through its cipher in blocks of several chunks, and writes them in order. It reads one block ahead,
/// since only the end of the source tells which chunk is the last. Memory does not depend on the length of the file.
/// </summary>
internal sealed class ChunkPipeline : IDisposable
{
    private const int ChunksPerBlock = 4;
    private readonly bool _sealing;
    private readonly Block[] _blocks;

    /// <param name="sealing">True to seal, false to open.</param>
    /// <param name="workers">Threads; 1 stays on the caller's, and asynchronous.</param>
    /// <param name="fileKey">The file key; not kept.</param>
    /// <param name="nonce">The payload nonce.</param>
    public ChunkPipeline(bool sealing, int workers, ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        _sealing = sealing;
        // One for each worker, and one that was read ahead. Each has its own cipher, since a cipher serves one thread.
        _blocks = new Block[workers + 1];
        for (var i = 0; i < _blocks.Length; i++) _blocks[i] = new Block(sealing, Payload.CreateCipher(fileKey, nonce));
    }

    /// <summary>Runs to the end of the source.</summary>
    /// <exception cref="SealingException">A chunk is not genuine; all before it, and nothing after it, was written.</exception>
    public async Task RunAsync(IByteSource source, IByteSink sink, IProgress<long>? progress, CancellationToken cancel)
    {
        if (_blocks.Length > 2) await new Crew(this, source, sink, progress, cancel).RunAsync();
        else await RunAloneAsync(source, sink, progress, cancel);
        await sink.FinishAsync(cancel);
    }

    public void Dispose()
    {
        foreach (var block in _blocks) block.Dispose();
    }

    private async Task RunAloneAsync(IByteSource source, IByteSink sink, IProgress<long>? progress, CancellationToken cancel)
    {
        var (current, ahead) = (_blocks[0], _blocks[1]);
        await current.ReadAsync(source, cancel);
        long chunk = 0, done = 0;
        for (var final = false; !final; (current, ahead) = (ahead, current))
        {
            cancel.ThrowIfCancellationRequested();
            // A block that is not full ends the source; a full one does so when nothing follows.
            if (current.IsFull) await ahead.ReadAsync(source, cancel);
            final = !current.IsFull || ahead.IsEmpty;
            current.Process(_sealing, chunk, final);
            await sink.WriteAsync(current.Output, cancel);
            if (current.Fault is { } fault) throw fault;
            chunk += ChunksPerBlock;
            progress?.Report(done += current.InputLength);
        }
    }

    /// <summary>
    /// Several threads that each read a block when it is their turn, work on it, and write it when it is their turn.
    /// Nothing is handed from thread to thread but the turns, and the block that was read ahead.
    /// </summary>
    private sealed class Crew(ChunkPipeline pipeline, IByteSource source, IByteSink sink, IProgress<long>? progress, CancellationToken cancel)
    {
        private readonly Lock _reading = new();
        private readonly object _writing = new();
        private Block _ahead = pipeline._blocks[0];
        private bool _started;
        private bool _ended;
        private long _read;
        private long _written;
        private long _done;
        private Exception? _fault;

        public async Task RunAsync()
        {
            var workers = pipeline._blocks[1..].Select(block =>
                Task.Factory.StartNew(() => Work(block), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            // All of them end before anybody disposes of their blocks; none of them throws.
            await Task.WhenAll(workers);
            if (_fault is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_fault);
        }

        private void Work(Block block)
        {
            try
            {
                while (TryTake(ref block, out var number, out var final))
                {
                    block.Process(pipeline._sealing, number * ChunksPerBlock, final);
                    if (!TryWrite(block, number)) return;
                }
            }
            catch (Exception fault)
            {
                lock (_writing)
                {
                    _fault ??= fault;
                    Monitor.PulseAll(_writing);
                }
            }
        }

        /// <summary>Exchanges a used block for the one that was read ahead, and reads the next one into it.</summary>
        private bool TryTake(ref Block block, out long number, out bool final)
        {
            lock (_reading)
            {
                (number, final) = (_read, false);
                if (_ended || Volatile.Read(ref _fault) is not null) return false;
                cancel.ThrowIfCancellationRequested();
                if (!_started) Fill(_ahead);
                _started = true;
                (block, _ahead) = (_ahead, block);
                if (block.IsFull) Fill(_ahead);
                _ended = final = !block.IsFull || _ahead.IsEmpty;
                _read++;
                return true;
            }
        }

        private bool TryWrite(Block block, long number)
        {
            lock (_writing)
            {
                while (_written != number && _fault is null) Monitor.Wait(_writing);
                if (_fault is not null) return false;
                // A thread of its own may wait; the sources and sinks of a crew block anyway.
                sink.WriteAsync(block.Output, cancel).AsTask().GetAwaiter().GetResult();
                _fault = block.Fault;
                _written++;
                progress?.Report(_done += block.InputLength);
                Monitor.PulseAll(_writing);
                return _fault is null;
            }
        }

        private void Fill(Block block) => block.ReadAsync(source, cancel).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Some chunks on their way, and the cipher that works on them.</summary>
    private sealed class Block(bool sealing, ChaCha20Poly1305 cipher) : IDisposable
    {
        private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(
            ChunksPerBlock * (sealing ? Payload.ChunkSize : Payload.SealedChunkSize), pinned: true);

        private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(
            ChunksPerBlock * (sealing ? Payload.SealedChunkSize : Payload.ChunkSize), pinned: true);

        private int _written;

        public int InputLength { get; private set; }

        public bool IsFull => InputLength == _input.Length;

        public bool IsEmpty => InputLength == 0;

        public ReadOnlyMemory<byte> Output => _output.AsMemory(0, _written);

        public SealingException? Fault { get; private set; }

        public async ValueTask ReadAsync(IByteSource source, CancellationToken cancel) =>
            InputLength = await source.ReadAsync(_input, cancel);

        public void Process(bool sealing, long chunk, bool final)
        {
            var input = _input.AsSpan(0, InputLength);
            if (sealing) _written = Payload.Seal(cipher, chunk, final, input, _output);
            else Fault = Payload.Open(cipher, chunk, final, input, _output, out _written);
        }

        public void Dispose()
        {
            cipher.Dispose();
            CryptographicOperations.ZeroMemory(_input);
            CryptographicOperations.ZeroMemory(_output);
        }
    }
}
