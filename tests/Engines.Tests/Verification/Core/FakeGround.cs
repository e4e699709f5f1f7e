using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>A world made for a test: names with candidates, and who held what.</summary>
internal sealed class FakeGround : IGround
{
    public Dictionary<string, List<Candidate>> Names { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Place, Side Side), Judgement> Judgements { get; } = [];

    public Func<string, int, Side?> Sides { get; set; } = (_, _) => null;

    public Func<string, int, double?> Fronts { get; set; } = (_, _) => null;

    public Func<Candidate, DayRange, string?, IReadOnlyList<Nearby>> Around { get; set; } = (_, _, _) => [];

    public string Edition => "fake 1";

    public static Candidate Place(string id, double latitude, double longitude) => new(id, id, [], new Location(latitude, longitude));

    /// <summary>A name with one candidate, at a place on the 50th parallel.</summary>
    public FakeGround With(string name, double longitude)
    {
        Names[name] = [Place(name, 50, longitude)];
        return this;
    }

    public IReadOnlyList<Candidate> Find(PlaceQuery query) => query is PlaceQuery.Named named && Names.TryGetValue(named.Name, out var found) ? found : [];

    public Judgement Judge(Candidate place, Side held) => Judgements.GetValueOrDefault((place.Id, held), Judgement.Silent);

    public IReadOnlyList<SourceWord> Ask(Candidate place, int day) => [new SourceWord("one", "1", day, ControlStatus.RU, "section-2"), new SourceWord("two", "1", day, ControlStatus.UA, "outside")];

    public double? KmToFront(Candidate place, int day) => Fronts(place.Id, day);

    public Side? SideOf(Candidate place, int day) => Sides(place.Id, day);

    public IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit) => Around(place, days, unit);
}
