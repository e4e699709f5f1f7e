using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// Moves a payload through its cipher in blocks of several chunks: reads ahead by one block, since only the end of
/// the source tells which chunk is the last, and writes in order. With more than one worker the cipher runs on the
/// thread pool while the caller's thread reads and writes. Memory does not depend on the length of the file.
/// </summary>
internal sealed class ChunkPipeline : IDisposable
{
    private const int ChunksPerBlock = 8;
    private readonly bool _sealing;
    private readonly Block[] _blocks;
    private readonly bool _parallel;

    /// <param name="sealing">True to seal, false to open.</param>
    /// <param name="workers">How many blocks may be in work at once; 1 keeps everything on the caller's thread.</param>
    /// <param name="fileKey">The file key; not kept.</param>
    /// <param name="nonce">The payload nonce.</param>
    public ChunkPipeline(bool sealing, int workers, ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce)
    {
        _sealing = sealing;
        _parallel = workers > 1;
        var input = ChunksPerBlock * (sealing ? Payload.ChunkSize : Payload.SealedChunkSize);
        var output = ChunksPerBlock * (sealing ? Payload.SealedChunkSize : Payload.ChunkSize);
        _blocks = new Block[_parallel ? workers + 2 : 2];
        // One cipher for each block, since a cipher serves one thread.
        for (var i = 0; i < _blocks.Length; i++) _blocks[i] = new Block(input, output, Payload.CreateCipher(fileKey, nonce));
    }

    public async Task RunAsync(IByteSource source, IByteSink sink, IProgress<long>? progress, CancellationToken cancel)
    {
        var free = new Queue<Block>(_blocks);
        var working = new Queue<(Block Block, Task Work)>();
        try
        {
            long chunk = 0, done = 0;
            var current = free.Dequeue();
            await current.ReadAsync(source, cancel);
            for (var final = false; !final;)
            {
                // A block that is not full ends the source; a full one does so when nothing follows.
                Block? next = null;
                if (current.IsFull)
                {
                    next = free.Dequeue();
                    await next.ReadAsync(source, cancel);
                }
                final = next is null || next.IsEmpty;
                working.Enqueue((current, Start(current, chunk, final, cancel)));
                chunk += ChunksPerBlock;
                while (working.Count > 0 && (final || free.Count == 0 || !_parallel))
                    done = await WriteOldestAsync(working, free, sink, done, progress, cancel);
                if (next is not null) current = next;
            }
        }
        finally
        {
            // After a fault the workers still hold their blocks; they end on their own, soon.
            foreach (var (_, work) in working) await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await sink.FinishAsync(cancel);
    }

    public void Dispose()
    {
        foreach (var block in _blocks) block.Dispose();
    }

    private Task Start(Block block, long chunk, bool final, CancellationToken cancel)
    {
        if (_parallel) return Task.Run(() => block.Process(_sealing, chunk, final), cancel);
        block.Process(_sealing, chunk, final);
        return Task.CompletedTask;
    }

    private static async ValueTask<long> WriteOldestAsync(
        Queue<(Block Block, Task Work)> working, Queue<Block> free, IByteSink sink, long done,
        IProgress<long>? progress, CancellationToken cancel)
    {
        var (block, work) = working.Peek();
        await work;
        working.Dequeue();
        await sink.WriteAsync(block.Output, cancel);
        if (block.Fault is { } fault) throw fault;
        done += block.InputLength;
        progress?.Report(done);
        free.Enqueue(block);
        return done;
    }

    /// <summary>Some chunks on their way, and the cipher that works on them.</summary>
    private sealed class Block(int inputSize, int outputSize, ChaCha20Poly1305 cipher) : IDisposable
    {
        private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(inputSize, pinned: true);
        private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(outputSize, pinned: true);
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
