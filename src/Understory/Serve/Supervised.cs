using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Understory.Serve;

/// <summary>What a zone tells <c>understory serve</c>, which started it: that it listens, where, and its one-time code.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Code">For the first visit; null where there is none.</param>
internal sealed record Ready(Uri Address, string? Code)
{
    private const string Word = "ready";

    public static bool TryRead(string line, [NotNullWhen(true)] out Ready? ready)
    {
        var parts = line.Split(' ');
        ready = parts.Length is 2 or 3 && parts[0] == Word && Uri.TryCreate(parts[1], UriKind.Absolute, out var address) ? new Ready(address, parts.Length == 3 ? parts[2] : null) : null;
        return ready is not null;
    }

    public override string ToString() => Code is null ? $"{Word} {Address}" : $"{Word} {Address} {Code}";
}

/// <summary>The side of a zone that <c>understory serve</c> started: it tells where it listens, and ends with it.</summary>
internal static partial class Supervised
{
    /// <summary>In its environment stands the number of the process that started it.</summary>
    public const string Variable = "UNDERSTORY_SUPERVISOR";

    private const int SetParentDeathSignal = 1;
    private const int Terminate = 15;

    /// <summary>Whether somebody supervises this process; from then on it ends when they do, however they ended.</summary>
    public static bool Begin()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var supervisor)) return false;
        if (OperatingSystem.IsLinux())
        {
            // It is sent when the *thread* that started this process ends: Zone keeps that thread.
            _ = prctl(SetParentDeathSignal, Terminate, 0, 0, 0);
            // Between the start and the line above it may have ended already.
            if (getppid() != supervisor) Environment.Exit(Terminal.ExitStatus.Interrupted);
        }
        return true;
    }

    /// <summary>Tells where it listens.</summary>
    public static void Say(Ready ready)
    {
        Console.Out.WriteLine(ready);
        Console.Out.Flush();
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc")]
    private static partial int getppid();
}
