using System.Security.Cryptography;

namespace Understory.Casework;

/// <summary>The random name of a user, for ever; their keys may change. 16 bytes, no secret.</summary>
public readonly record struct UserId(UInt128 Value)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    /// <summary>A new one.</summary>
    public static UserId New() => From(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Reads 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 16.</exception>
    public static UserId From(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size ? new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes)) : throw new ArgumentException("An id has 16 bytes.", nameof(bytes));

    /// <summary>Reads 32 hexadecimal digits; null where it is something else.</summary>
    public static UserId? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> bytes = stackalloc byte[Size];
        return text.Length == 2 * Size && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? From(bytes) : null;
    }

    /// <summary>The 16 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
