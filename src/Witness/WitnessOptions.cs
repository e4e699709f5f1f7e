using System.Net;
using Understory.Journal;
using Understory.Pages;

namespace Understory.Witness;

/// <summary>What the operator of a witness decides.</summary>
/// <param name="DataDirectory">Where its key is, and what it signed last of each log.</param>
/// <param name="Logs">Whom it signs for; the name of each key is the origin of its log.</param>
public sealed record WitnessOptions(string DataDirectory, IReadOnlyList<VerifierKey> Logs)
{
    /// <summary>Where to listen; in front of it stands an onion service, or what ends TLS. Port 0: one that is free.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8445);

    /// <summary>
    /// Puts together what is said in the configuration file, in the environment (<c>UNDERSTORY_WITNESS_LOGS</c>) and on the command
    /// line; the later counts.
    /// </summary>
    /// <exception cref="FormatException">A name is not known or a value cannot be; one sentence with the place.</exception>
    public static WitnessOptions Read(string? file, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        var settings = Settings.Read("UNDERSTORY_WITNESS_", file, environment, commandLine);
        var folder = settings.Text("data-dir") ?? throw new FormatException("Say where the key is to be: --data-dir DIR.");
        var logs = settings.Take("logs", "is not a list of verifier keys, as the Desk's page \"Checkpoint\" shows its own, with commas between", ReadLogs) ?? [];
        var options = new WitnessOptions(folder, logs);
        options = options with { Listen = settings.EndPoint("listen") ?? options.Listen };
        settings.End();
        return options;
    }

    private static List<VerifierKey>? ReadLogs(string said)
    {
        try
        {
            List<VerifierKey> logs = [.. said.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(key => VerifierKey.Read(key, NoteKeyKind.Log))];
            return logs.Count > 0 && logs.DistinctBy(log => log.Name).Count() == logs.Count ? logs : null;
        }
        catch (JournalException)
        {
            return null;
        }
    }
}
