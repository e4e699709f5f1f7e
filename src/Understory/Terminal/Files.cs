using Microsoft.Win32.SafeHandles;
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
    public static Stream OpenInput(string? name)
    {
        // A FileStream over the descriptor and not Console's stream: it reads as much as is there in one call.
        if (IsStandard(name)) return new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        if (Directory.Exists(name)) throw new UsageException($"'{name}' is a folder.");
        return new FileStream(name!, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
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
        if (length == 0) throw new UsageException($"'{name}' is empty.");
        if (length == whole.Length) throw new UsageException($"'{name}' is too long to be a file of keys.");
        return memory.Copy(whole.Span[..length]);
    }
}
