using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Understory.Casework;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory backup</c>: a Desk into two sealed archives.</summary>
internal static partial class BackupVerb
{
    private const string Time = "yyyyMMdd-HHmmss";
    private const int UsualDays = 14;

    public static Command Create()
    {
        var folder = new Option<string>("--data-dir") { HelpName = "DIR", Description = "The Desk's data directory. The Desk may run meanwhile.", Required = true };
        var to = new Option<string>("--to") { HelpName = "DIR", Description = "Where the two archives are put. Best a disk that is elsewhere.", Required = true };
        var days = new Option<int>("--keys-days") { HelpName = "DAYS", Description = "Name archives of keys there that are older (14).", DefaultValueFactory = _ => UsualDays };
        var identity = RecoveryIdentity.Option();
        identity.Description += " With it the archives are restored into a folder beside them, checked and deleted there.";
        var verb = new Command("backup", """
            Write a Desk into two archives, sealed to its recovery recipient: nobody needs to sign in.

            The journal may be kept for long. The keys must not: with old keys, what was forgotten since can be brought
            back. Destroying them is your duty; old ones are named. Each archive appears whole or not at all.
            """)
        {
            folder, to, identity, days,
        };
        verb.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(folder)!, parsed.GetValue(to)!, parsed.GetValue(identity), parsed.GetValue(days), cancel));
        return verb;
    }

    private static async Task<int> RunAsync(string folder, string to, string? identity, int days, CancellationToken cancel)
    {
        if (!Directory.Exists(to)) throw new UsageException($"There is no folder '{to}'.");
        if (days < 1) throw new UsageException("--keys-days is a number of days from 1 up.");
        var now = TimeProvider.System.GetUtcNow();
        var name = Path.Combine(to, $"understory-{now.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)}");
        var (journal, keys) = ($"{name}-journal.age", $"{name}-keys.age");
        await WriteAsync(folder, now, journal, keys, cancel);
        if (identity is not null) await RestoreVerb.CheckAsync(journal, keys, identity, cancel);
        Remind(to, keys, now, days);
        return ExitStatus.Done;
    }

    private static async Task WriteAsync(string folder, DateTimeOffset now, string journal, string keys, CancellationToken cancel)
    {
        using var backup = Backup.Begin(folder, now);
        using var first = OutputFile.Create(journal, isSecret: true, replace: false);
        using var second = OutputFile.Create(keys, isSecret: true, replace: false);
        using (var progress = new Progress("Backing up", null))
        {
            await backup.WriteKeysAsync(second.Stream, null, cancel);
            await backup.WriteJournalAsync(first.Stream, progress, cancel);
        }
        first.Finish();
        second.Finish();
        Console.Out.WriteLine($"{journal}  {Progress.Size(new FileInfo(journal).Length)}");
        Console.Out.WriteLine($"{keys}  {Progress.Size(new FileInfo(keys).Length)}");
        Console.Out.WriteLine($"{backup.Size} entries, {backup.Written.Rows} rows and {backup.Written.Files} files, as of {now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}.");
        foreach (var notice in backup.Notices) Console.Out.WriteLine(notice);
    }

    private static void Remind(string to, string own, DateTimeOffset now, int days)
    {
        Console.Out.WriteLine("Destroy old archives of keys, wherever there are copies: with them, what was forgotten since can be brought back.");
        foreach (var path in Directory.EnumerateFiles(to, "understory-*-keys.age").Order(StringComparer.Ordinal))
        {
            if (path == own || !Name().IsMatch(Path.GetFileName(path))) continue;
            var text = Path.GetFileName(path)["understory-".Length..^"-keys.age".Length];
            if (!DateTime.TryParseExact(text, Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var made)) continue;
            var age = (int)(now.UtcDateTime - made).TotalDays;
            if (age >= days) Console.Out.WriteLine($"  {path} is {age} days old: destroy it.");
        }
    }

    [GeneratedRegex(@"^understory-\d{8}-\d{6}-keys\.age$")]
    private static partial Regex Name();
}
