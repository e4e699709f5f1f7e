namespace Understory.Journal;

/// <summary>
/// What entries decide about a journal, held against the journal: which keys had ended, and which entries were to be
/// forgotten.
/// </summary>
internal sealed class Decisions(Func<KeyId, Epoch?>? keys, Kinds kinds)
{
    private readonly Dictionary<Compartment, EpochStart> _newest = [];
    private readonly List<Forgetting> _forgettings = [];

    /// <summary>Numbers of the epochs of compartment work whose keys are at hand, and the highest that is known.</summary>
    private readonly HashSet<int> _work = [];
    private int _newestWork;

    /// <summary>The newest epochs that entries started.</summary>
    public IReadOnlyDictionary<Compartment, EpochStart> Newest => _newest;

    /// <summary>Whether an entry of a newer program says something about the case that this one does not understand.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Marks the lines that contradict a decision, or lack one.</summary>
    public void Check(List<JournalLine> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i] is not { IsFault: false, Sealed: { } entry } line || keys?.Invoke(entry.Header.KeyId) is not { } epoch) continue;
            Hold(epoch.Compartment, epoch.Number);
            if (line.Entry is not { } opened) continue;
            try
            {
                CheckEpoch(epoch);
                if (line.State == LineState.Opened) Take(opened);
                else if (epoch.Compartment == Compartment.Work && kinds.Find(opened.KindNumber)?.Signer != Signer.Node) IsFrozen = true;
            }
            catch (JournalException fault)
            {
                lines[i] = line.Damage(fault.Fault, fault.Message);
            }
        }
        CheckForgotten(lines);
    }

    private void Hold(Compartment compartment, int number)
    {
        if (compartment != Compartment.Work) return;
        _work.Add(number);
        _newestWork = Math.Max(_newestWork, number);
    }

    /// <remarks>
    /// Why this is safe: the entry that ends an epoch is signed by somebody who may, and stands in the chain before what is
    /// checked. Whoever lost access keeps the old key, and with it writes nothing that is believed behind that entry.
    /// </remarks>
    private void CheckEpoch(Epoch epoch)
    {
        if (_newest.GetValueOrDefault(epoch.Compartment) is not { } newest || epoch.Number > newest.Number) return;
        if (epoch.Number < newest.Number)
            throw new JournalException(JournalFault.Misplaced, $"The entry is sealed under a key of {epoch.Compartment} that had ended.");
        if (epoch.KeyId != newest.KeyId)
            throw new JournalException(JournalFault.Misplaced, $"The entry is sealed under a key of {epoch.Compartment} that was never started.");
    }

    private void Take(Entry entry)
    {
        if (entry.KindNumber == Kind.EpochStarted.Number)
        {
            var start = EpochStart.Read(entry.Body.Span);
            if (_newest.TryGetValue(start.Compartment, out var newest) && start.Number <= newest.Number)
                throw new JournalException(JournalFault.Conflict, $"The entry starts an epoch of {start.Compartment} that was started before.");
            _newest[start.Compartment] = start;
            if (start.Compartment != Compartment.Work) return;
            _newestWork = Math.Max(_newestWork, start.Number);
            if (keys?.Invoke(start.KeyId) is not null) _work.Add(start.Number);
        }
        else if (entry.KindNumber == Kind.Forgotten.Number)
        {
            var forgetting = Forgetting.Read(entry.Body.Span);
            if (forgetting.Entries[^1].To >= entry.Header.Sequence)
                throw new JournalException(JournalFault.Conflict, "The decision names entries that were not there yet.");
            _forgettings.Add(forgetting);
        }
    }

    /// <summary>
    /// Whoever has the disk can cut an entry to its hashes. That it was forgotten is believed where somebody decided it
    /// behind it; where a decision may stand behind it under a key that is not at hand, it is said that nobody can tell.
    /// </summary>
    private void CheckForgotten(List<JournalLine> lines)
    {
        var holdsWork = _newestWork > 0 && _work.Count == _newestWork;
        var mayBeDecided = false;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var line = lines[i];
            if (line.State == LineState.Closed) mayBeDecided = !holdsWork;
            if (line.State != LineState.Forgotten || _forgettings.Exists(decided => decided.Covers(line.Sequence))) continue;
            lines[i] = mayBeDecided
                ? line with { What = "Whether somebody decided to forget this entry cannot be told without all keys of compartment work." }
                : line.Damage(JournalFault.Inconsistent, "The entry was cut to its hash, and nobody decided to forget it.");
        }
    }
}
