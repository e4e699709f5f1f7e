using System.Text;
using Understory.Casework;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>
/// A data directory of invented people, for looking around. A file in it says so, and so no start can forget to; it also
/// holds how to sign in, which the sign-in page shows to everybody.
/// </summary>
public sealed class Demonstration
{
    private const string FileName = "demonstration";
    private const int Longest = 64 * 1024;

    private readonly byte[] _codeSecret;

    /// <param name="userName">Who signs in.</param>
    /// <param name="passphrase">With which words.</param>
    /// <param name="codeSecret">The secret of the second factor.</param>
    /// <param name="receipts">Receipts that open something at this demonstration's Intake, each with whose it is.</param>
    public Demonstration(string userName, string passphrase, ReadOnlySpan<byte> codeSecret, IReadOnlyList<(string Whose, string Words)> receipts) =>
        (UserName, Passphrase, _codeSecret, Receipts) = (userName, passphrase, codeSecret.ToArray(), receipts);

    /// <summary>Who signs in.</summary>
    public string UserName { get; }

    /// <summary>With which words. Everybody may know them.</summary>
    public string Passphrase { get; }

    /// <summary>Receipts that open something, each with whose it is.</summary>
    public IReadOnlyList<(string Whose, string Words)> Receipts { get; }

    /// <summary>Whether a data directory is one of a demonstration.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>How to sign in to the demonstration in a folder.</summary>
    /// <exception cref="FormatException">The file does not say it.</exception>
    public static Demonstration Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (new FileInfo(path).Length > Longest) throw new FormatException($"'{path}' is too long.");
        var settings = Settings.Read("=", File.ReadAllText(path, Encoding.UTF8), [], []);
        string Said(string name) => settings.Text(name) ?? throw new FormatException($"'{path}' does not say its {name}.");
        var secret = settings.Take("code-secret", "is not hexadecimal", ReadHex) ?? throw new FormatException($"'{path}' does not say its code-secret.");
        var (name, passphrase) = (Said("name"), Said("passphrase"));
        List<(string, string)> receipts = [];
        while (settings.Text($"receipt-{receipts.Count + 1}") is { } receipt)
        {
            var parts = receipt.Split(':', 2, StringSplitOptions.TrimEntries);
            receipts.Add((parts[0], parts[^1]));
        }
        return new Demonstration(name, passphrase, secret, receipts);
    }

    /// <summary>Makes a data directory one of a demonstration.</summary>
    public void Write(string folder)
    {
        var text = new StringBuilder()
            .Append("# Everybody and everything here is invented. This file makes the Desk say so on every page,\n")
            .Append("# and show at the sign-in how to get in.\n")
            .Append($"name = {UserName}\npassphrase = {Passphrase}\ncode-secret = {Convert.ToHexStringLower(_codeSecret)}\n");
        for (var number = 0; number < Receipts.Count; number++) text.Append($"receipt-{number + 1} = {Receipts[number].Whose}: {Receipts[number].Words}\n");
        PlacedFile.Write(Path.Combine(folder, FileName), text.ToString());
    }

    /// <summary>What the sign-in page shows at a time, with the code that a telephone would show.</summary>
    public DemonstrationSignIn SignInAt(DateTimeOffset time) => new(UserName, Passphrase, Totp.CodeAt(_codeSecret, Totp.StepAt(time)).ToString("D6"));

    private static byte[]? ReadHex(string value)
    {
        try
        {
            return Convert.FromHexString(value);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>What the sign-in page of a demonstration shows.</summary>
/// <param name="Name">Who signs in.</param>
/// <param name="Passphrase">With which words.</param>
/// <param name="Code">And which code, now.</param>
public sealed record DemonstrationSignIn(string Name, string Passphrase, string Code);
