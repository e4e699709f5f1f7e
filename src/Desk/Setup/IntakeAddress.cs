using System.Diagnostics.CodeAnalysis;

namespace Understory.Desk.Setup;

/// <summary>Where this organisation's Intake is, as the first run asked for it: a file of one line beside the database.</summary>
public static class IntakeAddress
{
    private const string FileName = "intake-address";
    private const int Longest = 300;

    /// <summary>Understands an address of an Intake: https, or http of this machine or of an onion service.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        if (text is null || text.Length > Longest || !Uri.TryCreate(text, UriKind.Absolute, out var read) || read is not { UserInfo: "", Query: "", Fragment: "" }) return false;
        var isPrivate = read.IsLoopback || read.Host.EndsWith(".onion", StringComparison.OrdinalIgnoreCase);
        if (read.Scheme != Uri.UriSchemeHttps && !(read.Scheme == Uri.UriSchemeHttp && isPrivate)) return false;
        address = read;
        return true;
    }

    /// <summary>What was said; null where nothing was.</summary>
    public static Uri? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) && TryRead(File.ReadAllText(path).Trim(), out var address) ? address : null;
    }

    internal static void Write(string folder, Uri address) => File.WriteAllText(Path.Combine(folder, FileName), address.AbsoluteUri + "\n");
}
