using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>What is denied, supported and disputed, from sources made up for it.</summary>
public sealed class JudgeTests
{
    private static readonly Candidate Place = new("katottg:UA1", "Дворічна", [], new Location(49.85, 37.68));
    private static readonly int Start = PlacesData.Day(2022, 1, 1);

    [Fact]
    public void One_source_denies_more_than_14_days_from_a_change()
    {
        var source = Source("a", (0, ControlStatus.UA), (100, ControlStatus.RU), (200, ControlStatus.UA), (300, ControlStatus.Nothing));
        Denied(Side.UA, source).ShouldBe("115-184");
        Denied(Side.RU, source).ShouldBe("0-84 215-299");
        Supported(Side.RU, source).ShouldBe("100-199");
    }

    [Fact]
    public void A_gap_in_which_it_changed_hands_is_a_change_as_a_whole()
    {
        Denied(Side.UA, Source("a", (0, ControlStatus.RU), (100, ControlStatus.Nothing), (150, ControlStatus.NotRU), (300, ControlStatus.Nothing))).ShouldBe("0-84");
        Denied(Side.RU, Source("a", (0, ControlStatus.RU), (100, ControlStatus.Nothing), (150, ControlStatus.NotRU), (300, ControlStatus.Nothing))).ShouldBe("165-299");
        Denied(Side.UA, Source("a", (0, ControlStatus.RU), (100, ControlStatus.Nothing), (150, ControlStatus.RU), (300, ControlStatus.Nothing))).ShouldBe("0-99 150-299");
    }

    [Fact]
    public void Sources_that_say_opposite_things_disagree_and_deny_nothing()
    {
        var (list, map) = (Source("a", (0, ControlStatus.RU), (300, ControlStatus.Nothing)), Source("b", (0, ControlStatus.NotRU), (100, ControlStatus.UA), (200, ControlStatus.Nothing)));
        Denied(Side.UA, list, map).ShouldBe("200-299");
        Denied(Side.RU, list, map).ShouldBe("");
        Show(Judge.Of(Place, Side.UA, [list, map], null).Disagreed).ShouldBe("0-199");
        Supported(Side.RU, list, map).ShouldBe("200-299");
        Supported(Side.UA, list, map).ShouldBe("");
    }

    [Fact]
    public void Contested_by_any_source_denies_nothing() =>
        Denied(Side.UA, Source("a", (0, ControlStatus.RU), (300, ControlStatus.Nothing)), Source("b", (100, ControlStatus.Contested), (200, ControlStatus.Nothing))).ShouldBe("0-99 200-299");

    [Fact]
    public void Not_Russian_never_supports_Ukrainian()
    {
        var map = Source("a", (0, ControlStatus.NotRU), (300, ControlStatus.Nothing));
        Supported(Side.UA, map).ShouldBe("");
        Denied(Side.RU, map).ShouldBe("0-299");
        Denied(Side.UA, map).ShouldBe("");
    }

    [Fact]
    public void What_needs_agreement_denies_only_with_a_second_source_or_far_from_the_front()
    {
        var list = Source("a", Force.NeedsAgreement, (0, ControlStatus.RU), (300, ControlStatus.Nothing));
        Denied(Side.UA, list).ShouldBe("");
        Denied(Side.UA, list, Source("b", Force.NeedsAgreement, (50, ControlStatus.RU), (60, ControlStatus.Nothing))).ShouldBe("50-59");
        Denied(Side.UA, list, Source("b", Force.Never, (50, ControlStatus.RU), (60, ControlStatus.Nothing))).ShouldBe("", "what never denies does not help to deny");
        var late = Source("a", Force.NeedsAgreement, (0, ControlStatus.UA), (300, ControlStatus.Nothing));
        Denied(Side.RU, late, Source("b", Force.Never, (0, ControlStatus.NotRU), (300, ControlStatus.Nothing))).ShouldBe("", "half a kilometre outside a map, in a list that lags");
        Denied(Side.RU, late, Source("b", (0, ControlStatus.NotRU), (300, ControlStatus.Nothing))).ShouldBe("0-299");
        Show(Judge.Of(Place, Side.UA, [list], new Front(DaySet.Of(new DayRange(Start + 20, Start + 40)))).Denied).ShouldBe("20-40");
        Show(Judge.Of(Place with { Location = null }, Side.UA, [list], new Front(DaySet.All)).Denied).ShouldBe("");
    }

    [Fact]
    public void Near_an_edge_it_never_denies_but_blocks()
    {
        var near = Source("a", Force.Never, (0, ControlStatus.NotRU), (300, ControlStatus.Nothing));
        Denied(Side.RU, near).ShouldBe("");
        Denied(Side.UA, near, Source("b", (0, ControlStatus.RU), (300, ControlStatus.Nothing))).ShouldBe("");
    }

    [Fact]
    public void Nobody_says_anything_of_a_place_without_a_source() => Judge.Of(Place, Side.RU, [Source("a")], null).ShouldBeSameAs(Judgement.Silent);

    [Fact]
    public void The_three_never_overlap_and_the_denied_days_follow_from_the_words_of_each_day()
    {
        var random = new Random(14);
        var statuses = Enum.GetValues<ControlStatus>();
        for (var round = 0; round < 500; round++)
        {
            IControlSource[] sources = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            {
                var days = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(250)).Distinct().Order();
                return (IControlSource)new Fake("x", new ControlPeriods([.. days.Select(day => new ControlPeriod(Start + day, statuses[random.Next(statuses.Length)], "b", (Force)random.Next(3))), new ControlPeriod(Start + 250, ControlStatus.Nothing, "end")]));
            })];
            foreach (var side in new[] { Side.RU, Side.UA })
            {
                var judged = Judge.Of(Place, side, sources, null);
                judged.Denied.Intersect(judged.Supported).IsEmpty.ShouldBeTrue();
                judged.Denied.Intersect(judged.Disagreed).IsEmpty.ShouldBeTrue();
                judged.Supported.Intersect(judged.Disagreed).IsEmpty.ShouldBeTrue();
                for (var day = Start - 20; day < Start + 270; day++) judged.Denied.Contains(day).ShouldBe(DeniedByDefinition(side, sources, day), $"{side} {day - Start} in round {round}");
            }
        }
    }

    /// <summary>The sentence of the design, day by day, with no sets.</summary>
    private static bool DeniedByDefinition(Side side, IControlSource[] sources, int day)
    {
        var words = sources.Select(source => source.Of(Place)).Where(periods => periods.IndexAt(day) >= 0).Select(periods => periods.All[periods.IndexAt(day)]).ToList();
        bool Against(ControlStatus status) => side == Side.UA ? status == ControlStatus.RU : status is ControlStatus.UA or ControlStatus.NotRU;
        bool For(ControlStatus status) => side == Side.RU ? status == ControlStatus.RU : status is ControlStatus.UA or ControlStatus.NotRU;
        var against = words.Where(word => Against(word.Status)).ToList();
        if (words.Exists(word => For(word.Status) || word.Status == ControlStatus.Contested)) return false;
        if (!against.Exists(word => word.Force == Force.Denies) && !(against.Count(word => word.Force != Force.Never) > 1 && against.Exists(word => word.Force == Force.NeedsAgreement))) return false;
        foreach (var source in sources)
        {
            var (before, lastSaid) = (ControlStatus.Nothing, 0);
            for (var other = Start - 60; other < Start + 330; other++)
            {
                var status = source.Of(Place).At(other);
                if (status == ControlStatus.Nothing) continue;
                if (before != ControlStatus.Nothing && before != status && day >= lastSaid - 14 && day <= other + 14) return false;
                (before, lastSaid) = (status, other);
            }
        }
        return true;
    }

    private static string Denied(Side side, params IControlSource[] sources) => Show(Judge.Of(Place, side, sources, null).Denied);

    private static string Supported(Side side, params IControlSource[] sources) => Show(Judge.Of(Place, side, sources, null).Supported);

    private static string Show(DaySet days) => string.Join(' ', days.Ranges.Select(range => $"{range.First - Start}-{range.Last - Start}"));

    private static Fake Source(string name, params (int Day, ControlStatus Status)[] periods) => Source(name, Force.Denies, periods);

    private static Fake Source(string name, Force force, params (int Day, ControlStatus Status)[] periods) =>
        new(name, new ControlPeriods([.. periods.Select(period => new ControlPeriod(Start + period.Day, period.Status, "said", force))]));

    private sealed record Fake(string Name, ControlPeriods Periods) : IControlSource
    {
        public string Version => "1";

        public DayRange Covered => new(Start, Start + 299);

        public ControlPeriods Of(Candidate place) => Periods;
    }

    private sealed class Front(DaySet far) : IFront
    {
        public double? KmToFront(Location at, int day) => far.Contains(day) ? 10 : null;

        public DaySet DaysBeyond(Location at, double km) => far;
    }
}
