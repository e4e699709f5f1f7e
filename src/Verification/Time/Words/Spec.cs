namespace Understory.Verification;

/// <summary>What kind of date was said.</summary>
internal enum SpecKind
{
    /// <summary>A number that may become a day, or "early" that waits for its month.</summary>
    Bare,
    Day, Month, Week, Season, Year, Years, Holiday, Fixed,
}

/// <summary>
/// A date as it was said, perhaps without its month or year, which the other end of "from 3 to 15 March 2022" may give it.
/// </summary>
internal sealed record Spec(SpecKind Kind, int At)
{
    /// <summary>The last third of a month, season or year.</summary>
    public const int Late = 3;

    /// <summary>The first half; 12 is the second.</summary>
    public const int FirstHalf = 11;

    /// <summary>The first quarter of a year, to 24.</summary>
    public const int FirstQuarter = 21;

    /// <summary>The tenth to the nineteenth; 32 is from the twentieth on.</summary>
    public const int Teens = 31;

    public int Day { get; init; }

    /// <summary>A day counted in its month, where −1 is the last.</summary>
    public int DayOrdinal { get; init; }

    public int Month { get; init; }

    public int SeasonMonth { get; init; }

    public int? Year { get; init; }

    /// <summary>For "winter 2022/23" the second year.</summary>
    public int? YearTo { get; init; }

    /// <summary>1 early, 2 mid, 3 late, 11 and 12 halves, 21 to 24 quarters, 31 and 32 tens of days.</summary>
    public int Cut { get; init; }

    /// <summary>Which week, where −1 is the last.</summary>
    public int Week { get; init; }

    public int HolidayNumber { get; init; }

    public int Rite { get; init; }

    /// <summary>Bits of weekdays, Monday being 1.</summary>
    public int Weekdays { get; init; }

    public int WeekdayOrdinal { get; init; }

    public bool IsAbout { get; init; }

    /// <summary>"On the eve of": the three days before.</summary>
    public bool IsEve { get; init; }

    /// <summary>A night, which is of two days and may be named by either.</summary>
    public bool IsNight { get; init; }

    /// <summary>"The week of 7 March".</summary>
    public bool IsWeekOf { get; init; }

    /// <summary>"Two weeks after Easter 2022".</summary>
    public Amount? Moved { get; init; }

    public bool IsMovedBack { get; init; }

    public IReadOnlyList<Reading> Readings { get; init; } = [];

    public bool NeedsYear => Year is null && Kind is not SpecKind.Fixed and not SpecKind.Years;

    /// <summary>Where in a year it stands, to know whether the year changes between two ends.</summary>
    private int Order => Kind switch
    {
        SpecKind.Season => SeasonMonth * 100,
        SpecKind.Year or SpecKind.Years or SpecKind.Fixed or SpecKind.Holiday => -1,
        _ => (Month * 100) + (Day > 0 ? Day : Cut),
    };

    /// <summary>As the earlier end, completed by the later one.</summary>
    public Spec CompletedBy(Spec later)
    {
        var spec = this;
        if (spec.Kind == SpecKind.Bare && spec.Day > 0 && later.Kind == SpecKind.Day) spec = spec with { Kind = SpecKind.Day, Month = later.Month };
        else if (spec.Kind == SpecKind.Bare && spec.Cut > 0 && later.Kind is SpecKind.Month or SpecKind.Season or SpecKind.Year)
        {
            spec = later with { At = At, Cut = Cut };
        }
        if (spec.NeedsYear && later is { Year: { } year }) spec = spec with { Year = IsAfter(spec.Order, later.Order) ? year - 1 : year };
        return spec;
    }

    /// <summary>As the later end, completed by the earlier one.</summary>
    public Spec FollowedFrom(Spec earlier) => NeedsYear && Kind != SpecKind.Bare && earlier is { Year: { } year }
        ? this with { Year = IsAfter(earlier.Order, Order) ? year + 1 : year }
        : this;

    private static bool IsAfter(int first, int second) => first >= 0 && second >= 0 && first > second;
}
