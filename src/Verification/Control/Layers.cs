namespace Understory.Verification;

/// <summary>
/// Puts areas on layers so that those of one layer do not overlap: then a point is inside any of them if the number of edges
/// to one side of it is odd. Maps drawn by hand mostly need one layer; an area drawn twice needs two.
/// </summary>
internal static class Layers
{
    /// <summary>The layer of each area, from 0.</summary>
    public static int[] Of(IReadOnlyList<GridPoint[][]> areas)
    {
        var boxes = areas.Select(Box.Of).ToArray();
        var layers = new int[areas.Count];
        for (var i = 0; i < areas.Count; i++)
        {
            ulong taken = 0;
            for (var j = 0; j < i; j++)
            {
                if ((taken >> layers[j] & 1) == 0 && boxes[i].Meets(boxes[j]) && Overlap(areas[i], boxes[i], areas[j], boxes[j])) taken |= 1UL << layers[j];
            }
            layers[i] = System.Numerics.BitOperations.TrailingZeroCount(~taken);
            if (layers[i] >= Segment.MaxLayers) throw new DataException($"More than {Segment.MaxLayers} areas lie over one another.");
        }
        return layers;
    }

    /// <summary>Whether they share more than their edges: edges cross, or a point of one is inside the other.</summary>
    private static bool Overlap(GridPoint[][] a, Box boxA, GridPoint[][] b, Box boxB)
    {
        var both = boxA.And(boxB);
        var (edgesA, edgesB) = (EdgesIn(a, both), EdgesIn(b, both));
        foreach (var (p, q) in edgesA)
        {
            foreach (var (r, s) in edgesB)
            {
                if (Cross(p, q, r, s)) return true;
            }
        }
        return IsAnyInside(a, b, boxB) || IsAnyInside(b, a, boxA);
    }

    // Without crossing edges all points of a ring lie on the same side, so the first that is on no edge would do; a few more cost nothing.
    private static bool IsAnyInside(GridPoint[][] points, GridPoint[][] area, Box box) => points.Any(ring => ring.Take(3).Any(point => box.Contains(point) && IsInside(point, area)));

    private static bool IsInside(GridPoint at, GridPoint[][] area)
    {
        var inside = false;
        foreach (var ring in area)
        {
            for (var (i, j) = (0, ring.Length - 1); i < ring.Length; j = i++)
            {
                var side = Turn(ring[j], ring[i], at);
                if (side == 0 && Box.Of(ring[j], ring[i]).Contains(at)) return false; // on the edge
                if (ring[i].Y > at.Y != ring[j].Y > at.Y && (ring[i].Y > ring[j].Y ? side > 0 : side < 0)) inside = !inside;
            }
        }
        return inside;
    }

    private static List<(GridPoint, GridPoint)> EdgesIn(GridPoint[][] rings, Box box)
    {
        var edges = new List<(GridPoint, GridPoint)>();
        foreach (var ring in rings)
        {
            for (var (i, j) = (0, ring.Length - 1); i < ring.Length; j = i++)
            {
                if (Box.Of(ring[j], ring[i]).Meets(box)) edges.Add((ring[j], ring[i]));
            }
        }
        return edges;
    }

    private static bool Cross(GridPoint p, GridPoint q, GridPoint r, GridPoint s) =>
        Math.Sign(Turn(p, q, r)) * Math.Sign(Turn(p, q, s)) < 0 && Math.Sign(Turn(r, s, p)) * Math.Sign(Turn(r, s, q)) < 0;

    // Exact: differences have at most 29 bits, their products 58.
    private static long Turn(GridPoint a, GridPoint b, GridPoint c) =>
        (((long)b.X - a.X) * ((long)c.Y - a.Y)) - (((long)b.Y - a.Y) * ((long)c.X - a.X));

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Box(int MinX, int MinY, int MaxX, int MaxY)
    {
        public static Box Of(GridPoint a, GridPoint b) => new(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.X, b.X), Math.Max(a.Y, b.Y));

        public static Box Of(GridPoint[][] rings) => new(
            rings.Min(ring => ring.Min(point => point.X)), rings.Min(ring => ring.Min(point => point.Y)),
            rings.Max(ring => ring.Max(point => point.X)), rings.Max(ring => ring.Max(point => point.Y)));

        public bool Meets(Box other) => MinX <= other.MaxX && other.MinX <= MaxX && MinY <= other.MaxY && other.MinY <= MaxY;

        public Box And(Box other) => new(Math.Max(MinX, other.MinX), Math.Max(MinY, other.MinY), Math.Min(MaxX, other.MaxX), Math.Min(MaxY, other.MaxY));

        public bool Contains(GridPoint point) => MinX <= point.X && point.X <= MaxX && MinY <= point.Y && point.Y <= MaxY;
    }
}
