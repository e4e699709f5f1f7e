using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// How far the log went at some moment, to be kept where the log is not. Its text is a signed note
/// (C2SP tlog-checkpoint, <see href="https://c2sp.org/tlog-checkpoint"/>), which other tools read as well.
/// </summary>
/// <param name="Origin">The name of the log: 1 to 128 visible ASCII characters without <c>+</c>.</param>
/// <param name="Size">How many leaves it had.</param>
/// <param name="Root">The root over them.</param>
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    /// <summary>The longest text, in bytes of UTF-8.</summary>
    public const int MaxLength = SignedNote.MaxLength;

    internal const int MaxOrigin = 128;
    private const int FingerprintGroups = 6;

    /// <summary>Reads a checkpoint and verifies its signature by a key; other signatures are passed over.</summary>
    /// <param name="text">The signed note.</param>
    /// <param name="origin">The name that the log must have, and its key.</param>
    /// <param name="key">Whose signature it must carry.</param>
    /// <exception cref="JournalException">It is not a checkpoint, of another log, or not signed by the key.</exception>
    public static Checkpoint Open(string text, string origin, PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckOrigin(origin);
        var note = SignedNote.Read(text);
        var checkpoint = ParseBody(note.Body);
        if (checkpoint.Origin != origin) throw new JournalException(JournalFault.Misplaced, "The checkpoint is of another log.");
        if (!new VerifierKey(origin, NoteKeyKind.Log, key).Signed(note))
            throw new JournalException(JournalFault.BadSignature, "The checkpoint is not signed by the key of this log.");
        return checkpoint;
    }

    /// <summary>
    /// Reads what somebody typed or pasted: the three lines of a checkpoint, with or without signatures, which are not looked
    /// at. It is worth as much as the paper that it was typed from.
    /// </summary>
    /// <exception cref="JournalException">It is none.</exception>
    public static Checkpoint ReadTyped(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 2 * MaxLength) throw JournalException.Malformed("The checkpoint is too long.");
        var lines = text.TrimStart('\ufeff').Split('\n').Select(line => line.Trim()).SkipWhile(line => line.Length == 0).Take(3).ToArray();
        return ParseBody($"{string.Join('\n', lines)}\n");
    }

    /// <summary>
    /// Six groups of four digits, to be compared aloud and typed. They are the same in every language.
    /// </summary>
    /// <remarks>
    /// Why this is safe: they stand for 79 bits of a hash over name, size and root. Whoever wants another log to have the same
    /// ones has to meet this one value: two that only agree with each other help nobody.
    /// </remarks>
    public string Fingerprint()
    {
        Span<byte> hash = stackalloc byte[Digest.Size];
        Digest.Of([.. "understory/journal/v1/fingerprint\0"u8, .. Encoding.UTF8.GetBytes(Body())]).CopyTo(hash);
        var digits = (BinaryPrimitives.ReadUInt128BigEndian(hash) % UInt128.Parse("1000000000000000000000000", CultureInfo.InvariantCulture)).ToString("D24", CultureInfo.InvariantCulture);
        return string.Join(' ', Enumerable.Range(0, FingerprintGroups).Select(group => digits.Substring(group * 4, 4)));
    }

    /// <summary>The signed note, ending in a line break.</summary>
    /// <exception cref="ArgumentException">The origin is not one.</exception>
    public string Sign(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        CheckOrigin(Origin);
        var body = Body();
        Span<byte> signature = stackalloc byte[SignedNote.KeyIdSize + Primitives.Ed25519SignatureSize];
        BinaryPrimitives.WriteUInt32BigEndian(signature, new VerifierKey(Origin, NoteKeyKind.Log, key.PublicKey).Id);
        // Why this is safe: a note has no label of its own, but begins with the origin in plain text; everything else that
        // is signed here begins with "understory/journal/v1/", which no origin may.
        key.Sign(Encoding.UTF8.GetBytes(body), signature[SignedNote.KeyIdSize..]);
        return $"{body}\n{SignedNote.Line(Origin, signature)}";
    }

    /// <summary>Whether a name can be that of a log.</summary>
    internal static bool IsOrigin(string origin) =>
        origin.Length is > 0 and <= MaxOrigin && !origin.AsSpan().ContainsAnyExceptInRange('!', '~') && !origin.Contains('+', StringComparison.Ordinal)
        && !origin.StartsWith("understory/journal/", StringComparison.Ordinal);

    private static void CheckOrigin(string origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (!IsOrigin(origin)) throw new ArgumentException("An origin is 1 to 128 visible ASCII characters without +.", nameof(origin));
    }

    internal static Checkpoint ParseBody(string body)
    {
        var lines = body.Split('\n');
        if (lines.Length != 4 || !IsOrigin(lines[0])) throw JournalException.Malformed("The checkpoint has not the three lines that it must have.");
        Span<byte> root = stackalloc byte[Digest.Size];
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !Convert.TryFromBase64String(lines[2], root, out var length) || length != Digest.Size)
            throw JournalException.Malformed("The checkpoint's size or root is damaged.");
        var checkpoint = new Checkpoint(lines[0], size, Digest.From(root));
        // One text for each checkpoint: no zeros in front, no other base64 of the same bytes.
        return checkpoint.Body() == body ? checkpoint : throw JournalException.Malformed("The checkpoint's size or root is not written as it must be.");
    }

    internal string Body() => $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToArray())}\n";
}
