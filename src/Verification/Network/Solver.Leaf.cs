namespace Understory.Verification;

/// <content>
/// The whole that a scenario stands for: with its alternatives held fixed, what is left has no gaps, and every day between the
/// bounds of a time point is part of a scenario (Dechter, Meiri, Pearl, Temporal constraint networks, 1991).
/// </content>
internal sealed partial class Solver
{
    private int[] _scenario = [];
    private int[] _scenarioChosen = [];

    /// <summary>Whether what is on leaves alternatives, within the bounds: otherwise the bounds alone are the windows.</summary>
    internal bool HasAlternatives()
    {
        foreach (var clause in _network.Clauses) if (_on[clause.Assertion]) return true;
        foreach (ref readonly var box in _network.Boxes) if (box.Count > 1 && _on[box.Assertion] && Alternatives(in box) > 1) return true;
        var walkers = 0;
        if (_walkers.Length == 0) _walkers = new int[Math.Max(1, _problem.Claims)];
        for (var claim = 0; claim < _active.Length; claim++)
        {
            if (!_active[claim] || _problem.Places[claim] is not { } place) continue;
            if (place.HeldBy >= 0 && _on[place.HeldBy] && place.Union.Count > 1 && Alternatives(PlaceBox(claim, place.Union)) > 1) return true;
            if (Ways is null || !_problem.IsWalker(claim)) continue;
            for (var i = 0; i < walkers; i++) if (Ways.MayClash(_walkers[i], claim, Meeting(_walkers[i], claim))) return true;
            _walkers[walkers++] = claim;
        }
        return false;
    }

    private Box PlaceBox(int claim, (int Start, int Count) days) => new(_problem.Start[claim], _problem.End[claim], days.Start, days.Count, _problem.Places[claim]!.HeldBy, MovesWith: -1);

    private int Alternatives(in Box box)
    {
        var days = _network.Days.Slice(box.Start, box.Count * 2);
        var count = 0;
        for (var i = 0; i < box.Count; i++) if (Meets(days[2 * i], days[(2 * i) + 1], box.Low, box.High)) count++;
        return count;
    }

    /// <summary>Widens the scenario that was found to all days that share its alternatives: <see cref="Low"/> and <see cref="High"/> are exact for them.</summary>
    internal void Widen()
    {
        if (_scenario.Length == 0) (_scenario, _scenarioChosen) = (new int[_low.Length], new int[_chosen.Length]);
        _low.CopyTo(_scenario, 0);
        _chosen.CopyTo(_scenarioChosen, 0);
        Start();
        foreach (ref readonly var box in _network.Boxes) if (box.Count > 1 && _on[box.Assertion]) Hold(in box);
        foreach (var clause in _network.Clauses)
        {
            if (!_on[clause.Assertion]) continue;
            foreach (var way in clause.Ways)
            {
                if (!IsSo(way, _scenario)) continue;
                Take(way);
                foreach (ref readonly var box in way.Boxes.AsSpan()) Hold(in box);
                break;
            }
        }
        for (var claim = 0; claim < _active.Length; claim++)
        {
            if (!_active[claim] || _problem.Places[claim] is not { } place) continue;
            _choice[claim] = _scenarioChosen[claim];
            if (place.HeldBy < 0 || !_on[place.HeldBy]) continue;
            var allowed = _choice[claim] < 0 ? place.Union : place.Allowed[_choice[claim]];
            if (allowed.Count != PlaceOptions.Everything) Hold(PlaceBox(claim, allowed));
        }
        Propagate();
        if (Ways is not null) HoldWays();
    }

    private void Hold(in Box box)
    {
        var interval = IntervalOf(in box, _scenario);
        if (interval < 0) return;
        var (from, until) = (_network.Days[box.Start + (2 * interval)], _network.Days[box.Start + (2 * interval) + 1]);
        AtLeast(box.Low, from);
        AtMost(box.Low, until);
        AtLeast(box.High, from);
        AtMost(box.High, until);
    }

    private void HoldWays()
    {
        for (var a = 0; a < _active.Length; a++)
        {
            if (!_active[a] || _scenarioChosen[a] < 0) continue;
            for (var b = 0; b < a; b++)
            {
                if (!_active[b] || _scenarioChosen[b] < 0) continue;
                var meeting = Meeting(a, b);
                if (!Ways!.MayClash(a, _scenarioChosen[a], b, _scenarioChosen[b], meeting)) continue;
                HoldWay(a, b, meeting);
                Propagate();
            }
        }
    }

    private void HoldWay(int a, int b, DayRange meeting)
    {
        var (startA, endA, startB, endB) = (_problem.Start[a], _problem.End[a], _problem.Start[b], _problem.End[b]);
        var (i, j) = (_scenarioChosen[a], _scenarioChosen[b]);
        var days = Math.Max(1, Ways!.DaysBetween(a, i, b, j));
        if (_scenario[endA] < _scenario[startB]) Order(endA, startB, days);
        else if (_scenario[endB] < _scenario[startA]) Order(endB, startA, days);
        else
        {
            var (from, until) = (Math.Max(_scenario[startA], _scenario[startB]), Math.Min(_scenario[endA], _scenario[endB]));
            var run = Ways.RunOf(a, i, b, j, from, meeting);
            if (run.First > meeting.First) AtLeast(_scenario[startA] >= _scenario[startB] ? startA : startB, run.First);
            if (run.Last < meeting.Last) AtMost(_scenario[endA] <= _scenario[endB] ? endA : endB, Math.Max(run.Last, until));
            if (startA == endA || startB == endB || !Ways.AreFar(a, i, b, j)) return;
            foreach (var (end, start) in (ReadOnlySpan<(int, int)>)[(endA, startB), (endB, startA), (endA, startA), (endB, startB)])
            {
                if (_scenario[end] - _scenario[start] >= Ways.SharedDays) continue;
                Order(end, start, 1 - Ways.SharedDays);
                break;
            }
        }
    }
}
