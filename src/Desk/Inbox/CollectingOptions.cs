using Understory.Channels;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>What an operator decides about calling Intake, and about being told that something is new.</summary>
public sealed record CollectingOptions
{
    /// <summary>Where Intake is; null for what the first run was told.</summary>
    public string? Intake { get; init; }

    /// <summary>SHA-256 of the public key of its certificate, 64 hexadecimal digits; only for an https address.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Tor's SOCKS port, <c>socks5://127.0.0.1:9050</c>.</summary>
    public string? Proxy { get; init; }

    /// <summary>The credential by which Intake knows this Desk; null for <c>intake-credential</c> beside the database.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>Seconds between two calls.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>The data directory of an Intake on this machine, where its settings are put; null where it is elsewhere.</summary>
    public string? IntakeDirectory { get; init; }

    /// <summary>A program that is run when something new arrived.</summary>
    public string? NotifyCommand { get; init; }

    /// <summary>An address that gets an empty POST when something new arrived.</summary>
    public Uri? NotifyAddress { get; init; }

    /// <summary>Whether Intake can only be one on this machine.</summary>
    internal bool OnlyThisMachine { get; init; }

    /// <summary>Takes what is said of it.</summary>
    /// <param name="settings">What was said.</param>
    /// <param name="isDemonstration">Whether Intake can only be one on this machine.</param>
    /// <exception cref="FormatException">Something of it cannot be; one sentence with the place.</exception>
    internal static CollectingOptions Take(Settings settings, bool isDemonstration)
    {
        var options = new CollectingOptions { OnlyThisMachine = isDemonstration };
        options = options with
        {
            Intake = settings.Text("intake"),
            CertificateKey = settings.Text("intake-certificate-key"),
            Proxy = settings.Text("tor-proxy"),
            CredentialFile = settings.Text("collector-key-file"),
            Seconds = settings.Number("collect-seconds", 1, 86_400) ?? options.Seconds,
            IntakeDirectory = settings.Text("intake-dir"),
            NotifyCommand = settings.Take("notify-command", "is not the whole path of a program", path => Path.IsPathRooted(path) && File.Exists(path) ? path : null),
            NotifyAddress = settings.Take("notify-url", "is not the address of a page, as https://push.example/abc", ReadPage),
        };
        if (options.Intake is not null) options.AddressOf(options.Intake, options.CertificateKey);
        return options;
    }

    /// <summary>Where Intake is, as it was said here or in the first run; null where nobody said it yet.</summary>
    /// <param name="folder">The Desk's data directory.</param>
    /// <exception cref="FormatException">It cannot be spoken to safely; one sentence.</exception>
    public IntakeAddress? Address(string folder)
    {
        if (Intake is not null) return AddressOf(Intake, CertificateKey);
        return IntakeLink.Read(folder) is var (address, key) ? AddressOf(address, CertificateKey ?? key) : null;
    }

    /// <summary>Where the credential lies.</summary>
    internal string CredentialPath(string folder) => CredentialFile ?? Path.Combine(folder, "intake-credential");

    private IntakeAddress AddressOf(string address, string? certificateKey)
    {
        var read = IntakeLink.Understand(address, certificateKey, Proxy);
        return !OnlyThisMachine || read.Address.IsLoopback ? read : throw new FormatException("A demonstration speaks only to an Intake on this machine.");
    }

    private static Uri? ReadPage(string value) => Uri.TryCreate(value, UriKind.Absolute, out var page) && page.Scheme is "http" or "https" ? page : null;
}
