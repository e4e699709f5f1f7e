using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Understory.Terminal;
using Understory.Verification;

namespace Understory.Checking;

/// <summary>All stories of a folder, checked side by side, the worst told first.</summary>
internal sealed class StoryFolder(string folder, CheckingData data, Texts texts)
{
    private static readonly string[] s_endings = [".yaml", ".yml", ".json"];

    /// <summary>Checks them all.</summary>
    /// <param name="json">Lines of JSON rather than a table.</param>
    /// <param name="against">Findings of a run before: then only stories are told whose findings changed. Null compares with nothing.</param>
    /// <param name="save">Where to keep the findings of this run; null keeps them nowhere.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The highest status of any: 0, 1 or 2.</returns>
    public int Check(bool json, string? against, string? save, CancellationToken cancel)
    {
        // Both before the work: who has to wait should not learn at the end that a name was wrong. The file that is there stays
        // as it is until all was told, so a run that is stopped says the same changes again the next time.
        var former = against is null ? null : KeptFindings.Read(against);
        using var kept = save is null ? null : OutputFile.Create(Allowed(save), isSecret: true);
        var outcomes = CheckAll(Names(), cancel);
        var now = former is null && kept is null ? null : new KeptFindings(data.Edition, [.. outcomes.Select(outcome => outcome.Kept()).OrderBy(story => story.File, StringComparer.Ordinal)]);
        if (former is null) Tell(outcomes, json);
        else Tell(new ComparisonReport(FindingsComparison.Of(former, now!), texts), outcomes, json);
        if (kept is not null)
        {
            now!.Write(kept.Stream);
            kept.Finish();
        }
        return outcomes.Max(outcome => outcome.Status);
    }

    /// <summary>A name that is not standard output's, and not one under which the file would be read as a story the next time.</summary>
    private string Allowed(string save)
    {
        if (Files.IsStandard(save)) throw new UsageException("Findings are kept in a file: name one with --save.");
        var isInside = !Path.GetRelativePath(folder, save).StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(Path.GetRelativePath(folder, save));
        if (isInside && IsStory(save)) throw new UsageException($"'{save}' would be taken for a story the next time. Choose another folder or ending.");
        return save;
    }

    private static bool IsStory(string name) => s_endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private void Tell(ComparisonReport comparison, List<Outcome> outcomes, bool json)
    {
        if (json)
        {
            using var output = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
            comparison.WriteJson(output);
            return;
        }
        comparison.Write(Console.Out);
        Console.Out.WriteLine(Summary(outcomes));
    }

    private void Tell(List<Outcome> outcomes, bool json)
    {
        var ordered = outcomes.OrderByDescending(outcome => outcome.Contradictions).ThenByDescending(outcome => outcome.Status).ThenBy(outcome => outcome.Name, StringComparer.Ordinal).ToList();
        if (json) WriteJson(ordered);
        else Write(ordered);
    }

    /// <summary>Files of stories, without what is hidden, without following links, and without pipes, which would be waited for.</summary>
    private List<string> Names()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        var names = Directory.EnumerateFiles(folder, "*", options)
            .Where(name => IsStory(name) && Files.IsRegular(name))
            .Order(StringComparer.Ordinal).ToList();
        return names.Count > 0 ? names : throw new UsageException($"There are no stories in '{folder}' (.yaml, .yml, .json).");
    }

    private List<Outcome> CheckAll(List<string> names, CancellationToken cancel)
    {
        var outcomes = new ConcurrentBag<Outcome>();
        using var counter = new Counter("Checking", names.Count);
        Parallel.ForEach(names, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount }, name =>
        {
            outcomes.Add(CheckOne(name));
            counter.One();
        });
        return [.. outcomes];
    }

    private Outcome CheckOne(string name)
    {
        var shown = Path.GetRelativePath(folder, name);
        var hash = "";
        try
        {
            using var input = Files.OpenInput(name);
            var text = CheckingData.ReadStory(input);
            hash = KeptFindings.Hash(text);
            return new Outcome(shown, hash, data.Check(text).Report, []);
        }
        catch (StoryException fault)
        {
            return new Outcome(shown, hash, null, [.. fault.Faults.Select(each => each.Message)]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Outcome(shown, hash, null, [fault.Message]);
        }
    }

    private void Write(List<Outcome> outcomes)
    {
        var colours = Screen.HasColours();
        string Paint(string colour, string text) => colours ? $"\e[{colour}m{text}\e[0m" : text;
        var column = Math.Min(40, outcomes.Max(outcome => outcome.Name.Length));
        var room = Math.Max(30, Screen.Width() - column - 4);
        foreach (var outcome in outcomes)
        {
            var (colour, says, why) = outcome switch
            {
                { Report: null } => ("33", texts["terminal.not-understood"], outcome.Faults[0]),
                { Contradictions: > 0 } => ("31", texts.Say("terminal.clashes", ("count", Number(outcome.Contradictions))), texts.Say(outcome.Report.Findings[0].Explanation)),
                _ => ("32", texts["terminal.sound"], ""),
            };
            why = TextReport.Plain(why);
            Console.Out.WriteLine($"{TextReport.Plain(outcome.Name).PadRight(column)}  {Paint(colour, says)}");
            if (why.Length > 0) Console.Out.WriteLine($"{new string(' ', column)}  {(why.Length > room ? $"{why[..(room - 1)]}…" : why)}");
        }
        Console.Out.WriteLine();
        Console.Out.WriteLine(Summary(outcomes));
    }

    private string Summary(List<Outcome> outcomes) => texts.Say(
        "terminal.summary",
        ("count", Number(outcomes.Count)),
        ("contradicting", Number(outcomes.Count(outcome => outcome.Status == ExitStatus.Refused))),
        ("sound", Number(outcomes.Count(outcome => outcome.Status == ExitStatus.Done))),
        ("failed", Number(outcomes.Count(outcome => outcome.Status == ExitStatus.NotUnderstood))));

    /// <summary>A line for each story: <c>{file, status, report}</c> or <c>{file, status, faults}</c>.</summary>
    private void WriteJson(List<Outcome> outcomes)
    {
        using var output = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
        foreach (var outcome in outcomes)
        {
            using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                writer.WriteStartObject();
                writer.WriteString("file", outcome.Name);
                writer.WriteNumber("status", outcome.Status);
                if (outcome.Report is { } report)
                {
                    writer.WritePropertyName("report");
                    ReportWriter.Write(writer, report, texts);
                }
                else
                {
                    writer.WriteStartArray("faults");
                    foreach (var fault in outcome.Faults) writer.WriteStringValue(fault);
                    writer.WriteEndArray();
                }
                writer.WriteEndObject();
            }
            output.Write("\n"u8);
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Outcome(string Name, string Sha256, CheckReport? Report, IReadOnlyList<string> Faults)
    {
        public int Contradictions { get; } = Report?.Findings.Count(finding => finding.Verdict == Verdict.Contradicts) ?? 0;

        public KeptStory Kept() => new(Name, Sha256, Status, [.. Report?.Findings.Select(KeptFinding.Of) ?? []]);

        public int Status => Report is null ? ExitStatus.NotUnderstood : Report.Consistent ? ExitStatus.Done : ExitStatus.Refused;
    }
}
