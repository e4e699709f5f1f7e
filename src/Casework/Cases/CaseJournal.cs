using System.Security.Cryptography;
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
    private readonly JournalRows _rows;
    private readonly List<Entry> _appended = [];
    private Head _head;

    private CaseJournal(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case, JournalReading reading, JournalRows rows)
    {
        (_organisation, _connection, _keyring, _case, Reading, _rows) = (organisation, connection, keyring, @case, reading, rows);
        (_fold, _head, _isReadOnly) = (CaseFold.Of(reading, WriterOf), reading.Head, reading.IsReadOnly);
        foreach (var line in reading.Lines.Where(line => !line.IsFault && !IsInLog(line)))
            _fold.Blame(line.Sequence, "It is not the one that the organisation's log names.");
    }

    /// <summary>What was read, before anything was appended.</summary>
    public JournalReading Reading { get; }

    /// <summary>What was appended since.</summary>
    public IEnumerable<Entry> Appended => _appended;

    /// <summary>The person's conversations as they are now.</summary>
    public IReadOnlyList<ConversationState> Conversations => _fold.Conversations;

    /// <summary>The case as it is now.</summary>
    public CaseState State => _fold.At(_case, _head, _isReadOnly);

    /// <summary>Reads a journal with the user's keys, and holds it against the log and against the head that its card names.</summary>
    public static CaseJournal Read(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case) =>
        Of(organisation, connection, keyring, @case, JournalRows.Read(connection, @case), ExpectedHead(connection, keyring, @case));

    /// <summary>
    /// Reads the end of a journal, which is all that an append needs where nothing is folded: the organisation's own, which
    /// grows with every piece of junk.
    /// </summary>
    public static CaseJournal ReadEnd(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case) =>
        Of(organisation, connection, keyring, @case, JournalRows.ReadEnd(connection, @case), expected: null);

    /// <summary>Whether these bytes, or this notice, are in the journal already.</summary>
    public bool HasReceived(ReadOnlySpan<byte> hash) => _fold.HasReceived(hash);

    /// <summary>Whether the organisation's log names the entry of a line.</summary>
    public bool IsInLog(JournalLine line) => line.Sealed is { } entry && _rows.Log.Contains(entry.LeafHash);

    /// <summary>Begins the journal of a new case: a key for each compartment, in the user's keychain.</summary>
    public static CaseJournal Begin(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        var @case = CaseId.New();
        keyring.Refresh(connection);
        // Who works a case does not review it: where somebody else can, the first reviewer's key is made for them.
        var reviews = !keyring.Directory.Users.Any(user => user.Id != keyring.User && user.May(Roles.Reviewer, organisation.Today));
        foreach (var compartment in Enum.GetValues<Compartment>().Where(compartment => compartment != Compartment.Review || reviews))
        {
            using var epoch = Epoch.Start(@case, compartment, 1, keyring.Memory);
            keyring.Add(epoch);
        }
        keyring.Store(connection);
        return Read(organisation, connection, keyring, @case);
    }

    /// <summary>Who wrote the entry of a line; null where the directory knows nobody with that key at that time.</summary>
    public DirectoryUser? WriterOf(Entry entry) => WriterOf(_keyring, _rows, entry);

    /// <summary>Appends an entry, and folds it in. The body is wiped.</summary>
    /// <exception cref="CaseworkException">The case is read-only, the user has no key for this, or somebody else was faster.</exception>
    public void Append(Kind kind, byte[] body)
    {
        try
        {
            AppendBody(kind, body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private void AppendBody(Kind kind, byte[] body)
    {
        if (_isReadOnly) throw new CaseworkException("This case cannot be written to: a newer Understory wrote in it, or its end is damaged.");
        var epoch = _keyring.Keychain.Newest(_case, kind.Compartment)
            ?? throw new CaseworkException($"You have no key to the part of this case that this belongs to ({kind.Compartment}).");
        // What is sealed under a key that ended is not believed: nobody is to write what nobody will read.
        if (Reading.Newest.TryGetValue(kind.Compartment, out var newest) && epoch.Number < newest.Number) throw new CaseworkException("This case has a new key, and you do not have it (yet).");
        Append(kind, body, epoch);
    }

    private void Append(Kind kind, byte[] body, Epoch epoch)
    {
        var (entry, opened, leaf) = JournalRows.Append(_organisation, _connection, _keyring.SigningKey, _head, epoch, kind, body);
        _head = entry.Head;
        _rows.Log.Add(entry.LeafHash);
        _rows.Leaves[entry.Header.Sequence] = leaf;
        _appended.Add(opened);
        _fold.Take(opened);
    }

    /// <summary>
    /// Writes the card anew: the last thing that is done to a case in a transaction. Where nothing may be written the card stays
    /// as it is: the head that it names may be all that tells what is missing.
    /// </summary>
    public CaseState StoreCard()
    {
        if (_isReadOnly) return State;
        var epoch = _keyring.Keychain.Newest(_case, Compartment.Work) ?? throw new CaseworkException("You have no key to this case.");
        var state = State;
        var card = new Card(state.Head, state.Name, (int)state.Stage, (int)state.Urgency, state.WaitingSince?.ToUnixTimeSeconds(), state.Unread);
        // Who cannot read the conversation does not know who waits in it, and must not say that nobody does.
        if (_keyring.Keychain.Newest(_case, Compartment.Contact) is null && StoredCard(_connection, _keyring, _case) is { } stored)
            card = card with { WaitingSince = state.Stage is Stage.Closed or Stage.Refused ? null : stored.WaitingSince, Unread = stored.Unread };
        _connection.Execute("INSERT INTO cards VALUES (@id, @card) ON CONFLICT (journal) DO UPDATE SET card = excluded.card", new { id = _case.ToArray(), card = card.Seal(epoch) });
        return state;
    }

    private static CaseJournal Of(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case, JournalRows rows, Head? expected)
    {
        var reader = new JournalReader(keyring.Keychain.Find, entry => entry.Author == organisation.Founded.Node ? Signer.Node
            : WriterOf(keyring, rows, entry) is { } writer && CaseAccess.MaySign(writer, entry) ? Signer.Person : Signer.Unknown);
        return new CaseJournal(organisation, connection, keyring, @case, reader.Read(@case, rows.Entries, expected), rows);
    }

    private static DirectoryUser? WriterOf(Keyring keyring, JournalRows rows, Entry entry) =>
        rows.Leaves.TryGetValue(entry.Header.Sequence, out var leaf) ? keyring.Directory.SignerAt(entry.Author, leaf) : null;

    // A cut end shows by the head that the card names, which is sealed. A card that was put back names an earlier one, and the
    // count of all entries at sign-in the rest.
    private static Head? ExpectedHead(SqliteConnection connection, Keyring keyring, CaseId @case) => StoredCard(connection, keyring, @case)?.Head;

    private static Card? StoredCard(SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        if (connection.ExecuteScalar<byte[]?>("SELECT card FROM cards WHERE journal = @id", new { id = @case.ToArray() }) is not { } stored) return null;
        try
        {
            return keyring.Keychain.Find(Card.KeyOf(stored)) is { } epoch && epoch.Case == @case && epoch.Compartment == Compartment.Work ? Card.Unseal(stored, epoch) : null;
        }
        catch (JournalException)
        {
            // Lists say so.
            return null;
        }
    }

    /// <summary>Wipes what was opened.</summary>
    public void Dispose()
    {
        Reading.Dispose();
        foreach (var entry in _appended) entry.Dispose();
    }
}
