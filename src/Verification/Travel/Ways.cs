using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>Why two claims cannot both be so on the days they were given.</summary>
internal enum ClashKind : byte
{
    /// <summary>They can.</summary>
    None,

    /// <summary>The front lay between them on a day that they share.</summary>
    Crossing,

    /// <summary>They are stays far apart that share three days or more.</summary>
    Stays,

    /// <summary>The way is longer than the time.</summary>
    Way,
}

/// <summary>A clash of two places.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Days">Of a crossing the first shared day on which the front lay between; of a way, by how many days they must differ.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Clash(ClashKind Kind, int Days);

/// <summary>
/// What a scenario's days ask of the ways between its places (<c>docs/formats/story.md</c>, "Travel"). It looks only at places
/// that meet in time, and remembers what the ground said.
/// </summary>
internal sealed class Ways
{
    /// <summary>Day and night, on roads.</summary>
    internal const double RoadKmPerDay = 2400;

    /// <summary>Any two places on the Earth in one day.</summary>
    internal const double AirKmPerDay = 21_600;

    /// <summary>Nearer to the front than this, crossing it takes no time.</summary>
    internal const double FrontKm = 30;

    /// <summary>Stays farther apart than this are not at one place.</summary>
    internal const double FarKm = 300;

    /// <summary>So many days stays far apart may share: of arrival and departure.</summary>
    internal const int SharedDays = 2;

    /// <summary>A surrender, capture or exchange whose own days are more than this says nothing of a day.</summary>
    internal const int CertainDays = 62;

    private const byte Unknown = 0;
    private const byte Neither = 1;
    private const byte Russian = 2;
    private const byte Ukrainian = 3;

    private readonly Problem _problem;
    private readonly Dictionary<(int Claim, int Candidate, int Day), byte> _sides = [];
    private readonly bool[] _leaves;
    private readonly bool[] _passes;
    private readonly DayRange[] _own;
    private readonly DaySet _passages;

    /// <param name="problem">The story.</param>
    /// <param name="own">For each claim, from the first to the last of the days that its own dates allow.</param>
    internal Ways(Problem problem, DayRange[] own)
    {
        _problem = problem;
        _own = own;
        var claims = problem.Story.Claims;
        _leaves = new bool[claims.Count];
        _passes = new bool[claims.Count];
        List<DayRange>? passages = null;
        for (var i = 0; i < claims.Count; i++)
        {
            _leaves[i] = claims[i].IsStay && claims[i].Leave;
            _passes[i] = claims[i].Kind is ClaimKind.Surrendered or ClaimKind.Captured or ClaimKind.Exchanged;
            if (_passes[i] && own[i].Count <= CertainDays) (passages ??= []).Add(new DayRange(own[i].First - 1, own[i].Last + 1));
        }
        _passages = passages is null ? DaySet.None : DaySet.Of(passages);
        MostDays = problem.Facts.ClosedSkies.IsEmpty ? 0 : (int)Math.Ceiling(20_100 / RoadKmPerDay);
    }

    /// <summary>Ways ask nothing of days farther apart than this.</summary>
    internal int MostDays { get; }

    /// <summary>Whether two claims, given these days and candidates, can both be so.</summary>
    internal Clash Between(int a, int i, DayRange first, int b, int j, DayRange second)
    {
        var (from, until) = (Math.Max(first.First, second.First), Math.Min(first.Last, second.Last));
        if (from > until + MostDays) return default;
        var (one, other) = (_problem.Places[a]!.Candidates[i], _problem.Places[b]!.Candidates[j]);
        if (one.Location is not { } here || other.Location is not { } there || one.Id == other.Id) return default;
        var (isStay, otherIsStay) = (IsStay(a), IsStay(b));
        if (_leaves[a] || _leaves[b]) return default;
        if (from > until)
        {
            if (isStay || otherIsStay) return default;
            var days = DaysBetween(a, b, here, there, Km(one, other));
            return from - until < days ? new Clash(ClashKind.Way, days) : default;
        }
        if (isStay && otherIsStay && until - from + 1 > SharedDays && Km(one, other) > FarKm) return new Clash(ClashKind.Stays, 0);
        for (var day = from; day <= until; day++) if (IsAcross(a, i, b, j, day)) return new Clash(ClashKind.Crossing, day);
        if (isStay || otherIsStay) return default;
        var least = DaysBetween(a, b, here, there, Km(one, other));
        return least > 0 ? new Clash(ClashKind.Way, least) : default;
    }

    /// <summary>Whether the front certainly lay between two candidates on a day, and neither was near it.</summary>
    internal bool IsAcross(int a, int i, int b, int j, int day)
    {
        if (_passes[a] || _passes[b]) return false;
        var side = SideOf(a, i, day);
        if (side < Russian) return false;
        var other = SideOf(b, j, day);
        return other >= Russian && side != other && !_passages.Contains(day) && IsFarFromFront(a, i, day) && IsFarFromFront(b, j, day);
    }

    /// <summary>The days around one, within others, on all of which the answer of <see cref="IsAcross"/> is the same.</summary>
    internal DayRange RunOf(int a, int i, int b, int j, int day, DayRange within)
    {
        // A shorter run is as right as a longer one: it only asks more often.
        const int Longest = 400;
        var across = IsAcross(a, i, b, j, day);
        var (first, last) = (day, day);
        while (first > within.First && day - first < Longest && IsAcross(a, i, b, j, first - 1) == across) first--;
        while (last < within.Last && last - day < Longest && IsAcross(a, i, b, j, last + 1) == across) last++;
        return new DayRange(first, last);
    }

    /// <summary>Between two candidates, less what each may be off.</summary>
    internal static double Km(Candidate one, Candidate other) => one.Location is { } here && other.Location is { } there ? Math.Max(0, here.DistanceKm(there) - one.RadiusKm - other.RadiusKm) : 0;

    /// <summary>By how many days two claims must differ for the way alone; 0 where one is a stay.</summary>
    internal int DaysBetween(int a, int i, int b, int j)
    {
        var (one, other) = (_problem.Places[a]!.Candidates[i], _problem.Places[b]!.Candidates[j]);
        if (one.Location is not { } here || other.Location is not { } there || IsStay(a) || IsStay(b)) return 0;
        return DaysBetween(a, b, here, there, Km(one, other));
    }

    /// <summary>Whether two candidates are too far apart for stays that share three days.</summary>
    internal bool AreFar(int a, int i, int b, int j) => Km(_problem.Places[a]!.Candidates[i], _problem.Places[b]!.Candidates[j]) > FarKm;

    /// <summary>Whether two claims, with any of their candidates, may clash in a time; true where that is long to find out.</summary>
    internal bool MayClash(int a, int b, DayRange meeting)
    {
        if (meeting.First > meeting.Last + MostDays || _leaves[a] || _leaves[b]) return false;
        var (many, others) = (_problem.Places[a]!.Candidates.Count, _problem.Places[b]!.Candidates.Count);
        if (many * others > 9) return true;
        for (var i = 0; i < many; i++) for (var j = 0; j < others; j++) if (MayClash(a, i, b, j, meeting)) return true;
        return false;
    }

    /// <summary>The same of two candidates.</summary>
    internal bool MayClash(int a, int i, int b, int j, DayRange meeting)
    {
        const int Long = 64;
        if (meeting.First > meeting.Last + MostDays || _leaves[a] || _leaves[b]) return false;
        var (one, other) = (_problem.Places[a]!.Candidates[i], _problem.Places[b]!.Candidates[j]);
        if (one.Location is null || other.Location is null || one.Id == other.Id) return false;
        if (IsStay(a) && IsStay(b) && AreFar(a, i, b, j)) return true;
        if (DaysBetween(a, i, b, j) > 0) return true;
        if (_passes[a] || _passes[b]) return false;
        if (meeting.Last - meeting.First >= Long) return true;
        for (var day = meeting.First; day <= meeting.Last; day++) if (IsAcross(a, i, b, j, day)) return true;
        return false;
    }

    private bool IsStay(int claim) => _problem.Start[claim] != _problem.End[claim];

    /// <summary>By how many days two events must differ. Roads count only where the sky was closed over both, all the days that either's own dates allow.</summary>
    private int DaysBetween(int a, int b, Location here, Location there, double km)
    {
        if (km <= RoadKmPerDay) return 0;
        var speed = MostDays > 0 && IsClosed(here, _own[a]) && IsClosed(there, _own[b]) ? RoadKmPerDay : AirKmPerDay;
        return (int)Math.Ceiling(km / speed) - 1;
    }

    private bool IsClosed(Location place, DayRange days)
    {
        foreach (var sky in _problem.Facts.ClosedSkies)
        {
            if (sky.Days.First <= days.First && days.Last <= sky.Days.Last && sky.Sky!.Contains(place) && !_problem.Story.Off.Contains(sky.Id, StringComparer.Ordinal)) return true;
        }
        return false;
    }

    private byte SideOf(int claim, int candidate, int day)
    {
        ref var side = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_sides, (claim, candidate, day), out _);
        if ((side & 3) == Unknown)
        {
            side = _problem.Ground.SideOf(_problem.Places[claim]!.Candidates[candidate], day) switch
            {
                Side.RU => Russian,
                Side.UA => Ukrainian,
                _ => Neither,
            };
        }
        return (byte)(side & 3);
    }

    private bool IsFarFromFront(int claim, int candidate, int day)
    {
        // 4: asked before; 8: it is far.
        ref var side = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_sides, (claim, candidate, day), out _);
        if ((side & 4) == 0)
        {
            var place = _problem.Places[claim]!.Candidates[candidate];
            side |= _problem.Ground.KmToFront(place, day) - place.RadiusKm > FrontKm ? (byte)12 : (byte)4;
        }
        return (side & 8) != 0;
    }
}
