namespace Understory.Engines.Tests.Sealing;

/// <summary>Gives its bytes in odd small portions, as a slow line does.</summary>
internal sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    private int _turn;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var portion = Math.Min(buffer.Length, 1 + _turn++ * 7919 % 60_000);
        return base.ReadAsync(buffer[..portion], cancellationToken);
    }
}

/// <summary>A disk that is full after so many bytes.</summary>
internal sealed class FullStream(long room) : MemoryStream
{
    private long _room = room;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _room -= buffer.Length;
        if (_room < 0) throw new IOException("No space left on device");
        return ValueTask.CompletedTask;
    }
}
