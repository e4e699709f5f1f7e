using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Understory.Pages;

/// <summary>
/// What browsers load besides pages: the scripts and styles that <c>script/build</c> puts into <c>out/client</c>, kept in
/// memory, plain and compressed.
/// </summary>
public sealed class ClientFiles
{
    private readonly Dictionary<string, File> _files = new(StringComparer.Ordinal);

    private ClientFiles()
    {
    }

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _files.Keys;

    /// <summary>Reads a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not there; the message says where it was looked for.</exception>
    public static ClientFiles Read(string folder)
    {
        var files = new ClientFiles();
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => TypeOf(path) is not null))
            files._files.Add(Path.GetFileName(path), new File(System.IO.File.ReadAllBytes(path), TypeOf(path)!));
        return files;
    }

    /// <summary>SHA-256 of a file, for a list of what this build serves; null where there is none of that name.</summary>
    public byte[]? HashOf(string name) => _files.TryGetValue(name, out var file) ? SHA256.HashData(file.Plain) : null;

    /// <summary>Answers with a file, compressed where the browser takes that.</summary>
    /// <returns>False where there is none of that name; nothing is written then.</returns>
    public async Task<bool> TryWriteAsync(HttpContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!_files.TryGetValue(name, out var file)) return false;
        var compressed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        var body = compressed ? file.Compressed : file.Plain;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.Vary = "Accept-Encoding";
        if (compressed) context.Response.Headers.ContentEncoding = "gzip";
        if (context.Request.Method != HttpMethods.Head) await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        return true;
    }

    private static string? TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => null,
    };

    private sealed class File(byte[] plain, string type)
    {
        public byte[] Plain { get; } = plain;

        public string Type { get; } = type;

        public byte[] Compressed { get; } = Compress(plain);

        private static byte[] Compress(byte[] plain)
        {
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize)) gzip.Write(plain);
            return compressed.ToArray();
        }
    }
}
