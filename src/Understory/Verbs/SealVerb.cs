using System.CommandLine;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory seal</c>.</summary>
internal static class SealVerb
{
    public static Command Create()
    {
        var recipient = new Option<string[]>("--recipient", "-r") { HelpName = "RECIPIENT", Description = "Seal for this recipient (age1pq1… or age1…). May be given several times." };
        var recipients = new Option<string[]>("--recipients-file", "-R") { HelpName = "FILE", Description = "Seal for every recipient in this file, one in a line. May be given several times." };
        var passphrase = new Option<bool>("--passphrase", "-p") { Description = "Seal with a passphrase, asked for without echo." };
        var passphraseFile = new Option<string?>("--passphrase-file") { HelpName = "FILE", Description = "Seal with the passphrase in the first line of this file." };
        var armor = new Option<bool>("--armor", "-a") { Description = "Write text, which survives mail and chat, a third larger." };
        var output = new Option<string?>("--output", "-o") { HelpName = "OUT", Description = "Write to this file, which appears whole or not at all. Else standard output." };
        var input = new Argument<string?>("IN") { Arity = ArgumentArity.ZeroOrOne, Description = "The file to seal. None or - is standard input." };
        var verb = new Command("seal", "Seal a file, so that only its recipients can open it.")
        {
            recipient, recipients, passphrase, passphraseFile, armor, output, input,
        };
        verb.SetAction((parsed, cancel) => RunAsync(
            new Request(
                parsed.GetValue(recipient) ?? [],
                parsed.GetValue(recipients) ?? [],
                parsed.GetValue(passphrase) || parsed.GetValue(passphraseFile) is not null,
                parsed.GetValue(passphraseFile),
                parsed.GetValue(armor),
                parsed.GetValue(output),
                parsed.GetValue(input)),
            cancel));
        return verb;
    }

    private static async Task<int> RunAsync(Request request, CancellationToken cancel)
    {
        Check(request);
        using var memory = Keys.CreateMemory();
        using var passphrase = request.Passphrase ? PassphrasePrompt.Read(request.PassphraseFile, memory, twice: true) : null;
        List<Recipient> recipients =
        [
            .. request.Recipients.Select(Recipient.Parse),
            .. request.RecipientFiles.SelectMany(Keys.ReadRecipients),
        ];
        if (passphrase is not null) recipients.Add(new PassphraseRecipient(passphrase));

        await using var input = Files.OpenInput(request.Input);
        using var output = OutputFile.Create(request.Output, isSecret: false);
        using (var progress = new Progress("Sealing", Files.Length(input)))
        {
            var options = new SealOptions { Armor = request.Armor, Workers = Environment.ProcessorCount, Progress = progress };
            await AgeFile.SealAsync(input, output.Stream, recipients, options, cancel);
        }
        output.Finish();
        return ExitStatus.Done;
    }

    private static void Check(Request request)
    {
        var named = request.Recipients.Length + request.RecipientFiles.Length;
        if (named == 0 && !request.Passphrase)
            throw new UsageException("Say for whom: -r RECIPIENT, -R FILE, or -p for a passphrase.");
        if (named > 0 && request.Passphrase)
            throw new UsageException("A passphrase must be the only recipient: use -p alone, or -r and -R.");
        if (request.RecipientFiles.Append(request.PassphraseFile).Count(file => file == Files.Standard) + (Files.IsStandard(request.Input) ? 1 : 0) > 1)
            throw new UsageException("Standard input can be read only once.");
        if (Files.IsStandard(request.Output) && !request.Armor && !Console.IsOutputRedirected)
            throw new UsageException("What is sealed is not text, and this is a terminal: use -o OUT, or -a for text.");
        if (Files.IsStandard(request.Input) && !Console.IsInputRedirected)
            Console.Error.WriteLine("Type what is to be sealed; end with Ctrl+D on a line of its own.");
    }

    private sealed record Request(
        string[] Recipients, string[] RecipientFiles, bool Passphrase, string? PassphraseFile, bool Armor, string? Output, string? Input);
}
