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
    public static CaseState Admit(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, string name) =>
        Decide(organisation, keyring, request, (connection, arrivals, opening) => Open(organisation, connection, keyring, arrivals, opening, name));

    public static CaseState Join(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, CaseId to) =>
        Decide(organisation, keyring, request, (connection, _, _) =>
        {
            if (!organisation.IsCase(connection, to) || keyring.Keychain.Newest(to, Compartment.Contact) is null) throw new CaseworkException("There is no such case, or you have no key to it.");
            return CaseJournal.Read(organisation, connection, keyring, to);
        });

    public static CaseState Refuse(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, string name, string answer, string reason)
    {
        Texts.CheckWords(answer);
        var (called, why) = (Texts.Name(name, "The case"), Texts.Limited(reason, Bodies.MaxReason));
        return Decide(organisation, keyring, request, (connection, arrivals, opening) => Open(organisation, connection, keyring, arrivals, opening, called), (journal, connection) =>
        {
            Conversations.Write(keyring, journal, connection, journal.Conversations.Count - 1, answer);
            journal.Append(Kind.RequestRefused, Bodies.Refused());
            Cases.AppendReason(journal, why);
        });
    }

    public static void MarkSpam(Organisation organisation, Keyring keyring, ReadOnlyMemory<byte> request, long arrived)
    {
        lock (keyring.Gate)
        {
            organisation.Store.Write(connection =>
            {
                CheckDecides(keyring, connection);
                var arrivals = Arrivals.Of(connection, request) ?? throw Decided();
                if (arrivals.Count != arrived) throw new CaseworkException("More arrived from this person meanwhile: nothing was thrown away. Read it first.");
                var lookUp = arrivals.First.LookUp;
                using var journal = CaseJournal.ReadEnd(organisation, connection, keyring, organisation.Founded.Journal);
                journal.Append(Kind.SpamMarked, Bodies.SpamMarked(lookUp));
                connection.Execute("DELETE FROM arrivals WHERE look_up = @lookUp", new { lookUp });
                connection.Execute("INSERT INTO discarded VALUES (@lookUp, 0) ON CONFLICT DO NOTHING", new { lookUp });
            });
        }
        organisation.SayChanged();
    }

    /// <summary>
    /// Takes in what arrived for conversations of cases that the user has keys to, and what was fetched there. What cannot be
    /// taken in stays, is said, and keeps nothing else from being taken in.
    /// </summary>
    public static IReadOnlyList<HeldArrivals> TakeIn(Organisation organisation, Keyring keyring)
    {
        List<CaseId> cases;
        lock (keyring.Gate)
        {
            cases = organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return connection.Query<byte[]>(
                    """
                    SELECT DISTINCT journal FROM arrivals JOIN conversations USING (look_up)
                    UNION SELECT DISTINCT journal FROM fetched JOIN outbox USING (request)
                    """).Where(id => id.Length == CaseId.Size).Select(id => CaseId.From(id)).Where(id => keyring.Keychain.Newest(id, Compartment.Contact) is not null).ToList();
            });
        }
        List<HeldArrivals> held = [];
        foreach (var id in cases)
        {
            try
            {
                organisation.Cases.Append(keyring, id, (journal, connection) =>
                {
                    TellFetched(connection, journal, id);
                    if (TakeSome(organisation, keyring, connection, journal) is { } fault) held.Add(new HeldArrivals(id, fault));
                });
            }
            catch (CaseworkException fault)
            {
                held.Add(new HeldArrivals(id, fault.Message));
            }
        }
        return held;
    }

    /// <summary>Takes in the first of what waits for a case.</summary>
    /// <returns>What kept some of it from being taken in; null where nothing did.</returns>
    private static string? TakeSome(Organisation organisation, Keyring keyring, SqliteConnection connection, CaseJournal journal)
    {
        var lookUps = journal.Conversations.Select(one => one.LookUpId).Select(id => id.ToArray())
            .Concat(connection.Query<byte[]>("SELECT look_up FROM conversations WHERE journal = @id", new { id = journal.State.Id.ToArray() }))
            .DistinctBy(Convert.ToHexString).ToList();
        var inbox = InboxKeys.Of(organisation, keyring);
        string? fault = null;
        try
        {
            var reception = new Reception(keyring, journal, inbox);
            var left = Arrivals.MostAtOnce;
            foreach (var lookUp in lookUps)
            {
                foreach (var arrival in Arrivals.Under(connection, lookUp, left).All)
                {
                    try
                    {
                        reception.Take(arrival);
                    }
                    catch (Exception wrong) when (wrong is CaseworkException or EnvelopeException or SealingException)
                    {
                        // What comes after it in this conversation waits behind it; the others go on.
                        fault ??= wrong.Message;
                        break;
                    }
                    connection.Execute("DELETE FROM arrivals WHERE request = @Request", new { arrival.Request });
                    left--;
                }
                if (left <= 0) break;
            }
        }
        finally
        {
            foreach (var identity in inbox) identity.Dispose();
        }
        return fault;
    }

    private static void TellFetched(SqliteConnection connection, CaseJournal journal, CaseId id)
    {
        foreach (var (request, day) in connection.Query<(byte[], long)>("SELECT request, day FROM fetched JOIN outbox USING (request) WHERE journal = @id", new { id = id.ToArray() }).ToList())
        {
            journal.Append(Kind.AnswerFetched, Bodies.AnswerFetched(request, Arrival.DayOf(day)));
            connection.Execute("DELETE FROM fetched WHERE request = @request", new { request });
            connection.Execute("DELETE FROM outbox WHERE request = @request", new { request });
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
                CheckDecides(keyring, connection);
                var arrivals = Arrivals.Of(connection, request) ?? throw Decided();
                var inbox = InboxKeys.Of(organisation, keyring);
                try
                {
                    using var opening = arrivals.Open(keyring.Memory, inbox, out var first)
                        ?? throw new CaseworkException("This request cannot be opened. It can only be thrown away.");
                    using var journal = into(connection, arrivals, opening);
                    new Reception(keyring, journal, inbox).Begin(arrivals.All[first], opening);
                    connection.Execute("INSERT INTO conversations VALUES (@LookUp, @id)", new { arrivals.First.LookUp, id = journal.State.Id.ToArray() });
                    connection.Execute("DELETE FROM arrivals WHERE request = @Request", new { arrivals.All[first].Request });
                    // What cannot be taken in now stays, and the inbox says so.
                    TakeSome(organisation, keyring, connection, journal);
                    then?.Invoke(journal, connection);
                    var state = journal.StoreCard();
                    if (state.Stage is Stage.Closed or Stage.Refused) organisation.Archive.Follow(connection, keyring, state, hasNewKeys: true);
                    return state;
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
        journal.Append(Kind.CaseOpened, Bodies.CaseOpened(name, opening.Language, opening.Urgency, arrivals.First.DayWithin));
        if (keyring.Keychain.Newest(journal.State.Id, Compartment.Review) is null) journal.Append(Kind.AccessRevoked, Bodies.AccessRevoked(keyring.User, [Compartment.Review]));
        return journal;
    }

    // Before anything is looked for: whoever may not decide does not learn whether there is such a request.
    private static void CheckDecides(Keyring keyring, SqliteConnection connection)
    {
        keyring.Refresh(connection);
        if (!keyring.May(Roles.Triage)) throw new CaseworkException("Only who is in triage decides about new requests.");
    }

    private static CaseworkException Decided() => new("Somebody has decided about this request meanwhile.");
}
