using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>What one side of a conversation remembers of it (<c>docs/formats/message.md</c>, "State"). It holds no key.</summary>
internal sealed class ChainState(Direction writes)
{
    /// <summary>The longest state of a person: it must fit into a bookmark.</summary>
    public const int MaxSize = 2_047 - MessageTag.Size - 3 * 3;

    private const int Version = 1;
    private const int Fields = 13;
    private const int MarkSize = 8;
    private const int MaxRecent = 48;
    private const int MaxMissing = 8;

    /// <summary>Marks of what was received, by sequence.</summary>
    private readonly SortedList<int, ulong> _recent = [];
    private readonly List<Gap> _missing = [];
    private int _givenUp;
    private int _namedBy;

    public Direction Writes { get; } = writes;

    public byte[]? Conversation { get; set; }

    public int Sent { get; set; }

    public byte[] SentHash { get; set; } = new byte[MessageParts.HashSize];

    public int Received { get; private set; }

    public byte[] ReceivedHash { get; private set; } = new byte[MessageParts.HashSize];

    public int Acknowledged { get; set; }

    public HybridRecipient? Recipient { get; private set; }

    public IReadOnlyList<SequenceRange> Missing => [.. _missing.Select(gap => new SequenceRange(gap.From, gap.To))];

    public int Lacking => _givenUp + _missing.Sum(gap => gap.To - gap.From + 1);

    /// <summary>Whether it has to fit into a bookmark; the Desk keeps its own and remembers everything.</summary>
    private bool IsPersons => Writes == Direction.ToDesk;

    private int OldestRecent => IsPersons ? Math.Max(1, Received - MaxRecent + 1) : 1;

    /// <summary>The first eight bytes of a hash.</summary>
    public static ulong Mark(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64BigEndian(hash);

    /// <summary>The mark of a message that was received; null when it is not remembered.</summary>
    public ulong? MarkOf(int sequence) => _recent.TryGetValue(sequence, out var mark) ? mark : null;

    /// <summary>Takes over a message with a sequence above all that were received.</summary>
    public void Advance(int sequence, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> previous)
    {
        if (sequence > Received + 1) Note(new Gap(Received + 1, sequence - 1, Mark(previous)));
        Received = sequence;
        ReceivedHash = hash.ToArray();
        Remember(sequence, hash);
    }

    public bool IsMissing(int sequence) => _missing.Exists(gap => gap.Holds(sequence));

    /// <summary>Takes over a message that was missing.</summary>
    /// <returns>Whether it joins its neighbours, as far as they are known.</returns>
    public bool Fill(int sequence, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> previous)
    {
        var gap = _missing.Find(gap => gap.Holds(sequence));
        var joinsNext = sequence < gap.To || gap.Mark == Mark(hash);
        var joinsLast = sequence > gap.From || MarkOf(sequence - 1) is not { } before || before == Mark(previous);
        _missing.Remove(gap);
        if (sequence > gap.From) Note(new Gap(gap.From, sequence - 1, Mark(previous)));
        if (sequence < gap.To) Note(gap with { From = sequence + 1 });
        Remember(sequence, hash);
        return joinsNext && joinsLast;
    }

    /// <summary>Takes over whom an answer names, unless a later one has named somebody already.</summary>
    public void Name(HybridRecipient? recipient, int sequence)
    {
        if (recipient is not null && sequence > _namedBy) (Recipient, _namedBy) = (recipient, sequence);
    }

    public byte[] ToBytes()
    {
        using var writer = new CborWriter(MaxSize);
        writer.WriteArray(Fields);
        writer.Write(Version);
        writer.Write((int)Writes);
        if (Conversation is null) writer.WriteNull();
        else writer.Write(Conversation);
        writer.Write(Sent);
        writer.Write(SentHash);
        writer.Write(Received);
        writer.Write(ReceivedHash);
        writer.Write(Acknowledged);
        WriteRecent(writer);
        writer.WriteArray(_missing.Count);
        Span<byte> mark = stackalloc byte[MarkSize];
        foreach (var gap in _missing)
        {
            writer.WriteArray(3);
            writer.Write(gap.From);
            writer.Write(gap.To);
            BinaryPrimitives.WriteUInt64BigEndian(mark, gap.Mark);
            writer.Write(mark);
        }
        writer.Write(_givenUp);
        if (Recipient is null) writer.WriteNull();
        else writer.Write(Recipient.PublicKey);
        writer.Write(_namedBy);
        return writer.ToArray();
    }

    /// <exception cref="EnvelopeException">It is not a state.</exception>
    public static ChainState Read(ReadOnlySpan<byte> encoded)
    {
        var reader = new CborReader(encoded, EnvelopeException.Malformed);
        reader.ReadArrayOf(Fields);
        reader.ReadInt32(Version, Version);
        var state = new ChainState((Direction)reader.ReadInt32(1, 2));
        if (state.IsPersons && encoded.Length > MaxSize) throw EnvelopeException.Malformed("a state is too long");
        state.Conversation = reader.TryReadNull() ? null : reader.ReadExactly(Message.ConversationSize).ToArray();
        state.Sent = reader.ReadInt32(Message.MaxSequence);
        state.SentHash = reader.ReadExactly(MessageParts.HashSize).ToArray();
        state.Received = reader.ReadInt32(Message.MaxSequence);
        state.ReceivedHash = reader.ReadExactly(MessageParts.HashSize).ToArray();
        state.Acknowledged = reader.ReadInt32(Message.MaxSequence);
        state.ReadRecent(ref reader);
        state.ReadMissing(ref reader);
        // What is given up is missing too: together not more than there is below the highest.
        state._givenUp = reader.ReadInt32(Math.Max(0, state.Received - 1 - state.Lacking));
        if (!reader.TryReadNull()) state.Recipient = MessageParts.ReadRecipient(reader.ReadExactly(HybridRecipient.PublicKeySize));
        state._namedBy = state.Recipient is null ? reader.ReadInt32(0, 0) : reader.ReadInt32(1, state.Received);
        reader.End();
        return state;
    }

    /// <summary>Runs of sequences that follow each other, the highest first.</summary>
    private void WriteRecent(CborWriter writer)
    {
        List<(int Highest, int Count)> runs = [];
        for (var i = _recent.Count - 1; i >= 0; i--)
        {
            if (runs is [.., var run] && run.Highest - run.Count == _recent.Keys[i]) runs[^1] = run with { Count = run.Count + 1 };
            else runs.Add((_recent.Keys[i], 1));
        }
        writer.WriteArray(runs.Count);
        var at = _recent.Count - 1;
        foreach (var (highest, count) in runs)
        {
            writer.WriteArray(2);
            writer.Write(highest);
            var marks = new byte[count * MarkSize];
            for (var i = 0; i < count; i++) BinaryPrimitives.WriteUInt64BigEndian(marks.AsSpan(i * MarkSize), _recent.Values[at--]);
            writer.Write(marks);
        }
    }

    private void ReadRecent(ref CborReader reader)
    {
        List<KeyValuePair<int, ulong>> found = [];
        var below = Received + 1;
        for (var runs = reader.ReadArray(Message.MaxSequence); runs > 0; runs--)
        {
            reader.ReadArrayOf(2);
            var sequence = reader.ReadInt32(Math.Max(0, below - 1));
            var marks = reader.ReadBytes();
            if (marks.IsEmpty || marks.Length % MarkSize != 0 || sequence - marks.Length / MarkSize + 1 < OldestRecent) throw EnvelopeException.Malformed("its marks are not right");
            for (; !marks.IsEmpty; marks = marks[MarkSize..]) found.Add(new(sequence--, Mark(marks)));
            // Runs do not touch: the sequence below this one is not remembered.
            below = sequence;
        }
        if (found.Count == 0 ? Received > 0 : (found[0].Key, found[0].Value) != (Received, Mark(ReceivedHash))) throw EnvelopeException.Malformed("its marks are not right");
        for (var i = found.Count - 1; i >= 0; i--) _recent.Add(found[i].Key, found[i].Value);
    }

    private void ReadMissing(ref CborReader reader)
    {
        var count = reader.ReadArray(IsPersons ? MaxMissing : Message.MaxSequence);
        for (var last = -1; count > 0; count--)
        {
            reader.ReadArrayOf(3);
            var from = reader.ReadInt32(Math.Max(1, last + 2), Message.MaxSequence);
            last = reader.ReadInt32(from, Math.Max(from, Received - 1));
            if (last >= Received) throw EnvelopeException.Malformed("more is missing than there is");
            _missing.Add(new Gap(from, last, Mark(reader.ReadExactly(MarkSize))));
        }
    }

    private void Remember(int sequence, ReadOnlySpan<byte> hash)
    {
        if (sequence >= OldestRecent) _recent[sequence] = Mark(hash);
        while (_recent.Keys[0] < OldestRecent) _recent.RemoveAt(0);
    }

    private void Note(Gap gap)
    {
        var at = _missing.FindIndex(other => other.From > gap.From);
        _missing.Insert(at < 0 ? _missing.Count : at, gap);
        if (!IsPersons || _missing.Count <= MaxMissing) return;
        _givenUp += _missing[0].To - _missing[0].From + 1;
        _missing.RemoveAt(0);
    }

    /// <param name="From">The first that is missing.</param>
    /// <param name="To">The last.</param>
    /// <param name="Mark">Of the last, as the message after it named it.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Gap(int From, int To, ulong Mark)
    {
        public bool Holds(int sequence) => sequence >= From && sequence <= To;
    }
}
