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
    public const int MaxLength = 4096;

    internal const int MaxOrigin = 128;
    private const int MaxSignatures = 16;
    private const int KeyIdSize = 4;
    private const byte Ed25519Algorithm = 1;
    private const string SignaturePrefix = "\u2014 ";

    /// <summary>Reads a checkpoint and verifies its signature by a key; other signatures are passed over.</summary>
    /// <param name="text">The signed note.</param>
    /// <param name="origin">The name that the log must have, and its key.</param>
    /// <param name="key">Whose signature it must carry.</param>
    /// <exception cref="JournalException">It is not a checkpoint, of another log, or not signed by the key.</exception>
    public static Checkpoint Open(string text, string origin, PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckOrigin(origin);
        if (text.Length > MaxLength || Encoding.UTF8.GetByteCount(text) > MaxLength) throw JournalException.Malformed("The checkpoint is too long.");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 == text.Length || text.Any(letter => letter < ' ' && letter != '\n') || text[^1] != '\n') throw JournalException.Malformed("That is not a checkpoint.");
        var body = text[..(end + 1)];
        var checkpoint = ParseBody(body);
        if (checkpoint.Origin != origin) throw new JournalException(JournalFault.Misplaced, "The checkpoint is of another log.");
        if (!IsSigned(text[(end + 2)..^1].Split('\n'), body, origin, key))
            throw new JournalException(JournalFault.BadSignature, "The checkpoint is not signed by the key of this log.");
        return checkpoint;
    }

    /// <summary>The signed note, ending in a line break.</summary>
    /// <exception cref="ArgumentException">The origin is not one.</exception>
    public string Sign(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        CheckOrigin(Origin);
        var body = Body();
        Span<byte> signature = stackalloc byte[KeyIdSize + Primitives.Ed25519SignatureSize];
        BinaryPrimitives.WriteUInt32BigEndian(signature, NoteKeyId(Origin, key.PublicKey));
        // Why this is safe: a note has no label of its own, but begins with the origin in plain text; everything else that
        // is signed here begins with "understory/journal/v1/", which no origin may.
        key.Sign(Encoding.UTF8.GetBytes(body), signature[KeyIdSize..]);
        return $"{body}\n{SignaturePrefix}{Origin} {Convert.ToBase64String(signature)}\n";
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

    private static uint NoteKeyId(string name, PublicKey key)
    {
        Span<byte> hash = stackalloc byte[Digest.Size];
        Digest.Of([.. Encoding.ASCII.GetBytes(name), (byte)'\n', Ed25519Algorithm, .. key.ToArray()]).CopyTo(hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    private static Checkpoint ParseBody(string body)
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

    private static bool IsSigned(string[] lines, string body, string name, PublicKey key)
    {
        if (lines.Length > MaxSignatures) throw JournalException.Malformed("The checkpoint has too many signatures.");
        var id = NoteKeyId(name, key);
        var message = Encoding.UTF8.GetBytes(body);
        var signature = new byte[KeyIdSize + Primitives.Ed25519SignatureSize];
        var signed = false;
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            if (parts.Length != 3 || parts[0] != SignaturePrefix.TrimEnd() || !IsName(parts[1]) || parts[2].Length == 0)
                throw JournalException.Malformed("A signature of the checkpoint is damaged.");
            // A witness may sign with another algorithm, and a longer signature.
            if (parts[1] != name || !Convert.TryFromBase64String(parts[2], signature, out var length) || length != signature.Length) continue;
            // Base64 that differs in bits that nobody reads: one text for each signature, too.
            if (Convert.ToBase64String(signature) != parts[2]) throw JournalException.Malformed("A signature of the checkpoint is damaged.");
            if (BinaryPrimitives.ReadUInt32BigEndian(signature) != id) continue;
            // A wrong signature in the name of this key is no noise: somebody tried something.
            if (!key.Verify(message, signature.AsSpan(KeyIdSize))) return false;
            signed = true;
        }
        return signed;
    }

    private static bool IsName(string name) => name.Length > 0 && !name.Any(letter => char.IsWhiteSpace(letter) || letter == '+');

    private string Body() => $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToArray())}\n";
}
