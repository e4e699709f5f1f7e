using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>A keychain gives back what was put in, and shows whoever exchanges a part of it.</summary>
public sealed class KeychainTests : IDisposable
{
    private readonly Office _office = new();
    private readonly Secret _root;
    private readonly List<byte[]> _segments = [];
    private byte[] _head = [];

    public KeychainTests() => _root = _office.Memory.Random(32);

    [Fact]
    public void Keys_are_found_again()
    {
        var epochs = ManyEpochs(300);
        using (var keychain = Keychain.Create(_root))
        {
            epochs.ForEach(epoch => keychain.Add(epoch).ShouldBeTrue());
            keychain.Add(epochs[7]).ShouldBeFalse();
            Store(keychain);
        }
        _segments.Count.ShouldBe(3);
        _segments.ShouldAllBe(segment => segment.Length == 8272);
        using var opened = Opened();
        opened.Count.ShouldBe(300);
        opened.Generation.ShouldBe(1);
        foreach (var epoch in epochs) opened.Find(epoch.KeyId).ShouldNotBeNull().IsSameAs(epoch).ShouldBeTrue();
        opened.Find(KeyId.New()).ShouldBeNull();
    }

    [Fact]
    public void The_newest_key_of_a_compartment_is_the_one_to_write_with()
    {
        using var keychain = Keychain.Create(_root);
        foreach (var number in new[] { 2, 10, 1 })
        {
            using var epoch = Epoch.Start(_office.Marta.Id, Compartment.Story, number, _office.Memory);
            keychain.Add(epoch);
        }
        keychain.Newest(_office.Marta.Id, Compartment.Story)!.Number.ShouldBe(10);
        keychain.Newest(_office.Marta.Id, Compartment.Health).ShouldBeNull();
        keychain.Newest(_office.Other.Id, Compartment.Story).ShouldBeNull();
    }

    /// <summary>A keychain that could be sealed and not opened again would be lost.</summary>
    [Fact]
    public void A_full_keychain_takes_no_more()
    {
        using var keychain = Keychain.Create(_root, maxSegments: 2);
        var epochs = ManyEpochs(2 * 118 + 1);
        foreach (var epoch in epochs.SkipLast(1)) keychain.Add(epoch);
        Should.Throw<InvalidOperationException>(() => keychain.Add(epochs[^1]));
        keychain.Find(epochs[^1].KeyId).ShouldBeNull();
        keychain.Remove(epochs[0].Case);
        keychain.Add(epochs[^1]).ShouldBeTrue();
    }

    [Fact]
    public void Only_what_changed_is_sealed_again()
    {
        var epochs = ManyEpochs(250);
        using var keychain = Keychain.Create(_root);
        epochs.ForEach(epoch => keychain.Add(epoch));
        Store(keychain);
        keychain.Seal().Changed.ShouldBeEmpty();
        keychain.Remove(epochs[130].Case).ShouldBe(1);
        var changed = keychain.Seal();
        changed.Changed.Keys.ShouldBe([1]);
        changed.SegmentCount.ShouldBe(3);
        // The place that became free is used again.
        keychain.Add(epochs[130]);
        keychain.Seal().Changed.Keys.ShouldBe([1]);
        epochs[236..].ForEach(epoch => keychain.Remove(epoch.Case));
        keychain.Seal().SegmentCount.ShouldBe(2);
    }

    [Fact]
    public void What_was_taken_out_is_gone_and_wiped()
    {
        using var keychain = Keychain.Create(_root);
        keychain.Add(_office.Marta[Compartment.Story]);
        keychain.Add(_office.Marta[Compartment.Work]);
        keychain.Add(_office.Other[Compartment.Story]);
        var used = _office.Memory.Used;
        keychain.Remove(_office.Marta.Id, Compartment.Story).ShouldBe(1);
        _office.Memory.Used.ShouldBe(used - 32);
        keychain.Find(_office.Marta[Compartment.Story].KeyId).ShouldBeNull();
        keychain.Newest(_office.Marta.Id, Compartment.Story).ShouldBeNull();
        keychain.Remove(_office.Marta.Id).ShouldBe(1);
        Store(keychain);
        using var opened = Opened();
        opened.Count.ShouldBe(1);
        opened.Find(_office.Other[Compartment.Story].KeyId).ShouldNotBeNull();
    }

    [Fact]
    public void A_key_that_was_taken_out_does_not_come_back_with_an_old_segment()
    {
        using var keychain = Keychain.Create(_root);
        keychain.Add(_office.Marta[Compartment.Story]);
        keychain.Add(_office.Other[Compartment.Story]);
        Store(keychain);
        var old = _segments[0];
        keychain.Remove(_office.Marta.Id);
        Store(keychain);
        Opened().Dispose();
        _segments[0] = old;
        Should.Throw<JournalException>(Opened).Fault.ShouldBe(JournalFault.Inconsistent);
    }

    [Fact]
    public void Segments_swapped_missing_added_or_of_another_user_are_refused()
    {
        using var keychain = Keychain.Create(_root);
        ManyEpochs(200).ForEach(epoch => keychain.Add(epoch));
        Store(keychain);
        var (first, second) = (_segments[0], _segments[1]);
        byte[][][] others = [[second, first], [first], [first, second, second], [first, first], []];
        foreach (var segments in others) Should.Throw<JournalException>(() => Open(_head, segments)).Fault.ShouldBe(JournalFault.Inconsistent);

        using var olenasRoot = _office.Memory.Random(32);
        using var olenas = Keychain.Create(olenasRoot);
        ManyEpochs(200).ForEach(epoch => olenas.Add(epoch));
        var stored = olenas.Seal();
        Should.Throw<JournalException>(() => Open(_head, [first, stored.Changed[1]]));
        Should.Throw<JournalException>(() => Open(stored.Head, [first, second])).Fault.ShouldBe(JournalFault.Tampered);
        Should.Throw<JournalException>(() => Open(stored.Head, [stored.Changed[0], stored.Changed[1]])).Fault.ShouldBe(JournalFault.Tampered);
        // A segment in another place does not open either, whatever a head says.
        using var key = _root.Expand("understory/journal/v1/keychain"u8, 32);
        Should.Throw<JournalException>(() => KeychainSegment.Open(key, 0, second)).Fault.ShouldBe(JournalFault.Tampered);
    }

    [Fact]
    public void Every_changed_byte_is_refused()
    {
        using var keychain = Keychain.Create(_root);
        keychain.Add(_office.Marta[Compartment.Story]);
        Store(keychain);
        for (var at = 0; at < _head.Length; at++)
        {
            var bent = (byte[])_head.Clone();
            bent[at] ^= 1;
            Should.Throw<JournalException>(() => Open(bent, _segments), $"byte {at} of the head");
        }
        using var key = _root.Expand("understory/journal/v1/keychain"u8, 32);
        var used = _office.Memory.Used;
        for (var at = 0; at < _segments[0].Length; at += 7)
        {
            var bent = (byte[])_segments[0].Clone();
            bent[at] ^= 1;
            Should.Throw<JournalException>(() => Open(_head, [bent]), $"byte {at} of the segment");
            Should.Throw<JournalException>(() => KeychainSegment.Open(key, 0, bent));
        }
        _office.Memory.Used.ShouldBe(used);
    }

    [Fact]
    public void Two_keys_for_one_name_or_one_epoch_are_a_conflict()
    {
        var story = _office.Marta[Compartment.Story];
        using var keychain = Keychain.Create(_root);
        keychain.Add(story);
        using var sameName = new Epoch(story.Case, story.Compartment, 1, story.KeyId, _office.Memory.Random(32));
        using var sameEpoch = Epoch.Start(story.Case, story.Compartment, 1, _office.Memory);
        using var sameKeyElsewhere = new Epoch(story.Case, Compartment.Health, 1, story.KeyId, _office.Memory.Copy(story.Key.Span));
        foreach (var other in new[] { sameName, sameEpoch, sameKeyElsewhere })
            Should.Throw<JournalException>(() => keychain.Add(other)).Fault.ShouldBe(JournalFault.Conflict);
        keychain.Count.ShouldBe(1);
    }

    [Fact]
    public void Yesterdays_log_beside_todays_checkpoint_is_noticed()
    {
        var marta = _office.Marta.WithHistory();
        var log = new Log();
        marta.Entries.ForEach(entry => log.Append(entry.LeafHash));
        var yesterday = new Checkpoint("desk.example/log", 3, log.RootAt(3));
        var today = new Checkpoint("desk.example/log", 5, log.Root);
        using (var keychain = Keychain.Create(_root))
        {
            keychain.See(yesterday, []).ShouldBeTrue();
            keychain.See(yesterday, []).ShouldBeFalse();
            keychain.See(today, log.ConsistencyProof(3, 5)).ShouldBeTrue();
            Store(keychain);
        }
        using var opened = Opened();
        opened.LastSeen.ShouldBe(today);
        Should.Throw<JournalException>(() => opened.See(yesterday, log.ConsistencyProof(3, 5))).Fault.ShouldBe(JournalFault.RolledBack);
        Should.Throw<JournalException>(() => opened.See(today with { Origin = "other.example/log" }, [])).Fault.ShouldBe(JournalFault.Misplaced);
        opened.LastSeen.ShouldBe(today);
    }

    [Fact]
    public void A_log_that_was_rewritten_and_grew_is_noticed()
    {
        var marta = _office.Marta.WithHistory();
        Log log = new(), other = new();
        marta.Entries.ForEach(entry => log.Append(entry.LeafHash));
        using var keychain = Keychain.Create(_root);
        keychain.See(new Checkpoint("desk.example/log", 5, log.Root), []);
        // The database of yesterday, with three entries, and others written since.
        for (var i = 0; i < 3; i++) other.Append(marta.Entries[i].LeafHash);
        for (var i = 0; i < 2; i++) other.Append(_office.Other.Append(Kind.CaseOpened).LeafHash);
        Should.Throw<JournalException>(() => keychain.See(new("desk.example/log", 5, other.Root), [])).Fault.ShouldBe(JournalFault.Inconsistent);
        for (var i = 0; i < 4; i++) other.Append(_office.Other.Append(Kind.CaseOpened).LeafHash);
        var grown = new Checkpoint("desk.example/log", other.Size, other.Root);
        foreach (var proof in new[] { other.ConsistencyProof(5, 9), other.ConsistencyProof(3, 9), [], log.ConsistencyProof(3, 5) })
            Should.Throw<JournalException>(() => keychain.See(grown, proof)).Fault.ShouldBe(JournalFault.Inconsistent);
        keychain.LastSeen!.Root.ShouldBe(log.Root);
    }

    public void Dispose() => _office.Dispose();

    private List<Epoch> ManyEpochs(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Epoch.Start(CaseId.New(), Compartment.Work, 1, _office.Memory))];

    private void Store(Keychain keychain)
    {
        var stored = keychain.Seal();
        _head = stored.Head;
        foreach (var (number, segment) in stored.Changed.OrderBy(pair => pair.Key))
        {
            if (number == _segments.Count) _segments.Add(segment);
            else _segments[number] = segment;
        }
        _segments.RemoveRange(stored.SegmentCount, _segments.Count - stored.SegmentCount);
    }

    private Keychain Opened() => Open(_head, _segments);

    private Keychain Open(byte[] head, IEnumerable<byte[]> segments) =>
        Keychain.Open(_root, head, [.. segments.Select(segment => (ReadOnlyMemory<byte>)segment)]);
}
