using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Understory.App.Tests.Serve;

/// <summary><c>understory serve</c> as somebody has it who typed it: a process, its two children, and what is on the screen.</summary>
internal sealed class Served : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly Lock _gate = new();

    private Served(Process process, Uri intake, Uri desk)
    {
        (_process, Intake, Desk) = (process, intake, desk);
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Intake { get; }

    public Uri Desk { get; }

    public int Id => _process.Id;

    public string Screen
    {
        get
        {
            lock (_gate) return _screen.ToString();
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until both zones listen.</summary>
    public static async Task<Served> StartAsync(string folder, string[]? options = null, Served? where = null, string? ssh = null)
    {
        var (intake, desk) = (where?.Intake.Port ?? FreePort(), where?.Desk.Port ?? FreePort());
        var start = new ProcessStartInfo(
            Path.Combine(Product.Folder, "understory"),
            ["serve", "--data-dir", folder, "--intake-listen", $"127.0.0.1:{intake}", "--desk-listen", $"127.0.0.1:{desk}", .. options ?? []])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("SSH_CONNECTION");
        if (ssh is not null) start.Environment["SSH_CONNECTION"] = ssh;
        var served = new Served(Process.Start(start)!, new Uri($"http://127.0.0.1:{intake}"), new Uri($"http://localhost:{desk}"));
        await served.UntilAsync("Ctrl-C stops both.");
        return served;
    }

    /// <summary>Waits until something stands on the screen.</summary>
    public Task UntilAsync(string text) => UntilAsync(() => Screen.Contains(text, StringComparison.Ordinal), $"“{text}” never came");

    public async Task UntilAsync(Func<bool> happened, string fault)
    {
        var began = Stopwatch.GetTimestamp();
        while (!happened())
        {
            if (_process.HasExited && !happened() || Stopwatch.GetElapsedTime(began) > s_patience) throw new InvalidOperationException($"{fault}: {Screen}");
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>The process of a zone: the child that was started with its name.</summary>
    public int ZoneId(string verb) => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .FirstOrDefault(id => ParentOf(id) == Id && ArgumentsOf(id).Contains(verb));

    /// <summary>Sends a signal: <c>INT</c>, <c>KILL</c>.</summary>
    public static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancel);
    }

    /// <summary>Whether a process is there and does not merely wait to be buried.</summary>
    public static bool IsAlive(int process) => StateOf(process) is { } state && state[0] != 'Z';

    /// <summary>Ctrl-C; its status.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync(Id, "INT");
        await _process.WaitForExitAsync(Cancel).WaitAsync(s_patience, Cancel);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private static int? ParentOf(int process) => StateOf(process) is { } state ? int.Parse(state.Split(' ')[1], CultureInfo.InvariantCulture) : null;

    // What follows the name in brackets: state, parent, …
    private static string? StateOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat") is var text ? text[(text.LastIndexOf(')') + 2)..] : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] ArgumentsOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_gate) _screen.Append(line.Data).Append('\n');
    }
}
