using System.Collections;
using System.CommandLine;
using Understory.Intake;
using Understory.Serve;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory intake</c>: the zone that faces the internet.</summary>
internal static class IntakeVerb
{
    private const int MostConfiguration = 64 * 1024;

    public static Command Create()
    {
        var configuration = new Option<string?>("--config") { HelpName = "FILE", Description = "Read what follows from a file of lines `name = value`. The environment (UNDERSTORY_INTAKE_READ_DAYS) and this line override it." };
        Option<string?>[] settings =
        [
            new("--data-dir") { HelpName = "DIR", Description = "Where to keep what arrives. It is made if it is not there." },
            new("--listen") { HelpName = "ADDRESS:PORT", Description = "Where to listen (127.0.0.1:8443). Put Tor or a server that ends TLS in front of it." },
            new("--retention-days") { HelpName = "DAYS", Description = "After so many days what nobody touched has left (180)." },
            new("--read-days") { HelpName = "DAYS", Description = "So many days after the person's device acknowledged an answer it has left (7)." },
            new("--quota-megabytes") { HelpName = "NUMBER", Description = "How large the store may grow (4096)." },
            new("--collector-file") { HelpName = "FILE", Description = "The SHA-256 of the Desk's credential, in hexadecimal (DIR/collector)." },
            new("--inbox-key-file") { HelpName = "FILE", Description = "The week's inbox key, as the Desk signed it (DIR/inbox-key)." },
            new("--instance-file") { HelpName = "FILE", Description = "The instance id of the organisation, in hexadecimal (DIR/instance)." },
            new("--organisation") { HelpName = "NAME", Description = "What the organisation is called on the pages (what stands in DIR/organisation)." },
            new("--leave-to") { HelpName = "ADDRESS", Description = "The page that \"Leave now\" opens (https://www.wikipedia.org/)." },
            new("--client-dir") { HelpName = "DIR", Description = "The built scripts and styles (client, beside this program)." },
        ];
        var verb = new Command("intake", """
            Receive sealed requests and serve sealed answers. It holds no key that opens anything.

            Beside what arrives, it writes nothing down: no address, no time of day, no log. Stop it with Ctrl-C.
            """)
        {
            configuration,
        };
        foreach (var setting in settings) verb.Add(setting);
        verb.SetAction(async (parsed, cancel) =>
        {
            var said = settings.Where(setting => parsed.GetValue(setting) is not null)
                .Select(setting => KeyValuePair.Create(setting.Name.TrimStart('-'), parsed.GetValue(setting)!));
            await RunAsync(Read(parsed.GetValue(configuration), said), cancel);
            return ExitStatus.Done;
        });
        return verb;
    }

    private static IntakeOptions Read(string? configuration, IEnumerable<KeyValuePair<string, string>> said)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""));
        try
        {
            return IntakeOptions.Read(configuration is null ? null : Files.ReadText(configuration, MostConfiguration), environment, said);
        }
        catch (FormatException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static async Task RunAsync(IntakeOptions options, CancellationToken cancel)
    {
        var isSupervised = Supervised.Begin();
        using var stop = new StopSignal(cancel);
        await using (var host = await IntakeHost.StartAsync(options with { IsBesideDesk = isSupervised }, TimeProvider.System, Failure.Say))
        {
            if (isSupervised) Supervised.Say(new Ready(host.Address, Code: null));
            else Announce(host, options);
            await stop.Came;
        }
        if (!isSupervised) Console.Out.WriteLine("Intake has stopped.");
    }

    private static void Announce(IntakeHost host, IntakeOptions options)
    {
        Console.Out.WriteLine($"Intake listens on {host.Address}");
        if (!host.HasCollector) Console.Out.WriteLine($"No Desk can collect yet: {options.CollectorFile} is not there.");
        if (!host.HasInboxKey) Console.Out.WriteLine($"Nobody can seal to you yet: {options.InboxKeyFile} is not there.");
        if (!host.HasInstance) Console.Out.WriteLine($"It is not known yet whose Intake this is: {options.InstanceFile} is not there.");
        Console.Out.Flush();
    }
}
