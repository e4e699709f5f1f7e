using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Understory.Casework;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory fsck</c>: everything in a Desk's data directory, checked.</summary>
internal static class FsckVerb
{
    public static Command Create()
    {
        var folder = new Option<string>("--data-dir") { HelpName = "DIR", Description = "The Desk's data directory.", Required = true };
        var signIn = new Option<bool>("--sign-in") { Description = "Ask for a name and a passphrase, and check everything that this user can open too. The Desk must not run." };
        var passphrase = new Option<string?>("--passphrase-file") { HelpName = "FILE", Description = "With --sign-in: the passphrase is the first line of this file." };
        var verb = new Command("fsck", """
            Check everything in a Desk's data directory: every entry against the log, the log against itself and its
            checkpoint, every row, every key that is public. It needs no key, changes nothing, and the Desk may run.

            Each fault is one sentence behind `wrong`. Exit status: 1 when something is wrong, else 0.
            """)
        {
            folder, signIn, passphrase,
        };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(parsed.GetValue(folder)!, parsed.GetValue(signIn), parsed.GetValue(passphrase), cancel)));
        return verb;
    }

    private static int Run(string folder, bool signIn, string? passphraseFile, CancellationToken cancel)
    {
        if (passphraseFile is not null && !signIn) throw new UsageException("--passphrase-file goes with --sign-in.");
        CheckResult found;
        using (var line = new CheckLine()) found = DatabaseCheck.Run(folder, line, cancel);
        var isWhole = Say(found, "entries are in their places, and everything beside them is as it should be");
        if (signIn) isWhole &= Say(CheckWithKeys(folder, passphraseFile, cancel), "entries open, and are genuine");
        return isWhole ? ExitStatus.Done : ExitStatus.Refused;
    }

    private static bool Say(CheckResult found, string good)
    {
        foreach (var fault in found.Faults) Console.Out.WriteLine($"wrong  {fault}");
        if (found.Beyond > 0) Console.Out.WriteLine($"wrong  There is more of this: {found.Beyond}.");
        if (found.IsWhole) Console.Out.WriteLine($"ok     {found.Entries} {good}.");
        return found.IsWhole;
    }

    private static CheckResult CheckWithKeys(string folder, string? passphraseFile, CancellationToken cancel)
    {
        using var organisation = Organisation.Open(folder, TimeProvider.System);
        organisation.LeavesCheckpoint = true;
        if (!organisation.IsFounded) throw new CaseworkException("Nobody has set up the organisation yet: nobody can sign in.");
        Console.Error.Write("Name: ");
        var name = Console.In.ReadLine() ?? throw new UsageException("No name was given.");
        using var memory = Keys.CreateMemory();
        using var typed = PassphrasePrompt.Read(passphraseFile, memory, twice: false);
        using var letters = memory.Allocate(Encoding.UTF8.GetMaxCharCount(typed.Length) * sizeof(char));
        var length = Encoding.UTF8.GetChars(typed.Span, MemoryMarshal.Cast<byte, char>(letters.Span));
        using var passphrase = Passphrase.Read(MemoryMarshal.Cast<byte, char>(letters.Span)[..length], memory)
            ?? throw new CaseworkException("That is no passphrase of a user: it has seven words of one list.");
        using var line = new CheckLine();
        return KeyringCheck.Run(organisation, name, passphrase, line, cancel) ?? throw new CaseworkException("Name or passphrase is wrong; which of them, nobody can tell.");
    }
}
