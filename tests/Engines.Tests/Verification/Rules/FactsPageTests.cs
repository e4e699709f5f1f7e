using System.Globalization;
using System.Text;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Rules;

/// <summary>The page on which a lawyer reviews the facts says what the engine reads, no more and no less.</summary>
public sealed class FactsPageTests
{
    private const string Mark = "<!-- Everything below is written from facts/rules.yaml; a test holds it to that file. -->\n";

    [Fact]
    public void The_page_for_review_lists_every_fact_as_the_engine_reads_it()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules", "facts.md"));
        var start = page.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        var text = Write(FactsReader.Shipped);
        if (page[start..] == text) return;
        var there = Path.Combine(AppContext.BaseDirectory, "rules", "facts.md.new");
        File.WriteAllText(there, page[..start] + text);
        Assert.Fail($"docs/facts.md is not as facts/rules.yaml; what it should be stands in {there}");
    }

    private static string Write(Facts facts)
    {
        var page = new StringBuilder();
        foreach (var fact in facts.All)
        {
            Line($"\n## `{fact.Id}`\n\n{fact.What.English}\n");
            Line($"- ru: {fact.What.Russian}");
            Line($"- uk: {fact.What.Ukrainian}");
            Line($"- Days: {Days(fact.Days)}");
            foreach (var line in Asks(fact)) Line(line);
            if (fact.Benign is { } benign) Line($"- Innocent explanation: {benign.English}");
            foreach (var source in fact.Sources) Line($"- Source: {source.Title}, {source.Date}{(source.Url is { } url ? $", <{url}>" : "")}");
        }
        return page.ToString();

        void Line(string line) => page.Append(line).Append('\n');
    }

    private static IEnumerable<string> Asks(Fact fact)
    {
        if (fact.Sky is { } sky)
        {
            yield return "- Closes the sky over: " + string.Join("; ", sky.Boxes.Select(box => string.Create(CultureInfo.InvariantCulture, $"{box.South}–{box.North}° N, {box.West}–{box.East}° E")));
        }
        else if (fact.Rule is { } rule)
        {
            var name = rule.Kind == ClaimKind.ContractSigned ? "contract-signed" : rule.Kind.ToString().ToLowerInvariant();
            yield return $"- Asks of `{name}`{(rule.By is { } by ? $", `by: {by}`" : "")}; certain:";
            foreach (var allowed in rule.Allowed.Where(allowed => !allowed.IsUnsure)) yield return $"  - {Allows(allowed)}";
            if (rule.Allowed.Any(allowed => allowed.IsUnsure)) yield return "- Cannot tell:";
            foreach (var allowed in rule.Allowed.Where(allowed => allowed.IsUnsure)) yield return $"  - {Allows(allowed)}";
            yield return "- Anything else contradicts, if it is more than 14 days off.";
        }
        else yield return "- Asks nothing; stories may count from it.";
    }

    private static string Allows(Allowance allowed)
    {
        var age = (allowed.FromAge, allowed.BelowAge) switch
        {
            ({ } from, { } below) => $", aged {from} to {below}",
            ({ } from, null) => $", aged {from} or more",
            (null, { } below) => $", aged up to {below}",
            _ => "",
        };
        return $"{Seasons(allowed.Days)}{age}{(allowed.Born is { } born ? $", born {Days(born)}" : "")}";
    }

    /// <summary>Days of many years are said once, if they are the same in each.</summary>
    private static string Seasons(DaySet days)
    {
        if (days.Ranges.Length <= 2) return string.Join(", ", days.Ranges.Select(Days));
        var seasons = days.Ranges.Select(range => $"{DayRange.Iso(range.First)[5..]} to {DayRange.Iso(range.Last)[5..]}").Distinct(StringComparer.Ordinal).ToList();
        var (first, last) = (DateOnly.FromDayNumber(days.Hull.First).Year, DateOnly.FromDayNumber(days.Hull.Last).Year);
        days.Ranges.Length.ShouldBe(seasons.Count * (last - first + 1), "each season of each year");
        return $"{string.Join(" and ", seasons)} of {first} to {(last == 2199 ? "any later year" : $"{last}")}";
    }

    private static string Days(DayRange days) => (days.First <= DayRange.Earliest, days.Last >= DayRange.Latest) switch
    {
        (true, true) => "any day",
        (true, _) => $"until {DayRange.Iso(days.Last)}",
        (_, true) => $"since {DayRange.Iso(days.First)}",
        _ => days.First == days.Last ? DayRange.Iso(days.First) : $"{DayRange.Iso(days.First)} to {DayRange.Iso(days.Last)}",
    };
}
