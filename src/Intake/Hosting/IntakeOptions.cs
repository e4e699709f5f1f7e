using System.Globalization;
using System.Net;

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

    /// <summary>Messages of one conversation that may wait for the Desk.</summary>
    internal int MostWaiting { get; init; } = 32;

    /// <summary>
    /// Puts together what is said in the configuration file (lines <c>name = value</c>, remarks behind <c>#</c>), in the
    /// environment (<c>UNDERSTORY_INTAKE_READ_DAYS</c>) and on the command line; the later counts.
    /// </summary>
    /// <exception cref="FormatException">A name is not known or a value cannot be; one sentence with the place.</exception>
    public static IntakeOptions Read(string? file, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(commandLine);
        var said = new Dictionary<string, (string Value, string Place)>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in (file ?? "").Split('\n').Select(line => line.Split('#')[0].Trim()))
        {
            number++;
            if (line.Length == 0) continue;
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            var place = $"line {number} of the configuration";
            if (parts.Length != 2) throw new FormatException($"'{parts[0]}' has no value ({place}): write `name = value`.");
            if (!said.TryAdd(parts[0], (parts[1], place))) throw new FormatException($"'{parts[0]}' is said twice ({place}).");
        }
        foreach (var (name, value) in environment.Where(pair => pair.Key.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)))
            said[name[EnvironmentPrefix.Length..].Replace('_', '-').ToLowerInvariant()] = (value, $"{name} in the environment");
        foreach (var (name, value) in commandLine) said[name] = (value, $"--{name}");

        if (!said.Remove("data-dir", out var folder)) throw new FormatException("Say where to keep what arrives: --data-dir DIR.");
        if (folder.Value.Length == 0) throw new FormatException($"The data directory is empty ({folder.Place}).");
        var options = new IntakeOptions(folder.Value);
        foreach (var (name, (value, place)) in said) options = options.With(name, value, place);
        return options;
    }

    private IntakeOptions With(string name, string value, string place) => name switch
    {
        "listen" => this with { Listen = Address(value, place) },
        "retention-days" => this with { RetentionDays = Number(value, 1, 3_650, place) },
        "read-days" => this with { ReadDays = Number(value, 1, 365, place) },
        "quota-megabytes" => this with { Quota = (long)Number(value, 1, 1 << 24, place) << 20 },
        "collector-file" => this with { CollectorFile = value },
        "inbox-key-file" => this with { InboxKeyFile = value },
        "instance-file" => this with { InstanceFile = value },
        "organisation" => this with { Organisation = value },
        "leave-to" => this with { LeaveTo = Page(value, place) },
        "client-dir" => this with { ClientDirectory = value },
        _ => throw new FormatException($"'{name}' is not known ({place})."),
    };

    private static int Number(string value, int least, int most, string place) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw new FormatException($"'{value}' is not a number from {least} to {most} ({place}).");

    private static Uri Page(string value, string place) =>
        Uri.TryCreate(value, UriKind.Absolute, out var page) && (page.Scheme is "https" or "http")
            ? page : throw new FormatException($"'{value}' is not the address of a page, as https://www.wikipedia.org/ ({place}).");

    private static IPEndPoint Address(string value, string place) =>
        value.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(value, out var address)
            ? address : throw new FormatException($"'{value}' is not an address and a port, as 127.0.0.1:8443 ({place}).");
}
