using System.Runtime.InteropServices;

namespace Understory.Desk;

/// <summary>
/// A moment by two clocks. The one that nobody sets stands still while a machine sleeps, the other can be put back: of what
/// has passed since, the longer counts.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instant(DateTimeOffset Wall, long Ticks)
{
    public static Instant Now(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp());

    public TimeSpan Passed(TimeProvider time)
    {
        var (wall, steady) = (time.GetUtcNow() - Wall, time.GetElapsedTime(Ticks));
        return wall > steady ? wall : steady;
    }
}
