namespace Understory.Journal;

/// <summary>What became of one entry when a journal was read.</summary>
public enum LineState
{
    /// <summary>Opened, and everything about it is right.</summary>
    Opened,

    /// <summary>There is no key for it among the reader's; its place in the chain is right.</summary>
    Closed,

    /// <summary>Only its hash is left; its place in the chain is right, and somebody decided it, or nobody can tell.</summary>
    Forgotten,

    /// <summary>Opened and right, but of a kind or version that this program does not know.</summary>
    Unknown,

    /// <summary>Something is wrong with it; <see cref="JournalLine.Fault"/> says what.</summary>
    Damaged,

    /// <summary>Entries that are not there.</summary>
    Missing,
}

/// <summary>One line of a journal as it is shown: an entry, or where entries should be.</summary>
/// <param name="Sequence">Its number; the one it should have, where its own cannot be read.</param>
/// <param name="Through">The same, or the last of several that are missing.</param>
/// <param name="State">What became of it.</param>
/// <param name="Entry">What is in it, where it opened. Of a damaged line it is to be shown as such and not folded.</param>
/// <param name="Sealed">The entry as it is stored, where it could be read.</param>
/// <param name="Fault">What is wrong, if anything.</param>
/// <param name="What">The same as a sentence; of a forgotten line also that nobody can tell whether it was decided.</param>
public sealed record JournalLine(
    long Sequence, long Through, LineState State, Entry? Entry = null, SealedEntry? Sealed = null, JournalFault? Fault = null, string? What = null)
{
    /// <summary>Whether something is wrong here.</summary>
    public bool IsFault => State is LineState.Damaged or LineState.Missing;

    internal JournalLine Damage(JournalFault fault, string what) => this with { State = LineState.Damaged, Fault = fault, What = what };
}

/// <summary>What came of reading a journal: every line in its place, what is wrong where it is wrong, the rest readable.</summary>
/// <remarks>Bodies may hold keys: dispose it when they were folded.</remarks>
public sealed class JournalReading : IDisposable
{
    private readonly bool _isReadOnly;

    internal JournalReading(Head head, IReadOnlyList<JournalLine> lines, IReadOnlyDictionary<Compartment, EpochStart> newest, bool isReadOnly) =>
        (Head, Lines, Newest, _isReadOnly) = (head, lines, newest, isReadOnly);

    /// <summary>The newest epoch of each compartment that an entry started: what is sealed under another is not believed.</summary>
    public IReadOnlyDictionary<Compartment, EpochStart> Newest { get; }

    /// <summary>The head of what is stored, as far as it can be read: what the next entry is written after.</summary>
    public Head Head { get; }

    /// <summary>All lines, in the order they were given.</summary>
    public IReadOnlyList<JournalLine> Lines { get; }

    /// <summary>The entries that opened, are known and right: what state is folded from.</summary>
    public IEnumerable<Entry> Entries => Lines.Where(line => line.State == LineState.Opened).Select(line => line.Entry!);

    /// <summary>The lines where something is wrong.</summary>
    public IEnumerable<JournalLine> Faults => Lines.Where(line => line.IsFault);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsWhole => !Faults.Any();

    /// <summary>
    /// Whether nothing may be added: a newer program wrote in compartment work, or what stands at the end cannot be read at
    /// all. Other damage leaves this to the caller: a spoilt entry should not keep anybody from helping.
    /// </summary>
    public bool IsReadOnly => _isReadOnly || Lines.Any(line => line.Fault == JournalFault.UnknownVersion);

    /// <summary>Wipes the bodies of all entries.</summary>
    public void Dispose()
    {
        foreach (var line in Lines) line.Entry?.Dispose();
    }
}
