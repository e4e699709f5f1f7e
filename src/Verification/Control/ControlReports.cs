namespace Understory.Verification;

/// <summary>Status of places from day to day, as reports come in: what was said of one place is held as runs of days.</summary>
/// <remarks>Rows may come in any order. Two that say different things of one place on one day become "contested": it blocks and never accuses.</remarks>
internal sealed class ControlRuns
{
    private readonly List<(int First, int Last, ControlStatus Status)> _runs = [];
    private bool _isSorted = true;

    /// <summary>Adds days; the usual case, one day right after the last with the same status, only makes the run longer.</summary>
    public void Add(int first, int last, ControlStatus status)
    {
        if (_runs.Count > 0)
        {
            var end = _runs[^1];
            if (end.Status == status && first >= end.First && first <= end.Last + 1)
            {
                _runs[^1] = end with { Last = Math.Max(end.Last, last) };
                return;
            }
            if (first <= end.Last) _isSorted = false;
        }
        _runs.Add((first, last, status));
    }

    /// <summary>The runs in order; they do not overlap.</summary>
    public IReadOnlyList<(int First, int Last, ControlStatus Status)> Sorted()
    {
        if (_isSorted) return _runs;
        var days = _runs.GroupBy(run => run.Status).ToDictionary(group => group.Key, group => DaySet.Of(group.Select(run => new DayRange(run.First, run.Last))));
        var contested = days.GetValueOrDefault(ControlStatus.Contested, DaySet.None);
        foreach (var (status, set) in days)
        {
            foreach (var (other, otherSet) in days)
            {
                if (other < status) contested = contested.Union(set.Intersect(otherSet));
            }
        }
        days[ControlStatus.Contested] = contested;
        return
        [
            .. days.SelectMany(pair => (pair.Key is ControlStatus.Contested ? pair.Value : pair.Value.Except(contested)).Ranges.Select(range => (range.First, range.Last, pair.Key)))
                .OrderBy(run => run.First),
        ];
    }
}
