using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>The directory's journal inside one transaction: read and held against the root, appended to.</summary>
internal sealed class DirectoryJournal(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId journal)
{
    private Head _head = keyring.Directory.Head is { Sequence: > 0 } head ? head : Head.Of(journal);

    /// <summary>Reads it.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="connection">In which transaction.</param>
    /// <param name="keychain">The reader's keys.</param>
    /// <param name="journal">Which journal it is.</param>
    /// <param name="seen">The head that it must contain.</param>
    /// <param name="memory">Where names go.</param>
    /// <exception cref="CaseworkException">It is damaged, older, or somebody wrote in it who may not.</exception>
    public static UserDirectory Read(Organisation organisation, SqliteConnection connection, Keychain keychain, CaseId journal, Head? seen, LockedMemory memory)
    {
        var rows = JournalRows.Read(connection, journal);
        var leaves = new long[rows.Entries.Count];
        foreach (var (sequence, leaf) in rows.Leaves)
        {
            if (sequence < 1 || sequence > leaves.Length) throw Damaged("entries are missing");
            leaves[sequence - 1] = leaf;
        }
        var directory = new UserDirectory(organisation.Founded.Root, journal, leaves, memory);
        try
        {
            using var reading = new JournalReader(keychain.Find, directory.Take).Read(journal, rows.Entries, seen);
            if (reading.Faults.FirstOrDefault() is { } fault) throw Damaged($"entry {fault.Sequence}: {fault.What}");
            if (reading.IsReadOnly) throw new CaseworkException("A newer Understory wrote in the directory of who works here: use that one.");
            if (reading.Lines.Any(line => line.Sealed is { } entry && !rows.Log.Contains(entry.LeafHash))) throw Damaged("the organisation's log does not have all of it");
            directory.Head = reading.Head;
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Appends an entry; the body is wiped. Reading it anew decides whether it may stand there.</summary>
    /// <exception cref="CaseworkException">The user has no key for this.</exception>
    public void Append(Kind kind, byte[] body)
    {
        try
        {
            var epoch = keyring.Keychain.Newest(journal, kind.Compartment) ?? throw new CaseworkException("Only a coordinator can do this.");
            var (entry, opened, _) = JournalRows.Append(organisation, connection, keyring.SigningKey, _head, epoch, kind, body);
            opened.Dispose();
            _head = entry.Head;
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>Ends the key of a compartment that somebody had who has it no longer, in any of the shared journals.</summary>
    public static void Renew(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId journal, Compartment compartment)
    {
        if (keyring.Keychain.Newest(journal, compartment) is not { } old) return;
        using var next = Epoch.Start(journal, compartment, old.Number + 1, keyring.Memory);
        var body = EpochStart.Of(next).ToBody();
        // For work itself under the key that ends, so that whoever held it sees that there is another.
        if (keyring.Keychain.Newest(journal, Kind.EpochStarted.Compartment) is { } work)
        {
            JournalRows.Append(organisation, connection, keyring.SigningKey, JournalRows.HeadOf(connection, journal), work, Kind.EpochStarted, body).Opened.Dispose();
        }
        keyring.Add(next);
    }

    private static CaseworkException Damaged(string what) =>
        new($"The directory of who works here is damaged, or somebody wrote in it who may not ({what}). Nobody can work safely with it: compare the database with a backup.");
}
