using System.Buffers.Binary;

namespace Understory.Envelopes;

/// <summary>Writes fields at fixed places, numbers big-endian, behind a version of 1.</summary>
internal sealed class WireWriter(int length)
{
    public const byte Version = 1;

    private readonly byte[] _bytes = [Version, .. new byte[length - 1]];
    private int _at = 1;

    public WireWriter Byte(int value)
    {
        _bytes[_at++] = checked((byte)value);
        return this;
    }

    public WireWriter UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Next(2), checked((ushort)value));
        return this;
    }

    public WireWriter UInt32(long value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Next(4), checked((uint)value));
        return this;
    }

    public WireWriter Int64(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        BinaryPrimitives.WriteInt64BigEndian(Next(8), value);
        return this;
    }

    public WireWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Next(bytes.Length));
        return this;
    }

    public WireWriter Counted(ReadOnlySpan<byte> bytes) => UInt32(bytes.Length).Bytes(bytes);

    /// <summary>All of it; the length that was announced must have been written.</summary>
    public byte[] Finish() => _at == _bytes.Length ? _bytes : throw new InvalidOperationException("Not all of it was written.");

    private Span<byte> Next(int length)
    {
        var next = _bytes.AsSpan(_at, length);
        _at += length;
        return next;
    }
}
