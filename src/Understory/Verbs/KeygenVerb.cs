using System.CommandLine;
using System.Text;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory keygen</c>: makes an identity.</summary>
internal static class KeygenVerb
{
    public static Command Create()
    {
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = "Write it to a new file that only you can read, instead of standard output." };
        var classic = new Option<bool>("--classic") { Description = "Make a classical X25519 key, for talking to an age before 1.3. It does not protect against quantum computers to come." };
        var verb = new Command("keygen", "Make a key: an identity, which opens and must stay secret, and its recipient, which seals and may be given away.")
        {
            output,
            classic,
        };
        verb.SetAction(parsed => Run(parsed.GetValue(output), parsed.GetValue(classic)));
        return verb;
    }

    private static int Run(string? name, bool classic)
    {
        using var memory = Keys.CreateMemory();
        using Identity identity = classic ? X25519Identity.Generate(memory) : HybridIdentity.Generate(memory);
        using var secret = identity.Export();
        var recipient = identity.ToRecipient().ToString();

        using var output = OutputFile.Create(name, isSecret: true, replace: false);
        output.Stream.Write(Encoding.UTF8.GetBytes($"# created: {DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}\n# recipient: {recipient}\n"));
        output.Stream.Write(secret.Span);
        output.Stream.Write("\n"u8);
        output.Finish();
        if (!Files.IsStandard(name)) Console.Error.WriteLine($"The key is in {name}: keep it secret. Its recipient: understory recipient -i {name}");
        return ExitStatus.Done;
    }
}
