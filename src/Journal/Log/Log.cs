namespace Understory.Journal;

/// <summary>
/// The log of the organisation with its nodes in memory: 64 bytes for each leaf. Where the nodes are rows of a database,
/// <see cref="MerkleTree"/> works on them directly.
/// </summary>
public sealed class Log
{
    private readonly List<List<Digest>> _levels = [];

    /// <summary>How many leaves there are.</summary>
    public long Size => _levels.Count == 0 ? 0 : _levels[0].Count;

    /// <summary>The root over all of them.</summary>
    public Digest Root => RootAt(Size);

    /// <summary>Appends a leaf: <see cref="SealedEntry.LeafHash"/>.</summary>
    /// <returns>Its index.</returns>
    public long Append(Digest leaf)
    {
        var index = Size;
        foreach (var node in MerkleTree.Append(index, leaf, NodeAt))
        {
            if (node.Level == _levels.Count) _levels.Add([]);
            _levels[node.Level].Add(node.Hash);
        }
        return index;
    }

    /// <summary>The root over the first leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Digest RootAt(long size) => MerkleTree.Root(Within(size), NodeAt);

    /// <summary>That a leaf is in the tree of the first <paramref name="size"/> leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public IReadOnlyList<Digest> InclusionProof(long index, long size) => MerkleTree.InclusionProof(index, Within(size), NodeAt);

    /// <summary>That the tree of <paramref name="size"/> leaves begins with the tree of <paramref name="oldSize"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many leaves.</exception>
    public IReadOnlyList<Digest> ConsistencyProof(long oldSize, long size) => MerkleTree.ConsistencyProof(oldSize, Within(size), NodeAt);

    private Digest NodeAt(int level, long index) => _levels[level][(int)index];

    private long Within(long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size;
    }
}
