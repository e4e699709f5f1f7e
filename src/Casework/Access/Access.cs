using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>
/// Who may read a case: letting colleagues in, for good or until a day; ending it; handing over. Permission is possession of
/// a key: what is ended gets a new key, which whoever was let out never has.
/// </summary>
public sealed class Access
{
    /// <summary>The longest that a volunteer is let in for at once.</summary>
    public const int MostDays = 366;

    private readonly Organisation _organisation;

    internal Access(Organisation organisation) => _organisation = organisation;

    /// <summary>Lets somebody read parts of a case; compartment <c>work</c> comes with every part.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="id">The case.</param>
    /// <param name="to">Whom.</param>
    /// <param name="compartments">Which parts. The user must have their keys.</param>
    /// <param name="until">The last day, since 1970-01-01; null: without end.</param>
    /// <param name="seen">Up to which entry the giver saw the case; null: they do not ask.</param>
    /// <exception cref="CaseworkException">Somebody may not give or get this, or the case cannot be written to.</exception>
    /// <exception cref="OvertakenException">What they may read was changed since.</exception>
    public CaseState Grant(Keyring keyring, CaseId id, UserId to, IReadOnlyCollection<Compartment> compartments, int? until, long? seen = null)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        ArgumentNullException.ThrowIfNull(compartments);
        return _organisation.Cases.Append(keyring, id, (journal, connection) => Grant(keyring, connection, journal, to, compartments, until), state => CheckSeen(state, to, seen));
    }

    /// <summary>Ends somebody's access to parts of a case, or to all of it. They keep what they copied.</summary>
    /// <param name="keyring">Who does; anybody may end their own.</param>
    /// <param name="id">The case.</param>
    /// <param name="of">Whose.</param>
    /// <param name="compartments">Which parts; null: all. Where only <c>work</c> would be left, that ends too.</param>
    /// <param name="seen">Up to which entry the user saw the case; null: they do not ask.</param>
    /// <exception cref="CaseworkException">They have no such access, nobody would be left, or the case cannot be written to.</exception>
    /// <exception cref="OvertakenException">What they may read was changed since.</exception>
    public CaseState Revoke(Keyring keyring, CaseId id, UserId of, IReadOnlyCollection<Compartment>? compartments = null, long? seen = null)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        var state = _organisation.Cases.Append(keyring, id, (journal, connection) => Revoke(keyring, connection, journal, of, compartments), state => CheckSeen(state, of, seen));
        if (of == keyring.User) _organisation.Receive(keyring);
        return state;
    }

    /// <summary>Gives a colleague everything that the user may read of a case, and gives it up.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="id">The case.</param>
    /// <param name="to">To whom.</param>
    /// <param name="seen">Up to which entry the giver saw the case; null: they do not ask.</param>
    /// <exception cref="CaseworkException">They cannot get it, or the case cannot be written to.</exception>
    /// <exception cref="OvertakenException">What one of the two may read was changed since.</exception>
    public void HandOver(Keyring keyring, CaseId id, UserId to, long? seen = null)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        _organisation.Cases.Append(keyring, id, (journal, connection) =>
        {
            var all = CaseAccess.Open(journal.State, keyring.User, _organisation.Today).ToList();
            if (Directory(keyring, to) is { } user && !user.Roles.HasFlag(Roles.Reviewer)) all.Remove(Compartment.Review);
            Grant(keyring, connection, journal, to, all, until: null);
            Revoke(keyring, connection, journal, keyring.User, null);
        }, state =>
        {
            CheckSeen(state, to, seen);
            CheckSeen(state, keyring.User, seen);
        });
        _organisation.Receive(keyring);
    }

    /// <summary>
    /// Ends what was open until a day that is over, or to who has left, before anything else is written: what is written then has
    /// a new key.
    /// </summary>
    internal void EndOverdue(Keyring keyring, SqliteConnection connection, CaseJournal journal)
    {
        if (!keyring.May(RoleRules.Staff)) return;
        var today = _organisation.Today;
        foreach (var overdue in journal.State.Access.Where(line => line is { Ended: null } && (!line.IsOpen(today) || HasLeft(keyring, line.User))).GroupBy(line => line.User).ToList())
        {
            var compartments = overdue.Select(line => line.Compartment).ToHashSet();
            // Where nobody is left who could read it for good, it stays as it is: nothing is kept from being written by that.
            compartments.RemoveWhere(compartment => compartment != Compartment.Review
                && !journal.State.Access.Any(line => line.Compartment == compartment && line.User != overdue.Key && line.Until is null && line.IsOpen(today) && !HasLeft(keyring, line.User)));
            // Without a key to it, whoever has one does this.
            compartments.RemoveWhere(compartment => keyring.Keychain.Newest(journal.State.Id, compartment) is null);
            if (compartments.Count > 0) Revoke(keyring, connection, journal, overdue.Key, compartments);
        }
    }

    private static void CheckSeen(CaseState state, UserId user, long? seen) => LastChange.CheckSeen(state.AccessSet.GetValueOrDefault(user), seen);

    private static bool HasLeft(Keyring keyring, UserId user) => Directory(keyring, user) is { Left: not null };

    private static DirectoryUser? Directory(Keyring keyring, UserId user) => keyring.Directory.Find(user);

    private void Grant(Keyring keyring, SqliteConnection connection, CaseJournal journal, UserId to, IReadOnlyCollection<Compartment> compartments, int? until)
    {
        var (state, today) = (journal.State, _organisation.Today);
        if (!keyring.May(RoleRules.Staff)) throw new CaseworkException("Only coordinators, caseworkers and reviewers open cases to others.");
        if (Directory(keyring, to) is not { } user || !user.IsHere(today)) throw new CaseworkException("There is no such colleague, or their time here is not now.");
        if (to == keyring.User) throw new CaseworkException("You cannot give yourself what you have.");
        if (FaultOf(state, user, compartments, until, today) is { } fault) throw new CaseworkException(fault);
        // What they have until an earlier day, they get until this one.
        var wanted = compartments.Append(Compartment.Work).Distinct().Order().Where(compartment => !state.Access.Any(line => line.User == to && line.Compartment == compartment && line.IsOpen(today)
            && (line.Until is null || (until is { } day && line.Until >= day)))).ToList();
        if (wanted.Count == 0) throw new CaseworkException("They may read all of this already.");
        List<(Epoch, Digest)> given = [];
        foreach (var compartment in wanted)
        {
            var epochs = keyring.Keychain.All(journal.State.Id, compartment).ToList();
            if (epochs.Count > 0)
            {
                given.AddRange(epochs.Select(epoch => (epoch, Boxes.Put(connection, epoch, user.Recipient, keyring.SigningKey, until))));
                continue;
            }
            // The review of a case that another one is to review begins with them, and its key never stays with who works the case.
            if (compartment != Compartment.Review || state.Access.Any(line => line.Compartment == Compartment.Review && line.User != keyring.User)) throw new CaseworkException("You have no key to this part of the case: only who has it can share it.");
            using var first = Epoch.Start(state.Id, compartment, 1, keyring.Memory);
            given.Add((first, Boxes.Put(connection, first, user.Recipient, keyring.SigningKey, until)));
        }
        Append(journal, to, until, given);
    }

    private static string? FaultOf(CaseState state, DirectoryUser user, IReadOnlyCollection<Compartment> compartments, int? until, int today)
    {
        if (!user.Roles.HasAny(RoleRules.Staff | Roles.Volunteer)) return "They hold a share of recovery or run machines: cases are not opened to them.";
        if (until is { } day && (day < today || day > today + MostDays)) return "The last day is to be today or later, and within a year.";
        if (!user.Roles.HasAny(RoleRules.Staff) && until is null) return "What is opened to a volunteer ends on a day: choose it.";
        if (user.Last is { } last && (until is null || until > last)) return "Their own time here ends before: choose an earlier last day.";
        if (!compartments.Contains(Compartment.Review)) return null;
        if (!user.Roles.HasFlag(Roles.Reviewer)) return "Only a reviewer reads the review of a case.";
        return state.Access.Any(line => line.User == user.Id && line.Compartment == Compartment.Contact && line.Ended is null)
            ? "Who works a case does not review it: choose somebody else." : null;
    }

    internal static void Append(CaseJournal journal, UserId to, int? until, List<(Epoch, Digest)> given)
    {
        const int AtOnce = 64;
        foreach (var some in given.Chunk(AtOnce)) journal.Append(Kind.AccessGranted, Bodies.AccessGranted(to, until, some));
    }

    private void Revoke(Keyring keyring, SqliteConnection connection, CaseJournal journal, UserId of, IReadOnlyCollection<Compartment>? compartments)
    {
        var (state, today) = (journal.State, _organisation.Today);
        if (of != keyring.User && !keyring.May(RoleRules.Staff)) throw new CaseworkException("Only coordinators, caseworkers and reviewers end what others may read.");
        // Also what ended by its day: its key ends with it.
        var has = state.Access.Where(line => line.User == of && line.Ended is null).ToList();
        var ending = has.Select(line => line.Compartment).Where(compartment => compartments is null || compartments.Contains(compartment)).ToHashSet();
        if (has.All(line => line.Compartment == Compartment.Work || ending.Contains(line.Compartment))) ending.UnionWith(has.Select(line => line.Compartment));
        if (ending.Count == 0) throw new CaseworkException("They may not read that.");
        var left = state.Access.Where(line => line.User != of && line.IsOpen(today)).ToList();
        if (ending.Any(compartment => compartment != Compartment.Review && !left.Exists(line => line.Compartment == compartment && line.Until is null)))
            throw new CaseworkException("Nobody else could read a part of this case then: hand it over first.");
        journal.Append(Kind.AccessRevoked, Bodies.AccessRevoked(of, ending));
        foreach (var wrap in has.Where(line => ending.Contains(line.Compartment)).SelectMany(line => line.Wraps)) Boxes.Take(connection, wrap);
        // Work last: that there is another is said under the key that ends.
        foreach (var compartment in ending.OrderBy(compartment => compartment == Compartment.Work)) Renew(keyring, connection, journal, compartment, [.. left.Where(line => line.Compartment == compartment)]);
        keyring.Store(connection);
        if (keyring.Directory.Find(of) is { Left: null } user) Boxes.Notify(connection, state.Id, user.Recipient);
    }

    /// <summary>Begins the next epoch of a compartment, for those who stay.</summary>
    private void Renew(Keyring keyring, SqliteConnection connection, CaseJournal journal, Compartment compartment, List<AccessLine> stay)
    {
        var id = journal.State.Id;
        if (keyring.Keychain.Newest(id, compartment) is not { } old)
        {
            if (stay.Count == 0) return;
            throw new CaseworkException("You have no key to this part of the case: only who has it can end somebody's access to it.");
        }
        using var next = Epoch.Start(id, compartment, old.Number + 1, keyring.Memory);
        journal.Append(Kind.EpochStarted, EpochStart.Of(next).ToBody());
        keyring.Add(next);
        foreach (var line in stay.Where(line => line.User != keyring.User))
        {
            if (keyring.Directory.Find(line.User) is not { } user || !user.IsHere(_organisation.Today)) continue;
            Append(journal, line.User, line.Until, [(next, Boxes.Put(connection, next, user.Recipient, keyring.SigningKey, line.Until))]);
        }
    }
}
