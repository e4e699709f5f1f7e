using System.Globalization;
using System.Text;

namespace Understory.Journal;

/// <summary>What a key signs: the byte that signed-note assigns.</summary>
public enum NoteKeyKind
{
    /// <summary>Notes, as a log signs its checkpoints: Ed25519 over the text.</summary>
    Log = 1,

    /// <summary>Timestamped cosignatures of a witness: cosignature/v1.</summary>
    Witness = 4,
}

/// <summary>
/// Whose signatures are believed, as other tools write it: <c>name+id+base64</c> (C2SP signed-note, "Verifier keys"). It is
/// copied by hand from one machine to another, so its id is held against its name and key.
/// </summary>
/// <param name="Name">The log's origin or the witness's name: 1 to 128 visible ASCII characters without <c>+</c>.</param>
/// <param name="Kind">What it signs.</param>
/// <param name="Key">The Ed25519 key.</param>
public sealed record VerifierKey(string Name, NoteKeyKind Kind, PublicKey Key)
{
    internal uint Id => SignedNote.KeyId(Name, (byte)Kind, Key);

    /// <summary>Reads one.</summary>
    /// <param name="text">As <see cref="ToString"/> writes it.</param>
    /// <param name="kind">What it has to sign.</param>
    /// <exception cref="JournalException">It is none, is of another kind, or was mistyped.</exception>
    public static VerifierKey Read(string text, NoteKeyKind kind)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('+', 3);
        Span<byte> key = stackalloc byte[1 + PublicKey.Size];
        if (parts.Length != 3 || !Checkpoint.IsOrigin(parts[0]) || parts[1].Length != 8
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            || !Convert.TryFromBase64String(parts[2], key, out var length) || length != key.Length)
            throw JournalException.Malformed("A verifier key is one word: a name, eight hexadecimal digits and a key, with + between.");
        if (key[0] != (byte)kind)
            throw JournalException.Malformed(kind == NoteKeyKind.Witness ? "This verifier key is not that of a witness." : "This verifier key is not that of a log.");
        var read = new VerifierKey(parts[0], kind, PublicKey.From(key[1..]));
        // Also against base64 that differs in bits that nobody reads.
        return read.Id == id && read.ToString() == text ? read : throw JournalException.Malformed("This verifier key was mistyped: its parts do not belong together.");
    }

    /// <summary>One word, to be copied to another machine.</summary>
    public override string ToString()
    {
        if (!Checkpoint.IsOrigin(Name)) throw new InvalidOperationException("A name is 1 to 128 visible ASCII characters without +.");
        return string.Create(CultureInfo.InvariantCulture, $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Kind, .. Key.ToArray()])}");
    }

    /// <summary>Whether this key signed the text of a note; a wrong signature in its name is refused beside a right one.</summary>
    internal bool Signed(SignedNote note)
    {
        var message = Encoding.UTF8.GetBytes(note.Body);
        var signed = false;
        foreach (var signature in note.By(Name, Id, Sealing.Primitives.Ed25519SignatureSize))
        {
            // A wrong signature in the name of this key is no noise: somebody tried something.
            if (!Key.Verify(message, signature)) return false;
            signed = true;
        }
        return signed;
    }
}
