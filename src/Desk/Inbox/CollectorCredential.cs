using System.Security.Cryptography;
using System.Text;
using Understory.Casework;
using Understory.Envelopes;

namespace Understory.Desk;

/// <summary>
/// 32 random bytes by which Intake knows this Desk, in a file for its owner alone. It opens nothing: whoever has it can take
/// sealed envelopes away from Intake, and no more.
/// </summary>
internal static class CollectorCredential
{
    /// <summary>Reads it, or makes it where it is not there.</summary>
    /// <exception cref="CaseworkException">The file cannot be read, or is none.</exception>
    public static byte[] ReadOrMake(string path)
    {
        try
        {
            return File.Exists(path) ? Read(path) : Make(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{path}' cannot be read or made: it holds the credential that Intake knows this Desk by.", fault);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length <= 256 && Convert.FromHexString(File.ReadAllText(path, Encoding.ASCII).Trim()) is { Length: Bearer.Size } credential) return credential;
        }
        catch (FormatException)
        {
            // Said below, without what stands there.
        }
        throw new CaseworkException($"'{path}' does not hold a credential: 64 hexadecimal digits.");
    }

    private static byte[] Make(string path)
    {
        var credential = RandomNumberGenerator.GetBytes(Bearer.Size);
        PlacedFile.Write(path, Convert.ToHexStringLower(credential) + "\n");
        return credential;
    }
}
