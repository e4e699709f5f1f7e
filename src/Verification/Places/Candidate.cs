using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>A place that a story may mean.</summary>
/// <param name="Id">Its stable id: <c>katottg:UA…</c>, <c>geoname:…</c>, <c>point:…</c>.</param>
/// <param name="Name">Its present name, as the first source writes it.</param>
/// <param name="Within">What it lies in, the largest first: oblast, raion, hromada; empty where it is not known.</param>
/// <param name="Location">Where it is; null where no source gives coordinates. It stays a candidate.</param>
/// <param name="RadiusKm">How far from there it may be: what was said with coordinates, otherwise 0.</param>
public sealed record Candidate(string Id, string Name, IReadOnlyList<string> Within, Location? Location, double RadiusKm = 0);

/// <summary>A point on the Earth, in degrees of WGS 84.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Location(double Latitude, double Longitude)
{
    private const double EarthRadiusKm = 6371.0088;

    /// <summary>Along the great circle, in kilometres.</summary>
    public double DistanceKm(Location other)
    {
        var (a, b) = (Latitude * Math.PI / 180, other.Latitude * Math.PI / 180);
        var (dLat, dLon) = (b - a, (other.Longitude - Longitude) * Math.PI / 180);
        var h = (Math.Sin(dLat / 2) * Math.Sin(dLat / 2)) + (Math.Cos(a) * Math.Cos(b) * Math.Sin(dLon / 2) * Math.Sin(dLon / 2));
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
