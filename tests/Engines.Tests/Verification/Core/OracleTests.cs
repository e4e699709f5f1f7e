using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>The engine against somebody who tries every day.</summary>
public sealed class OracleTests
{
    private const int Ordinary = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Conflicts_windows_and_repairs_are_those_of_one_who_tries_every_day(int round)
    {
        for (var seed = 0; seed < Ordinary; seed++) Compare((round * 1_000_000) + seed);
    }

    /// <summary>More of the same. <c>-explicit only</c>.</summary>
    [Theory(Explicit = true)]
    [InlineData(40_000)]
    public void The_same_many_times(int count)
    {
        for (var seed = 0; seed < count; seed++) Compare(10_000_000 + seed);
    }

    private static void Compare(int seed)
    {
        var world = new RandomStories(seed);
        var story = world.Next();
        var oracle = new Oracle(story, world.Ground, world.Facts);
        var report = Checker.Check(story, world.Ground, world.Facts);
        var context = $"seed {seed}";
        report.LimitReached.ShouldBeFalse(context);
        var conflicts = report.Findings.Where(IsConflict).ToList();
        var expected = oracle.Conflicts();
        conflicts.Select(finding => Bits(story, finding)).Distinct().Order().ShouldBe(expected.Order(), context);
        conflicts.Select(finding => (Bits(story, finding), finding.Kind)).ShouldBeUnique(context);
        foreach (var finding in conflicts) CompareRepair(story, oracle, finding, context);
        CompareWindows(story, oracle, report, expected.Aggregate(0, (all, set) => all | set), context);
        report.Consistent.ShouldBe(report.Findings.All(finding => finding.Verdict != Verdict.Contradicts), context);
    }

    private static bool IsConflict(Finding finding) => finding.Explanation.Key.StartsWith("conflict.", StringComparison.Ordinal);

    private static int Bits(Story story, Finding finding) => finding.Claims.Aggregate(0, (bits, id) => bits | (1 << story.Claims.ToList().FindIndex(claim => claim.Id == id)));

    private static void CompareWindows(Story story, Oracle oracle, CheckReport report, int inConflict, string context)
    {
        var sound = ((1 << story.Claims.Count) - 1) & ~inConflict;
        var windows = oracle.Windows(sound, Asked.All);
        for (var i = 0; i < story.Claims.Count; i++)
        {
            var own = DaySet.Of(report.Claims[i].Windows);
            if ((sound & (1 << i)) != 0)
            {
                own.ShouldBe(windows[i], $"{context}, {story.Claims[i].Id}");
                continue;
            }
            report.Claims[i].Derived.ShouldBeFalse(context);
            var alone = oracle.Windows(1 << i, Asked.Dates)[i];
            if (!alone.IsEmpty) own.ShouldBe(alone, $"{context}, {story.Claims[i].Id} alone");
        }
    }

    private static void CompareRepair(Story story, Oracle oracle, Finding finding, string context)
    {
        var set = Bits(story, finding);
        var asked = finding.Kind switch
        {
            FindingKind.Time => Asked.Dates,
            FindingKind.Place => Asked.Places,
            FindingKind.Travel => Asked.Ways,
            _ => Asked.Rules,
        };

        // What no kind explains alone is explained by all together.
        if (oracle.Any(set, asked)) asked = Asked.All;
        int? fewest = null;
        for (var claim = 0; claim < story.Claims.Count; claim++)
        {
            if ((set & (1 << claim)) == 0) continue;
            for (var days = 1; days < (fewest ?? 12); days++)
            {
                oracle.Moved = (claim, days, 0);
                var mends = oracle.Any(set, asked);
                oracle.Moved = (claim, 0, days);
                if (!mends && !oracle.Any(set, asked)) continue;
                fewest = days;
                break;
            }
        }
        oracle.Moved = (-1, 0, 0);
        (finding.Repair?.Days).ShouldBe(fewest, $"{context}, {finding.Kind} of {string.Join(", ", finding.Claims)}");
        finding.Verdict.ShouldBe(fewest <= 14 ? Verdict.CannotTell : Verdict.Contradicts, context);
        finding.Because.ShouldNotBeEmpty(context);
    }
}
