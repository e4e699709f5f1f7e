using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>A point in whole millionths of a degree of WGS 84 (some 11 cm to the north).</summary>
/// <param name="X">Longitude, millionths of a degree.</param>
/// <param name="Y">Latitude, millionths of a degree.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GridPoint(int X, int Y)
{
    /// <summary>How many there are in a degree.</summary>
    public const int PerDegree = 1_000_000;

    internal const int MaxX = 180 * PerDegree;
    internal const int MaxY = 90 * PerDegree;

    /// <summary>The nearest to a location.</summary>
    public static GridPoint Of(Location at) => Of(at.Longitude, at.Latitude);

    /// <summary>The nearest to a longitude and latitude, which are in range.</summary>
    internal static GridPoint Of(double longitude, double latitude) =>
        new((int)Math.Round(longitude * PerDegree), (int)Math.Round(latitude * PerDegree));

    /// <summary>In degrees.</summary>
    public Location ToLocation() => new((double)Y / PerDegree, (double)X / PerDegree);
}

/// <summary>An area: its outer ring first, then its holes. Rings do not repeat their first point. Inside is by the even-odd rule.</summary>
/// <param name="Rings">At least one, each of at least three points.</param>
public sealed record GridPolygon(IReadOnlyList<GridPoint[]> Rings);

/// <summary>What one day's file draws as held by Russia.</summary>
/// <param name="Day">The day.</param>
/// <param name="Polygons">The areas; a point in any of them is inside. They may touch and overlap.</param>
public sealed record PolygonDay(int Day, IReadOnlyList<GridPolygon> Polygons);
