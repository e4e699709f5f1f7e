using Understory.Channels;

namespace Understory.Desk;

/// <summary>Where Intake is, as the first run was told: a file of two lines beside the database.</summary>
internal static class IntakeLink
{
    private const string FileName = "intake";
    public const string UsualProxy = "socks5://127.0.0.1:9050";
    private const int Longest = 300;

    /// <summary>Understands what somebody typed.</summary>
    /// <param name="address">The address.</param>
    /// <param name="certificateKey">SHA-256 of its certificate's public key, for https.</param>
    /// <param name="proxy">Tor's SOCKS port; null for where it usually is.</param>
    /// <exception cref="FormatException">It cannot be; one sentence.</exception>
    public static IntakeAddress Understand(string address, string? certificateKey, string? proxy = null)
    {
        if (address.Length > Longest || certificateKey?.Length > Longest) throw new FormatException("It is too long.");
        var isOnion = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.EndsWith(".onion", StringComparison.OrdinalIgnoreCase);
        return IntakeAddress.Read(address, certificateKey, proxy ?? (isOnion ? UsualProxy : null));
    }

    /// <summary>What was said; null where nothing was.</summary>
    public static (string Address, string? CertificateKey)? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var lines = File.ReadAllLines(path);
        return (lines.ElementAtOrDefault(0)?.Trim() ?? "", lines.ElementAtOrDefault(1)?.Trim() is { Length: > 0 } key ? key : null);
    }

    /// <summary>Keeps it.</summary>
    public static void Write(string folder, string address, string certificateKey) => PlacedFile.Write(Path.Combine(folder, FileName), $"{address}\n{certificateKey}\n");
}
