using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>How much a check may do. Beyond it nothing is accused: the report says that a limit was reached.</summary>
/// <param name="Conflicts">The most conflicts that are shown.</param>
/// <param name="Effort">The most steps in all; a step is an edge followed, an interval looked at, two places compared.</param>
/// <param name="EffortOfOne">The most steps for one question, as "is there a scenario of these claims".</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CheckLimits(int Conflicts, long Effort, long EffortOfOne)
{
    /// <summary>Enough for any story that people tell.</summary>
    public static CheckLimits Usual => new(50, 20_000_000, 1_000_000);
}

/// <summary>Checks a story against itself, the map and the law (<c>docs/formats/story.md</c>, "Checking").</summary>
public static class Checker
{
    /// <summary>The name that turns off all questions after ways between places.</summary>
    public const string Travel = "travel";

    /// <summary>The name that turns off all questions after who held a place.</summary>
    public const string Places = "places";

    /// <summary>The name that turns off all rules; each is also turned off by its fact's id.</summary>
    public const string Rules = "rules";

    /// <summary>The name that turns off what was reported near.</summary>
    public const string Nearby = "nearby";

    /// <summary>Whether something can be turned off by a name.</summary>
    public static bool CanBeTurnedOff(string name, Facts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return name is Travel or Places or Rules or Nearby || facts.Find(name) is not null;
    }

    /// <summary>What the claims, taken together, cannot all be true of; and when each can have been.</summary>
    /// <param name="story">What was told.</param>
    /// <param name="ground">What is known of places.</param>
    /// <param name="facts">What is publicly known.</param>
    /// <exception cref="StoryException">A reference to nothing, or a relative date without a named claim.</exception>
    public static CheckReport Check(Story story, IGround ground, Facts facts) => Check(story, ground, facts, CheckLimits.Usual);

    /// <summary>The same, within other limits.</summary>
    public static CheckReport Check(Story story, IGround ground, Facts facts, CheckLimits limits)
    {
        ArgumentNullException.ThrowIfNull(story);
        ArgumentNullException.ThrowIfNull(ground);
        ArgumentNullException.ThrowIfNull(facts);
        return new Checking(Compiler.Compile(story, ground, facts), limits).Report();
    }
}

/// <summary>One check.</summary>
internal sealed class Checking
{
    private const int MostCandidates = 12;
    private readonly Problem _problem;
    private readonly Solver _solver;
    private readonly CheckLimits _limits;
    private readonly List<Finding> _findings = [];
    private bool _limitReached;

    internal Checking(Problem problem, CheckLimits limits) => (_problem, _limits, _solver, _limitReached) = (problem, limits, new Solver(problem) { Limit = limits.Effort }, problem.WasCut);

    internal CheckReport Report()
    {
        var own = OwnDays();
        if (_problem.HasTravel) _solver.Ways = new Ways(_problem, own);
        var inConflict = FindConflicts(own);
        int[] sound = [.. Enumerable.Range(0, _problem.Claims).Where(claim => !inConflict[claim])];
        var windows = new IReadOnlyList<DayRange>[_problem.Claims];
        var alone = new IReadOnlyList<DayRange>[_problem.Claims];
        var finder = new Windows(_problem, _solver, _limits);
        if (sound.Length > 0) finder.Find(sound, datesAlone: false, windows);
        for (var claim = 0; claim < _problem.Claims; claim++)
        {
            // What its own dates say is the most that it alone can be: where nothing narrowed that, others did not.
            if (!inConflict[claim] && windows[claim] is [var whole] && whole == own[claim]) alone[claim] = windows[claim];
            else finder.Find([claim], inConflict[claim], inConflict[claim] ? windows : alone);
        }
        var support = new Support(_problem, _solver);
        support.Find(sound, windows, _findings);
        var results = new ClaimResult[_problem.Claims];
        for (var claim = 0; claim < results.Length; claim++)
        {
            var isDerived = !inConflict[claim] && !windows[claim].SequenceEqual(alone[claim]);
            results[claim] = new ClaimResult(_problem.Story.Claims[claim].Id, windows[claim], isDerived, _problem.Readings[claim], Place(claim, windows[claim]));
        }
        var order = _problem.Story.Claims.Select((claim, at) => (claim.Id, at)).ToDictionary(pair => pair.Id, pair => pair.at, StringComparer.Ordinal);
        List<Finding> findings = [.. _findings.OrderBy(finding => Rank(finding.Verdict)).ThenBy(finding => finding.Kind).ThenBy(finding => finding.Claims.Count > 0 ? order[finding.Claims[0]] : -1)];
        var isConsistent = findings.TrueForAll(finding => finding.Verdict != Verdict.Contradicts);
        return new CheckReport(_problem.Story.Name, isConsistent, _problem.Ground.Edition, results, findings, _limitReached || finder.LimitReached);
    }

    private static int Rank(Verdict verdict) => verdict switch
    {
        Verdict.Contradicts => 0,
        Verdict.CannotTell => 1,
        _ => 2,
    };

    /// <summary>For each claim, from the first to the last of the days that its own dates allow.</summary>
    private DayRange[] OwnDays()
    {
        var own = new DayRange[_problem.Claims];
        for (var claim = 0; claim < own.Length; claim++)
        {
            _solver.Take([claim]);
            _solver.KeepDates();
            own[claim] = _solver.Start() ? new DayRange(_solver.Low[_problem.Start[claim]], _solver.High[_problem.End[claim]]) : new DayRange(DayRange.Earliest, _problem.Story.Told);
        }
        return own;
    }

    private bool[] FindConflicts(DayRange[] own)
    {
        var inConflict = new bool[_problem.Claims];
        var explainer = new Explainer(_problem, _solver, _limits);
        _solver.Take([]);
        if (_solver.Solve() == Outcome.Impossible)
        {
            _findings.Add(explainer.Birth());
            _solver.WithoutPerson = true;
        }
        var conflicts = new Conflicts(_problem, _solver, own, _limits);
        conflicts.Find();
        foreach (var (claims, isProven) in conflicts.Found)
        {
            foreach (var claim in claims) inConflict[claim] = true;
            _findings.AddRange(explainer.Explain(claims, isProven));
        }
        _solver.WithoutWay = null;
        _limitReached |= conflicts.LimitReached || explainer.LimitReached;
        return inConflict;
    }

    /// <summary>For how many candidates what was said can be, on some day of the windows.</summary>
    private PlaceResult? Place(int claim, IReadOnlyList<DayRange> windows)
    {
        if (_problem.Places[claim] is not { } place) return null;
        var holds = place.Candidates.Count;
        var isStay = _problem.Story.Claims[claim].IsStay;
        for (var i = 0; i < place.Judgements.Length; i++)
        {
            if (place.HeldBy < 0 || place.Allowed[i].Count == PlaceOptions.Everything) continue;
            var allowed = place.Judgements[i].Denied.Complement();
            if (!windows.Any(window => allowed.Ranges.Any(range => range.First <= window.Last && window.First <= range.Last && (!isStay || MayLieIn(claim, range))))) holds--;
        }
        return new PlaceResult(holds, place.Candidates.Count, place.Candidates.Count <= MostCandidates ? place.Candidates : [.. place.Candidates.Take(MostCandidates)]);
    }

    private bool MayLieIn(int claim, DayRange days)
    {
        _solver.Take([claim]);
        return _solver.Start() && _solver.Enclose(claim, days) && _solver.Propagate() || Abandoned();
    }

    private bool Abandoned()
    {
        _solver.Abandon();
        return false;
    }
}
