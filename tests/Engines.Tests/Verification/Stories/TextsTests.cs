using System.Text.RegularExpressions;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Stories;

/// <summary>What people read is the same in three languages, and says no more than it may.</summary>
public partial class TextsTests
{
    [Fact]
    public void Every_sentence_of_a_finding_is_in_every_language()
    {
        foreach (var language in Texts.Languages)
            foreach (var key in Sentences.All) Texts.For(language)[key].ShouldNotBeNullOrWhiteSpace($"{key} in {language}");
    }

    [Fact]
    public void Every_text_has_the_same_things_put_in_in_every_language()
    {
        var english = Texts.For("en");
        foreach (var language in Texts.Languages.Skip(1))
        {
            var texts = Texts.For(language);
            texts.Keys.Order(StringComparer.Ordinal).ShouldBe(english.Keys.Order(StringComparer.Ordinal));
            foreach (var key in english.Keys)
            {
                texts[key].ShouldNotBeNullOrWhiteSpace($"{key} in {language}");
                Names(texts[key]).ShouldBe(Names(english[key]), $"{key} in {language}");
                foreach (Match plural in Plural().Matches(texts[key])) plural.Value.Count(sign => sign == '|').ShouldBe(3, $"{key} in {language}");
            }
        }
    }

    /// <summary>A question repeats what the person said, and nothing else: no day, no place, no source, no side.</summary>
    [Fact]
    public void Questions_reveal_nothing_and_leave_the_answer_open()
    {
        foreach (var language in Texts.Languages)
        {
            var texts = Texts.For(language);
            foreach (var key in texts.Keys.Where(key => key.StartsWith("ask.", StringComparison.Ordinal)))
            {
                Names(texts[key]).Except(["says"]).ShouldBeEmpty($"{key} in {language}");
                texts[key].ShouldEndWith("?");
                texts[key].Any(char.IsDigit).ShouldBeFalse();
            }
        }
    }

    [Theory]
    [InlineData("en", "2022-09-21/2022-09-30", "21 to 30 September 2022")]
    [InlineData("en", "2022-09-21", "21 September 2022")]
    [InlineData("en", "2021-12-28/2022-01-03", "28 December 2021 to 3 January 2022")]
    [InlineData("ru", "2022-09-21/2022-09-30", "с 21 по 30 сентября 2022 года")]
    [InlineData("ru", "2022-05-02/2022-06-01", "с 2 мая по 1 июня 2022 года")]
    [InlineData("ru", "2022-09-21", "21 сентября 2022 года")]
    [InlineData("uk", "2022-09-21/2022-09-30", "з 21 по 30 вересня 2022 року")]
    [InlineData("uk", "2021-12-28/2022-01-03", "з 28 грудня 2021 року по 3 січня 2022 року")]
    [InlineData("uk", "1900-01-01/2022-02-24", "до 24 лютого 2022 року включно")]
    [InlineData("ru", "2022-02-24/2199-12-31", "начиная с 24 февраля 2022 года")]
    [InlineData("en", "1900-01-01/2199-12-31", "any day")]
    public void Days_are_written_out(string language, string days, string said) =>
        Texts.For(language).Say("reason.allows", ("what", "x"), ("days", days)).ShouldBe($"x ({said})");

    [Theory]
    [InlineData("en", 1, "1 day"), InlineData("en", 2, "2 days"), InlineData("en", 21, "21 days")]
    [InlineData("ru", 1, "1 день"), InlineData("ru", 3, "3 дня"), InlineData("ru", 5, "5 дней"), InlineData("ru", 11, "11 дней"), InlineData("ru", 12, "12 дней"), InlineData("ru", 21, "21 день"), InlineData("ru", 114, "114 дней")]
    [InlineData("uk", 1, "1 день"), InlineData("uk", 24, "24 дні"), InlineData("uk", 14, "14 днів"), InlineData("uk", 100, "100 днів")]
    public void Numbers_take_their_form(string language, int count, string said) =>
        Texts.For(language).Say("benign.few-days", ("moves", "a"), ("repair", $"{count}")).ShouldContain(said);

    /// <summary>The bases that sources give, by their stable names in the code.</summary>
    [Theory]
    [InlineData("inside"), InlineData("outside"), InlineData("outside-near-edge"), InlineData("not-wholly-on-one-side"), InlineData("no-map"), InlineData("section-II"), InlineData("section-1"), InlineData("section-2"), InlineData("section-3")]
    [InlineData("part"), InlineData("overlap"), InlineData("not-listed"), InlineData("after-edition"), InlineData("starter"), InlineData("after-last-day"), InlineData("outside-its-time"), InlineData("unknown-place"), InlineData("reported"), InlineData("no-report"), InlineData("between 2022-09-01 and 2022-09-20")]
    public void What_a_source_rests_on_is_said_in_every_language(string basis)
    {
        var said = Texts.Languages.Select(language => Texts.For(language).Basis(basis)).ToList();
        said.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        said.ShouldNotContain(basis);
        Texts.For("en").Basis("something else").ShouldBe("something else");
    }

    [Fact]
    public void Quotation_marks_are_those_of_the_language_and_silence_has_its_own_question()
    {
        Texts.For("uk").Quoted("“a”, “b”").ShouldBe("«a», «b»");
        var ask = new Sentence(Sentences.AskTime, new Dictionary<string, string>(StringComparer.Ordinal) { ["says"] = "" });
        Texts.For("en").Say(ask).ShouldStartWith("Tell me about that time");
        Should.Throw<ArgumentException>(() => Texts.For("de"));
    }

    private static List<string> Names(string text) => [.. Name().Matches(text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{([a-z]+)(?=[:}|])")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{[a-z]+\|[^{}]*\}")]
    private static partial Regex Plural();
}
