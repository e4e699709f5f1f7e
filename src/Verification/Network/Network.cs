using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>One variable's day against another's, carried: at least, or at most.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Edge(int From, int To, Shift Shift, bool AtMost, int Assertion);

/// <summary>
/// Two variables (or one, twice) lie in one and the same of several intervals, which stand in <see cref="Network.Days"/> as
/// pairs from <paramref name="Start"/>, sorted, none inside another.
/// </summary>
/// <param name="Low">The earlier of the two: a stay's start.</param>
/// <param name="High">The later.</param>
/// <param name="Start">Where its intervals begin.</param>
/// <param name="Count">How many intervals.</param>
/// <param name="Assertion">Whose word it is.</param>
/// <param name="MovesWith">The claim whose repair moves it; -1 for what does not move.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Box(int Low, int High, int Start, int Count, int Assertion, int MovesWith);

/// <summary>One of several ways in which something can be so: all its edges and boxes hold.</summary>
internal sealed record Disjunct(Edge[] Edges, Box[] Boxes);

/// <summary>At least one of several ways.</summary>
internal sealed record Clause(int Assertion, Disjunct[] Ways);

/// <summary>
/// Time points as variables, and what holds between them: a temporal network whose edges carry days by the calendar and whose
/// variables may have gaps.
/// </summary>
/// <remarks>
/// Why bounds are enough: all edges and boxes are closed under taking the earlier, and the later, of two solutions point by
/// point (edges because shifts never decrease, boxes because their intervals stand in a chain). Where bounds no longer move,
/// the earliest days together are therefore a solution (Jeavons and Cooper, Tractable constraints on ordered domains, 1995).
/// Only clauses, and ways between places, need a search.
/// </remarks>
internal sealed class Network
{
    private readonly List<Edge> _edges = [];
    private readonly List<Box> _boxes = [];
    private int[] _edgesOf = [];
    private int[] _edgesAt = [];
    private int[] _boxesOf = [];
    private int[] _boxesAt = [];
    private int[] _days = new int[128];
    private int _dayCount;

    internal Network(int variables) => Variables = variables;

    internal int Variables { get; }

    internal List<Clause> Clauses { get; } = [];

    internal ReadOnlySpan<Edge> Edges => CollectionsMarshal.AsSpan(_edges);

    internal ReadOnlySpan<Box> Boxes => CollectionsMarshal.AsSpan(_boxes);

    internal ReadOnlySpan<int> Days => _days.AsSpan(0, _dayCount);

    internal void Add(Edge edge) => _edges.Add(edge);

    internal void Add(Box box) => _boxes.Add(box);

    /// <summary>Starts a list of intervals; <see cref="Put"/> fills it.</summary>
    internal int Mark() => _dayCount;

    /// <summary>Appends an interval.</summary>
    internal void Put(int first, int last)
    {
        if (_dayCount + 2 > _days.Length) Array.Resize(ref _days, _days.Length * 2);
        _days[_dayCount++] = first;
        _days[_dayCount++] = last;
    }

    /// <summary>Sorts the intervals since a mark and removes those inside others; how many remain.</summary>
    internal int Close(int mark)
    {
        var count = (_dayCount - mark) / 2;
        if (count < 2) return count;
        var pairs = MemoryMarshal.Cast<int, (int First, int Last)>(_days.AsSpan(mark, count * 2));
        for (var i = 1; i < pairs.Length; i++)
        {
            if (pairs[i].First > pairs[i - 1].First && pairs[i].Last > pairs[i - 1].Last) continue;
            pairs.Sort(static (a, b) => a.First != b.First ? a.First.CompareTo(b.First) : b.Last.CompareTo(a.Last));
            break;
        }
        var kept = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            if (kept > 0 && pairs[i].Last <= pairs[kept - 1].Last) continue;
            pairs[kept++] = pairs[i];
        }
        _dayCount = mark + (kept * 2);
        return kept;
    }

    /// <summary>Builds what finds edges and boxes by variable. Nothing is added afterwards but intervals and clauses.</summary>
    internal void Seal()
    {
        _edgesAt = new int[Variables + 2];
        _boxesAt = new int[Variables + 2];
        foreach (ref readonly var edge in Edges)
        {
            _edgesAt[edge.From + 2]++;
            if (edge.To != edge.From) _edgesAt[edge.To + 2]++;
        }
        foreach (ref readonly var box in Boxes)
        {
            _boxesAt[box.Low + 2]++;
            if (box.High != box.Low) _boxesAt[box.High + 2]++;
        }
        for (var i = 2; i < Variables + 2; i++)
        {
            _edgesAt[i] += _edgesAt[i - 1];
            _boxesAt[i] += _boxesAt[i - 1];
        }
        _edgesOf = new int[_edgesAt[Variables + 1]];
        _boxesOf = new int[_boxesAt[Variables + 1]];
        for (var i = 0; i < _edges.Count; i++)
        {
            _edgesOf[_edgesAt[_edges[i].From + 1]++] = i;
            if (_edges[i].To != _edges[i].From) _edgesOf[_edgesAt[_edges[i].To + 1]++] = i;
        }
        for (var i = 0; i < _boxes.Count; i++)
        {
            _boxesOf[_boxesAt[_boxes[i].Low + 1]++] = i;
            if (_boxes[i].High != _boxes[i].Low) _boxesOf[_boxesAt[_boxes[i].High + 1]++] = i;
        }
    }

    /// <summary>The edges at a variable, as places in <see cref="Edges"/>.</summary>
    internal ReadOnlySpan<int> EdgesOf(int variable) => _edgesOf.AsSpan(_edgesAt[variable]..EndOf(_edgesAt, variable));

    /// <summary>The boxes at a variable.</summary>
    internal ReadOnlySpan<int> BoxesOf(int variable) => _boxesOf.AsSpan(_boxesAt[variable]..EndOf(_boxesAt, variable));

    private static int EndOf(int[] at, int variable) => at[variable + 1];
}
