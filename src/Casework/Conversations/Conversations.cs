using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What is written to people and about them.</summary>
public sealed class Conversations
{
    /// <summary>The longest answer or note, in bytes of UTF-8.</summary>
    public const int MaxWords = Bodies.MaxWords;

    private readonly Organisation _organisation;

    internal Conversations(Organisation organisation) => (_organisation, Templates) = (organisation, new Templates(organisation));

    /// <summary>Common answers.</summary>
    public Templates Templates { get; }

    /// <summary>Answers the person; the draft is gone then. Intake gets it when the collector next calls.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="id">The case.</param>
    /// <param name="conversation">Which conversation of the case, by its place.</param>
    /// <param name="words">At most <see cref="MaxWords"/> bytes of UTF-8.</param>
    /// <param name="seen">Up to which entry the writer saw the case; null: they do not ask.</param>
    /// <exception cref="CaseworkException">It is empty or too long, or the case cannot be written to.</exception>
    /// <exception cref="OvertakenException">The person was answered since.</exception>
    public CaseState Answer(Keyring keyring, CaseId id, int conversation, string words, long? seen = null)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        Texts.CheckWords(words);
        return _organisation.Cases.Append(keyring, id, (journal, connection) => Write(keyring, journal, connection, conversation, words), state =>
        {
            if (state.Items.LastOrDefault(item => item.Kind == ItemKind.Answer) is { } last)
                LastChange.CheckSeen(new LastChange(last.Sequence, last.Time, keyring.Directory.Users.FirstOrDefault(user => user.Signs(last.Author))?.Id), seen);
        });
    }

    /// <summary>Writes a note that the person never sees; its draft is gone then.</summary>
    /// <exception cref="CaseworkException">It is empty or too long, or the case cannot be written to.</exception>
    public CaseState Note(Keyring keyring, CaseId id, string words)
    {
        Texts.CheckWords(words);
        return _organisation.Cases.Append(keyring, id, (journal, connection) =>
        {
            journal.Append(Kind.NoteWritten, Bodies.Words(words));
            Drafts.Delete(connection, keyring, id, DraftKind.Note);
        });
    }

    /// <summary>Keeps what is being written; an empty text keeps nothing. Each user has their own.</summary>
    /// <exception cref="CaseworkException">It is too long, or the user has no key to the conversations of this case.</exception>
    public void KeepDraft(Keyring keyring, CaseId id, string words, DraftKind kind = DraftKind.Answer)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        ArgumentNullException.ThrowIfNull(words);
        lock (keyring.Gate)
        {
            _organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                // Also where nothing is kept: the answer must not tell whether there is such a case.
                if (!_organisation.IsCase(connection, id) || keyring.Keychain.Newest(id, Compartment.Contact) is null) throw new CaseworkException("You have no key to the conversations of this case.");
                Drafts.Keep(connection, keyring, id, kind, words);
            });
        }
    }

    /// <summary>What the user was writing; empty where nothing was kept.</summary>
    public string Draft(Keyring keyring, CaseId id, DraftKind kind = DraftKind.Answer)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return Drafts.Read(connection, keyring, id, kind);
            });
        }
    }

    /// <summary>Writes an answer into a case that was read, and puts it on its way, in the same transaction.</summary>
    internal static void Write(Keyring keyring, CaseJournal journal, SqliteConnection connection, int conversation, string words)
    {
        var id = journal.State.Id;
        if (conversation < 0 || conversation >= journal.Conversations.Count) throw new CaseworkException("There is no such conversation in this case.");
        var to = journal.Conversations[conversation];
        var contact = keyring.Keychain.Newest(id, Compartment.Contact) ?? throw new CaseworkException("You have no key to the conversations of this case.");
        using var keys = ConversationKeys.Read(keyring, journal, to);
        var chain = ConversationChain.Read(to.Chain.Span, keys.Key);
        // The person is told whom to seal to in the first answer, and again whenever the key of the compartment changed.
        var recipient = to.AnswerEpoch == contact.KeyId ? null : keys.Recipient(contact);
        var envelope = Seal(chain, words, recipient, keys.Person, to.LookUpId.Span);
        var after = Bodies.Chain(chain);
        var together = Bodies.FitTogether(words, after);
        journal.Append(Kind.AnswerSent, Bodies.AnswerSent(to.Id, chain.Sent, words, envelope.RequestId.ToArray(), contact.KeyId, together ? after : null));
        if (!together) journal.Append(Kind.MessageReceived, Bodies.ChainAlone(to.Id, 0, after));
        connection.Execute("INSERT INTO outbox VALUES (@request, @journal, @position, @envelope)", new
        {
            request = envelope.RequestId.ToArray(),
            journal = id.ToArray(),
            position = chain.Sent,
            envelope = envelope.ToBytes(),
        });
        Drafts.Delete(connection, keyring, id, DraftKind.Answer);
        if (journal.State is { Unread: > 0 } state) journal.Append(Kind.MessagesSeen, Bodies.Seen(state.Head.Sequence));
    }

    private static Envelope Seal(ConversationChain chain, string words, HybridRecipient? recipient, HybridRecipient person, ReadOnlySpan<byte> lookUp)
    {
        var utf8 = Encoding.UTF8.GetBytes(words);
        try
        {
            return Envelope.Of(EnvelopeKind.Answer, lookUp, chain.SealAnswer(utf8, recipient, person));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(utf8);
        }
    }
}
