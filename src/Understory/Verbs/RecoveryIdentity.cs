using System.CommandLine;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary>
/// Where the identity comes from that opens backups: a file with what stands on the recovery sheet. Whoever has shares in its
/// place gets it together here.
/// </summary>
internal static class RecoveryIdentity
{
    public static Option<string?> Option() => new("--identity", "-i")
    {
        HelpName = "FILE",
        Description = "The recovery identity, as it stands on the recovery sheet: one line AGE-SECRET-KEY-PQ-1…; - is standard input.",
    };

    /// <summary>The identities of a file; the caller's to dispose.</summary>
    /// <exception cref="UsageException">There is none in it.</exception>
    public static IReadOnlyList<Identity> Read(string file, LockedMemory memory) => Keys.ReadIdentities(file, memory);
}
