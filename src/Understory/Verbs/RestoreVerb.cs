using System.CommandLine;
using System.Globalization;
using Understory.Casework;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory restore</c>: a data directory out of two archives.</summary>
internal static class RestoreVerb
{
    private const int MostCheckpoint = 4096;

    public static Command Create()
    {
        var journal = new Option<string>("--journal") { HelpName = "FILE", Description = "The archive of the journal.", Required = true };
        var keys = new Option<string>("--keys") { HelpName = "FILE", Description = "The archive of the keys, of the same moment.", Required = true };
        var identity = RecoveryIdentity.Option();
        identity.Required = true;
        var folder = new Option<string?>("--data-dir") { HelpName = "DIR", Description = "The data directory to make. It must not be there, or be empty." };
        var check = new Option<bool>("--check") { Description = "Restore beside the archives, check everything, and delete it there." };
        var checkpoint = new Option<string?>("--checkpoint") { HelpName = "FILE", Description = "A checkpoint that was kept elsewhere: archives from before it are refused." };
        var older = new Option<bool>("--older-keys") { Description = "Take keys of an earlier time than the journal, where there are no others." };
        var faults = new Option<bool>("--with-faults") { Description = "Restore though something in it is wrong, where there is nothing better." };
        var verb = new Command("restore", """
            Make a Desk's data directory out of two archives of `understory backup`.

            Everything is checked before the directory appears, and it appears whole or not at all.
            """)
        {
            journal, keys, identity, folder, check, checkpoint, older, faults,
        };
        verb.SetAction((parsed, cancel) =>
        {
            var target = parsed.GetValue(folder);
            if (target is null != parsed.GetValue(check)) throw new UsageException("Say where to: --data-dir DIR, or --check to only try it.");
            var options = new RestoreOptions
            {
                Checkpoint = parsed.GetValue(checkpoint) is { } file ? Files.ReadText(file, MostCheckpoint) : null,
                OlderKeys = parsed.GetValue(older),
                WithFaults = parsed.GetValue(faults),
            };
            return RunAsync(parsed.GetValue(journal)!, parsed.GetValue(keys)!, parsed.GetValue(identity)!, target, options, cancel);
        });
        return verb;
    }

    /// <summary>Whether two archives can be restored: they are, beside themselves, and what came of it is deleted.</summary>
    public static Task CheckAsync(string journal, string keys, string identity, CancellationToken cancel) =>
        RunAsync(journal, keys, identity, null, new RestoreOptions(), cancel);

    private static async Task<int> RunAsync(string journal, string keys, string identity, string? target, RestoreOptions options, CancellationToken cancel)
    {
        using var memory = Keys.CreateMemory();
        var identities = RecoveryIdentity.Read(identity, memory);
        try
        {
            await using var first = Files.OpenInput(journal);
            await using var second = Files.OpenInput(keys);
            Restored restored;
            using (var opening = new Progress("Opening", Files.Length(first)))
            using (var checking = new CheckLine())
            {
                options = options with { Progress = opening, Checking = checking };
                restored = target is null
                    ? await Restoration.CheckAsync(first, second, identities, Path.GetDirectoryName(Path.GetFullPath(journal))!, options, cancel)
                    : await Restoration.RunAsync(first, second, identities, target, options, cancel);
            }
            if (target is null) Console.Out.WriteLine($"The archives were restored, checked and deleted again: {restored.Entries} entries, nothing is wrong.");
            else Explain(restored, target, options);
            return restored.Faults.Count > 0 ? ExitStatus.Refused : ExitStatus.Done;
        }
        finally
        {
            foreach (var one in identities) one.Dispose();
        }
    }

    private static void Explain(Restored restored, string target, RestoreOptions options)
    {
        Console.Out.WriteLine($"Restored to '{target}': {restored.Entries} entries, as of {Moment(restored.JournalAt)}.");
        Console.Out.WriteLine("What was written after that is not there. Tell everybody who works on cases.");
        if (restored.KeysAt != restored.JournalAt) Console.Out.WriteLine($"The keys are of {Moment(restored.KeysAt)}: what was opened to somebody between the two is closed to them.");
        Console.Out.WriteLine("What was forgotten after it, and access that was taken away after it, is back: forget it and take it away once more.");
        Console.Out.WriteLine(options.Checkpoint is null
            ? "No checkpoint was given. If one is kept elsewhere, compare: its second line must not be larger than the number above (--checkpoint FILE does it)."
            : "It contains everything that the checkpoint names.");
        Console.Out.WriteLine("The checkpoint of this state:");
        Console.Out.Write(restored.Checkpoint);
        Console.Out.WriteLine("Give the folder to the user that runs the Desk, start it, sign in. Bring Intake its settings anew if it was set up anew.");
        foreach (var fault in restored.Faults) Console.Out.WriteLine($"wrong  {fault}");
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
