using System.Text.Json;
using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Control;

/// <summary>The same questions answered in the plainest way, by code that shares nothing with the engine: in degrees, polygon by polygon, edge by edge.</summary>
internal sealed class NaiveMap
{
    private readonly List<List<(double X, double Y)[]>> _polygons = [];

    public static NaiveMap OfFile(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var map = new NaiveMap();
        foreach (var feature in json.RootElement.GetProperty("features").EnumerateArray())
        {
            foreach (var polygon in feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray())
            {
                map._polygons.Add([.. polygon.EnumerateArray().Select(ring => ring.EnumerateArray().Select(point => (point[0].GetDouble(), point[1].GetDouble())).ToArray())]);
            }
        }
        return map;
    }

    public static NaiveMap Of(PolygonDay day)
    {
        var map = new NaiveMap();
        foreach (var polygon in day.Polygons) map._polygons.Add([.. polygon.Rings.Select(ring => ring.Select(point => (point.X / 1e6, point.Y / 1e6)).ToArray())]);
        return map;
    }

    public bool IsInside(Location at) => _polygons.Any(polygon =>
    {
        var crossings = 0;
        foreach (var ring in polygon)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
                if (a.Y <= at.Latitude == b.Y <= at.Latitude) continue;
                // To the west, where the engine looks to the east.
                if (a.X + ((at.Latitude - a.Y) / (b.Y - a.Y) * (b.X - a.X)) < at.Longitude) crossings++;
            }
        }
        return crossings % 2 == 1;
    });

    /// <summary>By walking along each edge in small steps and measuring on the sphere: to a few metres, near an edge.</summary>
    public double KmToEdge(Location at, double stepDegrees)
    {
        var least = double.PositiveInfinity;
        foreach (var ring in _polygons.SelectMany(polygon => polygon))
        {
            for (var i = 0; i < ring.Length; i++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
                var steps = 1 + (int)(Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)) / stepDegrees);
                for (var step = 0; step < steps; step++)
                {
                    var share = (double)step / steps;
                    least = Math.Min(least, at.DistanceKm(new Location(a.Y + ((b.Y - a.Y) * share), a.X + ((b.X - a.X) * share))));
                }
            }
        }
        return least;
    }
}
