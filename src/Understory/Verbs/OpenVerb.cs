using System.CommandLine;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory open</c>.</summary>
internal static class OpenVerb
{
    public static Command Create()
    {
        var identity = new Option<string[]>("--identity", "-i") { HelpName = "FILE", Description = "Open with the identities in this file. May be given several times." };
        var passphrase = new Option<bool>("--passphrase", "-p") { Description = "Open with a passphrase, asked for without echo." };
        var passphraseFile = new Option<string?>("--passphrase-file") { HelpName = "FILE", Description = "Open with the passphrase in the first line of this file." };
        var output = new Option<string?>("--output", "-o") { HelpName = "OUT", Description = "Write to this file, which appears whole or not at all. Else standard output, where a fault may show only at the end." };
        var input = new Argument<string?>("IN") { Arity = ArgumentArity.ZeroOrOne, Description = "The file to open, armored or not. None or - is standard input." };
        var verb = new Command("open", "Open a sealed file.") { identity, passphrase, passphraseFile, output, input };
        verb.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(identity) ?? [],
            parsed.GetValue(passphrase) || parsed.GetValue(passphraseFile) is not null,
            parsed.GetValue(passphraseFile),
            parsed.GetValue(output),
            parsed.GetValue(input),
            cancel));
        return verb;
    }

    private static async Task<int> RunAsync(
        string[] files, bool passphrase, string? passphraseFile, string? output, string? input, CancellationToken cancel)
    {
        if (files.Length == 0 && !passphrase) throw new UsageException("Say with what: -i FILE, or -p for a passphrase.");
        if (files.Append(passphraseFile).Count(file => file == Files.Standard) + (Files.IsStandard(input) ? 1 : 0) > 1)
            throw new UsageException("Standard input can be read only once.");

        using var memory = Keys.CreateMemory();
        List<Identity> identities = [.. files.SelectMany(file => Keys.ReadIdentities(file, memory))];
        if (passphrase) identities.Add(new PassphraseIdentity(PassphrasePrompt.Read(passphraseFile, memory, twice: false)));
        try
        {
            await using var source = Files.OpenInput(input);
            using var target = OutputFile.Create(output, isSecret: true);
            using (var progress = new Progress("Opening", Files.Length(source)))
            {
                var options = new OpenOptions { Workers = Environment.ProcessorCount, Progress = progress };
                await AgeFile.OpenAsync(source, target.Stream, identities, options, cancel);
            }
            target.Finish();
            return ExitStatus.Done;
        }
        finally
        {
            identities.ForEach(identity => identity.Dispose());
        }
    }
}
