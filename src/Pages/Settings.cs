using System.Globalization;
using System.Net;

namespace Understory.Pages;

/// <summary>
/// What an operator said of a zone: in a configuration file (lines <c>name = value</c>, remarks behind <c>#</c>), in the
/// environment (<c>UNDERSTORY_DESK_IDLE_MINUTES</c>) and on the command line; the later counts. A zone takes what it knows,
/// and what is left at the end is an error.
/// </summary>
public sealed class Settings
{
    private readonly Dictionary<string, (string Value, string Place)> _said = new(StringComparer.Ordinal);

    private Settings()
    {
    }

    /// <summary>Puts together what was said.</summary>
    /// <param name="prefix">Of the zone's variables in the environment: <c>UNDERSTORY_DESK_</c>.</param>
    /// <param name="file">The text of the configuration file, if there is one.</param>
    /// <param name="environment">All variables; only those with the prefix are looked at.</param>
    /// <param name="commandLine">Names without hyphens in front.</param>
    /// <exception cref="FormatException">A line has no value or says a thing twice; one sentence with the place.</exception>
    public static Settings Read(
        string prefix, string? file, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(commandLine);
        var settings = new Settings();
        var number = 0;
        foreach (var line in (file ?? "").Split('\n').Select(line => line.Split('#')[0].Trim()))
        {
            number++;
            if (line.Length == 0) continue;
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            var place = $"line {number} of the configuration";
            if (parts.Length != 2) throw new FormatException($"'{parts[0]}' has no value ({place}): write `name = value`.");
            if (!settings._said.TryAdd(parts[0], (parts[1], place))) throw new FormatException($"'{parts[0]}' is said twice ({place}).");
        }
        foreach (var (name, value) in environment.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
            settings._said[name[prefix.Length..].Replace('_', '-').ToLowerInvariant()] = (value, $"{name} in the environment");
        foreach (var (name, value) in commandLine) settings._said[name] = (value, $"--{name}");
        return settings;
    }

    /// <summary>What was said of a name; null where nothing was.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public string? Text(string name)
    {
        if (!_said.Remove(name, out var said)) return null;
        return said.Value.Length > 0 ? said.Value : throw new FormatException($"'{name}' is empty ({said.Place}).");
    }

    /// <summary>A whole number in bounds.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public int? Number(string name, int least, int most) => Take(name, $"is not a number from {least} to {most}", value =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : (int?)null);

    /// <summary>An address to listen on, with its port.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public IPEndPoint? EndPoint(string name) => Take(name, "is not an address and a port, as 127.0.0.1:8443", value =>
        value.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(value, out var address) ? address : null);

    /// <summary>Something else; null from <paramref name="read"/> says that it is none.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="isNot">Goes on "'value' …" in the fault.</param>
    /// <param name="read">Understands it.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public T? Take<T>(string name, string isNot, Func<string, T?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!_said.Remove(name, out var said)) return default;
        return read(said.Value) is { } value ? value : throw new FormatException($"'{said.Value}' {isNot} ({said.Place}).");
    }

    /// <summary>Nothing else is known.</summary>
    /// <exception cref="FormatException">Something is left.</exception>
    public void End()
    {
        if (_said.Count > 0) throw new FormatException($"'{_said.First().Key}' is not known ({_said.First().Value.Place}).");
    }
}
