using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Stories;

/// <summary>As much of the world as the examples need: a few places, who held them by one or two sources, far from the front.</summary>
internal sealed class ExampleGround : IGround
{
    private static readonly int s_war = new DateOnly(2022, 3, 10).DayNumber;
    private static readonly int s_end = new DateOnly(2025, 6, 1).DayNumber;

    private static readonly Town[] s_towns =
    [
        new("Сватове Сватово Svatove", "Луганська", new Location(49.41, 38.15), [("list", Held(ControlStatus.RU)), ("map", Held(ControlStatus.RU))]),
        new("Куп'янськ Купянск Kupiansk", "Харківська", new Location(49.71, 37.61), [("list", [(s_war, ControlStatus.RU), (new DateOnly(2022, 9, 10).DayNumber, ControlStatus.UA)])]),
        new("Мелітополь Мелитополь Melitopol", "Запорізька", new Location(46.85, 35.37), [("list", Held(ControlStatus.RU))]),
        new("Іванівка", "Херсонська", new Location(46.7, 34.5), [("list", Held(ControlStatus.RU))]),
        new("Іванівка", "Вінницька", new Location(49.3, 28.4), [("list", Held(ControlStatus.UA))]),
        new("Курахове Курахово Kurakhove", "Донецька", new Location(47.98, 37.28), [("list", Held(ControlStatus.UA)), ("map", Held(ControlStatus.RU))]),
    ];

    public string Edition => "examples";

    public IReadOnlyList<Candidate> Find(PlaceQuery query) => query is not PlaceQuery.Named named ? [] :
        [.. s_towns.Where(town => town.Names.Split(' ').Contains(named.Name, StringComparer.Ordinal)).Select(town => new Candidate($"example:{town.Names}:{town.Oblast}", named.Name, [town.Oblast], town.At))];

    public Judgement Judge(Candidate place, Side held)
    {
        var (same, opposite) = held == Side.RU ? (ControlStatus.RU, ControlStatus.UA) : (ControlStatus.UA, ControlStatus.RU);
        DaySet Days(ControlStatus status, int margin) => DaySet.Of(
            from source in TownOf(place).Sources
            from i in Enumerable.Range(0, source.Periods.Length)
            where source.Periods[i].Status == status
            let last = i + 1 < source.Periods.Length ? source.Periods[i + 1].From - 1 : s_end
            select new DayRange(source.Periods[i].From + margin, last - margin));
        var (mine, theirs) = (Days(same, 0), Days(opposite, 0));
        return new Judgement(Days(opposite, 14).Except(mine), mine.Except(theirs), mine.Intersect(theirs));
    }

    public IReadOnlyList<SourceWord> Ask(Candidate place, int day) =>
        [.. TownOf(place).Sources.Select(source => new SourceWord(source.Name, "2025", day, source.Periods.LastOrDefault(period => period.From <= day).Status, "example"))];

    public double? KmToFront(Candidate place, int day) => null;

    public Side? SideOf(Candidate place, int day) => null;

    public IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit) => [];

    private static (int, ControlStatus)[] Held(ControlStatus status) => [(s_war, status)];

    private static Town TownOf(Candidate place) => s_towns.Single(town => $"example:{town.Names}:{town.Oblast}" == place.Id);

    private sealed record Town(string Names, string Oblast, Location At, (string Name, (int From, ControlStatus Status)[] Periods)[] Sources);
}
