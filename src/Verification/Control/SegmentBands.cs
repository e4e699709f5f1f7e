namespace Understory.Verification;

/// <summary>Finds the segments that cross a latitude: they lie in bands of 0.01 degrees.</summary>
internal sealed class SegmentBands
{
    private const int Height = 10_000;

    private readonly Segment[] _segments;
    private readonly int _lowest;
    private readonly int[] _starts;
    private readonly int[] _members;

    public SegmentBands(Segment[] segments)
    {
        _segments = segments;
        if (segments.Length == 0)
        {
            (_starts, _members) = ([0], []);
            return;
        }
        _lowest = segments.Min(segment => Band(Math.Min(segment.Start.Y, segment.End.Y)));
        var highest = segments.Max(segment => Band(Math.Max(segment.Start.Y, segment.End.Y)));
        _starts = new int[highest - _lowest + 2];
        foreach (var segment in segments)
        {
            var (low, high) = Bands(segment);
            for (var band = low; band <= high; band++) _starts[band + 1]++;
        }
        for (var i = 1; i < _starts.Length; i++) _starts[i] += _starts[i - 1];
        _members = new int[_starts[^1]];
        var next = _starts.ToArray();
        for (var i = 0; i < segments.Length; i++)
        {
            var (low, high) = Bands(segments[i]);
            for (var band = low; band <= high; band++) _members[next[band]++] = i;
        }
    }

    /// <summary>Those that may cross it, as indices.</summary>
    public ReadOnlySpan<int> At(double y)
    {
        var band = Math.Floor(y / Height) - _lowest;
        return band >= 0 && band < _starts.Length - 1 ? _members.AsSpan(_starts[(int)band].._starts[(int)band + 1]) : [];
    }

    /// <summary>Whether a point is inside any layer. All segments are of one day.</summary>
    public bool IsInside(double x, double y)
    {
        ulong odd = 0;
        foreach (var index in At(y))
        {
            ref readonly var segment = ref _segments[index];
            if (segment.IsEastOf(x, y)) odd ^= 1UL << segment.Layer;
        }
        return odd != 0;
    }

    private (int Low, int High) Bands(Segment segment)
    {
        var (a, b) = (Band(segment.Start.Y) - _lowest, Band(segment.End.Y) - _lowest);
        return a < b ? (a, b) : (b, a);
    }

    private static int Band(int y) => (int)Math.Floor((double)y / Height);
}
