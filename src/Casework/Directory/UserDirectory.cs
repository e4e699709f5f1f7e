using System.Text;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Who works here, folded from the directory's journal and held against the root while it is read
/// (<c>docs/formats/directory.md</c>). Names lie in locked memory, as far as the reader has their key.
/// </summary>
internal sealed class UserDirectory : IDisposable
{
    private readonly byte[] _root;
    private readonly CaseId _journal;
    private readonly IReadOnlyList<long> _leaves;
    private readonly LockedMemory _memory;
    private readonly Dictionary<UserId, DirectoryUser> _users = [];
    private readonly Dictionary<PublicKey, (DirectoryUser User, UserKeys Keys)> _byAuthor = [];
    private readonly Dictionary<UserId, Secret> _names = [];
    private readonly Dictionary<UserId, (byte[] LookUp, byte[] Chain)> _keyrings = [];
    private readonly Dictionary<UserId, long> _invitations = [];

    /// <param name="root">The root's public key, whose hash is the instance id.</param>
    /// <param name="journal">The directory's journal.</param>
    /// <param name="leaves">The place in the organisation's log of each entry, by its number less one.</param>
    /// <param name="memory">Where names go.</param>
    public UserDirectory(byte[] root, CaseId journal, IReadOnlyList<long> leaves, LockedMemory memory) =>
        (_root, _journal, _leaves, _memory) = (root, journal, leaves, memory);

    /// <summary>Its head, once it was read.</summary>
    public Head Head { get; set; }

    /// <summary>Everybody, those who left too.</summary>
    public IReadOnlyCollection<DirectoryUser> Users => _users.Values;

    /// <summary>Recovery; null while the directory says nothing.</summary>
    public RecoveryState? Recovery { get; private set; }

    /// <summary>Whom readings are sealed to.</summary>
    public HybridRecipient? Oversight { get; private set; }

    /// <summary>Whom keys of closed cases are sealed to.</summary>
    public HybridRecipient? Archive { get; private set; }

    /// <summary>The entries of invitations that are open, by whom they are for.</summary>
    public IReadOnlyDictionary<UserId, long> Invitations => _invitations;

    /// <summary>A user; null where there is none.</summary>
    public DirectoryUser? Find(UserId user) => _users.GetValueOrDefault(user);

    /// <summary>Whose a key is or was; null where it is nobody's.</summary>
    public DirectoryUser? Find(PublicKey author) => _byAuthor.TryGetValue(author, out var found) ? _users[found.User.Id] : null;

    /// <summary>Who it is that signed at a place of the organisation's log; null where the key counted for nobody there.</summary>
    /// <remarks>
    /// Why this is safe: places in the log come in the order of writing, and no clock is asked. Who left may sign with any
    /// date: what they sign stands behind the entry by which they left.
    /// </remarks>
    public DirectoryUser? SignerAt(PublicKey author, long leaf) =>
        _byAuthor.TryGetValue(author, out var found) && leaf >= found.Keys.From && (found.Keys.To is not { } to || leaf < to) ? _users[found.User.Id].At(leaf) : null;

    /// <summary>What somebody is called; null where the reader has no key to names, or nobody gave one.</summary>
    public string? NameOf(UserId user) => _names.TryGetValue(user, out var name) ? Encoding.UTF8.GetString(name.Span) : null;

    /// <summary>Where the sealed keys of a user lie; null for who is no coordinator.</summary>
    public (byte[] LookUp, byte[] Chain)? KeyringOf(UserId user) => _keyrings.TryGetValue(user, out var found) ? found : null;

    /// <summary>
    /// Takes an entry, in its order: says whose it is, and folds it in where it may stand here. For the reader of the journal.
    /// </summary>
    public Signer Take(Entry entry)
    {
        try
        {
            return TryTake(entry) ? Signer.Person : Signer.Unknown;
        }
        catch (CaseworkException)
        {
            // What is in it is damaged: nobody wrote that.
            return Signer.Unknown;
        }
    }

    public void Dispose()
    {
        foreach (var name in _names.Values) name.Dispose();
    }

    private bool TryTake(Entry entry)
    {
        var leaf = _leaves[checked((int)entry.Header.Sequence - 1)];
        if (entry.Kind == Kind.UserEnrolled)
        {
            var it = DirectoryBodies.ReadEnrolled(entry);
            var by = it.Appointment is not null && it.Author == entry.Author ? it.User : AuthorOf(entry, leaf)?.Id;
            return by is { } who && Enrol(it, who, entry, leaf);
        }
        return (AuthorOf(entry, leaf) is not null || RenewsThemselves(entry, leaf)) && Fold(entry, leaf);
    }

    /// <summary>The coordinator who wrote an entry; null where it was somebody else.</summary>
    private DirectoryUser? AuthorOf(Entry entry, long leaf) =>
        SignerAt(entry.Author, leaf) is { } user && user.May(Roles.Coordinator, (int)(entry.Time / 86_400)) ? user : null;

    /// <summary>Whoever has the root's key appoints themselves anew, also when their time as a coordinator is over: the root says so.</summary>
    private bool RenewsThemselves(Entry entry, long leaf) =>
        entry.Kind == Kind.UserChanged && SignerAt(entry.Author, leaf) is { Left: null } user
        && DirectoryBodies.ReadChanged(entry) is { Appointment: { } appointment } it && it.User == user.Id && appointment.IsBy(_root, _journal, user.Id, entry.Author);

    private bool Enrol(DirectoryBodies.Enrolment it, UserId by, Entry entry, long leaf)
    {
        if (_users.ContainsKey(it.User) || _byAuthor.ContainsKey(it.Author) || !IsRight(it.Roles, it.Appointment, it.User, it.Author)) return false;
        // The first of all was alone before there was a directory: what they signed then is theirs.
        var from = _users.Count == 0 ? 0 : leaf;
        var keys = new UserKeys(it.Author, it.Recipient, from);
        var set = new LastChange(entry.Header.Sequence, DateTimeOffset.FromUnixTimeSeconds(entry.Time), by);
        Put(new DirectoryUser(it.User, it.Roles, it.First, it.Last, set.Time, by) { Keys = [keys], Appointment = it.Appointment, History = [(from, it.Roles)], Set = set });
        return true;
    }

    private bool Fold(Entry entry, long leaf)
    {
        if (entry.Kind == Kind.UserChanged) return Change(DirectoryBodies.ReadChanged(entry), entry, leaf);
        if (entry.Kind == Kind.UserRekeyed) return Rekey(DirectoryBodies.ReadRekeyed(entry), entry.Time, leaf);
        if (entry.Kind == Kind.UserLeft) return Leave(DirectoryBodies.ReadUserAlone(entry), entry.Time, leaf);
        if (entry.Kind == Kind.UserNamed)
        {
            var (user, name) = DirectoryBodies.ReadNamed(entry, _memory);
            if (_names.Remove(user, out var old)) old.Dispose();
            _names[user] = name;
            return true;
        }
        if (entry.Kind == Kind.UserInvited) _invitations[DirectoryBodies.ReadInvited(entry).User] = entry.Header.Sequence;
        else if (entry.Kind == Kind.InvitationEnded) _invitations.Remove(DirectoryBodies.ReadUserAlone(entry));
        else if (entry.Kind == Kind.RecoverySet) Recovery = DirectoryBodies.ReadRecoverySet(entry);
        else if (entry.Kind == Kind.OversightSet) (Oversight, Archive) = DirectoryBodies.ReadOversightSet(entry);
        else if (entry.Kind == Kind.KeyringKnown)
        {
            var (user, lookUp, chain) = DirectoryBodies.ReadKeyringKnown(entry);
            _keyrings[user] = (lookUp, chain);
        }
        // A kind of a newer program, or of a case: nobody writes it here.
        return entry.Kind is null || entry.Kind == Kind.EpochStarted || entry.KindNumber is >= 20 and <= 30 && entry.Kind != Kind.CompartmentRead;
    }

    private bool Change(DirectoryBodies.Change it, Entry entry, long leaf)
    {
        if (Find(it.User) is not { Left: null } user) return false;
        // An appointment holds on unless another one is given: the root need not be there for every change.
        var appointment = it.Appointment ?? user.Appointment;
        if (!IsRight(it.Roles, appointment, it.User, user.Author)) return false;
        // Whoever stops to coordinate needs the root's word anew.
        Put(user with
        {
            Roles = it.Roles,
            First = it.First,
            Last = it.Last,
            Appointment = it.Roles.HasFlag(Roles.Coordinator) ? appointment : null,
            History = [.. user.History, (leaf, it.Roles)],
            Set = new LastChange(entry.Header.Sequence, DateTimeOffset.FromUnixTimeSeconds(entry.Time), SignerAt(entry.Author, leaf)?.Id),
        });
        return true;
    }

    private bool Rekey(DirectoryBodies.Rekeying it, long time, long leaf)
    {
        if (Find(it.User) is not { Left: null } user || _byAuthor.ContainsKey(it.Author) || !IsRight(user.Roles, it.Appointment, it.User, it.Author)) return false;
        Put(user with
        {
            Appointment = it.Appointment,
            Rekeyed = DateTimeOffset.FromUnixTimeSeconds(time),
            Keys = [.. user.Keys.SkipLast(1), user.Current with { To = leaf }, new UserKeys(it.Author, it.Recipient, leaf)],
        });
        return true;
    }

    private bool Leave(UserId who, long time, long leaf)
    {
        if (Find(who) is not { Left: null } user) return false;
        // The entry itself may be theirs.
        Put(user with { Left = DateTimeOffset.FromUnixTimeSeconds(time), Keys = [.. user.Keys.SkipLast(1), user.Current with { To = leaf + 1 }] });
        return true;
    }

    private bool IsRight(Roles roles, Appointment? appointment, UserId user, PublicKey author) =>
        RoleRules.Fault(roles) is null
        && (appointment is null ? !roles.HasFlag(Roles.Coordinator) : appointment.IsBy(_root, _journal, user, author));

    private void Put(DirectoryUser user)
    {
        _users[user.Id] = user;
        foreach (var keys in user.Keys) _byAuthor[keys.Author] = (user, keys);
    }
}
