using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Understory.Terminal;

/// <summary>What Linux can do with files and .NET has no name for.</summary>
internal static unsafe partial class LinuxFiles
{
    private const int CurrentFolder = -100;

    /// <summary>Whether this is a file, and not a device or a pipe.</summary>
    public static bool IsRegular(string path)
    {
        const uint Type = 1, TypeMask = 0xf000, Regular = 0x8000;
        // struct statx is the same on every architecture: 256 bytes, the mode at byte 28.
        var status = stackalloc byte[256];
        return statx(CurrentFolder, path, 0, Type, status) == 0 && (*(ushort*)(status + 28) & TypeMask) == Regular;
    }

    /// <summary>A file in a folder that has no name yet; null where the file system cannot do that.</summary>
    public static SafeFileHandle? OpenNameless(string folder, UnixFileMode mode)
    {
        const int WriteOnly = 1, CloseOnExec = 0x80000;
        // O_TMPFILE holds O_DIRECTORY, whose bit differs between architectures.
        var temporaryFile = 0x400000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000);
        var descriptor = open(folder, temporaryFile | WriteOnly | CloseOnExec, (int)mode);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Gives a nameless file its name. Returns 0, or the error number.</summary>
    public static int TryLink(SafeFileHandle file, string target)
    {
        const int FollowLinks = 0x400;
        return linkat(CurrentFolder, $"/proc/self/fd/{file.DangerousGetHandle()}", CurrentFolder, target, FollowLinks) == 0
            ? 0
            : Marshal.GetLastPInvokeError();
    }

    /// <summary>Puts a folder on the disk, and with it the names in it. What fails here fails quietly: not all file systems can.</summary>
    public static void Flush(string folder)
    {
        const int ReadOnly = 0, CloseOnExec = 0x80000;
        var descriptor = open(folder, ReadOnly | CloseOnExec, 0);
        if (descriptor < 0) return;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = fsync(descriptor);
    }

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int linkat(int oldFolder, string oldPath, int newFolder, string newPath, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);
}
