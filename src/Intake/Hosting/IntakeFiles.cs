using System.Security.Cryptography;
using System.Text;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Intake;

/// <summary>
/// What lies beside the store: whose collector is let in, which organisation this is, and what people seal to. The Desk
/// or an operator may lay it down, or change it, while Intake runs.
/// </summary>
internal sealed class IntakeFiles
{
    private const int MostHex = 256;
    private const int MostName = 400;

    // Nobody's credential has the hash of 32 random bytes.
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(Bearer.Size);
    private readonly IntakeOptions _options;
    private readonly TimeProvider _time;
    private readonly Watched<byte[]> _collector;
    private readonly Watched<byte[]> _instance;
    private readonly Watched<byte[]> _inboxKey;
    private readonly Watched<string> _organisation;
    private Checked? _checked;

    /// <exception cref="StoreException">The collector's or the instance's file is there and is none.</exception>
    public IntakeFiles(IntakeOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _collector = new(options.CollectorFile, MostHex, ReadHex);
        _instance = new(options.InstanceFile, MostHex, ReadHex);
        _inboxKey = new(options.InboxKeyFile, InboxKeyStatement.Size, bytes => bytes.Length == InboxKeyStatement.Size ? bytes : null);
        _organisation = new(Path.Combine(options.DataDirectory, "organisation"), MostName, ReadName);
        if (_collector is { IsThere: true, Value: null })
            throw new StoreException($"'{options.CollectorFile}' does not hold the SHA-256 of a credential: 64 hexadecimal digits.");
        if (_instance is { IsThere: true, Value: null })
            throw new StoreException($"'{options.InstanceFile}' does not hold an instance id: 64 hexadecimal digits.");
    }

    /// <summary>Whether there is a Desk that may collect.</summary>
    public bool HasCollector => _collector.IsThere;

    /// <summary>Whether there is something to seal to.</summary>
    public bool HasInboxKey => _inboxKey.IsThere;

    /// <summary>Whether it is known which organisation this is.</summary>
    public bool HasInstance => _instance.IsThere;

    /// <summary>32 bytes that name the organisation's instance; null where that is not known yet.</summary>
    public byte[]? InstanceId => _instance.Value;

    /// <summary>What the organisation is called on the pages; null where it is not said.</summary>
    public string? Organisation => _options.Organisation ?? _organisation.Value;

    /// <summary>Days since 1970-01-01.</summary>
    public int Today => (int)(_time.GetUtcNow().ToUnixTimeSeconds() / (24 * 60 * 60));

    /// <summary>Whether this is the credential of the Desk.</summary>
    public bool IsCollector(ReadOnlySpan<byte> credential) => Bearer.Matches(_collector.Value ?? _nobody, credential);

    /// <summary>The statement, as it lies there now: it changes every week, and who takes it checks it.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public byte[] InboxKey() => _inboxKey.Value ?? throw new RefusedException(IntakeErrorCode.NothingHere);

    /// <summary>Whom first messages are sealed to today, checked from the instance id on; null where nobody can write yet.</summary>
    public HybridRecipient? Recipient()
    {
        if (_instance.Value is not { } instance || _inboxKey.Value is not { } statement) return null;
        var (last, today) = (_checked, Today);
        if (last?.Today == today && last.Statement == statement && last.Instance == instance) return last.Recipient;
        last = new Checked(instance, statement, today, Check(statement, instance, today));
        _checked = last;
        return last.Recipient;
    }

    /// <summary>Takes a new statement from the Desk.</summary>
    /// <exception cref="RefusedException">It does not verify from this instance on, or it is not known which this is.</exception>
    public void KeepInboxKey(ReadOnlySpan<byte> statement)
    {
        if (_instance.Value is not { } instance || Check(statement, instance, Today) is null) throw new RefusedException(IntakeErrorCode.Malformed);
        // Whole or not at all: beside it first, then in its place.
        var beside = $"{_options.InboxKeyFile}.new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            file.Write(statement);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, _options.InboxKeyFile, overwrite: true);
    }

    private static HybridRecipient? Check(ReadOnlySpan<byte> statement, ReadOnlySpan<byte> instance, int today)
    {
        try
        {
            return InboxKeyStatement.Verify(statement, instance, today).Recipient;
        }
        catch (EnvelopeException)
        {
            return null;
        }
    }

    private static byte[]? ReadHex(byte[] file)
    {
        try
        {
            var bytes = Convert.FromHexString(Encoding.ASCII.GetString(file).Trim());
            return bytes.Length == Bearer.Size ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? ReadName(byte[] file) => Encoding.UTF8.GetString(file).Trim() is { Length: > 0 } name && !name.Any(char.IsControl) ? name : null;

    private sealed record Checked(byte[] Instance, byte[] Statement, int Today, HybridRecipient? Recipient);
}
