using System.CommandLine;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory inspect</c>: what everybody can see of a sealed file.</summary>
internal static class InspectVerb
{
    public static Command Create()
    {
        var input = new Argument<string?>("IN") { Arity = ArgumentArity.ZeroOrOne, Description = "The sealed file. None or - is standard input." };
        var verb = new Command("inspect", "Tell what anybody can see of a sealed file without a key: kinds of recipients, sizes, whether it is post-quantum.") { input };
        verb.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(input), cancel));
        return verb;
    }

    private static async Task<int> RunAsync(string? name, CancellationToken cancel)
    {
        await using var input = Files.OpenInput(name);
        var file = await AgeFile.InspectAsync(input, cancel);
        var kinds = file.Recipients.GroupBy(type => type, StringComparer.Ordinal).Select(kind => $"{kind.Count()} × {Describe(kind.Key)}");
        Console.Out.WriteLine($"age file, version 1{(file.IsArmored ? ", armored" : "")}");
        Console.Out.WriteLine($"  recipients    {string.Join(", ", kinds)}");
        Console.Out.WriteLine($"  post-quantum  {PostQuantum(file.IsPostQuantum)}");
        Console.Out.WriteLine($"  header        {file.HeaderLength:N0} bytes");
        Console.Out.WriteLine($"  content       {file.ContentLength:N0} bytes, sealed {file.PayloadLength:N0}");
        return ExitStatus.Done;
    }

    private static string PostQuantum(bool? answer) => answer switch
    {
        true => "yes",
        false => "no: a later quantum computer could open it",
        null => "not known: there are recipients of kinds that are not known here",
    };

    private static string Describe(string type) => type switch
    {
        "mlkem768x25519" => "mlkem768x25519 (post-quantum)",
        "X25519" => "X25519 (classical)",
        "scrypt" => "scrypt (a passphrase)",
        _ => $"{type} (not known here)",
    };
}
