namespace Understory.Verification;

/// <summary>
/// Joins coordinates to the codifier one-to-one, by the name in Latin letters and the oblast. Whatever is doubtful is left
/// out: a place without coordinates stays a candidate, a place with wrong ones would be judged by another's ground.
/// </summary>
internal static class CoordinateJoin
{
    private const double SameKm = 3;
    private const double FarKm = 150;
    private const int EnoughToTell = 5;

    /// <summary>What of the files a place of the codifier is.</summary>
    /// <param name="Best">The one whose coordinates are taken.</param>
    /// <param name="All">All that are the same, that one among them: their names are names of the place.</param>
    internal sealed record Joined(Ref Best, IReadOnlyList<Ref> All);

    /// <summary>A place of a file.</summary>
    /// <param name="Table">The number of the file.</param>
    /// <param name="Place">Its number there.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    internal readonly record struct Ref(int Table, int Place);

    /// <summary>For each place (unit) of the codifier that one place of the files can be, and no other, that one.</summary>
    public static Dictionary<int, Joined> Join(Codifier codifier, IReadOnlyList<LocatedTable> tables, UnitNames units)
    {
        var joined = new Dictionary<int, Joined>();
        foreach (var (unit, offers) in Offers(codifier, tables, units))
        {
            // One that bears the name now goes before those that once bore it.
            var main = offers.Where(offer => offer.IsMain).Select(offer => offer.Place).ToList();
            var places = main.Count > 0 ? main : offers.ConvertAll(offer => offer.Place);
            // Two files, or one file twice, may know the same place.
            Location At(Ref place) => tables[place.Table].Location(place.Place);
            if (places.Exists(place => At(place).DistanceKm(At(places[0])) > SameKm)) continue;
            var named = places.FindIndex(place => tables[place.Table].Geoname(place.Place) is not null);
            joined.Add(unit, new Joined(places[Math.Max(0, named)], places));
        }
        Location Where(Joined place) => tables[place.Best.Table].Location(place.Best.Place);
        foreach (var twice in joined.GroupBy(pair => Where(pair.Value)).Where(group => group.Skip(1).Any()).SelectMany(group => group).ToList()) joined.Remove(twice.Key);
        foreach (var far in FarFromTheirRaion(codifier, joined.ToDictionary(pair => pair.Key, pair => Where(pair.Value)))) joined.Remove(far);
        return joined;
    }

    /// <summary>A name as the join compares it.</summary>
    internal static string Key(string name)
    {
        var normalised = PlaceNames.Normalise(name);
        return PlaceNames.IsCyrillic(normalised) ? Romanization.FoldLatin(PlaceNames.Normalise(Romanization.Write(normalised, RomanizationSystem.Ukrainian2010))) : Romanization.FoldLatin(PlaceNames.WithoutKind(normalised));
    }

    /// <summary>What bears the name of a place that alone bears it in its oblast.</summary>
    private static Dictionary<int, List<(Ref Place, bool IsMain)>> Offers(Codifier codifier, IReadOnlyList<LocatedTable> tables, UnitNames units)
    {
        var offered = new Dictionary<int, List<(Ref, bool)>>();
        for (var t = 0; t < tables.Count; t++)
        {
            var table = tables[t];
            var oblasts = new Dictionary<int, int?>();
            var (wanted, has) = (codifier.JoinKeys.Keys, table.JoinKeys.Keys);
            for (var (i, j) = (0, 0); i < wanted.Count && j < has.Count;)
            {
                var order = wanted[i].SequenceCompareTo(has[j]);
                if (order == 0)
                {
                    foreach (var offer in table.JoinKeys.At(j))
                    {
                        var place = offer >> 1;
                        var region = table.Region(place);
                        if (!oblasts.TryGetValue(region, out var oblast)) oblasts.Add(region, oblast = table.Text(region) is { Length: > 0 } text ? units.Oblast(text) : null);
                        if (oblast is not { } inOblast || Only(codifier, codifier.JoinKeys.At(i), inOblast) is not { } unit) continue;
                        if (!offered.TryGetValue(unit, out var list)) offered.Add(unit, list = []);
                        list.Add((new Ref(t, place), (offer & 1) != 0));
                    }
                }
                if (order <= 0) i++;
                if (order >= 0) j++;
            }
        }
        return offered;
    }

    /// <summary>The one place of an oblast that bears one of some names; null where there is none, or more than one.</summary>
    private static int? Only(Codifier codifier, ReadOnlySpan<int> names, int oblast)
    {
        int? only = null;
        foreach (var name in names)
        {
            foreach (var unit in codifier.Bearers[name])
            {
                if (codifier.Oblast(unit) != oblast) continue;
                if (only is not null) return null;
                only = unit;
            }
        }
        return only;
    }

    /// <summary>A place that lies far from the middle of its raion bears the name of another place.</summary>
    private static List<int> FarFromTheirRaion(Codifier codifier, Dictionary<int, Location> joined)
    {
        var far = new List<int>();
        foreach (var raion in joined.GroupBy(pair => Raion(codifier, pair.Key)).Where(raion => raion.Key is not null))
        {
            var places = raion.ToList();
            if (places.Count < EnoughToTell) continue;
            var middle = new Location(Median(places.Select(pair => pair.Value.Latitude)), Median(places.Select(pair => pair.Value.Longitude)));
            far.AddRange(places.Where(pair => pair.Value.DistanceKm(middle) > FarKm).Select(pair => pair.Key));
        }
        return far;
    }

    private static int? Raion(Codifier codifier, int unit) => codifier.Parents(unit) is { Count: > 1 } parents ? parents[1] : null;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
