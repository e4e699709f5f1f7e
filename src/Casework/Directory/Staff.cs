using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>Somebody who works here, or did, as pages show them.</summary>
/// <param name="User">What the directory says.</param>
/// <param name="Name">What they are called; null for a reader who knows colleagues by role only.</param>
/// <param name="IsSelf">Whether it is the reader.</param>
public sealed record StaffMember(DirectoryUser User, string? Name, bool IsSelf);

/// <summary>An invitation that is open.</summary>
/// <param name="User">Whom it makes.</param>
/// <param name="Name">What they are to be called.</param>
/// <param name="Roles">What they are to be.</param>
/// <param name="Expires">Its last day, since 1970-01-01.</param>
/// <param name="Fingerprint">Of the keys that somebody made who typed the code; null while nobody did.</param>
public sealed record OpenInvitation(UserId User, string Name, Roles Roles, int Expires, string? Fingerprint);

/// <summary>What is printed for somebody who is invited. The code is shown once.</summary>
/// <param name="User">Whom it makes.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Code">20 letters in fives.</param>
/// <param name="Expires">Its last day, since 1970-01-01.</param>
public sealed record PrintedInvitation(UserId User, string Name, string Code, int Expires);

/// <summary>Who works here: inviting, confirming, changing, leaving. What is written is believed of coordinators alone.</summary>
public sealed class Staff
{
    /// <summary>How many days an invitation lives.</summary>
    public const int InvitationDays = 14;

    private const int DaysToRenew = 200;
    private readonly Organisation _organisation;

    internal Staff(Organisation organisation) => _organisation = organisation;

    /// <summary>Everybody of the directory, those who are here first, by name or by role.</summary>
    public IReadOnlyList<StaffMember> All(Keyring keyring) => Look(keyring, _ => (IReadOnlyList<StaffMember>)[.. keyring.Directory.Users
        .Select(user => new StaffMember(user, keyring.Directory.NameOf(user.Id), user.Id == keyring.User))
        .OrderBy(member => member.User.Left is not null).ThenBy(member => member.Name, StringComparer.CurrentCulture).ThenBy(member => member.User.Enrolled)]);

    /// <summary>One of them; null where there is none.</summary>
    public StaffMember? Find(Keyring keyring, UserId user) => All(keyring).FirstOrDefault(member => member.User.Id == user);

    /// <summary>Names of users, as far as the reader knows them.</summary>
    public IReadOnlyDictionary<UserId, StaffMember> ById(Keyring keyring) => All(keyring).ToDictionary(member => member.User.Id);

    /// <summary>Invitations that nobody has confirmed yet; empty for who is no coordinator.</summary>
    public IReadOnlyList<OpenInvitation> Invitations(Keyring keyring) => Look(keyring, connection =>
    {
        var invited = ReadInvitations(connection, keyring);
        try
        {
            return (IReadOnlyList<OpenInvitation>)[.. invited.Select(it => it.Body).Select(it => new OpenInvitation(it.User, it.Name, it.Roles, it.Expires, FingerprintOf(connection, keyring, it)))];
        }
        finally
        {
            foreach (var (_, entry) in invited) entry.Dispose();
        }
    });

    /// <summary>Invites somebody. The code is to be printed, or read to them; it is kept nowhere.</summary>
    /// <param name="keyring">A coordinator's.</param>
    /// <param name="name">What they are to be called here, and type to sign in.</param>
    /// <param name="roles">What they are to be.</param>
    /// <param name="last">Their last day here, since 1970-01-01; null: without end.</param>
    /// <exception cref="CaseworkException">The reader may not, or the roles cannot be.</exception>
    public PrintedInvitation Invite(Keyring keyring, string name, Roles roles, int? last)
    {
        var (called, code, user) = (Texts.Name(name, "The colleague"), InvitationCode.Draw(), UserId.New());
        CheckTerms(keyring, roles, last);
        var expires = _organisation.Today + InvitationDays;
        Write(keyring, (connection, directory) =>
        {
            using var keys = InvitationCode.Read(code, _organisation.InstanceId, keyring.Memory)!;
            directory.Append(Kind.UserInvited, DirectoryBodies.UserInvited(new DirectoryBodies.Invited(user, roles, _organisation.Today, last, called, default, keys.LookUp, expires), keys.Key));
            connection.Execute("INSERT INTO invitations VALUES (@LookUp, @invitation, NULL, @expires)", new
            {
                keys.LookUp,
                invitation = keys.Seal(new Invitation(user, _organisation.Places(connection)!.Directory, roles, called, expires)),
                expires,
            });
        });
        return new PrintedInvitation(user, called, code, expires);
    }

    /// <summary>Takes an invitation back, with the keys that somebody may have made for it.</summary>
    public void Withdraw(Keyring keyring, UserId user) => Write(keyring, (connection, directory) => WithInvitation(connection, keyring, user, invited =>
    {
        if (ReadClaim(connection, keyring, invited) is { } claim) DeleteKeys(connection, claim.LookUp, claim.Chain);
        connection.Execute("DELETE FROM invitations WHERE look_up = @lookUp", new { lookUp = invited.LookUp.ToArray() });
        directory.Append(Kind.InvitationEnded, DirectoryBodies.Of(user));
    }));

    /// <summary>Reads a code that somebody typed who was invited.</summary>
    /// <param name="typed">As they typed it.</param>
    /// <param name="words">The language of their passphrase.</param>
    /// <param name="memory">Where their keys go.</param>
    /// <returns>Null where there is no such invitation (any more).</returns>
    public Joining? BeginJoining(string typed, WordList words, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(typed);
        if (!_organisation.IsFounded || InvitationCode.Read(typed, _organisation.InstanceId, memory) is not { } code) return null;
        try
        {
            var row = _organisation.Store.Read(connection => connection.ExecuteScalar<byte[]?>(
                "SELECT invitation FROM invitations WHERE look_up = @LookUp AND claim IS NULL AND until >= @Today", new { code.LookUp, _organisation.Today }));
            if (row is not null) return new Joining(_organisation, code, code.Open(row), words, memory);
        }
        catch
        {
            code.Dispose();
            throw;
        }
        code.Dispose();
        return null;
    }

    /// <summary>Enrols somebody who was invited: the fingerprint that they read is the one that is shown.</summary>
    /// <param name="keyring">A coordinator's.</param>
    /// <param name="user">Whom.</param>
    /// <param name="fingerprint">The fingerprint that was compared: of no other keys is anybody enrolled.</param>
    /// <exception cref="CaseworkException">Nobody has typed the code yet, other keys came meanwhile, or the reader may not.</exception>
    public void Confirm(Keyring keyring, UserId user, string fingerprint) => Write(keyring, (connection, directory) => WithInvitation(connection, keyring, user, invited =>
    {
        var claim = ReadClaim(connection, keyring, invited) ?? throw new CaseworkException("Nobody has typed this code yet.");
        if (claim.User != user || DirectoryUser.FingerprintOf(claim.Author, claim.Recipient) != fingerprint)
            throw new CaseworkException("These are not the keys whose numbers you compared. Compare again, or take the invitation back.");
        CheckTerms(keyring, invited.Roles, invited.Last);
        var appointment = Appoint(connection, keyring, invited.Roles, user, claim.Author, claim.InboxSigner);
        directory.Append(Kind.UserEnrolled, DirectoryBodies.Enrolled(new(user, claim.Author, claim.Recipient, invited.Roles, invited.First, invited.Last, appointment)));
        directory.Append(Kind.UserNamed, DirectoryBodies.Named(user, invited.Name));
        directory.Append(Kind.KeyringKnown, DirectoryBodies.KeyringKnown(user, claim.LookUp, claim.Chain));
        directory.Append(Kind.InvitationEnded, DirectoryBodies.Of(user));
        connection.Execute("DELETE FROM invitations WHERE look_up = @lookUp", new { lookUp = invited.LookUp.ToArray() });
    }));

    /// <summary>Gives a colleague other roles or another last day. Keys that they have by roles alone end with them.</summary>
    /// <param name="keyring">A coordinator's.</param>
    /// <param name="user">Whom.</param>
    /// <param name="roles">All that they have from now on.</param>
    /// <param name="last">Their last day, since 1970-01-01; null: without end.</param>
    /// <param name="seen">The entry that the coordinator saw as the last to change them (<see cref="DirectoryUser.Set"/>); null: they do not ask.</param>
    /// <exception cref="CaseworkException">The reader may not, the roles cannot be, or nobody would coordinate any more.</exception>
    /// <exception cref="OvertakenException">Another coordinator changed them since.</exception>
    public void Change(Keyring keyring, UserId user, Roles roles, int? last, long? seen = null)
    {
        CheckTerms(keyring, roles, last);
        Write(keyring, (connection, directory) =>
        {
            var before = Here(keyring, user);
            LastChange.CheckSeen(before.Set, seen);
            if (before.Roles == roles && before.Last == last) return;
            var appointment = roles.HasFlag(Roles.Coordinator) && before.Appointment is null
                ? throw new CaseworkException("Only the root makes coordinators, and signs their keys when they join: invite them anew as one.") : (Appointment?)null;
            CheckSomebodyCoordinates(keyring, user, roles, last);
            directory.Append(Kind.UserChanged, DirectoryBodies.Changed(new(user, roles, before.First, last, appointment)));
            keyring.RefreshDirectory(connection);
            SharedKeys.Take(_organisation, connection, keyring, before, roles);
            Boxes.Notify(connection, _organisation.Places(connection)!.Directory, before.Recipient);
        });
    }

    /// <summary>Somebody leaves: their sign-in, keys and what lies in their box are deleted, and what they had by role gets new keys.</summary>
    /// <exception cref="CaseworkException">The reader may not, or nobody would coordinate any more.</exception>
    public void Leave(Keyring keyring, UserId user) => Write(keyring, (connection, directory) =>
    {
        var before = Here(keyring, user);
        if (user == keyring.User) throw new CaseworkException("You cannot end your own account: another coordinator does.");
        CheckSomebodyCoordinates(keyring, user, Roles.None, null);
        directory.Append(Kind.UserLeft, DirectoryBodies.Of(user));
        if (keyring.Directory.KeyringOf(user) is var (lookUp, chain)) DeleteKeys(connection, lookUp, chain);
        Boxes.Empty(connection, before.Recipient);
        keyring.RefreshDirectory(connection);
        SharedKeys.Take(_organisation, connection, keyring, before, Roles.None);
    });

    /// <summary>Who read which part of which case, the newest first; empty for who is no coordinator.</summary>
    /// <param name="keyring">The reader's.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<ReadingLine> Readings(Keyring keyring, int most) => Look(keyring, connection => Casework.Readings.Newest(_organisation, connection, keyring, most));

    /// <summary>What is done whenever somebody has signed in: their box, what they are to give to others, and recovery.</summary>
    internal void Welcome(Keyring keyring)
    {
        lock (keyring.Gate)
        {
            if (keyring.IsOld) Found(keyring);
            _organisation.Receive(keyring);
            _organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                RenewAppointments(connection, keyring);
                keyring.RememberDirectory(connection);
                Recovery.Keep(connection, keyring);
                SharedKeys.Give(_organisation, connection, keyring);
                if (_organisation.Archive.Drop(connection, keyring)) keyring.Store(connection);
            });
        }
    }

    /// <summary>Begins the directory, with its first coordinator, in the transaction in which they are made.</summary>
    internal static void Begin(Organisation organisation, SqliteConnection connection, Keyring keyring, HybridRecipient recovery)
    {
        var places = new Places(CaseId.New(), CaseId.New());
        connection.Execute("INSERT INTO directory VALUES (1, @directory, @readings)", new { directory = places.Directory.ToArray(), readings = places.Readings.ToArray() });
        foreach (var (journal, compartment) in new[] { (places.Directory, Compartment.Work), (places.Directory, Compartment.Identity), (places.Directory, Compartment.Contact), (places.Readings, Compartment.Work) })
        {
            using var epoch = Epoch.Start(journal, compartment, 1, keyring.Memory);
            keyring.Add(epoch);
        }
        keyring.Store(connection);
        using var identity = keyring.Identity();
        using var seed = keyring.InboxSigningSeed();
        var inboxSigner = new byte[Primitives.Ed25519KeySize];
        Primitives.Ed25519PublicKey(seed.Span, inboxSigner);
        var user = keyring.User;
        var appointment = Appointment.Sign(keyring.RootKey!, places.Directory, user, keyring.Author, inboxSigner, organisation.Today);
        var (lookUp, chain) = keyring.Places;
        var directory = new DirectoryJournal(organisation, connection, keyring, places.Directory);
        const Roles Everything = RoleRules.All & ~Roles.Volunteer;
        directory.Append(Kind.UserEnrolled, DirectoryBodies.Enrolled(new(user, keyring.Author, (HybridRecipient)identity.ToRecipient(), Everything, 0, null, appointment)));
        directory.Append(Kind.UserNamed, DirectoryBodies.Named(user, keyring.Name));
        directory.Append(Kind.KeyringKnown, DirectoryBodies.KeyringKnown(user, lookUp, chain));
        directory.Append(Kind.RecoverySet, DirectoryBodies.RecoverySet(recovery, 1, [null]));
        directory.Append(Kind.OversightSet, DirectoryBodies.OversightSet(Casework.Readings.RecipientOf(keyring, places), Archive.RecipientOf(keyring, places)));
    }

    /// <summary>The directory of an organisation that was set up before there was one: its one user has the root's key.</summary>
    private void Found(Keyring keyring)
    {
        if (keyring.RootKey is null) throw new CaseworkException("This account is of before there was a directory, and has not the organisation's root key.");
        _organisation.Store.Write(connection =>
        {
            keyring.Refresh(connection);
            if (_organisation.Places(connection) is not null) throw new CaseworkException("There is a directory, and this account is not in it.");
            keyring.Upgrade(connection, UserId.New());
            Begin(_organisation, connection, keyring, new HybridRecipient(_organisation.Founded.Recovery));
            keyring.RefreshDirectory(connection);
        });
        _organisation.ReadInstance();
    }

    /// <summary>Whoever has the root's key keeps coordinators appointed, themselves first: also when a clock was wrong for a time.</summary>
    private void RenewAppointments(SqliteConnection connection, Keyring keyring)
    {
        if (keyring.RootKey is null || keyring.Self is null || _organisation.Places(connection) is not { } places) return;
        var today = _organisation.Today;
        var due = keyring.Directory.Users.Where(user => user.Left is null && user.Appointment is { Certificate: not null } appointment && (!user.IsAppointed(today) || appointment.Days.Last - today < DaysToRenew)).ToList();
        var directory = new DirectoryJournal(_organisation, connection, keyring, places.Directory);
        foreach (var user in due.OrderByDescending(user => user.Id == keyring.User))
        {
            var inboxSigner = CoordinatorCertificate.SignerOf(user.Appointment!.Certificate);
            var appointment = Appointment.Sign(keyring.RootKey, places.Directory, user.Id, user.Author, inboxSigner, today);
            directory.Append(Kind.UserChanged, DirectoryBodies.Changed(new(user.Id, user.Roles, user.First, user.Last, appointment)));
        }
        if (due.Count > 0) keyring.RefreshDirectory(connection);
    }

    private T Look<T>(Keyring keyring, Func<SqliteConnection, T> look)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return look(connection);
            });
        }
    }

    private void Write(Keyring keyring, Action<SqliteConnection, DirectoryJournal> act)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            _organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                if (!keyring.IsCoordinator || _organisation.Places(connection) is not { } places) throw new CaseworkException("Only a coordinator can do this.");
                act(connection, new DirectoryJournal(_organisation, connection, keyring, places.Directory));
                // Read as everybody will read it: what would not be believed is not written.
                keyring.RefreshDirectory(connection);
                Casework.Readings.KeepOversight(_organisation, connection, keyring, places);
                SharedKeys.Give(_organisation, connection, keyring);
                keyring.Store(connection);
                keyring.RememberDirectory(connection);
            });
        }
        _organisation.SayChanged();
    }

    private static DirectoryUser Here(Keyring keyring, UserId user) =>
        keyring.Directory.Find(user) is { Left: null } found ? found : throw new CaseworkException("There is no such colleague (any more).");

    private void CheckTerms(Keyring keyring, Roles roles, int? last)
    {
        if (RoleRules.Fault(roles) is { } fault) throw new CaseworkException(fault);
        if (last < _organisation.Today) throw new CaseworkException("Their last day is to be today or later.");
        if (roles.HasFlag(Roles.Coordinator) && keyring.RootKey is null) throw new CaseworkException("Only who has the organisation's root key makes coordinators: whoever set it up, or recovery.");
    }

    private void CheckSomebodyCoordinates(Keyring keyring, UserId but, Roles roles, int? last)
    {
        if (roles.HasFlag(Roles.Coordinator) && last is null) return;
        if (!keyring.Directory.Users.Any(user => user.Id != but && user.Last is null && user.May(Roles.Coordinator, _organisation.Today)))
            throw new CaseworkException("Nobody would coordinate then: make somebody else a coordinator first.");
    }

    private Appointment? Appoint(SqliteConnection connection, Keyring keyring, Roles roles, UserId user, PublicKey author, byte[] inboxSigner) =>
        roles.HasFlag(Roles.Coordinator) ? Appointment.Sign(keyring.RootKey!, _organisation.Places(connection)!.Directory, user, author, inboxSigner, _organisation.Today) : null;

    /// <summary>Open invitations, with the entries that their keys lie in: the caller's to dispose.</summary>
    private List<(DirectoryBodies.Invited Body, Entry Entry)> ReadInvitations(SqliteConnection connection, Keyring keyring)
    {
        List<(DirectoryBodies.Invited, Entry)> invited = [];
        if (_organisation.Places(connection) is not { } places) return invited;
        foreach (var sequence in keyring.Directory.Invitations.Values)
        {
            var bytes = connection.ExecuteScalar<byte[]>("SELECT entry FROM entries WHERE journal = @id AND sequence = @sequence", new { id = places.Directory.ToArray(), sequence });
            var entry = SealedEntry.Parse(bytes);
            if (keyring.Keychain.Find(entry.Header.KeyId) is not { } epoch) continue;
            var opened = entry.Open(epoch, Kinds.Current);
            invited.Add((DirectoryBodies.ReadInvited(opened), opened));
        }
        return invited;
    }

    private void WithInvitation(SqliteConnection connection, Keyring keyring, UserId user, Action<DirectoryBodies.Invited> act)
    {
        var all = ReadInvitations(connection, keyring);
        try
        {
            act(all.FirstOrDefault(it => it.Body.User == user).Body ?? throw new CaseworkException("There is no such invitation (any more)."));
        }
        finally
        {
            foreach (var (_, entry) in all) entry.Dispose();
        }
    }

    private static Claim? ReadClaim(SqliteConnection connection, Keyring keyring, DirectoryBodies.Invited invited)
    {
        if (connection.ExecuteScalar<byte[]?>("SELECT claim FROM invitations WHERE look_up = @lookUp", new { lookUp = invited.LookUp.ToArray() }) is not { } bytes) return null;
        using var code = InvitationCode.Of(invited, keyring.Memory);
        return code.OpenClaim(bytes);
    }

    private static string? FingerprintOf(SqliteConnection connection, Keyring keyring, DirectoryBodies.Invited invited)
    {
        try
        {
            return ReadClaim(connection, keyring, invited) is { } claim && claim.User == invited.User ? DirectoryUser.FingerprintOf(claim.Author, claim.Recipient) : null;
        }
        catch (CaseworkException)
        {
            // Somebody changed it: it can only be taken back.
            return null;
        }
    }

    private static void DeleteKeys(SqliteConnection connection, byte[] lookUp, byte[] chain)
    {
        connection.Execute("DELETE FROM keyrings WHERE look_up = @lookUp", new { lookUp });
        connection.Execute("DELETE FROM chains WHERE chain = @chain", new { chain });
        connection.Execute("DELETE FROM segments WHERE chain = @chain", new { chain });
        connection.Execute("DELETE FROM recoverables WHERE chain = @chain", new { chain });
    }
}
