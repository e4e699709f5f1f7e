using System.Collections.Immutable;

namespace Understory.Verification;

/// <summary>Looks things up that lie in the order of their days.</summary>
internal static class InOrder
{
    /// <summary>The index of the first that is of this day or a later one; the length where there is none.</summary>
    public static int FirstFrom<T>(ImmutableArray<T> all, int day, Func<T, int> dayOf)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (dayOf(all[middle]) < day) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
