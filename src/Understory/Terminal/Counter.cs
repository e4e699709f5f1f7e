using System.Diagnostics;

namespace Understory.Terminal;

/// <summary>How many of many are done, in one line on the terminal; nothing where nobody looks. Threads may count side by side.</summary>
internal sealed class Counter(string doing, int total) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.2);
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _watched = !Console.IsErrorRedirected;
    private readonly Lock _screen = new();
    private TimeSpan _shown;
    private int _done;

    /// <summary>One more is done.</summary>
    public void One()
    {
        var done = Interlocked.Increment(ref _done);
        if (!_watched) return;
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (elapsed < Patience) return;
        lock (_screen)
        {
            if (elapsed - _shown < Pace) return;
            _shown = elapsed;
            Console.Error.Write($"\r{doing}  {100L * done / total,3} %  {done:N0} of {total:N0}   ");
        }
    }

    public void Dispose()
    {
        if (_shown != default) Console.Error.Write("\r\e[K");
    }
}
