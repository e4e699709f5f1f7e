namespace Understory.Verification;

/// <summary>
/// The compact form of a series of polygons (<c>docs/formats/data-files.md</c>): a day says which runs of pieces of edge it
/// takes from the day before, and only what is new in numbers.
/// </summary>
internal static class PolygonCodec
{
    public const int Version = 1;
    private const int MaxDays = 100_000;
    private const int MaxSegmentsOfDay = 4_000_000;

    /// <summary>Writes days, in any order, each once.</summary>
    public static byte[] Encode(IEnumerable<PolygonDay> days, Outline outline)
    {
        var sorted = days.OrderBy(day => day.Day).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Day == sorted[i - 1].Day) throw new DataException($"There are two maps of {DayRange.Iso(sorted[i].Day)}.");
        }
        var writer = new VarintWriter();
        writer.Write(Version);
        writer.Write(sorted.Length);
        DayMap? before = null;
        foreach (var day in sorted)
        {
            var map = new DayMap(day, outline, before);
            writer.Write(day.Day - (before?.Day ?? 0));
            WriteDay(writer, map, before);
            before = map;
        }
        return writer.ToArray();
    }

    private static void WriteDay(VarintWriter writer, DayMap map, DayMap? before)
    {
        // Segments of the day before, in order; a run never goes on past its ring.
        var old = before?.Rings.SelectMany(ring => ring).ToArray() ?? [];
        var ringEnds = new HashSet<int>();
        var places = new Dictionary<Segment, int>();
        var position = 0;
        foreach (var ring in before?.Rings ?? [])
        {
            foreach (var segment in ring) places.TryAdd(segment, position++);
            ringEnds.Add(position);
        }
        var used = new bool[old.Length];

        writer.Write(map.Rings.Count);
        var expected = 0;
        foreach (var ring in map.Rings)
        {
            writer.Write(ring[0].Layer);
            var runs = Runs(ring, old, places, ringEnds, used);
            writer.Write(runs.Count);
            var point = default(GridPoint);
            var i = 0;
            foreach (var (from, count) in runs)
            {
                writer.Write(((ulong)count << 1) | (from >= 0 ? 1UL : 0));
                if (from >= 0)
                {
                    writer.WriteSigned(from - expected);
                    expected = from + count;
                }
                else
                {
                    if (i == 0)
                    {
                        writer.WriteSigned(ring[0].Start.X);
                        writer.WriteSigned(ring[0].Start.Y);
                        point = ring[0].Start;
                    }
                    foreach (var segment in ring.AsSpan(i, count))
                    {
                        writer.WriteSigned(((long)(segment.End.X - point.X) * 2) + (segment.IsFront ? 1 : 0));
                        writer.WriteSigned(segment.End.Y - point.Y);
                        point = segment.End;
                    }
                }
                i += count;
                point = ring[i - 1].End;
            }
        }
    }

    /// <summary>The ring as runs: from the day before (from there), or new (-1). Each old segment is taken once.</summary>
    private static List<(int From, int Count)> Runs(Segment[] ring, Segment[] old, Dictionary<Segment, int> places, HashSet<int> ringEnds, bool[] used)
    {
        var runs = new List<(int From, int Count)>();
        for (var i = 0; i < ring.Length;)
        {
            var count = 0;
            if (places.TryGetValue(ring[i], out var from))
            {
                while (i + count < ring.Length && from + count < old.Length && (count == 0 || !ringEnds.Contains(from + count))
                    && !used[from + count] && old[from + count] == ring[i + count])
                {
                    used[from + count++] = true;
                }
            }
            if (count > 0) runs.Add((from, count));
            else if (runs.Count > 0 && runs[^1].From < 0) runs[^1] = (-1, runs[^1].Count + 1);
            else runs.Add((-1, 1));
            i += Math.Max(1, count);
        }
        return runs;
    }

    /// <summary>
    /// Reads the days, with the segments and how long each was drawn.
    /// </summary>
    /// <param name="content">What <see cref="Encode"/> gave.</param>
    /// <param name="rings">Told of each day's rings, as indices into the segments; null where nobody asks.</param>
    /// <exception cref="DataException">It is damaged.</exception>
    public static (int[] Days, Segment[] Segments) Decode(ReadOnlySpan<byte> content, Action<int, List<Segment>, List<int[]>>? rings = null)
    {
        var reader = new VarintReader(content);
        if (reader.Read() != Version) throw new DataException("The polygons are of a format that is not known here: import them again.");
        var days = new int[reader.ReadInt(Math.Min(MaxDays, reader.Left))];
        var segments = new List<Segment>();
        var (before, now) = (new List<int>(), new List<int>());
        for (var index = 0; index < days.Length; index++)
        {
            days[index] = (index == 0 ? 0 : days[index - 1]) + reader.ReadInt(DayRange.Latest);
            if (days[index] > DayRange.Latest || (index > 0 && days[index] == days[index - 1])) throw VarintReader.Damaged();
            var kept = rings is null ? null : new List<int[]>();
            ReadDay(ref reader, index, segments, before, now, kept);
            rings?.Invoke(index, segments, kept!);
            (before, now) = (now, before);
            now.Clear();
        }
        if (!reader.AtEnd) throw VarintReader.Damaged();
        return (days, [.. segments]);
    }

    private static void ReadDay(ref VarintReader reader, int day, List<Segment> segments, List<int> before, List<int> now, List<int[]>? kept)
    {
        var expected = 0;
        var ringCount = reader.ReadInt(reader.Left);
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(segments);
        for (var ring = 0; ring < ringCount; ring++)
        {
            var layer = reader.ReadInt(Segment.MaxLayers - 1);
            var runs = reader.ReadInt(reader.Left);
            var ringStart = now.Count;
            GridPoint? point = null, start = null;
            for (var run = 0; run < runs; run++)
            {
                var head = reader.Read();
                var count = head >> 1 is var length and > 0 && length <= (ulong)(MaxSegmentsOfDay - now.Count) ? (int)length : throw VarintReader.Damaged();
                if ((head & 1) == 0)
                {
                    if (count > reader.Left) throw VarintReader.Damaged();
                    point ??= new GridPoint(ReadCoordinate(ref reader, GridPoint.MaxX), ReadCoordinate(ref reader, GridPoint.MaxY));
                    start ??= point;
                    point = ReadNew(ref reader, count, point.Value, layer, day, segments, now);
                    all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(segments);
                    continue;
                }
                var from = expected + reader.ReadSigned();
                if (from < 0 || from > before.Count - count) throw VarintReader.Damaged();
                for (var i = (int)from; i < (int)from + count; i++)
                {
                    ref var segment = ref all[before[i]];
                    // Taken twice, from another layer, or not where the ring stands: nobody wrote that.
                    if (segment.Last == day || segment.Layer != layer || (point is { } at && at != segment.Start)) throw VarintReader.Damaged();
                    start ??= segment.Start;
                    point = segment.End;
                    segment.Last = day;
                    now.Add(before[i]);
                }
                expected = (int)from + count;
            }
            if (point != start) throw VarintReader.Damaged();
            kept?.Add([.. now[ringStart..]]);
        }
    }

    private static GridPoint ReadNew(ref VarintReader reader, int count, GridPoint point, int layer, int day, List<Segment> segments, List<int> now)
    {
        for (var i = 0; i < count; i++)
        {
            var (dx, dy) = (reader.ReadSigned(), reader.ReadSigned());
            var front = (dx & 1) != 0;
            dx >>= 1;
            if (dx is < -Segment.MaxStep or > Segment.MaxStep || dy is < -Segment.MaxStep or > Segment.MaxStep) throw VarintReader.Damaged();
            var next = new GridPoint(point.X + (int)dx, point.Y + (int)dy);
            if (Math.Abs(next.X) > GridPoint.MaxX || Math.Abs(next.Y) > GridPoint.MaxY) throw VarintReader.Damaged();
            now.Add(segments.Count);
            segments.Add(new Segment(point, next, layer, front) { First = day, Last = day });
            point = next;
        }
        return point;
    }

    private static int ReadCoordinate(ref VarintReader reader, int most)
    {
        var value = reader.ReadSigned();
        return value >= -most && value <= most ? (int)value : throw VarintReader.Damaged();
    }
}
