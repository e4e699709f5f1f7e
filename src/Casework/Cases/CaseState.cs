using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>A case, folded from the entries that its reader can open.</summary>
/// <param name="Id">The case.</param>
/// <param name="Head">Up to which entry.</param>
/// <param name="Name">How it is called in lists.</param>
/// <param name="Stage">Where it is.</param>
/// <param name="Urgency">How urgent the person said it is.</param>
/// <param name="Language">The person's.</param>
/// <param name="Safely">Where and how it is safe to answer, as last known; empty when it was not said.</param>
/// <param name="WaitingSince">Since when the person waits for an answer; null if they do not.</param>
/// <param name="Unread">How many messages nobody has marked as read.</param>
/// <param name="ForgettingAsked">When the person asked to be forgotten; null if they did not.</param>
/// <param name="Items">Messages, answers and notes, the oldest first.</param>
/// <param name="Conversations">The person's, the oldest first. A lost receipt begins another.</param>
/// <param name="IsReadOnly">Whether nothing may be added: a newer program wrote here, or its end cannot be read or is missing.</param>
/// <param name="Faults">What is wrong with the journal, in sentences.</param>
public sealed record CaseState(
    CaseId Id, Head Head, string Name, Stage Stage, Urgency Urgency, string Language, string Safely, DateTimeOffset? WaitingSince, int Unread,
    DateTimeOffset? ForgettingAsked, IReadOnlyList<ConversationItem> Items, IReadOnlyList<ConversationState> Conversations, bool IsReadOnly,
    IReadOnlyList<string> Faults)
{
    /// <summary>Who could and can read which part of it, in the order in which they were let in.</summary>
    public IReadOnlyList<AccessLine> Access { get; init; } = [];

    /// <summary>Who put it where it is; null where that cannot be read.</summary>
    public LastChange? StageSet { get; init; }

    /// <summary>Who wrote down where it is safe to answer; null where nobody did, or it cannot be read.</summary>
    public LastChange? SafelySet { get; init; }

    /// <summary>Who changed last what somebody may read. A new key in place of an old one changes nothing.</summary>
    public IReadOnlyDictionary<UserId, LastChange> AccessSet { get; init; } = new Dictionary<UserId, LastChange>();
}

/// <summary>What a case keeps of a conversation; its key stays in its entry.</summary>
/// <param name="Id">16 bytes.</param>
/// <param name="LookUpId">16 bytes: where answers are put.</param>
/// <param name="JoinedAt">The entry that holds its keys.</param>
/// <param name="Received">The highest message received.</param>
/// <param name="Sent">How many answers were written.</param>
/// <param name="AnswerEpoch">The key whose recipient the person was last given; null before the first answer.</param>
/// <param name="Missing">Messages of the person that are known not to have arrived.</param>
public sealed record ConversationState(
    ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> LookUpId, long JoinedAt, int Received, int Sent, KeyId? AnswerEpoch, IReadOnlyList<SequenceRange> Missing)
{
    internal ReadOnlyMemory<byte> Chain { get; init; }
}

/// <summary>What kind of thing is shown in a conversation.</summary>
public enum ItemKind
{
    /// <summary>From the person.</summary>
    Message,

    /// <summary>To the person.</summary>
    Answer,

    /// <summary>The person never sees it.</summary>
    Note,
}

/// <summary>Something in a conversation, as pages show it.</summary>
/// <param name="Kind">From whom, to whom.</param>
/// <param name="Sequence">The entry.</param>
/// <param name="Time">When it was written into the journal.</param>
/// <param name="Author">Who wrote the entry.</param>
/// <param name="Words">What was written; null where nothing could be believed.</param>
/// <param name="Verdict">What was noticed about a message.</param>
/// <param name="Missing">Messages that are missing directly before it.</param>
/// <param name="Conversation">Which conversation it is of: its place in <see cref="CaseState.Conversations"/>; -1 for a note.</param>
/// <param name="IsUnread">Whether nobody has marked it as read.</param>
/// <param name="IsUndeliverable">Whether Intake had no place for an answer any more.</param>
/// <param name="Fetched">The day on which the person's device fetched it, where that is known.</param>
public sealed record ConversationItem(
    ItemKind Kind, long Sequence, DateTimeOffset Time, PublicKey Author, string? Words, Verdict Verdict = Verdict.Genuine,
    SequenceRange? Missing = null, int Conversation = -1, bool IsUnread = false, DateOnly? Fetched = null,
    bool IsUndeliverable = false);
