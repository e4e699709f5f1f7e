using System.Globalization;
using System.Text;

namespace Understory.Journal;

/// <summary>
/// What a log says to a witness: how far the witness had seen it, the proof that the log goes on from there, and how far it
/// is now (C2SP tlog-witness, add-checkpoint, <see href="https://c2sp.org/tlog-witness"/>).
/// </summary>
/// <param name="OldSize">The size that the witness signed last, as the log believes.</param>
/// <param name="Proof">The consistency proof from there: at most 63 hashes, none from size 0.</param>
/// <param name="Checkpoint">The signed checkpoint, not verified yet.</param>
public sealed record WitnessRequest(long OldSize, IReadOnlyList<Digest> Proof, string Checkpoint)
{
    /// <summary>The longest request, in bytes.</summary>
    public const int MaxLength = 32 + (MaxProof * 45) + Journal.Checkpoint.MaxLength;

    private const int MaxProof = 63;

    /// <summary>Reads a request.</summary>
    /// <exception cref="JournalException">It is none.</exception>
    public static WitnessRequest Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxLength) throw Malformed();
        var text = Utf8(body);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) throw Malformed();
        var lines = text[..end].Split('\n');
        if (lines.Length > 1 + MaxProof || !lines[0].StartsWith("old ", StringComparison.Ordinal) || ReadSize(lines[0][4..]) is not { } old) throw Malformed();
        var proof = new Digest[lines.Length - 1];
        Span<byte> hash = stackalloc byte[Digest.Size];
        for (var at = 0; at < proof.Length; at++)
        {
            if (!Convert.TryFromBase64String(lines[at + 1], hash, out var length) || length != Digest.Size || Convert.ToBase64String(hash) != lines[at + 1]) throw Malformed();
            proof[at] = Digest.From(hash);
        }
        return new WitnessRequest(old, proof, text[(end + 2)..]);
    }

    /// <summary>The body of the request.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"old {OldSize}\n");
        foreach (var hash in Proof) text.Append(Convert.ToBase64String(hash.ToArray())).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').Append(Checkpoint).ToString());
    }

    /// <summary>The size that a witness names when it has seen another one than it was told; null where it is none.</summary>
    public static long? ReadConflict(ReadOnlySpan<byte> body) => body.Length is > 1 and <= 20 && body[^1] == '\n' ? ReadSize(Encoding.Latin1.GetString(body[..^1])) : null;

    internal static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed();
        }
    }

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // One text for each number: no zeros in front, no signs.
    private static long? ReadSize(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size.ToString(CultureInfo.InvariantCulture) == text ? size : null;

    private static JournalException Malformed() => JournalException.Malformed("That is not what a log says to a witness.");
}
