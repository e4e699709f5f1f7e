using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Understory.Terminal;
using Understory.Verification;

namespace Understory.Checking;

/// <summary>What a source said where a finding rests on it.</summary>
internal sealed record KeptWord(string Source, string Version, string Day, string Status);

/// <summary>A finding, as far as another run is compared with it.</summary>
internal sealed record KeptFinding(string Kind, string Verdict, IReadOnlyList<string> Claims, IReadOnlyList<KeptWord> Sources)
{
    /// <summary>What it is about: findings of two runs are of the same thing when these are equal.</summary>
    public string About { get; } = $"{Kind}\n{string.Join('\n', Claims)}";

    public static KeptFinding Of(Finding finding) => new(
        ReportWriter.NameOf(finding.Kind), ReportWriter.NameOf(finding.Verdict), finding.Claims,
        [.. finding.BySource.Select(word => new KeptWord(word.Source, word.Version, DayRange.Iso(word.Day), ReportWriter.NameOf(word.Status)))]);
}

/// <summary>A story's findings. It holds none of the words that were said, but the ids of claims, days, and what sources say.</summary>
/// <param name="File">Its file, relative to the folder.</param>
/// <param name="Sha256">Of the file's bytes, so that a story that was changed can be told from data that were.</param>
/// <param name="Status">0 no contradiction, 1 contradictions, 2 not understood.</param>
/// <param name="Findings">What was found.</param>
internal sealed record KeptStory(string File, string Sha256, int Status, IReadOnlyList<KeptFinding> Findings);

/// <summary>The findings of one run over a folder (<c>docs/formats/story.md</c>, "Checking again").</summary>
/// <param name="Edition">The data it was checked with.</param>
/// <param name="Stories">All of them.</param>
internal sealed record KeptFindings(string Edition, IReadOnlyList<KeptStory> Stories)
{
    private const string Format = "understory-findings";
    private const int Version = 1;

    /// <summary>Some million stories. What is longer is another file, given by mistake.</summary>
    private const long MaxBytes = 1L << 30;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads what <see cref="Write(Stream)"/> wrote.</summary>
    /// <exception cref="UsageException">It is not there, is something else, or was damaged.</exception>
    public static KeptFindings Read(string name)
    {
        using var input = Files.OpenInput(name);
        if (Files.IsStandard(name) || Files.Length(input) is not (>= 0 and <= MaxBytes)) throw new UsageException($"'{name}' is no file of findings.");
        var bytes = new byte[input.Length];
        input.ReadExactly(bytes);
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        try
        {
            using var head = JsonDocument.Parse(bytes.AsMemory(0, Math.Max(0, end)));
            if (head.RootElement.GetProperty("format").GetString() != Format) throw new UsageException($"'{name}' is no file of findings.");
            var version = head.RootElement.GetProperty("version").GetInt32();
            if (version != Version) throw new UsageException($"'{name}' has format {version}, which is not known here. Check without --against, and save anew.");
            var rest = bytes.AsMemory(end + 1);
            if (head.RootElement.GetProperty("sha256").GetString() != Hash(rest.Span)) throw new UsageException($"'{name}' is damaged or was changed: nothing is compared with it. Check without --against, and save anew.");
            var stories = new List<KeptStory>();
            while (!rest.IsEmpty)
            {
                var line = rest[..rest.Span.IndexOf((byte)'\n')];
                using var story = JsonDocument.Parse(line);
                stories.Add(StoryOf(story.RootElement));
                rest = rest[(line.Length + 1)..];
            }
            return new KeptFindings(head.RootElement.GetProperty("edition").GetString() ?? "", stories);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            throw new UsageException($"'{name}' is no file of findings.");
        }
    }

    /// <summary>Writes them: a line of JSON that says what it is, with a checksum, and a line for each story.</summary>
    public void Write(Stream to)
    {
        using var rest = new MemoryStream();
        foreach (var story in Stories) Line(rest, writer => Write(writer, story));
        Line(to, writer =>
        {
            writer.WriteString("format", Format);
            writer.WriteNumber("version", Version);
            writer.WriteString("edition", Edition);
            writer.WriteNumber("stories", Stories.Count);
            writer.WriteString("sha256", Hash(rest.GetBuffer().AsSpan(0, (int)rest.Length)));
        });
        rest.WriteTo(to);
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void Line(Stream to, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(to, s_options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        to.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter writer, KeptStory story)
    {
        writer.WriteString("file", story.File);
        writer.WriteString("sha256", story.Sha256);
        writer.WriteNumber("status", story.Status);
        writer.WriteStartArray("findings");
        foreach (var finding in story.Findings) WriteFinding(writer, finding);
        writer.WriteEndArray();
    }

    private static void WriteFinding(Utf8JsonWriter writer, KeptFinding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", finding.Kind);
        writer.WriteString("verdict", finding.Verdict);
        writer.WriteStartArray("claims");
        foreach (var claim in finding.Claims) writer.WriteStringValue(claim);
        writer.WriteEndArray();
        WriteSources(writer, "by_source", finding.Sources);
        writer.WriteEndObject();
    }

    /// <summary>What sources said, under a name.</summary>
    public static void WriteSources(Utf8JsonWriter writer, string name, IReadOnlyList<KeptWord> words)
    {
        writer.WriteStartArray(name);
        foreach (var word in words)
        {
            writer.WriteStartObject();
            writer.WriteString("source", word.Source);
            writer.WriteString("version", word.Version);
            writer.WriteString("day", word.Day);
            writer.WriteString("status", word.Status);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static KeptStory StoryOf(JsonElement story) => new(
        Text(story, "file"), Text(story, "sha256"), story.GetProperty("status").GetInt32(),
        [.. story.GetProperty("findings").EnumerateArray().Select(FindingOf)]);

    private static KeptFinding FindingOf(JsonElement finding) => new(
        Text(finding, "kind"), Text(finding, "verdict"),
        [.. finding.GetProperty("claims").EnumerateArray().Select(claim => claim.GetString() ?? "")],
        [.. finding.GetProperty("by_source").EnumerateArray().Select(word => new KeptWord(Text(word, "source"), Text(word, "version"), Text(word, "day"), Text(word, "status")))]);

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? throw new FormatException();
}
