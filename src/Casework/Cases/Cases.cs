using Understory.Journal;

namespace Understory.Casework;

/// <summary>A line of a case's journal, as its page shows it.</summary>
/// <param name="Line">What the reader found.</param>
/// <param name="IsInLog">Whether the organisation's log has it at its place.</param>
/// <param name="Author">Whose signature it carries, as far as that is known.</param>
/// <param name="Writer">Who of the directory it is; null where it is nobody of it.</param>
public sealed record CaseLine(JournalLine Line, bool IsInLog, LineAuthor Author, UserId? Writer = null);

/// <summary>Who wrote an entry.</summary>
public enum LineAuthor
{
    /// <summary>It could not be opened.</summary>
    NotKnown,

    /// <summary>Whoever reads.</summary>
    Self,

    /// <summary>Somebody else of the directory.</summary>
    Colleague,

    /// <summary>The machine.</summary>
    Node,

    /// <summary>Somebody who is not in the directory.</summary>
    Stranger,
}

/// <summary>Cases and their journals.</summary>
public sealed class Cases
{
    private readonly Organisation _organisation;

    internal Cases(Organisation organisation) => _organisation = organisation;

    /// <summary>
    /// A case, folded; null where the user has no key to it or there is none. That they read it is written down, once for each
    /// session and part, before anything is shown.
    /// </summary>
    public CaseState? Find(Keyring keyring, CaseId id)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            List<Compartment> read = [];
            var state = _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                if (!_organisation.IsCase(connection, id) || keyring.Keychain.Newest(id, Compartment.Work) is null) return null;
                using var journal = CaseJournal.Read(_organisation, connection, keyring, id);
                read.AddRange(journal.Reading.Entries.Select(entry => entry.Kind!.Compartment).Distinct().Where(compartment => !keyring.HasRead(id, compartment)));
                return journal.State;
            });
            if (read.Count > 0)
            {
                _organisation.Store.Write(connection => Readings.Write(_organisation, connection, keyring, id, read));
                keyring.NoteRead(id, read);
            }
            return state;
        }
    }

    /// <summary>Every line of a case's journal, checked against the keys, the signatures, the chain and the log.</summary>
    public IReadOnlyList<CaseLine>? Journal(Keyring keyring, CaseId id)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                if (!_organisation.IsCase(connection, id) || keyring.Keychain.Newest(id, Compartment.Work) is null) return null;
                // The bodies are wiped; number, kind, time and author of each line stay.
                using var journal = CaseJournal.Read(_organisation, connection, keyring, id);
                return journal.Reading.Lines.Select(line => Describe(journal, line)).ToList();
            });
        }

        CaseLine Describe(CaseJournal journal, JournalLine line)
        {
            if (line.Entry is not { } entry) return new CaseLine(line, journal.IsInLog(line), LineAuthor.NotKnown);
            var writer = journal.WriterOf(entry);
            var author = entry.Author == _organisation.Founded.Node ? LineAuthor.Node
                : writer is null ? LineAuthor.Stranger
                : writer.Id == keyring.User ? LineAuthor.Self : LineAuthor.Colleague;
            return new CaseLine(line, journal.IsInLog(line), author, writer?.Id);
        }
    }

    /// <summary>Marks everything up to an entry as read.</summary>
    /// <exception cref="CaseworkException">The case cannot be written to.</exception>
    public CaseState MarkSeen(Keyring keyring, CaseId id, long through) => Append(keyring, id, (journal, _) =>
    {
        if (journal.State.Items.Any(item => item.IsUnread && item.Sequence <= through)) journal.Append(Kind.MessagesSeen, Bodies.Seen(through));
    });

    /// <summary>Moves a case on, or closes it.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="id">The case.</param>
    /// <param name="stage">Where to.</param>
    /// <param name="reason">Why, at most 2,000 bytes of UTF-8; it is kept as a note, for those who may read the conversation. May be empty.</param>
    /// <param name="seen">Up to which entry the writer saw the case; null: they do not ask.</param>
    /// <exception cref="CaseworkException">From where it is it cannot go there, or it cannot be written to.</exception>
    /// <exception cref="OvertakenException">It was moved since.</exception>
    public CaseState ChangeStage(Keyring keyring, CaseId id, Stage stage, string reason, long? seen = null) => Append(keyring, id, (journal, _) =>
    {
        if (!keyring.May(RoleRules.Staff)) throw new CaseworkException("Only coordinators, caseworkers and reviewers move a case on.");
        if (!Stages.From(journal.State.Stage).Contains(stage)) throw new CaseworkException("From where this case is it cannot go there. Somebody may have moved it meanwhile.");
        journal.Append(Kind.StageChanged, Bodies.StageChanged(stage));
        AppendReason(journal, reason);
    }, state => LastChange.CheckSeen(state.StageSet, seen));

    /// <summary>Writes down anew where and how it is safe to reach the person; the draft of that is gone then.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="id">The case.</param>
    /// <param name="safely">Where and how, at most 2,000 bytes of UTF-8; may be empty.</param>
    /// <param name="seen">Up to which entry the writer saw the case; null: they do not ask.</param>
    /// <exception cref="CaseworkException">The case cannot be written to.</exception>
    /// <exception cref="OvertakenException">Somebody wrote it down anew since.</exception>
    public CaseState SetSafeContact(Keyring keyring, CaseId id, string safely, long? seen = null) => Append(keyring, id, (journal, connection) =>
    {
        journal.Append(Kind.SafeContactSet, Bodies.Words(Texts.Limited(safely, Bodies.MaxReason)));
        Drafts.Delete(connection, keyring, id, DraftKind.SafeContact);
    }, state => LastChange.CheckSeen(state.SafelySet, seen));

    // Compartment work holds outcomes without reasons: everybody who works a case reads it.
    internal static void AppendReason(CaseJournal journal, string reason)
    {
        if (!string.IsNullOrWhiteSpace(reason)) journal.Append(Kind.NoteWritten, Bodies.Words(Texts.Limited(reason, Bodies.MaxReason)));
    }

    /// <summary>Reads a case, does something to it and writes its card, in one transaction.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="id">The case.</param>
    /// <param name="act">What is done.</param>
    /// <param name="check">Refuses it before anything is written, also what ends by its day.</param>
    internal CaseState Append(Keyring keyring, CaseId id, Action<CaseJournal, Microsoft.Data.Sqlite.SqliteConnection> act, Action<CaseState>? check = null)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        CaseState state;
        var changed = false;
        lock (keyring.Gate)
        {
            state = _organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                if (!_organisation.IsCase(connection, id) || keyring.Keychain.Newest(id, Compartment.Work) is null) throw new CaseworkException("There is no such case, or you have no key to it.");
                using var journal = CaseJournal.Read(_organisation, connection, keyring, id);
                var before = journal.State.Head;
                check?.Invoke(journal.State);
                _organisation.Access.EndOverdue(keyring, connection, journal);
                var stage = journal.State.Stage;
                act(journal, connection);
                changed = journal.State.Head != before;
                var after = journal.StoreCard();
                // Also while it is closed: what is written then may have a new key.
                if (changed && (after.Stage != stage || after.Stage is Stage.Closed or Stage.Refused))
                    _organisation.Archive.Follow(connection, keyring, after, hasNewKeys: after.Stage != stage || journal.Appended.Any(entry => entry.Kind == Kind.EpochStarted));
                return after;
            });
        }
        // Nothing is said where nothing was written: open pages would ask again, and again.
        if (changed) _organisation.SayChanged();
        return state;
    }
}
