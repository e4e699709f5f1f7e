using System.Buffers.Binary;

namespace Understory.Envelopes;

/// <summary>
/// Reads fields at fixed places, numbers big-endian (<c>docs/formats/intake-protocol.md</c>). Gives slices of what it was
/// given. Every fault is an <see cref="EnvelopeException"/>.
/// </summary>
internal ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Begins behind the version, which must be 1.</summary>
    public WireReader(ReadOnlySpan<byte> body, int most)
    {
        if (body.Length > most) throw new EnvelopeException(EnvelopeFault.TooLong, "This is longer than its format allows.");
        _rest = body;
        if (Byte() != WireWriter.Version) throw EnvelopeException.Malformed("its version is not known");
    }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public long UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A number below 2^63.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8)) is var number and >= 0
        ? number : throw EnvelopeException.Malformed("a number is out of range");

    public ReadOnlySpan<byte> Take(long length)
    {
        if (length > _rest.Length) throw EnvelopeException.Malformed("it ends too early");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    /// <summary>Bytes with their length in four bytes before them.</summary>
    public ReadOnlySpan<byte> Counted() => Take(UInt32());

    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw EnvelopeException.Malformed("something stands behind its end");
    }
}
