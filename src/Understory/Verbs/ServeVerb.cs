using System.CommandLine;
using System.Net;
using Understory.Demo;
using Understory.Serve;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory serve</c>: both zones on one machine, for trying out.</summary>
internal static class ServeVerb
{
    private const string Folder = ".understory";

    public static Command Create()
    {
        var demo = new Option<bool>("--demo") { Description = "With an invented organisation and forty conversations, in a folder of their own (.understory/demo)." };
        var empty = new Option<bool>("--empty") { Description = "With nothing in it: the first run as it really is. This is what happens without --demo, too." };
        var folder = new Option<string?>("--data-dir") { HelpName = "DIR", Description = "Where to keep everything (.understory). It is made if it is not there." };
        var intake = new Option<string>("--intake-listen") { HelpName = "ADDRESS:PORT", Description = "Where Intake listens.", DefaultValueFactory = _ => "127.0.0.1:8443" };
        var desk = new Option<string>("--desk-listen") { HelpName = "ADDRESS:PORT", Description = "Where the Desk listens.", DefaultValueFactory = _ => "127.0.0.1:8444" };
        var verb = new Command("serve", """
            Run both zones on this machine, for trying out: two processes, two databases, one folder.

            It is not for people who ask for help: whoever takes this machine takes both zones at once. Run `intake` and
            `desk` on two machines for that (docs/operate.md). Stop it with Ctrl-C.
            """)
        {
            demo, empty, folder, intake, desk,
        };
        verb.SetAction((parsed, cancel) =>
        {
            var isDemo = parsed.GetValue(demo);
            if (isDemo && parsed.GetValue(empty)) throw new UsageException("--demo and --empty exclude each other.");
            var place = new Place(
                parsed.GetValue(folder) ?? (isDemo ? Path.Combine(Folder, "demo") : Folder),
                Address(parsed.GetValue(intake)!, intake.Name), Address(parsed.GetValue(desk)!, desk.Name));
            return RunAsync(place, isDemo, cancel);
        });
        return verb;
    }

    private static async Task<int> RunAsync(Place named, bool isDemo, CancellationToken cancel)
    {
        using var stop = new StopSignal(cancel);
        named.Check(isDemo);
        var place = named.WithPorts();
        if (isDemo && !place.IsDemonstration)
        {
            Console.Out.WriteLine("Making the demonstration, once: an organisation of invented people, and forty conversations …");
            await Making.MakeAsync(place, TimeProvider.System.GetUtcNow());
        }
        place.MakeFolders();
        List<Zone> zones = [new("Intake", place.IntakeArguments, Failure.Say), new("The Desk", place.DeskArguments, Failure.Say)];
        try
        {
            foreach (var zone in zones)
            {
                await Task.WhenAny(zone.First, stop.Came);
                if (stop.Came.IsCompleted) return ExitStatus.Interrupted;
                if (await zone.First is null) return zone.Status;
            }
            Announcement.Write(Console.Out, place, await zones[1].First);
            await stop.Came;
        }
        finally
        {
            Parallel.ForEach(zones, zone => zone.Dispose());
        }
        Console.Out.WriteLine("Both have stopped.");
        return ExitStatus.Done;
    }

    private static IPEndPoint Address(string text, string option) =>
        text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var address)
            ? address : throw new UsageException($"'{text}' is not an address and a port, as 127.0.0.1:8443 ({option}).");
}
