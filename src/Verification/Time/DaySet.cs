using System.Collections.Immutable;

namespace Understory.Verification;

/// <summary>Any set of days: ranges in order that neither touch nor overlap. It never changes.</summary>
public sealed class DaySet : IEquatable<DaySet>
{
    private readonly ImmutableArray<DayRange> _ranges;

    private DaySet(ImmutableArray<DayRange> ranges) => _ranges = ranges;

    /// <summary>No day.</summary>
    public static DaySet None { get; } = new([]);

    /// <summary>All days that anything here can speak of.</summary>
    public static DaySet All { get; } = new([DayRange.Always]);

    /// <summary>Its ranges, in order.</summary>
    public ImmutableArray<DayRange> Ranges => _ranges;

    /// <summary>Whether there is no day in it.</summary>
    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>From the first of its days to the last. It has at least one.</summary>
    public DayRange Hull => new(_ranges[0].First, _ranges[^1].Last);

    /// <summary>From ranges in any order, which may overlap.</summary>
    public static DaySet Of(params IEnumerable<DayRange> ranges)
    {
        var sorted = ranges.Where(range => range.First <= range.Last).OrderBy(range => range.First);
        var joined = ImmutableArray.CreateBuilder<DayRange>();
        foreach (var range in sorted)
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1) joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            else joined.Add(range);
        }
        return joined.Count == 0 ? None : new DaySet(joined.DrainToImmutable());
    }

    /// <summary>Whether a day is in it: by bisection.</summary>
    public bool Contains(int day)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (day < _ranges[middle].First) high = middle - 1;
            else if (day > _ranges[middle].Last) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// <summary>The days in either.</summary>
    public DaySet Union(DaySet other) => Of([.. _ranges, .. other._ranges]);

    /// <summary>The days in both.</summary>
    public DaySet Intersect(DaySet other)
    {
        var both = ImmutableArray.CreateBuilder<DayRange>();
        for (var (i, j) = (0, 0); i < _ranges.Length && j < other._ranges.Length;)
        {
            var (mine, theirs) = (_ranges[i], other._ranges[j]);
            var shared = new DayRange(Math.Max(mine.First, theirs.First), Math.Min(mine.Last, theirs.Last));
            if (shared.First <= shared.Last) both.Add(shared);
            if (mine.Last < theirs.Last) i++;
            else j++;
        }
        return both.Count == 0 ? None : new DaySet(both.DrainToImmutable());
    }

    /// <summary>The days in neither, of all days that anything here can speak of.</summary>
    public DaySet Complement()
    {
        var rest = ImmutableArray.CreateBuilder<DayRange>();
        var next = DayRange.Earliest;
        foreach (var range in _ranges)
        {
            if (next < range.First) rest.Add(new DayRange(next, range.First - 1));
            next = Math.Max(next, range.Last + 1);
        }
        if (next <= DayRange.Latest) rest.Add(new DayRange(next, DayRange.Latest));
        return rest.Count == 0 ? None : new DaySet(rest.DrainToImmutable());
    }

    /// <summary>The days in this and not in the other.</summary>
    public DaySet Except(DaySet other) => Intersect(other.Complement());

    /// <inheritdoc/>
    public bool Equals(DaySet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DaySet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var range in _ranges) hash.Add(range);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" ", _ranges);
}
