namespace Understory.Verification;

/// <summary>When each of several claims can have been, over all scenarios of them together.</summary>
internal sealed class Windows
{
    private const int MostLeaves = 600;
    private readonly Problem _problem;
    private readonly Solver _solver;
    private readonly CheckLimits _limits;
    private readonly List<DayRange>[] _covered;
    private readonly List<DayRange>[] _excluded;

    internal Windows(Problem problem, Solver solver, CheckLimits limits)
    {
        (_problem, _solver, _limits) = (problem, solver, limits);
        (_covered, _excluded) = (new List<DayRange>[problem.Claims], new List<DayRange>[problem.Claims]);
    }

    /// <summary>Whether some windows may be too wide because the limit of effort was reached.</summary>
    internal bool LimitReached { get; private set; }

    /// <summary>Puts the windows of claims into an array at their places. The claims, or their dates alone, are possible together.</summary>
    internal void Find(ReadOnlySpan<int> claims, bool datesAlone, IReadOnlyList<DayRange>[] windows)
    {
        if (!Start(claims, datesAlone))
        {
            foreach (var claim in claims) windows[claim] = Said(claim);
            return;
        }
        if (!_solver.HasAlternatives())
        {
            foreach (var claim in claims) windows[claim] = [new DayRange(_solver.Low[_problem.Start[claim]], _solver.High[_problem.End[claim]])];
            return;
        }
        var hulls = new DayRange[_problem.Claims];
        foreach (var claim in claims)
        {
            hulls[claim] = new DayRange(_solver.Low[_problem.Start[claim]], _solver.High[_problem.End[claim]]);
            (_covered[claim], _excluded[claim]) = ([], []);
        }
        var leaves = 0;
        foreach (var claim in claims)
        {
            while (Gap(hulls[claim], _covered[claim], _excluded[claim]) is { } gap)
            {
                if (leaves++ > MostLeaves) LimitReached = true;
                Start(claims, datesAlone);
                _solver.Limit = leaves > MostLeaves ? 0 : Math.Min(_limits.Effort, _solver.Effort + _limits.EffortOfOne);
                var outcome = _solver.Touch(claim, gap) && _solver.Propagate() ? _solver.Search() : Outcome.Impossible;
                if (outcome == Outcome.Impossible)
                {
                    _solver.Abandon();
                    _excluded[claim].Add(gap);
                    continue;
                }
                if (outcome == Outcome.Unknown)
                {
                    // What was not looked into stays in the window: too wide a window accuses nobody.
                    LimitReached = true;
                    _covered[claim].Add(gap);
                    continue;
                }
                _solver.Widen();
                foreach (var other in claims) _covered[other].Add(new DayRange(_solver.Low[_problem.Start[other]], _solver.High[_problem.End[other]]));
            }
        }
        foreach (var claim in claims) windows[claim] = [.. DaySet.Of(_covered[claim]).Ranges];
    }

    private bool Start(ReadOnlySpan<int> claims, bool datesAlone)
    {
        _solver.Take(claims);
        _solver.WithoutWay = null;
        _solver.Limit = Math.Min(_limits.Effort, _solver.Effort + _limits.EffortOfOne);
        if (datesAlone) _solver.KeepDates();
        return _solver.Start();
    }

    /// <summary>The first days of a hull that are neither covered nor excluded.</summary>
    private static DayRange? Gap(DayRange hull, List<DayRange> covered, List<DayRange> excluded)
    {
        var known = DaySet.Of([.. covered, .. excluded]);
        var from = hull.First;
        foreach (var range in known.Ranges)
        {
            if (range.First > from) return new DayRange(from, Math.Min(hull.Last, range.First - 1));
            from = Math.Max(from, range.Last + 1);
            if (from > hull.Last) return null;
        }
        return from <= hull.Last ? new DayRange(from, hull.Last) : null;
    }

    /// <summary>The days that a claim's phrases say, where they do not fit each other.</summary>
    private DayRange[] Said(int claim)
    {
        List<DayRange> said = [];
        foreach (ref readonly var box in _problem.Network.Boxes)
        {
            if (box.MovesWith != claim || _problem.Assertions[box.Assertion].Reason == "order") continue;
            for (var i = 0; i < box.Count; i++)
            {
                var (first, last) = (Math.Max(DayRange.Earliest, _problem.Network.Days[box.Start + (2 * i)]), Math.Min(_problem.Story.Told, _problem.Network.Days[box.Start + (2 * i) + 1]));
                if (first <= last) said.Add(new DayRange(first, last));
            }
        }
        return [.. DaySet.Of(said).Ranges];
    }
}
