using System.Threading.Channels;

namespace Understory.Desk;

/// <summary>
/// Something changed that a page may show. Who listens learns that and nothing else: not what, not where, not by whom.
/// </summary>
internal sealed class Changes
{
    private readonly Lock _gate = new();
    private readonly List<Channel<bool>> _listeners = [];

    /// <summary>How many listen.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _listeners.Count;
        }
    }

    /// <summary>Tells everybody who listens. What was not heard yet is not said twice.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            foreach (var listener in _listeners) listener.Writer.TryWrite(true);
        }
    }

    /// <summary>Listens until it is disposed.</summary>
    public Listener Listen()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_gate) _listeners.Add(channel);
        return new Listener(this, channel);
    }

    internal sealed class Listener(Changes changes, Channel<bool> channel) : IDisposable
    {
        /// <summary>True when something changed, false when nothing did for so long.</summary>
        public async Task<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancel)
        {
            // Its own timer: one that calls Cancel may still run when what it cancels is disposed, and would end the program.
            using var late = new CancellationTokenSource(longest, time);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
            try
            {
                return await channel.Reader.ReadAsync(waiting.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return false;
            }
        }

        /// <summary>Tells this one alone.</summary>
        public void Tell() => channel.Writer.TryWrite(true);

        public void Dispose()
        {
            lock (changes._gate) changes._listeners.Remove(channel);
        }
    }
}
