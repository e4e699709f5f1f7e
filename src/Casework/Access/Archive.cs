using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>A closed case in the archive.</summary>
/// <param name="Id">The case.</param>
/// <param name="Name">How it is called; null where its card is damaged.</param>
/// <param name="Closed">The day on which it was closed, since 1970-01-01.</param>
public sealed record ArchivedCase(CaseId Id, string? Name, int Closed);

/// <summary>
/// Closed cases: their keys are sealed to coordinators when they are closed, and leave everybody's keychain after 90 days. So
/// whoever seizes the running Desk gets what is worked on, and not fifty thousand people.
/// </summary>
public sealed class Archive
{
    /// <summary>After how many days a closed case leaves the keychains of those who worked it.</summary>
    public const int DaysKept = 90;

    /// <summary>For how many days a case that was taken out is open to whoever did.</summary>
    public const int DaysOpen = 30;

    private const string Purpose = "archive";
    private const int RecordSize = 1 + sizeof(int) + KeyId.Size + Epoch.KeySize;
    private const byte Version = 1;
    private readonly Organisation _organisation;

    internal Archive(Organisation organisation) => _organisation = organisation;

    /// <summary>Closed cases whose keys left the keychains, the latest first; empty for who is no coordinator.</summary>
    /// <param name="keyring">The reader's.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="most">How many to give.</param>
    public IReadOnlyList<ArchivedCase> List(Keyring keyring, int skip, int most)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                List<ArchivedCase> found = [];
                using var identities = new Identities(_organisation, connection, keyring);
                if (!keyring.IsCoordinator || identities.All.Count == 0) return found;
                foreach (var (journal, day, card) in connection.Query<(byte[] Journal, long Day, byte[]? Card)>(
                    "SELECT journal, max(day) AS day, (SELECT card FROM cards WHERE cards.journal = archive.journal) FROM archive GROUP BY journal HAVING max(day) <= @last ORDER BY day DESC, journal LIMIT @most OFFSET @skip",
                    new { last = _organisation.Today - DaysKept, most, skip }).ToList())
                {
                    var id = CaseId.From(journal);
                    using var keys = Open(connection, id, identities, keyring.Memory);
                    found.Add(new ArchivedCase(id, NameOf(card, keys), Arrival.DayOf(day)));
                }
                return found;
            });
        }
    }

    /// <summary>Takes a closed case out for whoever asks, for 30 days; why is written into the case.</summary>
    /// <exception cref="CaseworkException">The user may not, it is not in the archive, or no reason was given.</exception>
    public CaseState TakeOut(Keyring keyring, CaseId id, string reason)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        if (string.IsNullOrWhiteSpace(reason)) throw new CaseworkException("Write why: everybody who reads the case sees it.");
        lock (keyring.Gate)
        {
            _organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                if (!keyring.IsCoordinator) throw new CaseworkException("Only a coordinator can do this.");
                using var identities = new Identities(_organisation, connection, keyring);
                using var keys = identities.All.Count > 0 ? Open(connection, id, identities, keyring.Memory) : new Kept([]);
                // Until its keys leave the keychains, those who have them share it: a coordinator does not help themselves.
                var closed = connection.ExecuteScalar<long?>("SELECT max(day) FROM archive WHERE journal = @id", new { id = id.ToArray() });
                if (keys.Epochs.Count == 0 || closed > _organisation.Today - DaysKept) throw new CaseworkException("This case is not in the archive.");
                var lent = keys.Epochs.Where(keyring.Keychain.Lend).Select(epoch => epoch.KeyId).ToList();
                try
                {
                    using var journal = CaseJournal.Read(_organisation, connection, keyring, id);
                    Access.Append(journal, keyring.User, _organisation.Today + DaysOpen, [.. keys.Epochs.Select(epoch => (epoch, Boxes.Put(connection, epoch, keyring.Self!.Recipient, keyring.SigningKey, _organisation.Today + DaysOpen)))]);
                    Cases.AppendReason(journal, reason);
                    journal.StoreCard();
                }
                finally
                {
                    foreach (var key in lent) keyring.Keychain.Remove(key);
                }
            });
        }
        _organisation.Receive(keyring);
        _organisation.SayChanged();
        return _organisation.Cases.Find(keyring, id)!;
    }

    /// <summary>Whom keys of closed cases are sealed to, by the newest key of coordinators.</summary>
    internal static HybridRecipient RecipientOf(Keyring keyring, Places places)
    {
        var epoch = keyring.Keychain.Newest(places.Directory, Compartment.Contact) ?? throw new CaseworkException("Only a coordinator can do this.");
        using var identity = epoch.DeriveIdentity(Purpose, [], keyring.Memory);
        return (HybridRecipient)identity.ToRecipient();
    }

    /// <summary>Puts the keys of a case that was closed into the archive, or takes them out when it is opened again.</summary>
    internal void Follow(SqliteConnection connection, Keyring keyring, CaseState state, bool hasNewKeys)
    {
        var journal = state.Id.ToArray();
        if (state.Stage is not (Stage.Closed or Stage.Refused))
        {
            connection.Execute("DELETE FROM archive WHERE journal = @journal", new { journal });
            return;
        }
        if (keyring.Directory.Archive is not { } archive || !(hasNewKeys || connection.ExecuteScalar<long>("SELECT count(*) FROM archive WHERE journal = @journal", new { journal }) == 0)) return;
        var epochs = Enum.GetValues<Compartment>().SelectMany(compartment => keyring.Keychain.All(state.Id, compartment)).ToList();
        using var content = keyring.Memory.Allocate(1 + CaseId.Size + (epochs.Count * RecordSize));
        content.Span[0] = Version;
        state.Id.CopyTo(content.Span[1..]);
        for (var at = 0; at < epochs.Count; at++) epochs[at].CopyTo(content.Span.Slice(1 + CaseId.Size + (at * RecordSize), RecordSize));
        connection.Execute(
            "INSERT INTO archive VALUES (@id, @journal, @Today, @bytes)", new { id = UserId.New().ToArray(), journal, _organisation.Today, bytes = AgeFile.Seal(content.Span, archive) });
    }

    /// <summary>Takes the keys of cases that were closed long ago out of the user's keychain.</summary>
    /// <returns>Whether there were any.</returns>
    internal bool Drop(SqliteConnection connection, Keyring keyring)
    {
        var dropped = false;
        foreach (var (journal, card) in connection.Query<(byte[] Journal, byte[]? Card)>(
            "SELECT journal, (SELECT card FROM cards WHERE cards.journal = archive.journal) FROM archive GROUP BY journal HAVING max(day) <= @last", new { last = _organisation.Today - DaysKept }).ToList())
        {
            var id = CaseId.From(journal);
            // The row stands in the open, and anybody can write one: what the sealed card does not call closed stays.
            if (!keyring.Keeps(id) || !IsClosed(card, keyring, id)) continue;
            keyring.RemoveKept(id);
            dropped = true;
        }
        return dropped;
    }

    private static bool IsClosed(byte[]? card, Keyring keyring, CaseId id)
    {
        try
        {
            return card is not null && keyring.Keychain.Find(Card.KeyOf(card)) is { Compartment: Compartment.Work } epoch && epoch.Case == id
                && (Stage)Card.Unseal(card, epoch).Stage is Stage.Closed or Stage.Refused;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    private static Kept Open(SqliteConnection connection, CaseId id, Identities identities, LockedMemory memory)
    {
        Dictionary<KeyId, Epoch> all = [];
        foreach (var bytes in connection.Query<byte[]>("SELECT sealed FROM archive WHERE journal = @id", new { id = id.ToArray() }))
        {
            foreach (var epoch in Open(id, bytes, identities, memory))
            {
                if (!all.TryAdd(epoch.KeyId, epoch)) epoch.Dispose();
            }
        }
        return new Kept([.. all.Values]);
    }

    private static List<Epoch> Open(CaseId id, byte[] bytes, Identities identities, LockedMemory memory)
    {
        var content = AgeFile.Open(bytes, [.. identities.All]);
        try
        {
            if (content.Length < 1 + CaseId.Size || content[0] != Version || (content.Length - 1 - CaseId.Size) % RecordSize != 0 || CaseId.From(content.AsSpan(1, CaseId.Size)) != id)
                throw new CaseworkException("The archive is damaged, or what is in it was moved: restore the database from a backup.");
            List<Epoch> epochs = [];
            for (var at = 1 + CaseId.Size; at < content.Length; at += RecordSize) epochs.Add(Epoch.Read(id, content.AsSpan(at, RecordSize), memory));
            return epochs;
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(content);
        }
    }

    private static string? NameOf(byte[]? card, Kept keys)
    {
        try
        {
            return card is not null && keys.Epochs.FirstOrDefault(epoch => epoch.KeyId == Card.KeyOf(card)) is { } epoch ? Card.Unseal(card, epoch).Name : null;
        }
        catch (Exception fault) when (fault is JournalException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Keys that came out of the archive.</summary>
    private sealed record Kept(IReadOnlyList<Epoch> Epochs) : IDisposable
    {
        public void Dispose()
        {
            foreach (var epoch in Epochs) epoch.Dispose();
        }
    }

    /// <summary>What opens the archive: of the newest key of coordinators and of those before.</summary>
    private sealed class Identities(Organisation organisation, SqliteConnection connection, Keyring keyring) : IDisposable
    {
        public List<HybridIdentity> All { get; } = organisation.Places(connection) is { } places
            ? [.. keyring.Keychain.All(places.Directory, Compartment.Contact).Select(epoch => epoch.DeriveIdentity(Purpose, [], keyring.Memory))] : [];

        public void Dispose()
        {
            foreach (var identity in All) identity.Dispose();
        }
    }
}
