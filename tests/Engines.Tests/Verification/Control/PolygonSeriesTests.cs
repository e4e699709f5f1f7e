using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

public class PolygonSeriesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_maps_that_change_from_day_to_day_say_what_the_plainest_check_says(int seed)
    {
        var random = new Random(seed);
        var days = RandomDays(random, 25);
        var series = PolygonSeries.Read(PolygonSeries.Encode(days, Maps.World));
        var naive = days.Select(NaiveMap.Of).ToArray();
        var inside = 0;
        for (var i = 0; i < 2000; i++)
        {
            var at = new Location(47 + (random.NextDouble() * 2), 36 + (random.NextDouble() * 2));
            var seen = series.Inside(at);
            for (var day = 0; day < days.Count; day++)
            {
                if (seen[day]) inside++;
                if (seen[day] != naive[day].IsInside(at)) series.KmToEdge(at, 1)[day].ShouldBeLessThan(0.0003f, $"{at} on day {day}");
            }
        }
        inside.ShouldBeInRange(1000, 49_000);
    }

    [Fact]
    public void An_area_drawn_twice_is_still_inside()
    {
        var series = PolygonSeries.Read(PolygonSeries.Encode([Maps.Squares("2024-03-01", (48, 37, 0.5), (48, 37.2, 0.5), (48, 37.1, 0.1))], Maps.World));
        foreach (var longitude in new[] { 36.6, 37.1, 37.15, 37.6 }) series.Inside(new Location(48.01, longitude))[0].ShouldBeTrue($"{longitude}");
        series.Inside(new Location(48.01, 37.8))[0].ShouldBeFalse();
    }

    [Fact]
    public void An_area_in_the_hole_of_another_is_inside_and_the_rest_of_the_hole_is_not()
    {
        GridPolygon[] areas = [new([Maps.Square(48, 37, 0.5), Maps.Square(48, 37, 0.3)]), new([Maps.Square(48, 37, 0.1)])];
        var series = PolygonSeries.Read(PolygonSeries.Encode([new PolygonDay(Maps.Day("2024-03-01"), areas)], Maps.World));
        series.Inside(new Location(48, 37))[0].ShouldBeTrue();
        series.Inside(new Location(48, 37.2))[0].ShouldBeFalse();
        series.Inside(new Location(48, 37.4))[0].ShouldBeTrue();
    }

    [Fact]
    public void Two_areas_that_share_an_edge_have_no_edge_there_that_could_be_a_line()
    {
        var series = PolygonSeries.Read(PolygonSeries.Encode([Maps.Squares("2024-03-01", (48, 37, 0.5), (48, 38, 0.5))], Maps.World));
        series.Inside(new Location(48.003, 37.5))[0].ShouldBeTrue();
        series.KmToFront(new Location(48.003, 37.5))[0].ShouldBeGreaterThan(30);
    }

    [Fact]
    public void A_ring_that_begins_elsewhere_or_turns_the_other_way_is_the_same()
    {
        var square = Maps.Square(48, 37, 0.5);
        PolygonDay Of(int day, GridPoint[] ring) => new(Maps.Day("2024-03-01") + day, [new GridPolygon([ring])]);
        var alike = PolygonSeries.Encode([Of(0, square), Of(1, [.. square[2..], .. square[..2]]), Of(2, [.. square.Reverse()])], Maps.World);
        var one = PolygonSeries.Encode([Of(0, square)], Maps.World);
        (alike.Length - one.Length).ShouldBeLessThan(20);
        PolygonSeries.Read(alike).RingsOf(2).Single().Length.ShouldBe(PolygonSeries.Read(one).RingsOf(0).Single().Length);
    }

    [Fact]
    public void The_front_marked_day_by_day_is_that_of_each_day_alone()
    {
        var days = RandomDays(new Random(11), 12);
        var series = PolygonSeries.Read(PolygonSeries.Encode(days, Maps.World));
        for (var day = 0; day < days.Count; day++)
        {
            var alone = PolygonSeries.Read(PolygonSeries.Encode([days[day]], Maps.World));
            series.FrontOf(day).ToHashSet().SetEquals(alone.FrontOf(0)).ShouldBeTrue($"day {day}");
        }
    }

    [Fact]
    public void Two_maps_of_one_day_are_refused() =>
        Should.Throw<DataException>(() => PolygonSeries.Encode([Maps.Squares("2024-03-01", (48, 37, 0.5)), Maps.Squares("2024-03-01", (48, 37, 0.4))], Maps.World)).Message.ShouldContain("2024-03-01");

    [Fact]
    public void Damaged_content_is_refused_or_read_and_nothing_else_happens()
    {
        var content = PolygonSeries.Encode(RandomDays(new Random(5), 6), Maps.World);
        var random = new Random(6);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var damaged = content.ToArray();
            if (i % 3 == 0) damaged = damaged[..random.Next(damaged.Length)];
            else for (var flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                PolygonSeries.Read(damaged).Inside(new Location(48, 37));
            }
            catch (DataException)
            {
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(1000);
    }

    /// <summary>Areas like stars, with holes and overlaps, of which a few points move each day and one comes or goes.</summary>
    private static List<PolygonDay> RandomDays(Random random, int count)
    {
        var areas = Enumerable.Range(0, 4).Select(_ => Star(random)).ToList();
        var days = new List<PolygonDay>();
        for (var day = 0; day < count; day++)
        {
            var changed = random.Next(areas.Count);
            areas[changed] = areas[changed] with { Rings = [.. areas[changed].Rings.Select(ring => Move(ring, random))] };
            if (day % 5 == 4) areas[random.Next(areas.Count)] = Star(random);
            days.Add(new PolygonDay(Maps.Day("2024-03-01") + day, [.. areas]));
        }
        return days;
    }

    private static GridPolygon Star(Random random)
    {
        var (x, y) = (36.3 + (random.NextDouble() * 1.4), 47.3 + (random.NextDouble() * 1.4));
        GridPoint[] Ring(double least, double most) =>
        [
            .. Enumerable.Range(0, 40).Select(i =>
            {
                var (angle, radius) = (i * Math.PI / 20, least + (random.NextDouble() * (most - least)));
                return GridPoint.Of(new Location(y + (radius * Math.Sin(angle)), x + (radius * Math.Cos(angle))));
            }),
        ];
        return new GridPolygon(random.Next(2) == 0 ? [Ring(0.2, 0.4)] : [Ring(0.2, 0.4), Ring(0.03, 0.15)]);
    }

    private static GridPoint[] Move(GridPoint[] ring, Random random)
    {
        var moved = ring.ToArray();
        for (var i = 0; i < 3; i++)
        {
            ref var point = ref moved[random.Next(moved.Length)];
            point = new GridPoint(point.X + random.Next(-9000, 9000), point.Y + random.Next(-9000, 9000));
        }
        return moved;
    }
}
