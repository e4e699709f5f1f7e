using System.Buffers.Binary;
using System.Text;

namespace Understory.Journal;

/// <summary>
/// A text and the signatures under it (C2SP signed-note, <see href="https://c2sp.org/signed-note"/>), taken apart and not
/// verified yet.
/// </summary>
internal sealed class SignedNote
{
    public const int MaxLength = 4096;
    public const int MaxSignatures = 16;
    public const int KeyIdSize = 4;
    private const string SignaturePrefix = "\u2014 ";

    private readonly List<(string Name, string Base64)> _signatures;

    private SignedNote(string body, List<(string, string)> signatures) => (Body, _signatures) = (body, signatures);

    /// <summary>What is signed, ending in a line feed.</summary>
    public string Body { get; }

    /// <exception cref="JournalException">It is not a note.</exception>
    public static SignedNote Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength || Encoding.UTF8.GetByteCount(text) > MaxLength) throw JournalException.Malformed("The checkpoint is too long.");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || end + 2 == text.Length || text.Any(letter => letter < ' ' && letter != '\n') || text[^1] != '\n') throw JournalException.Malformed("That is not a checkpoint.");
        return new SignedNote(text[..(end + 1)], ReadSignatures(text[(end + 2)..]));
    }

    /// <summary>Reads lines of signatures, each ending in a line feed.</summary>
    /// <exception cref="JournalException">They are none.</exception>
    public static SignedNote ReadLines(string body, string lines)
    {
        if (lines.Length is 0 or > MaxLength || lines[^1] != '\n' || lines.Any(letter => letter < ' ' && letter != '\n')) throw JournalException.Malformed("A signature of the checkpoint is damaged.");
        return new SignedNote(body, ReadSignatures(lines));
    }

    /// <summary>The first four bytes of the hash over name, kind and key.</summary>
    public static uint KeyId(string name, byte kind, PublicKey key)
    {
        Span<byte> hash = stackalloc byte[Digest.Size];
        Digest.Of([.. Encoding.ASCII.GetBytes(name), (byte)'\n', kind, .. key.ToArray()]).CopyTo(hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    /// <summary>A line of a signature, ending in a line feed.</summary>
    public static string Line(string name, ReadOnlySpan<byte> idAndSignature) => $"{SignaturePrefix}{name} {Convert.ToBase64String(idAndSignature)}\n";

    public static bool IsName(string name) => name.Length > 0 && !name.Any(letter => char.IsWhiteSpace(letter) || letter == '+');

    /// <summary>
    /// What follows the key id in each signature that a key made by its name and id; others are passed over, also those of
    /// another length: a witness may sign with another algorithm.
    /// </summary>
    /// <exception cref="JournalException">One of them is written as nobody writes it.</exception>
    public IEnumerable<byte[]> By(string name, uint id, int length)
    {
        var signature = new byte[KeyIdSize + length];
        foreach (var (signer, base64) in _signatures)
        {
            if (signer != name || !Convert.TryFromBase64String(base64, signature, out var written) || written != signature.Length) continue;
            // Base64 that differs in bits that nobody reads: one text for each signature, too.
            if (Convert.ToBase64String(signature) != base64) throw JournalException.Malformed("A signature of the checkpoint is damaged.");
            if (BinaryPrimitives.ReadUInt32BigEndian(signature) == id) yield return signature[KeyIdSize..];
        }
    }

    private static List<(string, string)> ReadSignatures(string text)
    {
        var lines = text[..^1].Split('\n');
        if (lines.Length > MaxSignatures) throw JournalException.Malformed("The checkpoint has too many signatures.");
        List<(string, string)> signatures = [];
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            if (parts.Length != 3 || parts[0] != SignaturePrefix.TrimEnd() || !IsName(parts[1]) || parts[2].Length == 0)
                throw JournalException.Malformed("A signature of the checkpoint is damaged.");
            signatures.Add((parts[1], parts[2]));
        }
        return signatures;
    }
}
