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

    /// <summary>The most recipients that are read or written.</summary>
    public const int MaxStanzas = 1024;

    /// <summary>The most arguments of one stanza; known kinds have at most three.</summary>
    private const int MaxArguments = 16;

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
    /// Whether these first bytes of a file hold its whole header: a line that begins with <c>---</c>, or more bytes than a
    /// header may have. <paramref name="scanned"/> remembers how far was looked, so that no byte is looked at twice.
    /// </summary>
    /// <exception cref="SealingException">The bytes do not begin an age file.</exception>
    public static bool IsComplete(ReadOnlySpan<byte> bytes, ref int scanned)
    {
        CheckVersion(bytes);
        var mark = bytes[scanned..].IndexOf("\n---"u8);
        if (mark >= 0)
        {
            scanned += mark;
            if (bytes[(scanned + 1)..].Contains((byte)'\n')) return true;
        }
        else
        {
            scanned = Math.Max(scanned, bytes.Length - 3);
        }
        return bytes.Length >= MaxLength;
    }

    /// <summary>
    /// Reads a header from the start of a file. Null when the bytes are a good beginning and more are needed.
    /// </summary>
    /// <exception cref="SealingException">The bytes cannot become a header.</exception>
    public static AgeHeader? TryRead(ReadOnlySpan<byte> bytes)
    {
        CheckVersion(bytes);
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
            if (stanzas.Count == MaxStanzas) throw SealingException.Header(lines.Number, $"more than {MaxStanzas} recipients");
            var arguments = ReadArguments(line, lines.Number);
            if (ReadBody(ref lines) is not { } body) break;
            stanzas.Add(new Stanza(arguments[0], arguments[1..], body));
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

    private static void CheckVersion(ReadOnlySpan<byte> bytes)
    {
        var known = Math.Min(bytes.Length, VersionLine.Length);
        if (bytes[..known].SequenceEqual(VersionLine[..known])) return;
        var prefix = VersionLine[..^3];
        throw new SealingException(
            SealingFault.NotAge,
            SealingPart.Header,
            bytes.StartsWith(prefix) ? "This is an age file of a version other than v1." : "This is not an age file.");
    }

    /// <summary>The type of a stanza and its arguments.</summary>
    private static List<string> ReadArguments(ReadOnlySpan<byte> line, int number)
    {
        if (!line.StartsWith("-> "u8)) throw SealingException.Header(number, "a recipient or the end was expected");
        List<string> arguments = [];
        foreach (var range in line[3..].Split((byte)' '))
        {
            var argument = line[3..][range];
            if (argument.IsEmpty) throw SealingException.Header(number, "an empty argument");
            if (argument.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
                throw SealingException.Header(number, "a character that may not stand in an argument");
            if (arguments.Count > MaxArguments) throw SealingException.Header(number, $"more than {MaxArguments} arguments");
            arguments.Add(Encoding.ASCII.GetString(argument));
        }
        return arguments;
    }

    /// <summary>The body of a stanza; null when its end has not been read.</summary>
    private static byte[]? ReadBody(ref Lines lines)
    {
        var ahead = lines;
        var length = 0;
        ReadOnlySpan<byte> line;
        do
        {
            if (!ahead.Next(out line)) return null;
            if (line.Length > Columns) throw SealingException.Header(ahead.Number, "a line longer than 64 characters");
            length += RawBase64.DecodedLength(line.Length);
        }
        while (line.Length == Columns);

        var body = new byte[length];
        for (var at = 0; lines.End < ahead.End; at += RawBase64.DecodedLength(line.Length))
        {
            lines.Next(out line);
            if (!RawBase64.TryDecode(line, body.AsSpan(at), out _)) throw SealingException.Header(lines.Number, "not canonical base64");
        }
        return body;
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
