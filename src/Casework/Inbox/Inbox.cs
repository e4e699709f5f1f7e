using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>A request that nobody has decided about.</summary>
/// <param name="Request">16 bytes that name it.</param>
/// <param name="Day">The day on which it came to Intake.</param>
/// <param name="Language">The person's; null where it cannot be opened.</param>
/// <param name="Urgency">What the person said.</param>
/// <param name="Words">What the person wrote; null where it cannot be opened.</param>
/// <param name="Safely">Where and how it is safe to answer.</param>
/// <param name="More">How many further messages of the same person wait behind it.</param>
/// <param name="WantsForgetting">Whether the person took it back: "forget everything".</param>
/// <param name="Fault">Why it cannot be opened, in a sentence; null where it can.</param>
public sealed record WaitingRequest(
    ReadOnlyMemory<byte> Request, DateOnly Day, string? Language, Urgency Urgency, string? Words, string Safely, int More, bool WantsForgetting, string? Fault);

/// <summary>A case in a list.</summary>
/// <param name="Id">The case.</param>
/// <param name="Name">How it is called.</param>
/// <param name="Stage">Where it is.</param>
/// <param name="Urgency">How urgent it is.</param>
/// <param name="WaitingSince">Since when the person waits for an answer; null if they do not.</param>
/// <param name="Unread">How many messages nobody has read.</param>
public sealed record CaseCard(CaseId Id, string Name, Stage Stage, Urgency Urgency, DateTimeOffset? WaitingSince, int Unread);

/// <summary>What the inbox shows.</summary>
/// <param name="Requests">Undecided, the most urgent first, then the oldest.</param>
/// <param name="Cases">Cases that the user has a key to: those that wait first, the longest first.</param>
/// <param name="Damaged">How many cards could not be opened.</param>
public sealed record InboxPage(IReadOnlyList<WaitingRequest> Requests, IReadOnlyList<CaseCard> Cases, int Damaged);

/// <summary>Requests that nobody has decided about, and lists of cases.</summary>
public sealed class Inbox
{
    private readonly Organisation _organisation;

    internal Inbox(Organisation organisation) => _organisation = organisation;

    /// <summary>Takes in what arrived for cases that the user has keys to, and gives the lists.</summary>
    public InboxPage Read(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            Admission.TakeIn(_organisation, keyring);
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                var (cards, damaged) = Cards(connection, keyring);
                return new InboxPage(Requests(connection, keyring), cards, damaged);
            });
        }
    }

    /// <summary>The cases that the user has a key to, in no order.</summary>
    public IReadOnlyList<CaseCard> Cases(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return Cards(connection, keyring).Cards;
            });
        }
    }

    /// <summary>One undecided request; null where it is not there any longer.</summary>
    public WaitingRequest? Find(Keyring keyring, ReadOnlyMemory<byte> request)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return Requests(connection, keyring).Find(one => one.Request.Span.SequenceEqual(request.Span));
            });
        }
    }

    /// <summary>
    /// Makes a request a case: its compartments with a key each, its conversation, its messages. The envelopes are gone
    /// from the Desk when this returns.
    /// </summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="request">Which.</param>
    /// <param name="name">How the case is to be called in lists: no name of a person.</param>
    /// <exception cref="CaseworkException">It was decided meanwhile, or cannot be opened.</exception>
    public CaseState Admit(Keyring keyring, ReadOnlyMemory<byte> request, string name)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new CaseworkException("The case needs a name.");
        return Admission.Admit(_organisation, keyring, request, Understory.Casework.Cases.Limited(name.Trim(), Bodies.MaxName));
    }

    /// <summary>Makes a request another conversation of a case: the person lost the receipt and wrote again.</summary>
    /// <exception cref="CaseworkException">It was decided meanwhile, cannot be opened, or the case cannot be written to.</exception>
    public CaseState Join(Keyring keyring, ReadOnlyMemory<byte> request, CaseId to) => Admission.Join(_organisation, keyring, request, to);

    /// <summary>Refuses a request and says so to the person; a closed case remains.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="request">Which.</param>
    /// <param name="name">How the closed case is called.</param>
    /// <param name="answer">What the person reads; at most <see cref="Conversations.MaxWords"/> bytes of UTF-8.</param>
    /// <param name="reason">Why, for the organisation.</param>
    /// <exception cref="CaseworkException">It was decided meanwhile, or cannot be opened.</exception>
    public CaseState Refuse(Keyring keyring, ReadOnlyMemory<byte> request, string name, string answer, string reason) =>
        Admission.Refuse(_organisation, keyring, request, name, answer, reason);

    /// <summary>Throws a request away as junk: nobody is answered, and Intake is told to drop the conversation.</summary>
    /// <exception cref="CaseworkException">It was decided meanwhile.</exception>
    public void MarkSpam(Keyring keyring, ReadOnlyMemory<byte> request) => Admission.MarkSpam(_organisation, keyring, request);

    private static (List<CaseCard> Cards, int Damaged) Cards(SqliteConnection connection, Keyring keyring)
    {
        var damaged = 0;
        List<CaseCard> cards = [];
        using var find = connection.CreateCommand();
        find.CommandText = "SELECT card FROM cards WHERE journal = $id";
        var id = find.CreateParameter();
        id.ParameterName = "$id";
        find.Parameters.Add(id);
        foreach (var @case in keyring.Keychain.Cases(Compartment.Work))
        {
            id.Value = @case.ToArray();
            // The organisation's own journal has none.
            if (find.ExecuteScalar() is not byte[] stored) continue;
            try
            {
                if (keyring.Keychain.Find(Card.KeyOf(stored)) is not { } epoch) continue;
                var card = Card.Unseal(stored, epoch);
                if (epoch.Case != @case) throw new CaseworkException("A card is of another case.");
                cards.Add(new CaseCard(
                    @case, card.Name, (Stage)card.Stage, (Urgency)card.Urgency,
                    card.WaitingSince is { } since ? DateTimeOffset.FromUnixTimeSeconds(since) : null, card.Unread));
            }
            catch (Exception fault) when (fault is JournalException or CaseworkException)
            {
                damaged++;
            }
        }
        cards.Sort((one, other) => (one.WaitingSince ?? DateTimeOffset.MaxValue, -(int)one.Urgency, one.Name).CompareTo((other.WaitingSince ?? DateTimeOffset.MaxValue, -(int)other.Urgency, other.Name)));
        return (cards, damaged);
    }

    private List<WaitingRequest> Requests(SqliteConnection connection, Keyring keyring)
    {
        var identities = InboxKeys.Of(_organisation, keyring);
        try
        {
            return [.. Arrivals.Undecided(connection).Select(group => group.Describe(keyring.Memory, identities))
                .OrderByDescending(request => request.Urgency).ThenBy(request => request.Day)];
        }
        finally
        {
            foreach (var identity in identities) identity.Dispose();
        }
    }
}
