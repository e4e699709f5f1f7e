using Understory.Casework;
using Understory.Channels;

namespace Understory.Desk;

/// <summary>The Desk's database, its organisation, and its line to Intake.</summary>
internal static class DeskChecks
{
    private const int SoonDays = 7;
    private const int LateDays = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static void Add(Findings findings, DeskOptions options, DateTimeOffset now)
    {
        var (t, folder) = (findings.T, options.DataDirectory);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        FolderChecks.Add(findings, folder, "node.key", Path.GetFileName(options.Collecting.CredentialPath(folder)), "desk.sqlite");
        if (DatabaseCondition.Look(folder, (int)(now.ToUnixTimeSeconds() / 86_400)) is not { } database)
        {
            findings.Look(t["There is no database in '{folder}': the first start of the Desk makes one.", ("folder", folder)]);
            return;
        }
        if (database.Fault is { } fault)
        {
            findings.Wrong(Sentence(findings, fault, folder, database.Other));
            return;
        }
        findings.Good(t.Count("The database is whole, and has the {n} entry that its log names.", "The database is whole, and has the {n} entries that its log names.", database.Entries));
        if (!database.IsFounded)
        {
            findings.Look(t["Nobody has set up the organisation yet: open the Desk's address and enter the one-time code."]);
            return;
        }
        if (!database.HasCheckpoint) findings.Look(t["The file checkpoint is not there: nobody would notice an older database. The next sign-in writes it."]);
        if (database.NewestDay is { } newest && newest > today.AddDays(1)) findings.Wrong(t["The clock of this machine is behind: something came on {day}. Put it right before anybody signs in.", ("day", t.Date(newest))]);
        if (database.InboxKeyUntil is not { } until) findings.Wrong(t["There is no inbox key for today, so nobody can ask for help: whoever set up the Desk has to sign in, which makes one. If they did, the clock is wrong."]);
        else if (until < today.AddDays(SoonDays)) findings.Look(t["The inbox key ends on {day}: whoever set up the Desk has to sign in before.", ("day", t.Date(until))]);
        else findings.Good(t["People can ask for help until {day}, also if nobody signs in.", ("day", t.Date(until))]);
        if (database.Users == 1) findings.Look(t["Only one person can sign in. If they cannot come, nobody can be answered."]);
        findings.Look(t["Recovery depends on one sheet of paper. Divide it among officers as soon as there are some."]);
        AddCheckpoints(findings, database, today);
        findings.Look(t["Make a backup, and keep a copy of the file checkpoint away from this machine: it shows when somebody puts back an older state."]);
    }

    /// <summary>Calls Intake once, and takes nothing.</summary>
    public static async Task AddIntakeAsync(Findings findings, DeskOptions options, CancellationToken cancel)
    {
        var (t, folder) = (findings.T, options.DataDirectory);
        IntakeAddress? address;
        try
        {
            address = options.Collecting.Address(folder);
        }
        catch (FormatException fault)
        {
            findings.Wrong(t.Told(fault.Message));
            return;
        }
        var credentialFile = options.Collecting.CredentialPath(folder);
        if (address is null || !File.Exists(credentialFile))
        {
            findings.Look(t["The Desk does not know yet where Intake is: nothing can arrive."]);
            return;
        }
        try
        {
            using var intake = new IntakeConnection(address, CollectorCredential.ReadOrMake(credentialFile));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(s_patience);
            await intake.ListAsync(new byte[Envelopes.IntakeProtocol.StoreIdSize], 0, patience.Token);
            findings.Good(t["Intake at {address} answers, and knows this Desk.", ("address", address.Address)]);
        }
        catch (IntakeTroubleException fault) when (fault.Trouble == IntakeTrouble.NotAdmitted)
        {
            findings.Wrong(t["Intake does not know this Desk: bring it its settings by `{line}`.", ("line", ForIntake.Line(folder))]);
        }
        catch (Exception fault) when (fault is IntakeTroubleException or CaseworkException)
        {
            findings.Wrong(t.Told(fault.Message));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            findings.Wrong(t.Told("Intake cannot be reached, or is too slow."));
        }
    }

    /// <summary>Nags until checkpoints leave this machine, and get to where they should.</summary>
    private static void AddCheckpoints(Findings findings, DatabaseCondition database, DateOnly today)
    {
        var t = findings.T;
        if (database.Places.Count == 0)
            findings.Look(t["Checkpoints do not leave this machine: somebody who puts back an older state with everything in its folder is not noticed. Set checkpoint-file, checkpoint-command or witness, and print one now and then (the page Checkpoint)."]);
        foreach (var place in database.Places)
        {
            if (place is { Size: { } size, Day: { } day } && (size >= database.Entries || day >= today.AddDays(-LateDays)))
                findings.Good(t["The checkpoint of {day} is at {where}.", ("day", t.Date(day)), ("where", place.Where)]);
            else
                findings.Look(t["No newer checkpoint got to {where} for days: look at the page Checkpoint.", ("where", place.Where)]);
        }
    }

    private static string Sentence(Findings findings, DatabaseFault fault, string folder, KeptCheckpoint? other) => fault switch
    {
        DatabaseFault.Newer => findings.T["The database in '{folder}' is of a newer Understory: install that one.", ("folder", folder)],
        DatabaseFault.Damaged => findings.T["The database in '{folder}' is damaged: stop the Desk, keep a copy, and put back the last backup.", ("folder", folder)],
        DatabaseFault.EntriesMissing => findings.T["The database in '{folder}' has not the entries that its log names: some were taken out or put in. Stop the Desk and compare it with a backup.", ("folder", folder)],
        DatabaseFault.RolledBack => findings.T["The database in '{folder}' is older than its checkpoint '{file}', or another one: somebody put back an earlier state. Do not work on; operate.md says what to do (The log is not the one that was seen).", ("folder", folder), ("file", other?.Path)],
        DatabaseFault.CheckpointForged => findings.T["The checkpoint '{file}' was not written by this machine: compare it with the copy that you keep elsewhere.", ("file", other?.Path)],
        DatabaseFault.WitnessKnowsAnother => findings.T["The witness knows a longer log than the one in '{folder}', or another one: somebody put back an earlier state. Do not work on; operate.md says what to do (The log is not the one that was seen).", ("folder", folder)],
        _ => findings.T["The database in '{folder}' cannot be read by this user, or is none.", ("folder", folder)],
    };
}
