using System.Diagnostics;
using System.Text;
using Xunit;

namespace Understory.App.Tests;

/// <summary>The built product, as a user has it.</summary>
internal static class Product
{
    /// <summary>The folder that holds the executable: `out` of this checkout.</summary>
    public static string Folder => FindFolder("understory");

    /// <summary>The built scripts and styles.</summary>
    public static string Client => Path.Combine(FindFolder("client"), "client");

    /// <summary>Runs a line of shell with the product on the path.</summary>
    public static async Task<Result> ShellAsync(string line, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            ArgumentList = { "-c", line },
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return new Result(process.ExitCode, await output, await error);
    }

    private static string FindFolder(string holds)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, "out", holds))) return Path.Combine(at.FullName, "out");
        }
        throw new InvalidOperationException($"out/{holds} is not there: run script/build first.");
    }

    internal sealed record Result(int Status, string Output, string Error);
}

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly bool _isOwn;

    public TemporaryFolder() => (Path, _isOwn) = (Directory.CreateTempSubdirectory("understory-test-").FullName, true);

    /// <summary>One that somebody else made, and removes.</summary>
    public TemporaryFolder(string path) => Path = path;

    public string Path { get; }

    public void Dispose()
    {
        if (_isOwn) Directory.Delete(Path, recursive: true);
    }
}

/// <summary>Programs that a test needs beside the product.</summary>
internal static class Needs
{
    public static void Program(string name)
    {
        var there = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
        if (!there) Assert.Skip($"`{name}` is not installed.");
    }
}
