using System.Text.Json;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Stories;

/// <summary>The stories in docs/examples give what their page says, in every language.</summary>
public class ExampleTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "examples");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    /// <summary>Findings that contradict, as kind and claims.</summary>
    [Theory]
    [InlineData("1-holds")]
    [InlineData("2-dates", "time: служба, госпиталь, дома")]
    [InlineData("3-place", "place: купянськ")]
    [InlineData("4-travel", "travel: сватово, мелитополь")]
    [InlineData("5-village")]
    [InlineData("6-sources")]
    [InlineData("7-derived", "place: госпиталь, приезд")]
    [InlineData("8-law", "rule: призыв")]
    public void Each_contradicts_where_it_should(string name, params string[] contradictions)
    {
        var (_, report) = Check(name);
        report.Findings.Where(finding => finding.Verdict == Verdict.Contradicts).Select(Named).ShouldBe(contradictions);
        report.Consistent.ShouldBe(contradictions.Length == 0);
        report.LimitReached.ShouldBeFalse();
    }

    [Fact]
    public void Every_example_is_run() =>
        Names.Select(row => row.Data).ShouldBe(["1-holds", "2-dates", "3-place", "4-travel", "5-village", "6-sources", "7-derived", "8-law"]);

    [Fact]
    public void A_shared_name_means_none_of_its_places_by_itself()
    {
        var (_, report) = Check("5-village");
        (report.Claims[0].Place!.Holds, report.Claims[0].Place!.Of).ShouldBe((1, 2));
        report.Findings.ShouldNotContain(finding => finding.Verdict == Verdict.Contradicts);
    }

    [Fact]
    public void Where_sources_disagree_nothing_can_be_told_and_both_are_shown()
    {
        var finding = Check("6-sources").Report.Findings.ShouldHaveSingleItem();
        (finding.Verdict, finding.Explanation.Key).ShouldBe((Verdict.CannotTell, Sentences.PlaceDisagrees));
        finding.BySource.Select(word => word.Source).Distinct().Order(StringComparer.Ordinal).ShouldBe(["list", "map"]);
    }

    [Fact]
    public void The_repair_of_dates_is_the_fewest_days()
    {
        var repair = Check("2-dates").Report.Findings.Single(finding => finding.Verdict == Verdict.Contradicts).Repair!;
        repair.Days.ShouldBe(20);
    }

    [Fact]
    public void Public_facts_are_asked_and_can_be_counted_from()
    {
        var (_, report) = Check("8-law");
        report.Findings.ShouldHaveSingleItem().Repair!.Days.ShouldBe(27);
        report.Claims.Single(claim => claim.Id == "плотина").Windows.ShouldHaveSingleItem().First.ShouldBe(new DateOnly(2023, 6, 6).DayNumber);
    }

    /// <summary>The shape that docs/formats/story.md promises, with no key more or less.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Its_json_has_the_shape_that_is_promised(string name)
    {
        foreach (var language in Texts.Languages)
        {
            using var json = JsonDocument.Parse(ReportWriter.ToJson(Check(name).Report, Texts.For(language)));
            Keys(json.RootElement).ShouldBe(["story", "consistent", "edition", "claims", "findings", "limit_reached"]);
            foreach (var claim in json.RootElement.GetProperty("claims").EnumerateArray())
            {
                Keys(claim).Where(key => key != "place").ShouldBe(["id", "windows", "derived", "readings"]);
                foreach (var window in claim.GetProperty("windows").EnumerateArray()) Keys(window).ShouldBe(["from", "to"]);
                if (claim.TryGetProperty("place", out var place)) Keys(place.GetProperty("candidates")).ShouldBe(["holds", "of", "list"]);
            }
            foreach (var finding in json.RootElement.GetProperty("findings").EnumerateArray())
            {
                Keys(finding).ShouldBe(["kind", "verdict", "claims", "because", "by_source", "repair", "explanation", "benign", "ask"]);
                finding.GetProperty("verdict").GetString().ShouldBeOneOf("agrees", "contradicts", "cannot-tell");
                finding.GetProperty("explanation").GetString()!.ShouldNotContain("{");
            }
        }
    }

    /// <summary>Readable on any terminal: within its width, every claim and finding in it, no control characters without colours.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Its_text_fits_the_terminal(string name)
    {
        var (story, report) = Check(name);
        foreach (var language in Texts.Languages)
        {
            foreach (var width in (int[])[40, 80, 200])
            {
                var text = new StringWriter();
                new TextReport(text, Texts.For(language), width, colours: false).Write(story, report);
                var lines = text.ToString().Split('\n');
                lines.Max(line => line.Length).ShouldBeLessThanOrEqualTo(Math.Max(width, 60));
                foreach (var claim in story.Claims) text.ToString().ShouldContain(claim.Id);
                text.ToString().Any(sign => char.IsControl(sign) && sign != '\n').ShouldBeFalse();
                text.ToString().ShouldNotContain("{");
            }
        }
    }

    /// <summary>What somebody else wrote cannot move the cursor or turn the line around.</summary>
    [Fact]
    public void Foreign_text_is_shown_plain() => TextReport.Plain("a\e[2Jb\u202Ec\nd").ShouldBe("a[2Jbc d");

    private static (Story Story, CheckReport Report) Check(string name)
    {
        var story = StoryReader.Read(File.ReadAllBytes(Path.Combine(Folder, $"{name}.yaml")), FactsReader.Shipped);
        return (story, Checker.Check(story, new ExampleGround(), FactsReader.Shipped));
    }

    private static string Named(Finding finding) => $"{ReportWriter.NameOf(finding.Kind)}: {string.Join(", ", finding.Claims)}";

    private static List<string> Keys(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
