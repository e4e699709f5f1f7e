using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <content>The search over clauses, candidates and the order of places.</content>
internal sealed partial class Solver
{
    private const int Deepest = 1500;
    private readonly Dictionary<long, int> _weights = [];
    private int[] _saved = [];
    private int[] _walkers = [];
    private int _walkerCount;

    private enum ViolationKind : byte
    {
        None,
        Clause,
        Candidate,
        Crossing,
        Stays,
        Way,
    }

    /// <summary>What the earliest days do not satisfy yet. Of a candidate, <c>First</c> tells whether an order alone would do.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Violation(ViolationKind Kind, int A, int B, int First, int Last)
    {
        internal long Key => Kind == ViolationKind.Clause ? A : Kind == ViolationKind.Candidate ? -1L - A : ((long)(A + 1) << 32) | (uint)B;
    }

    /// <summary>Looks for a scenario of all that is on. Where one is found, <see cref="Low"/> and <see cref="Chosen"/> are it.</summary>
    internal Outcome Solve() => !Start() ? Outcome.Impossible : Search();

    /// <summary>Looks on from the bounds as they are.</summary>
    internal Outcome Search()
    {
        if (_walkers.Length == 0) _walkers = new int[Math.Max(1, _problem.Claims)];
        _walkerCount = 0;
        if (Ways is not null)
        {
            for (var claim = 0; claim < _active.Length; claim++) if (_active[claim] && _problem.IsWalker(claim)) _walkers[_walkerCount++] = claim;
        }
        return Search(0);
    }

    private Outcome Search(int depth)
    {
        if (Effort > Limit || depth > Deepest) return Outcome.Unknown;
        var violation = FindViolation();
        if (violation.Kind == ViolationKind.None) return Effort > Limit ? Outcome.Unknown : Outcome.Possible;
        Save(depth);
        var (edges, boxes) = (_extraEdges.Count, _extraBoxes.Count);
        var ways = WaysOut(in violation);
        for (var way = 0; way < ways; way++)
        {
            var choice = violation.Kind == ViolationKind.Candidate ? _choice[violation.A] : 0;
            var outcome = Take(in violation, way) && Propagate() ? Search(depth + 1) : Outcome.Impossible;
            if (outcome != Outcome.Impossible) return outcome;
            Forget();
            Restore(depth);
            _extraEdges.RemoveRange(edges, _extraEdges.Count - edges);
            _extraBoxes.RemoveRange(boxes, _extraBoxes.Count - boxes);
            if (violation.Kind == ViolationKind.Candidate) _choice[violation.A] = choice;
        }

        // What failed here is looked at first elsewhere: a search that fails for one reason does not try all ways of the others.
        CollectionsMarshal.GetValueRefOrAddDefault(_weights, violation.Key, out _)++;
        return Outcome.Impossible;
    }

    private void Save(int depth)
    {
        var (size, at) = (_low.Length, depth * 2 * _low.Length);
        if (_saved.Length < at + (2 * size)) Array.Resize(ref _saved, Math.Max(at + (2 * size), Math.Max(_saved.Length * 2, 16 * size)));
        _low.CopyTo(_saved.AsSpan(at));
        _high.CopyTo(_saved.AsSpan(at + size));
    }

    private void Restore(int depth)
    {
        var (size, at) = (_low.Length, depth * 2 * _low.Length);
        _saved.AsSpan(at, size).CopyTo(_low);
        _saved.AsSpan(at + size, size).CopyTo(_high);
        Effort += size >> 4;
    }

    private Violation FindViolation()
    {
        var (found, weight) = (default(Violation), -1);
        var clauses = CollectionsMarshal.AsSpan(_network.Clauses);
        for (var i = 0; i < clauses.Length; i++)
        {
            if (!_on[clauses[i].Assertion] || IsSatisfied(clauses[i])) continue;
            Prefer(new Violation(ViolationKind.Clause, i, 0, 0, 0), ref found, ref weight);
        }
        for (var i = 0; i < _walkerCount; i++)
        {
            var violation = Choose(i);
            if (violation.Kind != ViolationKind.None) Prefer(violation, ref found, ref weight);
        }
        return found;
    }

    private void Prefer(Violation violation, ref Violation found, ref int weight)
    {
        var own = _weights.GetValueOrDefault(violation.Key);
        if (own > weight) (found, weight) = (violation, own);
    }

    private bool IsSatisfied(Clause clause)
    {
        foreach (var way in clause.Ways)
        {
            Effort++;
            if (IsSo(way, _low)) return true;
        }
        return false;
    }

    /// <summary>Gives a walker, on the earliest days, a candidate that goes with those of the walkers before it.</summary>
    private Violation Choose(int walker)
    {
        var a = _walkers[walker];
        var place = _problem.Places[a]!;
        var days = new DayRange(_low[_problem.Start[a]], _low[_problem.End[a]]);
        var (first, last) = _choice[a] >= 0 ? (_choice[a], _choice[a]) : (0, place.Candidates.Count - 1);
        var (blocked, with, clash) = (-1, -1, default(Clash));
        _chosen[a] = -1;
        for (var i = first; i <= last; i++)
        {
            if (!IsAllowed(place, i, days)) continue;
            var (b, found) = FirstClash(walker, i, days);
            if (b < 0)
            {
                _chosen[a] = i;
                return default;
            }
            if (blocked < 0) (blocked, with, clash) = (i, b, found);
        }

        // On these days some candidate is allowed: the bounds of the union, or of the chosen one, have seen to it.
        if (blocked < 0) return new Violation(ViolationKind.Candidate, a, a, 0, 0);
        var order = clash.Kind == ClashKind.Way ? 0 : 1;
        if (first != last) return new Violation(ViolationKind.Candidate, a, with, order, 0);
        if (_choice[with] < 0 && _problem.Places[with]!.Candidates.Count > 1) return new Violation(ViolationKind.Candidate, with, a, order, 0);
        var (x, y) = (Math.Min(a, with), Math.Max(a, with));
        if (clash.Kind != ClashKind.Crossing) return new Violation(clash.Kind == ClashKind.Stays ? ViolationKind.Stays : ViolationKind.Way, x, y, clash.Days, clash.Days);
        var run = Ways!.RunOf(a, blocked, with, _chosen[with], clash.Days, Meeting(a, with));
        Effort += run.Count;
        return new Violation(ViolationKind.Crossing, x, y, run.First, run.Last);
    }

    /// <summary>From the first to the last day on which two claims may both be, as the bounds are.</summary>
    private DayRange Meeting(int a, int b) => new(Math.Max(_low[_problem.Start[a]], _low[_problem.Start[b]]), Math.Min(_high[_problem.End[a]], _high[_problem.End[b]]));

    private bool IsAllowed(PlaceOptions place, int candidate, DayRange days)
    {
        Effort++;
        if (place.HeldBy < 0 || !_on[place.HeldBy]) return true;
        var (start, count) = place.Allowed[candidate];
        if (count == PlaceOptions.Everything) return true;
        var all = _network.Days.Slice(start, 2 * count);
        for (var i = 0; i < all.Length; i += 2) if (all[i] <= days.First && days.Last <= all[i + 1]) return true;
        return false;
    }

    private (int With, Clash Clash) FirstClash(int walker, int candidate, DayRange days)
    {
        var a = _walkers[walker];
        var most = Ways!.MostDays;
        for (var other = 0; other < walker; other++)
        {
            var b = _walkers[other];
            var (first, last) = (_low[_problem.Start[b]], _low[_problem.End[b]]);
            if (first > days.Last + most || last < days.First - most || _chosen[b] < 0) continue;
            if (WithoutWay is not null && WithoutWay.Contains((b, a))) continue;
            Effort += 2 + Math.Max(0, Math.Min(last, days.Last) - Math.Max(first, days.First));
            var clash = Ways.Between(a, candidate, days, b, _chosen[b], new DayRange(first, last));
            if (clash.Kind != ClashKind.None) return (b, clash);
        }
        return (-1, default);
    }

    private int WaysOut(in Violation violation) => violation.Kind switch
    {
        ViolationKind.Clause => _network.Clauses[violation.A].Ways.Length,
        ViolationKind.Candidate => 2 + _problem.Places[violation.A]!.Candidates.Count,
        ViolationKind.Crossing => 6,
        ViolationKind.Stays => 4,
        _ => 2,
    };

    private bool Take(in Violation violation, int way)
    {
        var (a, b) = (violation.A, violation.B);
        switch (violation.Kind)
        {
            case ViolationKind.Clause:
                return Take(_network.Clauses[a].Ways[way]);
            case ViolationKind.Candidate when way < 2:
                return violation.First > 0 && (way == 0 ? Order(_problem.End[a], _problem.Start[b], 1) : Order(_problem.End[b], _problem.Start[a], 1));
            case ViolationKind.Candidate:
                _choice[a] = way - 2;
                Push(_problem.Start[a]);
                return true;
            case ViolationKind.Crossing when way < 2:
                return way == 0 ? Order(_problem.End[a], _problem.Start[b], 1) : Order(_problem.End[b], _problem.Start[a], 1);
            case ViolationKind.Crossing:
                return way switch
                {
                    2 => AtMost(_problem.End[a], violation.First - 1),
                    3 => AtMost(_problem.End[b], violation.First - 1),
                    4 => AtLeast(_problem.Start[a], violation.Last + 1),
                    _ => AtLeast(_problem.Start[b], violation.Last + 1),
                };
            case ViolationKind.Stays:
                var (end, start) = (way is 0 or 2 ? a : b, way is 0 or 3 ? b : a);
                return Order(_problem.End[end], _problem.Start[start], 1 - Ways.SharedDays);
            default:
                return way == 0 ? Order(_problem.End[a], _problem.Start[b], violation.First) : Order(_problem.End[b], _problem.Start[a], violation.First);
        }
    }

    /// <summary>One is at least so many days before another.</summary>
    private bool Order(int earlier, int later, int days)
    {
        if (_low[earlier] + days > _high[later]) return false;
        _extraEdges.Add(new Edge(earlier, later, Shift.Of(days), AtMost: false, Problem.Structure));
        Push(earlier);
        Push(later);
        return true;
    }

    private bool Take(Disjunct way)
    {
        foreach (ref readonly var edge in way.Edges.AsSpan())
        {
            _extraEdges.Add(edge);
            Push(edge.From);
            Push(edge.To);
        }
        foreach (ref readonly var box in way.Boxes.AsSpan())
        {
            _extraBoxes.Add(box);
            Push(box.Low);
            Push(box.High);
        }
        return true;
    }
}
