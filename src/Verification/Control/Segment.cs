using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>A piece of an edge, on the days on which it was drawn.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends: at most <see cref="MaxStep"/> away in longitude and in latitude.</param>
/// <param name="Layer">Areas of one layer do not overlap: a point is inside a layer if it has an odd number of its segments to the east.</param>
/// <param name="IsFront">Whether it faces land that Ukraine holds.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct Segment(GridPoint Start, GridPoint End, int Layer, bool IsFront)
{
    /// <summary>Longer edges are cut: 0.02 degrees, some 2.2 km to the north and 1.5 km to the east.</summary>
    public const int MaxStep = 20_000;

    /// <summary>No file needs more layers of overlapping areas.</summary>
    public const int MaxLayers = 64;

    /// <summary>The first day on which it was drawn, as an index into the days of the series.</summary>
    public int First { get; set; }

    /// <summary>The last.</summary>
    public int Last { get; set; }

    /// <summary>Whether a ray from a point (in millionths of a degree) to the east crosses it.</summary>
    public readonly bool IsEastOf(double x, double y) =>
        Start.Y > y != End.Y > y && x < Start.X + ((y - Start.Y) * ((double)End.X - Start.X) / ((double)End.Y - Start.Y));

    /// <summary>The square of the distance from the origin to a line between two points of a plane.</summary>
    public static double SquaredDistance(double ax, double ay, double bx, double by)
    {
        var (dx, dy) = (bx - ax, by - ay);
        var length = (dx * dx) + (dy * dy);
        var t = length > 0 ? Math.Clamp(-((ax * dx) + (ay * dy)) / length, 0, 1) : 0;
        var (x, y) = (ax + (t * dx), ay + (t * dy));
        return (x * x) + (y * y);
    }
}
