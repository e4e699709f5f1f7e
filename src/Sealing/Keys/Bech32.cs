using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// Bech32 (BIP 173) without its length limit, as age writes keys. Works on bytes of ASCII, so that an identity need
/// never become a string.
/// </summary>
internal static class Bech32
{
    private const int ChecksumLength = 6;

    private static ReadOnlySpan<byte> Alphabet => "qpzry9x8gf2tvdw0s3jn54khce6mua7l"u8;

    public static int EncodedLength(int prefixLength, int bytes) => prefixLength + 1 + (bytes * 8 + 4) / 5 + ChecksumLength;

    /// <summary>Encodes in lower case. The prefix is lower-case ASCII.</summary>
    public static void Encode(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        prefix.CopyTo(text);
        text[prefix.Length] = (byte)'1';
        var at = prefix.Length + 1;
        var checksum = new Checksum(prefix);
        uint bits = 0;
        var held = 0;
        foreach (var b in bytes)
        {
            bits = bits << 8 | b;
            held += 8;
            while (held >= 5)
            {
                held -= 5;
                Put(text, ref at, ref checksum, bits >> held & 31);
            }
        }
        if (held > 0) Put(text, ref at, ref checksum, bits << (5 - held) & 31);

        var end = checksum.End();
        for (var i = 0; i < ChecksumLength; i++) text[at++] = Alphabet[(int)(end >> 5 * (5 - i) & 31)];
    }

    /// <summary>
    /// Decodes text of one case whose prefix is <paramref name="prefix"/> (lower case) into exactly
    /// <paramref name="bytes"/>. False when anything is not as it must be.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        bytes.Clear();
        if (text.Length != EncodedLength(prefix.Length, bytes.Length)) return false;
        if (text.ContainsAnyInRange((byte)'a', (byte)'z') && text.ContainsAnyInRange((byte)'A', (byte)'Z')) return false;
        for (var i = 0; i < prefix.Length; i++)
        {
            if (Lower(text[i]) != prefix[i]) return false;
        }
        if (text[prefix.Length] != '1') return false;

        var data = text[(prefix.Length + 1)..];
        var checksum = new Checksum(prefix);
        uint bits = 0;
        int held = 0, written = 0;
        for (var i = 0; i < data.Length; i++)
        {
            var value = Alphabet.IndexOf(Lower(data[i]));
            if (value < 0) return Fail(bytes);
            checksum.Add((uint)value);
            if (i >= data.Length - ChecksumLength) continue;
            bits = bits << 5 | (uint)value;
            held += 5;
            if (held < 8) continue;
            held -= 8;
            bytes[written++] = (byte)(bits >> held);
        }
        // What is left over are the zero bits that fill the last character.
        var clean = written == bytes.Length && held < 5 && (bits & (1u << held) - 1) == 0;
        return clean && checksum.IsValid ? true : Fail(bytes);
    }

    private static bool Fail(Span<byte> bytes)
    {
        CryptographicOperations.ZeroMemory(bytes);
        return false;
    }

    private static byte Lower(byte c) => c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;

    private static void Put(Span<byte> text, ref int at, ref Checksum checksum, uint value)
    {
        checksum.Add(value);
        text[at++] = Alphabet[(int)value];
    }

    private struct Checksum
    {
        private uint _state;

        public Checksum(ReadOnlySpan<byte> prefix)
        {
            _state = 1;
            foreach (var c in prefix) Add((uint)c >> 5);
            Add(0);
            foreach (var c in prefix) Add((uint)c & 31);
        }

        public readonly bool IsValid => _state == 1;

        public void Add(uint value)
        {
            var top = _state >> 25;
            _state = (_state & 0x1ffffff) << 5 ^ value;
            if ((top & 1) != 0) _state ^= 0x3b6a57b2;
            if ((top & 2) != 0) _state ^= 0x26508e6d;
            if ((top & 4) != 0) _state ^= 0x1ea119fa;
            if ((top & 8) != 0) _state ^= 0x3d4233dd;
            if ((top & 16) != 0) _state ^= 0x2a1462b3;
        }

        public uint End()
        {
            for (var i = 0; i < ChecksumLength; i++) Add(0);
            return _state ^ 1;
        }
    }
}
