namespace Understory.Journal;

/// <summary>What a witness says of a request; the number is the status of its answer (C2SP tlog-witness).</summary>
public enum WitnessVerdict
{
    /// <summary>It is consistent: keep it, then sign it.</summary>
    Sign = 200,

    /// <summary>It is no request, or names an older size than its own.</summary>
    Malformed = 400,

    /// <summary>It is not signed by the key of the log.</summary>
    BadSignature = 403,

    /// <summary>This log is not one of those that are witnessed.</summary>
    UnknownLog = 404,

    /// <summary>The witness has seen another size than the log believes, or another log of the same size.</summary>
    Conflict = 409,

    /// <summary>The log does not go on from what was signed before.</summary>
    Inconsistent = 422,
}

/// <summary>A request judged against what was signed before. It knows no clock, no key and no store: whoever has those acts on it.</summary>
/// <param name="Verdict">What to answer.</param>
/// <param name="Checkpoint">What to keep and to sign; null unless it is to be signed.</param>
/// <param name="KnownSize">With a conflict, the size that was signed last.</param>
public sealed record WitnessJudgement(WitnessVerdict Verdict, Checkpoint? Checkpoint = null, long KnownSize = 0)
{
    /// <summary>Judges.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="log">The key of the log of an origin; null for one that is not witnessed.</param>
    /// <param name="last">What was signed last of an origin; null for nothing yet.</param>
    /// <remarks>
    /// Why this is safe: whoever has not the log's key learns nothing but that a log is witnessed or not: the size is told behind the signature.
    /// Between this judgement and the keeping of its checkpoint no other one of the same log may be made.
    /// </remarks>
    public static WitnessJudgement Of(WitnessRequest request, Func<string, VerifierKey?> log, Func<string, Checkpoint?> last)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(last);
        Checkpoint now;
        try
        {
            var note = SignedNote.Read(request.Checkpoint);
            now = Checkpoint.ParseBody(note.Body);
            if (log(now.Origin) is not { } key) return new(WitnessVerdict.UnknownLog);
            if (!key.Signed(note)) return new(WitnessVerdict.BadSignature);
        }
        catch (JournalException)
        {
            return new(WitnessVerdict.Malformed);
        }
        if (request.OldSize > now.Size) return new(WitnessVerdict.Malformed);
        var (size, root) = last(now.Origin) is { } seen ? (seen.Size, seen.Root) : (0, MerkleTree.EmptyRoot);
        if (request.OldSize != size || (size == now.Size && root != now.Root)) return new(WitnessVerdict.Conflict, KnownSize: size);
        return MerkleTree.VerifyConsistency(size, root, now.Size, now.Root, request.Proof) ? new(WitnessVerdict.Sign, now) : new(WitnessVerdict.Inconsistent);
    }
}
