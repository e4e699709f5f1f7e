using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>
/// The journal of a case inside one transaction: read and checked, folded, appended to. An append names the head it
/// expects by its number, and the primary key decides; the card and the log are written with it.
/// </summary>
internal sealed class CaseJournal : IDisposable
{
    private readonly Organisation _organisation;
    private readonly SqliteConnection _connection;
    private readonly Keyring _keyring;
    private readonly CaseId _case;
    private readonly CaseFold _fold;
    private readonly bool _isReadOnly;
    private readonly List<Entry> _appended = [];
    private Head _head;

    private CaseJournal(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case, JournalReading reading)
    {
        (_organisation, _connection, _keyring, _case, Reading) = (organisation, connection, keyring, @case, reading);
        (_fold, _head, _isReadOnly) = (CaseFold.Of(reading), reading.Head, reading.IsReadOnly);
    }

    /// <summary>What was read, before anything was appended.</summary>
    public JournalReading Reading { get; }

    /// <summary>What was appended since.</summary>
    public IEnumerable<Entry> Appended => _appended;

    /// <summary>The case as it is now.</summary>
    public CaseState State => _fold.At(_case, _head, _isReadOnly);

    /// <summary>Reads a journal with the user's keys.</summary>
    public static CaseJournal Read(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        var rows = connection.Query<(byte[] Entry, long Leaf)>("SELECT entry, leaf FROM entries WHERE journal = @id ORDER BY sequence", new { id = @case.ToArray() }).ToList();
        var reader = new JournalReader(keyring.Keychain.Find, entry => SignerOf(organisation, keyring, entry.Author));
        return new CaseJournal(organisation, connection, keyring, @case, reader.Read(@case, rows.Select(row => (ReadOnlyMemory<byte>)row.Entry)));
    }

    /// <summary>Begins the journal of a new case: a key for each compartment, in the user's keychain.</summary>
    public static CaseJournal Begin(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        var @case = CaseId.New();
        keyring.Refresh(connection);
        foreach (var compartment in Enum.GetValues<Compartment>())
        {
            using var epoch = Epoch.Start(@case, compartment, 1, keyring.Memory);
            keyring.Keychain.Add(epoch);
        }
        keyring.Store(connection);
        return Read(organisation, connection, keyring, @case);
    }

    /// <summary>Whose a key is. There is one user; the directory comes with the others.</summary>
    public static Signer SignerOf(Organisation organisation, Keyring keyring, PublicKey key) =>
        key == keyring.Author ? Signer.Person : key == organisation.Founded.Node ? Signer.Node : Signer.Unknown;

    /// <summary>Appends an entry, and folds it in.</summary>
    /// <exception cref="CaseworkException">The case is read-only, the user has no key for this, or somebody else was faster.</exception>
    public void Append(Kind kind, byte[] body)
    {
        if (_isReadOnly) throw new CaseworkException("This case cannot be written to: a newer Understory wrote in it, or its end is damaged.");
        var epoch = _keyring.Keychain.Newest(_case, kind.Compartment)
            ?? throw new CaseworkException($"You have no key to the part of this case that this belongs to ({kind.Compartment}).");
        var entry = SealedEntry.Write(_head, epoch, kind, _organisation.Now, body, _keyring.SigningKey);
        var bytes = entry.ToArray();
        try
        {
            _connection.Execute("INSERT INTO entries VALUES (@id, @Sequence, @leaf, @bytes)", new
            {
                id = _case.ToArray(),
                entry.Header.Sequence,
                leaf = OrganisationLog.Append(_connection, entry.LeafHash),
                bytes,
            });
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == 19)
        {
            throw new CaseworkException("Somebody else wrote in this case at the same moment. Look at it again, and try once more.", fault);
        }
        _head = entry.Head;
        _appended.Add(entry.Open(epoch, Kinds.Current));
        _fold.Take(_appended[^1]);
    }

    /// <summary>Writes the card anew: the last thing that is done to a case in a transaction.</summary>
    public CaseState StoreCard()
    {
        var epoch = _keyring.Keychain.Newest(_case, Compartment.Work) ?? throw new CaseworkException("You have no key to this case.");
        var state = State;
        var card = new Card(state.Head, state.Name, (int)state.Stage, (int)state.Urgency, state.WaitingSince?.ToUnixTimeSeconds(), state.Unread);
        _connection.Execute("INSERT INTO cards VALUES (@id, @card) ON CONFLICT (journal) DO UPDATE SET card = excluded.card", new { id = _case.ToArray(), card = card.Seal(epoch) });
        return state;
    }

    /// <summary>Wipes what was opened.</summary>
    public void Dispose()
    {
        Reading.Dispose();
        foreach (var entry in _appended) entry.Dispose();
    }
}
