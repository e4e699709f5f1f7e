using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>
/// A series of polygons as a source of who held places, and of where the front ran (verification.md, "Polygons"). Inside is
/// RU. Outside is not-RU, which denies RU only more than 3 km from the edge and never says UA. Between two observed days at
/// most 35 days apart with equal status that status holds; otherwise, before the first and after the last it says nothing.
/// </summary>
public sealed class PolygonSource : IControlSource, IFront, IMapSource
{
    /// <summary>Observed days farther apart say nothing of the days between.</summary>
    public const int LongestGap = 35;

    /// <summary>Nearer to an edge "outside" does not deny.</summary>
    public const double EdgeKm = 3;

    // Stories name some thousands of places; what is asked beyond is worked out each time anew rather than fill the memory.
    private const int MaxPlaces = 1 << 17;
    private const int MaxFronts = 1 << 12;

    private readonly PolygonSeries _series;
    private readonly Outline _outline;
    private readonly string[] _gaps;
    private readonly ConcurrentDictionary<PlaceKey, ControlPeriods> _places = new();
    private readonly ConcurrentDictionary<string, ControlPeriods> _alike = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Location, float[]> _fronts = new();

    /// <summary>Of a series.</summary>
    /// <param name="name">The source's short stable name.</param>
    /// <param name="version">Its edition.</param>
    /// <param name="series">The polygons.</param>
    /// <param name="outline">Of Ukraine: outside of it a point that is in no polygon is not said to be anybody's.</param>
    public PolygonSource(string name, string version, PolygonSeries series, Outline outline)
    {
        (Name, Version, _series, _outline) = (name, version, series, outline);
        _gaps = new string[series.Days.Length];
        for (var i = 0; i + 1 < _gaps.Length; i++) _gaps[i] = $"between {DayRange.Iso(series.Days[i])} and {DayRange.Iso(series.Days[i + 1])}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public DayRange Covered => new(_series.Days[0], _series.Days[^1]);

    /// <inheritdoc/>
    IReadOnlyList<int> IMapSource.Days => _series.Days.ToArray();

    /// <inheritdoc/>
    IReadOnlyList<IReadOnlyList<Location>> IMapSource.HeldByRussia(int day) =>
        _series.IndexAt(day) is var index and >= 0 && _series.Days[index] == day
            ? [.. _series.RingsOf(index).Select(ring => Array.ConvertAll(ring, point => point.ToLocation()))]
            : [];

    /// <summary>The polygons.</summary>
    public PolygonSeries Series => _series;

    /// <inheritdoc/>
    public ControlPeriods Of(Candidate place)
    {
        if (place.Location is not { } at) return ControlPeriods.None;
        // Of a place of the codifier it is known that it is in Ukraine, of another only from where it lies.
        var key = new PlaceKey(at, place.RadiusKm, place.Id.StartsWith("katottg:", StringComparison.Ordinal));
        if (_places.TryGetValue(key, out var known)) return known;
        var periods = Work(key);
        if (_places.Count < MaxPlaces) _places.TryAdd(key, periods);
        return periods;
    }

    /// <inheritdoc/>
    public double? KmToFront(Location at, int day)
    {
        var index = _series.IndexAt(day);
        if (index < 0) return null;
        var days = _series.Days;
        var km = Fronts(at);
        if (days[index] == day) return Known(km[index]);
        if (index + 1 == days.Length || days[index + 1] - days[index] > LongestGap) return null;
        // It was somewhere between; the nearer is the one that accuses less.
        return Known(Math.Min(km[index], km[index + 1]));
    }

    /// <inheritdoc/>
    public DaySet DaysBeyond(Location at, double km)
    {
        var days = _series.Days;
        var fronts = Fronts(at);
        var ranges = new List<DayRange>();
        for (var i = 0; i < days.Length; i++)
        {
            if (!(fronts[i] >= km) || float.IsInfinity(fronts[i])) continue;
            var holds = i + 1 < days.Length && days[i + 1] - days[i] <= LongestGap && fronts[i + 1] >= km && !float.IsInfinity(fronts[i + 1]);
            ranges.Add(new DayRange(days[i], holds ? days[i + 1] : days[i]));
        }
        return DaySet.Of(ranges);
    }

    /// <summary>Kilometres to the nearest edge of any kind, coast and border too, on a day of which there is a map; null on others and where there is no edge.</summary>
    public double? KmToEdge(Location at, int day) =>
        _series.IndexAt(day) is var index and >= 0 && _series.Days[index] == day ? Known(_series.KmToEdge(at, double.PositiveInfinity)[index]) : null;

    private static double? Known(float km) => float.IsInfinity(km) ? null : km;

    private float[] Fronts(Location at)
    {
        if (_fronts.TryGetValue(at, out var known)) return known;
        var km = _series.KmToFront(at);
        if (_fronts.Count >= MaxFronts) _fronts.Clear();
        _fronts.TryAdd(at, km);
        return km;
    }

    private ControlPeriods Work(PlaceKey place)
    {
        var radius = Math.Max(0, place.RadiusKm);
        var inside = _series.Inside(place.At);
        var edges = _series.KmToEdge(place.At, EdgeKm + radius);
        var isInUkraine = place.IsInUkraine || _outline.SurelyContains(place.At);
        // Most places are inside on all days or outside on all: equal answers are one object.
        var seen = string.Create(inside.Length, (inside, edges, radius, isInUkraine), static (seen, state) =>
        {
            for (var i = 0; i < seen.Length; i++)
            {
                seen[i] = state.edges[i] < state.radius || (!state.inside[i] && !state.isInUkraine) ? Unknown
                    : state.inside[i] ? Inside
                    : state.edges[i] - state.radius <= EdgeKm ? NearEdge : Outside;
            }
        });
        return _alike.GetOrAdd(seen, Periods);
    }

    // What a map says of a place.
    private const char Inside = 'i', Outside = 'o', NearEdge = 'n', Unknown = '?';

    private ControlPeriods Periods(string seen)
    {
        var days = _series.Days;
        var periods = ImmutableArray.CreateBuilder<ControlPeriod>();
        void Add(int from, ControlStatus status, string basis, Force force)
        {
            var next = new ControlPeriod(from, status, basis, force);
            if (periods.Count > 0 && (periods[^1] with { From = from } == next || (status is ControlStatus.Nothing && periods[^1].Status is ControlStatus.Nothing))) return;
            periods.Add(next);
        }
        for (var i = 0; i < days.Length; i++)
        {
            var (status, basis, force) = seen[i] switch
            {
                Inside => (ControlStatus.RU, "inside", Force.Denies),
                Outside => (ControlStatus.NotRU, "outside", Force.Denies),
                NearEdge => (ControlStatus.NotRU, "outside-near-edge", Force.Never),
                _ => (ControlStatus.Nothing, "not-wholly-on-one-side", Force.Never),
            };
            Add(days[i], status, basis, force);
            if (i + 1 < days.Length && days[i + 1] == days[i] + 1) continue;
            var holds = i + 1 < days.Length && days[i + 1] - days[i] <= LongestGap && seen[i] is not Unknown && seen[i + 1] is not Unknown
                && seen[i] is Inside == seen[i + 1] is Inside;
            if (!holds) Add(days[i] + 1, ControlStatus.Nothing, "no-map", Force.Never);
            else Add(days[i] + 1, status, _gaps[i], seen[i] is NearEdge || seen[i + 1] is NearEdge ? Force.Never : Force.Denies);
        }
        return new ControlPeriods(periods.DrainToImmutable());
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct PlaceKey(Location At, double RadiusKm, bool IsInUkraine);
}
