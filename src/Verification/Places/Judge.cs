namespace Understory.Verification;

/// <summary>
/// Takes the sources together (verification.md, "Places and who held them"). It accuses only where one source says the
/// opposite of what was said, none says the same or "contested", and no source sees a change within 14 days.
/// </summary>
public static class Judge
{
    /// <summary>So near a change nothing is denied: reports are late, and towns change hands over days.</summary>
    public const int ChangeDays = 14;

    /// <summary>A place so far from the front is not lost or won between two editions of a list.</summary>
    public const double FarFromFrontKm = 10;

    /// <summary>What the sources say, day by day, of "this side held this place".</summary>
    public static Judgement Of(Candidate place, Side held, IReadOnlyList<IControlSource> sources, IFront? front)
    {
        var words = new List<ControlPeriods>(sources.Count);
        foreach (var source in sources)
        {
            if (source.Of(place) is { All.IsEmpty: false } periods) words.Add(periods);
        }
        if (words.Count == 0) return Judgement.Silent;
        var starts = new SortedSet<int>();
        foreach (var periods in words)
        {
            foreach (var period in periods.All) starts.Add(Math.Clamp(period.From, DayRange.Earliest, DayRange.Latest));
        }

        var (denied, supported, disagreed, ifFar) = (new List<DayRange>(), new List<DayRange>(), new List<DayRange>(), new List<DayRange>());
        var days = starts.ToArray();
        for (var i = 0; i < days.Length; i++)
        {
            var range = new DayRange(days[i], i + 1 < days.Length ? days[i + 1] - 1 : DayRange.Latest);
            var day = Day.Of(words, range.First);
            if (day.SaysRU && day.SaysNotRU) disagreed.Add(range);
            else if (day.Supports(held)) supported.Add(range);
            else if (day.Opposes(held, alone: false)) (day.Opposes(held, alone: true) ? denied : ifFar).Add(range);
        }
        var certain = DaySet.Of(denied);
        if (ifFar.Count > 0 && front is not null && place.Location is { } at) certain = certain.Union(DaySet.Of(ifFar).Intersect(front.DaysBeyond(at, FarFromFrontKm + place.RadiusKm)));
        if (!certain.IsEmpty) certain = certain.Except(Changes(words));
        return new Judgement(certain, DaySet.Of(supported), DaySet.Of(disagreed));
    }

    /// <summary>The days within 14 days of a change that any source sees; where it does not know when in a gap, the whole gap and 14 days on both sides.</summary>
    public static DaySet Changes(IReadOnlyList<ControlPeriods> words)
    {
        var changes = new List<DayRange>();
        foreach (var periods in words)
        {
            var said = ControlStatus.Nothing;
            var lastDay = 0;
            for (var i = 0; i < periods.All.Length; i++)
            {
                var period = periods.All[i];
                if (period.Status == ControlStatus.Nothing) continue;
                if (said != ControlStatus.Nothing && said != period.Status) changes.Add(new DayRange(lastDay - ChangeDays, period.From + ChangeDays));
                said = period.Status;
                lastDay = i + 1 < periods.All.Length ? periods.All[i + 1].From - 1 : DayRange.Latest;
            }
        }
        return DaySet.Of(changes);
    }

    /// <summary>What all sources say of a day.</summary>
    private readonly record struct Day(int RU, int UA, int NotRU, bool Contested, int AgainstRU, int AgainstUA, bool DeniesRU, bool DeniesUA, bool WeaklyDeniesRU, bool WeaklyDeniesUA)
    {
        public bool SaysRU => RU > 0;

        public bool SaysNotRU => UA + NotRU > 0;

        public static Day Of(List<ControlPeriods> words, int day)
        {
            var all = new Day();
            foreach (var periods in words)
            {
                var index = periods.IndexAt(day);
                if (index < 0) continue;
                var (_, status, _, force) = periods.All[index];
                // What may never deny does not help another to deny either: a map's "outside" within 3 km of its edge.
                var weighs = force == Force.Never ? 0 : 1;
                all = status switch
                {
                    ControlStatus.RU => all with { RU = all.RU + 1, AgainstUA = all.AgainstUA + weighs, DeniesUA = all.DeniesUA || force == Force.Denies, WeaklyDeniesUA = all.WeaklyDeniesUA || force == Force.NeedsAgreement },
                    ControlStatus.UA => all with { UA = all.UA + 1, AgainstRU = all.AgainstRU + weighs, DeniesRU = all.DeniesRU || force == Force.Denies, WeaklyDeniesRU = all.WeaklyDeniesRU || force == Force.NeedsAgreement },
                    ControlStatus.NotRU => all with { NotRU = all.NotRU + 1, AgainstRU = all.AgainstRU + weighs, DeniesRU = all.DeniesRU || force == Force.Denies, WeaklyDeniesRU = all.WeaklyDeniesRU || force == Force.NeedsAgreement },
                    ControlStatus.Contested => all with { Contested = true },
                    _ => all,
                };
            }
            return all;
        }

        public bool Supports(Side side) => side == Side.RU ? SaysRU && !SaysNotRU : UA > 0 && !SaysRU;

        /// <summary>Whether some source denies it; with <paramref name="alone"/>, without asking how far the front was.</summary>
        public bool Opposes(Side side, bool alone)
        {
            if (Contested) return false;
            return side == Side.RU
                ? !SaysRU && (DeniesRU || (WeaklyDeniesRU && (!alone || AgainstRU > 1)))
                : !SaysNotRU && (DeniesUA || (WeaklyDeniesUA && (!alone || AgainstUA > 1)));
        }
    }
}
