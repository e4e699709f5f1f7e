using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

/// <summary>What a series of polygons says, and where it keeps silent.</summary>
public class PolygonSourceTests
{
    private static readonly Candidate Village = Maps.Place(48, 37);

    private static PolygonDay In(string day) => Maps.Squares(day, (48, 37, 0.5));

    private static PolygonDay Out(string day) => Maps.Squares(day, (46, 37, 0.5));

    private static ControlStatus At(PolygonSource source, string day, Candidate? place = null) => source.Of(place ?? Village).At(Maps.Day(day));

    [Fact]
    public void Nothing_is_said_before_the_first_and_after_the_last_day()
    {
        var source = Maps.Source(In("2024-03-01"), In("2024-03-20"));
        At(source, "2024-02-29").ShouldBe(ControlStatus.Nothing);
        At(source, "2024-03-01").ShouldBe(ControlStatus.RU);
        At(source, "2024-03-10").ShouldBe(ControlStatus.RU);
        At(source, "2024-03-20").ShouldBe(ControlStatus.RU);
        At(source, "2024-03-21").ShouldBe(ControlStatus.Nothing);
        source.Covered.ShouldBe(new DayRange(Maps.Day("2024-03-01"), Maps.Day("2024-03-20")));
        var periods = source.Of(Village);
        periods.All[periods.IndexAt(Maps.Day("2024-03-10"))].Basis.ShouldBe("between 2024-03-01 and 2024-03-20");
        periods.All[periods.IndexAt(Maps.Day("2024-03-01"))].Basis.ShouldBe("inside");
    }

    [Theory]
    [InlineData("2024-04-05", ControlStatus.RU)] // 35 days
    [InlineData("2024-04-06", ControlStatus.Nothing)] // 36
    public void A_status_holds_between_days_at_most_35_days_apart(string second, ControlStatus between)
    {
        var source = Maps.Source(In("2024-03-01"), In(second));
        At(source, "2024-03-15").ShouldBe(between);
        At(source, "2024-03-01").ShouldBe(ControlStatus.RU);
        At(source, second).ShouldBe(ControlStatus.RU);
    }

    [Fact]
    public void Where_it_flipped_in_a_gap_nothing_is_said_of_the_gap()
    {
        var source = Maps.Source(In("2024-03-01"), Out("2024-03-11"), Out("2024-03-12"));
        At(source, "2024-03-01").ShouldBe(ControlStatus.RU);
        At(source, "2024-03-02").ShouldBe(ControlStatus.Nothing);
        At(source, "2024-03-10").ShouldBe(ControlStatus.Nothing);
        At(source, "2024-03-11").ShouldBe(ControlStatus.NotRU);
        At(source, "2024-03-12").ShouldBe(ControlStatus.NotRU);
    }

    [Fact]
    public void Days_in_a_row_with_one_status_are_one_period()
    {
        var source = Maps.Source([.. Enumerable.Range(0, 300).Select(i => In("2024-01-01") with { Day = Maps.Day("2024-01-01") + i })]);
        source.Of(Village).All.Select(period => period.Status).ShouldBe([ControlStatus.RU, ControlStatus.Nothing]);
    }

    [Fact]
    public void Outside_never_says_that_Ukraine_held_it_and_denies_only_far_from_the_edge()
    {
        var source = Maps.Source(In("2024-03-01"));
        var (near, far) = (Maps.Place(48.5 + (2.9 / 111.2), 37), Maps.Place(48.5 + (3.1 / 111.2), 37));
        source.Of(near).All[0].ShouldBe(new ControlPeriod(Maps.Day("2024-03-01"), ControlStatus.NotRU, "outside-near-edge", Force.Never));
        source.Of(far).All[0].ShouldBe(new ControlPeriod(Maps.Day("2024-03-01"), ControlStatus.NotRU, "outside", Force.Denies));
    }

    [Fact]
    public void A_gap_after_which_the_edge_came_near_does_not_deny()
    {
        var source = Maps.Source(Out("2024-03-01"), Maps.Squares("2024-03-11", (48 + 0.51, 37, 0.5)));
        var periods = source.Of(Village);
        periods.At(Maps.Day("2024-03-05")).ShouldBe(ControlStatus.NotRU);
        periods.All[periods.IndexAt(Maps.Day("2024-03-05"))].Force.ShouldBe(Force.Never);
        periods.All[0].Force.ShouldBe(Force.Denies);
    }

    [Theory]
    [InlineData(5, ControlStatus.RU)]
    [InlineData(54, ControlStatus.Nothing)] // the nearest edge is 37 km away, to the east and west
    public void A_place_with_a_radius_is_wholly_inside_or_nothing_is_said(double radius, ControlStatus expected) =>
        At(Maps.Source(In("2024-03-01")), "2024-03-01", Maps.Place(48, 37, radius)).ShouldBe(expected);

    [Fact]
    public void A_place_with_a_radius_that_comes_near_the_edge_does_not_deny()
    {
        var source = Maps.Source(In("2024-03-01"));
        var place = Maps.Place(48.5 + (8 / 111.2), 37, radiusKm: 6);
        source.Of(place).All[0].Force.ShouldBe(Force.Never);
        source.Of(place with { RadiusKm = 4 }).All[0].Force.ShouldBe(Force.Denies);
        At(source, "2024-03-01", place with { RadiusKm = 9 }).ShouldBe(ControlStatus.Nothing);
    }

    [Fact]
    public void Outside_Ukraine_a_point_in_no_polygon_is_nobodys()
    {
        var series = PolygonSeries.Read(PolygonSeries.Encode([In("2024-03-01")], Outline.Ukraine));
        var source = new PolygonSource("deepstate", "2024-03-01", series, Outline.Ukraine);
        ControlStatus Of(double latitude, double longitude, string id = "point:x") => source.Of(new Candidate(id, "Pavlo's town", [], new Location(latitude, longitude))).At(Maps.Day("2024-03-01"));
        Of(47.2357, 39.7015).ShouldBe(ControlStatus.Nothing); // Rostov
        Of(50.5997, 36.5983).ShouldBe(ControlStatus.Nothing); // Belgorod
        Of(52.2297, 21.0122).ShouldBe(ControlStatus.Nothing); // Warsaw
        Of(47.0105, 28.8638).ShouldBe(ControlStatus.Nothing); // Chisinau
        Of(46.8482, 29.5968).ShouldBe(ControlStatus.Nothing); // Tiraspol
        Of(50.4501, 30.5234).ShouldBe(ControlStatus.NotRU); // Kyiv
        Of(49.9935, 36.2304).ShouldBe(ControlStatus.NotRU); // Kharkiv
        Of(48, 37).ShouldBe(ControlStatus.RU);
        Of(45.3607, 36.4681).ShouldBe(ControlStatus.Nothing); // Kerch, if no polygon had it
        Of(45.3607, 36.4681, "katottg:UA01000000000013043").ShouldBe(ControlStatus.NotRU);
    }

    [Fact]
    public void A_place_without_coordinates_is_not_guessed()
    {
        Maps.Source(In("2024-03-01")).Of(Village with { Location = null }).ShouldBeSameAs(ControlPeriods.None);
    }

    [Fact]
    public void Asking_again_makes_nothing_new_and_equal_answers_are_one_object()
    {
        var source = Maps.Source(In("2024-03-01"), In("2024-03-05"));
        source.Of(Village).ShouldBeSameAs(source.Of(Village with { Name = "Lidia's village" }));
        source.Of(Maps.Place(48.1, 37.1)).ShouldBeSameAs(source.Of(Village));
        source.Of(Village);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) source.Of(Village);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void The_distance_to_the_front_in_a_gap_is_the_nearer_of_both_days()
    {
        var source = Maps.Source(Maps.Squares("2024-03-01", (48, 37, 0.1)), Maps.Squares("2024-03-11", (48, 37, 0.2)), Maps.Squares("2024-06-01", (48, 37, 0.3)));
        var at = new Location(48, 37);
        double Km(string day) => source.KmToFront(at, Maps.Day(day)).ShouldNotBeNull();
        Km("2024-03-01").ShouldBe(0.1 * 111.195 * Math.Cos(48 * Math.PI / 180), 0.1);
        Km("2024-03-05").ShouldBe(Km("2024-03-01"));
        Km("2024-03-11").ShouldBe(2 * Km("2024-03-01"), 0.1);
        source.KmToFront(at, Maps.Day("2024-04-15")).ShouldBeNull();
        source.KmToFront(at, Maps.Day("2024-02-29")).ShouldBeNull();
        source.KmToFront(at, Maps.Day("2024-06-02")).ShouldBeNull();
        source.DaysBeyond(at, 10).ShouldBe(DaySet.Of(DayRange.On(new DateOnly(2024, 3, 11)), DayRange.On(new DateOnly(2024, 6, 1))));
        source.DaysBeyond(at, 5).ShouldBe(DaySet.Of(DayRange.Of(new DateOnly(2024, 3, 1), new DateOnly(2024, 3, 11)), DayRange.On(new DateOnly(2024, 6, 1))));
    }

    [Fact]
    public void Where_no_line_is_drawn_no_distance_is_known()
    {
        var source = Maps.Source(new PolygonDay(Maps.Day("2024-03-01"), []));
        source.KmToFront(new Location(48, 37), Maps.Day("2024-03-01")).ShouldBeNull();
        source.DaysBeyond(new Location(48, 37), 10).ShouldBe(DaySet.None);
        At(source, "2024-03-01").ShouldBe(ControlStatus.NotRU);
    }

    [Fact]
    public void A_slip_of_drawing_between_two_areas_is_no_front()
    {
        // Two squares 100 m apart: the gap is no land that anybody holds.
        var slip = Maps.Source(Maps.Squares("2024-03-01", (48, 37, 0.5), (48, 38.00135, 0.5)));
        slip.KmToFront(new Location(48, 37.5), Maps.Day("2024-03-01"))!.Value.ShouldBeGreaterThan(30);
        slip.KmToEdge(new Location(48, 37.5), Maps.Day("2024-03-01"))!.Value.ShouldBeLessThan(0.1);
        // Four kilometres apart: it may be.
        var corridor = Maps.Source(Maps.Squares("2024-03-01", (48, 37, 0.5), (48, 38.054, 0.5)));
        corridor.KmToFront(new Location(48, 37.5), Maps.Day("2024-03-01"))!.Value.ShouldBeLessThan(0.1);
    }
}
