using System.Text.Encodings.Web;
using System.Text.Json;

namespace Understory.Verification;

/// <summary>Writes what a check found as JSON (<c>docs/formats/story.md</c>, "What comes out").</summary>
public static class ReportWriter
{
    /// <summary>How the JSON is written: text in any script stays readable, for files and terminals, not for inside of HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a report.</summary>
    /// <param name="writer">To this.</param>
    /// <param name="report">What was found.</param>
    /// <param name="texts">The language of explanations and questions.</param>
    public static void Write(Utf8JsonWriter writer, CheckReport report, Texts texts)
    {
        writer.WriteStartObject();
        writer.WriteString("story", report.Story);
        writer.WriteBoolean("consistent", report.Consistent);
        writer.WriteString("edition", report.Edition);
        writer.WriteStartArray("claims");
        foreach (var claim in report.Claims) Write(writer, claim);
        writer.WriteEndArray();
        writer.WriteStartArray("findings");
        foreach (var finding in report.Findings) Write(writer, finding, texts);
        writer.WriteEndArray();
        writer.WriteBoolean("limit_reached", report.LimitReached);
        writer.WriteEndObject();
    }

    /// <summary>A report as bytes.</summary>
    public static byte[] ToJson(CheckReport report, Texts texts)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options)) Write(writer, report, texts);
        return bytes.ToArray();
    }

    /// <summary>The name of a kind, as JSON and texts have it.</summary>
    public static string NameOf(FindingKind kind) => kind switch
    {
        FindingKind.Time => "time",
        FindingKind.Place => "place",
        FindingKind.Travel => "travel",
        FindingKind.Rule => "rule",
        FindingKind.Unit => "unit",
        _ => "incident",
    };

    /// <summary>The name of a verdict.</summary>
    public static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Agrees => "agrees",
        Verdict.Contradicts => "contradicts",
        _ => "cannot-tell",
    };

    /// <summary>The name of what a source says.</summary>
    public static string NameOf(ControlStatus status) => status switch
    {
        ControlStatus.RU => "RU",
        ControlStatus.UA => "UA",
        ControlStatus.Contested => "contested",
        ControlStatus.NotRU => "not-RU",
        _ => "nothing",
    };

    private static void Write(Utf8JsonWriter writer, ClaimResult claim)
    {
        writer.WriteStartObject();
        writer.WriteString("id", claim.Id);
        Write(writer, "windows", claim.Windows);
        writer.WriteBoolean("derived", claim.Derived);
        writer.WriteNumber("readings", claim.Readings);
        if (claim.Place is { } place)
        {
            writer.WriteStartObject("place");
            writer.WriteStartObject("candidates");
            writer.WriteNumber("holds", place.Holds);
            writer.WriteNumber("of", place.Of);
            writer.WriteStartArray("list");
            foreach (var candidate in place.List) Write(writer, candidate);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Candidate candidate)
    {
        writer.WriteStartObject();
        writer.WriteString("id", candidate.Id);
        writer.WriteString("name", candidate.Name);
        writer.WriteStartArray("within");
        foreach (var name in candidate.Within) writer.WriteStringValue(name);
        writer.WriteEndArray();
        if (candidate.Location is { } at)
        {
            writer.WriteNumber("lat", at.Latitude);
            writer.WriteNumber("lon", at.Longitude);
            if (candidate.RadiusKm > 0) writer.WriteNumber("radius_km", candidate.RadiusKm);
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Finding finding, Texts texts)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", NameOf(finding.Kind));
        writer.WriteString("verdict", NameOf(finding.Verdict));
        writer.WriteStartArray("claims");
        foreach (var id in finding.Claims) writer.WriteStringValue(id);
        writer.WriteEndArray();
        WriteReasons(writer, finding.Because);
        WriteSources(writer, finding.BySource);
        if (finding.Repair is { } repair)
        {
            writer.WriteStartObject("repair");
            writer.WriteString("claim", repair.Claim);
            writer.WriteNumber("days", repair.Days);
            writer.WriteString("direction", repair.Later ? "later" : "earlier");
            writer.WritePropertyName("to");
            Write(writer, repair.To);
            writer.WriteEndObject();
        }
        else writer.WriteNull("repair");
        writer.WriteString("explanation", texts.Say(finding.Explanation));
        writer.WriteStartArray("benign");
        foreach (var sentence in finding.Benign) writer.WriteStringValue(texts.Say(sentence));
        writer.WriteEndArray();
        if (finding.Ask is { } ask) writer.WriteString("ask", texts.Say(ask));
        else writer.WriteNull("ask");
        writer.WriteEndObject();
    }

    private static void WriteReasons(Utf8JsonWriter writer, IReadOnlyList<Reason> because)
    {
        writer.WriteStartArray("because");
        foreach (var reason in because)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", reason.Kind);
            if (reason.Claim is { } claim) writer.WriteString("claim", claim);
            writer.WriteString("text", reason.Text);
            if (reason.Days.Count > 0) Write(writer, "days", reason.Days);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteSources(Utf8JsonWriter writer, IReadOnlyList<SourceWord> bySource)
    {
        writer.WriteStartArray("by_source");
        foreach (var word in bySource)
        {
            writer.WriteStartObject();
            writer.WriteString("source", word.Source);
            writer.WriteString("version", word.Version);
            writer.WriteString("day", DayRange.Iso(word.Day));
            writer.WriteString("status", NameOf(word.Status));
            writer.WriteString("basis", word.Basis);
            if (word.Since is { } since) writer.WriteString("since", DayRange.Iso(since));
            if (word.Until is { } until) writer.WriteString("until", DayRange.Iso(until));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<DayRange> ranges)
    {
        writer.WriteStartArray(name);
        foreach (var range in ranges) Write(writer, range);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, DayRange range)
    {
        writer.WriteStartObject();
        writer.WriteString("from", DayRange.Iso(range.First));
        writer.WriteString("to", DayRange.Iso(range.Last));
        writer.WriteEndObject();
    }
}
