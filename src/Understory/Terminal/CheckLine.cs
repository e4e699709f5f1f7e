using System.Diagnostics;
using Understory.Casework;

namespace Understory.Terminal;

/// <summary>One line on the terminal that says what is being checked; nothing where nobody looks.</summary>
internal sealed class CheckLine : IProgress<CheckProgress>, IDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(0.2);
    private readonly bool _watched = !Console.IsErrorRedirected;
    private long _last;
    private bool _shown;

    public void Report(CheckProgress value)
    {
        if (!_watched || (_last != 0 && Stopwatch.GetElapsedTime(_last) < s_pace)) return;
        (_last, _shown) = (Stopwatch.GetTimestamp(), true);
        Console.Error.Write($"\r\e[KChecking {value.Part}{(value.Of > 0 ? $"  {100 * value.Done / value.Of,3} %" : "")}");
    }

    public void Dispose()
    {
        if (_shown) Console.Error.Write("\r\e[K");
    }
}
