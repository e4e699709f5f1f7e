using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Understory.Sealing;

/// <summary>
/// Writes deterministic CBOR (RFC 8949, 4.2.1) of the profile in <c>docs/formats/journal.md</c>: unsigned integers, byte
/// and text strings, arrays, true, false, null; each in its one shortest form.
/// </summary>
/// <remarks>
/// What is written may be keys and people's words: it lies in pinned memory, of which the garbage collector leaves no
/// copies about, and that is wiped where it was outgrown and when the writer is disposed. System.Formats.Cbor keeps its
/// buffers in a pool. A count of an array that is not kept is noticed by whoever reads.
/// </remarks>
/// <param name="capacity">How many bytes are expected; more make it grow.</param>
public sealed class CborWriter(int capacity = 256) : IDisposable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far: to be looked at before the next value is written, or the writer disposed.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

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
    public void Write(ReadOnlySpan<byte> bytes) => String(2, bytes);

    /// <summary>A text string in UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair.</exception>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = StrictUtf8.GetByteCount(text);
        Head(3, (ulong)length);
        StrictUtf8.GetBytes(text, Take(length));
    }

    /// <summary>A text string that is UTF-8 already.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public void WriteUtf8(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) throw new ArgumentException("A text must be UTF-8.", nameof(utf8));
        String(3, utf8);
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

    /// <summary>What was written, as an array: the caller's to wipe.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Wipes what was written.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        (_buffer, Length) = ([], 0);
    }

    private void String(int major, ReadOnlySpan<byte> bytes)
    {
        Head(major, (ulong)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

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
            var larger = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)checked(Length + length)), pinned: true);
            Written.CopyTo(larger);
            CryptographicOperations.ZeroMemory(_buffer);
            _buffer = larger;
        }
        var taken = _buffer.AsSpan(Length, length);
        Length += length;
        return taken;
    }
}
