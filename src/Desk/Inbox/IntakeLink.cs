using System.Security.Cryptography;
using System.Text;
using Understory.Casework;
using Understory.Channels;
using Understory.Envelopes;

namespace Understory.Desk.Inbox;

/// <summary>
/// Where Intake is, and the credential by which it knows this Desk: two files beside the database, made by the first run.
/// Whoever has them can fetch and delete what is sealed, and open none of it.
/// </summary>
internal sealed class IntakeLink
{
    private const string AddressFile = "intake";
    private const string CredentialFile = "intake-credential";
    private const string UsualProxy = "socks5://127.0.0.1:9050";
    private const int Longest = 300;

    private readonly byte[] _credential;

    private IntakeLink(IntakeAddress address, byte[] credential) => (Address, _credential) = (address, credential);

    public IntakeAddress Address { get; }

    /// <summary>What is to stand in Intake's file <c>collector</c>: the SHA-256 of the credential.</summary>
    public string CollectorHash => Convert.ToHexStringLower(Bearer.Hash(_credential));

    /// <summary>Understands what somebody typed.</summary>
    /// <param name="address">The address.</param>
    /// <param name="certificateKey">SHA-256 of its certificate's public key, for https.</param>
    /// <exception cref="FormatException">It cannot be; one sentence.</exception>
    public static IntakeAddress Understand(string address, string certificateKey)
    {
        if (address.Length > Longest || certificateKey.Length > Longest) throw new FormatException("It is too long.");
        var isOnion = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.EndsWith(".onion", StringComparison.OrdinalIgnoreCase);
        return IntakeAddress.Read(address, certificateKey, isOnion ? UsualProxy : null);
    }

    /// <summary>What the first run left; null where it left nothing.</summary>
    /// <exception cref="CaseworkException">It cannot be read.</exception>
    public static IntakeLink? Read(string folder)
    {
        var (addressFile, credentialFile) = (Path.Combine(folder, AddressFile), Path.Combine(folder, CredentialFile));
        if (!File.Exists(addressFile) || !File.Exists(credentialFile)) return null;
        try
        {
            var lines = File.ReadAllLines(addressFile);
            var credential = Convert.FromHexString(File.ReadAllText(credentialFile).Trim());
            if (credential.Length != Bearer.Size) throw new FormatException("The credential has another length.");
            return new IntakeLink(Understand(lines.ElementAtOrDefault(0)?.Trim() ?? "", lines.ElementAtOrDefault(1)?.Trim() ?? ""), credential);
        }
        catch (FormatException fault)
        {
            throw new CaseworkException($"'{addressFile}' or '{credentialFile}' is not what the first run wrote: {fault.Message}");
        }
    }

    /// <summary>Keeps an address, with a new credential.</summary>
    public static void Write(string folder, string address, string certificateKey)
    {
        WriteOwn(Path.Combine(folder, CredentialFile), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bearer.Size)) + "\n");
        WriteOwn(Path.Combine(folder, AddressFile), $"{address}\n{certificateKey}\n");
    }

    /// <summary>A connection by this link.</summary>
    public IntakeConnection Connect() => new(Address, _credential);

    private static void WriteOwn(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
