using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>Small stories of small worlds: the first days of 1900, so that every day can be tried.</summary>
internal sealed class RandomStories(int seed)
{
    private static readonly int[] Longitudes = [30, 32, 38, 80, 120];
    private readonly Random _random = new(seed);
    private int _days;

    public FakeGround Ground { get; } = new();

    public Facts Facts { get; private set; } = Facts.None;

    public Story Next()
    {
        _days = _random.Next(5, 9);
        MakeGround();
        MakeFacts();
        var count = _random.Next(2, 5);
        var stays = 0;
        var claims = new Claim[count];
        var isStay = new bool[count];
        for (var i = 0; i < count; i++) isStay[i] = stays < 2 && _random.Next(3) == 0 && ++stays > 0;
        for (var i = 0; i < count; i++) claims[i] = Claim(i, isStay);
        var born = _random.Next(3) == 0 ? Days() : null;
        return new Story("random", DayRange.Earliest + _days - 1, new Person(born, Age: null), claims, []);
    }

    private void MakeGround()
    {
        var sides = new Dictionary<(string, int), Side?>();
        var fronts = new Dictionary<(string, int), double?>();
        List<Candidate> places = [];
        for (var i = 0; i < 5; i++)
        {
            var place = FakeGround.Place($"place-{i}", 50, Longitudes[_random.Next(5)] + (i * 0.01));
            places.Add(place);
            Ground.Judgements[(place.Id, Side.RU)] = new Judgement(_random.Next(2) == 0 ? Days() : DaySet.None, DaySet.None, DaySet.None);
            Side? side = _random.Next(2) == 0 ? Side.RU : Side.UA;
            double? front = 50;
            for (var day = 0; day < _days; day++)
            {
                if (_random.Next(4) == 0) side = _random.Next(3) switch { 0 => Side.RU, 1 => Side.UA, _ => null };
                if (_random.Next(6) == 0) front = _random.Next(3) switch { 0 => null, 1 => 10, _ => 50 };
                (sides[(place.Id, DayRange.Earliest + day)], fronts[(place.Id, DayRange.Earliest + day)]) = (side, front);
            }
        }
        Ground.Names.Clear();
        for (var i = 0; i < 4; i++) Ground.Names[$"name-{i}"] = [.. places.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4))];
        Ground.Sides = (place, day) => sides.GetValueOrDefault((place, day));
        Ground.Fronts = (place, day) => fronts.GetValueOrDefault((place, day));
    }

    private void MakeFacts()
    {
        List<Fact> facts = [];
        if (_random.Next(2) == 0) facts.Add(new Fact("season", FactText.Of(""), [], DayRange.Always, new Rule(ClaimKind.Conscripted, By: null, [new Allowance(Days()), new Allowance(Days(), IsUnsure: true)])));
        if (_random.Next(2) == 0) facts.Add(new Fact("age", FactText.Of(""), [], DayRange.Always, new Rule(ClaimKind.Conscripted, By: null, [new Allowance(Days(), FromAge: 0), new Allowance(Days(), Born: Days().Hull)])));
        if (_random.Next(2) == 0) facts.Add(new Fact("sky", FactText.Of(""), [], DayRange.Always, Sky: new Region([new RegionBox(-90, -180, 90, 180)])));
        Facts = new Facts(facts);
    }

    private DaySet Days()
    {
        var days = DaySet.Of(Range());
        return _random.Next(3) == 0 ? days.Union(DaySet.Of(Range())) : days;
    }

    private DayRange Range()
    {
        var first = _random.Next(_days);
        return new DayRange(DayRange.Earliest + first, DayRange.Earliest + Math.Min(_days - 1, first + _random.Next(4)));
    }

    private Phrase.Date Date() => new("date", [.. Enumerable.Range(0, _random.Next(4) == 0 ? 2 : 1).Select(_ => new Reading(Days()))]);

    private When.Said Said() => _random.Next(6) == 0
        ? new When.Said(new Phrase.Span("span", _random.Next(3) == 0 ? null : Single(), _random.Next(3) == 0 ? null : Single()), Tell.Nowhere)
        : new When.Said(Date(), Tell.Nowhere);

    private Phrase.Date Single() => new("date", [new Reading(Days())]);

    private Claim Claim(int at, bool[] isStay)
    {
        var stay = isStay[at];
        var isConscripted = !stay && _random.Next(5) == 0;
        var isSurrender = !stay && !isConscripted && _random.Next(12) == 0;
        var where = _random.Next(3) > 0 ? Tell.At($"name-{_random.Next(4)}") : null;
        return new Claim
        {
            Id = $"c{at}",
            Kind = stay ? ClaimKind.Stay : isConscripted ? ClaimKind.Conscripted : isSurrender ? ClaimKind.Surrendered : ClaimKind.Event,
            When = isSurrender ? new When.Said(Date(), Tell.Nowhere) : stay && _random.Next(3) > 0 ? null : _random.Next(5) == 0 ? null : When(at, isStay, depth: 0, encloses: stay),
            From = stay && _random.Next(4) > 0 ? _random.Next(4) == 0 ? Relation(at, isStay, encloses: false) : Said() : null,
            Until = stay && _random.Next(3) > 0 ? Said() : null,
            For = stay && _random.Next(4) == 0 ? Amount() : null,
            Where = where,
            HeldBy = where is not null && _random.Next(2) == 0 ? Side.RU : null,
            Leave = stay && _random.Next(5) == 0,
            Age = _random.Next(8) == 0 ? 0 : null,
        };
    }

    private When When(int at, bool[] isStay, int depth, bool encloses) => _random.Next(10) switch
    {
        < 5 => Said(),
        < 8 => Relation(at, isStay, encloses),
        8 when depth < 2 => new When.All([When(at, isStay, depth + 1, encloses), When(at, isStay, depth + 1, encloses)], Tell.Nowhere),
        9 when depth < 2 => new When.Any([When(at, isStay, depth + 1, encloses), When(at, isStay, depth + 1, encloses)], Tell.Nowhere),
        _ => Said(),
    };

    private When Relation(int at, bool[] isStay, bool encloses)
    {
        var other = _random.Next(isStay.Length);
        if (other == at) return Said();
        var of = new Reference($"c{other}", IsFact: false);
        return _random.Next(6) switch
        {
            0 or 1 => new When.After(of, _random.Next(2) == 0 ? Amount() : null, Tell.Nowhere),
            2 or 3 => new When.Before(of, _random.Next(2) == 0 ? Amount() : null, Tell.Nowhere),
            4 when isStay[other] => new When.Within(of, Tell.Nowhere),
            5 when !isStay[other] && !encloses => new When.SameDayAs(of, Tell.Nowhere),
            _ => new When.After(of, By: null, Tell.Nowhere),
        };
    }

    private Amount Amount() => _random.Next(5) == 0 ? new Amount(1, 1, TimeUnit.Week, "a week") : new Amount(_random.Next(1, 4), _random.Next(4, 6), TimeUnit.Day, "days");
}
