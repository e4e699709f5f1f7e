using System.Globalization;
using System.IO.Compression;
using System.Text;
using Understory.Sealing;

namespace Understory.Engines.Tests.Sealing;

/// <summary>One of the age test files of C2SP/CCTV: a header that names the expected outcome, and an age file.</summary>
internal sealed class CctvAgeFile
{
    private CctvAgeFile(ILookup<string, string> fields, byte[] age) => (Fields, Age) = (fields, age);

    public ILookup<string, string> Fields { get; }

    public byte[] Age { get; }

    public string Expect => Fields["expect"].Single();

    public string? PayloadHash => Fields["payload"].SingleOrDefault();

    public bool IsArmored => Fields["armored"].Any();

    public bool BeginsAsArmor => Age.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("-----BEGIN"u8);

    public static string Folder => Vectors.Path("cctv-age", "age", "testdata");

    public static CctvAgeFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        var fields = Encoding.UTF8.GetString(bytes, 0, end).Split('\n')
            .Select(line => line.Split(": ", 2))
            .ToLookup(pair => pair[0], pair => pair[1]);
        var age = bytes[(end + 2)..];
        return new(fields, fields["compressed"].Any() ? Inflate(age) : age);
    }

    /// <summary>The identities and passphrases that the file is to be opened with.</summary>
    public List<Identity> Identities(LockedMemory memory) =>
    [
        .. Fields["identity"].Select(text => Identity.Parse(Encoding.ASCII.GetBytes(text), memory)),
        .. Fields["passphrase"].Select(text => new PassphraseIdentity(memory.Copy(Encoding.UTF8.GetBytes(text)))),
    ];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Expect}, {Age.Length} bytes");

    private static byte[] Inflate(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var output = new MemoryStream();
        zlib.CopyTo(output);
        return output.ToArray();
    }
}
