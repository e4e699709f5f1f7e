using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>
/// One side of a conversation: writes what goes out and judges what comes in (<c>docs/formats/message.md</c>). The Desk
/// keeps its state in the journal; the person's device leaves its own at Intake as a bookmark.
/// </summary>
/// <remarks>
/// K is the caller's: it must live as long as the chain and is not part of the state. What a chain wrote counts as sent:
/// send it, the same bytes at every attempt, or throw the chain away. Not for several threads at once.
/// </remarks>
public sealed class ConversationChain
{
    private readonly Secret _key;
    private readonly ChainState _state;

    private ConversationChain(Secret key, ChainState state) => (_key, _state) = (key, state);

    /// <summary>16 bytes that name the conversation; empty only when it was begun by <see cref="Rebuild"/>.</summary>
    public ReadOnlyMemory<byte> Conversation => _state.Conversation;

    /// <summary>The direction in which this side writes.</summary>
    public Direction Writes => _state.Writes;

    /// <summary>How many were written.</summary>
    public int Sent => _state.Sent;

    /// <summary>The highest sequence received from the other side.</summary>
    public int Received => _state.Received;

    /// <summary>The highest sequence of ours that the other side has acknowledged.</summary>
    public int Acknowledged => _state.Acknowledged;

    /// <summary>What is known to be missing from the other side.</summary>
    public IReadOnlyList<SequenceRange> Missing => _state.Missing;

    /// <summary>At the person's: the recipient of this conversation, once an answer has named it.</summary>
    public HybridRecipient? Recipient => _state.Recipient;

    private Direction Reads => Writes == Direction.ToDesk ? Direction.ToPerson : Direction.ToDesk;

    /// <summary>The person's side of a new conversation, with a random id.</summary>
    public static ConversationChain Begin(Secret key) =>
        new(Key(key), new ChainState(Direction.ToDesk) { Conversation = RandomNumberGenerator.GetBytes(Message.ConversationSize) });

    /// <summary>
    /// The person's side when Intake returned no bookmark: the first genuine answer names the conversation and says how
    /// many were written, and is judged <see cref="Verdict.RolledBack"/> for it.
    /// </summary>
    public static ConversationChain Rebuild(Secret key) => new(Key(key), new ChainState(Direction.ToDesk));

    /// <summary>The Desk's side of a conversation, from its first message.</summary>
    /// <param name="opening">The first message.</param>
    /// <param name="key">K, where the Desk keeps it.</param>
    /// <exception cref="ArgumentException">It is not the K of this opening.</exception>
    public static ConversationChain Admit(Opening opening, Secret key)
    {
        ArgumentNullException.ThrowIfNull(opening);
        CheckSame(Key(key), opening.Key, nameof(key));
        var state = new ChainState(Direction.ToPerson) { Conversation = opening.Message.Conversation.ToArray() };
        state.Advance(opening.Message.Sequence, opening.Message.Hash, new byte[MessageParts.HashSize]);
        return new ConversationChain(key, state);
    }

    /// <summary>Goes on from a state.</summary>
    /// <exception cref="EnvelopeException">It is not a state.</exception>
    public static ConversationChain Read(ReadOnlySpan<byte> state, Secret key) => new(Key(key), ChainState.Read(state));

    /// <summary>Goes on from the bookmark that the person's device had left at Intake.</summary>
    /// <exception cref="EnvelopeException">It was changed, made up, or is another person's.</exception>
    public static ConversationChain OpenBookmark(ReadOnlySpan<byte> sealedBytes, ReceiptKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var padded = MessageTag.Open(sealedBytes, [keys.Identity]);
        try
        {
            MessageTag.Split(padded, out var content, out var tag);
            if (!MessageTag.IsRight(keys.Conversation.Span, MessageTag.Bookmark, content, tag))
                throw EnvelopeException.Tampered("The bookmark was made by somebody who does not have the receipt.");
            var state = ChainState.Read(content);
            if (state.Writes != Direction.ToDesk) throw EnvelopeException.Malformed("the bookmark is not a person's");
            return new ConversationChain(keys.Conversation, state);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <summary>The state, without K and without a word of anyone's. The person's has at most 2 KB; the Desk's 8 bytes for each message.</summary>
    public byte[] ToBytes() => _state.ToBytes();

    /// <summary>The state, sealed to the person's own recipient, for Intake to keep.</summary>
    public byte[] SealBookmark(ReceiptKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (Writes != Direction.ToDesk) throw new InvalidOperationException("Only the person's side has a bookmark.");
        CheckSame(_key, keys.Conversation, nameof(keys));
        return MessageTag.Seal(keys.Conversation.Span, MessageTag.Bookmark, ToBytes(), (HybridRecipient)keys.Identity.ToRecipient(), out _);
    }

    /// <summary>Writes the first message. The words given are the caller's to wipe.</summary>
    /// <param name="first">What the person says.</param>
    /// <param name="keys">The person's.</param>
    /// <param name="inbox">The checked recipient of the inbox key.</param>
    /// <exception cref="ArgumentException">The keys are not those that the conversation was begun with.</exception>
    /// <exception cref="EnvelopeException">A text is too long.</exception>
    /// <exception cref="InvalidOperationException">The conversation was opened before.</exception>
    public byte[] SealOpening(FirstWords first, ReceiptKeys keys, HybridRecipient inbox)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var language = Encoding.ASCII.GetBytes(first.Language);
        if (!MessageParts.IsLanguage(language)) throw new ArgumentException("The language is not ru, uk or en.", nameof(first));
        if (Sent > 0) throw new InvalidOperationException("The conversation was opened before.");
        CheckSame(_key, keys.Conversation, nameof(keys));
        return Seal(
            new MessageParts
            {
                Direction = Direction.ToDesk,
                Kind = MessageKind.Opening,
                Key = keys.Conversation.Span,
                Recipient = ((HybridRecipient)keys.Identity.ToRecipient()).PublicKey,
                Language = language,
                Urgency = first.Urgency,
                Words = first.Words,
                Safely = first.Safely,
            },
            inbox);
    }

    /// <summary>Writes what the person says next. The words, in UTF-8, are the caller's to wipe.</summary>
    /// <param name="words">UTF-8.</param>
    /// <param name="inbox">The checked recipient of the inbox key, used as long as no answer has named another.</param>
    /// <exception cref="EnvelopeException">The words are too long.</exception>
    /// <exception cref="InvalidOperationException">The conversation was not opened, or this is the Desk's side.</exception>
    public byte[] SealWords(ReadOnlySpan<byte> words, HybridRecipient inbox)
    {
        if (Writes != Direction.ToDesk || Sent == 0) throw new InvalidOperationException("The conversation was not opened on this side.");
        return Seal(new MessageParts { Direction = Direction.ToDesk, Kind = MessageKind.Words, Words = words }, Recipient ?? inbox);
    }

    /// <summary>Writes an answer.</summary>
    /// <param name="words">UTF-8.</param>
    /// <param name="conversation">Whom the person seals to from now on: in the first answer, and when it changes.</param>
    /// <param name="person">The person's recipient, from the opening.</param>
    /// <exception cref="EnvelopeException">The words are too long.</exception>
    /// <exception cref="InvalidOperationException">This is the person's side.</exception>
    public byte[] SealAnswer(ReadOnlySpan<byte> words, HybridRecipient? conversation, HybridRecipient person)
    {
        if (Writes != Direction.ToPerson) throw new InvalidOperationException("The person's side writes no answers.");
        return Seal(
            new MessageParts
            {
                Direction = Direction.ToPerson,
                Kind = MessageKind.Answer,
                Recipient = conversation is null ? default : conversation.PublicKey,
                Words = words,
            },
            person);
    }

    /// <summary>Opens and judges what arrived. Throws nothing for it, whatever it is.</summary>
    /// <param name="sealedBytes">What the envelope holds.</param>
    /// <param name="identities">
    /// The person's: that of the receipt. The Desk's: those of the conversation and of the inbox.
    /// </param>
    public Received Open(ReadOnlySpan<byte> sealedBytes, params IReadOnlyCollection<Identity> identities)
    {
        byte[] padded = [];
        try
        {
            padded = MessageTag.Open(sealedBytes, identities);
            return OpenPadded(padded);
        }
        catch (EnvelopeException)
        {
            return new Received(Verdict.Tampered);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"ConversationChain({Writes}, {Sent} sent, {Received} received)";

    /// <summary>Judges what was unsealed.</summary>
    /// <exception cref="EnvelopeException">It is not formed as a message.</exception>
    internal Received OpenPadded(ReadOnlySpan<byte> padded)
    {
        var encoded = MessageTag.Split(padded, out var content, out var tag);
        var parts = MessageParts.Read(content);
        if (_state.Conversation is { } own && !parts.Conversation.SequenceEqual(own)) return new Received(Verdict.AnotherConversation);
        if (parts.Direction != Reads || !MessageTag.IsRight(_key.Span, MessageTag.For(Reads), content, tag))
            return new Received(MessageTag.IsRight(_key.Span, MessageTag.For(Writes), content, tag) ? Verdict.WrongDirection : Verdict.Tampered);
        return Judge(parts, new Message(parts, SHA256.HashData(encoded)));
    }

    private Received Judge(in MessageParts parts, Message message)
    {
        if (message.Sequence > Received) return JudgeNew(parts, message);
        if (_state.IsMissing(message.Sequence))
        {
            _state.Name(message.Recipient, message.Sequence);
            var joins = _state.Fill(message.Sequence, message.Hash, parts.Previous);
            return new Received(joins ? Verdict.Reordered : Verdict.RolledBack, message);
        }
        return _state.MarkOf(message.Sequence) is not { } mark
            ? new Received(Verdict.Late, message)
            : new Received(mark == ChainState.Mark(message.Hash) ? Verdict.Replayed : Verdict.RolledBack, message);
    }

    private Received JudgeNew(in MessageParts parts, Message message)
    {
        var next = Received + 1;
        var missing = message.Sequence > next ? new SequenceRange(next, message.Sequence - 1) : (SequenceRange?)null;
        var joins = missing is not null || parts.Previous.SequenceEqual(_state.ReceivedHash);
        var knowsMore = message.Seen > Sent || message.Seen == Sent && !parts.SeenHash.SequenceEqual(_state.SentHash);
        var rolledBack = !joins || knowsMore || message.Seen < Acknowledged;

        _state.Conversation ??= parts.Conversation.ToArray();
        _state.Advance(message.Sequence, message.Hash, parts.Previous);
        _state.Acknowledged = Math.Max(Acknowledged, message.Seen);
        _state.Name(message.Recipient, message.Sequence);
        // What the other side has of ours is what was: writing on from less would repeat a sequence. Only for the person,
        // whose bookmark Intake may have rolled back; the Desk knows what it sent, and nobody may tell it otherwise.
        if (knowsMore && Writes == Direction.ToDesk) (_state.Sent, _state.SentHash) = (message.Seen, parts.SeenHash.ToArray());
        return new Received(rolledBack ? Verdict.RolledBack : missing is null ? Verdict.Genuine : Verdict.Missing, message, missing);
    }

    private byte[] Seal(MessageParts parts, HybridRecipient to)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (_state.Conversation is null) throw new InvalidOperationException("It is not known which conversation this is.");
        if (Sent == Message.MaxSequence) throw new InvalidOperationException("The conversation is full.");
        parts.Conversation = _state.Conversation;
        parts.Sequence = Sent + 1;
        parts.Previous = _state.SentHash;
        parts.Seen = Received;
        parts.SeenHash = _state.ReceivedHash;
        parts.Lacking = _state.Lacking;
        // Why this is safe: 16 random bytes in each message; its hash, which others keep, tells nothing of short words.
        parts.Salt = RandomNumberGenerator.GetBytes(MessageParts.SaltSize);

        using var content = parts.Write();
        var sealedBytes = MessageTag.Seal(_key.Span, MessageTag.For(Writes), content.Written, to, out var hash);
        (_state.Sent, _state.SentHash) = (parts.Sequence, hash);
        return sealedBytes;
    }

    private static void CheckSame(Secret one, Secret other, string name)
    {
        if (!one.FixedTimeEquals(other.Span)) throw new ArgumentException("That is not the key of this conversation.", name);
    }

    private static Secret Key(Secret key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == MessageTag.Size ? key : throw new ArgumentException("K has 32 bytes.", nameof(key));
    }
}
