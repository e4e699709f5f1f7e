using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Understory.Terminal;

/// <summary>
/// An output that appears whole or not at all. On Linux the file has no name until it is finished (O_TMPFILE), so that
/// even a killed process leaves nothing; elsewhere it has a name of its own, which is deleted on the way out.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string? _target;
    private readonly string? _temporary;
    private readonly bool _replace;
    private bool _finished;

    private OutputFile(FileStream stream, string? target, string? temporary, bool replace)
    {
        Stream = stream;
        _target = target;
        _temporary = temporary;
        _replace = replace;
    }

    /// <summary>Where to write.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens an output.</summary>
    /// <param name="name">The file, or null or <c>-</c> for standard output.</param>
    /// <param name="isSecret">Whether only the owner may read it.</param>
    /// <param name="replace">Whether a file that is there may be replaced.</param>
    /// <exception cref="UsageException">It cannot be made there.</exception>
    public static OutputFile Create(string? name, bool isSecret, bool replace = true)
    {
        if (Files.IsStandard(name))
            return new(new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0), null, null, replace);
        if (Directory.Exists(name)) throw new UsageException($"'{name}' is a folder.");
        var path = FollowLinks(Path.GetFullPath(name!));
        if (File.Exists(path) && !replace) throw new UsageException($"'{name}' is there already. Choose another name, or delete it first.");

        // A device or a pipe is written to, never replaced.
        if (File.Exists(path) && !IsRegular(path))
            return new(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), null, null, replace);

        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) throw new UsageException($"There is no folder '{folder}'.");
        var mode = isSecret ? UnixFileMode.UserRead | UnixFileMode.UserWrite : (UnixFileMode)0x1b6; // 0666 and the umask
        if (OperatingSystem.IsLinux() && LinuxFiles.OpenNameless(folder, mode) is { } nameless)
            return new(new FileStream(nameless, FileAccess.Write, bufferSize: 0), path, null, replace);

        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        return new(new FileStream(temporary, options), path, temporary, replace);
    }

    /// <summary>Says that all was written: it is put on the disk, and only then gets its name.</summary>
    public void Finish()
    {
        Stream.Flush();
        if (_target is not null)
        {
            RandomAccess.FlushToDisk(Stream.SafeFileHandle);
            if (_temporary is null) GiveName(Stream.SafeFileHandle, _target, _replace);
            else File.Move(_temporary, _target, _replace);
        }
        _finished = true;
    }

    /// <summary>Closes; what was not finished is gone.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is not null && !_finished) File.Delete(_temporary);
    }

    private static string FollowLinks(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    private static bool IsRegular(string path) =>
        OperatingSystem.IsLinux() ? LinuxFiles.IsRegular(path) : !path.StartsWith("/dev/", StringComparison.Ordinal);

    private static void GiveName(SafeFileHandle file, string target, bool replace)
    {
        const int Exists = 17;
        var error = LinuxFiles.TryLink(file, target);
        if (error == 0) return;
        if (error != Exists) throw new IOException($"'{target}' could not be made: {Marshal.GetPInvokeErrorMessage(error)}.");
        if (!replace) throw new UsageException($"'{target}' is there already. Choose another name, or delete it first.");
        // A name cannot be taken over by linking; so by a name beside it, and a rename, which can.
        var beside = $"{target}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        error = LinuxFiles.TryLink(file, beside);
        if (error != 0) throw new IOException($"'{target}' could not be made: {Marshal.GetPInvokeErrorMessage(error)}.");
        File.Move(beside, target, overwrite: true);
    }
}
