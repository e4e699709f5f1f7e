using System.Collections.Concurrent;

namespace Understory.Verification;

/// <summary>
/// The ground of a check, put together from what was loaded: the gazetteer, the sources of control, the front, and what was
/// reported near. It never changes; what new data makes is a new atlas. Safe to ask from many threads.
/// </summary>
public sealed class Atlas : IGround
{
    private const int MostRemembered = 100_000;
    private readonly Gazetteer _gazetteer;
    private readonly IReadOnlyList<IControlSource> _sources;
    private readonly IFront? _front;
    private readonly IReadOnlyList<INearbySource> _nearby;
    private readonly ConcurrentDictionary<(string Name, string? Within), IReadOnlyList<Candidate>> _found = [];
    private readonly ConcurrentDictionary<(string Id, double RadiusKm, Side Held), Judgement> _judged = [];

    /// <summary>Of these parts; the front and what was reported near may be missing.</summary>
    public Atlas(Gazetteer gazetteer, IReadOnlyList<IControlSource> sources, IFront? front, IReadOnlyList<INearbySource> nearby)
    {
        (_gazetteer, _sources, _front, _nearby) = (gazetteer, sources, front, nearby);
        Edition = string.Join(", ", sources.Select(source => $"{source.Name} {source.Version}").Concat(nearby.Select(source => $"{source.Name} {source.Version}")));
    }

    /// <inheritdoc/>
    public string Edition { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Candidate> Find(PlaceQuery query)
    {
        // Stories name the same towns again and again; where a name stands in its file is no part of what it means.
        if (query is not PlaceQuery.Named named) return _gazetteer.Find(query);
        if (_found.TryGetValue((named.Name, named.Within), out var found)) return found;
        found = _gazetteer.Find(query);
        if (_found.Count < MostRemembered) _found.TryAdd((named.Name, named.Within), found);
        return found;
    }

    /// <inheritdoc/>
    public Judgement Judge(Candidate place, Side held)
    {
        var key = (place.Id, place.RadiusKm, held);
        if (_judged.TryGetValue(key, out var judgement)) return judgement;
        judgement = Verification.Judge.Of(place, held, _sources, _front);
        // Points are as many as stories name; places of the gazetteer are a known number.
        if (_judged.Count < MostRemembered) _judged.TryAdd(key, judgement);
        return judgement;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SourceWord> Ask(Candidate place, int day)
    {
        var words = new List<SourceWord>();
        foreach (var source in _sources)
        {
            var periods = source.Of(place);
            var index = periods.IndexAt(day);
            if (index < 0)
            {
                words.Add(new SourceWord(source.Name, source.Version, day, ControlStatus.Nothing, day < source.Covered.First || day > source.Covered.Last ? "outside-its-time" : "unknown-place"));
                continue;
            }
            // What only differs in its basis or its weight goes on without a break.
            var (first, last, status) = (index, index, periods.All[index].Status);
            while (first > 0 && periods.All[first - 1].Status == status) first--;
            while (last + 1 < periods.All.Length && periods.All[last + 1].Status == status) last++;
            int? until = last + 1 < periods.All.Length ? periods.All[last + 1].From - 1 : null;
            words.Add(status == ControlStatus.Nothing
                ? new SourceWord(source.Name, source.Version, day, status, periods.All[index].Basis)
                : new SourceWord(source.Name, source.Version, day, status, periods.All[index].Basis, periods.All[first].From, until));
        }
        return words;
    }

    /// <inheritdoc/>
    public double? KmToFront(Candidate place, int day) => place.Location is { } at ? _front?.KmToFront(at, day) : null;

    /// <inheritdoc/>
    public Side? SideOf(Candidate place, int day)
    {
        // Certain: a source says so, and the word of one who said the other side held it would be denied.
        if (Judge(place, Side.UA).Denied.Contains(day)) return Side.RU;
        if (Judge(place, Side.RU).Denied.Contains(day) && Judge(place, Side.UA).Supported.Contains(day)) return Side.UA;
        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit) => _nearby.Count switch
    {
        0 => [],
        1 => _nearby[0].Near(place, days, unit),
        _ => [.. _nearby.SelectMany(source => source.Near(place, days, unit)).OrderBy(near => near.Km)],
    };
}
