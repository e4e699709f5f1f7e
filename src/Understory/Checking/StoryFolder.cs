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
    /// <returns>The highest status of any: 0, 1 or 2.</returns>
    public int Check(bool json, CancellationToken cancel)
    {
        var outcomes = CheckAll(Names(), cancel);
        var ordered = outcomes.OrderByDescending(outcome => outcome.Contradictions).ThenByDescending(outcome => outcome.Status).ThenBy(outcome => outcome.Name, StringComparer.Ordinal).ToList();
        if (json) WriteJson(ordered);
        else Write(ordered);
        return outcomes.Max(outcome => outcome.Status);
    }

    /// <summary>Files of stories, without what is hidden, without following links, and without pipes, which would be waited for.</summary>
    private List<string> Names()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        var names = Directory.EnumerateFiles(folder, "*", options)
            .Where(name => s_endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) && Files.IsRegular(name))
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
        try
        {
            using var input = Files.OpenInput(name);
            return new Outcome(shown, data.Check(CheckingData.ReadStory(input)).Report, []);
        }
        catch (StoryException fault)
        {
            return new Outcome(shown, null, [.. fault.Faults.Select(each => each.Message)]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Outcome(shown, null, [fault.Message]);
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
        Console.Out.WriteLine(texts.Say(
            "terminal.summary",
            ("count", Number(outcomes.Count)),
            ("contradicting", Number(outcomes.Count(outcome => outcome.Status == ExitStatus.Refused))),
            ("sound", Number(outcomes.Count(outcome => outcome.Status == ExitStatus.Done))),
            ("failed", Number(outcomes.Count(outcome => outcome.Status == ExitStatus.NotUnderstood)))));
    }

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

    private sealed record Outcome(string Name, CheckReport? Report, IReadOnlyList<string> Faults)
    {
        public int Contradictions { get; } = Report?.Findings.Count(finding => finding.Verdict == Verdict.Contradicts) ?? 0;

        public int Status => Report is null ? ExitStatus.NotUnderstood : Report.Consistent ? ExitStatus.Done : ExitStatus.Refused;
    }
}
