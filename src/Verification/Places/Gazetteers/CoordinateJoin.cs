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

    /// <summary>For each place of the codifier that one place of the files can be, and no other, that one.</summary>
    public static Dictionary<string, LocatedPlace> Join(Katottg katottg, IReadOnlyList<LocatedPlace> located, UnitNames units)
    {
        var wanted = katottg.Units.Where(unit => unit.IsPlace).ToLookup(unit => (Oblast(unit), Key(unit.Name)));
        var offered = new Dictionary<(string, string), List<(LocatedPlace Place, bool IsMain)>>();
        var oblasts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var place in located)
        {
            if (place.Country is not "UA") continue;
            if (!oblasts.TryGetValue(place.Region, out var oblast)) oblasts.Add(place.Region, oblast = place.Region.Length == 0 ? null : units.Oblast(place.Region));
            if (oblast is null) continue;
            var main = Key(place.Names[0]);
            foreach (var key in place.Names.Select(Key).Where(key => key.Length > 0).Distinct())
            {
                if (!wanted.Contains((oblast, key))) continue;
                if (!offered.TryGetValue((oblast, key), out var list)) offered.Add((oblast, key), list = []);
                list.Add((place, string.Equals(key, main, StringComparison.Ordinal)));
            }
        }

        var joined = new Dictionary<string, LocatedPlace>(StringComparer.Ordinal);
        foreach (var (key, offers) in offered)
        {
            if (wanted[key].Take(2).ToList() is not [var unit]) continue;
            // One that bears the name now goes before those that once bore it.
            var main = offers.Where(offer => offer.IsMain).Select(offer => offer.Place).ToList();
            var places = main.Count > 0 ? main : [.. offers.Select(offer => offer.Place)];
            // Two files, or one file twice, may know the same place.
            if (places.Exists(place => place.Location.DistanceKm(places[0].Location) > SameKm)) continue;
            var best = places.Find(place => place.Geoname is not null) ?? places[0];
            joined.Add(unit.Code, best with { Names = [.. places.SelectMany(place => place.Names).Distinct()] });
        }
        foreach (var twice in joined.GroupBy(pair => pair.Value.Location).Where(group => group.Skip(1).Any()).SelectMany(group => group).ToList()) joined.Remove(twice.Key);
        foreach (var far in FarFromTheirRaion(katottg, joined)) joined.Remove(far);
        return joined;
    }

    /// <summary>A name as the join compares it.</summary>
    internal static string Key(string name)
    {
        var normalised = PlaceNames.Normalise(name);
        return PlaceNames.IsCyrillic(normalised) ? Romanization.FoldLatin(PlaceNames.Normalise(Romanization.Write(normalised, RomanizationSystem.Ukrainian2010))) : Romanization.FoldLatin(PlaceNames.WithoutKind(normalised));
    }

    private static string Oblast(KatottgUnit unit) => unit.Parents.Count > 0 ? unit.Parents[0] : unit.Code;

    /// <summary>A place that lies far from the middle of its raion bears the name of another place.</summary>
    private static List<string> FarFromTheirRaion(Katottg katottg, Dictionary<string, LocatedPlace> joined)
    {
        var far = new List<string>();
        foreach (var raion in joined.Where(pair => katottg.Find(pair.Key)!.Parents.Count > 1).GroupBy(pair => katottg.Find(pair.Key)!.Parents[1], StringComparer.Ordinal))
        {
            var places = raion.ToList();
            if (places.Count < EnoughToTell) continue;
            var middle = new Location(Median(places.Select(pair => pair.Value.Location.Latitude)), Median(places.Select(pair => pair.Value.Location.Longitude)));
            far.AddRange(places.Where(pair => pair.Value.Location.DistanceKm(middle) > FarKm).Select(pair => pair.Key));
        }
        return far;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
