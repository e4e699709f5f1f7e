using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Understory.Verification;

/// <summary>What is known of the content of a data file.</summary>
/// <param name="Kind">How the content is read: <c>order376</c>, <c>katottg</c>, <c>polygons</c>…</param>
/// <param name="Name">The source's short stable name, as in reports: <c>deepstate</c>…</param>
/// <param name="Origin">Who made it.</param>
/// <param name="Licence">On what terms it may be used.</param>
/// <param name="Edition">Which edition: usually the last day it knows of, in ISO 8601.</param>
/// <param name="First">The first day of which it says anything; null for what has no days.</param>
/// <param name="Last">The last.</param>
/// <param name="Warnings">How much was repaired or left out when it was imported.</param>
public sealed record DataHeader(string Kind, string Name, string Origin, string Licence, string Edition, int? First = null, int? Last = null, int Warnings = 0);

/// <summary>
/// The container in which each source is kept (<c>docs/formats/data-files.md</c>): what it is, the content compressed by
/// Brotli (RFC 7932), and a SHA-256 over all of it, which is compared before anything of it is used.
/// </summary>
/// <remarks>The checksum finds damage. It is no signature: who can write the folder can write other data.</remarks>
public sealed class DataFile
{
    /// <summary>More than this is no data file.</summary>
    public const int MaxBytes = 512 << 20;

    private const int MaxText = 4096;
    private const int HashLength = 32;
    private static ReadOnlySpan<byte> Magic => "UNDERSTORY-DATA\n"u8;
    private const int FormatVersion = 2;

    private DataFile(DataHeader header, byte[] content, int length) => (Header, Content, StoredLength) = (header, content, length);

    /// <summary>What it is.</summary>
    public DataHeader Header { get; }

    /// <summary>The content, as it was given.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>How many bytes the file has.</summary>
    public int StoredLength { get; }

    /// <summary>Writes a file.</summary>
    public static void Write(Stream to, DataHeader header, ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxBytes) throw new DataException($"The data has more than {MaxBytes >> 20} MB.");
        var head = new VarintWriter();
        foreach (var text in new[] { header.Kind, header.Name, header.Origin, header.Licence, header.Edition }) head.WriteText(text);
        head.Write(header.First ?? 0);
        head.Write(header.Last ?? 0);
        head.Write(header.Warnings);
        head.Write(content.Length);
        var headBytes = head.ToArray();

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            to.Write(bytes);
        }
        Span<byte> number = stackalloc byte[8];
        Append(Magic);
        BinaryPrimitives.WriteInt32LittleEndian(number, FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(number[4..], headBytes.Length);
        Append(number);
        Append(headBytes);
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true)) brotli.Write(content);
        Append(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        to.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads a file and checks all of it.</summary>
    /// <exception cref="DataException">It is none, or damaged, or of a later format.</exception>
    public static DataFile Read(Stream from)
    {
        var bytes = ReadAll(from, MaxBytes);
        var fixedPart = Magic.Length + 8;
        if (bytes.Length < fixedPart + HashLength || !bytes.AsSpan().StartsWith(Magic)) throw new DataException("This is no data file of Understory.");
        var body = bytes.AsSpan(0, bytes.Length - HashLength);
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length))) throw new DataException("The data file is damaged: its checksum differs.");
        var version = BinaryPrimitives.ReadInt32LittleEndian(body[Magic.Length..]);
        if (version != FormatVersion) throw new DataException($"The data file has format {version}, which is not known here: import its source again, all of it (--fresh).");
        var headLength = BinaryPrimitives.ReadInt32LittleEndian(body[(Magic.Length + 4)..]);
        if (headLength < 0 || headLength > body.Length - fixedPart) throw VarintReader.Damaged();

        var head = new VarintReader(body.Slice(fixedPart, headLength));
        var (kind, name, origin) = (head.ReadText(MaxText), head.ReadText(MaxText), head.ReadText(MaxText));
        var (licence, edition) = (head.ReadText(MaxText), head.ReadText(MaxText));
        var (first, last) = (head.ReadInt(DayRange.Latest), head.ReadInt(DayRange.Latest));
        var warnings = head.ReadInt(int.MaxValue);
        var length = head.ReadInt(MaxBytes);
        if (!head.AtEnd || first > last) throw VarintReader.Damaged();
        var header = new DataHeader(kind, name, origin, licence, edition, first == 0 ? null : first, last == 0 ? null : last, warnings);
        return new DataFile(header, Unpack(bytes, fixedPart + headLength, body.Length, length), bytes.Length);
    }

    /// <summary>The content has exactly the length that the head says: what goes on past it is never unpacked.</summary>
    private static byte[] Unpack(byte[] bytes, int start, int end, int length)
    {
        try
        {
            // It grows as it is unpacked: a head that lies about the length costs nothing.
            using var brotli = new BrotliStream(new MemoryStream(bytes, start, end - start, writable: false), CompressionMode.Decompress);
            var content = ReadAll(brotli, length);
            return content.Length == length ? content : throw VarintReader.Damaged();
        }
        catch (InvalidOperationException)
        {
            throw VarintReader.Damaged();
        }
        catch (InvalidDataException)
        {
            throw VarintReader.Damaged();
        }
    }

    /// <summary>All of a stream, which has at most <paramref name="most"/> bytes.</summary>
    internal static byte[] ReadAll(Stream from, int most)
    {
        using var all = new MemoryStream();
        var part = new byte[1 << 16];
        while (from.Read(part) is var count and > 0)
        {
            if (all.Length + count > most) throw new DataException("The data is longer than it may be.");
            all.Write(part, 0, count);
        }
        return all.ToArray();
    }
}
