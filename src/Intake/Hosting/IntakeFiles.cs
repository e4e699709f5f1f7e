using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>What an operator lays beside the store: whose collector is let in, and what people seal to.</summary>
internal sealed class IntakeFiles
{
    private const int MostHash = 256;

    private readonly string _inboxKey;
    private readonly byte[] _collector;

    /// <exception cref="StoreException">The collector's file is there and is none.</exception>
    public IntakeFiles(IntakeOptions options)
    {
        _inboxKey = options.InboxKeyFile;
        HasCollector = File.Exists(options.CollectorFile);
        // Nobody's credential has the hash of 32 random bytes.
        _collector = HasCollector ? ReadHash(options.CollectorFile) : RandomNumberGenerator.GetBytes(Bearer.Size);
    }

    /// <summary>Whether there is a Desk that may collect.</summary>
    public bool HasCollector { get; }

    /// <summary>Whether there is something to seal to.</summary>
    public bool HasInboxKey => File.Exists(_inboxKey);

    /// <summary>Whether this is the credential of the Desk.</summary>
    public bool IsCollector(ReadOnlySpan<byte> credential) => Bearer.Matches(_collector, credential);

    /// <summary>The statement, as it lies there now: it changes every week, and who takes it checks it.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public byte[] InboxKey()
    {
        try
        {
            using var file = File.OpenRead(_inboxKey);
            var statement = new byte[InboxKeyStatement.Size];
            if (file.Length == statement.Length && file.ReadAtLeast(statement, statement.Length, throwOnEndOfStream: false) == statement.Length) return statement;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Told at the start, and by what watches Intake from outside.
        }
        throw new RefusedException(IntakeErrorCode.NothingHere);
    }

    private static byte[] ReadHash(string path)
    {
        using var file = File.OpenText(path);
        var text = new char[MostHash];
        var trimmed = text.AsSpan(0, file.ReadBlock(text)).Trim();
        try
        {
            var hash = Convert.FromHexString(trimmed);
            if (hash.Length == Bearer.Size) return hash;
        }
        catch (FormatException)
        {
            // Said below, without what stands there.
        }
        throw new StoreException($"'{path}' does not hold the SHA-256 of a credential: 64 hexadecimal digits.");
    }
}
