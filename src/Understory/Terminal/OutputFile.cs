using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Understory.Terminal;

/// <summary>
/// An output that appears whole or not at all. On Linux the file has no name until it is finished (O_TMPFILE), so that
/// even a killed process leaves nothing; elsewhere it has a name of its own, which is deleted on the way out.
/// </summary>
/// <remarks>
/// To replace a file, the finished one gets a name beside it and is renamed over it. A process that is killed between
/// these two calls leaves the finished file under the name beside.
/// </remarks>
internal sealed class OutputFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Everybody =
        OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly FileStream? _file;
    private readonly string? _target;
    private readonly string? _temporary;
    private readonly bool _isSecret;
    private readonly bool _replace;
    private bool _finished;

    /// <summary>An output that is what it is: standard output, a device, a pipe.</summary>
    private OutputFile(Stream stream) => Stream = stream;

    private OutputFile(FileStream file, string target, string? temporary, bool isSecret, bool replace)
    {
        Stream = _file = file;
        _target = target;
        _temporary = temporary;
        _isSecret = isSecret;
        _replace = replace;
    }

    /// <summary>Where to write.</summary>
    public Stream Stream { get; }

    /// <summary>Opens an output.</summary>
    /// <param name="name">The file, or null or <c>-</c> for standard output.</param>
    /// <param name="isSecret">Whether only the owner may read it.</param>
    /// <param name="replace">Whether a file that is there may be replaced.</param>
    /// <exception cref="UsageException">It cannot be made there.</exception>
    public static OutputFile Create(string? name, bool isSecret, bool replace = true)
    {
        // Console's stream and not a FileStream over descriptor 1: that one would write at positions of its own, over
        // what others wrote to the same file before.
        if (Files.IsStandard(name) || name is "/dev/stdout" or "/dev/fd/1") return new(Console.OpenStandardOutput());
        Files.CheckName(name!);
        if (Directory.Exists(name)) throw new UsageException($"'{name}' is a folder.");
        if (File.Exists(name) && !Files.IsRegular(name))
            return new(new FileStream(name, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        if (File.Exists(name) && !replace) throw AlreadyThere(name);

        var path = FollowLinks(Path.GetFullPath(name!));
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) throw new UsageException($"There is no folder '{folder}'.");
        var mode = isSecret ? OwnerOnly : Everybody;
        try
        {
            if (OperatingSystem.IsLinux() && LinuxFiles.OpenNameless(folder, mode) is { } nameless)
                return new(new FileStream(nameless, FileAccess.Write, bufferSize: 0), path, null, isSecret, replace);

            var temporary = Beside(path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
            return new(new FileStream(temporary, options), path, temporary, isSecret, replace);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new UnauthorizedAccessException($"'{name}' cannot be written: you may not write in that folder.", fault);
        }
    }

    /// <summary>Says that all was written: it is put on the disk, and only then gets its name.</summary>
    public void Finish()
    {
        Stream.Flush();
        if (_file is not null)
        {
            KeepMode(_file, _target!);
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
            if (_temporary is null) GiveName(_file, _target!, _replace);
            else Move(_temporary, _target!, _replace);
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

    private static string Beside(string path) => Path.Combine(
        Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}");

    private static UsageException AlreadyThere(string name) => new($"'{name}' is there already. Choose another name, or delete it first.");

    /// <summary>Who could read the file that is replaced can read the new one, unless it is secret.</summary>
    private void KeepMode(FileStream file, string target)
    {
        if (_isSecret || OperatingSystem.IsWindows() || !File.Exists(target)) return;
        File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(target));
    }

    private static void Move(string from, string target, bool replace)
    {
        if (File.Exists(target) && !replace) throw AlreadyThere(target);
        try
        {
            File.Move(from, target, replace);
        }
        catch
        {
            File.Delete(from);
            throw;
        }
    }

    private static void GiveName(FileStream file, string target, bool replace)
    {
        const int Exists = 17;
        var error = LinuxFiles.TryLink(file.SafeFileHandle, target);
        if (error == Exists && !replace) throw AlreadyThere(target);
        if (error == Exists)
        {
            // A name cannot be taken over by linking; so by a name beside it, and a rename, which can.
            var beside = Beside(target);
            error = LinuxFiles.TryLink(file.SafeFileHandle, beside);
            if (error == 0) Move(beside, target, replace);
        }
        if (error != 0) throw new IOException($"'{target}' could not be made: {Marshal.GetPInvokeErrorMessage(error)}.");
        LinuxFiles.Flush(Path.GetDirectoryName(target)!);
    }
}
