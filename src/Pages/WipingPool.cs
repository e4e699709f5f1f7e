using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace Understory.Pages;

/// <summary>
/// The server's buffers: what went through one is overwritten when the server gives it back, also a form that was refused
/// unread and a page with nine words. The framework's own pool keeps what was in them until they are used again.
/// </summary>
public sealed class WipingPool : MemoryPool<byte>
{
    // As the framework's: four kilobytes, pinned, so that the garbage collector makes no copies.
    private const int BlockSize = 4_096;
    private const int MostKept = 2_048;

    private readonly ConcurrentQueue<byte[]> _kept = new();

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return new Block(this, _kept.TryDequeue(out var bytes) ? bytes : GC.AllocateArray<byte>(BlockSize, pinned: true));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _kept.Clear();

    private void Return(byte[] bytes)
    {
        CryptographicOperations.ZeroMemory(bytes);
        if (_kept.Count < MostKept) _kept.Enqueue(bytes);
    }

    /// <summary>Gives every part of the server its pool.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        /// <inheritdoc/>
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new WipingPool();
    }

    private sealed class Block(WipingPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes) pool.Return(bytes);
        }
    }
}
