using System.Globalization;
using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>
/// Samples a life that somebody may have lived in a world: places on days on which the right side held them, call-ups that the
/// law allowed, ways that can be gone. Then says it. Nothing in it is false.
/// </summary>
internal sealed class Life(World world, Random random, bool isHard)
{
    private static readonly Truth[] s_sides = [Truth.RU, Truth.UA];
    private readonly List<Draft> _claims = [];
    private static readonly HashSet<string> s_towns = [.. StarterSet.Shipped.Towns.Select(town => town.Place.Id)];
    private int _next = 1;
    private int _day;

    private static Dictionary<World, Pool> Pools { get; } = [];

    private sealed record Pool(Spot[] Towns, Dictionary<Truth, Spot[]> Villages);

    private Pool PoolOf()
    {
        lock (Pools)
        {
            if (Pools.TryGetValue(world, out var pool)) return pool;
            Spot[] towns = [.. world.Spots.Where(spot => s_towns.Contains(spot.Place.Id))];
            return Pools[world] = new Pool(towns, s_sides.ToDictionary(side => side, side => world.Spots.Where(spot => !s_towns.Contains(spot.Place.Id) && spot.Periods.Any(period => period.Held == side)).DefaultIfEmpty(towns[0]).ToArray()));
        }
    }

    /// <summary>A sound story; null where this world has no place for it.</summary>
    public DraftStory? Tell()
    {
        int born;
        switch (random.Next(6))
        {
            case 0 or 1 or 2:
                born = RussianSoldier();
                break;
            case 3:
                born = UkrainianSoldier();
                break;
            default:
                born = Civilian();
                break;
        }
        if (_claims.Count < 3) return null;
        var told = Math.Min(Law.Day(2026, 10, 31), _day + random.Next(20, 300));
        if (_day >= told) return null;
        var speaker = new Speaker(random, told);
        var story = new DraftStory { Told = told, Born = born };
        story.BornWords = random.Next(3) switch
        {
            0 => new Words(DayRange.Iso(born), [new Days(born, born)]),
            1 => new Words(DateOnly.FromDayNumber(born).ToString("yyyy-MM", CultureInfo.InvariantCulture), [MonthOf(born)]),
            _ => null,
        };
        foreach (var claim in _claims) Say(claim, speaker);
        Relate(speaker);
        story.Claims.AddRange(_claims);
        return story;
    }

    public static Days MonthOf(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return new Days(day - date.Day + 1, day - date.Day + DateTime.DaysInMonth(date.Year, date.Month));
    }

    /// <summary>Full years on a day, or one less or more where the birthday is near.</summary>
    public static int AgeOn(int born, int day)
    {
        var (birth, on) = (DateOnly.FromDayNumber(born), DateOnly.FromDayNumber(day));
        var years = on.Year - birth.Year;
        return birth.AddYears(years) > on ? years - 1 : years;
    }

    private Draft Add(string id, string kind, int first, int last, Spot? spot, string by = "RU")
    {
        var claim = new Draft { Id = string.Create(CultureInfo.InvariantCulture, $"{id}{_next++}"), Kind = kind, By = by, First = first, Last = last, Spot = spot };
        _claims.Add(claim);
        _day = Math.Max(_day, last);
        return claim;
    }

    private int RussianSoldier()
    {
        int start, born;
        switch (random.Next(4))
        {
            case 0:
                start = Law.Mobilisation + random.Next(38);
                born = start - random.Next(7000, 16000);
                Add("called", "mobilised", start, start, null);
                break;
            case 1:
                (start, born) = Conscription();
                Add("drafted", "conscripted", start, start, null);
                break;
            case 2:
                start = Law.Day(2022, 2, 20) + random.Next(120);
                born = start - random.Next(7000, 18000);
                Add("called", "mobilised", start, start, null, "LDNR");
                break;
            default:
                start = Law.Day(2021, 6, 1) + random.Next(1300);
                born = start - random.Next(7000, 16000);
                Add("contract", "contract-signed", start, start, null);
                break;
        }
        _day = start + random.Next(1, 6);
        Stay("training", world.Abroad[random.Next(world.Abroad.Count)], random.Next(15, 60));
        _day = Math.Max(_day, Law.Day(2022, 3, 1));
        Deploy(Truth.RU, random.Next(1, 4));
        switch (random.Next(3))
        {
            case 0:
                GiveUp(Truth.UA);
                break;
            case 1:
                _day += random.Next(1, 10);
                Add("left", "deserted", _day, _day, null);
                _day += random.Next(3, 40);
                Add("border", "border-crossed", _day, _day, null);
                _day += random.Next(1, 5);
                Stay("abroad", world.Abroad[random.Next(world.Abroad.Count)], random.Next(30, 120));
                break;
            default:
                _day += random.Next(1, 5);
                Add("wound", "wounded", _day, _day, null);
                _day += random.Next(1, 5);
                Stay("hospital", world.Abroad[random.Next(world.Abroad.Count)], random.Next(15, 90));
                break;
        }
        return born;
    }

    private (int Day, int Born) Conscription()
    {
        for (; ; )
        {
            var day = Law.Day(2021, 4, 1) + random.Next(1650);
            var born = day - random.Next(6575, 9800);
            foreach (var way in Law.Of(new Meant { Id = "", Kind = "conscripted" }))
            {
                if (way.Days.Any(days => days.First <= day && day <= days.Last) && AgeOn(born, day) >= way.FromAge && AgeOn(born, day) < way.BelowAge) return (day, born);
            }
        }
    }

    private int UkrainianSoldier()
    {
        var start = Law.Day(2022, 2, 25) + random.Next(700);
        _day = start;
        Add("called", "mobilised", start, start, null, "UA");
        _day += random.Next(1, 6);
        Deploy(Truth.UA, random.Next(2, 4));
        if (random.Next(2) == 0) GiveUp(Truth.RU);
        return start - random.Next(9900, 18000);
    }

    /// <summary>Somebody at home when the town was taken, or taken back, who later went to the other side on foot or around by third countries.</summary>
    private int Civilian()
    {
        var pool = PoolOf();
        for (var tries = 0; tries < 300; tries++)
        {
            var home = pool.Towns[random.Next(pool.Towns.Length)];
            var at = Array.FindIndex(home.Periods, period => period.Held == Truth.RU && period.From > Law.Day(2021, 6, 1));
            if (at < 1) continue;
            var lost = home.Periods[at].From;
            var end = at + 1 < home.Periods.Length ? home.Periods[at + 1].From - 1 : lost + 400;
            if (end - lost < 30) continue;
            var before = home.Periods[at - 1].Held == Truth.Contested ? home.Periods[at - 1].From : lost;
            _day = before - random.Next(60, 300);
            _claims.Add(new Draft { Id = "home1", Kind = "stay", First = _day, Last = before - 1, Spot = home });
            _next++;
            var left = Math.Min(end, lost + random.Next(25, 300));
            _claims.Add(new Draft { Id = "under2", Kind = "stay", First = lost, Last = left, Spot = home });
            _next++;
            _day = left;
            if (home.DaysFromChange(left) > 1) Cross(home);
            else _day++;
            Deploy(Truth.UA, random.Next(1, 3));
            if (random.Next(2) == 0)
            {
                _day += random.Next(2, 6);
                Stay("abroad", world.Abroad[random.Next(world.Abroad.Count)], random.Next(30, 120));
            }
            return lost - random.Next(6000, 20000);
        }
        return 0;
    }

    /// <summary>Near the line on foot, in a day; from farther away around by other countries.</summary>
    private void Cross(Spot from) => _day += world.KmToFront(from.Place.Location ?? default, _day) is < 25 ? random.Next(0, 2) : random.Next(4, 12);

    private void GiveUp(Truth to)
    {
        var last = _claims[^1];
        var day = last.Last;
        Add(random.Next(2) == 0 ? "gave" : "taken", random.Next(2) == 0 ? "surrendered" : "captured", day, day, random.Next(2) == 0 ? last.Spot : null);
        _day += random.Next(0, 6);
        Deploy(to, 1);
        if (random.Next(2) == 0) return;
        _day += random.Next(3, 60);
        Add("exchange", "exchanged", _day, _day, null);
    }

    private void Deploy(Truth side, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _day += i == 0 ? 0 : random.Next(1, 7);
            var length = random.Next(10, 110);
            if (FindSpot(side, _day, _day + length) is not { } spot) continue;
            Stay(side == Truth.RU ? "east" : "west", spot, length);
        }
    }

    private void Stay(string id, Spot spot, int length)
    {
        var (first, last) = (_day, _day + length);
        if (random.Next(4) > 0) Add(id, "stay", first, last, spot);
        if (_claims.Count > 0 && _claims[^1].IsStay && random.Next(3) > 0) return;
        var day = first + random.Next(length + 1);
        Add("seen", "event", day, day, spot);
        _day = last;
    }

    private Spot? FindSpot(Truth side, int first, int last)
    {
        var pool = PoolOf();
        Spot? any = null;
        for (var tries = 0; tries < 250; tries++)
        {
            var from = random.Next(5) < 3 ? pool.Towns : pool.Villages[side];
            var spot = from[random.Next(from.Length)];
            if (!spot.IsHeld(side, first, last)) continue;
            any ??= spot;
            if (!isHard || IsHard(spot, first, last)) return spot;
        }
        return any;
    }

    /// <summary>Near a change, within 5 km of the line, or with a name that others have.</summary>
    public bool IsHard(Spot spot, int first, int last) =>
        spot.DaysFromChange(first) <= 25 || spot.DaysFromChange(last) <= 25 || spot.Names[0] is "Іванівка" or "Новоселівка" or "Михайлівка"
        || (spot.Place.Location is { } at && (world.KmToFront(at, first) is < 5 || world.KmToFront(at, last) is < 5));

    private void Say(Draft claim, Speaker speaker)
    {
        var width = random.Next(5) switch { < 2 => Speaker.Width.Narrow, < 4 => Speaker.Width.Month, _ => Speaker.Width.Any };
        if (claim.IsStay)
        {
            claim.From = speaker.Of(claim.First, width);
            var isBound = random.Next(6) > 0;
            if (isBound && random.Next(5) == 0) claim.For = speaker.Distance(claim.Last - claim.First);
            if (claim.For is null) claim.Until = speaker.OfEnd(claim.Last, width);
        }
        else
        {
            claim.When = speaker.Of(claim.First, width);
        }
        if (claim.Spot is not { } spot) return;
        SayPlace(claim, spot);
        if (!spot.IsAbroad && random.Next(10) < 8 && Holder(spot, claim) is { } side) claim.HeldBy = side;
    }

    private static Side? Holder(Spot spot, Draft claim) =>
        spot.IsHeld(Truth.RU, claim.First, claim.Last) ? Side.RU : spot.IsHeld(Truth.UA, claim.First, claim.Last) ? Side.UA : null;

    public void SayPlace(Draft claim, Spot spot)
    {
        var name = Draft.Quoted(spot.Names[random.Next(spot.Names.Length)]);
        claim.Spot = spot;
        claim.Where = random.Next(10) switch
        {
            < 3 when spot.Within.Length > 0 => $"{{ name: {name}, within: {Draft.Quoted(spot.Within)} }}",
            4 when spot.Place.Location is { } at && !spot.IsAbroad => Point(at),
            3 when spot.Place.Id.StartsWith("katottg:UA", StringComparison.Ordinal) && spot.Place.Id.Length > 20 => $"{{ katottg: {spot.Place.Id[8..]} }}",
            _ => name,
        };
    }

    /// <summary>A point some kilometres away, that says so.</summary>
    private string Point(Location at) => string.Create(CultureInfo.InvariantCulture, $"{{ lat: {at.Latitude + ((random.NextDouble() - 0.5) * 0.03):0.0000}, lon: {at.Longitude + ((random.NextDouble() - 0.5) * 0.03):0.0000}, radius_km: {random.Next(3, 8)} }}");

    private void Relate(Speaker speaker)
    {
        var ordered = _claims.OrderBy(claim => claim.First).ThenBy(claim => claim.Last).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            var (one, two) = (ordered[i - 1], ordered[i]);
            if (two.First < one.Last)
            {
                if (one.IsStay && one.First <= two.First && two.Last <= one.Last && random.Next(2) == 0)
                {
                    two.Relations.Add((new Relation("within", one.Id), null));
                    if (!two.IsStay && random.Next(2) == 0) two.When = null;
                }
                continue;
            }
            switch (random.Next(6))
            {
                case 0:
                    two.Relations.Add((new Relation("after", one.Id), null));
                    break;
                case 1:
                    one.Relations.Add((new Relation("before", two.Id), null));
                    break;
                case 2 when speaker.Distance(two.First - one.Last) is { } by:
                    two.Relations.Add((new Relation("after", one.Id, by.Meant), by.Text));
                    if (!two.IsStay && two.Kind is "event" or "deserted" or "wounded" && random.Next(2) == 0) two.When = null;
                    break;
            }
        }
    }
}
