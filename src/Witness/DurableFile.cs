using System.Runtime.InteropServices;

namespace Understory.Witness;

/// <summary>A small file for its owner alone that is there whole or not at all, and on the disk when its writing returns.</summary>
internal static partial class DurableFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        using (var file = new FileStream(beside, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
    }

    /// <summary>Puts the names in a folder on the disk: without it a power cut can bring back the file that was there before.</summary>
    /// <exception cref="IOException">It cannot be said that they are.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        const int ReadOnly = 0, CloseOnExec = 0x80000;
        var descriptor = open(folder, ReadOnly | CloseOnExec, 0);
        if (descriptor < 0) throw new IOException($"'{folder}' cannot be put on the disk.");
        var failed = fsync(descriptor) != 0;
        _ = close(descriptor);
        if (failed) throw new IOException($"'{folder}' cannot be put on the disk.");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
