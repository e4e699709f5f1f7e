using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>
/// Polygons of what Russia held on many days, and for any point on all of these days at once: whether it was inside, how far
/// from an edge, how far from the front. It never changes and may be asked from several threads.
/// </summary>
/// <remarks>
/// Each piece of edge is held once, with the days on which it was drawn: from one day to the next nearly all stay. So a
/// question about a place costs the pieces near its latitude and not the number of days.
/// </remarks>
public sealed class PolygonSeries
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly int[] _days;
    private readonly Segment[] _segments;
    private readonly int _layers;
    private readonly SegmentBands _bands;
    private readonly SegmentCells _edges;
    private readonly SegmentCells _front;

    private PolygonSeries(ReadOnlyMemory<byte> content)
    {
        _content = content;
        (_days, _segments) = PolygonCodec.Decode(content.Span);
        if (_days.Length == 0) throw new DataException("There is no map in the data.");
        foreach (ref readonly var segment in _segments.AsSpan()) _layers = Math.Max(_layers, segment.Layer + 1);
        _bands = new SegmentBands(_segments);
        _edges = new SegmentCells(_segments, _days.Length);
        _front = new SegmentCells(_segments.Where(segment => segment.IsFront), _days.Length);
    }

    /// <summary>Makes the compact content of a data file from days in any order, at least one.</summary>
    /// <exception cref="DataException">Two are of one day, or too much is in one.</exception>
    public static byte[] Encode(IEnumerable<PolygonDay> days, Outline outline) => PolygonCodec.Encode(days, outline);

    /// <summary>Reads what <see cref="Encode"/> made.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static PolygonSeries Read(ReadOnlyMemory<byte> content) => new(content);

    /// <summary>The days of which there is a map, in order.</summary>
    public ReadOnlySpan<int> Days => _days;

    /// <summary>How many pieces of edge there are, each counted once however long it was drawn.</summary>
    public int SegmentCount => _segments.Length;

    /// <summary>The last day that is not later, as an index; -1 before the first.</summary>
    public int IndexAt(int day) => Array.BinarySearch(_days, day) is var index && index >= 0 ? index : ~index - 1;

    /// <summary>On which of the days a point was inside.</summary>
    public bool[] Inside(Location at)
    {
        var (x, y) = (at.Longitude * GridPoint.PerDegree, at.Latitude * GridPoint.PerDegree);
        var width = _days.Length + 1;
        var changes = new bool[width * Math.Max(1, _layers)];
        foreach (var index in _bands.At(y))
        {
            ref readonly var segment = ref _segments[index];
            if (!segment.IsEastOf(x, y)) continue;
            changes[(segment.Layer * width) + segment.First] ^= true;
            changes[(segment.Layer * width) + segment.Last + 1] ^= true;
        }
        var inside = new bool[_days.Length];
        for (var layer = 0; layer < _layers; layer++)
        {
            var odd = false;
            for (var day = 0; day < inside.Length; day++) inside[day] |= odd ^= changes[(layer * width) + day];
        }
        return inside;
    }

    /// <summary>Kilometres to the nearest edge of any kind on each of the days; infinity where it is farther than <paramref name="most"/>.</summary>
    public float[] KmToEdge(Location at, double most) => _edges.Nearest(at, most);

    /// <summary>Kilometres to the front on each of the days; infinity where none is drawn.</summary>
    public float[] KmToFront(Location at) => _front.Nearest(at, double.PositiveInfinity);

    /// <summary>The areas of all days. Those of one layer are one polygon: inside is by the even-odd rule.</summary>
    public IReadOnlyList<PolygonDay> ToDays()
    {
        var days = new List<PolygonDay>(_days.Length);
        PolygonCodec.Decode(_content.Span, (index, segments, rings) =>
        {
            var layers = rings.Where(ring => ring.Length > 0).GroupBy(ring => segments[ring[0]].Layer);
            days.Add(new PolygonDay(_days[index], [.. layers.Select(layer => new GridPolygon([.. layer.Select(ring => Points(segments, ring))]))]));
        });
        return days;
    }

    /// <summary>The rings drawn on one of the days, for a map; inside is by the even-odd rule.</summary>
    public IReadOnlyList<GridPoint[]> RingsOf(int index)
    {
        List<GridPoint[]> found = [];
        PolygonCodec.Decode(_content.Span, (each, segments, rings) =>
        {
            if (each == index) found.AddRange(rings.Where(ring => ring.Length > 0).Select(ring => Points(segments, ring)));
        });
        return found;
    }

    /// <summary>The pieces of the front on one of the days, for a map.</summary>
    public IReadOnlyList<(GridPoint From, GridPoint To)> FrontOf(int index) =>
        [.. _segments.Where(segment => segment.IsFront && segment.First <= index && index <= segment.Last).Select(segment => (segment.Start, segment.End))];

    private static GridPoint[] Points(List<Segment> segments, int[] ring)
    {
        var all = CollectionsMarshal.AsSpan(segments);
        var points = new GridPoint[ring.Length];
        for (var i = 0; i < ring.Length; i++) points[i] = all[ring[i]].Start;
        return points;
    }
}
