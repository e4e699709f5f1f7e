using Understory.Envelopes;

namespace Understory.Desk;

/// <summary>An Intake's data directory, as far as its files tell.</summary>
internal static class IntakeChecks
{
    public const string Database = "intake.sqlite";

    public static void Add(Findings findings, string folder, DateTimeOffset now)
    {
        var t = findings.T;
        FolderChecks.Add(findings, folder, Database);
        var missing = ((string[])["collector", "instance", "organisation"]).Where(name => !File.Exists(Path.Combine(folder, name))).ToList();
        if (missing.Count > 0)
        {
            findings.Look(t["Intake was not given what it needs from the Desk ({files}): the Desk keeps it in its folder for-intake, and says the line that brings it.", ("files", string.Join(", ", missing))]);
            return;
        }
        if (UntilWhen(folder, now) is { } until) findings.Good(t["Intake can take what people write until {day}.", ("day", t.Date(until))]);
        else findings.Wrong(t["Intake has no inbox key for today: people cannot write. The Desk brings one when somebody has signed in there."]);
    }

    private static DateOnly? UntilWhen(string folder, DateTimeOffset now)
    {
        try
        {
            var instance = Convert.FromHexString(File.ReadAllText(Path.Combine(folder, "instance")).Trim());
            var statement = File.ReadAllBytes(Path.Combine(folder, "inbox-key"));
            return DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(InboxKeyStatement.Verify(statement, instance, (int)(now.ToUnixTimeSeconds() / 86_400)).Days.Last));
        }
        catch (Exception fault) when (fault is IOException or FormatException or EnvelopeException)
        {
            return null;
        }
    }
}
