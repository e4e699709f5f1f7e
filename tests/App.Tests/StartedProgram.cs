using System.Diagnostics;
using Xunit;

namespace Understory.App.Tests;

/// <summary>A zone as its operator has it: the built executable, listening on a port of its own, and killed at the end.</summary>
internal sealed class StartedProgram : IDisposable
{
    private StartedProgram(Process process, Uri address) => (Process, Address) = (process, address);

    public Process Process { get; }

    public Uri Address { get; }

    /// <summary>Starts <c>understory VERB …</c> and waits until it says where it listens.</summary>
    public static async Task<StartedProgram> StartAsync(string verb, string folder, params string[] options)
    {
        var process = Process.Start(new ProcessStartInfo(
            Path.Combine(Product.Folder, "understory"), [verb, "--data-dir", folder, "--listen", "127.0.0.1:0", .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        // What else it says is thrown away, or a full pipe would stop it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return line is null ? throw new InvalidOperationException($"understory {verb} did not start.") : new StartedProgram(process, new Uri(line.Split(' ')[^1]));
    }

    /// <summary>Without warning: SIGKILL.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }
}
