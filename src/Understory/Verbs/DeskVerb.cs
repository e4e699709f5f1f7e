using System.Collections;
using System.CommandLine;
using Understory.Desk;
using Understory.Serve;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory desk</c>: the zone of the staff.</summary>
internal static class DeskVerb
{
    private const int MostConfiguration = 64 * 1024;

    public static Command Create()
    {
        var configuration = new Option<string?>("--config") { HelpName = "FILE", Description = "Read what follows from a file of lines `name = value`. The environment (UNDERSTORY_DESK_IDLE_MINUTES) and this line override it." };
        Option<string?>[] settings =
        [
            new("--data-dir") { HelpName = "DIR", Description = "Where the database is. It is made if it is not there." },
            new("--listen") { HelpName = "ADDRESS:PORT", Description = "Where to listen (127.0.0.1:8444). Keep it off the open internet: behind a VPN, an onion service with client authorisation, or in the office." },
            new("--addresses") { HelpName = "URL,URL", Description = "What browsers call it by, beside this machine's own names: https://desk.example.org. Others are refused." },
            new("--idle-minutes") { HelpName = "MINUTES", Description = "After so long without a request the passphrase is asked for (15)." },
            new("--session-hours") { HelpName = "HOURS", Description = "After so long everybody signs in anew (12)." },
            new("--session-memory-kilobytes") { HelpName = "NUMBER", Description = "Locked memory for the keys of one session (2048, enough for 20,000 keys)." },
            new("--intake") { HelpName = "URL", Description = "Where Intake is: http://….onion, https://… or http://127.0.0.1:8443 (what the first run was told)." },
            new("--intake-certificate-key") { HelpName = "HEX", Description = "For an https address: the SHA-256 of the public key of its certificate. No authority is believed alone." },
            new("--tor-proxy") { HelpName = "URL", Description = "Tor's SOCKS port, for an onion address: socks5://127.0.0.1:9050." },
            new("--collector-key-file") { HelpName = "FILE", Description = "The credential that Intake knows this Desk by (DIR/collector-key, made at the first start)." },
            new("--collect-seconds") { HelpName = "SECONDS", Description = "How often Intake is called (60)." },
            new("--intake-dir") { HelpName = "DIR", Description = "The data directory of an Intake on this machine: what it needs is put there, and not only into DIR/for-intake." },
            new("--notify-command") { HelpName = "PATH", Description = "A program to run when something new arrived: without arguments, at most once a minute. It learns nothing else." },
            new("--notify-url") { HelpName = "URL", Description = "An address that gets an empty POST when something new arrived." },
            new("--checkpoint-file") { HelpName = "PATH", Description = "A file in another place (a mounted share) that always has the newest checkpoint of the log." },
            new("--checkpoint-command") { HelpName = "PATH", Description = "A program that gets each new checkpoint on its standard input: to mail it, or whatever." },
            new("--checkpoint-seconds") { HelpName = "SECONDS", Description = "How often, at most (600)." },
            new("--witness") { HelpName = "URL", Description = "A witness on a second machine: http://….onion, https://… or http://127.0.0.1:8445." },
            new("--witness-key") { HelpName = "KEY", Description = "What the witness is known by; it prints it when it starts." },
            new("--witness-certificate-key") { HelpName = "HEX", Description = "For an https address of the witness: the SHA-256 of the public key of its certificate." },
            new("--client-dir") { HelpName = "DIR", Description = "Where the scripts and styles are (`client` beside the program)." },
        ];
        var verb = new Command("desk", """
            Work on cases. What people wrote can be read here, by whoever is signed in, as far as their keys go.

            The first start shows an address and a one-time code for setting it up. Stop it with Ctrl-C; then everybody
            is signed out and no key is left.
            """)
        {
            configuration,
        };
        foreach (var setting in settings) verb.Add(setting);
        verb.SetAction(async (parsed, cancel) =>
        {
            var said = settings.Where(setting => parsed.GetValue(setting) is not null)
                .Select(setting => KeyValuePair.Create(setting.Name.TrimStart('-'), parsed.GetValue(setting)!));
            var options = Read(parsed.GetValue(configuration), said);
            DiagnosticPort.Close();
            await RunAsync(options, cancel);
            return ExitStatus.Done;
        });
        return verb;
    }

    private static DeskOptions Read(string? configuration, IEnumerable<KeyValuePair<string, string>> said)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""));
        try
        {
            return DeskOptions.Read(configuration is null ? null : Files.ReadText(configuration, MostConfiguration), environment, said);
        }
        catch (FormatException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static async Task RunAsync(DeskOptions options, CancellationToken cancel)
    {
        var isSupervised = Supervised.Begin();
        using var stop = new StopSignal(cancel);
        await using (var host = await DeskHost.StartAsync(options, TimeProvider.System, Failure.Say))
        {
            if (isSupervised) Supervised.Say(new Ready(host.Address, host.OneTimeCode));
            else Announce(host, options);
            await stop.Came;
        }
        if (!isSupervised) Console.Out.WriteLine("The Desk has stopped.");
    }

    private static void Announce(DeskHost host, DeskOptions options)
    {
        Console.Out.WriteLine($"The Desk listens on {host.Address}");
        foreach (var address in options.Addresses) Console.Out.WriteLine($"Browsers reach it at {address}");
        // Over SSH: SERVER_ADDRESS is the third of four words.
        if (Environment.GetEnvironmentVariable("SSH_CONNECTION")?.Split(' ') is [_, _, var server, var port])
        {
            var at = host.Address.Port;
            Console.Out.WriteLine($"From your own machine: ssh -p {port} -L {at}:127.0.0.1:{at} {Environment.UserName}@{server}   then open http://localhost:{at}");
        }
        if (options.IsDemonstration) Console.Out.WriteLine("It is a demonstration: its sign-in page shows to everybody how to get in.");
        if (host.OneTimeCode is { } code) Console.Out.WriteLine($"It is not set up yet. Open the address and enter this one-time code: {code}");
        Console.Out.Flush();
    }
}
