using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Understory.Sealing;

/// <summary>Base64 (RFC 4648, 4) as the age header has it: no padding, canonical, nothing else between.</summary>
internal static class RawBase64
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    public static int EncodedLength(int bytes) => (bytes * 4 + 2) / 3;

    public static int DecodedLength(int characters) => characters * 3 / 4;

    /// <summary>Writes the encoding and returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        var whole = bytes.Length / 3 * 3;
        Base64.EncodeToUtf8(bytes[..whole], text, out _, out var written);
        if (whole == bytes.Length) return written;
        Span<byte> last = stackalloc byte[4];
        Base64.EncodeToUtf8(bytes[whole..], last, out _, out _);
        var rest = EncodedLength(bytes.Length - whole);
        last[..rest].CopyTo(text[written..]);
        return written + rest;
    }

    /// <summary>
    /// Decodes into a buffer of at least <see cref="DecodedLength"/>. False for a character outside the alphabet, an
    /// impossible length, or bits set that the decoding would drop.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int written)
    {
        written = 0;
        // The framework's decoder skips white space; so every character is checked first.
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet)) return false;
        var whole = text.Length / 4 * 4;
        if (Base64.DecodeFromUtf8(text[..whole], bytes, out _, out written) != OperationStatus.Done) return false;
        if (whole == text.Length) return true;

        Span<byte> last = stackalloc byte[4];
        last.Fill((byte)'=');
        text[whole..].CopyTo(last);
        Span<byte> tail = stackalloc byte[3];
        if (Base64.DecodeFromUtf8(last, tail, out _, out var rest) != OperationStatus.Done) return false;
        Span<byte> again = stackalloc byte[4];
        Base64.EncodeToUtf8(tail[..rest], again, out _, out var length);
        Debug.Assert(length == 4);
        if (!again.SequenceEqual(last)) return false;
        tail[..rest].CopyTo(bytes[written..]);
        written += rest;
        return true;
    }
}
