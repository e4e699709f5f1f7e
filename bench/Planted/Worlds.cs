using System.Collections.Immutable;
using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>Makes worlds: of real data where they lie beside the checkout, and of an invented front.</summary>
internal static class Worlds
{
    private static readonly string[] s_never = ["Львівська", "Закарпатська", "Чернівецька", "Івано-Франківська", "Рівненська", "Волинська", "Вінницька", "Хмельницька", "Тернопільська", "Черкаська", "Кіровоградська", "Полтавська"];

    /// <summary>Raions that are wholly held since a time that everybody knows.</summary>
    private static readonly (string Raion, int From)[] s_held = [("Довжанський", 0), ("Ровеньківський", 0), ("Мелітопольський", Law.Day(2022, 3, 25)), ("Бердянський", Law.Day(2022, 3, 25))];

    private static readonly (string[] Names, int Count)[] s_shared =
    [
        (["Іванівка", "Ивановка", "Ivanivka"], 25), (["Михайлівка", "Михайловка", "Mykhailivka"], 12), (["Новоселівка", "Новоселовка", "Novoselivka"], 40),
        (["Петрівка", "Петровка", "Petrivka"], 6), (["Степове", "Степовое", "Stepove"], 3), (["Вишневе", "Вишневое", "Vyshneve"], 2), (["Зелений Гай", "Зеленый Гай", "Zelenyi Hai"], 4),
    ];

    /// <summary>All that can be made here: each once with the true source, and once without.</summary>
    public static IReadOnlyList<World> All(int seed)
    {
        var told = Loaded.From(SharedData.Read());
        var starter = told.Sources.Single(source => source.Name == "starter");
        var others = told.Sources.Where(source => source != starter).ToList();
        var front = told.Sources.OfType<PolygonSource>().FirstOrDefault();
        var spots = RealSpots(told.Gazetteer);
        List<World> worlds = [Make("real places and lists", false, spots, told.Gazetteer, [.. told.Sources, InventedSource.Exact(spots)], front, (at, day) => front?.KmToFront(at, day))];
        if (others.Count > 0) worlds.Add(Make("real places and lists", true, spots, told.Gazetteer, others, front, (at, day) => front?.KmToFront(at, day)));
        for (var i = 0; i < 2; i++) worlds.Add(Invented(new Random(HashCode(seed, i)), isWithheld: i == 1));
        return worlds;
    }

    /// <summary>An invented front through real towns and villages whose names others share.</summary>
    public static World Invented(Random random, bool isWithheld)
    {
        var front = new InventedFront(random);
        List<Spot> spots = [];
        foreach (var town in StarterSet.Shipped.Towns) if (town.Periods.All.Length > 0) spots.Add(new Spot(town.Place, [.. town.Names.Take(3)], Oblast(town.Place.Within[0]), front.TruthAt(town.Place.Location!.Value)));
        var towns = spots.Count;
        foreach (var (names, count) in s_shared)
        {
            for (var i = 0; i < count; i++)
            {
                var near = spots[random.Next(towns)];
                var at = new Location(Math.Clamp(near.Place.Location!.Value.Latitude + ((random.NextDouble() - 0.5) * 1.2), 46.4, 50.9), near.Place.Location.Value.Longitude + ((random.NextDouble() - 0.5) * 1.5));
                if (!Outline.Ukraine.SurelyContains(at)) continue;
                spots.Add(new Spot(new Candidate($"katottg:UAX{spots.Count:0000}", names[0], near.Place.Within, at), names, near.Within, front.TruthAt(at)));
            }
        }
        List<KnownPlace> known = [.. spots.Select(spot => new KnownPlace(spot.Place, spot.Names)), .. StarterSet.Shipped.Towns.Where(town => town.Periods.All.Length == 0).Select(town => new KnownPlace(town.Place, town.Names))];
        var gazetteer = new Gazetteer((Codifier?)null, [], [], known);
        var map = front.Map(random, isExact: !isWithheld);
        List<IControlSource> sources = [map, InventedSource.LateList(spots, random)];
        if (!isWithheld) sources.Add(InventedSource.Exact(spots));
        return Make("invented front", isWithheld, spots, gazetteer, sources, map, (at, day) => front.Km(at, day));
    }

    private static World Make(string name, bool isWithheld, IReadOnlyList<Spot> spots, Gazetteer gazetteer, IReadOnlyList<IControlSource> sources, IFront? front, Func<Location, int, double?> km) => new()
    {
        Name = name,
        IsWithheld = isWithheld,
        Spots = spots,
        Abroad = [.. StarterSet.Shipped.Towns.Where(town => town.Periods.All.Length == 0).Select(town => new Spot(town.Place, [.. town.Names.Take(3)], "", []))],
        Ground = new Atlas(gazetteer, sources, front, []),
        Sources = sources,
        Front = front,
        KmToFront = km,
        Told = new SourcesControl(sources, front),
    };

    /// <summary>The towns of the starter facts, and villages of which everybody knows who held them.</summary>
    private static List<Spot> RealSpots(Gazetteer gazetteer)
    {
        List<Spot> spots = [];
        foreach (var town in StarterSet.Shipped.Towns)
        {
            if (town.Periods.All.Length == 0) continue;
            var oblast = town.Place.Within[0];
            spots.Add(new Spot(gazetteer.Place(town.Place.Id) ?? town.Place, [.. town.Names.Take(3)], Oblast(oblast), [.. town.Periods.All.Where(period => period.Status != ControlStatus.Nothing).Select(period => (period.From, Of(period.Status)))]));
        }
        var known = spots.Select(spot => spot.Place.Id).ToHashSet(StringComparer.Ordinal);
        var before = Law.Day(2015, 3, 1);
        foreach (var place in gazetteer.Places)
        {
            if (!place.Id.StartsWith("katottg:", StringComparison.Ordinal) || known.Contains(place.Id) || place.Within.Count < 2) continue;
            if (s_never.Any(oblast => place.Within[0].StartsWith(oblast, StringComparison.Ordinal))) spots.Add(new Spot(place, [place.Name], Oblast(place.Within[0]), [(before, Truth.UA)]));
            foreach (var (raion, from) in s_held)
            {
                if (!place.Within[1].StartsWith(raion, StringComparison.Ordinal)) continue;
                spots.Add(new Spot(place, [place.Name], $"{Oblast(place.Within[0])}, {place.Within[1]}", from == 0 ? [(before, Truth.RU)] : [(before, Truth.UA), (Law.Day(2022, 2, 24), Truth.Contested), (from, Truth.RU)]));
            }
        }
        return spots;
    }

    private static string Oblast(string name) => name.EndsWith("область", StringComparison.Ordinal) ? name : name.EndsWith("ька", StringComparison.Ordinal) ? name + " область" : "";

    private static Truth Of(ControlStatus status) => status switch
    {
        ControlStatus.RU => Truth.RU,
        ControlStatus.UA => Truth.UA,
        _ => Truth.Contested,
    };

    private static int HashCode(int seed, int i) => unchecked((seed * 31) + i);
}

/// <summary>A source of which all is known beforehand.</summary>
internal sealed class InventedSource(string name, Dictionary<string, ControlPeriods> periods) : IControlSource
{
    private static readonly int s_edition = Law.Day(2026, 3, 1);

    public string Name => name;

    public string Version => "1";

    public DayRange Covered => new(Law.Day(2015, 3, 1), s_edition);

    public ControlPeriods Of(Candidate place) => periods.GetValueOrDefault(place.Id, ControlPeriods.None);

    /// <summary>The truth, to the day.</summary>
    public static InventedSource Exact(IEnumerable<Spot> spots) => new("chronicle", spots.ToDictionary(spot => spot.Place.Id, spot => new ControlPeriods([.. spot.Periods.Select(period => new ControlPeriod(period.From, Status(period.Held), "chronicle"))]), StringComparer.Ordinal));

    /// <summary>
    /// A list like the official one: days of occupation are off by up to ten days, towns lost within the last months before the
    /// edition are still listed as held, and open entries deny nothing alone.
    /// </summary>
    public static InventedSource LateList(IEnumerable<Spot> spots, Random random)
    {
        var all = new Dictionary<string, ControlPeriods>(StringComparer.Ordinal);
        foreach (var spot in spots)
        {
            var late = random.Next(20, 260);
            var wasLost = spot.Periods.Any(period => period.Held == Truth.RU);
            var periods = ImmutableArray.CreateBuilder<ControlPeriod>();
            for (var i = 0; i < spot.Periods.Length; i++)
            {
                var (from, held) = spot.Periods[i];
                if (held == Truth.Contested || (held == Truth.RU && from > s_edition - late)) continue;
                var isOpen = i + 1 == spot.Periods.Length;
                var day = i == 0 ? from : from + random.Next(-10, 11);
                if (periods.Count > 0 && day <= periods[^1].From) day = periods[^1].From + 1;
                periods.Add(new ControlPeriod(day, Status(held), held == Truth.RU ? "section-2" : "section-1", held == Truth.RU ? isOpen ? Force.NeedsAgreement : Force.Denies : wasLost || random.Next(2) == 0 ? Force.NeedsAgreement : Force.Denies));
            }
            periods.Add(new ControlPeriod(Math.Max(s_edition, periods[^1].From + 1), ControlStatus.Nothing, "after the edition"));
            all[spot.Place.Id] = new ControlPeriods(periods.DrainToImmutable());
        }
        return new InventedSource("list", all);
    }

    private static ControlStatus Status(Truth held) => held switch
    {
        Truth.RU => ControlStatus.RU,
        Truth.UA => ControlStatus.UA,
        _ => ControlStatus.Contested,
    };
}

/// <summary>
/// A front from north to south: in each half degree of latitude it stands at a longitude that moves now and then. East of it is
/// held by Russia. It is known in closed form; maps of it are drawn as polygons.
/// </summary>
internal sealed class InventedFront
{
    private const double South = 44, North = 52.5, Step = 0.5, East = 42;
    private const int Knots = (int)((North - South) / Step) + 1;
    private readonly (int Day, double X)[][] _moves = new (int, double)[Knots][];
    private static readonly int s_begin = Law.Day(2015, 3, 1);
    private static readonly int s_end = Law.Day(2026, 6, 1);

    public InventedFront(Random random)
    {
        var whole = random.NextDouble() - 0.5;
        for (var i = 0; i < Knots; i++)
        {
            var x = 38.4 + (0.4 * Math.Sin(i)) + (random.NextDouble() * 0.3);
            List<(int, double)> moves = [(s_begin, x), (Law.Day(2022, 2, 24), x)];
            x -= 1.2 + (2.4 * random.NextDouble());
            moves.Add((Law.Day(2022, 3, 15) + random.Next(25), x));
            var day = Law.Day(2022, 4, 20) + random.Next(60);
            while (day < s_end - 200)
            {
                moves.Add((day, x));
                x = Math.Clamp(x + ((random.NextDouble() - 0.5 + (0.1 * whole)) * 1.6), 33, 38.9);
                day += random.Next(5, 60);
                moves.Add((day, x));
                day += random.Next(60, 420);
            }
            _moves[i] = [.. moves];
        }
    }

    private double Knot(int i, int day)
    {
        var moves = _moves[i];
        for (var m = moves.Length - 1; m >= 0; m--)
        {
            if (moves[m].Day > day) continue;
            if (m + 1 == moves.Length) return moves[m].X;
            var part = (double)(day - moves[m].Day) / (moves[m + 1].Day - moves[m].Day);
            return moves[m].X + (part * (moves[m + 1].X - moves[m].X));
        }
        return moves[0].X;
    }

    /// <summary>The longitude of the front at a latitude.</summary>
    public double At(double latitude, int day)
    {
        var at = Math.Clamp((latitude - South) / Step, 0, Knots - 1.000001);
        var i = (int)at;
        var (a, b) = (Knot(i, day), Knot(i + 1, day));
        return a + ((at - i) * (b - a));
    }

    public (int From, Truth Held)[] TruthAt(Location at)
    {
        List<(int, Truth)> periods = [];
        for (var day = s_begin; day < s_end; day++)
        {
            var held = at.Longitude > At(at.Latitude, day) ? Truth.RU : Truth.UA;
            if (periods.Count == 0 || periods[^1].Item2 != held) periods.Add((day, held));
            if (day < Law.Day(2022, 2, 20) && day > s_begin) day = Law.Day(2022, 2, 20);
        }
        return [.. periods];
    }

    public double Km(Location at, int day)
    {
        var least = double.MaxValue;
        for (var latitude = South; latitude <= North; latitude += 0.02) least = Math.Min(least, Oracle.Km(at, new Location(latitude, At(latitude, day))));
        return least;
    }

    /// <summary>Maps of it: each week, or at distances as the real ones and a little off in place and time.</summary>
    public PolygonSource Map(Random random, bool isExact)
    {
        List<PolygonDay> days = [];
        for (var day = Law.Day(2021, 12, 1); day < s_end; day += isExact ? 7 : random.Next(20, 31))
        {
            var seen = isExact ? day : day - random.Next(8);
            var ring = new List<GridPoint>();
            for (var i = 0; i < Knots; i++) ring.Add(GridPoint.Of(new Location(South + (i * Step), Knot(i, seen) + (isExact ? 0 : (random.NextDouble() - 0.5) * 0.04))));
            ring.Add(GridPoint.Of(new Location(North, East)));
            ring.Add(GridPoint.Of(new Location(South, East)));
            days.Add(new PolygonDay(day, [new GridPolygon([[.. ring]])]));
        }
        return new PolygonSource("map", "1", PolygonSeries.Read(PolygonSeries.Encode(days, Outline.Ukraine)), Outline.Ukraine);
    }
}
