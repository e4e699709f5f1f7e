using Understory.Pages;

namespace Understory.Desk;

/// <summary>Says what is wrong with a machine and with what lies on it, and what to do: one sentence for each.</summary>
public static class Doctor
{
    /// <summary>Looks at everything in a folder: a Desk's data directory, an Intake's, or one with both in it.</summary>
    /// <param name="folder">Which.</param>
    /// <param name="settings">What else was said of the Desk: where its Intake is. Its data directory is not looked at.</param>
    /// <param name="now">What time it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>What matters most first.</returns>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(string folder, CollectingOptions settings, DateTimeOffset now, CancellationToken cancel)
    {
        var findings = new Findings(Catalogue.Of(typeof(Doctor).Assembly).For("en"));
        var t = findings.T;
        MachineChecks.Add(findings);
        var (desk, intake) = (Path.Combine(folder, "desk"), Path.Combine(folder, "intake"));
        if (Directory.Exists(desk) && Directory.Exists(intake))
        {
            findings.Look(Demonstration.IsIn(desk)
                ? t["This is a demonstration: everybody in it is invented, and everybody may know its passphrase."]
                : t["Intake and Desk are on one machine: for trying out. Whoever takes it takes both; use two machines for people."]);
            DeskChecks.Add(findings, new DeskOptions(desk) { Collecting = settings }, now);
            IntakeChecks.Add(findings, intake, now);
            return findings.ToList();
        }
        var isIntake = File.Exists(Path.Combine(folder, IntakeChecks.Database));
        if (isIntake) IntakeChecks.Add(findings, folder, now);
        else if (Directory.Exists(folder)) await AddDeskAsync(findings, new DeskOptions(folder) { Collecting = settings }, now, cancel);
        else findings.Look(t["There is no folder '{folder}': say with --data-dir where the data is.", ("folder", folder)]);
        return findings.ToList();
    }

    /// <summary>The same from inside, in the reader's language; what calls Intake anyway is asked how that goes.</summary>
    internal static IReadOnlyList<Finding> Examine(Workplace workplace, Text t)
    {
        var findings = new Findings(t);
        MachineChecks.Add(findings);
        if (ProcessMemory.IsPrivate && !ProcessMemory.HasDiagnosticPort) findings.Good(t["No other program of this user can look into the Desk, and a crash leaves no dump."]);
        else findings.Look(t["Other programs of this user can look into the Desk. On Linux it closes itself; here nothing does."]);
        DeskChecks.Add(findings, workplace.Options, workplace.Time.GetUtcNow());
        if (workplace.Options.Collecting.IntakeDirectory is not null) findings.Look(t["Intake and Desk are on one machine: for trying out. Whoever takes it takes both; use two machines for people."]);
        if (!workplace.Collecting.IsRunning) findings.Look(t["The Desk does not know yet where Intake is: nothing can arrive."]);
        else if (workplace.Collecting.Status.Sentence is { } sentence) findings.Look(t.Told(sentence));
        else findings.Good(t["The Desk knows where Intake is."]);
        return findings.ToList();
    }

    private static async Task AddDeskAsync(Findings findings, DeskOptions options, DateTimeOffset now, CancellationToken cancel)
    {
        DeskChecks.Add(findings, options, now);
        await DeskChecks.AddIntakeAsync(findings, options, cancel);
    }
}
