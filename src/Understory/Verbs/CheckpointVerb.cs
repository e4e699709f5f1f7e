using System.CommandLine;
using Understory.Casework;
using Understory.Journal;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory checkpoint</c>: how far a Desk's log went, without a key.</summary>
internal static class CheckpointVerb
{
    public static Command Create() => new("checkpoint", """
        How far a Desk's log went, and whether what was kept elsewhere fits it. It needs no key and nobody signed in.

          understory checkpoint show --data-dir DIR
          understory checkpoint verify --data-dir DIR kept-in-june.txt kept-in-july.txt
          understory checkpoint verify --data-dir DIR --entries 1204 --fingerprint "6773 0497 9403 7557 6847 1586"
        """)
    {
        Show(), Verify(), Accept(),
    };

    private static Option<string> Folder() => new("--data-dir") { HelpName = "DIR", Description = "The Desk's.", Required = true };

    private static Command Show()
    {
        var folder = Folder();
        var verb = new Command("show", "Print the newest checkpoint that the Desk signed, its fingerprint, and the key that a witness is started with.") { folder };
        verb.SetAction(parsed =>
        {
            using var inspection = CheckpointInspection.Open(parsed.GetValue(folder)!);
            if (inspection.Newest is { } newest)
            {
                Console.Out.Write(newest);
                Console.Out.WriteLine($"\nfingerprint  {Checkpoint.ReadTyped(newest).Fingerprint()}");
            }
            Console.Out.WriteLine($"log key      {inspection.LogKey}");
            return ExitStatus.Done;
        });
        return verb;
    }

    private static Command Verify()
    {
        var folder = Folder();
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.ZeroOrMore, Description = "Checkpoints that were kept: files, or what was typed or pasted from paper. - is standard input." };
        var entries = new Option<long?>("--entries") { HelpName = "NUMBER", Description = "The number of entries on a printed checkpoint." };
        var fingerprint = new Option<string?>("--fingerprint") { HelpName = "DIGITS", Description = "Its fingerprint." };
        var verb = new Command("verify", """
            Hold kept checkpoints against a Desk's database: one line each. Without any, what lies beside the database.

            Exit status: 0 all fit; 1 one does not.
            """)
        {
            folder, files, entries, fingerprint,
        };
        verb.SetAction(parsed =>
        {
            using var inspection = CheckpointInspection.Open(parsed.GetValue(folder)!);
            var bad = 0;
            void Say(string name, CheckpointStanding standing, long? seen, string remark = "")
            {
                if (standing != CheckpointStanding.Consistent) bad++;
                Console.Out.WriteLine($"{Sign(standing),-6} {name}: {Sentence(standing, seen, inspection.Now.Size)}{remark}");
            }

            var (number, digits, names) = (parsed.GetValue(entries), parsed.GetValue(fingerprint), parsed.GetValue(files) ?? []);
            if ((number is null) != (digits is null)) throw new UsageException("Say both, as they stand on the paper: --entries NUMBER --fingerprint DIGITS.");
            if (digits is not null && digits.Count(char.IsAsciiDigit) != 24) throw new UsageException("A fingerprint has six groups of four digits.");
            if (number is not null) Say("as typed", inspection.Hold(number.Value, digits!), number);
            foreach (var name in names)
            {
                var found = inspection.Hold(Files.ReadText(name, Checkpoint.MaxLength));
                Say(name, found.Standing, found.Seen, found.IsSigned || found.Standing == CheckpointStanding.Forged ? "" : " It has no signature of this Desk's: it is worth as much as the paper it was typed from.");
            }
            if (number is null && names.Length == 0)
            {
                foreach (var kept in inspection.Kept()) Say(kept.Path, kept.Standing, kept.Seen);
            }
            return bad == 0 ? ExitStatus.Done : ExitStatus.Refused;
        });
        return verb;
    }

    private static Command Accept()
    {
        var folder = Folder();
        var entries = new Option<long>("--entries") { HelpName = "NUMBER", Description = "How many entries the database has now: `checkpoint verify` says it.", Required = true };
        var verb = new Command("accept", """
            Go on with an older database, because you restored a backup and know why. Stop the Desk first.

            What remembers more is moved into a folder set-aside and not deleted, and every user sees on the page
            "Checkpoint" that it was done. If there is a witness, its operator has to set the log aside there as well.
            """)
        {
            folder, entries,
        };
        verb.SetAction(parsed =>
        {
            foreach (var (from, to) in CheckpointInspection.Accept(parsed.GetValue(folder)!, parsed.GetValue(entries), DateOnly.FromDateTime(DateTime.UtcNow)))
                Console.Out.WriteLine($"{from} is now {to}");
            Console.Out.WriteLine("Start the Desk, sign in, and tell everybody what is lost.");
            return ExitStatus.Done;
        });
        return verb;
    }

    private static string Sign(CheckpointStanding standing) => standing == CheckpointStanding.Consistent ? "ok" : "wrong";

    private static string Sentence(CheckpointStanding standing, long? seen, long here) => standing switch
    {
        CheckpointStanding.Consistent => $"all {seen} entries that it names are in the database, which has {here}.",
        CheckpointStanding.Behind => $"the database is older: it has {here} entries, and there were {seen}.",
        CheckpointStanding.Other => "what it stands for is not in the database: entries were changed, or it was mistyped.",
        _ => seen is null ? "that is no checkpoint of this Desk's, or it was changed." : "it is a checkpoint of another log, or not signed by this Desk.",
    };
}
