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
    private const int PrimaryKeyTaken = 1555;
    private const int UniqueTaken = 2067;

    private readonly Organisation _organisation;
    private readonly SqliteConnection _connection;
    private readonly Keyring _keyring;
    private readonly CaseId _case;
    private readonly CaseFold _fold;
    private readonly bool _isReadOnly;
    private readonly HashSet<Digest> _log;
    private readonly List<Entry> _appended = [];
    private Head _head;

    private CaseJournal(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case, JournalReading reading, HashSet<Digest> log)
    {
        (_organisation, _connection, _keyring, _case, Reading, _log) = (organisation, connection, keyring, @case, reading, log);
        (_fold, _head, _isReadOnly) = (CaseFold.Of(reading), reading.Head, reading.IsReadOnly);
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
    public static CaseJournal Read(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        var id = @case.ToArray();
        var rows = connection.Query<(byte[] Entry, byte[]? Leaf)>(
            "SELECT entry, (SELECT hash FROM log WHERE level = 0 AND number = leaf) FROM entries WHERE journal = @id ORDER BY sequence", new { id }).ToList();
        return Of(organisation, connection, keyring, @case, rows, ExpectedHead(connection, keyring, @case));
    }

    /// <summary>
    /// Reads the end of a journal, which is all that an append needs where nothing is folded: the organisation's own, which
    /// grows with every piece of junk.
    /// </summary>
    public static CaseJournal ReadEnd(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        var rows = connection.Query<(byte[] Entry, byte[]? Leaf)>(
            "SELECT entry, (SELECT hash FROM log WHERE level = 0 AND number = leaf) FROM entries WHERE journal = @id ORDER BY sequence DESC LIMIT 1", new { id = @case.ToArray() }).ToList();
        return Of(organisation, connection, keyring, @case, rows, expected: null);
    }

    /// <summary>Whether these bytes, or this notice, are in the journal already.</summary>
    public bool HasReceived(ReadOnlySpan<byte> hash) => _fold.HasReceived(hash);

    /// <summary>Whether the organisation's log names the entry of a line.</summary>
    public bool IsInLog(JournalLine line) => line.Sealed is { } entry && _log.Contains(entry.LeafHash);

    /// <summary>Begins the journal of a new case: a key for each compartment, in the user's keychain.</summary>
    public static CaseJournal Begin(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        var @case = CaseId.New();
        keyring.Refresh(connection);
        foreach (var compartment in Enum.GetValues<Compartment>())
        {
            using var epoch = Epoch.Start(@case, compartment, 1, keyring.Memory);
            keyring.Add(epoch);
        }
        keyring.Store(connection);
        return Read(organisation, connection, keyring, @case);
    }

    /// <summary>Whose a key is. There is one user; the directory comes with the others.</summary>
    public static Signer SignerOf(Organisation organisation, Keyring keyring, PublicKey key) =>
        key == keyring.Author ? Signer.Person : key == organisation.Founded.Node ? Signer.Node : Signer.Unknown;

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
        catch (SqliteException fault) when (fault.SqliteExtendedErrorCode is PrimaryKeyTaken or UniqueTaken)
        {
            throw new CaseworkException("Somebody else wrote in this case at the same moment. Look at it again, and try once more.", fault);
        }
        _head = entry.Head;
        _log.Add(entry.LeafHash);
        _appended.Add(entry.Open(epoch, Kinds.Current));
        _fold.Take(_appended[^1]);
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
        _connection.Execute("INSERT INTO cards VALUES (@id, @card) ON CONFLICT (journal) DO UPDATE SET card = excluded.card", new { id = _case.ToArray(), card = card.Seal(epoch) });
        return state;
    }

    private static CaseJournal Of(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case, List<(byte[] Entry, byte[]? Leaf)> rows, Head? expected)
    {
        var reader = new JournalReader(keyring.Keychain.Find, entry => SignerOf(organisation, keyring, entry.Author));
        var log = rows.Where(row => row.Leaf is { Length: Digest.Size }).Select(row => Digest.From(row.Leaf)).ToHashSet();
        return new CaseJournal(organisation, connection, keyring, @case, reader.Read(@case, rows.Select(row => (ReadOnlyMemory<byte>)row.Entry), expected), log);
    }

    // A cut end shows by the head that the card names, which is sealed. A card that was put back names an earlier one, and the
    // count of all entries at sign-in the rest.
    private static Head? ExpectedHead(SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        if (connection.ExecuteScalar<byte[]?>("SELECT card FROM cards WHERE journal = @id", new { id = @case.ToArray() }) is not { } stored) return null;
        try
        {
            return keyring.Keychain.Find(Card.KeyOf(stored)) is { } epoch && epoch.Case == @case && epoch.Compartment == Compartment.Work ? Card.Unseal(stored, epoch).Head : null;
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
