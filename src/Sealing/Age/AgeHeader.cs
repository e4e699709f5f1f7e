using System.Security.Cryptography;
using System.Text;

namespace Understory.Sealing;

/// <summary>The textual header of an age file: one stanza per recipient and a MAC (C2SP age, "Header").</summary>
internal sealed class AgeHeader
{
    public const int FileKeySize = 16;

    /// <summary>
    /// The longest header that is read: 1 MiB, about 600 post-quantum recipients. It bounds what a hostile file can
    /// make us hold.
    /// </summary>
    public const int MaxLength = 1024 * 1024;

    private const int Columns = 64;
    private const int MacSize = 32;

    private readonly byte[] _authenticated;
    private readonly byte[] _mac;

    private AgeHeader(IReadOnlyList<Stanza> stanzas, byte[] authenticated, byte[] mac, int length)
    {
        Stanzas = stanzas;
        _authenticated = authenticated;
        _mac = mac;
        Length = length;
    }

    public static ReadOnlySpan<byte> VersionLine => "age-encryption.org/v1\n"u8;

    public IReadOnlyList<Stanza> Stanzas { get; }

    /// <summary>Bytes from the start of the file to the payload.</summary>
    public int Length { get; }

    /// <summary>Writes the header of a new file.</summary>
    public static byte[] Write(IReadOnlyList<Stanza> stanzas, ReadOnlySpan<byte> fileKey)
    {
        using var output = new MemoryStream();
        output.Write(VersionLine);
        foreach (var stanza in stanzas)
        {
            output.Write("-> "u8);
            output.Write(Encoding.ASCII.GetBytes(stanza.Type));
            foreach (var argument in stanza.Arguments)
            {
                output.WriteByte((byte)' ');
                output.Write(Encoding.ASCII.GetBytes(argument));
            }
            output.WriteByte((byte)'\n');
            WriteBody(output, stanza.Body);
        }
        output.Write("---"u8);
        Span<byte> mac = stackalloc byte[MacSize];
        ComputeMac(fileKey, output.GetBuffer().AsSpan(0, (int)output.Length), mac);
        Span<byte> text = stackalloc byte[43];
        RawBase64.Encode(mac, text);
        output.WriteByte((byte)' ');
        output.Write(text);
        output.WriteByte((byte)'\n');
        return output.ToArray();
    }

    /// <summary>
    /// Reads a header from the start of a file. Null when the bytes are a good beginning and more are needed.
    /// </summary>
    /// <exception cref="SealingException">The bytes cannot become a header.</exception>
    public static AgeHeader? TryRead(ReadOnlySpan<byte> bytes)
    {
        var known = Math.Min(bytes.Length, VersionLine.Length);
        if (!bytes[..known].SequenceEqual(VersionLine[..known]))
        {
            var prefix = VersionLine[..^3];
            throw new SealingException(
                SealingFault.NotAge,
                SealingPart.Header,
                bytes.StartsWith(prefix) ? "This is an age file of a version other than v1." : "This is not an age file.");
        }

        var lines = new Lines(bytes[..Math.Min(bytes.Length, MaxLength)]);
        if (!lines.Next(out _)) return NeedMore(bytes);
        var stanzas = new List<Stanza>();
        while (lines.Next(out var line))
        {
            if (line.StartsWith("---"u8))
            {
                if (stanzas.Count == 0) throw SealingException.Header(lines.Number, "it names no recipient");
                var mac = ReadMac(line, lines.Number);
                return new AgeHeader(stanzas, bytes[..(lines.Start + 3)].ToArray(), mac, lines.End);
            }
            if (!ReadArguments(line, lines.Number, out var type, out var arguments)) break;
            if (ReadBody(ref lines) is not { } body) break;
            stanzas.Add(new Stanza(type, arguments, body));
        }
        return NeedMore(bytes);
    }

    /// <summary>Whether the MAC fits the file key, in constant time.</summary>
    public bool Verify(ReadOnlySpan<byte> fileKey)
    {
        Span<byte> mac = stackalloc byte[MacSize];
        ComputeMac(fileKey, _authenticated, mac);
        return CryptographicOperations.FixedTimeEquals(mac, _mac);
    }

    private static AgeHeader? NeedMore(ReadOnlySpan<byte> bytes) =>
        bytes.Length < MaxLength
            ? null
            : throw new SealingException(
                SealingFault.Malformed, SealingPart.Header, $"The header is longer than {MaxLength / 1024} KiB.");

    private static bool ReadArguments(ReadOnlySpan<byte> line, int number, out string type, out List<string> arguments)
    {
        if (!line.StartsWith("-> "u8)) throw SealingException.Header(number, "a recipient or the end was expected");
        type = "";
        arguments = [];
        foreach (var range in line[3..].Split((byte)' '))
        {
            var argument = line[3..][range];
            if (argument.IsEmpty) throw SealingException.Header(number, "an empty argument");
            if (argument.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
                throw SealingException.Header(number, "a character that may not stand in an argument");
            var text = Encoding.ASCII.GetString(argument);
            if (type.Length == 0) type = text;
            else arguments.Add(text);
        }
        return true;
    }

    private static byte[]? ReadBody(ref Lines lines)
    {
        using var body = new MemoryStream();
        Span<byte> decoded = stackalloc byte[Columns * 3 / 4];
        while (lines.Next(out var line))
        {
            if (line.Length > Columns) throw SealingException.Header(lines.Number, "a line longer than 64 characters");
            if (!RawBase64.TryDecode(line, decoded, out var written))
                throw SealingException.Header(lines.Number, "not canonical base64");
            body.Write(decoded[..written]);
            if (line.Length < Columns) return body.ToArray();
        }
        return null;
    }

    private static byte[] ReadMac(ReadOnlySpan<byte> line, int number)
    {
        if (line.Length != 4 + 43 || line[3] != (byte)' ') throw SealingException.Header(number, "the MAC is not 32 bytes");
        var mac = new byte[RawBase64.DecodedLength(43)];
        if (!RawBase64.TryDecode(line[4..], mac, out _)) throw SealingException.Header(number, "not canonical base64");
        return mac;
    }

    private static void WriteBody(MemoryStream output, ReadOnlySpan<byte> body)
    {
        Span<byte> line = stackalloc byte[Columns];
        while (true)
        {
            var take = Math.Min(body.Length, Columns * 3 / 4);
            var length = RawBase64.Encode(body[..take], line);
            output.Write(line[..length]);
            output.WriteByte((byte)'\n');
            // The last line is shorter than 64, if need be empty.
            if (length < Columns) return;
            body = body[take..];
        }
    }

    private static void ComputeMac(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> authenticated, Span<byte> mac)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, [], "header"u8);
        HMACSHA256.HashData(key, authenticated, mac);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Walks over lines that end in a line feed, counting them from 1.</summary>
    private ref struct Lines(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        /// <summary>Number of the current line.</summary>
        public int Number { get; private set; }

        /// <summary>Where the current line starts.</summary>
        public int Start { get; private set; }

        /// <summary>Where the next line starts.</summary>
        public int End { get; private set; }

        public bool Next(out ReadOnlySpan<byte> line)
        {
            var rest = _bytes[End..];
            var length = rest.IndexOf((byte)'\n');
            if (length < 0)
            {
                line = default;
                return false;
            }
            line = rest[..length];
            Start = End;
            End += length + 1;
            Number++;
            return true;
        }
    }
}
