namespace Understory.Journal;

/// <summary>
/// Reads the entries of a case and checks everything that can be checked: numbers, chain, seals, signatures, who may sign
/// what, under which key, and what was decided about it. Nothing is thrown for what is wrong: it is reported in its line, and the rest is read.
/// </summary>
/// <remarks>
/// What a chain cannot show, a missing tail or a whole case put back to yesterday, shows the expected head, which comes
/// from the organisation's log.
/// </remarks>
/// <param name="keys">The key of an id, if the reader has it: <see cref="Keychain.Find(KeyId)"/>. Null: without keys.</param>
/// <param name="signers">
/// Whose the key of an entry's author is, and whether it might sign this then: from the directory, by author, time and
/// header. Null: whoever signed is accepted.
/// </param>
/// <param name="kinds">The kinds that are known; null for those of this release.</param>
public sealed class JournalReader(Func<KeyId, Epoch?>? keys = null, Func<Entry, Signer>? signers = null, Kinds? kinds = null)
{
    private readonly Kinds _kinds = kinds ?? Kinds.Current;

    /// <summary>Reads a journal.</summary>
    /// <param name="case">The case that these are the entries of.</param>
    /// <param name="stored">The stored bytes of its entries, in the order of their numbers.</param>
    /// <param name="expected">A head that the journal must have reached; it may go on from there.</param>
    public JournalReading Read(CaseId @case, IEnumerable<ReadOnlyMemory<byte>> stored, Head? expected = null)
    {
        ArgumentNullException.ThrowIfNull(stored);
        List<JournalLine> lines = [];
        var head = Head.Of(@case);
        // The line of the entry at the head, and how many lines after it are no entries of this case.
        var (last, unread) = (-1, 0);
        List<JournalLine> found = [.. stored.Select(bytes => ReadLine(@case, bytes.Span))];
        for (var i = 0; i < found.Count; i++)
        {
            var line = found[i];
            var due = head.Sequence + 1;
            if (line.Sealed is not { } entry || entry.Header.Case != @case || !IsBelieved(found, i, due + unread, expected))
            {
                if (!line.IsFault && line.Sealed is not null) line = line.Damage(JournalFault.Inconsistent, "The entry's number was changed.");
                lines.Add(line with { Sequence = due + unread, Through = due + unread });
                unread++;
                continue;
            }
            if (entry.Header.Sequence < due)
            {
                lines.Add(line.Damage(JournalFault.Misplaced, "The entry stands behind its place, or a second time."));
                continue;
            }
            // What could not be read stands where it was found; what is missing beyond that is said.
            if (entry.Header.Sequence > due + unread) lines.Add(Missing(due + unread, entry.Header.Sequence - 1));
            if (entry.Header.Sequence == due && entry.Header.Previous != head.Hash) line = Blame(lines, last, line);
            (last, unread) = (lines.Count, 0);
            lines.Add(line);
            head = entry.Head;
        }
        // Whoever wrote behind a cut end would put new entries where others stood, and so cover that they are gone.
        var isCut = expected is { } wanted && Compare(lines, wanted, head, unread);
        var decisions = new Decisions(keys, _kinds);
        decisions.Check(lines);
        return new JournalReading(head, lines, decisions.Newest, isReadOnly: unread > 0 || isCut || decisions.IsFrozen);
    }

    /// <summary>
    /// Whether an entry stands where its number says. A number that jumps ahead is believed of an entry that opens, or
    /// that the next one follows: else one changed byte would make everything behind it look out of place. None is
    /// believed beyond the head that the log knows, nor one that somebody signed who may not: rows that anybody can write
    /// must not push the rest of a case aside.
    /// </summary>
    private static bool IsBelieved(List<JournalLine> found, int at, long due, Head? expected)
    {
        var sequence = found[at].Sealed!.Header.Sequence;
        if (sequence <= due) return true;
        if (expected is { } known && sequence > known.Sequence) return false;
        return (found[at].Entry is not null && !found[at].IsFault)
            || (at + 1 < found.Count && found[at + 1].Sealed is { } next && next.Header.Case == found[at].Sealed!.Header.Case && next.Header.Sequence == sequence + 1);
    }

    private JournalLine ReadLine(CaseId @case, ReadOnlySpan<byte> bytes)
    {
        SealedEntry entry;
        try
        {
            entry = SealedEntry.Parse(bytes);
        }
        catch (JournalException fault)
        {
            // Also where another version is named: nothing vouches for that byte, and whoever changes it must not be able to
            // make an entry look like something newer and the journal look whole.
            return new JournalLine(0, 0, LineState.Damaged, null, null, fault.Fault, fault.Message);
        }
        if (entry.Header.Case != @case)
            return new JournalLine(0, 0, LineState.Damaged, null, entry, JournalFault.Misplaced, "The entry is of another case.");

        var line = new JournalLine(entry.Header.Sequence, entry.Header.Sequence, LineState.Closed, null, entry);
        if (entry.IsForgotten) return line with { State = LineState.Forgotten };
        if (keys?.Invoke(entry.Header.KeyId) is not { } epoch) return line;
        try
        {
            var opened = entry.Open(epoch, _kinds);
            line = line with { Entry = opened, State = opened.Kind is null ? LineState.Unknown : LineState.Opened };
            return CheckSigner(line, opened);
        }
        catch (JournalException fault)
        {
            return line.Damage(fault.Fault, fault.Message);
        }
    }

    private JournalLine CheckSigner(JournalLine line, Entry entry)
    {
        if (signers is null) return line;
        var signer = signers(entry);
        if (signer == Signer.Unknown) return line.Damage(JournalFault.WrongSigner, "The entry is signed by nobody who is known.");
        // Why this is safe: the machine's key lies where root can take it, so it is believed for its own kinds only, and a
        // kind that is not known is not its own. A person's unknown kind is shown as unknown and never folded.
        var owner = _kinds.Find(entry.KindNumber)?.Signer ?? Signer.Person;
        return owner == signer ? line : line.Damage(JournalFault.WrongSigner, "The entry is signed by a key that may not sign its kind.");
    }

    /// <summary>Two neighbours do not fit. The one that is proved by a signature over the hash before it is believed.</summary>
    private static JournalLine Blame(List<JournalLine> lines, int last, JournalLine line)
    {
        if (line.IsFault) return line;
        var before = last < 0 ? null : lines[last];
        if (before is { IsFault: true }) return line;
        if (before is null) return line.Damage(JournalFault.Inconsistent, "The first entry says that another one was before it.");
        if (line.Entry is null)
            return line.Damage(JournalFault.Inconsistent, $"The entry does not follow entry {before.Sequence}: one of them was changed or replaced.");
        lines[last] = before.Damage(JournalFault.Inconsistent, $"The entry was changed or replaced: entry {line.Sequence} was written after another one.");
        return line;
    }

    /// <summary>Whether entries are missing at the end.</summary>
    private static bool Compare(List<JournalLine> lines, Head expected, Head found, int unread)
    {
        if (expected.Case != found.Case) throw new ArgumentException("The expected head is of another case.", nameof(expected));
        if (expected.Sequence == 0) return false;
        if (expected.Sequence > found.Sequence)
        {
            if (expected.Sequence <= found.Sequence + unread) return false;
            lines.Add(Missing(found.Sequence + unread + 1, expected.Sequence));
            return true;
        }
        var at = lines.FindIndex(line => line.Sequence == expected.Sequence && line.Sealed?.Header.Case == expected.Case && line.Fault != JournalFault.Misplaced);
        if (at < 0 || lines[at].IsFault || lines[at].Sealed!.Head == expected) return false;
        lines[at] = lines[at].Damage(JournalFault.Inconsistent, "The entry is not the one that the log knows: it was changed or replaced.");
        return false;
    }

    private static JournalLine Missing(long first, long last) => new(
        first, last, LineState.Missing, Fault: JournalFault.Inconsistent,
        What: first == last ? $"Entry {first} is missing." : $"Entries {first} to {last} are missing.");
}
