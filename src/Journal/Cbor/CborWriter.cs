using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Understory.Journal;

/// <summary>
/// Writes deterministic CBOR (RFC 8949, 4.2.1) of the profile in <c>docs/formats/journal.md</c>: unsigned integers, byte
/// and text strings, arrays, true, false, null; each in its one shortest form.
/// </summary>
/// <remarks>
/// It writes into bytes it was given, locked memory for example, or into an array that grows; an array that was
/// outgrown is wiped. A count of an array that is not kept is noticed by whoever reads.
/// </remarks>
public ref struct CborWriter
{
    private readonly bool _grows;
    private Span<byte> _buffer;

    /// <summary>Writes into an array of its own, which grows.</summary>
    public CborWriter()
    {
        _grows = true;
        _buffer = new byte[256];
    }

    /// <summary>Writes into these bytes and no further.</summary>
    public CborWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>An unsigned integer.</summary>
    public void Write(ulong value) => Head(0, value);

    /// <summary>An integer that is not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void Write(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Head(0, (ulong)value);
    }

    /// <summary>A byte string.</summary>
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        Head(2, (ulong)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    /// <summary>A text string in UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair.</exception>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = StrictUtf8.Encoding.GetByteCount(text);
        Head(3, (ulong)length);
        StrictUtf8.Encoding.GetBytes(text, Take(length));
    }

    /// <summary>The beginning of an array: as many values must follow.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void WriteArray(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Head(4, (ulong)count);
    }

    /// <summary>True or false.</summary>
    public void Write(bool value) => Take(1)[0] = (byte)(value ? 0xf5 : 0xf4);

    /// <summary>Null.</summary>
    public void WriteNull() => Take(1)[0] = 0xf6;

    /// <summary>What was written, as an array.</summary>
    public readonly byte[] ToArray() => Written.ToArray();

    private void Head(int major, ulong value)
    {
        var first = (byte)(major << 5);
        switch (value)
        {
            case < 24:
                Take(1)[0] = (byte)(first | value);
                break;
            case <= byte.MaxValue:
                var two = Take(2);
                (two[0], two[1]) = ((byte)(first | 24), (byte)value);
                break;
            case <= ushort.MaxValue:
                var three = Take(3);
                three[0] = (byte)(first | 25);
                BinaryPrimitives.WriteUInt16BigEndian(three[1..], (ushort)value);
                break;
            case <= uint.MaxValue:
                var five = Take(5);
                five[0] = (byte)(first | 26);
                BinaryPrimitives.WriteUInt32BigEndian(five[1..], (uint)value);
                break;
            default:
                var nine = Take(9);
                nine[0] = (byte)(first | 27);
                BinaryPrimitives.WriteUInt64BigEndian(nine[1..], value);
                break;
        }
    }

    private Span<byte> Take(int length)
    {
        if (length > _buffer.Length - Length)
        {
            if (!_grows) throw new InvalidOperationException("What is written is longer than the place for it.");
            var larger = new byte[BitOperations.RoundUpToPowerOf2((uint)checked(Length + length))];
            Written.CopyTo(larger);
            CryptographicOperations.ZeroMemory(_buffer);
            _buffer = larger;
        }
        var taken = _buffer.Slice(Length, length);
        Length += length;
        return taken;
    }
}

/// <summary>UTF-8 that throws where it is not.</summary>
internal static class StrictUtf8
{
    public static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
