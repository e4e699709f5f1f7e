namespace Understory.Verification;

/// <summary>The front as several maps draw it: the nearest of them counts, as that accuses less.</summary>
internal sealed class NearestFront(IReadOnlyList<IFront> fronts) : IFront
{
    public double? KmToFront(Location at, int day) => fronts.Min(front => front.KmToFront(at, day));

    public DaySet DaysBeyond(Location at, double km)
    {
        var (known, near) = (DaySet.None, DaySet.None);
        foreach (var front in fronts)
        {
            var all = front.DaysBeyond(at, 0);
            known = known.Union(all);
            near = near.Union(all.Except(front.DaysBeyond(at, km)));
        }
        return known.Except(near);
    }
}
