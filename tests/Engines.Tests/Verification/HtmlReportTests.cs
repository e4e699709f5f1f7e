using System.Text.RegularExpressions;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification;

/// <summary>The report as one page: it asks nobody for anything, and what a story says stays words.</summary>
public sealed partial class HtmlReportTests
{
    private const string Hostile = """<img src=x onerror=alert(1)> "quoted" 'and' </script><script>alert(2)</script> & ’""";

    private static readonly Story Told = StoryReader.Read(
        $"""
        story: denis-travel
        told: 2025-03-10
        claims:
          - id: svatove
            kind: stay
            from: 2022-06-01
            until: 2022-07-31
            where: Сватове
            held_by: RU
            says: '{Hostile.Replace("'", "''", StringComparison.Ordinal)}'
          - id: melitopol
            kind: stay
            from: 2022-07-10
            until: 2022-09-15
            where: Мелітополь
        """, FactsReader.Shipped);

    [Theory]
    [InlineData("en", "One contradiction", "31 July 2022")]
    [InlineData("ru", "1 противоречие", "31 июля 2022 г.")]
    [InlineData("uk", "1 суперечність", "31 липня 2022 р.")]
    public void It_is_whole_in_each_language_and_what_was_said_stays_words(string language, string summary, string day)
    {
        var page = Page(language);
        page.ShouldContain(summary);
        page.ShouldContain(day);
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
        page.ShouldNotContain("<img");
        Tag().Count(page).ShouldBe(1, "the one script is the report's own");
        foreach (var label in Label().Matches(page).Select(match => match.Value)) label.ShouldBeNull("every label has words");
    }

    [Fact]
    public void What_turns_the_direction_of_writing_is_left_out()
    {
        var story = StoryReader.Read("story: a\ntold: 2025-03-10\nclaims: [{ id: a, says: \"one\u202etwo\u2066\u200e\", when: 2022 }]");
        var ground = Loaded.From([]).Atlas;
        var page = HtmlReport.Of(story, Checker.Check(story, ground, FactsReader.Shipped), ground, null, Texts.For("en"));
        page.ShouldContain("onetwo");
        page.ShouldNotContain("202E", Case.Insensitive);
        page.Any(sign => char.GetUnicodeCategory(sign) == System.Globalization.UnicodeCategory.Format).ShouldBeFalse();
    }

    [Fact]
    public void It_asks_nobody_for_anything()
    {
        var page = Page("en");
        page.ShouldContain("default-src &#x27;none&#x27;");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("url(");
        page.ShouldNotContain("src=\"");
    }

    [Fact]
    public void The_map_has_the_storys_places_and_who_held_them_on_each_day_of_the_slider()
    {
        var page = Page("en");
        var days = Days().Match(page).Groups[1].Value.Split('|').Length;
        var places = Places().Matches(page).Select(match => match.Groups[1].Value).ToList();
        places.Count.ShouldBe(2);
        places.ShouldAllBe(held => held.Length == days);
        places.ShouldAllBe(held => held.All(letter => letter == 'r'), "both were held by Russia all that summer");
    }

    private static string Page(string language)
    {
        var loaded = Loaded.From([]);
        return HtmlReport.Of(Told, Checker.Check(Told, loaded.Atlas, FactsReader.Shipped), loaded.Atlas, null, Texts.For(language));
    }

    [GeneratedRegex("<script")]
    private static partial Regex Tag();

    [GeneratedRegex(@"report\.[a-z-]+")]
    private static partial Regex Label();

    [GeneratedRegex("data-days=\"([^\"]+)\"")]
    private static partial Regex Days();

    [GeneratedRegex("class=\"place[^\"]*\" data-held=\"([a-z]+)\"")]
    private static partial Regex Places();
}
