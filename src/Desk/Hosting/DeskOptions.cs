using System.Net;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>What an operator decides. Each has a name in the configuration file, in the environment and on the command line.</summary>
/// <param name="DataDirectory">Where the database is.</param>
public sealed record DeskOptions(string DataDirectory)
{
    private const int Kibibyte = 1024;

    /// <summary>Where to listen; in front of it stands a VPN, an onion service or what ends TLS. Port 0: one that is free.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8444);

    /// <summary>
    /// The addresses in browsers, beside those of this machine itself: <c>https://desk.example.org</c>. A request for any other
    /// is refused, or a page elsewhere could point a name of its own at this machine.
    /// </summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];

    /// <summary>Minutes without a request after which a session asks for the passphrase.</summary>
    public int IdleMinutes { get; init; } = 15;

    /// <summary>Hours after which a session has ended whatever happened in it.</summary>
    public int SessionHours { get; init; } = 12;

    /// <summary>Locked memory of one session, in bytes. 2 MiB hold 20,000 keys.</summary>
    public int SessionMemory { get; init; } = 2048 * Kibibyte;

    /// <summary>Where the scripts and styles are.</summary>
    public string ClientDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "client");

    /// <summary>How Intake is called, and who is told that something is new.</summary>
    public CollectingOptions Collecting { get; init; } = new();

    /// <summary>Where checkpoints leave this machine for.</summary>
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>Whether it is a demonstration: the data directory says so itself, and every page wears a banner.</summary>
    public bool IsDemonstration => Demonstration.IsIn(DataDirectory);

    /// <summary>Refusals of a sign-in are answered at whole steps of this after it began, whatever was wrong.</summary>
    internal TimeSpan RefusalStep { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The first wait of a name that failed too often; it doubles.</summary>
    internal TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Puts together what is said in the configuration file, in the environment (<c>UNDERSTORY_DESK_IDLE_MINUTES</c>) and on the
    /// command line; the later counts.
    /// </summary>
    /// <exception cref="FormatException">A name is not known or a value cannot be; one sentence with the place.</exception>
    public static DeskOptions Read(string? file, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        var settings = Settings.Read("UNDERSTORY_DESK_", file, environment, commandLine);
        var options = new DeskOptions(settings.Text("data-dir") ?? throw new FormatException("Say where the database is to be: --data-dir DIR."));
        options = options with
        {
            Listen = settings.EndPoint("listen") ?? options.Listen,
            Addresses = settings.Take("addresses", "is not a list of addresses as https://desk.example.org, with commas between", ReadAddresses) ?? [],
            IdleMinutes = settings.Number("idle-minutes", 1, 240) ?? options.IdleMinutes,
            SessionHours = settings.Number("session-hours", 1, 24) ?? options.SessionHours,
            SessionMemory = settings.Number("session-memory-kilobytes", 256, 1 << 20) * Kibibyte ?? options.SessionMemory,
            ClientDirectory = settings.Text("client-dir") ?? options.ClientDirectory,
            Collecting = CollectingOptions.Take(settings, options.IsDemonstration),
        };
        options = options with { Checkpoints = CheckpointOptions.Take(settings, options.DataDirectory, options.Collecting.Proxy, options.IsDemonstration) };
        settings.End();
        return options;
    }

    private static List<Uri>? ReadAddresses(string said)
    {
        List<Uri> addresses = [];
        foreach (var each in said.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(each, UriKind.Absolute, out var address) || address is not { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }) return null;
            addresses.Add(address);
        }
        return addresses.Count > 0 ? addresses : null;
    }
}
