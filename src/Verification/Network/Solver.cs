using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>Whether a scenario was found.</summary>
internal enum Outcome
{
    /// <summary>There is one.</summary>
    Possible,

    /// <summary>There is none.</summary>
    Impossible,

    /// <summary>The limit of effort was reached first.</summary>
    Unknown,
}

/// <summary>
/// Looks for a scenario of some of a problem's assertions: bounds by propagation, clauses and ways by search. One is used for
/// a whole check; it keeps its arrays.
/// </summary>
internal sealed partial class Solver
{
    private readonly Problem _problem;
    private readonly Network _network;
    private readonly int[] _low;
    private readonly int[] _high;
    private readonly int[] _baseLow;
    private readonly int[] _baseHigh;
    private readonly int[] _queue;
    private readonly bool[] _queued;
    private readonly bool[] _on;
    private readonly bool[] _active;
    private readonly int[] _choice;
    private readonly int[] _chosen;
    private readonly List<Edge> _extraEdges = [];
    private readonly List<Box> _extraBoxes = [];
    private int[] _gains = [];
    private int _queueHead;
    private int _queueCount;

    internal Solver(Problem problem)
    {
        _problem = problem;
        _network = problem.Network;
        var variables = _network.Variables;
        (_low, _high, _baseLow, _baseHigh) = (new int[variables], new int[variables], new int[variables], new int[variables]);
        (_queue, _queued) = (new int[variables], new bool[variables]);
        _on = new bool[problem.Assertions.Count];
        _active = new bool[problem.Claims];
        (_choice, _chosen) = (new int[problem.Claims], new int[problem.Claims]);
    }

    /// <summary>Steps taken in all.</summary>
    internal long Effort { get; private set; }

    /// <summary>Steps that may be taken in all.</summary>
    internal long Limit { get; set; } = long.MaxValue;

    /// <summary>Whether ways between places are asked after; null until the claims' own days are known.</summary>
    internal Ways? Ways { get; set; }

    /// <summary>Pairs of claims whose way is not asked after: the smaller, then the larger.</summary>
    internal HashSet<(int A, int B)>? WithoutWay { get; set; }

    /// <summary>Whose own dates are moved, and by how many days they may be earlier and later.</summary>
    internal (int Claim, int Earlier, int Later) Moved { get; set; } = (-2, 0, 0);

    /// <summary>The earliest days: after a scenario was found, its days.</summary>
    internal ReadOnlySpan<int> Low => _low;

    /// <summary>The latest days.</summary>
    internal ReadOnlySpan<int> High => _high;

    /// <summary>The candidate that each claim has in the scenario.</summary>
    internal ReadOnlySpan<int> Chosen => _chosen;

    /// <summary>Which assertions hold. Changing it is for explanations: <see cref="Take(ReadOnlySpan{int})"/> sets it anew.</summary>
    internal Span<bool> On => _on;

    /// <summary>Takes some claims with all they say, and what is known besides.</summary>
    internal void Take(ReadOnlySpan<int> claims)
    {
        _active.AsSpan().Clear();
        _on.AsSpan().Clear();
        _on.AsSpan(0, Problem.StatedAge + 1).Fill(true);
        foreach (var claim in claims)
        {
            _active[claim] = true;
            _on.AsSpan(_problem.FirstAssertion[claim].._problem.FirstAssertion[claim + 1]).Fill(true);
        }
        if (WithoutPerson) _on[Problem.Born] = _on[Problem.StatedAge] = false;
    }

    /// <summary>Of what was taken, leaves dates and order alone.</summary>
    internal void KeepDates()
    {
        var assertions = CollectionsMarshal.AsSpan(_problem.Assertions);
        for (var claim = 0; claim < _active.Length; claim++)
        {
            if (!_active[claim]) continue;
            for (var i = _problem.FirstAssertion[claim]; i < _problem.FirstAssertion[claim + 1]; i++) if (assertions[i].Kind != FindingKind.Time) _on[i] = false;
        }
    }

    /// <summary>Whether what is said of the person clashes by itself, and is left out.</summary>
    internal bool WithoutPerson { get; set; }

    /// <summary>Whether a claim was taken.</summary>
    internal bool IsTaken(int claim) => _active[claim];

    /// <summary>Starts again with the bounds of all that is on; false where they leave nothing.</summary>
    internal bool Start()
    {
        _low.AsSpan().Fill(DayRange.Earliest);
        _high.AsSpan().Fill(_on[Problem.Told] ? _problem.Story.Told : DayRange.Latest);
        _choice.AsSpan().Fill(-1);
        _chosen.AsSpan().Fill(-1);
        _extraEdges.Clear();
        _extraBoxes.Clear();
        Push(Problem.Birth);
        for (var claim = 0; claim < _active.Length; claim++)
        {
            if (!_active[claim]) continue;
            Push(_problem.Start[claim]);
            if (_problem.End[claim] != _problem.Start[claim]) Push(_problem.End[claim]);
        }
        var possible = Propagate();
        _low.CopyTo(_baseLow.AsSpan());
        _high.CopyTo(_baseHigh.AsSpan());
        return possible;
    }

    /// <summary>Narrows a claim to days of which it has at least one; <see cref="Propagate"/> follows.</summary>
    internal bool Touch(int claim, DayRange days) => AtMost(_problem.Start[claim], days.Last) && AtLeast(_problem.End[claim], days.First);

    /// <summary>Narrows a claim to lie inside days.</summary>
    internal bool Enclose(int claim, DayRange days) => AtLeast(_problem.Start[claim], days.First) && AtMost(_problem.End[claim], days.Last);

    /// <summary>Narrows a claim's first day, and the birth, to what one way of a rule asks besides its days.</summary>
    internal bool Age(int claim, Allowance allowed)
    {
        var way = Compiler.AgeOf(allowed, _problem.Start[claim], Problem.Structure);
        foreach (var edge in way)
        {
            _extraEdges.Add(edge);
            Push(edge.From);
            Push(edge.To);
        }
        return allowed.Born is not { } born || (AtLeast(Problem.Birth, born.First) && AtMost(Problem.Birth, born.Last));
    }

    private void Push(int variable)
    {
        if (_queued[variable]) return;
        _queued[variable] = true;
        var at = _queueHead + _queueCount++;
        _queue[at >= _queue.Length ? at - _queue.Length : at] = variable;
    }

    private bool AtLeast(int variable, int day)
    {
        if (day <= _low[variable]) return true;
        _low[variable] = day;
        if (day > _high[variable]) return false;
        Push(variable);
        return true;
    }

    private bool AtMost(int variable, int day)
    {
        if (day >= _high[variable]) return true;
        _high[variable] = day;
        if (day < _low[variable]) return false;
        Push(variable);
        return true;
    }

    /// <summary>Narrows all bounds until they stand; false where some variable has no day left.</summary>
    internal bool Propagate()
    {
        var edges = _network.Edges;
        var boxes = _network.Boxes;
        var patience = (8 * _low.Length) + 64;
        while (_queueCount > 0)
        {
            // Bounds that go on and on may go round: that is decided at once, not day by day until the end of time.
            if (--patience == 0 && GoesRound(edges))
            {
                Forget();
                return false;
            }

            var variable = _queue[_queueHead];
            if (++_queueHead == _queue.Length) _queueHead = 0;
            _queueCount--;
            _queued[variable] = false;
            if (!Follow(variable, edges, boxes))
            {
                Forget();
                return false;
            }
            if (Effort > Limit)
            {
                Forget();
                break;
            }
        }
        return true;
    }

    /// <summary>Whether some edges, followed in a circle, ask for a day after itself (Bellman and Ford), however months and years fall.</summary>
    private bool GoesRound(ReadOnlySpan<Edge> edges)
    {
        if (_gains.Length == 0) _gains = new int[_low.Length];
        var gains = _gains.AsSpan();
        gains.Clear();
        for (var round = 0; round <= gains.Length; round++)
        {
            var grew = false;
            foreach (ref readonly var edge in edges) if (_on[edge.Assertion]) grew |= Gain(in edge, gains);
            foreach (ref readonly var edge in CollectionsMarshal.AsSpan(_extraEdges)) grew |= Gain(in edge, gains);
            Effort += edges.Length;
            if (!grew) return false;
        }
        return true;
    }

    private bool Gain(in Edge edge, Span<int> gains)
    {
        var (from, to) = edge.AtMost ? (edge.To, edge.From) : (edge.From, edge.To);
        var shift = Carried(in edge);
        var gain = Math.Min(Shift.Far, gains[from] + (edge.AtMost ? -shift.MostDays : shift.LeastDays));
        if (gain <= gains[to]) return false;
        gains[to] = gain;
        return true;
    }

    /// <summary>Forgets what a narrowing that failed had still to follow.</summary>
    internal void Abandon() => Forget();

    private void Forget()
    {
        while (_queueCount > 0)
        {
            _queued[_queue[_queueHead]] = false;
            if (++_queueHead == _queue.Length) _queueHead = 0;
            _queueCount--;
        }
    }

    private bool Follow(int variable, ReadOnlySpan<Edge> edges, ReadOnlySpan<Box> boxes)
    {
        foreach (var at in _network.EdgesOf(variable))
        {
            ref readonly var edge = ref edges[at];
            if (_on[edge.Assertion] && !Follow(in edge, variable)) return false;
        }
        foreach (var at in _network.BoxesOf(variable))
        {
            ref readonly var box = ref boxes[at];
            if (_on[box.Assertion] && !Follow(in box)) return false;
        }
        foreach (ref readonly var edge in CollectionsMarshal.AsSpan(_extraEdges)) if ((edge.From == variable || edge.To == variable) && !Follow(in edge, variable)) return false;
        foreach (ref readonly var box in CollectionsMarshal.AsSpan(_extraBoxes)) if ((box.Low == variable || box.High == variable) && !Follow(in box)) return false;
        var claim = _problem.ClaimOf[variable];
        return claim < 0 || _problem.Places[claim] is not { HeldBy: >= 0 } place || !_on[place.HeldBy] || FollowPlace(claim, place);
    }

    private bool FollowPlace(int claim, PlaceOptions place)
    {
        var (start, count) = _choice[claim] < 0 ? place.Union : place.Allowed[_choice[claim]];
        return count == PlaceOptions.Everything || Follow(new Box(_problem.Start[claim], _problem.End[claim], start, count, place.HeldBy, MovesWith: -1));
    }

    private bool Follow(in Edge edge, int changed)
    {
        Effort++;
        if (edge.From == edge.To) return FollowLoop(in edge);
        var shift = Carried(in edge);
        if (edge.AtMost) return changed == edge.From ? AtMost(edge.To, shift.Apply(_high[edge.From])) : AtLeast(edge.From, shift.FirstTo(_low[edge.To]));
        return changed == edge.From ? AtLeast(edge.To, shift.Apply(_low[edge.From])) : AtMost(edge.From, shift.LastTo(_high[edge.To]));
    }

    // Something that is counted from itself: whether it can be does not depend on the day, save by a day or two of the calendar.
    /// <summary>What an edge asks, with what the claim that is moved may be off from its age.</summary>
    private Shift Carried(in Edge edge)
    {
        if (edge.From != Problem.Birth || Moved.Claim < 0 || !_problem.IsAge(in edge, Moved.Claim)) return edge.Shift;
        return edge.Shift with { Days = edge.Shift.Days + (edge.AtMost ? Moved.Later : -Moved.Earlier) };
    }

    private bool FollowLoop(in Edge edge) => edge.AtMost ? AtMost(edge.To, edge.Shift.Apply(_high[edge.From])) && AtLeast(edge.From, edge.Shift.FirstTo(_low[edge.To])) : AtLeast(edge.To, edge.Shift.Apply(_low[edge.From])) && AtMost(edge.From, edge.Shift.LastTo(_high[edge.To]));

    private bool Follow(in Box box)
    {
        Effort++;
        var days = _network.Days.Slice(box.Start, box.Count * 2);
        var (earlier, later) = box.MovesWith == Moved.Claim ? (Moved.Earlier, Moved.Later) : (0, 0);
        var (low, high) = (box.Low, box.High);
        var first = 0;
        while (first < box.Count && !Meets(days[2 * first] - earlier, days[(2 * first) + 1] + later, low, high)) first++;
        if (first == box.Count) return false;
        var last = box.Count - 1;
        while (last > first && !Meets(days[2 * last] - earlier, days[(2 * last) + 1] + later, low, high)) last--;
        var (from, until) = (days[2 * first] - earlier, days[(2 * last) + 1] + later);
        return AtLeast(low, from) && AtMost(high, until) && (low == high || (AtLeast(high, from) && AtMost(low, until)));
    }

    private bool Meets(int from, int until, int low, int high) =>
        Math.Max(from, _low[low]) <= Math.Min(until, _high[low]) && (low == high || Math.Max(from, _low[high]) <= Math.Min(until, _high[high]));

    private bool IsSo(in Edge edge, ReadOnlySpan<int> at)
    {
        var carried = Carried(in edge).Apply(at[edge.From]);
        return edge.AtMost ? at[edge.To] <= carried : at[edge.To] >= carried;
    }

    /// <summary>Which of a box's intervals two days lie in; -1 for none.</summary>
    private int IntervalOf(in Box box, ReadOnlySpan<int> at)
    {
        var (earlier, later) = box.MovesWith == Moved.Claim ? (Moved.Earlier, Moved.Later) : (0, 0);
        var days = _network.Days.Slice(box.Start, box.Count * 2);
        for (var i = 0; i < box.Count; i++)
        {
            var (from, until) = (days[2 * i] - earlier, days[(2 * i) + 1] + later);
            if (from <= at[box.Low] && at[box.Low] <= until && from <= at[box.High] && at[box.High] <= until) return i;
        }
        return -1;
    }

    private bool IsSo(Disjunct way, ReadOnlySpan<int> at)
    {
        foreach (ref readonly var edge in way.Edges.AsSpan()) if (!IsSo(in edge, at)) return false;
        foreach (ref readonly var box in way.Boxes.AsSpan()) if (IntervalOf(in box, at) < 0) return false;
        return true;
    }
}
