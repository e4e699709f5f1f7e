using System.Text;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>Which way a message goes.</summary>
public enum Direction
{
    /// <summary>From the person to the organisation.</summary>
    ToDesk = 1,

    /// <summary>From the organisation to the person.</summary>
    ToPerson = 2,
}

/// <summary>What a message is.</summary>
public enum MessageKind
{
    /// <summary>The first of a conversation.</summary>
    Opening = 1,

    /// <summary>What the person writes later.</summary>
    Words = 2,

    /// <summary>What the organisation writes.</summary>
    Answer = 3,
}

/// <summary>
/// A message whose tag was right (<c>docs/formats/message.md</c>). It prints as its direction and sequence and nothing
/// else.
/// </summary>
public sealed class Message
{
    /// <summary>Length of the id of a conversation.</summary>
    public const int ConversationSize = 16;

    /// <summary>The most that words may have, in bytes of UTF-8.</summary>
    public const int MaxWordsLength = 520_000;

    /// <summary>The most that the words on how to answer safely may have, in bytes of UTF-8.</summary>
    public const int MaxSafelyLength = 2_000;

    /// <summary>The highest sequence.</summary>
    public const int MaxSequence = 1_000_000;

    private readonly byte[] _conversation;
    private readonly byte[] _hash;

    internal Message(in MessageParts parts, ReadOnlySpan<byte> hash)
    {
        _conversation = parts.Conversation.ToArray();
        _hash = hash.ToArray();
        (Direction, Kind, Sequence, Seen, Lacking) = (parts.Direction, parts.Kind, parts.Sequence, parts.Seen, parts.Lacking);
        Words = Encoding.UTF8.GetString(parts.Words);
        if (parts.Kind == MessageKind.Answer && !parts.Recipient.IsEmpty) Recipient = parts.ReadRecipient();
    }

    /// <summary>Which way it goes.</summary>
    public Direction Direction { get; }

    /// <summary>What it is.</summary>
    public MessageKind Kind { get; }

    /// <summary>16 bytes that name the conversation.</summary>
    public ReadOnlySpan<byte> Conversation => _conversation;

    /// <summary>Its place in its direction, from 1.</summary>
    public int Sequence { get; }

    /// <summary>The highest sequence that its author had received from the other side; 0 for none.</summary>
    public int Seen { get; }

    /// <summary>How many below <see cref="Seen"/> its author had not received.</summary>
    public int Lacking { get; }

    /// <summary>SHA-256 of it as it was encoded: by this it is known again.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>What was written. Whoever shows it guards against control and direction characters.</summary>
    public string Words { get; }

    /// <summary>In an answer: whom the person seals to from now on, if that is said.</summary>
    public HybridRecipient? Recipient { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Message({Direction} {Sequence})";
}
