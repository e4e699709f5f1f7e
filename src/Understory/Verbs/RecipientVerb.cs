using System.CommandLine;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory recipient</c>: what others seal to.</summary>
internal static class RecipientVerb
{
    public static Command Create()
    {
        var identity = new Option<string>("--identity", "-i") { HelpName = "FILE", Required = true, Description = "The file with the identities (- for standard input)." };
        var verb = new Command("recipient", "Print the recipient of each identity in a file: what others need to seal for you. It is not secret.")
        {
            identity,
        };
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(identity)));
        return verb;
    }

    private static int Run(string file)
    {
        using var memory = Keys.CreateMemory();
        foreach (var identity in Keys.ReadIdentities(file, memory))
        {
            Console.Out.WriteLine(identity.ToRecipient());
            identity.Dispose();
        }
        return ExitStatus.Done;
    }
}
