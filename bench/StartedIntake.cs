using System.Diagnostics;
using Understory.Tests;

namespace Understory.Bench;

/// <summary>A real Intake process with a data directory of its own, into which an organisation laid what it lays there.</summary>
internal sealed class StartedIntake : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private StartedIntake(DirectoryInfo folder, Process process, Uri address)
    {
        (_folder, _process) = (folder, process);
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>Resident memory now, in MB.</summary>
    public long Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    /// <summary>The most resident memory so far, in MB.</summary>
    public long MostMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 >> 20;
        }
    }

    public static async Task<StartedIntake> StartAsync(string executable)
    {
        var folder = Directory.CreateTempSubdirectory("understory-load-");
        new SimulatedDesk().SetUp(folder.FullName, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400));
        var process = Process.Start(new ProcessStartInfo(executable)
        {
            ArgumentList = { "intake", "--data-dir", folder.FullName, "--listen", "127.0.0.1:0" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Intake did not start.");
        return new StartedIntake(folder, process, new Uri(said[said.IndexOf("http", StringComparison.Ordinal)..]));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
