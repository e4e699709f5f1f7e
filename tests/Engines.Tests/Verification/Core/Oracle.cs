using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>What a scenario must satisfy.</summary>
[Flags]
internal enum Asked
{
    Dates = 0,
    Places = 1,
    Ways = 2,
    Rules = 4,
    All = 7,
}

/// <summary>
/// Decides stories of a few days by trying every day, candidate and birth. It shares nothing with the network: it evaluates
/// what was said, day by day.
/// </summary>
internal sealed class Oracle(Story story, FakeGround ground, Facts facts)
{
    private readonly Dictionary<string, int> _byId = story.Claims.Select((claim, at) => (claim.Id, at)).ToDictionary(pair => pair.Id, pair => pair.at);
    private readonly int[] _start = new int[story.Claims.Count];
    private readonly int[] _end = new int[story.Claims.Count];
    private readonly int[] _candidate = new int[story.Claims.Count];
    private int _birth;

    public (int Claim, int Earlier, int Later) Moved { get; set; } = (-1, 0, 0);

    /// <summary>All smallest sets, as bits, of which no scenario is possible.</summary>
    public List<int> Conflicts()
    {
        List<int> found = [];
        foreach (var set in Enumerable.Range(0, 1 << story.Claims.Count).OrderBy(set => int.PopCount(set)))
        {
            if (found.Exists(known => (known & set) == known)) continue;
            if (!Any(set, Asked.All)) found.Add(set);
        }
        return found;
    }

    public bool Any(int set, Asked asked)
    {
        var any = false;
        Each(set, asked, () =>
        {
            any = true;
            return false;
        });
        return any;
    }

    /// <summary>For each claim of a set the days on which some scenario has it.</summary>
    public DaySet[] Windows(int set, Asked asked)
    {
        var days = story.Claims.Select(_ => new HashSet<int>()).ToArray();
        Each(set, asked, () =>
        {
            for (var i = 0; i < days.Length; i++) for (var day = _start[i]; day <= _end[i]; day++) days[i].Add(day);
            return true;
        });
        return [.. days.Select(all => DaySet.Of(all.Select(day => new DayRange(day, day))))];
    }

    // Claims that are not in the set, and that nobody in it speaks of, need no days.
    private void Each(int set, Asked asked, Func<bool> scenario)
    {
        var spokenOf = 0;
        var speaksOfBirth = false;
        for (var i = 0; i < story.Claims.Count; i++)
        {
            if ((set & (1 << i)) == 0) continue;
            var claim = story.Claims[i];
            speaksOfBirth |= claim.Age is not null || claim.Kind == ClaimKind.Conscripted;
            foreach (var when in new[] { claim.When, claim.From, claim.Until }) if (when is not null) spokenOf |= References(when);
        }
        var births = speaksOfBirth || set == 0 ? Enumerable.Range(DayRange.Earliest, story.Told - DayRange.Earliest + 1).Where(IsBirth) : [0];
        foreach (var birth in births)
        {
            _birth = birth;
            if (!Place(0, set, spokenOf | set, asked, scenario)) return;
        }
    }

    private bool IsBirth(int day) => story.Person.Born?.Contains(day) != false;

    private int References(When when) => when switch
    {
        When.After after => Bit(after.Of),
        When.Before before => Bit(before.Of),
        When.Within within => Bit(within.Of),
        When.SameDayAs same => Bit(same.Of),
        When.All all => all.Of.Aggregate(0, (bits, part) => bits | References(part)),
        When.Any any => any.Of.Aggregate(0, (bits, part) => bits | References(part)),
        _ => 0,
    };

    private int Bit(Reference of) => of.IsFact ? 0 : 1 << _byId[of.Id];

    private bool Place(int at, int set, int needed, Asked asked, Func<bool> scenario)
    {
        if (at == story.Claims.Count) return !IsSo(set, asked) || scenario();
        if ((needed & (1 << at)) == 0)
        {
            (_start[at], _end[at]) = (0, -1);
            return Place(at + 1, set, needed, asked, scenario);
        }
        var claim = story.Claims[at];
        var isTaken = (set & (1 << at)) != 0;
        var candidates = isTaken && claim.Where is not null ? ground.Find(claim.Where).Count : 1;
        for (var start = DayRange.Earliest; start <= story.Told; start++)
        {
            for (var end = start; end <= (claim.IsStay ? story.Told : start); end++)
            {
                (_start[at], _end[at]) = (start, end);
                if (isTaken && !OwnDates(at)) continue;
                for (var candidate = 0; candidate < candidates; candidate++)
                {
                    _candidate[at] = candidate;
                    if (isTaken && asked.HasFlag(Asked.Places) && !IsHeld(at)) continue;
                    if (!Place(at + 1, set, needed, asked, scenario)) return false;
                }
            }
        }
        return true;
    }

    // Cuts off early what does not depend on other claims.
    private bool OwnDates(int at)
    {
        var claim = story.Claims[at];
        return (claim.When is not When.Said when || IsSo(at, when, _start[at], _end[at], claim.IsStay))
            && (claim.From is not When.Said from || IsSo(at, from, _start[at], _start[at]))
            && (claim.Until is not When.Said until || IsSo(at, until, _end[at], _end[at]));
    }

    private bool IsHeld(int at)
    {
        var claim = story.Claims[at];
        if (claim.HeldBy is not { } side || claim.Where is null) return true;
        var places = ground.Find(claim.Where);
        if (places.Count == 0) return true;
        var denied = ground.Judge(places[_candidate[at]], side).Denied;
        for (var day = _start[at]; day <= _end[at]; day++) if (denied.Contains(day)) return false;
        return true;
    }

    private bool IsSo(int set, Asked asked)
    {
        for (var i = 0; i < story.Claims.Count; i++)
        {
            if ((set & (1 << i)) == 0) continue;
            var claim = story.Claims[i];
            if (claim.When is { } when && !IsSo(i, when, _start[i], _end[i], claim.IsStay)) return false;
            if (claim.From is { } from && !IsSo(i, from, _start[i], _start[i])) return false;
            if (claim.Until is { } until && !IsSo(i, until, _end[i], _end[i])) return false;
            if (claim.For is { } lasting && !IsApart(_end[i] - _start[i], lasting)) return false;
            if (claim.Age is { } age && !(_birth <= _end[i] + (Moved.Claim == i ? Moved.Earlier : 0) && age == 0)) return false;
            if (asked.HasFlag(Asked.Rules) && !IsLawful(i)) return false;
            if (!asked.HasFlag(Asked.Ways)) continue;
            for (var j = 0; j < i; j++) if ((set & (1 << j)) != 0 && !CanGo(j, i)) return false;
        }
        return true;
    }

    private bool IsLawful(int at)
    {
        foreach (var fact in facts.All)
        {
            if (fact.Rule is not { } rule || rule.Kind != story.Claims[at].Kind) continue;
            if (!rule.Allowed.Any(way => way.Days.Contains(_start[at]) && (way.FromAge is null || _birth <= _start[at]) && way.Born?.Contains(_birth) != false)) return false;
        }
        return true;
    }

    private static bool IsApart(int days, Amount amount)
    {
        var (unit, half) = amount.Unit == TimeUnit.Day ? (1, 1) : (7, 4);
        return days >= (amount.Least * unit) - Slack(amount.Least) && days <= (amount.Most * unit) + Slack(amount.Most);

        int Slack(int count) => Math.Max(half, (int)Math.Ceiling(count * unit / 5m));
    }

    private bool IsSo(int at, When when, int first, int last, bool encloses = false)
    {
        switch (when)
        {
            case When.Said said:
                var (earlier, later) = Moved.Claim == at ? (Moved.Earlier, Moved.Later) : (0, 0);
                if (said.Phrase is Phrase.Date date)
                {
                    if (encloses)
                    {
                        return date.Readings.Any(reading => reading.Days.Hull.First - earlier <= first && last <= reading.Days.Hull.Last + later);
                    }
                    return date.Readings.Any(reading => Enumerable.Range(-later, later + earlier + 1).Any(move => reading.Days.Contains(first + move)));
                }
                var span = (Phrase.Span)said.Phrase;
                var from = span.From?.Readings[0].Days.Hull.First ?? DayRange.Earliest;
                var until = span.Until?.Readings[0].Days.Hull.Last ?? DayRange.Latest;
                return from - earlier <= first && last <= until + later;
            case When.After after:
                var end = _end[_byId[after.Of.Id]];
                return after.By is null ? first >= end : IsApart(first - end, after.By);
            case When.Before before:
                var start = _start[_byId[before.Of.Id]];
                return before.By is null ? last <= start : IsApart(start - last, before.By);
            case When.Within within:
                return first >= _start[_byId[within.Of.Id]] && last <= _end[_byId[within.Of.Id]];
            case When.SameDayAs same:
                return first == _start[_byId[same.Of.Id]];
            case When.All all:
                return all.Of.All(part => IsSo(at, part, first, last, encloses));
            case When.Any any:
                return any.Of.Any(part => IsSo(at, part, first, last, encloses));
            default:
                throw new ArgumentOutOfRangeException(nameof(when));
        }
    }

    private bool CanGo(int a, int b)
    {
        var (one, other) = (story.Claims[a], story.Claims[b]);
        if (one.Where is null || other.Where is null || one.Leave || other.Leave) return true;
        var (places, others) = (ground.Find(one.Where), ground.Find(other.Where));
        if (places.Count == 0 || others.Count == 0) return true;
        var (here, there) = (places[_candidate[a]], others[_candidate[b]]);
        if (here.Location is null || there.Location is null || here.Id == there.Id) return true;
        var km = here.Location.Value.DistanceKm(there.Location.Value);
        var shared = Enumerable.Range(_start[a], _end[a] - _start[a] + 1).Where(day => _start[b] <= day && day <= _end[b]).ToList();
        if (one.IsStay && other.IsStay && km > 300 && shared.Count >= 3) return false;
        if (shared.Exists(day => IsAcross(one, here, other, there, day))) return false;
        if (one.IsStay || other.IsStay) return true;
        var perDay = facts.All.Any(fact => fact.Sky is not null) ? 2400 : 21_600;
        return Math.Abs(_start[a] - _start[b]) + 1 >= km / perDay;
    }

    private bool IsAcross(Claim one, Candidate here, Claim other, Candidate there, int day)
    {
        if (Passes(one) || Passes(other) || story.Claims.Any(claim => Passes(claim) && claim.When is When.Said { Phrase: Phrase.Date date } && Hull(date).First - 1 <= day && day <= Hull(date).Last + 1)) return false;
        var (side, otherSide) = (ground.SideOf(here, day), ground.SideOf(there, day));
        return side is not null && otherSide is not null && side != otherSide && ground.KmToFront(here, day) > 30 && ground.KmToFront(there, day) > 30;

        static bool Passes(Claim claim) => claim.Kind is ClaimKind.Surrendered or ClaimKind.Captured or ClaimKind.Exchanged;

        static DayRange Hull(Phrase.Date date) => new(date.Readings.Min(reading => reading.Days.Hull.First), date.Readings.Max(reading => reading.Days.Hull.Last));
    }
}
