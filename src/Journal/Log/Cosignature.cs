using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// What a witness says of a checkpoint: at this moment it was the largest that it had seen of this log, and everything before
/// is in it (C2SP tlog-cosignature, cosignature/v1, <see href="https://c2sp.org/tlog-cosignature"/>).
/// </summary>
/// <remarks>
/// Ed25519 and not ML-DSA, as everything else here that is signed: a forged cosignature is of use only to somebody who can
/// forge the log's own signature as well, and when that day comes both change together.
/// </remarks>
public static class Cosignature
{
    private const int TimeSize = sizeof(ulong);
    private const int Size = TimeSize + Primitives.Ed25519SignatureSize;

    /// <summary>Signs a checkpoint.</summary>
    /// <param name="checkpoint">Consistent with all that this witness signed before.</param>
    /// <param name="name">The witness's name.</param>
    /// <param name="key">Its key, which signs nothing else.</param>
    /// <param name="seconds">The time, in seconds since 1970.</param>
    /// <returns>One line to put under the checkpoint, ending in a line feed.</returns>
    public static string Sign(Checkpoint checkpoint, string name, SigningKey key, long seconds)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        Span<byte> signature = stackalloc byte[SignedNote.KeyIdSize + Size];
        BinaryPrimitives.WriteUInt32BigEndian(signature, new VerifierKey(name, NoteKeyKind.Witness, key.PublicKey).Id);
        BinaryPrimitives.WriteInt64BigEndian(signature[SignedNote.KeyIdSize..], seconds);
        // Why this is safe: the first line says what is signed, and no log's own text begins so (an origin is not followed by
        // a line that begins with "time "); the key is the witness's and used for this alone.
        key.Sign(Message(checkpoint.Body(), seconds), signature[(SignedNote.KeyIdSize + TimeSize)..]);
        return SignedNote.Line(name, signature);
    }

    /// <summary>When a witness signed a checkpoint, in seconds since 1970; null where it did not.</summary>
    /// <param name="text">The checkpoint with all its signatures; that of the log is not looked at.</param>
    /// <param name="witness">Whose cosignature is asked for.</param>
    /// <exception cref="JournalException">It is not a checkpoint, or a signature in the witness's name is wrong.</exception>
    public static long? TimeOf(string text, VerifierKey witness) => TimeOf(SignedNote.Read(text), witness);

    /// <summary>Takes what a witness answered: the lines in its name that verify, and nothing else of it.</summary>
    /// <param name="checkpoint">The signed checkpoint that was sent.</param>
    /// <param name="answer">The body of the answer.</param>
    /// <param name="witness">Who was asked.</param>
    /// <returns>The checkpoint with the cosignature under it.</returns>
    /// <exception cref="JournalException">The witness did not sign this checkpoint.</exception>
    public static string Attach(string checkpoint, ReadOnlySpan<byte> answer, VerifierKey witness)
    {
        ArgumentNullException.ThrowIfNull(witness);
        var note = SignedNote.Read(checkpoint);
        var lines = SignedNote.ReadLines(note.Body, WitnessRequest.Utf8(answer));
        if (TimeOf(lines, witness) is null) throw new JournalException(JournalFault.BadSignature, "The witness did not sign this checkpoint.");
        var cosigned = checkpoint + SignedNote.Line(witness.Name, [.. Id(witness), .. lines.By(witness.Name, witness.Id, Size).First()]);
        _ = TimeOf(cosigned, witness);
        return cosigned;
    }

    private static byte[] Id(VerifierKey witness)
    {
        var id = new byte[SignedNote.KeyIdSize];
        BinaryPrimitives.WriteUInt32BigEndian(id, witness.Id);
        return id;
    }

    private static long? TimeOf(SignedNote note, VerifierKey witness)
    {
        ArgumentNullException.ThrowIfNull(witness);
        if (witness.Kind != NoteKeyKind.Witness) throw new ArgumentException("That is not the key of a witness.", nameof(witness));
        long? latest = null;
        foreach (var signature in note.By(witness.Name, witness.Id, Size))
        {
            var seconds = BinaryPrimitives.ReadInt64BigEndian(signature);
            if (seconds < 0 || !witness.Key.Verify(Message(note.Body, seconds), signature.AsSpan(TimeSize)))
                throw new JournalException(JournalFault.BadSignature, "A signature in the witness's name is not the witness's.");
            latest = Math.Max(latest ?? 0, seconds);
        }
        return latest;
    }

    private static byte[] Message(string body, long seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{body}"));
}
