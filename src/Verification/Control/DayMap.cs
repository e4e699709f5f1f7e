namespace Understory.Verification;

/// <summary>
/// One day's polygons made ready to be stored: rings that always begin and turn alike, long edges cut, overlapping areas on
/// layers of their own, and each piece of edge marked that faces land held by Ukraine.
/// </summary>
internal sealed class DayMap
{
    private const int MaxSegments = 4_000_000;
    private const double KmPerMillionth = 111.195 / GridPoint.PerDegree;

    // How far beyond an edge the land is looked at. A gap between two areas that is narrower than this is a slip of drawing.
    private const double Beyond = 0.7;

    // So near to an edge one side is inside and the other is not, if it is the edge of anything.
    private const double Beside = 0.02;

    private readonly List<Segment[]> _rings = [];

    public DayMap(PolygonDay day, Outline outline, DayMap? before)
    {
        Day = day.Day;
        var polygons = day.Polygons.Select(polygon => polygon.Rings.Select(Normalize).Where(ring => ring.Length >= 3).ToArray()).Where(rings => rings.Length > 0).ToArray();
        var layers = Layers.Of(polygons);
        for (var i = 0; i < polygons.Length; i++)
        {
            foreach (var ring in polygons[i]) _rings.Add(SegmentsOf(ring, layers[i]));
        }
        if (_rings.Sum(ring => ring.Length) > MaxSegments) throw new DataException($"The map of {DayRange.Iso(Day)} has edges that are too long or too many.");
        MarkFront(outline, before);
    }

    public int Day { get; }

    /// <summary>Each ring as pieces, in order, the last ends where the first begins.</summary>
    public IReadOnlyList<Segment[]> Rings => _rings;

    /// <summary>The same ring always begins at its least point and turns the same way, however a file writes it.</summary>
    private static GridPoint[] Normalize(GridPoint[] ring)
    {
        var points = new List<GridPoint>(ring.Length);
        foreach (var point in ring)
        {
            if (points.Count == 0 || points[^1] != point) points.Add(point);
        }
        while (points.Count > 1 && points[^1] == points[0]) points.RemoveAt(points.Count - 1);
        if (points.Count < 3) return [];
        double twiceArea = 0;
        for (var (i, j) = (0, points.Count - 1); i < points.Count; j = i++)
        {
            twiceArea += ((double)points[j].X * points[i].Y) - ((double)points[i].X * points[j].Y);
        }
        if (twiceArea < 0) points.Reverse();
        var least = 0;
        for (var i = 1; i < points.Count; i++)
        {
            if ((points[i].X, points[i].Y).CompareTo((points[least].X, points[least].Y)) < 0) least = i;
        }
        return [.. points[least..], .. points[..least]];
    }

    private static Segment[] SegmentsOf(GridPoint[] ring, int layer)
    {
        var segments = new List<Segment>(ring.Length);
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (ring[i], ring[i + 1 == ring.Length ? 0 : i + 1]);
            var pieces = Math.Max(1, (Math.Max(Math.Abs(b.X - a.X), Math.Abs(b.Y - a.Y)) + Segment.MaxStep - 1) / Segment.MaxStep);
            var from = a;
            for (var piece = 1; piece <= pieces; piece++)
            {
                var to = new GridPoint(a.X + (int)((long)(b.X - a.X) * piece / pieces), a.Y + (int)((long)(b.Y - a.Y) * piece / pieces));
                segments.Add(new Segment(from, to, layer, IsFront: false));
                from = to;
            }
        }
        return [.. segments];
    }

    private void MarkFront(Outline outline, DayMap? before)
    {
        var all = _rings.SelectMany(ring => ring).ToArray();
        var known = new Dictionary<(GridPoint, GridPoint, int), bool>();
        // Where areas overlap, one drawn anew far away can swallow an edge whole: then nothing is taken from the day before.
        if (before is not null && (all.Any(segment => segment.Layer > 0) || before._rings.Any(ring => ring[0].Layer > 0))) before = null;
        foreach (var segment in before?._rings.SelectMany(ring => ring) ?? []) known[(segment.Start, segment.End, segment.Layer)] = segment.IsFront;

        // What a piece faces changes only where something near it was drawn anew: within Beyond, so within a cell or its neighbour.
        var changed = new HashSet<(int, int)>();
        void Touch(GridPoint point)
        {
            var (x, y) = CellOf(point);
            for (var dx = -1; dx <= 1; dx++)
            {
                for (var dy = -1; dy <= 1; dy++) changed.Add((x + dx, y + dy));
            }
        }
        var here = all.Select(segment => (segment.Start, segment.End, segment.Layer)).ToHashSet();
        foreach (var piece in here)
        {
            if (known.ContainsKey(piece)) continue;
            Touch(piece.Start);
            Touch(piece.End);
        }
        foreach (var piece in known.Keys)
        {
            if (here.Contains(piece)) continue;
            Touch(piece.Item1);
            Touch(piece.Item2);
        }

        SegmentBands? bands = null;
        foreach (var ring in _rings)
        {
            foreach (ref var segment in ring.AsSpan())
            {
                var front = known.TryGetValue((segment.Start, segment.End, segment.Layer), out var was) && !changed.Contains(CellOf(segment.Start))
                    ? was
                    : IsFront(segment, bands ??= new SegmentBands(all), outline);
                segment = segment with { IsFront = front };
            }
        }
    }

    // Cells of 0.03 degrees: more than the length of a piece and Beyond together.
    private static (int X, int Y) CellOf(GridPoint point) => ((int)Math.Floor(point.X / 30_000.0), (int)Math.Floor(point.Y / 30_000.0));

    private static bool IsFront(in Segment segment, SegmentBands bands, Outline outline)
    {
        var (x, y) = ((segment.Start.X + (double)segment.End.X) / 2, (segment.Start.Y + (double)segment.End.Y) / 2);
        var (kx, ky) = (KmPerMillionth * Math.Max(0.01, Math.Cos(y / GridPoint.PerDegree * Math.PI / 180)), KmPerMillionth);
        var (dx, dy) = (((double)segment.End.X - segment.Start.X) * kx, ((double)segment.End.Y - segment.Start.Y) * ky);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        if (length == 0) return false;
        var (normalX, normalY) = (-dy / length / kx, dx / length / ky);
        bool IsInside(double km) => bands.IsInside(x + (normalX * km), y + (normalY * km));
        var (left, right) = (IsInside(Beside), IsInside(-Beside));
        if (left == right) return false;
        var outwards = left ? -Beyond : Beyond;
        if (IsInside(outwards)) return false;
        return outline.Contains(new Location((y + (normalY * outwards)) / GridPoint.PerDegree, (x + (normalX * outwards)) / GridPoint.PerDegree));
    }
}
