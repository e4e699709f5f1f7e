using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Where what arrived becomes part of a case: opened by somebody who may, sealed anew into a journal, its envelope deleted,
/// all in one transaction.
/// </summary>
internal static class Admission
{
    private const int MostAtOnce = 64;

    public static CaseState Admit(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, string name) =>
        Decide(organisation, keyring, request, (connection, arrivals, opening) => Open(organisation, connection, keyring, arrivals, opening, name));

    public static CaseState Join(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, CaseId to) =>
        Decide(organisation, keyring, request, (connection, _, _) =>
        {
            if (keyring.Keychain.Newest(to, Compartment.Contact) is null) throw new CaseworkException("There is no such case, or you have no key to it.");
            return CaseJournal.Read(organisation, connection, keyring, to);
        });

    public static CaseState Refuse(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, string name, string answer, string reason)
    {
        Conversations.Check(answer);
        var (called, why) = (Cases.Limited(name.Trim(), Bodies.MaxName), Cases.Limited(reason, Bodies.MaxReason));
        return Decide(organisation, keyring, request, (connection, arrivals, opening) => Open(organisation, connection, keyring, arrivals, opening, called), (journal, connection) =>
        {
            Conversations.Write(keyring, journal, connection, journal.State.Conversations.Count - 1, answer);
            journal.Append(Kind.RequestRefused, Bodies.Words(why));
        });
    }

    public static void MarkSpam(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request)
    {
        lock (keyring.Gate)
        {
            organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                var arrivals = Arrivals.Of(connection, request) ?? throw Decided();
                var lookUp = arrivals.First.LookUp;
                using var journal = CaseJournal.Read(organisation, connection, keyring, organisation.Founded.Journal);
                journal.Append(Kind.SpamMarked, Bodies.SpamMarked(lookUp));
                connection.Execute("DELETE FROM arrivals WHERE look_up = @lookUp", new { lookUp });
                connection.Execute("INSERT INTO discarded VALUES (@lookUp, 0) ON CONFLICT DO NOTHING", new { lookUp });
            });
        }
        organisation.SayChanged();
    }

    /// <summary>Takes in what arrived for conversations of cases that the user has keys to, and what was fetched there.</summary>
    public static void TakeIn(Organisation organisation, Keyring keyring)
    {
        List<CaseId> cases = organisation.Store.Read(connection =>
        {
            keyring.Refresh(connection);
            return connection.Query<byte[]>(
                """
                SELECT DISTINCT journal FROM arrivals JOIN conversations USING (look_up)
                UNION SELECT DISTINCT journal FROM fetched JOIN outbox USING (request)
                """).Select(id => CaseId.From(id)).Where(id => keyring.Keychain.Newest(id, Compartment.Contact) is not null).ToList();
        });
        foreach (var id in cases) TakeIn(organisation, keyring, id);
    }

    private static void TakeIn(Organisation organisation, Keyring keyring, CaseId id) => organisation.Cases.Append(keyring, id, (journal, connection) =>
    {
        TellFetched(connection, journal, id);
        var arrivals = connection.Query<Arrival>(
            """
            SELECT request, look_up AS LookUp, kind, day, sealed FROM arrivals WHERE look_up IN (SELECT look_up FROM conversations WHERE journal = @id)
            ORDER BY look_up, position LIMIT @MostAtOnce
            """, new { id = id.ToArray(), MostAtOnce }).ToList();
        if (arrivals.Count == 0) return;
        var inbox = InboxKeys.Of(organisation, keyring);
        try
        {
            foreach (var arrival in arrivals)
            {
                Receive(keyring, journal, arrival, inbox);
                connection.Execute("DELETE FROM arrivals WHERE request = @Request", new { arrival.Request });
            }
        }
        finally
        {
            foreach (var identity in inbox) identity.Dispose();
        }
    });

    private static void TellFetched(SqliteConnection connection, CaseJournal journal, CaseId id)
    {
        foreach (var (request, day) in connection.Query<(byte[], long)>("SELECT request, day FROM fetched JOIN outbox USING (request) WHERE journal = @id", new { id = id.ToArray() }).ToList())
        {
            journal.Append(Kind.AnswerFetched, Bodies.AnswerFetched(request, (int)Math.Clamp(day, 0, 2_000_000)));
            connection.Execute("DELETE FROM fetched WHERE request = @request", new { request });
            connection.Execute("DELETE FROM outbox WHERE request = @request", new { request });
        }
    }

    /// <summary>Opens and judges one arrival of a conversation and writes it into its case, whatever it turns out to be.</summary>
    private static void Receive(Keyring keyring, CaseJournal journal, Arrival arrival, IReadOnlyList<Identity> inbox)
    {
        var place = journal.State.Conversations.ToList().FindIndex(one => one.LookUpId.Span.SequenceEqual(arrival.LookUp));
        if (place < 0) throw new CaseworkException("The conversation that something arrived for is not in its case.");
        var conversation = journal.State.Conversations[place];
        using var keys = ConversationKeys.Read(keyring, journal, conversation);
        IReadOnlyList<Identity> own = keys.Identities();
        try
        {
            if (arrival.IsForgetting)
            {
                Forgetting(journal, arrival, conversation, keys, [.. own, .. inbox]);
                return;
            }
            var chain = ConversationChain.Read(conversation.Chain.Span, keys.Key);
            var received = chain.Open(arrival.Sealed, [.. own, .. inbox]);
            journal.Append(Kind.MessageReceived, Bodies.MessageReceived(
                conversation.Id, received, SHA256.HashData(arrival.Sealed), (int)arrival.Day, received.Message is null ? null : chain.ToBytes()));
        }
        finally
        {
            foreach (var identity in own) identity.Dispose();
        }
    }

    private static void Forgetting(CaseJournal journal, Arrival arrival, ConversationState conversation, ConversationKeys keys, IReadOnlyList<Identity> identities)
    {
        try
        {
            ForgetNotice.Check(arrival.Sealed, arrival.LookUp, conversation.Id.Span, keys.Key, identities);
            if (journal.State.ForgettingAsked is null) journal.Append(Kind.ForgettingAsked, Bodies.ForgettingAsked(conversation.Id, (int)arrival.Day));
        }
        catch (EnvelopeException)
        {
            // Somebody without the receipt asks to forget: shown as what it is, and nothing follows from it.
            journal.Append(Kind.MessageReceived, Bodies.MessageReceived(conversation.Id, new Received(Verdict.Tampered), SHA256.HashData(arrival.Sealed), (int)arrival.Day, chain: null));
        }
    }

    private static CaseState Decide(
        Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, Func<SqliteConnection, Arrivals, Opening, CaseJournal> into,
        Action<CaseJournal, SqliteConnection>? then = null)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        CaseState state;
        lock (keyring.Gate)
        {
            state = organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                var arrivals = Arrivals.Of(connection, request) ?? throw Decided();
                var inbox = InboxKeys.Of(organisation, keyring);
                try
                {
                    using var opening = arrivals.Open(keyring.Memory, inbox, out var first)
                        ?? throw new CaseworkException("This request cannot be opened. It can only be thrown away.");
                    using var journal = into(connection, arrivals, opening);
                    Begin(keyring, journal, arrivals.All[first], opening);
                    foreach (var arrival in arrivals.All.Where((_, place) => place != first)) Receive(keyring, journal, arrival, inbox);
                    var id = journal.State.Id.ToArray();
                    connection.Execute("INSERT INTO conversations VALUES (@LookUp, @id)", new { arrivals.First.LookUp, id });
                    connection.Execute("DELETE FROM arrivals WHERE look_up = @LookUp", new { arrivals.First.LookUp });
                    then?.Invoke(journal, connection);
                    return journal.StoreCard();
                }
                finally
                {
                    foreach (var identity in inbox) identity.Dispose();
                }
            });
        }
        organisation.SayChanged();
        return state;
    }

    private static CaseJournal Open(Organisation organisation, SqliteConnection connection, Keyring keyring, Arrivals arrivals, Opening opening, string name)
    {
        var journal = CaseJournal.Begin(organisation, connection, keyring);
        journal.Append(Kind.CaseOpened, Bodies.CaseOpened(name, opening.Language, opening.Urgency, (int)arrivals.First.Day));
        return journal;
    }

    private static void Begin(Keyring keyring, CaseJournal journal, Arrival arrival, Opening opening)
    {
        using var key = keyring.Memory.Copy(opening.Key.Span);
        var chain = ConversationChain.Admit(opening, key);
        journal.Append(Kind.ConversationJoined, Bodies.ConversationJoined(opening));
        journal.Append(Kind.MessageReceived, Bodies.MessageReceived(
            opening.Message.Conversation.ToArray(), new Received(Verdict.Genuine, opening.Message), SHA256.HashData(arrival.Sealed), (int)arrival.Day, chain.ToBytes()));
    }

    private static CaseworkException Decided() => new("Somebody has decided about this request meanwhile.");
}
