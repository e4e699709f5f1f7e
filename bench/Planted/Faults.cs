using System.Globalization;
using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>Plants one fault in what was sound, and says in which claim. How large it came out, the oracle says.</summary>
internal sealed class Faults(World world, Random random, Life life)
{
    public static readonly string[] Kinds = ["order", "distance", "age", "derived", "place", "place", "stays", "crossing", "mobilised", "season", "law-age"];

    /// <summary>Plants it; null where this story has no room for it.</summary>
    public string? Plant(string kind, DraftStory story)
    {
        var speaker = new Speaker(random, story.Told);
        return kind switch
        {
            "order" => Order(story, speaker),
            "distance" => Distance(story, speaker),
            "age" => Age(story, speaker),
            "derived" => Derived(story),
            "place" => Place(story),
            "stays" => Stays(story, speaker),
            "crossing" => Crossing(story, speaker),
            "mobilised" => Mobilised(story, speaker),
            "season" => Season(story, speaker),
            _ => LawAge(story, speaker),
        };
    }

    /// <summary>How far: often little, sometimes years.</summary>
    private int Much() => random.Next(6) switch
    {
        0 => random.Next(1, 15),
        1 or 2 => random.Next(15, 45),
        3 => random.Next(30, 120),
        4 => random.Next(90, 365),
        _ => random.Next(300, 800),
    };

    private Speaker.Width Width() => (Speaker.Width)random.Next(2);

    private Draft? Any(IEnumerable<Draft> of)
    {
        Draft[] all = [.. of];
        return all.Length == 0 ? null : all[random.Next(all.Length)];
    }

    private static Draft Insert(DraftStory story, string id, string kind, int first, int last)
    {
        var claim = new Draft { Id = string.Create(CultureInfo.InvariantCulture, $"{id}{story.Claims.Count + 20}"), Kind = kind, First = first, Last = last };
        story.Claims.Add(claim);
        return claim;
    }

    /// <summary>Something after something else that was not over yet.</summary>
    private string? Order(DraftStory story, Speaker speaker)
    {
        if (Any(story.Claims) is not { } other) return null;
        var isAfter = random.Next(2) == 0;
        var day = isAfter ? other.Last - Much() : other.First + Much();
        if (day > story.Told || day < Law.Day(2015, 1, 1)) return null;
        var claim = Insert(story, "thing", "event", day, day);
        claim.When = speaker.Of(day, Width());
        claim.Relations.Add((new Relation(isAfter ? "after" : "before", other.Id), null));
        return claim.Id;
    }

    /// <summary>So long after something, but it was longer, or not so long.</summary>
    private string? Distance(DraftStory story, Speaker speaker)
    {
        if (Any(story.Claims.Where(claim => !claim.IsStay)) is not { } other) return null;
        var truly = random.Next(1, 120);
        if (speaker.Distance(truly) is not { } by) return null;
        var day = other.First + Math.Max(0, truly + (random.Next(3) == 0 ? -Much() : Much()));
        if (day > story.Told) return null;
        var claim = Insert(story, "later", "event", day, day);
        claim.When = speaker.Of(day, Width());
        claim.Relations.Add((new Relation("after", other.Id, by.Meant), by.Text));
        return claim.Id;
    }

    /// <summary>Older or younger than can be.</summary>
    private string? Age(DraftStory story, Speaker speaker)
    {
        if (story.BornWords is null) story.BornWords = new Words(DayRange.Iso(story.Born), [new Days(story.Born, story.Born)]);
        var age = random.Next(17, 40);
        var birthday = DateOnly.FromDayNumber(story.Born).AddYears(age).DayNumber;
        var day = random.Next(2) == 0 ? birthday - Much() : birthday + 365 + Much();
        if (day > story.Told || day < Law.Day(2015, 1, 1)) return null;
        var claim = Insert(story, "when", "event", day, day);
        claim.When = speaker.Of(day, Width());
        claim.Age = age;
        return claim.Id;
    }

    /// <summary>A place that the other side held all the time that the claims around leave for it.</summary>
    private string? Derived(DraftStory story)
    {
        var ordered = story.Claims.OrderBy(claim => claim.First).ToList();
        var at = random.Next(ordered.Count);
        var until = Math.Min(ordered.Count - 1, at + random.Next(0, 2));
        var (one, two) = (ordered[at], ordered[until]);
        if ((one == two && !one.IsStay) || (one != two && two.First < one.Last)) return null;
        var (first, last) = one == two ? (one.First, one.Last) : (one.Last, two.First);
        if (Wrong(first, last, (one == two ? one : random.Next(2) == 0 ? one : two).Spot) is not var (spot, side)) return null;
        var claim = Insert(story, "there", "event", first, last);
        if (one == two)
        {
            claim.Relations.Add((new Relation("within", one.Id), null));
        }
        else
        {
            claim.Relations.Add((new Relation("after", one.Id), null));
            claim.Relations.Add((new Relation("before", two.Id), null));
        }
        do life.SayPlace(claim, spot); while (claim.IsPoint);
        claim.HeldBy = side;
        return claim.Id;
    }

    /// <summary>A place that was truly held by one side on some days, and the other side's name.</summary>
    private (Spot Spot, Side Side)? Wrong(int first, int last, Spot? near)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var spot = tries == 0 && near is { IsAbroad: false } ? near : world.Spots[random.Next(random.Next(3) == 0 ? world.Spots.Count : Math.Min(world.Spots.Count, 130))];
            var margin = tries < 100 ? Much() : 0;
            if (spot.IsHeld(Truth.RU, first - margin, last + margin)) return (spot, Side.UA);
            if (spot.IsHeld(Truth.UA, first - margin, last + margin)) return (spot, Side.RU);
        }
        return null;
    }

    /// <summary>The wrong side's name for a place that was truly gone to.</summary>
    private string? Place(DraftStory story)
    {
        if (Any(story.Claims.Where(claim => claim is { Spot.IsAbroad: false, Where: not null } && !claim.IsPoint)) is not { } claim) return null;
        if (claim.Spot!.IsHeld(Truth.RU, claim.First, claim.Last)) claim.HeldBy = Side.UA;
        else if (claim.Spot.IsHeld(Truth.UA, claim.First, claim.Last)) claim.HeldBy = Side.RU;
        else return null;
        return claim.Id;
    }

    /// <summary>Living at two places far apart.</summary>
    private string? Stays(DraftStory story, Speaker speaker)
    {
        if (Any(story.Claims.Where(claim => claim is { IsStay: true, Spot.Place.Location: not null } && claim.Until is not null)) is not { } other) return null;
        var shared = 3 + Math.Min(Much(), other.Last - other.First);
        var (first, last) = random.Next(2) == 0 ? (other.Last - shared, other.Last + random.Next(10, 60)) : (other.First - random.Next(10, 60), other.First + shared);
        if (last > story.Told) return null;
        for (var tries = 0; tries < 200; tries++)
        {
            var spot = random.Next(3) == 0 ? world.Abroad[random.Next(world.Abroad.Count)] : world.Spots[random.Next(world.Spots.Count)];
            if (spot.Place.Location is not { } at || Oracle.Km(at, other.Spot!.Place.Location!.Value) < 310) continue;
            var claim = Insert(story, "also", "stay", first, last);
            life.SayPlace(claim, spot);
            (claim.From, claim.Until) = (speaker.Of(first, Width()), speaker.OfEnd(last, Width()));
            return claim.Id;
        }
        return null;
    }

    /// <summary>On the other side, far from the front, in the midst of a stay.</summary>
    private string? Crossing(DraftStory story, Speaker speaker)
    {
        if (Any(story.Claims.Where(claim => claim is { IsStay: true, Spot: { IsAbroad: false, Place.Location: not null } })) is not { } other) return null;
        var side = other.Spot!.At(other.First);
        var day = (other.First + other.Last) / 2;
        for (var tries = 0; tries < 300; tries++)
        {
            var spot = world.Spots[random.Next(world.Spots.Count)];
            if (spot.Place.Location is not { } at || spot.At(day) is not { } across || across == side || across == Truth.Contested || side == Truth.Contested) continue;
            if (!(world.KmToFront(at, day) > 35) || !(world.KmToFront(other.Spot.Place.Location!.Value, day) > 35)) continue;
            var claim = Insert(story, "across", "event", day, day);
            do life.SayPlace(claim, spot); while (claim.IsPoint);
            claim.When = speaker.Of(day, Width());
            return claim.Id;
        }
        return null;
    }

    /// <summary>Mobilised before anybody was.</summary>
    private string? Mobilised(DraftStory story, Speaker speaker)
    {
        var day = Law.Mobilisation - Much();
        if (day > story.Told) return null;
        var claim = Insert(story, "early", "mobilised", day, day);
        claim.When = speaker.Of(day, Width());
        return claim.Id;
    }

    /// <summary>Conscripted out of season.</summary>
    private string? Season(DraftStory story, Speaker speaker)
    {
        var year = random.Next(2021, 2026);
        var from = random.Next(2) == 0 ? Law.Day(year, 1, 1) : Law.Day(year, 7, 16);
        var day = from + random.Next(year == 2022 && from > Law.Day(year, 5, 1) ? 108 : from > Law.Day(year, 5, 1) ? 77 : 90);
        if (day > story.Told || Life.AgeOn(story.Born, day) is < 19 or > 25) return null;
        var claim = Insert(story, "season", "conscripted", day, day);
        claim.When = speaker.Of(day, Width());
        return claim.Id;
    }

    /// <summary>Conscripted in season, too young or too old.</summary>
    private string? LawAge(DraftStory story, Speaker speaker)
    {
        if (story.BornWords is null) story.BornWords = new Words(DayRange.Iso(story.Born), [new Days(story.Born, story.Born)]);
        var year = random.Next(2021, 2026);
        var day = random.Next(2) == 0 ? Law.Day(year, 4, 1) + random.Next(100) : Law.Day(year, 11, 1) + random.Next(60);
        var age = Life.AgeOn(story.Born, day);
        if (day > story.Told || age is >= 18 and < 27 || (year >= 2024 && age < 30)) return null;
        var claim = Insert(story, "age", "conscripted", day, day);
        claim.When = speaker.Of(day, Width());
        return claim.Id;
    }
}
