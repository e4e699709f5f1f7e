using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Understory.Terminal;
using Understory.Verification;

namespace Understory.Checking;

/// <summary>Says whose findings changed: for people, and as lines of JSON.</summary>
internal sealed class ComparisonReport(FindingsComparison comparison, Texts texts)
{
    /// <summary>What changed in the data, then each story whose findings are not as they were.</summary>
    public void Write(TextWriter to)
    {
        foreach (var edition in comparison.Editions)
        {
            to.WriteLine(TextReport.Plain(texts.Say(
                edition switch { { Was: null } => "compare.source-new", { Is: null } => "compare.source-gone", _ => "compare.source" },
                ("source", edition.Source), ("was", edition.Was ?? ""), ("is", edition.Is ?? ""))));
        }
        if (comparison.Editions.Count == 0) to.WriteLine(texts["compare.same-editions"]);
        to.WriteLine();
        foreach (var story in comparison.Stories) Write(to, story);
        to.WriteLine(texts.Say(
            "compare.summary", ("count", Number(comparison.Stories.Count)), ("fresh", Number(comparison.Fresh)), ("missing", Number(comparison.Missing))));
    }

    /// <summary>One line of what changed in the data, and one for each story whose findings changed.</summary>
    public void WriteJson(Stream to)
    {
        Line(to, writer =>
        {
            writer.WriteStartArray("editions");
            foreach (var edition in comparison.Editions)
            {
                writer.WriteStartObject();
                writer.WriteString("source", edition.Source);
                writer.WriteString("was", edition.Was);
                writer.WriteString("is", edition.Is);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteNumber("changed", comparison.Stories.Count);
            writer.WriteNumber("new", comparison.Fresh);
            writer.WriteNumber("missing", comparison.Missing);
        });
        foreach (var story in comparison.Stories) Line(to, writer => Write(writer, story));
    }

    private void Write(TextWriter to, StoryChange story)
    {
        var status = story.IsGrave ? $"  {Status(story.Was.Status)} → {Status(story.Is.Status)}" : "";
        to.WriteLine($"{TextReport.Plain(story.Is.File)}{status}");
        if (story.StoryChanged) to.WriteLine($"  {texts["compare.story-changed"]}");
        foreach (var change in story.Findings)
        {
            var about = change.Is ?? change.Was!;
            var verdict = change switch
            {
                { Was: null } => $"{texts["compare.new"]}: {Verdict(about)}",
                { Is: null } => $"{texts["compare.gone"]}: {Verdict(about)}",
                _ => $"{Verdict(change.Was!)} → {Verdict(change.Is!)}",
            };
            to.WriteLine(TextReport.Plain($"  {verdict} · {texts.Called("kind", about.Kind)} · {string.Join(", ", about.Claims)}"));
            var (was, now) = (change.Was?.Sources ?? [], change.Is?.Sources ?? []);
            Words(to, "compare.said", was.ExceptBy(now.Select(What), What));
            Words(to, "compare.says", now.ExceptBy(was.Select(What), What));
        }
        to.WriteLine();
    }

    /// <summary>What a source says of which day, in whatever edition.</summary>
    private static (string Source, string Day, string Status) What(KeptWord word) => (word.Source, word.Day, word.Status);

    private void Words(TextWriter to, string key, IEnumerable<KeptWord> words)
    {
        foreach (var word in words)
        {
            var said = texts.Say(key, ("source", word.Source), ("version", word.Version), ("day", word.Day), ("says", texts[$"status.{StatusKey(word.Status)}"]));
            to.WriteLine(TextReport.Plain($"    {said}"));
        }
    }

    private static void Write(Utf8JsonWriter writer, StoryChange story)
    {
        writer.WriteString("file", story.Is.File);
        writer.WriteNumber("status", story.Is.Status);
        writer.WriteNumber("was_status", story.Was.Status);
        writer.WriteBoolean("story_changed", story.StoryChanged);
        writer.WriteStartArray("changes");
        foreach (var change in story.Findings)
        {
            var about = change.Is ?? change.Was!;
            writer.WriteStartObject();
            writer.WriteString("change", change.Name);
            writer.WriteString("kind", about.Kind);
            writer.WriteStartArray("claims");
            foreach (var claim in about.Claims) writer.WriteStringValue(claim);
            writer.WriteEndArray();
            writer.WriteString("was", change.Was?.Verdict);
            writer.WriteString("is", change.Is?.Verdict);
            KeptFindings.WriteSources(writer, "sources_were", change.Was?.Sources ?? []);
            KeptFindings.WriteSources(writer, "sources_are", change.Is?.Sources ?? []);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Line(Stream to, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        to.Write("\n"u8);
    }

    private string Verdict(KeptFinding finding) => texts.Called("verdict", finding.Verdict).ToUpper(CultureInfo.InvariantCulture);

    private string Status(int status) => texts[status switch { ExitStatus.Done => "terminal.sound", ExitStatus.Refused => "compare.contradictions", _ => "terminal.not-understood" }];

    private static string StatusKey(string status) =>
        Enum.GetValues<ControlStatus>().FirstOrDefault(each => ReportWriter.NameOf(each) == status, ControlStatus.Nothing).ToString();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
