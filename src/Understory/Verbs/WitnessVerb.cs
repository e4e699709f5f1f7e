using System.Collections;
using System.CommandLine;
using Understory.Journal;
using Understory.Terminal;
using Understory.Witness;

namespace Understory.Verbs;

/// <summary><c>understory witness</c>: a second machine that signs how far the log went.</summary>
internal static class WitnessVerb
{
    private const int MostConfiguration = 64 * 1024;

    public static Command Create()
    {
        var configuration = new Option<string?>("--config") { HelpName = "FILE", Description = "Read what follows from a file of lines `name = value` (`logs` for --log). The environment (UNDERSTORY_WITNESS_LOGS) and this line override it." };
        var folder = new Option<string?>("--data-dir") { HelpName = "DIR", Description = "Where its key is, and what it signed last. It is made if it is not there." };
        var listen = new Option<string?>("--listen") { HelpName = "ADDRESS:PORT", Description = "Where to listen (127.0.0.1:8445). Put Tor or a server that ends TLS in front of it." };
        var logs = new Option<string[]>("--log") { HelpName = "KEY", Description = "The verifier key of a log to sign for, as the Desk's page \"Checkpoint\" and `understory checkpoint show` say it. May be repeated." };
        var verb = new Command("witness", """
            Sign how far an organisation's log went, on a machine of its own: what goes on from what was signed
            before, and nothing else. It sees a number and a hash, and no case, name or word.

            The first start makes its key and prints what the Desk is to know it by (`desk --witness-key`). Stop it
            with Ctrl-C.
            """)
        {
            configuration, folder, listen, logs, Show(), SetAside(),
        };
        verb.SetAction(async (parsed, cancel) =>
        {
            Dictionary<string, string> said = [];
            if (parsed.GetValue(folder) is { } where) said["data-dir"] = where;
            if (parsed.GetValue(listen) is { } at) said["listen"] = at;
            if (parsed.GetValue(logs) is { Length: > 0 } keys) said["logs"] = string.Join(',', keys);
            await RunAsync(Read(parsed.GetValue(configuration), said), cancel);
            return ExitStatus.Done;
        });
        return verb;
    }

    private static Command Show()
    {
        var folder = new Option<string>("--data-dir") { HelpName = "DIR", Description = "The witness's.", Required = true };
        var verb = new Command("show", "Print what was signed last of each log, to be compared: `understory checkpoint verify` reads it.") { folder };
        verb.SetAction(parsed =>
        {
            foreach (var text in WitnessHost.Kept(parsed.GetValue(folder)!))
            {
                Console.Out.Write(text);
                Console.Out.WriteLine($"fingerprint {Checkpoint.ReadTyped(text).Fingerprint()}\n");
            }
            return ExitStatus.Done;
        });
        return verb;
    }

    private static Command SetAside()
    {
        var folder = new Option<string>("--data-dir") { HelpName = "DIR", Description = "The witness's.", Required = true };
        var log = new Option<string>("--log") { HelpName = "ORIGIN", Description = "The name of the log: the first line of its checkpoint.", Required = true };
        var size = new Option<long>("--entries") { HelpName = "NUMBER", Description = "How many entries were signed: the second line of what `witness show` prints.", Required = true };
        var verb = new Command("set-aside", """
            Let a log begin anew, after its operator put back a backup and told you why. Ask them by voice, and ask
            a coordinator as well: this is what somebody would want of you who puts back an older state unseen.

            What was signed is kept in a folder set-aside, with the key that signed it. The witness goes on with a
            new key, which the Desk believes only when its operator enters it there.
            """)
        {
            folder, log, size,
        };
        verb.SetAction(parsed =>
        {
            var (aside, key) = WitnessHost.SetAside(parsed.GetValue(folder)!, parsed.GetValue(log)!, parsed.GetValue(size), TimeProvider.System);
            Console.Out.WriteLine($"What was signed is in {aside}. Keep it.");
            Console.Out.WriteLine($"The Desk's operator has to enter the new key: witness-key = {key}");
            return ExitStatus.Done;
        });
        return verb;
    }

    private static WitnessOptions Read(string? configuration, IEnumerable<KeyValuePair<string, string>> said)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""));
        try
        {
            return WitnessOptions.Read(configuration is null ? null : Files.ReadText(configuration, MostConfiguration), environment, said);
        }
        catch (FormatException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static async Task RunAsync(WitnessOptions options, CancellationToken cancel)
    {
        using var stop = new StopSignal(cancel);
        await using (var host = await WitnessHost.StartAsync(options, TimeProvider.System, Failure.Say))
        {
            Console.Out.WriteLine($"The witness listens on {host.Address}");
            Console.Out.WriteLine($"The Desk is to know it by: witness-key = {host.Key}");
            if (options.Logs.Count == 0) Console.Out.WriteLine("It signs for nobody yet: say for which log, with --log KEY.");
            foreach (var log in options.Logs) Console.Out.WriteLine($"It signs for the log {log.Name}");
            Console.Out.Flush();
            await stop.Came;
        }
        Console.Out.WriteLine("The witness has stopped.");
    }
}
