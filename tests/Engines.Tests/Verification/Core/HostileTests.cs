using System.Diagnostics;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>Stories that are made to take long: they end, and accuse nobody.</summary>
public sealed class HostileTests
{
    private static readonly CheckLimits Small = new(50, 3_000_000, 300_000);

    [Fact]
    public void Five_hundred_claims_of_119_villages_on_both_sides_of_the_front_end_and_accuse_nobody()
    {
        var ground = new FakeGround { Sides = (place, _) => place.Length % 2 == 0 ? Side.RU : Side.UA, Fronts = (_, _) => 100 };
        ground.Names["Ivanivka"] = [.. Enumerable.Range(0, 119).Select(i => FakeGround.Place($"village-{i}", 47 + (i * 0.03), 24 + (i * 0.1)))];
        Claim[] claims = [.. Enumerable.Range(0, 500).Select(i => (i % 3 == 0 ? Tell.Stay($"c{i}", "2022-05", "2022-06") : Tell.Event($"c{i}", Tell.On("2022-05"))) with { Where = Tell.At("Ivanivka"), HeldBy = i % 2 == 0 ? Side.RU : null })];
        var watch = Stopwatch.StartNew();
        var report = Checker.Check(Tell.Story(claims), ground, Facts.None, Small);
        report.Findings.ShouldAllBe(finding => finding.Verdict != Verdict.Contradicts);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Five_hundred_alternatives_that_cannot_be_end()
    {
        Claim[] claims = [.. Enumerable.Range(0, 500).Select(i => Tell.Event($"c{i}", Tell.Either(Tell.After($"c{(i + 1) % 500}", Tell.Of(3, TimeUnit.Day)), Tell.After($"c{(i + 7) % 500}", Tell.Of(4, TimeUnit.Day)))))];
        var report = Checker.Check(Tell.Story(claims), new FakeGround(), Facts.None, Small);
        report.LimitReached.ShouldBeTrue();
        report.Findings.ShouldAllBe(finding => finding.Verdict != Verdict.Contradicts);
    }

    [Fact]
    public void Alternatives_that_multiply_are_left_out_and_it_is_said()
    {
        var either = Tell.Either(Tell.On("2022-05"), Tell.On("2022-06"), Tell.On("2022-07"));
        var all = Tell.Either(Tell.Both([.. Enumerable.Repeat(either, 12)]), Tell.On("2023-01"));
        Checker.Check(Tell.Story(Tell.Event("a", all)), new FakeGround(), Facts.None).LimitReached.ShouldBeTrue();
    }

    [Fact]
    public void More_conflicts_than_are_shown_are_said_to_be()
    {
        Claim[] claims = [.. Enumerable.Range(0, 80).Select(i => Tell.Stay($"c{i}", "2022-05", "2021-05"))];
        var report = Checker.Check(Tell.Story(claims), new FakeGround(), Facts.None);
        report.Findings.Count.ShouldBe(50);
        report.LimitReached.ShouldBeTrue();
    }

    [Fact]
    public void Overlapping_conflicts_are_all_found()
    {
        Claim[] claims = [Tell.Event("late", Tell.On("2023-05")), .. Enumerable.Range(0, 8).Select(i => Tell.Event($"c{i}", Tell.Both(Tell.After("late"), Tell.On("2022-05"))))];
        var report = Checker.Check(Tell.Story(claims), new FakeGround(), Facts.None);
        report.Findings.Select(finding => string.Join(" ", finding.Claims)).ShouldBe(Enumerable.Range(0, 8).Select(i => $"late c{i}"), ignoreOrder: true);
        report.LimitReached.ShouldBeFalse();
    }

    /// <summary>Prints how long a story of twenty claims takes. <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public void Twenty_claims_take_well_under_a_tenth_of_a_millisecond()
    {
        var ground = new FakeGround().With("Svatove", 38).With("Kyiv", 30.5);
        ground.Judgements[("Svatove", Side.RU)] = new Judgement(DaySet.Of(Tell.Days("2014/2021")), DaySet.None, DaySet.None);
        Claim[] claims = [.. Enumerable.Range(0, 20).Select(i =>
        {
            var month = new DateOnly(2022, 1, 1).AddMonths(i);
            var text = month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
            var where = i % 2 == 0 ? Tell.At("Svatove") : null;
            var claim = i % 4 == 0 ? Tell.Stay($"c{i}", text + "-03", text) : Tell.Event($"c{i}", i == 0 ? Tell.On(text) : Tell.Both(Tell.After($"c{i - 1}"), Tell.On(text)));
            return claim with { Where = where, HeldBy = where is null ? null : Side.RU };
        })];
        var story = Tell.Story(claims);
        Checker.Check(story, ground, Facts.None).Findings.ShouldBeEmpty();
        for (var i = 0; i < 20_000; i++) Checker.Check(story, ground, FactsReader.Shipped);
        var cpu = Environment.CpuUsage.TotalTime;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++) Checker.Check(story, ground, FactsReader.Shipped);
        var microseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / 20_000;
        Console.Error.WriteLine($"{microseconds:0.0} µs, {(GC.GetAllocatedBytesForCurrentThread() - before) / 20_000} bytes a story");
        microseconds.ShouldBeLessThan(1000);
    }
}
