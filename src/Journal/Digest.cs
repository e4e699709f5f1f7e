using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Understory.Journal;

/// <summary>A SHA-256 hash, 32 bytes, as a value. Not for secrets: it compares in variable time.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Digest
{
    /// <summary>Length in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private Digest(UInt128 high, UInt128 low) => (_high, _low) = (high, low);

    /// <summary>32 zero bytes: the hash before the first entry.</summary>
    public static Digest Zero => default;

    /// <summary>Reads 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 32.</exception>
    public static Digest From(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]))
        : throw new ArgumentException("A hash has 32 bytes.", nameof(bytes));

    /// <summary>SHA-256 of some bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return From(hash);
    }

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], _low);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
