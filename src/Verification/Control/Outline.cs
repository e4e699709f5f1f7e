using System.Globalization;

namespace Understory.Verification;

/// <summary>
/// Where Ukraine could hold land and a front could run: a coarse outline drawn by hand (<c>facts/outline.csv</c>). Along the
/// coasts of Azov, the Crimea and the Black Sea and along the border east of Topoli it runs some 5 to 10 km inside the
/// country, along the northern border some 5 km outside of it. So a coast or a border far behind the line is never taken
/// for the front, and near the northern border, where both are one, it is: that accuses less.
/// </summary>
public sealed class Outline
{
    private const double KmPerDegree = 111.195;

    private readonly Location[] _points;

    /// <summary>From points in order; the last is joined to the first.</summary>
    public Outline(IReadOnlyList<Location> points)
    {
        if (points.Count < 3) throw new ArgumentException("An outline has at least three points.", nameof(points));
        _points = [.. points];
    }

    /// <summary>That of <c>facts/outline.csv</c>.</summary>
    public static Outline Ukraine { get; } = ReadUkraine();

    /// <summary>Whether a location is within it.</summary>
    public bool Contains(Location at)
    {
        var inside = false;
        for (var (i, j) = (0, _points.Length - 1); i < _points.Length; j = i++)
        {
            var (a, b) = (_points[i], _points[j]);
            if (a.Latitude > at.Latitude != b.Latitude > at.Latitude
                && at.Longitude < a.Longitude + ((at.Latitude - a.Latitude) * (b.Longitude - a.Longitude) / (b.Latitude - a.Latitude)))
            {
                inside = !inside;
            }
        }
        return inside;
    }

    /// <summary>Whether a location is certainly in Ukraine: within it and at least 15 km from it, three times as far as it may be wrong.</summary>
    public bool SurelyContains(Location at) => Contains(at) && KmTo(at) >= 15;

    private double KmTo(Location at)
    {
        var (kx, ky) = (KmPerDegree * Math.Cos(at.Latitude * Math.PI / 180), KmPerDegree);
        var least = double.PositiveInfinity;
        for (var (i, j) = (0, _points.Length - 1); i < _points.Length; j = i++)
        {
            var (a, b) = (_points[j], _points[i]);
            least = Math.Min(least, Segment.SquaredDistance(
                (a.Longitude - at.Longitude) * kx, (a.Latitude - at.Latitude) * ky, (b.Longitude - at.Longitude) * kx, (b.Latitude - at.Latitude) * ky));
        }
        return Math.Sqrt(least);
    }

    private static Outline ReadUkraine()
    {
        using var stream = ShippedFiles.Open("outline.csv");
        static double Degrees(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return new Outline([.. DelimitedText.Read(stream, ',', quotes: true).Skip(1).Select(row => new Location(Degrees(row.Fields[2]), Degrees(row.Fields[1])))]);
    }
}
