using Understory.Desk.Components;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>Something that was looked at.</summary>
/// <param name="Meaning">How it is.</param>
/// <param name="Sentence">In the reader's language, with what to do.</param>
public sealed record Finding(Meaning Meaning, string Sentence);

/// <summary>Looks at the machine and at the organisation for what weakens them.</summary>
internal static class Doctor
{
    /// <summary>What there is to say, what matters most first.</summary>
    public static IReadOnlyList<Finding> Examine(Workplace workplace, Text t)
    {
        var (options, organisation) = (workplace.Options, workplace.Organisation);
        List<Finding> findings = [new(Meaning.Good, t["The memory for keys is locked: it is never written to a disk."])];
        Add(ProcessMemory.IsPrivate && !ProcessMemory.HasDiagnosticPort, t["No other program of this user can look into the Desk, and a crash leaves no dump."],
            t["Other programs of this user can look into the Desk. On Linux it closes itself; here nothing does."]);
        Add(!SwapIsOn(), t["Swap is off, or in memory only."],
            t["Swap is on. Keys are never swapped, but what people wrote may be: turn swap off, or encrypt it with a key that is made at each start."]);
        Add(!OthersMayRead(options.DataDirectory), t["Only this user may read the folder with the database."],
            t["Other users of this machine may read the folder with the database. It is sealed, but take the right away: chmod 700."]);
        Add(workplace.Collecting.IsRunning, t["The Desk knows where Intake is."], t["The Desk does not know yet where Intake is: nothing can arrive."]);
        if (organisation.IsFounded)
        {
            findings.Add(new(Meaning.Warning, t["Recovery depends on one sheet of paper. Divide it among officers as soon as there are some."]));
            findings.Add(new(Meaning.Warning, t["Make a backup, and keep a copy of the file checkpoint away from this machine: it shows when somebody puts back an older state."]));
        }
        return [.. findings.OrderByDescending(finding => finding.Meaning)];

        void Add(bool isGood, string good, string otherwise) => findings.Add(isGood ? new(Meaning.Good, good) : new(Meaning.Warning, otherwise));
    }

    private static bool SwapIsOn() =>
        OperatingSystem.IsLinux() && File.Exists("/proc/swaps") && File.ReadLines("/proc/swaps").Skip(1).Any(line => !line.StartsWith("/dev/zram", StringComparison.Ordinal));

    private static bool OthersMayRead(string folder) => !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(folder) & (UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != UnixFileMode.None;
}
