using Understory.Casework;
using Understory.Channels;
using Understory.Journal;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>What an operator decides about where checkpoints leave this machine for.</summary>
public sealed record CheckpointOptions
{
    /// <summary>A file in another place; null for none.</summary>
    public string? File { get; init; }

    /// <summary>A program that gets each on its standard input; null for none.</summary>
    public string? Command { get; init; }

    /// <summary>Where the witness is; null for none.</summary>
    public IntakeAddress? Witness { get; init; }

    /// <summary>By which its signatures are known.</summary>
    public VerifierKey? WitnessKey { get; init; }

    /// <summary>Seconds between two rounds.</summary>
    public int Seconds { get; init; } = 600;

    /// <summary>What the engine has to hold the log against.</summary>
    internal CheckpointPlaces Places => new(File, WitnessKey);

    /// <summary>Takes what is said of it.</summary>
    /// <param name="settings">What was said.</param>
    /// <param name="folder">The Desk's data directory.</param>
    /// <param name="proxy">Tor's SOCKS port, where it was said.</param>
    /// <param name="isDemonstration">Whether a witness can only be one on this machine.</param>
    /// <exception cref="FormatException">Something of it cannot be; one sentence with the place.</exception>
    internal static CheckpointOptions Take(Settings settings, string folder, string? proxy, bool isDemonstration)
    {
        var options = new CheckpointOptions
        {
            File = settings.Take("checkpoint-file", "is not the whole path of a file outside the data directory", path => Path.IsPathRooted(path) && !IsWithin(path, folder) ? path : null),
            Command = settings.Take("checkpoint-command", "is not the whole path of a program", path => Path.IsPathRooted(path) && System.IO.File.Exists(path) ? path : null),
            WitnessKey = settings.Take("witness-key", "is not the verifier key of a witness, as it prints its own when it starts", ReadKey),
        };
        options = options with { Seconds = settings.Number("checkpoint-seconds", 1, 86_400) ?? options.Seconds };
        var certificateKey = settings.Text("witness-certificate-key");
        if (settings.Text("witness") is not { } said) return options;
        if (options.WitnessKey is null) throw new FormatException("For a witness, say also what it is known by: --witness-key KEY. It prints it when it starts.");
        var isOnion = Uri.TryCreate(said, UriKind.Absolute, out var uri) && uri.Host.EndsWith(".onion", StringComparison.OrdinalIgnoreCase);
        var address = IntakeAddress.Read(
            said, certificateKey, proxy ?? (isOnion ? IntakeLink.UsualProxy : null), "The witness's address must be like http://….onion, https://witness.example or http://127.0.0.1:8445.");
        return !isDemonstration || address.Address.IsLoopback ? options with { Witness = address } : throw new FormatException("A demonstration speaks only to a witness on this machine.");
    }

    private static bool IsWithin(string path, string folder) =>
        Path.GetFullPath(path).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static VerifierKey? ReadKey(string text)
    {
        try
        {
            return VerifierKey.Read(text, NoteKeyKind.Witness);
        }
        catch (JournalException)
        {
            return null;
        }
    }
}
