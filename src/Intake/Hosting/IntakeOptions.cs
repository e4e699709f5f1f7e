using System.Net;
using Understory.Pages;

namespace Understory.Intake;

/// <summary>What an operator decides. Each has a name in the configuration file, in the environment and on the command line.</summary>
/// <param name="DataDirectory">Where the store is, and what is looked for beside it.</param>
public sealed record IntakeOptions(string DataDirectory)
{
    private const string EnvironmentPrefix = "UNDERSTORY_INTAKE_";

    /// <summary>Where to listen; in front of it stands Tor or what ends TLS. Port 0: one that is free.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8443);

    /// <summary>Days after which everything has left that nobody touched.</summary>
    public int RetentionDays { get; init; } = 180;

    /// <summary>Days after which an answer has left that the person's device acknowledged.</summary>
    public int ReadDays { get; init; } = 7;

    /// <summary>Bytes that the store may take.</summary>
    public long Quota { get; init; } = 4L << 30;

    /// <summary>The SHA-256 of the Desk's credential, in hexadecimal.</summary>
    public string CollectorFile { get; init; } = Path.Combine(DataDirectory, "collector");

    /// <summary>The inbox key statement.</summary>
    public string InboxKeyFile { get; init; } = Path.Combine(DataDirectory, "inbox-key");

    /// <summary>The instance id of the organisation, in hexadecimal.</summary>
    public string InstanceFile { get; init; } = Path.Combine(DataDirectory, "instance");

    /// <summary>What the organisation is called on the pages; null for what stands in the file <c>organisation</c>.</summary>
    public string? Organisation { get; init; }

    /// <summary>Where "Leave now" leads: a page that anybody might look at.</summary>
    public Uri LeaveTo { get; init; } = new("https://www.wikipedia.org/");

    /// <summary>The built scripts and styles.</summary>
    public string ClientDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "client");

    /// <summary>
    /// Whether a Desk runs on this machine too, to try. Then Intake is not called <c>localhost</c>: browsers would send it the
    /// Desk's cookie, which is of that name and of all its ports.
    /// </summary>
    public bool IsBesideDesk { get; init; }

    /// <summary>Messages of one conversation that may wait for the Desk.</summary>
    internal int MostWaiting { get; init; } = 32;

    /// <summary>
    /// Puts together what is said in the configuration file (lines <c>name = value</c>, remarks behind <c>#</c>), in the
    /// environment (<c>UNDERSTORY_INTAKE_READ_DAYS</c>) and on the command line; the later counts.
    /// </summary>
    /// <exception cref="FormatException">A name is not known or a value cannot be; one sentence with the place.</exception>
    public static IntakeOptions Read(string? file, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        var said = Settings.Read(EnvironmentPrefix, file, environment, commandLine);
        var options = new IntakeOptions(said.Text("data-dir") ?? throw new FormatException("Say where to keep what arrives: --data-dir DIR."));
        options = options with
        {
            Listen = said.EndPoint("listen") ?? options.Listen,
            RetentionDays = said.Number("retention-days", 1, 3_650) ?? options.RetentionDays,
            ReadDays = said.Number("read-days", 1, 365) ?? options.ReadDays,
            Quota = said.Number("quota-megabytes", 1, 1 << 24) is { } megabytes ? (long)megabytes << 20 : options.Quota,
            CollectorFile = said.Text("collector-file") ?? options.CollectorFile,
            InboxKeyFile = said.Text("inbox-key-file") ?? options.InboxKeyFile,
            InstanceFile = said.Text("instance-file") ?? options.InstanceFile,
            Organisation = said.Text("organisation") ?? options.Organisation,
            LeaveTo = said.Take("leave-to", "is not the address of a page, as https://www.wikipedia.org/", Page) ?? options.LeaveTo,
            ClientDirectory = said.Text("client-dir") ?? options.ClientDirectory,
        };
        said.End();
        return options;
    }

    // A header is ASCII: a name of other letters goes into it as browsers send it.
    private static Uri? Page(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var page) && (page.Scheme is "https" or "http") ? new UriBuilder(page) { Host = page.IdnHost }.Uri : null;
}
