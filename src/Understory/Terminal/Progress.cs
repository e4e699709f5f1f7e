using System.Diagnostics;

namespace Understory.Terminal;

/// <summary>One line on the terminal while something takes long; nothing when it does not, or where nobody looks.</summary>
internal sealed class Progress(string doing, long? total) : IProgress<long>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.2);
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _watched = !Console.IsErrorRedirected;
    private TimeSpan _shown;

    public void Report(long value)
    {
        if (!_watched) return;
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (elapsed < Patience || elapsed - _shown < Pace) return;
        _shown = elapsed;
        var share = total > 0 ? $"{Math.Min(100, 100 * value / total.Value),3} %  " : "";
        Console.Error.Write($"\r{doing}  {share}{Size(value)}  {Size((long)(value / elapsed.TotalSeconds))}/s   ");
    }

    public void Dispose()
    {
        if (_shown != default) Console.Error.Write("\r\e[K");
    }

    /// <summary>A number of bytes as people read it.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < units.Length - 1; unit++) value /= 1024;
        return unit == 0 ? $"{bytes} bytes" : $"{value:0.0} {units[unit]}";
    }
}
