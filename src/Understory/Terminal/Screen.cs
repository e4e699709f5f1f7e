namespace Understory.Terminal;

/// <summary>What the terminal is like, for what is shown on it.</summary>
internal static class Screen
{
    private const int WithoutTerminal = 100;

    /// <summary>Colours on a terminal that has them, unless somebody wants none (no-color.org).</summary>
    public static bool HasColours() =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "");

    /// <summary>Its columns; where there is none, what reads well.</summary>
    public static int Width()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth <= 0 ? WithoutTerminal : Console.WindowWidth;
        }
        catch (IOException)
        {
            return WithoutTerminal;
        }
    }

    /// <summary>Russian or Ukrainian where the surroundings say so (POSIX: LC_ALL, LC_MESSAGES, LANG), else English.</summary>
    public static string Language()
    {
        foreach (var name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
        {
            var value = Environment.GetEnvironmentVariable(name);
            if (string.IsNullOrEmpty(value)) continue;
            return value.StartsWith("ru", StringComparison.Ordinal) ? "ru" : value.StartsWith("uk", StringComparison.Ordinal) ? "uk" : "en";
        }
        return "en";
    }
}
