using Understory.Sealing;

namespace Understory.Journal;

/// <summary>A keychain as it is stored.</summary>
/// <param name="Head">Its head, to be stored in any case.</param>
/// <param name="Changed">The segments that changed, by number; the others stay as they are.</param>
/// <param name="SegmentCount">How many segments there are now; what is stored beyond is to be deleted.</param>
public sealed record SealedKeychain(byte[] Head, IReadOnlyDictionary<int, byte[]> Changed, int SegmentCount);

/// <summary>
/// The keys of one user: every epoch they may read, in locked memory, and the last checkpoint of the log that they saw.
/// Stored, it is a head and segments sealed under the user's root (<c>docs/formats/journal.md</c>, "Keychain").
/// </summary>
/// <remarks>
/// An old head with its old segments opens, and nothing in it tells; what that means stands in
/// <c>docs/formats/journal.md</c>, "A keychain that was put back". Of two programs that change one keychain the second must
/// notice by the hash of the stored head. Not for several threads at once.
/// </remarks>
public sealed class Keychain : IDisposable
{
    private const int Version = 1;
    private const int MaxSegments = 8192;
    private const int KeySize = 32;
    private readonly Secret _key;
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<KeyId, Epoch> _epochs = [];
    private readonly Dictionary<(CaseId, Compartment), SortedList<int, Epoch>> _byCompartment = [];

    private readonly int _maxSegments;

    private Keychain(Secret key, int maxSegments) => (_key, _maxSegments) = (key, maxSegments);

    /// <summary>How many times it was sealed.</summary>
    public long Generation { get; private set; }

    /// <summary>How many keys are in it.</summary>
    public int Count => _epochs.Count;

    /// <summary>The last checkpoint that was seen.</summary>
    public Checkpoint? LastSeen { get; private set; }

    private static ReadOnlySpan<byte> HeadLabel => "understory/journal/v1/keychain"u8;

    /// <summary>An empty keychain.</summary>
    /// <param name="root">The user's root, 32 random bytes; a key is derived from it and lies in the same memory.</param>
    /// <exception cref="ArgumentException">The root has not 32 bytes.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Keychain Create(Secret root) => Create(root, MaxSegments);

    internal static Keychain Create(Secret root, int maxSegments)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.Length != KeySize) throw new ArgumentException("A root has 32 bytes.", nameof(root));
        // Why this is safe: the root is uniformly random, so HKDF-Expand alone gives a key that tells nothing about the
        // other keys of the same root.
        return new(KeyOf(root), maxSegments);
    }

    /// <summary>Opens a stored keychain. Its keys go into the memory of the root: 32 bytes each.</summary>
    /// <param name="root">The user's root.</param>
    /// <param name="head">The stored head.</param>
    /// <param name="segments">All stored segments, in the order of their numbers.</param>
    /// <exception cref="JournalException">Something of it was changed, is missing, or is of another keychain or an older time.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Keychain Open(Secret root, ReadOnlySpan<byte> head, IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        var keychain = Create(root);
        try
        {
            var hashes = keychain.ReadHead(head);
            if (hashes.Count != segments.Count)
                throw new JournalException(JournalFault.Inconsistent, $"The keychain has {hashes.Count} segments, and {segments.Count} are there.");
            for (var number = 0; number < hashes.Count; number++)
            {
                // Why this is safe: each segment opens by itself also when it is an old one; the hash in the head says
                // which one belongs here, so that a key that was taken out does not come back.
                if (Digest.Of(segments[number].Span) != hashes[number])
                    throw new JournalException(JournalFault.Inconsistent, $"Segment {number} of the keychain was changed, or is an older one.");
                keychain.Take(number, hashes[number], KeychainSegment.Open(keychain._key, number, segments[number].Span));
            }
            return keychain;
        }
        catch
        {
            keychain.Dispose();
            throw;
        }
    }

    /// <summary>The key of an id; null where it is not in the keychain. It stays the keychain's.</summary>
    public Epoch? Find(KeyId keyId) => _epochs.GetValueOrDefault(keyId);

    /// <summary>The newest key of a compartment; null where there is none. It stays the keychain's.</summary>
    public Epoch? Newest(CaseId @case, Compartment compartment) =>
        _byCompartment.TryGetValue((@case, compartment), out var epochs) ? epochs.Values[^1] : null;

    /// <summary>All keys of a compartment, the newest first. They stay the keychain's.</summary>
    public IEnumerable<Epoch> All(CaseId @case, Compartment compartment) =>
        _byCompartment.TryGetValue((@case, compartment), out var epochs) ? epochs.Values.Reverse() : [];

    /// <summary>The cases of which it has a key to this compartment.</summary>
    public IEnumerable<CaseId> Cases(Compartment compartment) => _byCompartment.Keys.Where(key => key.Item2 == compartment).Select(key => key.Item1);

    /// <summary>
    /// The key that a keychain is sealed under, to be put under recovery: it opens the keychain, and tells nothing of the
    /// root or of what else comes from it.
    /// </summary>
    /// <param name="root">The user's root.</param>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Secret KeyOf(Secret root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return root.Expand(HeadLabel, KeySize);
    }

    /// <summary>Adds a key, which is copied.</summary>
    /// <returns>False where the same key is in it already.</returns>
    /// <exception cref="JournalException">Another key of the same id, or of the same epoch, is in it already.</exception>
    /// <exception cref="InvalidOperationException">The keychain is full: it has 8,192 segments of 118 keys.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public bool Add(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (_epochs.TryGetValue(epoch.KeyId, out var known))
            return known.IsSameAs(epoch) ? false : throw Conflict("A key of the same name is in the keychain, and another one.");
        var segment = _segments.Find(segment => segment.Epochs.Count < KeychainSegment.MaxRecords);
        // More could be sealed, and not be opened again.
        if (segment is null && _segments.Count == _maxSegments) throw new InvalidOperationException("The keychain is full.");
        var copy = new Epoch(epoch.Case, epoch.Compartment, epoch.Number, epoch.KeyId, _key.Memory.Copy(epoch.Key.Span));
        try
        {
            Index(copy);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
        if (segment is null) _segments.Add(segment = new Segment());
        segment.Epochs.Add(copy);
        segment.Hash = null;
        return true;
    }

    /// <summary>
    /// Holds a key, which is copied, without ever sealing it: one that ends by a date, and is opened again from where it lies.
    /// </summary>
    /// <returns>False where the same key is there already.</returns>
    /// <exception cref="JournalException">Another key of the same id, or of the same epoch, is there already.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public bool Lend(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (_epochs.TryGetValue(epoch.KeyId, out var known))
            return known.IsSameAs(epoch) ? false : throw Conflict("A key of the same name is in the keychain, and another one.");
        var copy = new Epoch(epoch.Case, epoch.Compartment, epoch.Number, epoch.KeyId, _key.Memory.Copy(epoch.Key.Span));
        try
        {
            Index(copy);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
        return true;
    }

    /// <summary>Takes all keys of a case, or of one compartment of it, out of the keychain and wipes them.</summary>
    /// <returns>How many there were.</returns>
    public int Remove(CaseId @case, Compartment? compartment = null) =>
        Remove(epoch => epoch.Case == @case && (compartment is null || epoch.Compartment == compartment));

    /// <summary>Takes one key out of the keychain and wipes it.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(KeyId key) => Remove(epoch => epoch.KeyId == key) > 0;

    private int Remove(Func<Epoch, bool> which)
    {
        var gone = _epochs.Values.Where(which).ToList();
        foreach (var segment in _segments)
        {
            if (segment.Epochs.RemoveAll(gone.Contains) > 0) segment.Hash = null;
        }
        foreach (var epoch in gone)
        {
            _epochs.Remove(epoch.KeyId);
            var left = _byCompartment[(epoch.Case, epoch.Compartment)];
            left.Remove(epoch.Number);
            if (left.Count == 0) _byCompartment.Remove((epoch.Case, epoch.Compartment));
            epoch.Dispose();
        }
        return gone.Count;
    }

    /// <summary>
    /// Holds a checkpoint of the log against the last one that was seen, and remembers it. The first one is believed.
    /// </summary>
    /// <param name="now">The log's checkpoint, signature verified.</param>
    /// <param name="proof">That the log begins with what was seen: <see cref="MerkleTree.ConsistencyProof"/>.</param>
    /// <returns>Whether it is another one than before, so that the keychain should be stored.</returns>
    /// <exception cref="JournalException">The log went back, or is not the one that was seen; what is remembered stays.</exception>
    public bool See(Checkpoint now, IReadOnlyList<Digest> proof)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(proof);
        if (LastSeen is { } last)
        {
            if (now.Origin != last.Origin) throw new JournalException(JournalFault.Misplaced, "The checkpoint is of another log.");
            if (now.Size < last.Size)
            {
                throw new JournalException(
                    JournalFault.RolledBack, $"The log has {now.Size} entries and had {last.Size} before: an older state was put back.");
            }
            if (!MerkleTree.VerifyConsistency(last.Size, last.Root, now.Size, now.Root, proof))
                throw new JournalException(JournalFault.Inconsistent, "The log does not contain what it contained before.");
        }
        if (!Checkpoint.IsOrigin(now.Origin) || now.Size < 0) throw new ArgumentException("That is no checkpoint.", nameof(now));
        var isNew = now != LastSeen;
        LastSeen = now;
        return isNew;
    }

    /// <summary>
    /// Seals what changed. What comes back must be stored together, or not at all; where that fails, the keychain is to be
    /// opened anew, for it believes itself stored.
    /// </summary>
    public SealedKeychain Seal()
    {
        while (_segments is [.., { Epochs.Count: 0 }]) _segments.RemoveAt(_segments.Count - 1);
        Dictionary<int, byte[]> changed = [];
        for (var number = 0; number < _segments.Count; number++)
        {
            var segment = _segments[number];
            if (segment.Hash is not null) continue;
            changed[number] = KeychainSegment.Seal(_key, number, segment.Epochs);
            segment.Hash = Digest.Of(changed[number]);
        }
        Generation++;
        return new(SealHead(), changed, _segments.Count);
    }

    /// <summary>Says how many keys there are and nothing of them.</summary>
    public override string ToString() => $"Keychain ({Count} keys)";

    /// <summary>Wipes all keys.</summary>
    public void Dispose()
    {
        foreach (var epoch in _epochs.Values) epoch.Dispose();
        _key.Dispose();
    }

    private byte[] SealHead()
    {
        using var writer = new CborWriter();
        writer.WriteArray(4);
        writer.Write((ulong)Version);
        writer.Write(Generation);
        writer.WriteArray(_segments.Count);
        foreach (var segment in _segments) writer.Write(segment.Hash!.Value.ToArray());
        if (LastSeen is { } seen)
        {
            writer.WriteArray(3);
            writer.Write(seen.Origin);
            writer.Write(seen.Size);
            writer.Write(seen.Root.ToArray());
        }
        else
        {
            writer.WriteNull();
        }
        var padded = Padding.Pad(PaddingKind.Message, writer.Written);
        var head = new byte[padded.Length + CommittingSeal.Overhead];
        CommittingSeal.Seal(_key.Span, HeadLabel, [], padded, head);
        return head;
    }

    private List<Digest> ReadHead(ReadOnlySpan<byte> head)
    {
        var length = head.Length - CommittingSeal.Overhead;
        if (length is <= 0 or > Padding.MaxMessageLength + 1) throw JournalException.Malformed("The keychain's head has a length that none has.");
        var padded = new byte[length];
        CommittingSeal.Open(_key.Span, HeadLabel, [], head, padded);
        var reader = new CborReader(padded.AsSpan(0, Unpadded.Length(padded)), JournalException.Content);
        reader.ReadArrayOf(4);
        if (reader.ReadUnsigned() != Version) throw new JournalException(JournalFault.UnknownVersion, "The keychain is of a version that this program does not know.");
        Generation = (long)reader.ReadUnsigned(long.MaxValue);
        var count = reader.ReadArray(MaxSegments);
        List<Digest> hashes = new(count);
        for (var i = 0; i < count; i++) hashes.Add(Digest.From(reader.ReadExactly(Digest.Size)));
        if (!reader.TryReadNull())
        {
            reader.ReadArrayOf(3);
            LastSeen = new(reader.ReadText(Checkpoint.MaxOrigin), (long)reader.ReadUnsigned(long.MaxValue), Digest.From(reader.ReadExactly(Digest.Size)));
        }
        reader.End();
        return hashes;
    }

    private void Take(int number, Digest hash, List<Epoch> epochs)
    {
        _segments.Add(new Segment { Hash = hash });
        foreach (var epoch in epochs)
        {
            _segments[number].Epochs.Add(epoch);
            try
            {
                Index(epoch);
            }
            catch
            {
                epochs.ForEach(each => each.Dispose());
                throw;
            }
        }
    }

    private void Index(Epoch epoch)
    {
        if (!_byCompartment.TryGetValue((epoch.Case, epoch.Compartment), out var epochs)) epochs = [];
        if (_epochs.ContainsKey(epoch.KeyId) || epochs.ContainsKey(epoch.Number)) throw Conflict("Another key of the same epoch is in the keychain.");
        _epochs.Add(epoch.KeyId, epoch);
        epochs.Add(epoch.Number, epoch);
        _byCompartment[(epoch.Case, epoch.Compartment)] = epochs;
    }

    private static JournalException Conflict(string what) => new(JournalFault.Conflict, what);

    /// <summary>Keys that are sealed together, and the hash of the sealed bytes while nothing changed.</summary>
    private sealed class Segment
    {
        public List<Epoch> Epochs { get; } = [];

        public Digest? Hash { get; set; }
    }
}
