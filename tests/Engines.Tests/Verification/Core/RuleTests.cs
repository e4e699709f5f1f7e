using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>The facts that ship, and how they are read.</summary>
public sealed class RuleTests
{
    private static IReadOnlyList<Finding> Check(ClaimKind kind, string when, string? born = null, Jurisdiction by = Jurisdiction.RU) =>
        Checker.Check(Tell.Story("2026-06-01", new Person(born is null ? null : DaySet.Of(Tell.Days(born)), Age: null), Tell.Event("a", Tell.On(when)) with { Kind = kind, By = by }), new FakeGround(), FactsReader.Shipped).Findings;

    [Theory]
    [InlineData(ClaimKind.Mobilised, "2022-09-21", null)]
    [InlineData(ClaimKind.Mobilised, "2022-06", Verdict.Contradicts)]
    [InlineData(ClaimKind.Mobilised, "2022-09-10", Verdict.CannotTell)]
    [InlineData(ClaimKind.Mobilised, "2023-03", Verdict.CannotTell)]
    [InlineData(ClaimKind.Conscripted, "2022-05", null)]
    [InlineData(ClaimKind.Conscripted, "2022-10-01/2022-10-10", Verdict.Contradicts)]
    [InlineData(ClaimKind.Conscripted, "2021-10", null)]
    [InlineData(ClaimKind.Conscripted, "2021-08-15", Verdict.Contradicts)]
    [InlineData(ClaimKind.Conscripted, "2026-02", Verdict.CannotTell)]
    public void Call_ups_lie_in_their_seasons(ClaimKind kind, string when, Verdict? verdict)
    {
        Check(kind, when).Select(finding => (Verdict?)finding.Verdict).SingleOrDefault().ShouldBe(verdict);
        Check(kind, when, by: Jurisdiction.LDNR).ShouldAllBe(finding => finding.Verdict == Verdict.CannotTell, "another law");
    }

    [Theory]
    [InlineData("2021-11", "2003-12-20", Verdict.Contradicts)]
    [InlineData("2021-12", "2003-12-20", null)]
    [InlineData("2023-05", "1996-04-01", Verdict.Contradicts)]
    [InlineData("2023-05", "1996-05-20", null)]
    [InlineData("2024-05", "1996-06-01", Verdict.CannotTell)]
    [InlineData("2024-05", "1997-01-01", null)]
    [InlineData("2025-05", "1994-06-01", Verdict.Contradicts)]
    public void Ages_changed_and_the_transition_cannot_be_told(string when, string born, Verdict? verdict)
    {
        var findings = Check(ClaimKind.Conscripted, when, born);
        if (verdict == Verdict.Contradicts) findings.ShouldHaveSingleItem().Explanation.Key.ShouldBe(Sentences.RuleAge);
        else findings.Select(finding => (Verdict?)finding.Verdict).SingleOrDefault().ShouldBe(verdict);
    }

    [Fact]
    public void A_fact_with_two_ends_can_be_referred_to()
    {
        var story = Tell.Story(Tell.Event("a", Tell.Within("fact:mobilisation-ru-2022")), Tell.Event("b", Tell.Both(Tell.Before("fact:mobilisation-ru-2022"), Tell.On("2022-11"))));
        var report = Checker.Check(story, new FakeGround(), FactsReader.Shipped);
        report.Claims[0].Windows.ShouldBe([Tell.Days("2022-09-21/2022-10-28")]);
        report.Findings.ShouldHaveSingleItem().Because.ShouldContain(reason => reason.Kind == "fact" && reason.Text == "mobilisation-ru-2022" && reason.Claim == null);
    }

    [Theory]
    [InlineData("facts:\n  - id: a\n    what: b\n    days: 2022-13-01\n    sources: [{ title: t, date: d, url: u }]", 4)]
    [InlineData("facts:\n  - id: a\n    what: b\n    days: 2022-01-01\n    sources: []", 2)]
    [InlineData("facts:\n  - id: a\n    colour: b", 3)]
    [InlineData("facts: [", 1)]
    [InlineData("- a", 1)]
    public void Facts_that_are_not_understood_are_refused_with_their_line(string text, int line) =>
        Should.Throw<StoryException>(() => FactsReader.Read(text)).At!.Value.Line.ShouldBeInRange(line, line + 1);
}
