using System.Globalization;

namespace Understory.Verification;

/// <summary>A place that is known by itself: of the starter facts, or of a country whose codifier is not read.</summary>
/// <param name="Place">The candidate; its id may be that of the codifier, and then it adds what the codifier has not.</param>
/// <param name="OtherNames">What it is called besides.</param>
/// <param name="Population">How many live there; 0 where it is not known.</param>
public sealed record KnownPlace(Candidate Place, IReadOnlyList<string> OtherNames, long Population = 0);

/// <summary>
/// All places that can be named, and what they are called. A look-up is a few probes of hash tables; a candidate is made
/// when it is first asked for. Safe to ask from many threads.
/// </summary>
public sealed class Gazetteer
{
    private readonly Codifier? _codifier;
    private readonly UnitNames? _units;
    private readonly LocatedTable[] _tables;
    private readonly Dictionary<int, CoordinateJoin.Joined> _joined = [];
    private readonly Dictionary<int, Location> _knownAt = [];
    private readonly List<KnownPlace> _known = [];
    private readonly List<CoordinateJoin.Ref> _located = [];
    private readonly Dictionary<string, int> _knownById = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _byGeoname = [];
    private readonly NameIndex _names;

    // Numbers of places: first the units of the codifier, then what is known by itself, then what only files of coordinates have.
    private readonly int _firstKnown;
    private readonly int _firstLocated;
    private readonly Candidate?[] _candidates;
    private readonly IReadOnlyList<string>?[] _within;

    /// <summary>Of the codifier, with the coordinates and names that other files have. Each may be missing.</summary>
    public Gazetteer(Codifier? codifier, IReadOnlyList<LocatedTable> located, IReadOnlyList<Renaming> renamings, IReadOnlyList<KnownPlace> known)
    {
        _codifier = codifier;
        _tables = [.. located];
        _firstKnown = codifier?.Count ?? 0;
        if (codifier is not null)
        {
            _units = new UnitNames(codifier);
            _joined = CoordinateJoin.Join(codifier, located, _units);
        }
        var layers = new List<NameIndex.Layer> { KnownLayer(known, renamings) };
        _firstLocated = _firstKnown + _known.Count;
        if (codifier is not null) layers.Add(new NameIndex.Layer(codifier.Names, codifier.Bearers));
        layers.AddRange(LocatedLayers());
        _names = new NameIndex(layers);
        _candidates = new Candidate?[_firstLocated + _located.Count];
        _within = new IReadOnlyList<string>?[_firstKnown];
    }

    /// <summary>Of rows: what they would be after they had been stored.</summary>
    internal Gazetteer(Katottg? katottg, IReadOnlyList<LocatedPlace> located, IReadOnlyList<Renaming> renamings, IReadOnlyList<KnownPlace> known)
        : this(katottg is null ? null : Codifier.Read(Codifier.Encode(katottg)), [LocatedTable.Read(LocatedTable.Encode(located))], renamings, known)
    {
    }

    /// <summary>All places, in no order that means anything.</summary>
    public IReadOnlyList<Candidate> Places => [.. Enumerable.Range(0, _candidates.Length).Where(place => place >= _firstKnown || _codifier!.Category(place).IsPlace()).Select(At)];

    /// <summary>How many have coordinates.</summary>
    public int WithCoordinates => Places.Count(place => place.Location is not null);

    /// <summary>The place of an id; null where there is none.</summary>
    public Candidate? Place(string id) => Number(id) is var place and >= 0 ? At(place) : null;

    /// <summary>The number that GeoNames has for a place; null where it has none, or none that is certain.</summary>
    public long? GeonameOf(string id)
    {
        if (_codifier?.Codes.OfId(id) is { } unit and >= 0) return _joined.TryGetValue(unit, out var joined) ? _tables[joined.Best.Table].Geoname(joined.Best.Place) : null;
        return Number(id) is var place && place >= _firstLocated ? Geoname(_located[place - _firstLocated]) : null;
    }

    /// <summary>The places that may be meant, the likeliest first; none where nothing is called that. A bare name gives all that bear it.</summary>
    public IReadOnlyList<Candidate> Find(PlaceQuery query) => query switch
    {
        PlaceQuery.Named named => Named(named.Name, named.Within),
        PlaceQuery.Point point => [new Candidate(FormattableString.Invariant($"point:{point.Latitude:0.#####},{point.Longitude:0.#####}"), FormattableString.Invariant($"{point.Latitude:0.#####}, {point.Longitude:0.#####}"), [], new Location(point.Latitude, point.Longitude), point.RadiusKm)],
        PlaceQuery.Katottg code => Place("katottg:" + code.Code.Trim().ToUpperInvariant()) is { } place ? [place] : [],
        PlaceQuery.Geoname number => _byGeoname.TryGetValue(number.Number, out var index) ? [At(index)] : [],
        _ => [],
    };

    private List<Candidate> Named(string name, string? within)
    {
        // "Іванівка, Харківська область", «Іванівка (Куп'янський район)».
        var (bare, rest) = Parted(name);
        if (rest.Length > 0) within = within is null ? rest : $"{rest}, {within}";
        var found = _names.Find(bare);
        if (!string.IsNullOrWhiteSpace(within)) found = [.. found.Where(Inside(within))];
        return [.. found.Select(match => (match.Rank, Weight: Weight(match.Place), Place: At(match.Place)))
            .OrderBy(match => match.Rank).ThenByDescending(match => match.Weight).ThenBy(match => match.Place.Id, StringComparer.Ordinal).Select(match => match.Place)];
    }

    private static (string Name, string Within) Parted(string name)
    {
        var at = name.AsSpan().IndexOfAny(',', '(');
        return at <= 0 ? (name, "") : (name[..at], name[(at + 1)..].Replace(')', ' ').Trim());
    }

    private Func<NameIndex.Match, bool> Inside(string within)
    {
        var parts = _units?.Find(within) ?? [];
        List<string>? words = null;
        return match =>
        {
            if (match.Place < _firstKnown) return parts.All(part => LiesIn(match.Place, part));
            // Of places outside the codifier only the names of what they lie in are known.
            words ??= within.Split(',').Select(CoordinateJoin.Key).Where(part => part.Length > 0).ToList();
            return words.TrueForAll(word => At(match.Place).Within.Any(unit => SameUnit(CoordinateJoin.Key(unit), word)));
        };
    }

    private bool LiesIn(int unit, IReadOnlySet<int> units)
    {
        for (; unit >= 0; unit = _codifier!.Parent(unit))
        {
            if (units.Contains(unit)) return true;
        }
        return false;
    }

    /// <summary>Names of units that differ in their ending only: "kharkiv", "kharkivska oblast".</summary>
    private static bool SameUnit(string unit, string said)
    {
        var shared = Math.Min(unit.Split(' ')[0].Length, said.Split(' ')[0].Length);
        return shared >= 4 && string.Equals(unit[..Math.Min(shared, 6)], said[..Math.Min(shared, 6)], StringComparison.Ordinal);
    }

    /// <summary>Names that ship with the program: of starter places, and old ones.</summary>
    private NameIndex.Layer KnownLayer(IReadOnlyList<KnownPlace> known, IReadOnlyList<Renaming> renamings)
    {
        var (keys, bearers) = (new NameKeys(), new List<(int, int)>());
        int Next(int place)
        {
            bearers.Add((bearers.Count, place));
            return bearers.Count - 1;
        }
        foreach (var place in known)
        {
            var number = Number(place.Place.Id);
            // What was written by hand with a code goes before what was joined by name.
            if (number >= 0 && place.Place.Location is { } at) _knownAt.TryAdd(number, at);
            if (number < 0)
            {
                number = _firstKnown + _known.Count;
                _knownById.Add(place.Place.Id, number);
                _known.Add(place);
                if (GeonameOfId(place.Place.Id) is { } geoname) _byGeoname[geoname] = number;
                keys.AddOwn(place.Place.Name, Next(number));
            }
            foreach (var name in place.OtherNames) keys.Add(name, Next(number), isOwn: false);
        }
        foreach (var renaming in renamings)
        {
            if (Number("katottg:" + renaming.Code) is not (var number and >= 0)) continue;
            foreach (var name in renaming.Names) keys.Add(name, Next(number), isOwn: false);
        }
        var tables = new VarintWriter();
        keys.Write(tables);
        var from = new VarintReader(tables.ToArray());
        return new NameIndex.Layer(NameTables.Read(ref from, bearers.Count), new Groups(bearers.Count, bearers));
    }

    /// <summary>Names of places of files: of those that were joined, and of those of other countries. A Ukrainian place that could not be joined is in the codifier under its own name already.</summary>
    private IEnumerable<NameIndex.Layer> LocatedLayers()
    {
        var bearers = Array.ConvertAll(_tables, _ => new List<(int, int)>());
        foreach (var (unit, joined) in _joined)
        {
            foreach (var same in joined.All) bearers[same.Table].Add((same.Place, unit));
            if (Geoname(joined.Best) is { } number) _byGeoname[number] = unit;
        }
        for (var table = 0; table < _tables.Length; table++)
        {
            for (var place = 0; place < _tables[table].Count; place++)
            {
                if (_tables[table].Geoname(place) is not { } number || !_byGeoname.TryAdd(number, _firstLocated + _located.Count)) continue;
                if (!_tables[table].IsUkrainian(place)) bearers[table].Add((place, _firstLocated + _located.Count));
                _located.Add(new CoordinateJoin.Ref(table, place));
            }
        }
        return _tables.Zip(bearers, (table, pairs) => new NameIndex.Layer(table.Names, new Groups(table.Count, pairs)));
    }

    private long? Geoname(CoordinateJoin.Ref located) => _tables[located.Table].Geoname(located.Place);

    private static string GeonameId(long number) => FormattableString.Invariant($"geoname:{number}");

    /// <summary>The number of the place of an id; -1 where there is none.</summary>
    private int Number(string id)
    {
        if (_codifier?.Codes.OfId(id) is { } unit and >= 0 && _codifier.Category(unit).IsPlace()) return unit;
        if (_knownById.TryGetValue(id, out var known)) return known;
        return GeonameOfId(id) is { } number && _byGeoname.TryGetValue(number, out var located) && located >= _firstLocated ? located : -1;
    }

    private static long? GeonameOfId(string id) =>
        id.StartsWith("geoname:", StringComparison.Ordinal) && long.TryParse(id.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The candidate of a number: always the same one.</summary>
    private Candidate At(int place)
    {
        if (Volatile.Read(ref _candidates[place]) is { } candidate) return candidate;
        candidate = Make(place);
        return Interlocked.CompareExchange(ref _candidates[place], candidate, null) ?? candidate;
    }

    private Candidate Make(int place)
    {
        if (place >= _firstLocated)
        {
            var (table, located) = (_tables[_located[place - _firstLocated].Table], _located[place - _firstLocated].Place);
            var region = table.Text(table.Region(located));
            return new Candidate(GeonameId(table.Geoname(located)!.Value), table.Name(located), region.Length > 0 ? [region] : [], table.Location(located));
        }
        if (place >= _firstKnown) return _known[place - _firstKnown].Place;
        Location? at = _knownAt.TryGetValue(place, out var known) ? known : _joined.TryGetValue(place, out var joined) ? _tables[joined.Best.Table].Location(joined.Best.Place) : null;
        return new Candidate(_codifier!.Codes.Id(place), _codifier.Name(place), WithinOf(place), at);
    }

    /// <summary>For order alone: towns before settlements before villages, larger ones first.</summary>
    private int Weight(int place)
    {
        if (place >= _firstLocated) return 1 + Thousands(_tables[_located[place - _firstLocated].Table].Population(_located[place - _firstLocated].Place));
        if (place >= _firstKnown) return 1 + Thousands(_known[place - _firstKnown].Population);
        var population = _joined.TryGetValue(place, out var joined) ? _tables[joined.Best.Table].Population(joined.Best.Place) : 0;
        return Thousands(population) + _codifier!.Category(place) switch
        {
            KatottgCategory.SpecialCity => 400_000,
            KatottgCategory.Town => 300_000,
            KatottgCategory.UrbanSettlement or KatottgCategory.Settlement => 200_000,
            _ => 100_000,
        };
    }

    private static int Thousands(long population) => (int)Math.Min(population / 1000, 100_000);

    /// <summary>The names of what a unit lies in, as people write them; shared by all that lie in the same.</summary>
    private IReadOnlyList<string> WithinOf(int unit)
    {
        var parent = _codifier!.Parent(unit);
        if (parent < 0) return [];
        if (Volatile.Read(ref _within[parent]) is { } names) return names;
        names = [.. _codifier.Parents(unit).Select(Label)];
        return Interlocked.CompareExchange(ref _within[parent], names, null) ?? names;
    }

    private string Label(int unit) => Label(_codifier!.Category(unit), _codifier.Name(unit));

    private static string Label(KatottgCategory category, string name) => category switch
    {
        KatottgCategory.Oblast => name.EndsWith("ька", StringComparison.Ordinal) ? name + " область" : name,
        KatottgCategory.Raion => name + " район",
        KatottgCategory.Hromada => name + " громада",
        _ => name,
    };
}
