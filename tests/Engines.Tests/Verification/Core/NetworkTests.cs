using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>The network against Floyd and Warshall, and its shifts against the calendar.</summary>
public sealed class NetworkTests
{
    [Fact]
    public void Windows_of_simple_networks_are_those_of_all_shortest_paths()
    {
        var random = new Random(7);
        var possible = 0;
        for (var round = 0; round < 400; round++)
        {
            var count = random.Next(3, 9);
            var told = Tell.Day("2025-03-10");
            var claims = new Claim[count];
            var distance = new long[count + 1, count + 1];
            for (var i = 0; i <= count; i++) for (var j = 0; j <= count; j++) distance[i, j] = i == j ? 0 : int.MaxValue;
            for (var i = 0; i < count; i++)
            {
                var first = told - random.Next(500, 900);
                var last = first + random.Next(400);
                List<When> all = [new When.Said(new Phrase.Date("", [new Reading(DaySet.Of(new DayRange(first, last)))]), Tell.Nowhere)];
                (distance[count, i], distance[i, count]) = (last, -first);
                for (var other = 0; other < i; other++)
                {
                    if (random.Next(3) > 0) continue;
                    var days = random.Next(1, 200);
                    all.Add(Tell.After($"c{other}", Tell.Of(days, TimeUnit.Day)));
                    var slack = Math.Max(1, (days + 4) / 5);
                    distance[other, i] = Math.Min(distance[other, i], days + slack);
                    distance[i, other] = Math.Min(distance[i, other], slack - days);
                }
                claims[i] = Tell.Event($"c{i}", Tell.Both([.. all]));
            }
            for (var k = 0; k <= count; k++) for (var i = 0; i <= count; i++) for (var j = 0; j <= count; j++) distance[i, j] = Math.Min(distance[i, j], distance[i, k] + distance[k, j]);
            var report = Checker.Check(Tell.Story(claims), new FakeGround(), Facts.None);
            var isPossible = Enumerable.Range(0, count + 1).All(i => distance[i, i] >= 0);
            (report.Findings.Count == 0).ShouldBe(isPossible, $"round {round}");
            if (!isPossible) continue;
            possible++;
            for (var i = 0; i < count; i++) report.Claims[i].Windows.ShouldBe([new DayRange((int)-distance[i, count], (int)distance[count, i])], $"round {round}, c{i}");
        }
        possible.ShouldBeInRange(50, 390);
    }

    [Fact]
    public void A_shift_and_its_inverses_fit_for_every_day_of_five_years()
    {
        Shift[] shifts = [new(ShiftKind.Months, 1, -15), new(ShiftKind.Months, -1, 15), new(ShiftKind.MonthsLate, 12, -1), new(ShiftKind.Months, 216, 0), new(ShiftKind.YearStart, 1, 0), new(ShiftKind.MonthsLate, 14, 0), Shift.Of(3)];
        foreach (var shift in shifts)
        {
            for (var day = Tell.Day("2019-06-01"); day < Tell.Day("2024-06-01"); day++)
            {
                shift.Apply(day + 1).ShouldBeGreaterThanOrEqualTo(shift.Apply(day));
                var last = shift.LastTo(day);
                shift.Apply(last).ShouldBeLessThanOrEqualTo(day);
                shift.Apply(last + 1).ShouldBeGreaterThan(day);
                var first = shift.FirstTo(day);
                shift.Apply(first).ShouldBeGreaterThanOrEqualTo(day);
                shift.Apply(first - 1).ShouldBeLessThan(day);
                (shift.Apply(day) - day).ShouldBeInRange(shift.LeastDays, shift.MostDays);
            }
        }
    }

    [Fact]
    public void Months_are_those_of_the_calendar_with_their_slack()
    {
        var story = Tell.Story(Tell.Event("a", Tell.On("2022-01-31")), Tell.Event("b", Tell.After("a", Tell.Of(1, TimeUnit.Month))));
        Checker.Check(story, new FakeGround(), Facts.None).Claims[1].Windows.ShouldBe([Tell.Days("2022-02-13/2022-03-15")]);
    }

    [Fact]
    public void Circles_that_cannot_be_are_found_however_long_their_amounts()
    {
        foreach (var amount in (Amount[])[Tell.Of(2, TimeUnit.Day), Tell.Of(1, TimeUnit.Month), Tell.Of(40, TimeUnit.Year)])
        {
            var story = Tell.Story(Tell.Event("a", Tell.After("b", amount)), Tell.Event("b", Tell.After("a", amount)), Tell.Event("c"));
            var report = Checker.Check(story, new FakeGround(), Facts.None);
            report.Findings.ShouldHaveSingleItem().Claims.ShouldBe(["a", "b"]);
            report.Findings[0].Repair.ShouldBeNull();
            report.LimitReached.ShouldBeFalse();
        }
    }

    [Fact]
    public void References_may_point_forward_and_in_circles()
    {
        var story = Tell.Story(Tell.Event("a", Tell.After("b")), Tell.Event("b", Tell.Both(Tell.After("a"), Tell.On("2022-05"))));
        var report = Checker.Check(story, new FakeGround(), Facts.None);
        report.Consistent.ShouldBeTrue();
        report.Claims[0].Windows.ShouldBe([Tell.Days("2022-05")]);
        report.Claims[0].Derived.ShouldBeTrue();
        report.Claims[1].Derived.ShouldBeFalse();
    }

    [Fact]
    public void A_reference_to_nothing_is_told_with_its_place()
    {
        Should.Throw<StoryException>(() => Checker.Check(Tell.Story(Tell.Event("a", Tell.After("b"))), new FakeGround(), Facts.None)).At.ShouldBe(Tell.Nowhere);
        Should.Throw<StoryException>(() => Checker.Check(Tell.Story(Tell.Event("a", Tell.After("fact:b"))), new FakeGround(), Facts.None)).At.ShouldBe(Tell.Nowhere);
    }
}
