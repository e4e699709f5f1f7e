using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>Who truly held a place: from a day on, until the next.</summary>
internal enum Truth
{
    RU,
    UA,
    Contested,
}

/// <summary>A true place.</summary>
/// <param name="Place">As a candidate.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Within">Its oblast as people say it; empty where nobody does.</param>
/// <param name="Periods">Who truly held it; empty for places outside of Ukraine.</param>
internal sealed record Spot(Candidate Place, string[] Names, string Within, (int From, Truth Held)[] Periods)
{
    public bool IsAbroad => Periods.Length == 0;

    public Truth? At(int day)
    {
        Truth? held = null;
        foreach (var (from, now) in Periods)
        {
            if (from > day) break;
            held = now;
        }
        return held;
    }

    /// <summary>Whether one side held it on each of these days.</summary>
    public bool IsHeld(Truth by, int first, int last)
    {
        if (At(first) != by) return false;
        foreach (var (from, now) in Periods) if (first < from && from <= last && now != by) return false;
        return true;
    }

    /// <summary>How far a day is from the nearest change.</summary>
    public int DaysFromChange(int day) => Periods.Skip(1).Select(period => Math.Abs(period.From - day)).DefaultIfEmpty(10_000).Min();
}

/// <summary>A true world, and what an engine is told of it.</summary>
internal sealed class World
{
    public required string Name { get; init; }

    /// <summary>Whether who truly held places comes from a source that the engine has not.</summary>
    public required bool IsWithheld { get; init; }

    public required IReadOnlyList<Spot> Spots { get; init; }

    public required IReadOnlyList<Spot> Abroad { get; init; }

    /// <summary>What the engine gets.</summary>
    public required IGround Ground { get; init; }

    /// <summary>The sources in it.</summary>
    public required IReadOnlyList<IControlSource> Sources { get; init; }

    public required IFront? Front { get; init; }

    /// <summary>True kilometres to the front; null where it is not known.</summary>
    public required Func<Location, int, double?> KmToFront { get; init; }

    /// <summary>What is true.</summary>
    public IKnown True => new TrueControl(this);

    /// <summary>What the engine's sources say, judged day by day by the words of the format.</summary>
    public required SourcesControl Told { get; init; }

    private readonly Lock _lock = new();
    private Dictionary<string, Spot>? _byId;

    public Spot? Find(string id)
    {
        lock (_lock) _byId ??= Spots.ToDictionary(spot => spot.Place.Id, StringComparer.Ordinal);
        return _byId.GetValueOrDefault(id);
    }
}

/// <summary>What is true of places: somebody who says the other side held it is denied, but within a fortnight of a change.</summary>
internal sealed class TrueControl(World world) : IKnown
{
    public IReadOnlyList<Days> Denied(Candidate place, Side side)
    {
        if (world.Find(place.Id) is not { } spot) return [];
        var opposite = side == Side.RU ? Truth.UA : Truth.RU;
        List<Days> denied = [];
        for (var i = 0; i < spot.Periods.Length; i++)
        {
            if (spot.Periods[i].Held != opposite) continue;
            var first = i == 0 ? spot.Periods[i].From : spot.Periods[i].From + 15;
            var last = i + 1 < spot.Periods.Length ? spot.Periods[i + 1].From - 15 : int.MaxValue / 2;
            if (first <= last) denied.Add(new Days(first, last));
        }
        return denied;
    }

    public Side? SideOf(Candidate place, int day)
    {
        foreach (var side in (Side[])[Side.UA, Side.RU])
        {
            foreach (var days in Denied(place, side)) if (days.First <= day && day <= days.Last) return side == Side.UA ? Side.RU : Side.UA;
        }
        return null;
    }

    public double? KmToFront(Candidate place, int day) => place.Location is { } at ? world.KmToFront(at, day) : null;
}

/// <summary>
/// What sources say together, by <c>docs/formats/story.md</c>, "Judging", one day after another: written without a look at the
/// engine's judge.
/// </summary>
internal sealed class SourcesControl(IReadOnlyList<IControlSource> sources, IFront? front) : IKnown
{
    private static readonly int s_first = new DateOnly(2014, 1, 1).DayNumber;
    private static readonly int s_last = new DateOnly(2027, 6, 30).DayNumber;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string, double, Side), IReadOnlyList<Days>> _denied = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string, double, Side), IReadOnlyList<Days>> _supported = new();

    public IReadOnlyList<Days> Denied(Candidate place, Side side) => _denied.GetOrAdd((place.Id, place.RadiusKm, side), _ => Work(place, side).Denied);

    private IReadOnlyList<Days> Supported(Candidate place, Side side) => _supported.GetOrAdd((place.Id, place.RadiusKm, side), _ => Work(place, side).Supported);

    public Side? SideOf(Candidate place, int day)
    {
        if (Holds(Denied(place, Side.UA), day)) return Side.RU;
        return Holds(Denied(place, Side.RU), day) && Holds(Supported(place, Side.UA), day) ? Side.UA : null;
    }

    public double? KmToFront(Candidate place, int day) => place.Location is { } at ? front?.KmToFront(at, day) : null;

    /// <summary>Whether all sources that say anything say the opposite on a day: no margin, no weight.</summary>
    public bool SaysOpposite(Candidate place, Side side, int day)
    {
        var opposite = false;
        foreach (var source in sources)
        {
            var said = source.Of(place).At(day);
            if (said == ControlStatus.Nothing) continue;
            if (said == ControlStatus.Contested || said == (side == Side.RU ? ControlStatus.RU : ControlStatus.UA)) return false;
            if (side == Side.UA && said == ControlStatus.NotRU) return false;
            opposite = true;
        }
        return opposite;
    }

    private static bool Holds(IReadOnlyList<Days> all, int day) => all.Any(days => days.First <= day && day <= days.Last);

    private (IReadOnlyList<Days> Denied, IReadOnlyList<Days> Supported) Work(Candidate place, Side side)
    {
        var words = sources.Select(source => source.Of(place)).ToList();
        var count = s_last - s_first + 1;
        var changes = new bool[count];
        foreach (var word in words) MarkChanges(word, changes);
        var (denied, supported) = (new bool[count], new bool[count]);
        for (var i = 0; i < count; i++)
        {
            var day = s_first + i;
            var (same, opposite, contested, strong, weak, notRussian) = (0, 0, false, false, 0, false);
            foreach (var word in words)
            {
                var index = word.IndexAt(day);
                if (index < 0) continue;
                var period = word.All[index];
                switch (period.Status)
                {
                    case ControlStatus.Nothing:
                        continue;
                    case ControlStatus.Contested:
                        contested = true;
                        continue;
                    case ControlStatus.NotRU when side == Side.UA:
                        notRussian = true;
                        continue;
                    case ControlStatus.RU when side == Side.RU:
                    case ControlStatus.UA when side == Side.UA:
                        same++;
                        continue;
                    default:
                        opposite++;
                        strong |= period.Force == Force.Denies;
                        if (period.Force == Force.NeedsAgreement) weak++;
                        continue;
                }
            }
            supported[i] = same > 0 && opposite == 0;
            if (opposite == 0 || same > 0 || contested || notRussian || changes[i]) continue;
            denied[i] = strong || (weak > 0 && (opposite > 1 || IsFar(place, day)));
        }
        return (Runs(denied), Runs(supported));
    }

    private bool IsFar(Candidate place, int day) => place.Location is { } at && front is not null && front.KmToFront(at, day) >= 10 + place.RadiusKm;

    private static void MarkChanges(ControlPeriods word, bool[] changes)
    {
        ControlStatus? before = null;
        var lastSaid = 0;
        for (var day = s_first; day <= s_last; day++)
        {
            var now = word.At(day);
            if (now == ControlStatus.Nothing) continue;
            if (before is { } other && other != now)
            {
                for (var near = lastSaid - 14; near <= day + 14; near++) if (near >= s_first && near <= s_last) changes[near - s_first] = true;
            }
            (before, lastSaid) = (now, day);
        }
    }

    private static List<Days> Runs(bool[] on)
    {
        List<Days> runs = [];
        for (var i = 0; i < on.Length; i++)
        {
            if (!on[i]) continue;
            var from = i;
            while (i + 1 < on.Length && on[i + 1]) i++;
            runs.Add(new Days(s_first + from, i + 1 == on.Length ? int.MaxValue / 2 : s_first + i));
        }
        return runs;
    }
}
