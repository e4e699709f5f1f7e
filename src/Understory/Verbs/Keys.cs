using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary>Files of identities and of recipients: one in a line, <c>#</c> for remarks.</summary>
internal static class Keys
{
    private const int MaxRecipientFile = 4 * 1024 * 1024;

    /// <summary>Room for the keys of one command: files of keys while they are read, identities, a passphrase.</summary>
    public static LockedMemory CreateMemory() => new(256 * 1024);

    /// <summary>The identities of a file.</summary>
    /// <exception cref="UsageException">A line is not one; the message names file and line and nothing of the line.</exception>
    public static List<Identity> ReadIdentities(string file, LockedMemory memory)
    {
        using var text = Files.ReadSecret(file, memory);
        if (text.Span.StartsWith("age-encryption.org/"u8) || text.Span.StartsWith("-----BEGIN AGE"u8))
            throw new UsageException($"'{file}' is itself sealed. Open it first, and give what comes out with `-i -`.");
        var identities = new List<Identity>();
        foreach (var (number, line) in Lines(text))
        {
            try
            {
                identities.Add(Identity.Parse(text.Span[line], memory));
            }
            catch (SealingException fault)
            {
                throw new UsageException($"{file}, line {number}: {fault.Message}");
            }
        }
        if (identities.Count == 0) throw new UsageException($"There is no identity in '{file}'.");
        return identities;
    }

    /// <summary>The recipients of a file.</summary>
    /// <exception cref="UsageException">A line is not one; the message names file and line.</exception>
    public static List<Recipient> ReadRecipients(string file)
    {
        var recipients = new List<Recipient>();
        var number = 0;
        foreach (var raw in Files.ReadText(file, MaxRecipientFile).Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line.StartsWith('#')) continue;
            try
            {
                recipients.Add(Recipient.Parse(line));
            }
            catch (SealingException fault)
            {
                throw new UsageException($"{file}, line {number}: {fault.Message}");
            }
        }
        if (recipients.Count == 0) throw new UsageException($"There is no recipient in '{file}'.");
        return recipients;
    }

    private static List<(int Number, Range Line)> Lines(Secret text)
    {
        var lines = new List<(int, Range)>();
        var number = 0;
        foreach (var range in text.Span.Split((byte)'\n'))
        {
            number++;
            var (start, length) = range.GetOffsetAndLength(text.Length);
            var line = text.Span.Slice(start, length);
            var lead = line.Length - line.TrimStart(" \t\r"u8).Length;
            var trimmed = line.Trim(" \t\r"u8);
            if (trimmed.IsEmpty || trimmed[0] == '#') continue;
            lines.Add((number, (start + lead)..(start + lead + trimmed.Length)));
        }
        return lines;
    }
}
