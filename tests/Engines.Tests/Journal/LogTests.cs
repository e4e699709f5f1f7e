using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Understory.Journal;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>The log against RFC 6962 written down as it stands there: recursive, over all leaves, slow.</summary>
public class LogTests
{
    [Fact]
    public void Roots_and_proofs_are_those_of_the_rfc()
    {
        var leaves = Leaves(70);
        var log = Filled(leaves);
        for (var size = 0; size <= 70; size++)
        {
            log.RootAt(size).ShouldBe(Mth(leaves[..size]));
            for (var index = 0; index < size; index++)
            {
                var proof = log.InclusionProof(index, size);
                proof.ShouldBe(Path(index, leaves[..size]));
                MerkleTree.VerifyInclusion(leaves[index], index, size, log.RootAt(size), proof).ShouldBeTrue();
            }
            for (var old = 0; old <= size; old++)
            {
                var proof = log.ConsistencyProof(old, size);
                if (old > 0 && old < size) proof.ShouldBe(Subproof(old, leaves[..size], true));
                MerkleTree.VerifyConsistency(old, log.RootAt(old), size, log.RootAt(size), proof).ShouldBeTrue($"{old} to {size}");
            }
        }
    }

    [Fact]
    public void The_log_and_the_nodes_in_rows_say_the_same() =>
        Prop.ForAll<NonNegativeInt, NonNegativeInt>((a, b) =>
        {
            var size = 1 + (a.Get * 37 + b.Get) % 3000;
            var old = b.Get % (size + 1);
            var rows = new Dictionary<(int, long), Digest>();
            var leaves = Leaves(size);
            for (var i = 0; i < size; i++)
            {
                foreach (var node in MerkleTree.Append(i, leaves[i], (level, index) => rows[(level, index)])) rows.Add((node.Level, node.Index), node.Hash);
            }
            var root = MerkleTree.Root(size, (level, index) => rows[(level, index)]);
            var proof = MerkleTree.ConsistencyProof(old, size, (level, index) => rows[(level, index)]);
            return root == Mth(leaves) && root == Filled(leaves).Root
                && MerkleTree.VerifyConsistency(old, Mth(leaves[..old]), size, root, proof);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void An_inclusion_proof_proves_nothing_else()
    {
        var leaves = Leaves(33);
        var log = Filled(leaves);
        foreach (var size in new[] { 1, 2, 7, 8, 15, 32, 33 })
        {
            for (var index = 0; index < size; index++)
            {
                var proof = log.InclusionProof(index, size);
                var root = log.RootAt(size);
                bool Verify(Digest leaf, long at, long of, Digest under, IReadOnlyList<Digest> by) => MerkleTree.VerifyInclusion(leaf, at, of, under, by);
                Verify(Other, index, size, root, proof).ShouldBeFalse();
                Verify(leaves[index], index, size, Other, proof).ShouldBeFalse();
                Verify(leaves[index], -1, size, root, proof).ShouldBeFalse();
                Verify(leaves[index], size, size, root, proof).ShouldBeFalse();
                Verify(leaves[index], index, size, root, [.. proof, Other]).ShouldBeFalse();
                for (var at = 0; at < size; at++)
                {
                    if (at != index) Verify(leaves[index], at, size, root, proof).ShouldBeFalse($"{index} as {at} of {size}");
                }
                for (var i = 0; i < proof.Count; i++)
                {
                    Verify(leaves[index], index, size, root, [.. proof.Take(i), Other, .. proof.Skip(i + 1)]).ShouldBeFalse();
                    Verify(leaves[index], index, size, root, [.. proof.Take(i), .. proof.Skip(i + 1)]).ShouldBeFalse();
                }
            }
        }
    }

    [Fact]
    public void A_consistency_proof_proves_nothing_else()
    {
        var log = Filled(Leaves(33));
        for (var size = 1; size <= 33; size++)
        {
            for (var old = 1; old < size; old++)
            {
                var proof = log.ConsistencyProof(old, size);
                var (before, after) = (log.RootAt(old), log.RootAt(size));
                MerkleTree.VerifyConsistency(old, Other, size, after, proof).ShouldBeFalse();
                MerkleTree.VerifyConsistency(old, before, size, Other, proof).ShouldBeFalse();
                MerkleTree.VerifyConsistency(size, after, old, before, proof).ShouldBeFalse();
                MerkleTree.VerifyConsistency(old, before, size, after, []).ShouldBeFalse();
                MerkleTree.VerifyConsistency(old, before, size, after, [.. proof, Other]).ShouldBeFalse();
                for (var i = 0; i < proof.Count; i++)
                {
                    MerkleTree.VerifyConsistency(old, before, size, after, [.. proof.Take(i), Other, .. proof.Skip(i + 1)]).ShouldBeFalse();
                    MerkleTree.VerifyConsistency(old, before, size, after, [.. proof.Take(i), .. proof.Skip(i + 1)]).ShouldBeFalse();
                }
            }
        }
        MerkleTree.VerifyConsistency(0, Other, 33, log.Root, []).ShouldBeFalse();
        MerkleTree.VerifyConsistency(33, log.Root, 33, Other, []).ShouldBeFalse();
        MerkleTree.VerifyConsistency(-1, log.Root, 33, log.Root, []).ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_there_is_not_proved()
    {
        var log = Filled(Leaves(5));
        Should.Throw<ArgumentOutOfRangeException>(() => log.RootAt(6));
        Should.Throw<ArgumentOutOfRangeException>(() => log.InclusionProof(5, 5));
        Should.Throw<ArgumentOutOfRangeException>(() => log.InclusionProof(0, 6));
        Should.Throw<ArgumentOutOfRangeException>(() => log.ConsistencyProof(4, 3));
    }

    private static readonly Digest Other = Digest.Of([42]);

    private static Digest[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash(BitConverter.GetBytes(i)))];

    private static Log Filled(Digest[] leaves)
    {
        var log = new Log();
        for (var i = 0; i < leaves.Length; i++) log.Append(leaves[i]).ShouldBe(i);
        return log;
    }

    /// <summary>RFC 6962, 2.1: the largest power of two smaller than n.</summary>
    private static int K(int n)
    {
        var k = 1;
        while (k * 2 < n) k *= 2;
        return k;
    }

    /// <summary>MTH(D[n]).</summary>
    private static Digest Mth(Digest[] leaves) => leaves.Length switch
    {
        0 => Digest.Of([]),
        1 => leaves[0],
        var n => Digest.Of([1, .. Mth(leaves[..K(n)]).ToArray(), .. Mth(leaves[K(n)..]).ToArray()]),
    };

    /// <summary>PATH(m, D[n]).</summary>
    private static IEnumerable<Digest> Path(int m, Digest[] leaves)
    {
        if (leaves.Length == 1) return [];
        var k = K(leaves.Length);
        return m < k ? Path(m, leaves[..k]).Append(Mth(leaves[k..])) : Path(m - k, leaves[k..]).Append(Mth(leaves[..k]));
    }

    /// <summary>SUBPROOF(m, D[n], b).</summary>
    private static IEnumerable<Digest> Subproof(int m, Digest[] leaves, bool b)
    {
        if (m == leaves.Length) return b ? [] : [Mth(leaves)];
        var k = K(leaves.Length);
        return m <= k ? Subproof(m, leaves[..k], b).Append(Mth(leaves[k..])) : Subproof(m - k, leaves[k..], false).Append(Mth(leaves[..k]));
    }
}
