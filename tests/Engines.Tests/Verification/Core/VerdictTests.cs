using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>What can be said, and of what: places, ways and rules.</summary>
public sealed class VerdictTests
{
    private readonly FakeGround _ground = new FakeGround().With("Svatove", 38).With("Kyiv", 30.5);

    private static Claim Held(string when, Side side = Side.RU) => Tell.Event("held", Tell.On(when)) with { Where = Tell.At("Svatove"), HeldBy = side };

    private void Judge(string denied = "", string supported = "", string disagreed = "") =>
        _ground.Judgements[("Svatove", Side.RU)] = new Judgement(Days(denied), Days(supported), Days(disagreed));

    private static DaySet Days(string days) => days.Length == 0 ? DaySet.None : DaySet.Of(days.Split(' ').Select(Tell.Days));

    [Theory]
    [InlineData("2022-05", "", "", Verdict.Contradicts)]
    [InlineData("2022-05-01/2022-05-20", "", "", null)]
    [InlineData("", "2022-05", "", Verdict.Agrees)]
    [InlineData("", "2022-05-10", "", Verdict.Agrees)]
    [InlineData("2022-05-20", "2022-05-10", "", null)]
    [InlineData("", "", "2022-05", Verdict.CannotTell)]
    [InlineData("", "", "2022-05-01/2022-05-20", null)]
    [InlineData("", "", "", null)]
    public void What_sources_say_of_a_month_gives_one_of_three_verdicts_or_nothing(string denied, string supported, string disagreed, Verdict? verdict)
    {
        Judge(denied.Length == 0 ? "" : denied == "2022-05" ? "2022-01/2022-12" : denied, supported, disagreed);
        var report = Checker.Check(Tell.Story(Held("2022-05")), _ground, Facts.None);
        report.Findings.Select(finding => (Verdict?)finding.Verdict).SingleOrDefault().ShouldBe(verdict);
        report.Consistent.ShouldBe(verdict != Verdict.Contradicts);
        if (verdict is not null) report.Findings[0].BySource.Count.ShouldBe(2, "both sources are shown");
        if (verdict == Verdict.Contradicts) report.Findings[0].Ask.ShouldNotBeNull().With.Keys.ShouldBe(["says"], "a question reveals nothing");
        report.Claims[0].Place!.Holds.ShouldBe(verdict == Verdict.Contradicts ? 0 : 1);
    }

    [Theory]
    [InlineData(14, Verdict.CannotTell)]
    [InlineData(15, Verdict.Contradicts)]
    public void A_repair_of_a_fortnight_accuses_nobody(int days, Verdict verdict)
    {
        var start = Tell.Day("2022-05-01");
        _ground.Judgements[("Svatove", Side.RU)] = new Judgement(DaySet.Of(new DayRange(start - 100, start + days - 1)), DaySet.None, DaySet.None);
        var finding = Checker.Check(Tell.Story(Held("2022-05-01")), _ground, Facts.None).Findings.ShouldHaveSingleItem();
        finding.Verdict.ShouldBe(verdict);
        finding.Repair.ShouldBe(new Repair("held", days, Later: true, new DayRange(start + days, start + days)));
    }

    [Theory]
    [InlineData("2003-05-10", "2024-05-09", Verdict.CannotTell)]
    [InlineData("2003-05-10", "2024-04-26", Verdict.CannotTell)]
    [InlineData("2003-05-10", "2024-04-25", Verdict.Contradicts)]
    [InlineData("2003-05-10", "2025-05-23", Verdict.CannotTell)]
    [InlineData("2003-05-10", "2025-05-24", Verdict.Contradicts)]
    public void An_age_that_is_rounded_by_a_fortnight_accuses_nobody(string born, string on, Verdict verdict)
    {
        var person = new Person(DaySet.Of(Tell.Days(born)), new StatedAge(21, DaySet.Of(Tell.Days(on))));
        var finding = Checker.Check(Tell.Story("2025-10-10", person, Held("2022-05")), _ground, Facts.None).Findings.ShouldHaveSingleItem();
        (finding.Verdict, finding.Claims.Count).ShouldBe((verdict, 0));
    }

    [Theory]
    [InlineData(17, Verdict.CannotTell, 1)]
    [InlineData(16, Verdict.Contradicts, 366)]
    [InlineData(18, null, 0)]
    public void What_was_said_by_an_age_has_its_repair_too(int years, Verdict? verdict, int days)
    {
        var called = Tell.Event("called", new When.Said(new Phrase.AtAge("at that age", years), Tell.Nowhere)) with { Kind = ClaimKind.Conscripted };
        var aged = Tell.Event("called") with { Kind = ClaimKind.Conscripted, Age = years };
        foreach (var claim in (Claim[])[called, aged])
        {
            var story = Tell.Story("2025-03-10", new Person(DaySet.Of(Tell.Days("2003-05-10")), Age: null), claim) with { Off = ["conscription-seasons-ru"] };
            var finding = Checker.Check(story, _ground, FactsReader.Shipped).Findings.SingleOrDefault();
            (finding?.Verdict, finding?.Repair?.Days ?? 0).ShouldBe((verdict, days));
        }
    }

    [Fact]
    public void What_was_said_by_a_public_fact_has_its_repair_too()
    {
        Judge("2022-01/2022-10-04");
        var week = Tell.Of(1, TimeUnit.Week);
        var story = Tell.Story(Held("2022-05") with { When = Tell.After("fact:mobilisation-ru-2022", week) });
        var end = Checker.Check(story, _ground, FactsReader.Shipped).Claims[0].Windows[^1].Last;
        _ground.Judgements[("Svatove", Side.RU)] = new Judgement(DaySet.Of(new DayRange(end - 200, end + 9)), DaySet.None, DaySet.None);
        var finding = Checker.Check(story, _ground, FactsReader.Shipped).Findings.ShouldHaveSingleItem();
        (finding.Verdict, finding.Repair!.Days).ShouldBe((Verdict.CannotTell, 10));
    }

    [Fact]
    public void Where_the_window_came_from_others_they_belong_to_the_conflict()
    {
        Judge("2022-12-01/2023-03-31");
        var story = Tell.Story(Tell.Stay("hospital", "2022-11", "2022-12-20"), Tell.Event("arrival", Tell.Both(Tell.After("hospital"), Tell.Before("exercise"))) with { Where = Tell.At("Svatove"), HeldBy = Side.RU }, Tell.Event("exercise", Tell.On("2023-02")));
        var report = Checker.Check(story, _ground, Facts.None);
        var finding = report.Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.Verdict).ShouldBe((FindingKind.Place, Verdict.Contradicts));
        finding.Claims.ShouldBe(["hospital", "arrival", "exercise"]);
        finding.Because.Select(reason => (reason.Claim, reason.Kind)).ShouldBe([("hospital", "until"), ("arrival", "order"), ("arrival", "order"), ("arrival", "held-by"), ("exercise", "when")]);
        finding.Repair!.Days.ShouldBe(20, "the hospital ends on 30 November");
        finding.Explanation.With["days"].ShouldBe("2022-12-20/2023-02-28");
        report.Claims[0].Windows.ShouldBe([Tell.Days("2022-11-01/2022-12-20")]);
        report.Claims.ShouldAllBe(claim => !claim.Derived);
    }

    [Fact]
    public void A_village_that_others_share_the_name_with_is_not_held_against_anybody()
    {
        _ground.Names["Svatove"].Add(FakeGround.Place("another", 50, 25));
        Judge("2022-01/2022-12");
        var report = Checker.Check(Tell.Story(Held("2022-05")), _ground, Facts.None);
        report.Findings.ShouldBeEmpty();
        (report.Claims[0].Place!.Holds, report.Claims[0].Place!.Of).ShouldBe((1, 2));
        _ground.Judgements[("another", Side.RU)] = new Judgement(Days("2022-05-02/2022-12-31"), DaySet.None, DaySet.None);
        Checker.Check(Tell.Story(Held("2022-05")), _ground, Facts.None).Claims[0].Windows.ShouldBe([Tell.Days("2022-05-01")]);
    }

    [Fact]
    public void A_place_that_breaks_a_rule_too_is_shown_for_both()
    {
        Judge("2021-01/2023-12");
        var facts = new Facts([new Fact("season", FactText.Of(""), [], DayRange.Always, new Rule(ClaimKind.Conscripted, Jurisdiction.RU, [new Allowance(Days("2022-04-01/2022-07-15"))]))]);
        var report = Checker.Check(Tell.Story(Held("2022-09") with { Kind = ClaimKind.Conscripted }), _ground, facts);
        report.Findings.Select(finding => finding.Kind).ShouldBe([FindingKind.Place, FindingKind.Rule]);
        report.Findings[1].Repair!.Days.ShouldBe(48);
        var off = Tell.Story(Held("2022-09") with { Kind = ClaimKind.Conscripted }) with { Off = ["season", Checker.Places] };
        Checker.Check(off, _ground, facts).Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ClaimKind.Event, 50, 1)]
    [InlineData(ClaimKind.Event, 30, 0)]
    [InlineData(ClaimKind.Surrendered, 50, 0)]
    [InlineData(ClaimKind.Captured, 50, 0)]
    [InlineData(ClaimKind.Exchanged, 50, 0)]
    public void Crossing_the_front_takes_more_than_a_day_but_near_it_and_for_those_who_gave_up(ClaimKind kind, int km, int conflicts)
    {
        _ground.Sides = (place, _) => place == "Kyiv" ? Side.UA : Side.RU;
        _ground.Fronts = (place, _) => place == "Kyiv" ? 400 : km;
        Claim[] claims = [Tell.Event("a", Tell.On("2022-05-05")) with { Where = Tell.At("Svatove"), Kind = kind }, Tell.Event("b", Tell.On("2022-05-05")) with { Where = Tell.At("Kyiv") }];
        var findings = Checker.Check(Tell.Story(claims), _ground, Facts.None).Findings;
        findings.Count.ShouldBe(conflicts);
        if (conflicts == 0) return;
        (findings[0].Kind, findings[0].Verdict, findings[0].Repair!.Days).ShouldBe((FindingKind.Travel, Verdict.CannotTell, 1));
        findings[0].Explanation.Key.ShouldBe(Sentences.Crossing);
    }

    [Theory]
    [InlineData("2022-07-30", false, 0)]
    [InlineData("2022-07-29", false, 1)]
    [InlineData("2022-06-10", false, 1)]
    [InlineData("2022-06-10", true, 0)]
    public void Stays_far_apart_share_two_days_and_no_more_but_on_leave(string from, bool leave, int conflicts)
    {
        Claim[] claims = [Tell.Stay("a", "2022-06-01", "2022-07-31") with { Where = Tell.At("Svatove"), Leave = leave }, Tell.Stay("b", from, "2022-09-15") with { Where = Tell.At("Kyiv") }];
        var findings = Checker.Check(Tell.Story(claims), _ground, Facts.None).Findings;
        findings.Count.ShouldBe(conflicts);
        if (from == "2022-06-10" && conflicts > 0) (findings[0].Verdict, findings[0].Repair!.Days).ShouldBe((Verdict.Contradicts, 50));
    }

    [Fact]
    public void What_was_reported_near_supports_and_never_contradicts()
    {
        _ground.Around = (_, days, unit) => [new Nearby("list", "incident", days, 3, "shelling"), new Nearby("list", "unit", days, 5, unit ?? "some unit")];
        var claim = Tell.Event("a", Tell.On("2022-05-05")) with { Where = Tell.At("Svatove") };
        var findings = Checker.Check(Tell.Story(claim with { Unit = "1st Tank Army" }), _ground, Facts.None).Findings;
        findings.Select(finding => finding.Kind).ShouldBe([FindingKind.Unit, FindingKind.Incident]);
        findings.ShouldAllBe(finding => finding.Verdict == Verdict.Agrees);
        Checker.Check(Tell.Story(claim), _ground, Facts.None).Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKind.Incident, "no unit was said");
    }

    [Fact]
    public void A_birth_and_an_age_that_do_not_fit_are_said_once_and_held_against_no_claim()
    {
        var person = new Person(Days("2003"), new StatedAge(30, Days("2025-03-10")));
        var report = Checker.Check(Tell.Story("2025-03-10", person, Tell.Event("a", Tell.On("2022-05-05")) with { Age = 19 }), _ground, Facts.None);
        report.Findings.ShouldHaveSingleItem().Claims.ShouldBeEmpty();
        report.Claims[0].Windows.ShouldBe([Tell.Days("2022-05-05")]);
    }

    [Fact]
    public void Every_sentence_that_is_used_is_on_the_list() =>
        Sentences.All.ShouldBe(typeof(Sentences).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!), ignoreOrder: true);
}
