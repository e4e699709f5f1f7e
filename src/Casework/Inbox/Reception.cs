using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Opens and judges what arrived for the conversations of one case, and writes it into the journal, whatever it turns out to
/// be. Nothing is dropped silently but bytes that are in the journal already.
/// </summary>
internal sealed class Reception(Keyring keyring, CaseJournal journal, IReadOnlyList<Identity> inbox)
{
    /// <summary>The first message of a conversation, which becomes one of the case's.</summary>
    public void Begin(Arrival arrival, Opening opening)
    {
        using var key = keyring.Memory.Copy(opening.Key.Span);
        var chain = ConversationChain.Admit(opening, key);
        journal.Append(Kind.ConversationJoined, Bodies.ConversationJoined(opening));
        Append(opening.Message.Conversation.ToArray(), new Received(Verdict.Genuine, opening.Message), arrival, chain);
    }

    /// <summary>Anything that arrived under the look-up id of one of the case's conversations.</summary>
    /// <exception cref="CaseworkException">It cannot be taken in, and nothing of it was.</exception>
    public void Take(Arrival arrival)
    {
        // The same bytes again: the Desk was ended between storing and acknowledging, or Intake repeats itself.
        if (journal.HasReceived(SHA256.HashData(arrival.Sealed))) return;
        // A receipt may have begun more than one conversation; the newest is the likely one.
        var candidates = journal.Conversations.Where(one => one.LookUpId.Span.SequenceEqual(arrival.LookUp)).Reverse().ToList();
        if (candidates.Count == 0) throw new CaseworkException("Something arrived for a conversation that is not in this case: the entry that holds its keys cannot be read.");
        Action? otherwise = null;
        foreach (var conversation in candidates)
        {
            if (arrival.IsForgetting ? Forgets(arrival, conversation) : Reads(arrival, conversation, ref otherwise)) return;
        }
        if (!arrival.IsForgetting && BeginsAnother(arrival, candidates[^1])) return;
        // Somebody without the receipt asks to forget: shown as what it is, and nothing follows from it.
        otherwise ??= () => Append(candidates[0].Id, new Received(Verdict.Tampered), arrival, chain: null);
        otherwise();
    }

    /// <summary>Whether the person wrote it in this conversation; it is in the journal then.</summary>
    private bool Reads(Arrival arrival, ConversationState conversation, ref Action? otherwise)
    {
        using var keys = ConversationKeys.Read(keyring, journal, conversation);
        var chain = ConversationChain.Read(conversation.Chain.Span, keys.Key);
        var received = With(keys, identities => chain.Open(arrival.Sealed, identities));
        if (received.Verdict is Verdict.Tampered or Verdict.AnotherConversation)
        {
            otherwise ??= () => Append(conversation.Id, received, arrival, chain: null);
            return false;
        }
        Append(conversation.Id, received, arrival, received.Message is null ? null : chain);
        return true;
    }

    private bool Forgets(Arrival arrival, ConversationState conversation)
    {
        using var keys = ConversationKeys.Read(keyring, journal, conversation);
        byte[] notice;
        try
        {
            notice = With(keys, identities => ForgetNotice.Check(arrival.Sealed, arrival.LookUp, conversation.Id.Span, keys.Key, identities));
        }
        catch (EnvelopeException)
        {
            return false;
        }
        // A notice that is repeated says nothing new, in whatever wrapping.
        if (!journal.HasReceived(notice)) journal.Append(Kind.ForgettingAsked, Bodies.ForgettingAsked(conversation.Id, arrival.DayWithin, notice));
        return true;
    }

    /// <summary>
    /// Whether it begins another conversation with the same receipt: on a device that had lost its place, or after everything
    /// was forgotten at Intake. It is joined to the case of the first, for it is the same person's.
    /// </summary>
    /// <remarks>
    /// Why this is safe: an opening under this look-up id is made with K, which only the receipt gives and the Desk holds.
    /// K and the person's recipient must be those of the first conversation, so that neither is ever replaced.
    /// </remarks>
    private bool BeginsAnother(Arrival arrival, ConversationState first)
    {
        try
        {
            using var opening = Opening.Open(arrival.Sealed, arrival.LookUp, keyring.Memory, inbox);
            using var keys = ConversationKeys.Read(keyring, journal, first);
            if (!opening.Key.FixedTimeEquals(keys.Key.Span) || !opening.Recipient.PublicKey.SequenceEqual(keys.Person.PublicKey)) return false;
            if (journal.Conversations.Any(one => one.Id.Span.SequenceEqual(opening.Message.Conversation))) return false;
            Begin(arrival, opening);
            return true;
        }
        catch (EnvelopeException)
        {
            return false;
        }
    }

    private T With<T>(ConversationKeys keys, Func<IReadOnlyList<Identity>, T> open)
    {
        var own = keys.Identities();
        try
        {
            return open([.. own, .. inbox]);
        }
        finally
        {
            foreach (var identity in own) identity.Dispose();
        }
    }

    private void Append(ReadOnlyMemory<byte> conversation, Received received, Arrival arrival, ConversationChain? chain)
    {
        var (after, hash) = (chain is null ? null : Bodies.Chain(chain), SHA256.HashData(arrival.Sealed));
        var together = Bodies.FitTogether(received.Message?.Words, after);
        journal.Append(Kind.MessageReceived, Bodies.MessageReceived(conversation, received, hash, arrival.DayWithin, together ? after : null));
        if (!together) journal.Append(Kind.MessageReceived, Bodies.ChainAlone(conversation, arrival.DayWithin, after!));
    }
}
