using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// One stretch of memory for secrets: locked, so that it is never swapped out; left out of core dumps; between guard
/// pages; wiped when freed. Secrets are cut from it in steps of 32 bytes.
/// </summary>
/// <remarks>
/// One arena and not one lock per secret: the kernel locks pages, and a limit (8 MiB by default on Debian 12) that is
/// reached by thousands of small locks fails silently in the middle of the day. Here the lock is taken once and checked.
/// There is no finalizer on purpose: memory that is still looked at through a span must not be freed by the garbage
/// collector. An arena that is not disposed lives until the process ends.
/// </remarks>
public sealed unsafe partial class LockedMemory : IDisposable
{
    private const int Step = 32;
    private readonly Lock _gate = new();
    private readonly ulong[] _taken;
    private byte* _start;

    /// <summary>Takes and locks the memory.</summary>
    /// <param name="capacity">Bytes; rounded up to a multiple of 2,048.</param>
    /// <exception cref="MemoryNotLockedException">The system does not allow to lock this much.</exception>
    /// <exception cref="LibraryMissingException">libsodium is not installed.</exception>
    public LockedMemory(int capacity = 64 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 30);
        Capacity = (capacity + 2047) / 2048 * 2048;
        Sodium.Require();
        _start = (byte*)Sodium.sodium_malloc((nuint)Capacity);
        if (_start == null) throw new MemoryNotLockedException(Capacity);
        // Why this is safe: sodium_malloc tries to lock and does not say whether it could; this call says it.
        if (Sodium.sodium_mlock(_start, (nuint)Capacity) != 0)
        {
            Sodium.sodium_free(_start);
            _start = null;
            throw new MemoryNotLockedException(Capacity);
        }
        new Span<byte>(_start, Capacity).Clear();
        _taken = new ulong[Capacity / Step / 64];
    }

    /// <summary>Bytes in all.</summary>
    public int Capacity { get; }

    /// <summary>Bytes in use, in whole steps.</summary>
    public int Used
    {
        get
        {
            lock (_gate)
            {
                var steps = 0;
                foreach (var word in _taken) steps += System.Numerics.BitOperations.PopCount(word);
                return steps * Step;
            }
        }
    }

    /// <summary>A secret of zeros, to be filled in.</summary>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    /// <exception cref="InvalidOperationException">The arena is concealed.</exception>
    public Secret Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var steps = (length + Step - 1) / Step;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            ThrowIfConcealed();
            var first = FirstFree(steps);
            if (first < 0) throw new NotEnoughMemoryException($"The locked memory of {Capacity} bytes is full.");
            for (var i = first; i < first + steps; i++) _taken[i >> 6] |= 1ul << (i & 63);
            return new Secret(this, _start + (nint)first * Step, length);
        }
    }

    /// <summary>A secret of random bytes.</summary>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public Secret Random(int length)
    {
        var secret = Allocate(length);
        try
        {
            RandomNumberGenerator.Fill(secret.Span);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    /// <summary>A secret with a copy of these bytes; wiping the original is the caller's duty.</summary>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public Secret Copy(ReadOnlySpan<byte> bytes)
    {
        var secret = Allocate(bytes.Length);
        bytes.CopyTo(secret.Span);
        return secret;
    }

    /// <summary>Wipes and frees everything, also the secrets that are still out.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_start == null) return;
            // sodium_free wipes before it unlocks.
            Sodium.sodium_free(_start);
            _start = null;
        }
    }

    internal bool IsDisposed => _start == null;

    internal void Free(byte* pointer, int length)
    {
        lock (_gate)
        {
            if (_start == null) return;
            if (_concealment is not null)
            {
                // Wiping ciphertext now would make the rest unreadable: it is wiped when it is in the clear again.
                _freedWhileConcealed.Add(((nint)pointer, length));
                return;
            }
            CryptographicOperations.ZeroMemory(new Span<byte>(pointer, length));
            var first = (int)((pointer - _start) / Step);
            var steps = (length + Step - 1) / Step;
            for (var i = first; i < first + steps; i++) _taken[i >> 6] &= ~(1ul << (i & 63));
        }
    }

    private int FirstFree(int steps)
    {
        var total = Capacity / Step;
        for (int i = 0, run = 0; i < total; i++)
        {
            if ((i & 63) == 0 && _taken[i >> 6] == ulong.MaxValue)
            {
                run = 0;
                i += 63;
                continue;
            }
            run = (_taken[i >> 6] >> (i & 63) & 1) == 0 ? run + 1 : 0;
            if (run == steps) return i - steps + 1;
        }
        return -1;
    }
}

/// <summary>Bytes in <see cref="LockedMemory"/>. Disposing wipes them. It prints as its length and nothing else.</summary>
public sealed unsafe class Secret : IDisposable
{
    private readonly LockedMemory _memory;
    private nint _pointer;

    internal Secret(LockedMemory memory, byte* pointer, int length)
    {
        _memory = memory;
        _pointer = (nint)pointer;
        Length = length;
    }

    /// <summary>Length in bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes themselves. Do not keep the span longer than the secret.</summary>
    /// <exception cref="ObjectDisposedException">The secret or its arena is gone.</exception>
    /// <exception cref="InvalidOperationException">The arena is concealed.</exception>
    public Span<byte> Span
    {
        get
        {
            var pointer = Volatile.Read(ref _pointer);
            ObjectDisposedException.ThrowIf(pointer == 0 || _memory.IsDisposed, this);
            _memory.ThrowIfConcealed();
            return new Span<byte>((void*)pointer, Length);
        }
    }

    /// <summary>The arena that it lies in.</summary>
    public LockedMemory Memory => _memory;

    /// <summary>A key derived from this one by HKDF-Expand with SHA-256 (RFC 5869); this one must be uniformly random.</summary>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public Secret Expand(ReadOnlySpan<byte> info, int length)
    {
        var key = _memory.Allocate(length);
        try
        {
            HKDF.Expand(HashAlgorithmName.SHA256, Span, key.Span, info);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Whether it equals other bytes, in a time that tells nothing about where they differ.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(Span, other);

    /// <inheritdoc/>
    public override string ToString() => $"Secret({Length} bytes)";

    /// <summary>Wipes it and gives its place back.</summary>
    public void Dispose()
    {
        // Taken once, whoever comes second: its place may already be another secret's.
        var pointer = Interlocked.Exchange(ref _pointer, 0);
        if (pointer != 0) _memory.Free((byte*)pointer, Length);
    }
}

/// <summary>The system does not let this process lock the memory that it needs for keys.</summary>
public sealed class MemoryNotLockedException(int bytes) : Exception(
    $"Memory for keys could not be locked ({bytes / 1024} KiB). Raise the limit: `ulimit -l {Math.Max(8192, bytes / 1024 * 2)}`, "
    + "or `LimitMEMLOCK=` in the systemd unit.");

/// <summary>Memory for a key or a key derivation could not be had.</summary>
public sealed class NotEnoughMemoryException(string message) : Exception(message);
