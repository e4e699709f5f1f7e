namespace Understory.Verification;

/// <summary>A place that is known by itself: of the starter facts, or of a country whose codifier is not read.</summary>
/// <param name="Place">The candidate; its id may be that of the codifier, and then it adds what the codifier has not.</param>
/// <param name="OtherNames">What it is called besides.</param>
/// <param name="Population">How many live there; 0 where it is not known.</param>
public sealed record KnownPlace(Candidate Place, IReadOnlyList<string> OtherNames, long Population = 0);

/// <summary>
/// All places that can be named, and what they are called. Built once; a look-up is a few probes of a hash table.
/// </summary>
public sealed class Gazetteer
{
    private readonly List<Candidate> _places = [];
    private readonly List<int> _weight = [];
    private readonly List<string[]> _lieIn = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _byGeoname = [];
    private readonly Dictionary<string, long> _geonameOf = new(StringComparer.Ordinal);
    private readonly NameIndex _names = new();
    private readonly UnitNames? _units;

    /// <summary>Of the codifier, with the coordinates and names that other files have. Each may be missing.</summary>
    public Gazetteer(Katottg? katottg, IReadOnlyList<LocatedPlace> located, IReadOnlyList<Renaming> renamings, IReadOnlyList<KnownPlace> known)
    {
        if (katottg is not null)
        {
            _units = new UnitNames(katottg);
            AddCodifier(katottg, CoordinateJoin.Join(katottg, located, _units), known.Where(place => place.Place.Location is not null).ToDictionary(place => place.Place.Id, StringComparer.Ordinal));
        }
        foreach (var place in known) AddKnown(place);
        foreach (var place in located) AddLocated(place, isSearched: place.Country is not "UA");
        foreach (var renaming in renamings)
        {
            if (!_byId.TryGetValue("katottg:" + renaming.Code, out var index)) continue;
            foreach (var name in renaming.Names) _names.Add(name, index, isOwn: false);
        }
        _names.Freeze();
    }

    /// <summary>All places, in no order that means anything.</summary>
    public IReadOnlyList<Candidate> Places => _places;

    /// <summary>How many have coordinates.</summary>
    public int WithCoordinates => _places.Count(place => place.Location is not null);

    /// <summary>The place of an id; null where there is none.</summary>
    public Candidate? Place(string id) => _byId.TryGetValue(id, out var index) ? _places[index] : null;

    /// <summary>The number that GeoNames has for a place; null where it has none, or none that is certain.</summary>
    public long? GeonameOf(string id) => _geonameOf.TryGetValue(id, out var number) ? number : null;

    /// <summary>The places that may be meant, the likeliest first; none where nothing is called that. A bare name gives all that bear it.</summary>
    public IReadOnlyList<Candidate> Find(PlaceQuery query) => query switch
    {
        PlaceQuery.Named named => Named(named.Name, named.Within),
        PlaceQuery.Point point => [new Candidate(FormattableString.Invariant($"point:{point.Latitude:0.#####},{point.Longitude:0.#####}"), FormattableString.Invariant($"{point.Latitude:0.#####}, {point.Longitude:0.#####}"), [], new Location(point.Latitude, point.Longitude), point.RadiusKm)],
        PlaceQuery.Katottg code => Place("katottg:" + code.Code.Trim().ToUpperInvariant()) is { } place ? [place] : [],
        PlaceQuery.Geoname number => _byGeoname.TryGetValue(number.Number, out var index) ? [_places[index]] : [],
        _ => [],
    };

    private List<Candidate> Named(string name, string? within)
    {
        // "Іванівка, Харківська область", «Іванівка (Куп'янський район)».
        var (bare, rest) = Parted(name);
        if (rest.Length > 0) within = within is null ? rest : $"{rest}, {within}";
        var found = _names.Find(bare);
        if (!string.IsNullOrWhiteSpace(within)) found = [.. found.Where(Inside(within))];
        return [.. found.OrderBy(match => match.Rank).ThenByDescending(match => _weight[match.Place]).ThenBy(match => _places[match.Place].Id, StringComparer.Ordinal).Select(match => _places[match.Place])];
    }

    private static (string Name, string Within) Parted(string name)
    {
        var at = name.AsSpan().IndexOfAny(',', '(');
        return at <= 0 ? (name, "") : (name[..at], name[(at + 1)..].Replace(')', ' ').Trim());
    }

    private Func<NameIndex.Match, bool> Inside(string within)
    {
        var parts = _units?.Find(within) ?? [];
        var words = within.Split(',').Select(part => CoordinateJoin.Key(part)).Where(part => part.Length > 0).ToList();
        return match => _lieIn[match.Place] is { Length: > 0 } lieIn
            ? parts.All(part => lieIn.Any(part.Contains))
            // Of places outside the codifier only the names of what they lie in are known.
            : words.TrueForAll(word => _places[match.Place].Within.Any(unit => SameUnit(CoordinateJoin.Key(unit), word)));
    }

    /// <summary>Names of units that differ in their ending only: "kharkiv", "kharkivska oblast".</summary>
    private static bool SameUnit(string unit, string said)
    {
        var shared = Math.Min(unit.Split(' ')[0].Length, said.Split(' ')[0].Length);
        return shared >= 4 && string.Equals(unit[..Math.Min(shared, 6)], said[..Math.Min(shared, 6)], StringComparison.Ordinal);
    }

    private void AddCodifier(Katottg katottg, Dictionary<string, LocatedPlace> joined, Dictionary<string, KnownPlace> known)
    {
        foreach (var unit in katottg.Units)
        {
            if (!unit.IsPlace) continue;
            var at = joined.GetValueOrDefault(unit.Code);
            var id = "katottg:" + unit.Code;
            // What was written by hand with a code goes before what was joined by name.
            var location = known.GetValueOrDefault(id)?.Place.Location ?? at?.Location;
            var index = Add(new Candidate(id, unit.Name, WithinOf(katottg, unit), location), WeightOf(unit.Category, at?.Population ?? 0), [.. unit.Parents, unit.Code]);
            _names.AddOwn(unit.Name, index);
            if (at is null) continue;
            foreach (var name in at.Names) _names.Add(name, index, isOwn: false);
            if (at.Geoname is not { } number) continue;
            _byGeoname[number] = index;
            _geonameOf[id] = number;
        }
    }

    private void AddKnown(KnownPlace known)
    {
        if (!_byId.TryGetValue(known.Place.Id, out var index))
        {
            index = Add(known.Place, 1 + (int)Math.Min(known.Population / 1000, 100_000), []);
            _names.AddOwn(known.Place.Name, index);
        }
        foreach (var name in known.OtherNames) _names.Add(name, index, isOwn: false);
    }

    private void AddLocated(LocatedPlace located, bool isSearched)
    {
        if (located.Geoname is not { } number || _byGeoname.ContainsKey(number)) return;
        var id = FormattableString.Invariant($"geoname:{number}");
        if (_byId.ContainsKey(id)) return;
        var index = Add(new Candidate(id, located.Names[0], located.Region.Length > 0 ? [located.Region] : [], located.Location), 1 + (int)Math.Min(located.Population / 1000, 100_000), []);
        _byGeoname[number] = index;
        _geonameOf[id] = number;
        // A Ukrainian place that could not be joined is in the codifier under its own name already.
        if (!isSearched) return;
        foreach (var name in located.Names) _names.Add(name, index, isOwn: true);
    }

    private int Add(Candidate place, int weight, string[] lieIn)
    {
        _byId.Add(place.Id, _places.Count);
        _places.Add(place);
        _weight.Add(weight);
        _lieIn.Add(lieIn);
        return _places.Count - 1;
    }

    /// <summary>For order alone: towns before settlements before villages, larger ones first.</summary>
    private static int WeightOf(KatottgCategory category, long population) => (int)Math.Min(population / 1000, 100_000) + category switch
    {
        KatottgCategory.SpecialCity => 400_000,
        KatottgCategory.Town => 300_000,
        KatottgCategory.UrbanSettlement or KatottgCategory.Settlement => 200_000,
        _ => 100_000,
    };

    private readonly Dictionary<string, IReadOnlyList<string>> _within = new(StringComparer.Ordinal);

    /// <summary>The names of what a unit lies in, as people write them; shared by all that lie in the same.</summary>
    private IReadOnlyList<string> WithinOf(Katottg katottg, KatottgUnit unit)
    {
        if (unit.Parents.Count == 0) return [];
        if (_within.TryGetValue(unit.Parents[^1], out var names)) return names;
        names = [.. unit.Parents.Select(katottg.Find).OfType<KatottgUnit>().Select(Label)];
        _within.Add(unit.Parents[^1], names);
        return names;
    }

    private static string Label(KatottgUnit unit) => unit.Category switch
    {
        KatottgCategory.Oblast => unit.Name.EndsWith("ька", StringComparison.Ordinal) ? unit.Name + " область" : unit.Name,
        KatottgCategory.Raion => unit.Name + " район",
        KatottgCategory.Hromada => unit.Name + " громада",
        _ => unit.Name,
    };
}
