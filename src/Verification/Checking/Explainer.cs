using System.Globalization;

namespace Understory.Verification;

/// <summary>Turns a conflict into findings: why, by which kind, and what would mend it.</summary>
internal sealed class Explainer
{
    /// <summary>A conflict that a repair of so many days would end accuses nobody: the verdict is "cannot tell".</summary>
    internal const int SmallRepair = 14;

    private static readonly FindingKind[] Kinds = [FindingKind.Place, FindingKind.Travel, FindingKind.Rule];
    private readonly Problem _problem;
    private readonly Solver _solver;
    private readonly Words _words;
    private readonly CheckLimits _limits;
    private readonly bool[] _state;
    private readonly HashSet<(int A, int B)> _off = [];
    private int[] _claims = [];
    private List<(int A, int B)> _pairs = [];

    internal Explainer(Problem problem, Solver solver, CheckLimits limits)
    {
        (_problem, _solver, _limits) = (problem, solver, limits);
        _words = new Words(problem);
        _state = new bool[problem.Assertions.Count];
    }

    /// <summary>Whether the limit of effort was reached, and a repair may be smaller than said, or an explanation longer.</summary>
    internal bool LimitReached { get; private set; }

    /// <summary>One finding for each kind that explains a conflict by itself, or one for all together.</summary>
    /// <param name="claims">The conflict.</param>
    /// <param name="isProven">Whether it is certain that no claim of it could be left out.</param>
    internal IEnumerable<Finding> Explain(int[] claims, bool isProven)
    {
        _claims = claims;
        _pairs = [];
        if (_solver.Ways is not null)
        {
            foreach (var a in claims) foreach (var b in claims) if (a < b && _problem.IsWalker(a) && _problem.IsWalker(b)) _pairs.Add((a, b));
        }
        List<Finding> findings = [];
        if (Of(FindingKind.Time, ofTimeOnly: true, isProven) is { } time) findings.Add(time);
        foreach (var kind in Kinds) if (Of(kind, ofTimeOnly: false, isProven) is { } finding) findings.Add(finding);
        if (findings.Count > 0) return findings;
        return Of(kind: null, ofTimeOnly: false, isProven) is { } all ? [all] : [];
    }

    private Finding? Of(FindingKind? kind, bool ofTimeOnly, bool isProven)
    {
        var assertions = _problem.Assertions;
        for (var i = 0; i < _state.Length; i++) _state[i] = IsIn(assertions[i].Claim) && (kind is null || assertions[i].Kind == FindingKind.Time || assertions[i].Kind == kind);
        _state[Problem.Structure] = true;
        _off.Clear();
        if (kind is not (null or FindingKind.Travel)) _off.UnionWith(_pairs);
        if (Try() != Outcome.Impossible) return null;
        var repair = FindRepair();
        Minimise();
        var pairs = _pairs.Where(pair => !_off.Contains(pair)).ToList();
        var kept = Enumerable.Range(0, _state.Length).Where(i => i != Problem.Structure && _state[i]).ToList();
        var found = kind ?? (pairs.Count > 0 ? FindingKind.Travel : kept.Any(i => assertions[i].Kind == FindingKind.Rule) ? FindingKind.Rule : FindingKind.Place);
        if (!ofTimeOnly && !(found == FindingKind.Travel ? pairs.Count > 0 : kept.Any(i => assertions[i].Kind == found))) return null;
        var verdict = !isProven || repair is { Days: <= SmallRepair } ? Verdict.CannotTell : Verdict.Contradicts;
        var (explanation, bySource, isStay) = found switch
        {
            FindingKind.Place => Place(kept),
            FindingKind.Travel when pairs.Count > 0 => Travel(pairs[0]),
            FindingKind.Rule => (_words.Rule(_claims, (Fact)assertions[kept.First(i => assertions[i].Kind == FindingKind.Rule)].What!), [], false),
            _ => (_words.Time(_claims, kept), [], false),
        };
        return new Finding
        {
            Kind = found,
            Verdict = verdict,
            Claims = [.. _claims.Select(claim => _problem.Story.Claims[claim].Id)],
            Because = [.. kept.SelectMany(_words.Reasons), .. pairs.Select(_words.Way)],
            BySource = bySource,
            Repair = repair,
            Explanation = explanation,
            Benign = _words.Benign(found, _claims, kept, repair, isStay),
            Ask = _words.Ask(found, _claims),
        };
    }

    private bool IsIn(int claim) => claim < 0 || Array.IndexOf(_claims, claim) >= 0;

    private Outcome Try()
    {
        Prepare();
        var outcome = _solver.Solve();
        if (outcome == Outcome.Unknown) LimitReached = true;
        return outcome;
    }

    private void Prepare()
    {
        _solver.Take(_claims);
        var on = _solver.On;
        for (var i = 0; i < _state.Length; i++) on[i] &= _state[i];
        _solver.WithoutWay = _off.Count > 0 ? _off : null;
        _solver.Limit = Math.Min(_limits.Effort, _solver.Effort + _limits.EffortOfOne);
    }

    /// <summary>Leaves out every assertion that the conflict does not need: first what is known of the person, then dates, so that a kind shows where it can.</summary>
    private void Minimise()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 1; i < _state.Length; i++)
            {
                if (!_state[i] || _problem.Assertions[i].Kind == FindingKind.Time != (pass == 0)) continue;
                _state[i] = false;
                if (Try() != Outcome.Impossible) _state[i] = true;
            }
        }
        foreach (var pair in _pairs) if (_off.Add(pair) && Try() != Outcome.Impossible) _off.Remove(pair);
    }

    /// <summary>
    /// The fewest days by which the dates of one claim would have to reach further, all of them earlier or all later, for a
    /// scenario to be possible. A shift of the whole claim, or one end, is within that.
    /// </summary>
    private Repair? FindRepair()
    {
        Repair? best = null;
        foreach (var claim in _claims)
        {
            if (!HasDates(claim)) continue;
            foreach (var later in (ReadOnlySpan<bool>)[true, false])
            {
                var most = (best?.Days ?? (_problem.Story.Told - DayRange.Earliest + 2)) - 1;
                if (most < 1 || !Mends(claim, most, later)) continue;
                var (fails, mends) = (0, 1);
                while (mends < most && !Mends(claim, mends, later)) (fails, mends) = (mends, Math.Min(most, mends * 2));
                while (mends - fails > 1)
                {
                    var middle = fails + ((mends - fails) / 2);
                    if (Mends(claim, middle, later)) mends = middle;
                    else fails = middle;
                }
                Mends(claim, mends, later);
                best = new Repair(_problem.Story.Claims[claim].Id, mends, later, new DayRange(_solver.Low[_problem.Start[claim]], _solver.Low[_problem.End[claim]]));
            }
        }
        _solver.Moved = (-2, 0, 0);
        return best;
    }

    private bool Mends(int claim, int days, bool later)
    {
        _solver.Moved = (claim, later ? 0 : days, later ? days : 0);
        return Try() != Outcome.Impossible;
    }

    private bool HasDates(int claim)
    {
        foreach (ref readonly var box in _problem.Network.Boxes) if (box.MovesWith == claim) return true;
        foreach (ref readonly var edge in _problem.Network.Edges) if (_problem.IsAge(in edge, claim)) return true;
        return _problem.Network.Clauses.Any(clause => clause.Ways.Any(way => way.Boxes.Any(box => box.MovesWith == claim) || way.Edges.Any(edge => _problem.IsAge(in edge, claim))));
    }

    private (Sentence, IReadOnlyList<SourceWord>, bool) Place(List<int> kept)
    {
        var heldBy = kept.First(i => _problem.Assertions[i].Kind == FindingKind.Place);
        var claim = _problem.Assertions[heldBy].Claim;
        var place = _problem.Places[claim]!;

        // Without it there are scenarios: their days are when it would have had to be so.
        _state[heldBy] = false;
        var isPossible = Try() == Outcome.Possible;
        _state[heldBy] = true;
        DayRange days = default;
        if (isPossible)
        {
            Prepare();
            _solver.On[heldBy] = false;
            _solver.Start();
            var (start, end) = (_problem.Start[claim], _problem.End[claim]);
            days = new DayRange(_solver.Low[start], _solver.High[end]);
            // Where nothing that clashes says when it began, what clashes are the days on which it may have ended.
            if (days.First == DayRange.Earliest && _solver.Low[end] > DayRange.Earliest) days = days with { First = _solver.Low[end] };
        }
        List<SourceWord> words = [];
        for (var i = 0; i < Math.Min(3, place.Candidates.Count); i++)
        {
            var denied = place.Judgements[i].Denied.Intersect(DaySet.Of(days));
            // Where nothing says when it began, the day nearest to what is said of its end.
            if (!denied.IsEmpty) words.AddRange(_problem.Ground.Ask(place.Candidates[i], days.First == DayRange.Earliest ? denied.Hull.Last : denied.Hull.First));
        }
        return (_words.Place(_claims, claim, days), words, _problem.Story.Claims[claim].IsStay);
    }

    private (Sentence, IReadOnlyList<SourceWord>, bool) Travel((int A, int B) pair)
    {
        // Without this way there are scenarios, and each of them clashes: any tells why.
        _off.Add(pair);
        var clash = default(Clash);
        var (i, j) = (0, 0);
        if (Try() == Outcome.Possible)
        {
            (i, j) = (Math.Max(0, _solver.Chosen[pair.A]), Math.Max(0, _solver.Chosen[pair.B]));
            clash = _solver.Ways!.Between(pair.A, i, Days(pair.A), pair.B, j, Days(pair.B));
        }
        _off.Remove(pair);
        List<SourceWord> words = [];
        if (clash.Kind == ClashKind.Crossing) words = [.. _problem.Ground.Ask(_problem.Places[pair.A]!.Candidates[i], clash.Days), .. _problem.Ground.Ask(_problem.Places[pair.B]!.Candidates[j], clash.Days)];
        return (_words.Travel(_claims, pair, i, j, clash.Kind), words, _problem.Story.Claims[pair.A].IsStay || _problem.Story.Claims[pair.B].IsStay);

        DayRange Days(int claim) => new(_solver.Low[_problem.Start[claim]], _solver.Low[_problem.End[claim]]);
    }

    /// <summary>What is said of the person cannot be, whatever is told.</summary>
    internal Finding Birth()
    {
        int[] both = [Problem.Born, Problem.StatedAge];
        return new Finding
        {
            Kind = FindingKind.Time,
            Verdict = BirthIsOffBy() <= SmallRepair ? Verdict.CannotTell : Verdict.Contradicts,
            Claims = [],
            Because = [.. both.Where(i => _problem.Assertions[i].What is not null).SelectMany(_words.Reasons)],
            Explanation = new Sentence(Sentences.Birth, Words.Nothing),
            Benign = [new Sentence(Sentences.BenignBirth, Words.Nothing), new Sentence(Sentences.BenignWords, Words.Nothing)],
            Ask = new Sentence(Sentences.AskBirth, Words.Nothing),
        };
    }

    /// <summary>By how many days what is said of the birth, what follows from the age, and the day of telling miss each other.</summary>
    private int BirthIsOffBy()
    {
        List<List<DayRange>> said = [[new DayRange(DayRange.Earliest, _problem.Story.Told)]];
        foreach (ref readonly var box in _problem.Network.Boxes)
        {
            if (box.Assertion is not (Problem.Born or Problem.StatedAge)) continue;
            var days = _problem.Network.Days.Slice(box.Start, 2 * box.Count);
            List<DayRange> ranges = [];
            for (var i = 0; i < days.Length; i += 2) ranges.Add(new DayRange(days[i], days[i + 1]));
            said.Add(ranges);
        }
        var most = 0;
        foreach (var one in said) foreach (var other in said) most = Math.Max(most, Apart(one, other));
        return most;

        static int Apart(List<DayRange> one, List<DayRange> other) =>
            one.Count == 0 || other.Count == 0 ? int.MaxValue : one.Min(a => other.Min(b => Math.Max(0, Math.Max(a.First, b.First) - Math.Min(a.Last, b.Last))));
    }

    internal static string Number(double number) => Math.Round(number).ToString("0", CultureInfo.InvariantCulture);
}
