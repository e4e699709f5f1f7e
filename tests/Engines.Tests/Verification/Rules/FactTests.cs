using Shouldly;
using Understory.Engines.Tests.Verification.Core;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Rules;

/// <summary>Each fact that ships, at its edges: it accuses where it is certain, and nowhere else.</summary>
public sealed class FactTests
{
    /// <summary>What one fact says of one claim.</summary>
    public enum Says
    {
        /// <summary>Nothing: it was allowed.</summary>
        Allowed,

        /// <summary>It is not certain.</summary>
        Unsure,

        /// <summary>It was not allowed, but nearly: cannot tell.</summary>
        Near,

        /// <summary>It was not allowed.</summary>
        Denied,
    }

    private const string RU = "RU";

    /// <summary>From <c>edges.tsv</c>: the fact, by whom, when, born, and what it says.</summary>
    public static TheoryData<string, string, string, string, Says> Edges
    {
        get
        {
            var data = new TheoryData<string, string, string, string, Says>();
            foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "rules", "edges.tsv")).Where(line => !line.StartsWith('#')))
            {
                var cells = line.Split('\t');
                data.Add(cells[0], cells[1], cells[2], cells[3], Enum.Parse<Says>(cells[4]));
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Edges))]
    public void Each_fact_says_at_its_edges_what_is_certain(string id, string by, string when, string born, Says says)
    {
        var fact = FactsReader.Shipped.Find(id)!;
        Of(fact, by, when, born, []).ShouldBe(says);
        Of(fact, by, when, born, [id]).ShouldBe(Says.Allowed, "it can be turned off by its name");
        if (born.Length > 0) Of(fact, by, when, born: "", []).ShouldBeOneOf(Says.Allowed, Says.Unsure);
    }

    [Fact]
    public void Every_rule_is_tried_at_its_edges_on_both_sides()
    {
        var tried = Edges.Select(row => row.Data).ToLookup(row => row.Item1, row => row.Item5);
        foreach (var fact in FactsReader.Shipped.Rules)
        {
            tried[fact.Id].ShouldContain(Says.Allowed, fact.Id);
            if (Accuses(fact)) tried[fact.Id].ShouldContain(Says.Denied, fact.Id);
            if (fact.Rule!.Allowed.Any(allowed => allowed.IsUnsure)) tried[fact.Id].ShouldContain(Says.Unsure, fact.Id);
        }
    }

    [Fact]
    public void All_facts_are_sourced_dated_and_said_in_three_languages()
    {
        foreach (var fact in FactsReader.Shipped.All)
        {
            foreach (var language in Texts.Languages) fact.What.In(language).Length.ShouldBeGreaterThan(20, $"{fact.Id} in {language}");
            IsCyrillic(fact.What.English).ShouldBeFalse(fact.Id);
            fact.What.Russian.ShouldNotBe(fact.What.Ukrainian);
            foreach (var text in (string[])[fact.What.Russian, fact.What.Ukrainian]) IsCyrillic(text).ShouldBeTrue(fact.Id);
            fact.What.Russian.ShouldNotContain("і", Case.Sensitive, fact.Id);
            fact.What.Ukrainian.IndexOfAny(['ы', 'э', 'ъ', 'ё']).ShouldBe(-1, fact.Id);
            foreach (var source in fact.Sources)
            {
                source.Title.ShouldNotBeNullOrWhiteSpace();
                Tell.Day(source.Date).ShouldBeGreaterThan(0);
                if (source.Url is { } url) Uri.TryCreate(url, UriKind.Absolute, out _).ShouldBeTrue(url);
            }
        }
    }

    [Theory]
    [InlineData("ru", "Часткова", false), InlineData("ru", "Частичная мобилизация", true)]
    [InlineData("uk", "Часткова мобілізація", true), InlineData("en", "Partial mobilisation", true)]
    public void What_a_fact_says_is_read_in_the_readers_language(string language, string words, bool isThere)
    {
        var finding = Finding(FactsReader.Shipped.Find("mobilisation-ru-2022")!, RU, "2022-06-01", born: "", [])!;
        var texts = Texts.For(language);
        string[] said = [texts.Say(finding.Explanation), texts.Say(finding.Because.Single(reason => reason.Kind == "rule"))];
        foreach (var text in said) text.Contains(words, StringComparison.Ordinal).ShouldBe(isThere);
        said[1].ShouldContain("№ 647", Case.Sensitive, "the source is named");
        finding.Benign.ShouldContain(benign => benign.Key == Sentences.BenignFact);
    }

    [Fact]
    public void Order_is_said_in_words_and_stays_as_told_in_data()
    {
        var claims = new[]
        {
            Tell.Event("a", Tell.On("2022-05")),
            Tell.Event("b", Tell.Both(Tell.On("2022-08"), Tell.Before("a", Tell.Of(2, TimeUnit.Week)))),
            Tell.Event("c", Tell.Both(Tell.On("2021-08"), Tell.Either(Tell.After("a"), Tell.Both(Tell.SameDay("a"), Tell.After("fact:kherson-2022"))))),
        };
        var findings = Checker.Check(Tell.Story(claims), new FakeGround(), FactsReader.Shipped).Findings;
        var reasons = findings.SelectMany(finding => finding.Because).Where(reason => reason.Kind == "order" || reason.Text.StartsWith("any", StringComparison.Ordinal)).ToList();
        var (order, any) = (reasons.First(reason => reason.Claim == "b"), reasons.First(reason => reason.Claim == "c"));
        order.Text.ShouldBe("before: a, by: 2 Week");
        Texts.For("ru").Say(order).ShouldBe("«b»: «2 Week» до «a»");
        any.Text.ShouldStartWith("any: after: a | ");
        Texts.For("uk").Say(any).ShouldContain("після «a» або того самого дня, що й «a» і після «Відхід із Херсона");
        Texts.For("en").Say(any).ShouldContain("after “a” or on the same day as “a”, and after “The withdrawal from Kherson");
    }

    private static Says Of(Fact fact, string by, string when, string born, IReadOnlyList<string> off) => Finding(fact, by, when, born, off) switch
    {
        null => Says.Allowed,
        { Explanation.Key: Sentences.RuleUnsure, Verdict: Verdict.CannotTell } => Says.Unsure,
        { Verdict: Verdict.CannotTell } => Says.Near,
        _ => Says.Denied,
    };

    private static Finding? Finding(Fact fact, string by, string when, string born, IReadOnlyList<string> off)
    {
        var claim = Tell.Event("a", Tell.On(when)) with { Kind = fact.Rule!.Kind, By = Enum.Parse<Jurisdiction>(by), ByIsStated = true };
        var story = Tell.Story("2030-01-01", new Person(born.Length == 0 ? null : DaySet.Of(Tell.Days(born)), Age: null), claim) with { Off = [.. off] };
        return Checker.Check(story, new FakeGround(), new Facts([fact])).Findings.SingleOrDefault();
    }

    /// <summary>Whether there is any day and age that nothing allows.</summary>
    private static bool Accuses(Fact fact) =>
        !fact.Rule!.Allowed.Any(allowed => allowed.IsUnsure && allowed.Days.Hull == DayRange.Always && allowed.FromAge is null && allowed.BelowAge is null) && fact.Id != "conscription-ua";

    private static bool IsCyrillic(string text) => text.Any(letter => letter is >= 'А' and <= 'я');
}
