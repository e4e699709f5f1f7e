using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

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
    ReadOnlyMemory<byte> Request, DateOnly Day, string? Language, Urgency Urgency, string? Words, string Safely, int More, bool WantsForgetting, string? Fault)
{
    /// <summary>How much arrived under it in all: what was shown when somebody decides to throw it away.</summary>
    public long Arrived { get; init; }
}

/// <summary>A case in a list.</summary>
/// <param name="Id">The case.</param>
/// <param name="Name">How it is called.</param>
/// <param name="Stage">Where it is.</param>
/// <param name="Urgency">How urgent it is.</param>
/// <param name="WaitingSince">Since when the person waits for an answer; null if they do not.</param>
/// <param name="Unread">How many messages nobody has read.</param>
public sealed record CaseCard(CaseId Id, string Name, Stage Stage, Urgency Urgency, DateTimeOffset? WaitingSince, int Unread);

/// <summary>What the inbox shows.</summary>
/// <param name="Requests">Undecided, the most urgent first, then the oldest; none for who is not in triage.</param>
/// <param name="Cases">Cases that the user has a key to: those that wait first, the longest first.</param>
/// <param name="Damaged">How many cards were damaged, put back or gone; those of cases that can be read were made anew, and the cases are listed.</param>
public sealed record InboxPage(IReadOnlyList<WaitingRequest> Requests, IReadOnlyList<CaseCard> Cases, int Damaged)
{
    /// <summary>Cases for which something arrived that cannot be taken in; it stays where it is.</summary>
    public IReadOnlyList<HeldArrivals> Held { get; init; } = [];

    /// <summary>How many requests wait beyond those that are listed: the newest ones, not opened yet.</summary>
    public long Beyond { get; init; }
}

/// <summary>Something arrived for a case and cannot be taken in.</summary>
/// <param name="Case">The case.</param>
/// <param name="Why">Why, in a sentence.</param>
public sealed record HeldArrivals(CaseId Case, string Why);

/// <summary>Requests that nobody has decided about, and lists of cases.</summary>
public sealed class Inbox
{
    /// <summary>The most requests that are opened and listed at once.</summary>
    public const int MostRequests = 500;

    // Below this many, opening one after another is as fast as sharing it out.
    private const int Few = 32;

    private readonly Organisation _organisation;

    internal Inbox(Organisation organisation) => _organisation = organisation;

    /// <summary>Takes in what arrived for cases that the user has keys to, and gives the lists.</summary>
    /// <exception cref="CaseworkException">The database cannot be used.</exception>
    public InboxPage Read(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        var held = Admission.TakeIn(_organisation, keyring);
        InboxPage page;
        List<CaseCard> cards;
        List<CaseId> damaged;
        lock (keyring.Gate)
        {
            (page, cards, damaged) = _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                var (cards, damaged) = new CardIndex(_organisation, keyring).Read(connection);
                // Also not how many there are, and of which day.
                List<WaitingRequest> requests = keyring.May(Roles.Triage) ? Requests(connection, keyring) : [];
                var beyond = requests.Count < MostRequests ? 0 : Arrivals.CountUndecided(connection) - requests.Count;
                return (new InboxPage(requests, cards, damaged.Count) { Held = held, Beyond = beyond }, cards, damaged);
            });
        }
        Renew(keyring, cards, damaged);
        return page;
    }

    /// <summary>The cases that the user has a key to: those that wait first, the longest first.</summary>
    /// <exception cref="CaseworkException">The database cannot be used.</exception>
    public IReadOnlyList<CaseCard> Cases(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        List<CaseCard> cards;
        List<CaseId> damaged;
        lock (keyring.Gate)
        {
            (cards, damaged) = _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return new CardIndex(_organisation, keyring).Read(connection);
            });
        }
        Renew(keyring, cards, damaged);
        return cards;
    }

    /// <summary>One undecided request; null where it is not there any longer, and for who is not in triage.</summary>
    public WaitingRequest? Find(Keyring keyring, ReadOnlyMemory<byte> request)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                if (!keyring.May(Roles.Triage) || Arrivals.Of(connection, request) is not { } arrivals) return null;
                return WithIdentities(keyring, identities => arrivals.Describe(keyring.Memory, identities));
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
        return Admission.Admit(_organisation, keyring, request, Texts.Name(name, "The case"));
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
    /// <param name="keyring">Who does.</param>
    /// <param name="request">Which.</param>
    /// <param name="arrived">What had arrived when it was looked at (<see cref="WaitingRequest.Arrived"/>): what nobody saw is not thrown away.</param>
    /// <exception cref="CaseworkException">It was decided meanwhile, or more arrived.</exception>
    public void MarkSpam(Keyring keyring, ReadOnlyMemory<byte> request, long arrived) => Admission.MarkSpam(_organisation, keyring, request, arrived);

    /// <summary>A card that was damaged, put back or taken away is made anew from its journal; its case is listed all the same.</summary>
    private void Renew(Keyring keyring, List<CaseCard> cards, List<CaseId> damaged)
    {
        foreach (var id in damaged)
        {
            try
            {
                var state = _organisation.Cases.Append(keyring, id, (journal, _) =>
                {
                    if (journal.State.Head.Sequence == 0) throw new CaseworkException("The case is not there any longer.");
                });
                cards.Add(new CaseCard(id, state.Name, state.Stage, state.Urgency, state.WaitingSince, state.Unread));
            }
            catch (CaseworkException)
            {
                // It stays counted as damaged.
            }
        }
        cards.Sort(CompareCards);
    }

    private static int CompareCards(CaseCard one, CaseCard other)
    {
        var byWaiting = (one.WaitingSince ?? DateTimeOffset.MaxValue).CompareTo(other.WaitingSince ?? DateTimeOffset.MaxValue);
        if (byWaiting != 0) return byWaiting;
        var byUrgency = ((int)other.Urgency).CompareTo((int)one.Urgency);
        return byUrgency != 0 ? byUrgency : string.CompareOrdinal(one.Name, other.Name);
    }

    private List<WaitingRequest> Requests(SqliteConnection connection, Keyring keyring)
    {
        var groups = Arrivals.Undecided(connection, MostRequests);
        if (groups.Count == 0) return [];
        return WithIdentities<List<WaitingRequest>>(keyring, identities =>
        {
            List<WaitingRequest> requests = [];
            // A few at a time: what is sealed may be long, and there may be many.
            foreach (var some in groups.Chunk(Few))
            {
                var arrivals = some.Select(lookUp => Arrivals.Under(connection, lookUp)).ToArray();
                requests.AddRange(arrivals.AsParallel().AsOrdered().Select(group => group.Describe(keyring.Memory, identities)));
            }
            return [.. requests.OrderByDescending(request => request.Urgency).ThenBy(request => request.Day)];
        });
    }

    private T WithIdentities<T>(Keyring keyring, Func<IReadOnlyList<Identity>, T> act)
    {
        var identities = InboxKeys.Of(_organisation, keyring);
        try
        {
            return act(identities);
        }
        finally
        {
            foreach (var identity in identities) identity.Dispose();
        }
    }
}
