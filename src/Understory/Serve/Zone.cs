using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Understory.Serve;

/// <summary>
/// One zone as a process of its own: started by a thread that stays as long as the process does, started again when it ended
/// without being told to, with a growing pause.
/// </summary>
internal sealed partial class Zone : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_steady = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly IReadOnlyList<string> _arguments;
    private readonly Action<string> _say;
    private readonly TaskCompletionSource<Ready?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private Process? _process;
    private string? _code;

    /// <param name="name">As people read it: <c>Intake</c>.</param>
    /// <param name="arguments">Of the same program.</param>
    /// <param name="say">Told a sentence when it ended and when it runs again.</param>
    public Zone(string name, IReadOnlyList<string> arguments, Action<string> say)
    {
        (_name, _arguments, _say) = (name, arguments, say);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Done when it listens for the first time; null where it ended before, after saying why.</summary>
    public Task<Ready?> First => _first.Task;

    /// <summary>The status with which it ended before it ever listened.</summary>
    public int Status { get; private set; }

    /// <summary>Asks it to end, and waits for that; ends it where it does not.</summary>
    public void Dispose()
    {
        _stop.Set();
        lock (_gate)
        {
            if (_process is { HasExited: false } running) _ = kill(running.Id, Terminate);
        }
        if (!_thread.Join(s_patience))
        {
            lock (_gate) _process?.Kill();
            _thread.Join();
        }
        _stop.Dispose();
    }

    private void Run()
    {
        for (var pause = s_firstPause; ; pause = Min(pause * 2, s_longestPause))
        {
            var began = Stopwatch.GetTimestamp();
            var status = RunOnce();
            if (_stop.IsSet || !_first.Task.IsCompleted)
            {
                Status = status;
                _first.TrySetResult(null);
                return;
            }
            if (Stopwatch.GetElapsedTime(began) >= s_steady) pause = s_firstPause;
            _say(string.Create(CultureInfo.InvariantCulture, $"{_name} ended by itself (status {status}). It is started again in {pause.TotalSeconds:0} s."));
            if (_stop.Wait(pause)) return;
        }
    }

    private int RunOnce()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, _arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment[Supervised.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        // The runtime's port for debuggers stays closed from the start; the Desk would else have to begin twice.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = new Process { StartInfo = start };
        lock (_gate)
        {
            if (_stop.IsSet) return 0;
            process.Start();
            _process = process;
        }
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (Ready.TryRead(line, out var ready)) Tell(ready);
            else _say($"{_name}: {line}");
        }
        process.WaitForExit();
        lock (_gate) _process = null;
        return process.ExitCode;
    }

    private void Tell(Ready ready)
    {
        var isNew = ready.Code is not null && ready.Code != _code;
        _code = ready.Code;
        if (!_first.TrySetResult(ready)) _say(isNew ? $"{_name} runs again. The one-time code is now {ready.Code}" : $"{_name} runs again.");
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
