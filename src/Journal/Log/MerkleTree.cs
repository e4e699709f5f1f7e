using System.Numerics;

namespace Understory.Journal;

/// <summary>Looks up the node over the full subtree of leaves <c>index * 2^level</c> to <c>(index + 1) * 2^level - 1</c>.</summary>
public delegate Digest NodeLookup(int level, long index);

/// <summary>A node over a full subtree, as it is stored.</summary>
/// <param name="Level">0 for a leaf.</param>
/// <param name="Index">Its place in its level, from 0.</param>
/// <param name="Hash">Its hash.</param>
public sealed record MerkleNode(int Level, long Index, Digest Hash);

/// <summary>
/// The Merkle tree of RFC 6962, 2.1, over nodes that are stored elsewhere. Only nodes over full subtrees are, and they
/// never change; every root and proof is made of them by looking up no more than two in each level.
/// </summary>
public static class MerkleTree
{
    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static Digest EmptyRoot => Digest.Of([]);

    /// <summary>The hash of a leaf.</summary>
    public static Digest LeafHash(ReadOnlySpan<byte> data) => Digest.Of([0, .. data]);

    /// <summary>The hash of the node over two others.</summary>
    /// <remarks>
    /// Why this is safe: leaves are hashed behind 0 and nodes behind 1, so that a node can never be shown as a leaf.
    /// </remarks>
    public static Digest NodeHash(Digest left, Digest right)
    {
        Span<byte> bytes = stackalloc byte[1 + 2 * Digest.Size];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Digest.Size)..]);
        return Digest.Of(bytes);
    }

    /// <summary>The nodes to store when a leaf is appended: itself, and each subtree that it makes full.</summary>
    /// <param name="size">How many leaves there were before it.</param>
    /// <param name="leaf">Its hash.</param>
    /// <param name="nodes">The nodes stored so far.</param>
    public static IReadOnlyList<MerkleNode> Append(long size, Digest leaf, NodeLookup nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(nodes);
        List<MerkleNode> made = [new(0, size, leaf)];
        for (var level = 0; (size >> level & 1) == 1; level++)
            made.Add(new(level + 1, size >> (level + 1), NodeHash(nodes(level, (size >> level) - 1), made[^1].Hash)));
        return made;
    }

    /// <summary>The root over the first leaves.</summary>
    public static Digest Root(long size, NodeLookup nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(nodes);
        return size == 0 ? EmptyRoot : Range(0, size, nodes);
    }

    /// <summary>That the leaf <paramref name="index"/> is in the tree of the first <paramref name="size"/> leaves: RFC 6962, 2.1.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<Digest> InclusionProof(long index, long size, NodeLookup nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        ArgumentNullException.ThrowIfNull(nodes);
        List<Digest> proof = [];
        var (low, high) = (0L, size);
        while (high - low > 1)
        {
            var middle = low + Split(high - low);
            if (index < middle)
            {
                proof.Add(Range(middle, high, nodes));
                high = middle;
            }
            else
            {
                proof.Add(Range(low, middle, nodes));
                low = middle;
            }
        }
        proof.Reverse();
        return proof;
    }

    /// <summary>That the tree of <paramref name="size"/> leaves begins with the tree of <paramref name="oldSize"/>: RFC 6962, 2.1.2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The old tree is larger than the new one.</exception>
    public static IReadOnlyList<Digest> ConsistencyProof(long oldSize, long size, NodeLookup nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        ArgumentNullException.ThrowIfNull(nodes);
        List<Digest> proof = [];
        if (oldSize == 0 || oldSize == size) return proof;
        var (low, high, isOldRoot) = (0L, size, true);
        while (high != oldSize)
        {
            var middle = low + Split(high - low);
            if (oldSize <= middle)
            {
                proof.Add(Range(middle, high, nodes));
                high = middle;
            }
            else
            {
                proof.Add(Range(low, middle, nodes));
                (low, isOldRoot) = (middle, false);
            }
        }
        if (!isOldRoot) proof.Add(Range(low, high, nodes));
        proof.Reverse();
        return proof;
    }

    /// <summary>Whether a proof shows that a leaf is in the tree of a root: RFC 9162, 2.1.3.2.</summary>
    public static bool VerifyInclusion(Digest leaf, long index, long size, Digest root, IReadOnlyList<Digest> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size) return false;
        var (node, last) = (index, size - 1);
        var hash = leaf;
        foreach (var step in proof)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(step, hash);
                SkipLonely(ref node, ref last);
            }
            else
            {
                hash = NodeHash(hash, step);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }

    /// <summary>Whether a proof shows that the tree of one root begins with the tree of another: RFC 9162, 2.1.4.2.</summary>
    public static bool VerifyConsistency(long oldSize, Digest oldRoot, long size, Digest root, IReadOnlyList<Digest> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (oldSize < 0 || oldSize > size) return false;
        if (oldSize == 0) return proof.Count == 0 && oldRoot == EmptyRoot && (size > 0 || root == EmptyRoot);
        if (oldSize == size) return proof.Count == 0 && oldRoot == root;
        // A full old tree is itself a node of the new one, and left out of the proof.
        IEnumerable<Digest> path = BitOperations.IsPow2(oldSize) ? proof.Prepend(oldRoot) : proof;
        var (node, last) = (oldSize - 1, size - 1);
        for (; (node & 1) == 1; node >>= 1) last >>= 1;
        Digest? before = null, after = null;
        foreach (var step in path)
        {
            if (before is not { } old || after is not { } now)
            {
                (before, after) = (step, step);
                continue;
            }
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                (before, after) = (NodeHash(step, old), NodeHash(step, now));
                SkipLonely(ref node, ref last);
            }
            else
            {
                after = NodeHash(now, step);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && before == oldRoot && after == root;
    }

    /// <summary>Up to where a node has a left neighbour: in between it is the last of its level and goes up unchanged.</summary>
    private static void SkipLonely(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
    }

    /// <summary>The hash over leaves from <paramref name="low"/> to before <paramref name="high"/>, a subtree of the RFC.</summary>
    private static Digest Range(long low, long high, NodeLookup nodes)
    {
        var count = high - low;
        if (BitOperations.IsPow2(count)) return nodes(BitOperations.Log2((ulong)count), low / count);
        var middle = low + Split(count);
        return NodeHash(Range(low, middle, nodes), Range(middle, high, nodes));
    }

    /// <summary>The largest power of two below a count of at least two.</summary>
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
