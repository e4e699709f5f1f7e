using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>
/// One source that says who held places: the official list, a series of polygons, VIINA, the starter facts. Sources are
/// kept apart and judged together (<see cref="IGround.Judge"/>). Of places outside Ukraine each of them says nothing.
/// </summary>
public interface IControlSource
{
    /// <summary>Its short stable name: <c>order376</c>, <c>deepstate</c>, <c>viina</c>, <c>starter</c>…</summary>
    string Name { get; }

    /// <summary>Its edition, as a report shows it: usually the last day that it knows of, in ISO 8601.</summary>
    string Version { get; }

    /// <summary>From the first day of which it can say anything to the last.</summary>
    DayRange Covered { get; }

    /// <summary>All that it says of a place, interned: a look-up makes nothing new. <see cref="ControlPeriods.None"/> where it says nothing.</summary>
    ControlPeriods Of(Candidate place);
}

/// <summary>How much the word of a source weighs when it says the opposite of a story. It never weakens what it supports or blocks.</summary>
public enum Force
{
    /// <summary>It denies by itself.</summary>
    Denies,

    /// <summary>It denies only where a second source agrees on that day, or the place lies 10 km or more from the front on it: an open period of the official list.</summary>
    NeedsAgreement,

    /// <summary>It never denies: outside a polygon and within 3 km of its edge.</summary>
    Never,
}

/// <summary>What a source says from a day on, until the day before the next period.</summary>
/// <param name="From">The first day.</param>
/// <param name="Status">What it says; <see cref="ControlStatus.Nothing"/> closes the period before.</param>
/// <param name="Basis">Why, short and stable: <c>section-2</c>, <c>not-listed</c>, <c>inside</c>, <c>between 2024-07-08 and 2024-08-03</c>…</param>
/// <param name="Force">How much it weighs against a story.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ControlPeriod(int From, ControlStatus Status, string Basis, Force Force = Force.Denies);

/// <summary>
/// What one source says of one place, in order of days. Before the first period it says nothing; the last runs on, so a
/// source that ends closes it with <see cref="ControlStatus.Nothing"/>.
/// </summary>
/// <remarks>
/// A change (verification.md) is where two neighbouring periods that say something say different things: with "nothing"
/// between them the whole gap is the change. "Nothing" between two that say the same is a gap in knowledge and no change.
/// </remarks>
public sealed class ControlPeriods
{
    private readonly ImmutableArray<ControlPeriod> _periods;

    /// <summary>From periods in strictly rising order of days.</summary>
    public ControlPeriods(params ImmutableArray<ControlPeriod> periods)
    {
        for (var i = 1; i < periods.Length; i++)
        {
            if (periods[i].From <= periods[i - 1].From) throw new ArgumentException("The periods are not in order of days.", nameof(periods));
        }
        _periods = periods;
    }

    /// <summary>It says nothing, ever.</summary>
    public static ControlPeriods None { get; } = new([]);

    /// <summary>All of them, in order.</summary>
    public ImmutableArray<ControlPeriod> All => _periods;

    /// <summary>The status on a day.</summary>
    public ControlStatus At(int day) => IndexAt(day) is var index and >= 0 ? _periods[index].Status : ControlStatus.Nothing;

    /// <summary>Which period a day lies in; -1 before the first. By bisection.</summary>
    public int IndexAt(int day)
    {
        var periods = _periods.AsSpan();
        var (low, high) = (0, periods.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (periods[middle].From <= day) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }
}

/// <summary>Where the front ran. It is the edge of what Russia holds that faces land held by Ukraine: coast and state border are not.</summary>
public interface IFront
{
    /// <summary>Kilometres to its nearest part on a day; null where it is not known.</summary>
    double? KmToFront(Location at, int day);

    /// <summary>The days on which it is known to have been at least so many kilometres away. What is not known is not in it.</summary>
    DaySet DaysBeyond(Location at, double km);
}

/// <summary>Something that may support a story and never contradicts it: incidents, positions of units.</summary>
public interface INearbySource
{
    /// <summary>Its short stable name: <c>ucdp</c>, <c>units</c>…</summary>
    string Name { get; }

    /// <summary>Its edition.</summary>
    string Version { get; }

    /// <summary>What was reported near a place within some days, the nearest first. Positions of units: of the unit that is named, of all where the name is empty, of none where it is null.</summary>
    IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit);
}
