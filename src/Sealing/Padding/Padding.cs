using System.Numerics;

namespace Understory.Sealing;

/// <summary>Which lengths are allowed.</summary>
public enum PaddingKind
{
    /// <summary>A message: one of six sizes.</summary>
    Message,

    /// <summary>A file: Padmé, from 512 bytes up.</summary>
    File,
}

/// <summary>
/// Hides the length of what is sealed among others of its size: content, <c>0x80</c>, zeros, up to an allowed length
/// (<c>docs/formats/padding.md</c>).
/// </summary>
public static class Padding
{
    /// <summary>The longest content of a message.</summary>
    public const int MaxMessageLength = 524_288 - 1;

    /// <summary>The longest content of a file: lengths stay below 2^53.</summary>
    public const long MaxFileLength = (1L << 52) - 1;

    internal const byte Mark = 0x80;
    private const int Least = 512;

    /// <summary>The padded length of a content.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The content is longer than the kind allows.</exception>
    public static long PaddedLength(PaddingKind kind, long content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(content);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content, kind == PaddingKind.Message ? MaxMessageLength : MaxFileLength);
        if (kind == PaddingKind.File) return Padme(Math.Max(content + 1, Least));
        long bucket = Least;
        while (bucket < content + 1) bucket *= 4;
        return bucket;
    }

    /// <summary>The content with its padding, in pinned memory: it can be wiped, and no copy stays behind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The content is longer than the kind allows.</exception>
    public static byte[] Pad(PaddingKind kind, ReadOnlySpan<byte> content)
    {
        var padded = GC.AllocateArray<byte>((int)PaddedLength(kind, content.Length), pinned: true);
        content.CopyTo(padded);
        padded[content.Length] = Mark;
        return padded;
    }

    /// <summary>The content without its padding: a slice of what was given.</summary>
    /// <exception cref="SealingException">The padding is not the one that this content would have.</exception>
    public static ReadOnlySpan<byte> Unpad(PaddingKind kind, ReadOnlySpan<byte> padded)
    {
        var end = padded.LastIndexOfAnyExcept((byte)0);
        if (end < 0 || padded[end] != Mark || !IsAllowed(kind, end, padded.Length)) throw Wrong();
        return padded[..end];
    }

    internal static bool IsAllowed(PaddingKind kind, long content, long padded) =>
        content <= (kind == PaddingKind.Message ? MaxMessageLength : MaxFileLength) && PaddedLength(kind, content) == padded;

    internal static SealingException Wrong() => new(
        SealingFault.Tampered, SealingPart.Payload, "The padding is not right: the content was cut or changed before it was sealed.");

    private static long Padme(long length)
    {
        var exponent = BitOperations.Log2((ulong)length);
        var kept = BitOperations.Log2((uint)exponent) + 1;
        var mask = (1L << (exponent - kept)) - 1;
        return (length + mask) & ~mask;
    }
}
