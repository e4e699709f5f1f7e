namespace Understory.Engines.Tests.Sealing;

/// <summary>Gives its bytes in odd small portions, as a slow line does.</summary>
internal sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    private int _turn;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Portion(buffer.Length)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Portion(buffer.Length)], cancellationToken);

    private int Portion(int most) => Math.Min(most, 1 + _turn++ * 7919 % 60_000);
}

/// <summary>A disk that is full after so many bytes.</summary>
internal sealed class FullStream(long room) : MemoryStream
{
    private long _room = room;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _room -= buffer.Length;
        if (_room < 0) throw new IOException("No space left on device");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}
