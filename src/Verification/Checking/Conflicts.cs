using System.Collections;

namespace Understory.Verification;

/// <summary>
/// Finds all smallest sets of claims of which no scenario is possible: MARCO (Liffiton, Previti, Malik, Marques-Silva, Fast,
/// flexible MUS enumeration, 2016) in each part of the story whose claims have to do with each other, with deletion shrinking.
/// </summary>
internal sealed class Conflicts
{
    private const int MostSeeds = 400;
    private const int MostNodes = 200_000;
    private readonly Problem _problem;
    private readonly Solver _solver;
    private readonly DayRange[] _own;
    private readonly int _most;
    private readonly long _effort;
    private readonly long _all;

    /// <param name="problem">The story.</param>
    /// <param name="solver">What solves it.</param>
    /// <param name="own">For each claim, from the first to the last of the days that its own dates allow.</param>
    /// <param name="limits">How much may be done.</param>
    internal Conflicts(Problem problem, Solver solver, DayRange[] own, CheckLimits limits)
    {
        (_problem, _solver, _own, _most, _effort, _all) = (problem, solver, own, limits.Conflicts, limits.EffortOfOne, limits.Effort);
    }

    /// <summary>The conflicts: places of claims in the story, in order; and whether it is certain that none of them can be left out.</summary>
    internal List<(int[] Claims, bool IsProven)> Found { get; } = [];

    /// <summary>Whether there may be more.</summary>
    internal bool LimitReached { get; private set; }

    /// <summary>Fills <see cref="Found"/>.</summary>
    internal void Find()
    {
        int[] all = [.. Enumerable.Range(0, _problem.Claims)];
        var outcome = Try(all);
        if (outcome == Outcome.Possible) return;
        if (outcome == Outcome.Unknown)
        {
            // Ways are what multiplies. Without them conflicts may be missed; none is made up.
            LimitReached = true;
            _solver.Ways = null;
            outcome = Try(all);
            if (outcome == Outcome.Possible) return;
        }
        var rest = new List<int>();
        foreach (var claim in all)
        {
            if (Try([claim]) == Outcome.Impossible) Found.Add(([claim], true));
            else rest.Add(claim);
            if (Found.Count >= _most)
            {
                LimitReached = true;
                return;
            }
        }
        foreach (var part in Parts(rest))
        {
            if (part.Length > 1 && Try(part) == Outcome.Impossible) Enumerate(part);
        }
    }

    private Outcome Try(ReadOnlySpan<int> claims)
    {
        _solver.Take(claims);
        _solver.Limit = Math.Min(_all, _solver.Effort + _effort);
        var outcome = _solver.Solve();
        if (outcome == Outcome.Unknown) LimitReached = true;
        return outcome;
    }

    /// <summary>Claims that have to do with each other, directly or through others.</summary>
    private List<int[]> Parts(List<int> rest)
    {
        var root = new int[_problem.Claims];
        for (var i = 0; i < root.Length; i++) root[i] = i;

        // Also through claims that are not taken: what is counted from their days stays counted from the same days.
        foreach (var (of, to) in _problem.References) Join(of, to);
        var birth = -1;
        for (var i = 0; i < root.Length; i++)
        {
            if (!_problem.SpeaksOfBirth[i]) continue;
            if (birth >= 0) Join(i, birth);
            birth = i;
        }
        if (_solver.Ways is { } ways)
        {
            for (var i = 0; i < rest.Count; i++)
            {
                if (!_problem.IsWalker(rest[i])) continue;
                for (var j = 0; j < i; j++)
                {
                    var (a, b) = (_own[rest[i]], _own[rest[j]]);
                    if (_problem.IsWalker(rest[j]) && Math.Max(a.First, b.First) <= Math.Min(a.Last, b.Last) + ways.MostDays) Join(rest[i], rest[j]);
                }
            }
        }
        return [.. rest.GroupBy(Root).Select(part => part.ToArray())];

        int Root(int claim)
        {
            while (root[claim] != claim) claim = root[claim] = root[root[claim]];
            return claim;
        }

        void Join(int a, int b) => root[Root(a)] = Root(b);
    }

    private void Enumerate(int[] part)
    {
        List<BitArray> conflicts = [];
        List<BitArray> outside = [];
        for (var seeds = 0; seeds < MostSeeds; seeds++)
        {
            var seed = Seed(part.Length, conflicts, outside);
            if (seed is null) return;
            if (Try(Claims(part, seed)) != Outcome.Impossible)
            {
                // It is as large as the known conflicts let it be: what is found next has something that it has not.
                outside.Add(seed.Not());
                continue;
            }
            var (conflict, isProven) = Shrink(part, seed);
            conflicts.Add(conflict);
            Found.Add((Claims(part, conflict), isProven));
            if (Found.Count < _most) continue;
            break;
        }
        LimitReached = true;
    }

    private static int[] Claims(int[] part, BitArray set)
    {
        List<int> claims = [];
        for (var i = 0; i < part.Length; i++) if (set[i]) claims.Add(part[i]);
        return [.. claims];
    }

    /// <summary>Leaves out what the conflict does not need: first by halves, then one by one.</summary>
    private (BitArray Kept, bool IsProven) Shrink(int[] part, BitArray seed)
    {
        var (kept, isProven) = (new BitArray(seed), true);
        for (var size = part.Length / 2; size >= 1; size /= 2)
        {
            for (var from = 0; from < part.Length; from += size)
            {
                var less = new BitArray(kept);
                var any = false;
                for (var i = from; i < Math.Min(part.Length, from + size); i++)
                {
                    any |= less[i];
                    less[i] = false;
                }
                if (!any) continue;
                var outcome = Try(Claims(part, less));
                if (outcome == Outcome.Impossible) kept = less;
                else if (outcome == Outcome.Unknown && size == 1) isProven = false;
            }
        }
        return (kept, isProven);
    }

    /// <summary>A largest set that holds no known conflict and has something outside each set that is known to be possible; null where there is none.</summary>
    private BitArray? Seed(int size, List<BitArray> conflicts, List<BitArray> outside)
    {
        var (inside, without) = (new BitArray(size), new BitArray(size));
        var nodes = 0;
        if (!Hit(0)) return null;
        for (var i = 0; i < size; i++) if (!inside[i] && !Completes(i)) inside[i] = true;
        return inside;

        bool Hit(int at)
        {
            if (++nodes > MostNodes)
            {
                LimitReached = true;
                return false;
            }
            while (at < outside.Count && Overlaps(outside[at], inside)) at++;
            if (at == outside.Count) return true;
            List<int> tried = [];
            var found = false;
            for (var i = 0; i < size && !found; i++)
            {
                if (!outside[at][i] || without[i] || Completes(i)) continue;
                inside[i] = true;
                found = Hit(at + 1);
                if (found) break;
                inside[i] = false;
                without[i] = true;
                tried.Add(i);
            }
            foreach (var i in tried) without[i] = false;
            return found;
        }

        bool Completes(int claim)
        {
            foreach (var conflict in conflicts)
            {
                if (!conflict[claim]) continue;
                var missing = false;
                for (var i = 0; i < size && !missing; i++) missing = conflict[i] && i != claim && !inside[i];
                if (!missing) return true;
            }
            return false;
        }
    }

    private static bool Overlaps(BitArray a, BitArray b)
    {
        for (var i = 0; i < a.Length; i++) if (a[i] && b[i]) return true;
        return false;
    }
}
