using Understory.Sealing;

namespace Understory.Terminal;

/// <summary>Files as the command line names them: <c>-</c> and no name are standard input and output.</summary>
internal static class Files
{
    public const string Standard = "-";

    /// <summary>Far more than any file of keys has, and little enough to be locked.</summary>
    private const int MaxKeyFile = 64 * 1024;

    public static bool IsStandard(string? name) => name is null or Standard;

    /// <summary>Opens an input for reading once, from front to end.</summary>
    /// <exception cref="UsageException">The name is none, or a folder's.</exception>
    public static Stream OpenInput(string? name)
    {
        // Console's stream and not a FileStream over descriptor 0: that one would read at positions of its own, and leave
        // the shared one where it was for whoever reads next.
        if (IsStandard(name)) return Console.OpenStandardInput();
        CheckName(name!);
        if (Directory.Exists(name)) throw new UsageException($"'{name}' is a folder.");
        return new FileStream(name!, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
    }

    /// <summary>Whether this is a file, and not a pipe or a device, on which whoever opens it may wait for ever.</summary>
    public static bool IsRegular(string path) =>
        OperatingSystem.IsLinux() ? LinuxFiles.IsRegular(path) : !path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Refuses what cannot be a name.</summary>
    public static void CheckName(string name)
    {
        if (name.Length == 0) throw new UsageException("A file name is empty.");
        if (name.Contains('\0')) throw new UsageException("A file name holds a zero character.");
    }

    /// <summary>Bytes that an input will give, where that is known.</summary>
    public static long? Length(Stream input)
    {
        try
        {
            return input.CanSeek ? input.Length - input.Position : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads a small file of secrets into locked memory.</summary>
    /// <exception cref="UsageException">It is empty or far too long to be one.</exception>
    public static Secret ReadSecret(string name, LockedMemory memory)
    {
        using var input = OpenInput(name);
        using var whole = memory.Allocate(MaxKeyFile);
        var length = input.ReadAtLeast(whole.Span, whole.Length, throwOnEndOfStream: false);
        if (length == whole.Length) throw new UsageException($"'{name}' is too long to be a file of keys.");
        var content = whole.Span[..length];
        // What some editors put in front of text.
        if (content.StartsWith("\ufeff"u8)) content = content[3..];
        if (content.IsEmpty) throw new UsageException($"'{name}' is empty.");
        return memory.Copy(content);
    }

    /// <summary>Reads a file of text that is not secret.</summary>
    /// <exception cref="UsageException">It is longer than <paramref name="most"/> bytes.</exception>
    public static string ReadText(string? name, int most)
    {
        using var input = OpenInput(name);
        var bytes = new byte[most + 1];
        var length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > most) throw new UsageException($"'{name ?? "standard input"}' is too long: at most {most / 1024} KiB.");
        return System.Text.Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\ufeff');
    }
}
