using System.Buffers.Binary;

namespace Understory.Envelopes;

/// <summary>
/// Writes the part of deterministic CBOR (RFC 8949, 4.2) that messages use into memory of the caller.
/// </summary>
/// <remarks>
/// Not System.Formats.Cbor: what is written here are a person's words, in memory that is wiped afterwards, and that
/// writer keeps its buffers in a pool. The browser's codec, written apart, is held to the same vectors.
/// </remarks>
internal ref struct CborWriter(Span<byte> memory)
{
    /// <summary>The most that the head of an item takes.</summary>
    public const int HeadSize = 9;

    /// <summary>The largest number: browsers hold no larger one exactly.</summary>
    public const long MaxNumber = (1L << 53) - 1;

    private readonly Span<byte> _memory = memory;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _memory[..Length];

    public void Number(long value) => Head(CborKind.Number, value);

    public void Array(int items) => Head(CborKind.Array, items);

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        Head(CborKind.Bytes, bytes.Length);
        Raw(bytes);
    }

    /// <summary>A text that is valid UTF-8 already.</summary>
    public void Text(scoped ReadOnlySpan<byte> utf8)
    {
        Head(CborKind.Text, utf8.Length);
        Raw(utf8);
    }

    public void Null() => _memory[Length++] = CborKind.Null;

    private void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_memory[Length..]);
        Length += bytes.Length;
    }

    private void Head(byte kind, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxNumber);
        var at = _memory[Length..];
        switch (value)
        {
            case < 24:
                at[0] = (byte)(kind | value);
                Length += 1;
                break;
            case <= byte.MaxValue:
                at[0] = (byte)(kind | 24);
                at[1] = (byte)value;
                Length += 2;
                break;
            case <= ushort.MaxValue:
                at[0] = (byte)(kind | 25);
                BinaryPrimitives.WriteUInt16BigEndian(at[1..], (ushort)value);
                Length += 3;
                break;
            case <= uint.MaxValue:
                at[0] = (byte)(kind | 26);
                BinaryPrimitives.WriteUInt32BigEndian(at[1..], (uint)value);
                Length += 5;
                break;
            default:
                at[0] = (byte)(kind | 27);
                BinaryPrimitives.WriteInt64BigEndian(at[1..], value);
                Length += 9;
                break;
        }
    }
}

/// <summary>The first three bits of an item's head (RFC 8949, 3).</summary>
internal static class CborKind
{
    public const byte Number = 0 << 5;
    public const byte Bytes = 2 << 5;
    public const byte Text = 3 << 5;
    public const byte Array = 4 << 5;
    public const byte Null = 0xf6;
}
