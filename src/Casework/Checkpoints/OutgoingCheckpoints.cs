using System.Globalization;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>Where checkpoints leave this machine for, as its operator decided.</summary>
/// <param name="File">A file in another place; null for none.</param>
/// <param name="Witness">The key of a witness; null for none.</param>
public sealed record CheckpointPlaces(string? File = null, VerifierKey? Witness = null);

/// <summary>A checkpoint that this machine signed.</summary>
/// <param name="Checkpoint">What it says.</param>
/// <param name="Text">The signed note.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, string Text);

/// <summary>What came of an answer of the witness.</summary>
public enum WitnessOutcome
{
    /// <summary>It signed, and that is kept.</summary>
    Cosigned,

    /// <summary>It has seen a smaller log than was said: ask again.</summary>
    AskAgain,

    /// <summary>It has seen a longer log, or another one. The next sign-in is refused.</summary>
    KnowsAnother,

    /// <summary>It does not know this log: nobody told it the log's key.</summary>
    UnknownLog,

    /// <summary>It knows the log under another key.</summary>
    OtherKey,

    /// <summary>It answered with a signature that is not its own, or with something else that nobody can use.</summary>
    Unusable,
}

/// <summary>
/// The organisation's checkpoints on their way out: signed by this machine's key while nobody is signed in. What it signs was held
/// against everything that is kept first.
/// </summary>
public sealed class OutgoingCheckpoints
{
    private readonly Organisation _organisation;

    internal OutgoingCheckpoints(Organisation organisation) => _organisation = organisation;

    /// <summary>What a witness is to know the log by.</summary>
    public VerifierKey LogKey => new(_organisation.Founded.LogOrigin, NoteKeyKind.Log, _organisation.Founded.Node);

    /// <summary>
    /// How far the log is, signed; written to the file beside the database as well. That the witness knows another log does not
    /// keep it from being asked again: it may take that back, when the right database is there.
    /// </summary>
    /// <exception cref="OtherLogException">The log is not the one that was seen: nothing of it is signed.</exception>
    /// <exception cref="CaseworkException">This machine's key cannot be read.</exception>
    public SignedCheckpoint Sign()
    {
        using var key = NodeKey.Read(_organisation);
        var now = Checkpoints.Hold(_organisation, whateverTheWitnessSaid: true);
        Checkpoints.WriteTo(_organisation, LogMemory.OwnFile, _organisation.PathOf(CheckpointFiles.Own), now, key);
        return new SignedCheckpoint(now, now.Sign(key));
    }

    /// <summary>Writes a checkpoint to the file in another place, whole or not at all; never in the place of one that went further.</summary>
    /// <exception cref="OtherLogException">What lies there is none of this Desk's.</exception>
    /// <exception cref="CaseworkException">It cannot be written.</exception>
    public void Export(string path)
    {
        using var key = NodeKey.Read(_organisation);
        var now = Checkpoints.Hold(_organisation, whateverTheWitnessSaid: false);
        Checkpoints.WriteTo(_organisation, LogMemory.ExportedFile, path, now, key);
    }

    /// <summary>What to ask the witness.</summary>
    /// <param name="now">The checkpoint that it is to sign.</param>
    /// <param name="old">How far it said that it had seen the log; null for how far it signed as is known here.</param>
    public WitnessRequest Ask(SignedCheckpoint now, long? old = null)
    {
        ArgumentNullException.ThrowIfNull(now);
        var size = now.Checkpoint.Size;
        var from = Math.Min(old ?? LastCosigned() ?? 0, size);
        // Entries may have been appended since: the proof ends where the checkpoint does.
        return new WitnessRequest(from, _organisation.Store.Read(connection => OrganisationLog.ConsistencyProof(connection, from, size)), now.Text);
    }

    /// <summary>Takes what the witness answered, and keeps it: a signature, or that it knows another log.</summary>
    /// <param name="now">What was sent.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="body">Its body.</param>
    /// <param name="known">With <see cref="WitnessOutcome.AskAgain"/>, how far it has seen the log.</param>
    /// <exception cref="CaseworkException">What it said cannot be kept.</exception>
    public WitnessOutcome Take(SignedCheckpoint now, WitnessRequest request, int status, ReadOnlySpan<byte> body, out long known)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(request);
        known = 0;
        var witness = _organisation.CheckpointPlaces.Witness ?? throw new InvalidOperationException("There is no witness.");
        switch (status)
        {
            case (int)WitnessVerdict.Sign:
                try
                {
                    CheckpointFiles.Write(_organisation.PathOf(CheckpointFiles.Cosigned), Cosignature.Attach(now.Text, body, witness));
                }
                catch (JournalException)
                {
                    return WitnessOutcome.Unusable;
                }
                CheckpointFiles.Remove(_organisation.PathOf(CheckpointFiles.Refused));
                return WitnessOutcome.Cosigned;
            case (int)WitnessVerdict.Conflict:
                // Of the same size no number has to be said: only the root can be another one.
                var isSame = request.OldSize == now.Checkpoint.Size;
                if ((WitnessRequest.ReadConflict(body) ?? (isSame ? request.OldSize : null)) is not { } size) return WitnessOutcome.Unusable;
                known = size;
                if (size > now.Checkpoint.Size || (isSame && size == request.OldSize)) return Refuse(size, now.Checkpoint.Size);
                if (size == request.OldSize) return WitnessOutcome.Unusable;
                // Less than it signed before, and it says so of itself: it was put back, or lies. What it signed is here.
                return LastCosigned() is { } signed && size < signed && IsBy(witness) ? WitnessOutcome.Unusable : WitnessOutcome.AskAgain;
            case (int)WitnessVerdict.Inconsistent:
                return Refuse(request.OldSize, now.Checkpoint.Size);
            case (int)WitnessVerdict.UnknownLog:
                return WitnessOutcome.UnknownLog;
            case (int)WitnessVerdict.BadSignature:
                return WitnessOutcome.OtherKey;
            default:
                return WitnessOutcome.Unusable;
        }
    }

    /// <summary>How far the witness signed last, as it is kept here; null for never.</summary>
    public long? LastCosigned() =>
        CheckpointFiles.Read(_organisation.PathOf(CheckpointFiles.Cosigned)) is { } text ? Checkpoint.Open(text, _organisation.Founded.LogOrigin, _organisation.Founded.Node).Size : null;

    /// <summary>What the witness said when it knew another log, and how far this one was then; null where it does not.</summary>
    public (long Known, long Here)? Refusal() => CheckpointFiles.ReadRefusal(_organisation.Folder);

    /// <summary>States of the log that were left behind knowingly: folders, by name.</summary>
    public IReadOnlyList<string> SetAside()
    {
        var folder = _organisation.PathOf(CheckpointFiles.SetAside);
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(one => Path.GetFileName(one)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Where checkpoints went when this was noted last.</summary>
    public IReadOnlyList<NotedPlace> Noted() => CheckpointFiles.ReadPlaces(_organisation.Folder);

    /// <summary>Notes for doctor where checkpoints go, and how far that went.</summary>
    /// <exception cref="CaseworkException">It cannot be written.</exception>
    public void Note(IEnumerable<NotedPlace> places) => CheckpointFiles.WritePlaces(_organisation.Folder, places);

    private bool IsBy(VerifierKey witness) =>
        CheckpointFiles.Read(_organisation.PathOf(CheckpointFiles.Cosigned)) is { } text && Cosignature.TimeOf(text, witness) is not null;

    private WitnessOutcome Refuse(long known, long here)
    {
        var day = DateTimeOffset.FromUnixTimeSeconds(_organisation.Now);
        CheckpointFiles.Write(_organisation.PathOf(CheckpointFiles.Refused), string.Create(CultureInfo.InvariantCulture, $"{known} {here} {day:yyyy-MM-dd}\n"));
        return WitnessOutcome.KnowsAnother;
    }
}
