using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Everything that one user's keys open: each entry with its signature and its chain, each card against its journal, drafts and
/// templates, and what waits in the inbox. It changes nothing.
/// </summary>
public static class KeyringCheck
{
    /// <summary>Looks at all of it.</summary>
    /// <param name="organisation">Opened; nobody else has it open.</param>
    /// <param name="name">The user's, as it is typed.</param>
    /// <param name="passphrase">As <see cref="Passphrase.Read"/> gives it.</param>
    /// <param name="progress">Told what is being looked at.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Null where name and passphrase lead nowhere.</returns>
    /// <exception cref="CaseworkException">The keys themselves are damaged, or are of another organisation than the database says.</exception>
    public static CheckResult? Run(Organisation organisation, string name, Secret passphrase, IProgress<CheckProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        using var memory = new LockedMemory(4 << 20);
        using var signIn = SignInKeys.Derive(organisation.InstanceId, name, passphrase, organisation.Founded.Cost, memory);
        return Run(organisation, signIn, memory, progress, cancel);
    }

    internal static CheckResult? Run(Organisation organisation, SignInKeys signIn, LockedMemory memory, IProgress<CheckProgress>? progress, CancellationToken cancel) =>
        organisation.Store.Read(connection =>
        {
            // Not by signing in, which writes: what is wrong must be seen as it is.
            using var keyring = Keyring.Open(organisation, connection, signIn, memory);
            if (keyring is null) return null;
            var faults = new FaultList();
            if (keyring.InstancePin != organisation.Founded.Pin) faults.Add("What the database says of the organisation is not what this user was told when they joined: somebody changed its keys.");
            LookAtLog(connection, keyring, faults);
            LookAtCases(organisation, connection, keyring, faults, progress, cancel);
            LookAtRows(organisation, connection, keyring, faults);
            LookAtArrivals(organisation, connection, keyring, faults);
            return faults.ToResult();
        });

    private static void LookAtLog(SqliteConnection connection, Keyring keyring, FaultList faults)
    {
        if (keyring.Keychain.LastSeen is not { } seen) return;
        var (size, root) = (OrganisationLog.Size(connection), OrganisationLog.Root(connection));
        if (size < seen.Size || !MerkleTree.VerifyConsistency(seen.Size, seen.Root, size, root, OrganisationLog.ConsistencyProof(connection, seen.Size)))
            faults.Add($"The log is not the one that this user saw last: it had {seen.Size} entries then, and has {size}.");
    }

    private static void LookAtCases(
        Organisation organisation, SqliteConnection connection, Keyring keyring, FaultList faults, IProgress<CheckProgress>? progress, CancellationToken cancel)
    {
        var cases = keyring.Keychain.Cases(Compartment.Work).ToList();
        foreach (var (id, number) in cases.Select((id, number) => (id, number)))
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report(new("cases", number, cases.Count));
            var place = Convert.ToHexStringLower(id.ToArray());
            using var journal = CaseJournal.Read(organisation, connection, keyring, id);
            faults.Entries += journal.Reading.Lines.Count;
            foreach (var line in journal.Reading.Lines)
            {
                if (line.IsFault) faults.Add($"Entry {line.Sequence} of journal {place}: {line.What}");
                else if (!journal.IsInLog(line)) faults.Add($"Entry {line.Sequence} of journal {place} is not the one that the log names.");
                else if (line.State == LineState.Closed) faults.Add($"Entry {line.Sequence} of journal {place} does not open with this user's keys.");
            }
            if (id == organisation.Founded.Journal) continue;
            // Whatever of it is more than a line: what cannot be folded.
            foreach (var fault in journal.State.Faults.Where(_ => journal.Reading.IsWhole)) faults.Add($"Case {place}: {fault}");
            LookAtCard(connection, keyring, id, journal.Reading.Head, place, faults);
        }
    }

    private static void LookAtCard(SqliteConnection connection, Keyring keyring, CaseId id, Head head, string place, FaultList faults)
    {
        if (connection.ExecuteScalar<byte[]?>("SELECT card FROM cards WHERE journal = @id", new { id = id.ToArray() }) is not { } stored)
        {
            faults.Add($"The case {place} has no card.");
            return;
        }
        try
        {
            if (keyring.Keychain.Find(Card.KeyOf(stored)) is not { Compartment: Compartment.Work } epoch || epoch.Case != id) faults.Add($"The card of the case {place} is of another case.");
            else if (Card.Unseal(stored, epoch).Head != head) faults.Add($"The card of the case {place} does not name the end of its journal: an end was cut, or an earlier card was put back.");
        }
        catch (JournalException fault)
        {
            faults.Add($"The card of the case {place} is damaged: {fault.Message}");
        }
    }

    private static void LookAtRows(Organisation organisation, SqliteConnection connection, Keyring keyring, FaultList faults)
    {
        foreach (var id in keyring.Keychain.Cases(Compartment.Contact))
        {
            if (id == organisation.Founded.Journal) continue;
            foreach (var kind in Enum.GetValues<DraftKind>()) Try(() => Rows.Find(connection, keyring, Drafts.RowOf(keyring, id, kind), Drafts.Purpose), $"The draft of the case {Convert.ToHexStringLower(id.ToArray())}");
        }
        Try(() => organisation.Conversations.Templates.Read(connection, keyring), "The organisation's templates");

        void Try(Func<object?> find, string what)
        {
            try
            {
                find();
            }
            catch (Exception fault) when (fault is CaseworkException or JournalException)
            {
                faults.Add($"{what}: {fault.Message}");
            }
        }
    }

    private static void LookAtArrivals(Organisation organisation, SqliteConnection connection, Keyring keyring, FaultList faults)
    {
        var identities = InboxKeys.Of(organisation, keyring);
        try
        {
            foreach (var lookUp in Arrivals.Undecided(connection, Inbox.MostRequests))
            {
                if (Arrivals.Under(connection, lookUp).Describe(keyring.Memory, identities).Fault is { } fault) faults.Add($"What arrived under {Convert.ToHexStringLower(lookUp)}: {fault}");
            }
        }
        finally
        {
            foreach (var identity in identities) identity.Dispose();
        }
    }
}
