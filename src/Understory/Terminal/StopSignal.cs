using System.Runtime.InteropServices;

namespace Understory.Terminal;

/// <summary>Ctrl-C, SIGTERM, or the closed terminal: whoever runs until then waits for it, and ends in order.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenRegistration _cancelled;

    public StopSignal(CancellationToken cancel)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]) _signals.Add(PosixSignalRegistration.Create(signal, Stop));
        _cancelled = cancel.Register(() => _stopped.TrySetResult());
    }

    /// <summary>Done when it came.</summary>
    public Task Came => _stopped.Task;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _cancelled.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stopped.TrySetResult();
    }
}
