using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>Finds the segments near a point, for all days at once: they lie in cells of 0.1 degrees.</summary>
internal sealed class SegmentCells
{
    private const int Side = 100_000;
    private const double KmPerMillionth = 111.195 / GridPoint.PerDegree;

    private readonly Segment[] _segments;
    private readonly Cell[] _cells;
    private readonly bool[] _days;

    /// <summary>Of some segments of a series of so many days.</summary>
    public SegmentCells(IEnumerable<Segment> segments, int days)
    {
        _segments = [.. segments];
        var keys = Array.ConvertAll(_segments, segment => Key(segment.Start));
        Array.Sort(keys, _segments);
        var cells = new List<Cell>();
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start;
            while (end < keys.Length && keys[end] == keys[start]) end++;
            cells.Add(CellOf(start, end));
        }
        _cells = [.. cells];

        var changes = new int[days + 1];
        foreach (var segment in _segments)
        {
            changes[segment.First]++;
            changes[segment.Last + 1]--;
        }
        _days = new bool[days];
        for (var (day, count) = (0, 0); day < days; day++) _days[day] = (count += changes[day]) > 0;
    }

    /// <summary>
    /// Kilometres to the nearest segment on each day; infinity where it is farther than <paramref name="most"/> or there is
    /// none. On a plane at the latitude of the point: within 30 km right to a hundredth.
    /// </summary>
    public float[] Nearest(Location at, double most)
    {
        var (px, py) = (at.Longitude * GridPoint.PerDegree, at.Latitude * GridPoint.PerDegree);
        var (kx, ky) = (KmPerMillionth * Math.Cos(at.Latitude * Math.PI / 180), KmPerMillionth);
        var limit = most * most;
        var order = new List<(double Distance, int Cell)>();
        for (var i = 0; i < _cells.Length; i++)
        {
            var distance = _cells[i].SquaredDistance(px, py, kx, ky);
            if (distance <= limit) order.Add((distance, i));
        }
        order.Sort();

        var best = new float[_days.Length];
        Array.Fill(best, float.PositiveInfinity);
        var worst = double.PositiveInfinity;
        foreach (var (distance, index) in order)
        {
            if (distance > worst) break;
            var cell = _cells[index];
            foreach (ref readonly var segment in _segments.AsSpan(cell.Start..cell.End))
            {
                var squared = (float)Segment.SquaredDistance((segment.Start.X - px) * kx, (segment.Start.Y - py) * ky, (segment.End.X - px) * kx, (segment.End.Y - py) * ky);
                if (squared > limit) continue;
                for (var day = segment.First; day <= segment.Last; day++)
                {
                    if (squared < best[day]) best[day] = squared;
                }
            }
            worst = Worst(best);
        }
        for (var day = 0; day < best.Length; day++) best[day] = MathF.Sqrt(best[day]);
        return best;
    }

    private double Worst(float[] best)
    {
        var worst = 0f;
        for (var day = 0; day < best.Length; day++)
        {
            if (_days[day] && best[day] > worst) worst = best[day];
        }
        return worst;
    }

    private Cell CellOf(int start, int end)
    {
        var members = _segments.AsSpan(start..end);
        var cell = new Cell(start, end, int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);
        foreach (ref readonly var segment in members)
        {
            var ((ax, ay), (bx, by)) = ((segment.Start.X, segment.Start.Y), (segment.End.X, segment.End.Y));
            cell = cell with
            {
                MinX = Math.Min(cell.MinX, Math.Min(ax, bx)),
                MinY = Math.Min(cell.MinY, Math.Min(ay, by)),
                MaxX = Math.Max(cell.MaxX, Math.Max(ax, bx)),
                MaxY = Math.Max(cell.MaxY, Math.Max(ay, by)),
            };
        }
        return cell;
    }

    private static long Key(GridPoint at) => ((long)(at.Y + GridPoint.MaxY) / Side << 32) | (uint)((at.X + GridPoint.MaxX) / Side);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Cell(int Start, int End, int MinX, int MinY, int MaxX, int MaxY)
    {
        public double SquaredDistance(double px, double py, double kx, double ky)
        {
            var dx = Math.Max(0, Math.Max(MinX - px, px - MaxX)) * kx;
            var dy = Math.Max(0, Math.Max(MinY - py, py - MaxY)) * ky;
            return (dx * dx) + (dy * dy);
        }
    }
}
