using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Understory.Journal;

/// <summary>The random name of a case, or of another journal: 16 bytes. It is no secret and tells nothing.</summary>
public readonly record struct CaseId(UInt128 Value)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    /// <summary>A new one.</summary>
    public static CaseId New() => new(RandomId.Draw());

    /// <summary>Reads 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 16.</exception>
    public static CaseId From(ReadOnlySpan<byte> bytes) => new(RandomId.Read(bytes));

    /// <summary>Writes 16 bytes.</summary>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The 16 bytes.</summary>
    public byte[] ToArray() => RandomId.Write(Value);

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32");
}

/// <summary>The random name of an epoch's key: 16 bytes. It is no secret and tells nothing, not even the compartment.</summary>
public readonly record struct KeyId(UInt128 Value)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    /// <summary>A new one.</summary>
    public static KeyId New() => new(RandomId.Draw());

    /// <summary>Reads 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 16.</exception>
    public static KeyId From(ReadOnlySpan<byte> bytes) => new(RandomId.Read(bytes));

    /// <summary>Writes 16 bytes.</summary>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The 16 bytes.</summary>
    public byte[] ToArray() => RandomId.Write(Value);

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32");
}

/// <summary>The random name of a sealed row beside the journal: 16 bytes.</summary>
public readonly record struct RowId(UInt128 Value)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    /// <summary>A new one.</summary>
    public static RowId New() => new(RandomId.Draw());

    /// <summary>Reads 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 16.</exception>
    public static RowId From(ReadOnlySpan<byte> bytes) => new(RandomId.Read(bytes));

    /// <summary>Writes 16 bytes.</summary>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The 16 bytes.</summary>
    public byte[] ToArray() => RandomId.Write(Value);

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32");
}

/// <summary>What the three kinds of names share: 16 random bytes, big-endian.</summary>
internal static class RandomId
{
    // Why this is safe: 128 bits from the system's generator never meet twice, and hold no clock and no counter.
    public static UInt128 Draw()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static UInt128 Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : throw new ArgumentException("An id has 16 bytes.", nameof(bytes));

    public static byte[] Write(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }
}
