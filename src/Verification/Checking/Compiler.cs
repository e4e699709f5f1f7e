using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>Compiles a story into a <see cref="Problem"/>.</summary>
internal sealed class Compiler
{
    private readonly Story _story;
    private readonly IGround _ground;
    private readonly Facts _facts;
    private readonly Problem _problem;
    private readonly Network _network;
    private readonly Dictionary<string, int> _byId;

    private Compiler(Story story, IGround ground, Facts facts)
    {
        (_story, _ground, _facts) = (story, ground, facts);
        var count = story.Claims.Count;
        var (start, end) = (new int[count], new int[count]);
        var next = 1;
        _byId = new Dictionary<string, int>(count, StringComparer.Ordinal);
        for (var claim = 0; claim < count; claim++)
        {
            start[claim] = next++;
            end[claim] = story.Claims[claim].IsStay ? next++ : start[claim];
            if (!_byId.TryAdd(story.Claims[claim].Id, claim)) throw new StoryException($"two claims are called {story.Claims[claim].Id}", story.Claims[claim].At);
        }
        var claimOf = new int[next];
        claimOf[0] = -1;
        for (var claim = 0; claim < count; claim++) claimOf[start[claim]] = claimOf[end[claim]] = claim;
        _network = new Network(next);
        _problem = new Problem
        {
            Story = story,
            Ground = ground,
            Facts = facts,
            Network = _network,
            Assertions = new List<Assertion>(4 + (4 * count)),
            FirstAssertion = new int[count + 1],
            Start = start,
            End = end,
            ClaimOf = claimOf,
            Places = new PlaceOptions?[count],
            References = [],
            SpeaksOfBirth = new bool[count],
            Readings = new int[count],
            HasTravel = !story.Off.Contains(Checker.Travel, StringComparer.Ordinal),
        };
    }

    /// <summary>The whole story, with what ground and facts say of it.</summary>
    /// <exception cref="StoryException">A reference to nothing, or a relative date without a named claim.</exception>
    internal static Problem Compile(Story story, IGround ground, Facts facts)
    {
        var compiler = new Compiler(story, ground, facts);
        compiler.AddPerson();
        for (var claim = 0; claim < story.Claims.Count; claim++)
        {
            compiler._problem.FirstAssertion[claim] = compiler._problem.Assertions.Count;
            compiler.AddDates(claim);
            compiler.AddRules(claim);
            compiler.AddPlace(claim);
        }
        compiler._problem.FirstAssertion[^1] = compiler._problem.Assertions.Count;
        compiler._network.Seal();
        return compiler._problem;
    }

    private void AddPerson()
    {
        _problem.Assertions.Add(new Assertion(-1, FindingKind.Time, "structure", What: null));
        _problem.Assertions.Add(new Assertion(-1, FindingKind.Time, "told", _story));
        _problem.Assertions.Add(new Assertion(-1, FindingKind.Time, "birth", _story.Person.Born));
        _problem.Assertions.Add(new Assertion(-1, FindingKind.Time, "age", _story.Person.Age));
        if (_story.Person.Born is { } born) AddBox(Problem.Birth, Problem.Birth, born.Ranges, Problem.Born);
        if (_story.Person.Age is not { } age) return;
        var mark = _network.Mark();
        var (birthday, next) = (Birthday(age.Years), NextBirthday(age.Years));
        foreach (var on in age.On.Ranges) _network.Put(next.FirstTo(on.First), birthday.LastTo(on.Last));
        _network.Add(new Box(Problem.Birth, Problem.Birth, mark, _network.Close(mark), Problem.StatedAge, MovesWith: -1));
    }

    /// <summary>The day on which somebody becomes so old, by the earlier reading of 29 February.</summary>
    internal static Shift Birthday(int years) => new(ShiftKind.Months, Years(years), 0);

    /// <summary>The last day on which somebody is so old, by the later reading.</summary>
    private static Shift NextBirthday(int years) => new(ShiftKind.MonthsLate, Years(years + 1L), -1);

    private static int Years(long years) => (int)Math.Clamp(years * 12, -Shift.Far / 10, Shift.Far / 10);

    private int Assert(int claim, FindingKind kind, string reason, object? what)
    {
        _problem.Assertions.Add(new Assertion(claim, kind, reason, what));
        return _problem.Assertions.Count - 1;
    }

    private void AddBox(int low, int high, ImmutableArray<DayRange> ranges, int assertion, int movesWith = -1)
    {
        var mark = _network.Mark();
        foreach (var range in ranges) _network.Put(range.First, range.Last);
        _network.Add(new Box(low, high, mark, _network.Close(mark), assertion, movesWith));
    }

    private void AddDates(int index)
    {
        var claim = _story.Claims[index];
        var (start, end) = (_problem.Start[index], _problem.End[index]);
        _problem.Readings[index] = 1;
        if (start != end) _network.Add(new Edge(start, end, Shift.Of(0), AtMost: false, Problem.Structure));
        Add(index, claim.When, "when", start, end);
        Add(index, claim.From, "from", start, start);
        Add(index, claim.Until, "until", end, end);
        if (claim.For is { } lasting)
        {
            var assertion = Assert(index, FindingKind.Time, "until", lasting);
            _network.Add(new Edge(start, end, AmountShifts.Least(lasting), AtMost: false, assertion));
            _network.Add(new Edge(start, end, AmountShifts.Most(lasting), AtMost: true, assertion));
        }
        if (claim.Age is { } years)
        {
            var assertion = Assert(index, FindingKind.Time, "age", years);
            _problem.SpeaksOfBirth[index] = true;
            _network.Add(new Edge(Problem.Birth, end, Birthday(years), AtMost: false, assertion));
            _network.Add(new Edge(Problem.Birth, start, NextBirthday(years), AtMost: true, assertion));
        }
    }

    private void Add(int index, When? when, string reason, int first, int last)
    {
        if (when is null) return;
        if (when is When.All all)
        {
            foreach (var part in all.Of) Add(index, part, reason, first, last);
            return;
        }
        var assertion = Assert(index, FindingKind.Time, when is When.Said or When.Any ? reason : "order", when);
        var ways = new Target(index, first, last, assertion);
        var alternatives = Alternatives(when, ways);
        if (alternatives.Count == 1)
        {
            foreach (var edge in alternatives[0].Edges) _network.Add(edge);
            foreach (var box in alternatives[0].Boxes) _network.Add(box);
        }
        else
        {
            _network.Clauses.Add(new Clause(assertion, [.. alternatives]));
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Target(int Claim, int First, int Last, int Assertion);

    // Alternatives of alternatives multiply: beyond this many the assertion is left out, and the report says so.
    private const int MostAlternatives = 512;

    private List<Disjunct> Alternatives(When when, Target ways)
    {
        switch (when)
        {
            case When.Any any:
                List<Disjunct> either = [];
                foreach (var part in any.Of)
                {
                    either.AddRange(Alternatives(part, ways));
                    if (either.Count > MostAlternatives) return Cut();
                }
                return either;
            case When.All all:
                List<Disjunct> together = [new Disjunct([], [])];
                foreach (var part in all.Of)
                {
                    var more = Alternatives(part, ways);
                    if ((long)together.Count * more.Count > MostAlternatives) return Cut();
                    together = [.. together.SelectMany(_ => more, (one, other) => new Disjunct([.. one.Edges, .. other.Edges], [.. one.Boxes, .. other.Boxes]))];
                }
                return together;
            case When.Said said:
                return Said(said, ways);
            case When.After after:
                return [Distance(after.Of, after.By, after.At, ways, isAfter: true)];
            case When.Before before:
                return [Distance(before.Of, before.By, before.At, ways, isAfter: false)];
            case When.Within within:
                var (from, until) = Ends(within.Of, within.At, ways.Claim);
                if (within.Of.IsFact ? from == until : !_story.Claims[_byId[within.Of.Id]].IsStay) throw new StoryException($"within needs something with two ends, and {within.Of.Id} is one day", within.At);
                return [new Disjunct([.. Edges(from, ways.First, Shift.Of(0), atMost: false, ways), .. Edges(until, ways.Last, Shift.Of(0), atMost: true, ways)], [.. Boxes(from, ways.First, Shift.Of(0), atMost: false, ways), .. Boxes(until, ways.Last, Shift.Of(0), atMost: true, ways)])];
            case When.SameDayAs same:
                var (day, other) = Ends(same.Of, same.At, ways.Claim);
                if (day != other || ways.First != ways.Last) throw new StoryException($"same_day_as needs events, and {(day != other ? same.Of.Id : _story.Claims[ways.Claim].Id)} is a stay", same.At);
                return [new Disjunct([.. Edges(day, ways.First, Shift.Of(0), atMost: false, ways), .. Edges(day, ways.First, Shift.Of(0), atMost: true, ways)], [.. Boxes(day, ways.First, Shift.Of(0), atMost: false, ways), .. Boxes(day, ways.First, Shift.Of(0), atMost: true, ways)])];
            default:
                throw new ArgumentOutOfRangeException(nameof(when));
        }
    }

    private List<Disjunct> Cut()
    {
        _problem.WasCut = true;
        return [new Disjunct([], [])];
    }

    /// <summary>A time point: a variable, or a day that is known.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Point(int Variable, int Day);

    private (Point From, Point Until) Ends(Reference of, Position at, int claim)
    {
        if (of.IsFact)
        {
            var fact = _facts.Find(of.Id) ?? throw new StoryException($"no fact is called {of.Id}", at);
            return (new Point(-1, fact.Days.First), new Point(-1, fact.Days.Last));
        }
        if (!_byId.TryGetValue(of.Id, out var other)) throw new StoryException($"no claim is called {of.Id}", at);
        if (other != claim) _problem.References.Add((claim, other));
        return (new Point(_problem.Start[other], 0), new Point(_problem.End[other], 0));
    }

    private static Edge[] Edges(Point from, int to, Shift shift, bool atMost, Target ways) => from.Variable < 0 ? [] : [new Edge(from.Variable, to, shift, atMost, ways.Assertion)];

    private Box[] Boxes(Point from, int to, Shift shift, bool atMost, Target ways) => from.Variable >= 0 ? [] : [OneBox(to, to, atMost ? -Shift.Far : shift.Apply(from.Day), atMost ? shift.Apply(from.Day) : Shift.Far, ways, ways.Claim)];

    private Box OneBox(int low, int high, int first, int last, Target ways, int movesWith)
    {
        var mark = _network.Mark();
        if (first <= last) _network.Put(first, last);
        return new Box(low, high, mark, _network.Close(mark), ways.Assertion, movesWith);
    }

    private Disjunct Distance(Reference of, Amount? by, Position at, Target ways, bool isAfter)
    {
        var (from, until) = Ends(of, at, ways.Claim);
        var (point, mine) = isAfter ? (until, ways.First) : (from, ways.Last);
        if (by is null) return new Disjunct(Edges(point, mine, Shift.Of(0), !isAfter, ways), Boxes(point, mine, Shift.Of(0), !isAfter, ways));
        var least = isAfter ? AmountShifts.Least(by) : AmountShifts.MostBack(by);
        var most = isAfter ? AmountShifts.Most(by) : AmountShifts.LeastBack(by);
        return new Disjunct([.. Edges(point, mine, least, atMost: false, ways), .. Edges(point, mine, most, atMost: true, ways)], [.. Boxes(point, mine, least, atMost: false, ways), .. Boxes(point, mine, most, atMost: true, ways)]);
    }

    private List<Disjunct> Said(When.Said said, Target ways)
    {
        var mark = _network.Mark();
        switch (said.Phrase)
        {
            case Phrase.Date date:
                _problem.Readings[ways.Claim] = Multiply(_problem.Readings[ways.Claim], date.Readings.Count);
                foreach (var reading in date.Readings)
                {
                    // What encloses a stay is the whole of a reading; a point lies on one of its days.
                    if (ways.First != ways.Last) _network.Put(reading.Days.Hull.First, reading.Days.Hull.Last);
                    else foreach (var range in reading.Days.Ranges) _network.Put(range.First, range.Last);
                }
                break;
            case Phrase.Span span:
                _problem.Readings[ways.Claim] = Multiply(_problem.Readings[ways.Claim], (span.From?.Readings.Count ?? 1) * (span.Until?.Readings.Count ?? 1));
                (int First, int Last)? backward = null;
                foreach (var first in Firsts(span.From))
                {
                    foreach (var last in Lasts(span.Until))
                    {
                        if (first <= last) _network.Put(first, last);
                        else if (backward is not { } known || first - last < known.First - known.Last) backward = (first, last);
                    }
                }

                // A span that ends before it begins holds no day; it stands as it is, so that a repair can be found.
                if (_network.Mark() == mark && backward is { } one) _network.Put(one.First, one.Last);
                break;
            case Phrase.AtAge age:
                _problem.SpeaksOfBirth[ways.Claim] = true;
                return [new Disjunct([new Edge(Problem.Birth, ways.First, Birthday(age.Years), AtMost: false, ways.Assertion), new Edge(Problem.Birth, ways.Last, NextBirthday(age.Years), AtMost: true, ways.Assertion)], [])];
            case Phrase.YearOf year:
                return YearOfService(year, said.At, ways);
            default:
                throw new StoryException($"“{said.Phrase.Words}” needs something to be counted from", said.At);
        }
        return [new Disjunct([], [new Box(ways.First, ways.Last, mark, _network.Close(mark), ways.Assertion, ways.Claim)])];
    }

    private static int Multiply(int a, int b) => (int)Math.Min(int.MaxValue, (long)a * Math.Max(1, b));

    private static IEnumerable<int> Firsts(Phrase.Date? date) => date is null ? [DayRange.Earliest] : date.Readings.Select(reading => reading.Days.Hull.First);

    private static IEnumerable<int> Lasts(Phrase.Date? date) => date is null ? [DayRange.Latest] : date.Readings.Select(reading => reading.Days.Hull.Last);

    /// <summary>
    /// Counted from a call-up or a contract of the same story: from any of them, where there are several. People count years of
    /// service by the day and by the calendar: both are allowed.
    /// </summary>
    private List<Disjunct> YearOfService(Phrase.YearOf year, Position at, Target ways)
    {
        List<Disjunct> ways_ = [];
        for (var other = 0; other < _story.Claims.Count; other++)
        {
            if (other == ways.Claim || _story.Claims[other].Kind is not (ClaimKind.Conscripted or ClaimKind.Mobilised or ClaimKind.ContractSigned)) continue;
            _problem.References.Add((ways.Claim, other));
            var from = year.Ordinal <= 1 ? Shift.Of(0) : new Shift(ShiftKind.YearStart, Math.Min(year.Ordinal - 1, 10_000), 0);
            ways_.Add(new Disjunct([new Edge(_problem.Start[other], ways.First, from, AtMost: false, ways.Assertion), new Edge(_problem.Start[other], ways.Last, new Shift(ShiftKind.Months, Years(year.Ordinal), 0), AtMost: true, ways.Assertion)], []));
        }
        return ways_.Count > 0 ? ways_ : throw new StoryException($"“{year.Words}” needs a claim of a call-up or a contract to be counted from", at);
    }

    private void AddRules(int index)
    {
        if (_facts.Rules.IsEmpty || IsOff(Checker.Rules)) return;
        var claim = _story.Claims[index];
        foreach (var fact in _facts.Rules)
        {
            var rule = fact.Rule!;
            if (rule.Kind != claim.Kind || (rule.By is { } by && by != claim.By) || IsOff(fact.Id)) continue;
            AddRule(index, fact, rule);
        }
    }

    private void AddRule(int index, Fact fact, Rule rule)
    {
        var assertion = Assert(index, FindingKind.Rule, "rule", fact);
        var start = _problem.Start[index];
        var ways = new Target(index, start, start, assertion);
        if (!rule.IsAboutAge)
        {
            var days = DaySet.Of(rule.Allowed.SelectMany(allowed => allowed.Days.Ranges));
            AddBox(start, start, days.Ranges, assertion);
            return;
        }
        _problem.SpeaksOfBirth[index] = true;
        _network.Clauses.Add(new Clause(assertion, [.. rule.Allowed.Select(allowed => Allow(allowed, ways))]));
    }

    private Disjunct Allow(Allowance allowed, Target ways)
    {
        var mark = _network.Mark();
        foreach (var range in allowed.Days.Ranges) _network.Put(range.First, range.Last);
        List<Box> boxes = [new Box(ways.First, ways.First, mark, _network.Close(mark), ways.Assertion, MovesWith: -1)];
        if (allowed.Born is { } born) boxes.Add(OneBox(Problem.Birth, Problem.Birth, born.First, born.Last, ways, movesWith: -1));
        return new Disjunct(AgeOf(allowed, ways.First, ways.Assertion), [.. boxes]);
    }

    /// <summary>What one way of a rule asks of the birth and a day.</summary>
    internal static Edge[] AgeOf(Allowance allowed, int variable, int assertion)
    {
        List<Edge> edges = [];
        if (allowed.FromAge is { } from) edges.Add(new Edge(Problem.Birth, variable, Birthday(from), AtMost: false, assertion));

        // The birthday itself still counts: by Russian law an age is reached on the day after it.
        if (allowed.BelowAge is { } below) edges.Add(new Edge(Problem.Birth, variable, new Shift(ShiftKind.MonthsLate, Years(below), 0), AtMost: true, assertion));
        return [.. edges];
    }

    private bool IsOff(string name) => _story.Off.Count > 0 && _story.Off.Contains(name, StringComparer.Ordinal);

    private void AddPlace(int index)
    {
        var claim = _story.Claims[index];
        if (claim.Where is not { } query) return;
        var candidates = _ground.Find(query);
        var options = new PlaceOptions { Query = query, Candidates = candidates, HasLocation = candidates.Any(candidate => candidate.Location is not null) };
        _problem.Places[index] = options;
        if (claim.HeldBy is not { } side || candidates.Count == 0) return;
        options.Judgements = new Judgement[candidates.Count];
        options.Allowed = new (int, int)[candidates.Count];
        var anything = false;
        for (var i = 0; i < candidates.Count; i++)
        {
            options.Judgements[i] = _ground.Judge(candidates[i], side);
            options.Allowed[i] = PutAllowed(options.Judgements[i].Denied.Ranges);
            anything |= options.Allowed[i].Count == PlaceOptions.Everything;
        }
        if (IsOff(Checker.Places)) return;
        options.HeldBy = Assert(index, FindingKind.Place, "held-by", side);
        if (anything) return;
        if (candidates.Count == 1)
        {
            options.Union = options.Allowed[0];
            return;
        }
        var mark = _network.Mark();
        foreach (var (start, count) in options.Allowed)
        {
            for (var i = 0; i < count; i++) _network.Put(_network.Days[start + (2 * i)], _network.Days[start + (2 * i) + 1]);
        }
        options.Union = (mark, _network.Close(mark));
    }

    private (int Start, int Count) PutAllowed(ImmutableArray<DayRange> denied)
    {
        if (denied.IsEmpty) return (0, PlaceOptions.Everything);
        var mark = _network.Mark();
        var next = -Shift.Far;
        foreach (var range in denied)
        {
            if (next < range.First) _network.Put(next, range.First - 1);
            next = range.Last + 1;
        }
        if (next <= DayRange.Latest) _network.Put(next, Shift.Far);
        return (mark, _network.Close(mark));
    }
}
