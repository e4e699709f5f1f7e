using System.Collections.Frozen;

namespace Understory.Journal;

/// <summary>Whose key signs an entry.</summary>
public enum Signer
{
    /// <summary>Nobody who is known.</summary>
    Unknown,

    /// <summary>A person of the organisation.</summary>
    Person,

    /// <summary>The machine, for what happens when nobody is signed in.</summary>
    Node,
}

/// <summary>A kind of entry.</summary>
/// <param name="Number">Its number in the frame; never used twice.</param>
/// <param name="Name">Its name in the documentation.</param>
/// <param name="Compartment">The one compartment that it belongs to.</param>
/// <param name="Version">The newest version of its body that this program knows; all from 1 on are read.</param>
/// <param name="Signer">Who signs it.</param>
public sealed record Kind(int Number, string Name, Compartment Compartment, int Version = 1, Signer Signer = Signer.Person)
{
    /// <summary>A request was admitted and became this case.</summary>
    public static readonly Kind CaseOpened = new(1, "case-opened", Compartment.Work);

    /// <summary>A request was refused, and answered so.</summary>
    public static readonly Kind RequestRefused = new(2, "request-refused", Compartment.Work);

    /// <summary>A request was junk.</summary>
    public static readonly Kind SpamMarked = new(3, "spam-marked", Compartment.Work);

    /// <summary>A conversation belongs to this case: its keys.</summary>
    public static readonly Kind ConversationJoined = new(4, "conversation-joined", Compartment.Contact);

    /// <summary>What the person wrote.</summary>
    public static readonly Kind MessageReceived = new(5, "message-received", Compartment.Contact);

    /// <summary>What was answered.</summary>
    public static readonly Kind AnswerSent = new(6, "answer-sent", Compartment.Contact);

    /// <summary>The person fetched an answer.</summary>
    public static readonly Kind AnswerFetched = new(7, "answer-fetched", Compartment.Contact);

    /// <summary>A note that the person never sees.</summary>
    public static readonly Kind NoteWritten = new(8, "note-written", Compartment.Contact);

    /// <summary>Where, when and how it is safe to reach the person.</summary>
    public static readonly Kind SafeContactSet = new(9, "safe-contact-set", Compartment.Contact);

    /// <summary>Everything up to an entry was read.</summary>
    public static readonly Kind MessagesSeen = new(10, "messages-seen", Compartment.Work);

    /// <summary>Somebody may open a compartment: the wrap's terms and hash.</summary>
    public static readonly Kind AccessGranted = new(11, "access-granted", Compartment.Work);

    /// <summary>And may not any longer.</summary>
    public static readonly Kind AccessRevoked = new(12, "access-revoked", Compartment.Work);

    /// <summary>A compartment has a new key: its id and number.</summary>
    public static readonly Kind EpochStarted = new(13, "epoch-started", Compartment.Work);

    /// <summary>The case moved on, or was closed.</summary>
    public static readonly Kind StageChanged = new(14, "stage-changed", Compartment.Work);

    /// <summary>The person asked to be forgotten.</summary>
    public static readonly Kind ForgettingAsked = new(15, "forgetting-asked", Compartment.Contact);

    /// <summary>Which entries were forgotten, and by whose decision.</summary>
    public static readonly Kind Forgotten = new(16, "forgotten", Compartment.Work);

    /// <summary>Something was collected.</summary>
    public static readonly Kind Arrived = new(17, "arrived", Compartment.Work, Signer: Signer.Node);

    /// <summary>Something that was awaited did not happen.</summary>
    public static readonly Kind Alarm = new(18, "alarm", Compartment.Work, Signer: Signer.Node);

    /// <summary>Access ended by its date.</summary>
    public static readonly Kind Expired = new(19, "expired", Compartment.Work, Signer: Signer.Node);

    /// <summary>Somebody works here from now on: keys, roles, days (<c>docs/formats/directory.md</c>, as the ten after it).</summary>
    public static readonly Kind UserEnrolled = new(20, "user-enrolled", Compartment.Work);

    /// <summary>What a user is called.</summary>
    public static readonly Kind UserNamed = new(21, "user-named", Compartment.Identity);

    /// <summary>A user has other roles or days.</summary>
    public static readonly Kind UserChanged = new(22, "user-changed", Compartment.Work);

    /// <summary>A user does not work here any more.</summary>
    public static readonly Kind UserLeft = new(23, "user-left", Compartment.Work);

    /// <summary>A user has new keys.</summary>
    public static readonly Kind UserRekeyed = new(24, "user-rekeyed", Compartment.Work);

    /// <summary>Somebody was invited.</summary>
    public static readonly Kind UserInvited = new(25, "user-invited", Compartment.Contact);

    /// <summary>An invitation was taken back, or followed.</summary>
    public static readonly Kind InvitationEnded = new(26, "invitation-ended", Compartment.Contact);

    /// <summary>Where the sealed keys of a user lie.</summary>
    public static readonly Kind KeyringKnown = new(27, "keyring-known", Compartment.Contact);

    /// <summary>Whom recovery is sealed to, and among whom it is divided.</summary>
    public static readonly Kind RecoverySet = new(28, "recovery-set", Compartment.Work);

    /// <summary>Somebody read compartments of a case; which, only coordinators can open.</summary>
    public static readonly Kind CompartmentRead = new(29, "compartment-read", Compartment.Work);

    /// <summary>Whom readings are sealed to.</summary>
    public static readonly Kind OversightSet = new(30, "oversight-set", Compartment.Work);
}

/// <summary>The kinds that a program knows. A later release knows more; what it does not know makes a case read-only.</summary>
public sealed class Kinds
{
    private readonly FrozenDictionary<int, Kind> _byNumber;

    /// <summary>A registry of these kinds.</summary>
    /// <exception cref="ArgumentException">A number or a name stands twice.</exception>
    public Kinds(IEnumerable<Kind> kinds)
    {
        All = [.. kinds];
        _byNumber = All.ToFrozenDictionary(kind => kind.Number);
        if (_byNumber.Count != All.Count || All.DistinctBy(kind => kind.Name).Count() != All.Count)
            throw new ArgumentException("A number or a name of a kind stands twice.", nameof(kinds));
    }

    /// <summary>The kinds of this release: the table of <c>docs/formats/journal.md</c>.</summary>
    public static Kinds Current { get; } = new(
    [
        Kind.CaseOpened, Kind.RequestRefused, Kind.SpamMarked, Kind.ConversationJoined, Kind.MessageReceived, Kind.AnswerSent,
        Kind.AnswerFetched, Kind.NoteWritten, Kind.SafeContactSet, Kind.MessagesSeen, Kind.AccessGranted, Kind.AccessRevoked,
        Kind.EpochStarted, Kind.StageChanged, Kind.ForgettingAsked, Kind.Forgotten, Kind.Arrived, Kind.Alarm, Kind.Expired,
        Kind.UserEnrolled, Kind.UserNamed, Kind.UserChanged, Kind.UserLeft, Kind.UserRekeyed, Kind.UserInvited, Kind.InvitationEnded,
        Kind.KeyringKnown, Kind.RecoverySet, Kind.CompartmentRead, Kind.OversightSet,
    ]);

    /// <summary>All of them, in the order of the table.</summary>
    public IReadOnlyList<Kind> All { get; }

    /// <summary>The kind of a number and version, or null if it is not known.</summary>
    public Kind? Find(int number, int version) =>
        _byNumber.TryGetValue(number, out var kind) && version >= 1 && version <= kind.Version ? kind : null;

    /// <summary>The kind of a number in any version, or null: its compartment never changes.</summary>
    public Kind? Find(int number) => _byNumber.GetValueOrDefault(number);
}
