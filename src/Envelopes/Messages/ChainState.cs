using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>What one side of a conversation remembers of it (<c>docs/formats/message.md</c>, "State"). It holds no key.</summary>
internal sealed class ChainState(Direction writes)
{
    public const int MaxSize = 2_047 - MessageTag.Size - 3 * 3;

    private const int Version = 1;
    private const int MarkSize = 8;
    private const int MaxRecent = 48;
    private const int MaxMissing = 8;

    /// <summary>Marks of what was received: of <see cref="Received"/>, of the one before, and so on; 0 for none.</summary>
    private readonly List<ulong> _recent = [];
    private readonly List<Gap> _missing = [];

    public Direction Writes { get; } = writes;

    public byte[]? Conversation { get; set; }

    public int Sent { get; set; }

    public byte[] SentHash { get; set; } = new byte[MessageParts.HashSize];

    public int Received { get; private set; }

    public byte[] ReceivedHash { get; private set; } = new byte[MessageParts.HashSize];

    public int Acknowledged { get; set; }

    public HybridRecipient? Recipient { get; set; }

    public IReadOnlyList<SequenceRange> Missing => [.. _missing.Select(gap => new SequenceRange(gap.From, gap.To))];

    public int Lacking => _missing.Sum(gap => gap.To - gap.From + 1);

    /// <summary>The first eight bytes of a hash.</summary>
    public static ulong Mark(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64BigEndian(hash);

    /// <summary>The mark of a message that was received; 0 when it is not remembered.</summary>
    public ulong MarkOf(int sequence) => Received - sequence is var back && back >= 0 && back < _recent.Count ? _recent[back] : 0;

    /// <summary>Takes over a message with a sequence above all that were received.</summary>
    public void Advance(int sequence, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> previous)
    {
        if (sequence > Received + 1) Note(new Gap(Received + 1, sequence - 1, Mark(previous)));
        var steps = sequence - Received;
        _recent.InsertRange(0, new ulong[Math.Min(steps, MaxRecent)]);
        _recent[0] = Mark(hash);
        if (_recent.Count > MaxRecent) _recent.RemoveRange(MaxRecent, _recent.Count - MaxRecent);
        Received = sequence;
        ReceivedHash = hash.ToArray();
    }

    public bool IsMissing(int sequence) => _missing.Exists(gap => gap.Holds(sequence));

    /// <summary>Takes over a message that was missing.</summary>
    /// <returns>Whether it joins its neighbours, as far as they are known.</returns>
    public bool Fill(int sequence, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> previous)
    {
        var gap = _missing.Find(gap => gap.Holds(sequence));
        var joinsNext = sequence < gap.To || gap.Mark == Mark(hash);
        var before = MarkOf(sequence - 1);
        var joinsLast = sequence > gap.From || before == 0 || before == Mark(previous);
        _missing.Remove(gap);
        if (sequence > gap.From) Note(new Gap(gap.From, sequence - 1, Mark(previous)));
        if (sequence < gap.To) Note(gap with { From = sequence + 1 });
        if (Received - sequence < _recent.Count) _recent[Received - sequence] = Mark(hash);
        return joinsNext && joinsLast;
    }

    public byte[] ToBytes()
    {
        using var writer = new CborWriter(MaxSize);
        writer.WriteArray(11);
        writer.Write(Version);
        writer.Write((int)Writes);
        if (Conversation is null) writer.WriteNull();
        else writer.Write(Conversation);
        writer.Write(Sent);
        writer.Write(SentHash);
        writer.Write(Received);
        writer.Write(ReceivedHash);
        writer.Write(Acknowledged);
        Span<byte> marks = stackalloc byte[_recent.Count * MarkSize];
        for (var i = 0; i < _recent.Count; i++) BinaryPrimitives.WriteUInt64BigEndian(marks[(i * MarkSize)..], _recent[i]);
        writer.Write(marks);
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
        if (Recipient is null) writer.WriteNull();
        else writer.Write(Recipient.PublicKey);
        return writer.ToArray();
    }

    /// <exception cref="EnvelopeException">It is not a state.</exception>
    public static ChainState Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length > MaxSize) throw EnvelopeException.Malformed("a state is too long");
        var reader = new CborReader(encoded, EnvelopeException.Malformed);
        reader.ReadArrayOf(11);
        reader.ReadInt32(Version, Version);
        var state = new ChainState((Direction)reader.ReadInt32(1, 2))
        {
            Conversation = reader.TryReadNull() ? null : reader.ReadExactly(Message.ConversationSize).ToArray(),
            Sent = reader.ReadInt32(0, Message.MaxSequence),
            SentHash = reader.ReadExactly(MessageParts.HashSize).ToArray(),
            Received = reader.ReadInt32(0, Message.MaxSequence),
            ReceivedHash = reader.ReadExactly(MessageParts.HashSize).ToArray(),
            Acknowledged = reader.ReadInt32(0, Message.MaxSequence),
        };
        state.ReadRecent(reader.ReadBytes());
        state.ReadMissing(ref reader);
        if (!reader.TryReadNull()) state.Recipient = MessageParts.ReadRecipient(reader.ReadExactly(HybridRecipient.PublicKeySize));
        reader.End();
        return state;
    }

    private void ReadRecent(ReadOnlySpan<byte> marks)
    {
        if (marks.Length % MarkSize != 0 || marks.Length > Math.Min(Received, MaxRecent) * MarkSize) throw EnvelopeException.Malformed("its marks are not right");
        for (var at = 0; at < marks.Length; at += MarkSize) _recent.Add(Mark(marks[at..]));
        if (_recent.Count == 0 ? Received > 0 : _recent[0] != Mark(ReceivedHash)) throw EnvelopeException.Malformed("its marks are not right");
    }

    private void ReadMissing(ref CborReader reader)
    {
        var count = reader.ReadArray(MaxMissing);
        for (var last = 0; count > 0; count--)
        {
            reader.ReadArrayOf(3);
            var from = reader.ReadInt32(last == 0 ? 1 : last + 2, Message.MaxSequence);
            last = reader.ReadInt32(from, Math.Max(from, Received - 1));
            if (last >= Received) throw EnvelopeException.Malformed("more is missing than there is");
            _missing.Add(new Gap(from, last, Mark(reader.ReadExactly(MarkSize))));
        }
    }

    private void Note(Gap gap)
    {
        var at = _missing.FindIndex(other => other.From > gap.From);
        _missing.Insert(at < 0 ? _missing.Count : at, gap);
        if (_missing.Count > MaxMissing) _missing.RemoveAt(0);
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
