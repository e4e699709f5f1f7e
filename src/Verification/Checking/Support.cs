namespace Understory.Verification;

/// <summary>Finds what supports claims that are in no conflict, where sources disagree about them, and where the law is not certain.</summary>
internal sealed class Support(Problem problem, Solver solver)
{
    private const int MostCandidates = 3;
    private const int MostDays = 92;
    private readonly Words _words = new(problem);

    internal void Find(int[] sound, IReadOnlyList<DayRange>[] windows, List<Finding> findings)
    {
        if (sound.Length == 0) return;
        DayRange[] times = [];
        foreach (var claim in sound)
        {
            if (problem.Places[claim] is { HeldBy: >= 0 })
            {
                if (times.Length == 0) times = Times(sound);
                if (Held(claim, windows[claim], times[claim]) is { } finding) findings.Add(finding);
            }
            findings.AddRange(Unsure(claim));
            findings.AddRange(Near(claim, windows[claim]));
        }
    }

    /// <summary>When each claim can have been by dates and order alone.</summary>
    private DayRange[] Times(int[] sound)
    {
        var times = new DayRange[problem.Claims];
        solver.Take(sound);
        solver.KeepDates();
        solver.Start();
        foreach (var claim in sound) times[claim] = new DayRange(solver.Low[problem.Start[claim]], solver.High[problem.End[claim]]);
        return times;
    }

    private Finding? Held(int claim, IReadOnlyList<DayRange> windows, DayRange time)
    {
        var place = problem.Places[claim]!;
        var (isDenied, isDisagreed, supportedBy, supported) = (false, true, -1, 0);
        for (var i = 0; i < place.Candidates.Count; i++)
        {
            var judged = place.Judgements[i];
            isDenied |= Meets(judged.Denied, time);
            isDisagreed &= Covers(judged.Disagreed, time);
            if (supportedBy < 0 && Supported(claim, windows, judged.Supported) is { } day) (supportedBy, supported) = (i, day);
        }
        if (isDisagreed)
        {
            return new Finding
            {
                Kind = FindingKind.Place,
                Verdict = Verdict.CannotTell,
                Claims = [_words.Id(claim)],
                Because = [.. _words.Reasons(place.HeldBy)],
                BySource = [.. place.Candidates.Take(MostCandidates).SelectMany(candidate => problem.Ground.Ask(candidate, time.First))],
                Explanation = Say(Sentences.PlaceDisagrees, claim),
                Benign = [Words.Say(Sentences.BenignContested, ("place", _words.NameOf(claim))), new Sentence(Sentences.BenignLag, Words.Nothing)],
                Ask = _words.Ask(FindingKind.Place, [claim]),
            };
        }
        if (isDenied || supportedBy < 0) return null;
        return new Finding
        {
            Kind = FindingKind.Place,
            Verdict = Verdict.Agrees,
            Claims = [_words.Id(claim)],
            Because = [.. _words.Reasons(place.HeldBy)],
            BySource = problem.Ground.Ask(place.Candidates[supportedBy], supported),
            Explanation = Say(Sentences.PlaceAgrees, claim),
        };
    }

    private Sentence Say(string key, int claim) => Words.Say(key, ("claim", _words.Id(claim)), ("place", _words.NameOf(claim)), ("side", problem.Story.Claims[claim].HeldBy.ToString()!));

    private static bool Meets(DaySet days, DayRange time)
    {
        foreach (var range in days.Ranges) if (range.First <= time.Last && time.First <= range.Last) return true;
        return false;
    }

    private static bool Covers(DaySet days, DayRange time)
    {
        foreach (var range in days.Ranges) if (range.First <= time.First && time.Last <= range.Last) return true;
        return false;
    }

    /// <summary>The first day on which a source supports an event, or the first of a stay that one supports throughout; null where there is none.</summary>
    private int? Supported(int claim, IReadOnlyList<DayRange> windows, DaySet supported)
    {
        foreach (var range in supported.Ranges)
        {
            foreach (var window in windows)
            {
                var (first, last) = (Math.Max(range.First, window.First), Math.Min(range.Last, window.Last));
                if (first <= last && (!problem.Story.Claims[claim].IsStay || MayLieIn(claim, range))) return first;
            }
        }
        return null;
    }

    private bool MayLieIn(int claim, DayRange days)
    {
        solver.Take([claim]);
        var possible = solver.Start() && solver.Enclose(claim, days) && solver.Propagate();
        solver.Abandon();
        return possible;
    }

    /// <summary>Rules that the claim satisfies only in a way that is not certain.</summary>
    private IEnumerable<Finding> Unsure(int claim)
    {
        for (var i = problem.FirstAssertion[claim]; i < problem.FirstAssertion[claim + 1]; i++)
        {
            if (problem.Assertions[i] is not { Kind: FindingKind.Rule, What: Fact fact }) continue;
            if (!fact.Rule!.Allowed.Any(allowed => allowed.IsUnsure) || IsSure(claim, fact.Rule)) continue;
            yield return new Finding
            {
                Kind = FindingKind.Rule,
                Verdict = Verdict.CannotTell,
                Claims = [_words.Id(claim)],
                Because = [.. _words.Reasons(i)],
                Explanation = Words.Say(Sentences.RuleUnsure, [("claim", _words.Id(claim)), ("fact", fact.Id), .. Words.InEach("what", fact.What)]),
                Benign = [.. Words.Benign(fact), new Sentence(Sentences.BenignPractice, Words.Nothing)],
                Ask = _words.Ask(FindingKind.Rule, [claim]),
            };
        }
    }

    /// <summary>Whether some way that is certainly allowed is open to the claim by itself.</summary>
    private bool IsSure(int claim, Rule rule)
    {
        foreach (var allowed in rule.Allowed)
        {
            if (allowed.IsUnsure) continue;
            foreach (var days in allowed.Days.Ranges)
            {
                solver.Take([claim]);
                var possible = solver.Start() && solver.Touch(claim, days) && solver.Age(claim, allowed) && solver.Propagate();
                solver.Abandon();
                if (possible) return true;
            }
        }
        return false;
    }

    private IEnumerable<Finding> Near(int claim, IReadOnlyList<DayRange> windows)
    {
        var told = problem.Story.Claims[claim];
        if (problem.Places[claim] is not { HasLocation: true, Candidates.Count: <= MostCandidates } place || windows.Count == 0 || problem.Story.Off.Contains(Checker.Nearby)) return [];
        var days = new DayRange(windows[0].First, windows[^1].Last);

        // Over a long time something is near everywhere at the front, which says nothing of a day.
        if (days.Count > MostDays) return [];
        var near = place.Candidates.Where(candidate => candidate.Location is not null).SelectMany(candidate => problem.Ground.Near(candidate, days, told.Unit)).ToList();

        // That some unit was near agrees with nothing that was said, where no unit was.
        if (told.Unit is null) near.RemoveAll(found => found.Kind == "unit");
        if (near.Count == 0) return [];
        return near.GroupBy(found => found.Kind, StringComparer.Ordinal).Select(found => Near(claim, found.MinBy(one => one.Km)!));
    }

    private Finding Near(int claim, Nearby found) => new()
    {
        Kind = found.Kind == "unit" ? FindingKind.Unit : FindingKind.Incident,
        Verdict = Verdict.Agrees,
        Claims = [_words.Id(claim)],
        Because = [],
        Explanation = Words.Say(found.Kind == "unit" ? Sentences.UnitNear : Sentences.IncidentNear, ("claim", _words.Id(claim)), ("place", _words.NameOf(claim)), ("km", Explainer.Number(found.Km)), ("days", found.Days.ToString()), ("source", found.Source), ("text", found.Text)),
    };
}
