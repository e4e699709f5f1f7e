using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

/// <summary>The maps of DeepState as they are.</summary>
public class RealMapsTests
{
    [Fact]
    public void Thousands_of_points_are_inside_or_outside_as_the_plainest_check_says()
    {
        var days = Maps.RealDays();
        var series = PolygonSeries.Read(Maps.RealContent());
        var random = new Random(20241122);
        var files = Directory.GetFiles(Maps.Folder()!, "*.geojson").Order(StringComparer.Ordinal).ToArray();
        var naive = files.Select(NaiveMap.OfFile).ToArray();
        var (inside, near) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            // Half of them anywhere, half within a few hundred metres of a point of an edge.
            var at = new Location(44 + (random.NextDouble() * 8.5), 31 + (random.NextDouble() * 9.5));
            if (i % 2 == 0)
            {
                var ring = days[random.Next(days.Count)].Polygons[0].Rings[0];
                var corner = ring[random.Next(ring.Length)].ToLocation();
                at = new Location(corner.Latitude + ((random.NextDouble() - 0.5) * 0.01), corner.Longitude + ((random.NextDouble() - 0.5) * 0.01));
                near++;
            }
            var seen = series.Inside(at);
            foreach (var day in Enumerable.Range(0, 3).Select(_ => random.Next(days.Count)))
            {
                if (seen[day]) inside++;
                if (seen[day] == naive[day].IsInside(at)) continue;
                // Rounded to millionths of a degree an edge moves by up to a tenth of a metre.
                series.KmToEdge(at, 1)[day].ShouldBeLessThan(0.0003f, $"{at} on {DayRange.Iso(days[day].Day)}");
            }
        }
        inside.ShouldBeInRange(2000, 8000);
        near.ShouldBe(1500);
    }

    [Fact]
    public void Distances_to_an_edge_are_those_measured_on_the_sphere()
    {
        var days = Maps.RealDays();
        var source = Maps.RealSource();
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var index = random.Next(days.Count);
            var ring = days[index].Polygons[0].Rings[0];
            var corner = ring[random.Next(ring.Length)].ToLocation();
            var at = new Location(corner.Latitude + ((random.NextDouble() - 0.5) * 0.2), corner.Longitude + ((random.NextDouble() - 0.5) * 0.2));
            var expected = NaiveMap.Of(days[index]).KmToEdge(at, 0.0005);
            source.KmToEdge(at, days[index].Day)!.Value.ShouldBe(expected, 0.03 + (expected * 0.005));
        }
    }

    [Theory]
    // Near an edge, which is coast or border, and far from the front.
    [InlineData("Kerch", 45.3607, 36.4681, true, 1.6, 225, 245)]
    [InlineData("Sevastopol", 44.6054, 33.5254, true, 3, 210, 240)]
    [InlineData("Yalta", 44.4952, 34.1663, true, 1, 245, 275)]
    [InlineData("Mariupol", 47.0971, 37.5498, true, 2, 60, 125)]
    [InlineData("Berdiansk", 46.7556, 36.7889, true, 1, 85, 110)]
    [InlineData("Henichesk", 46.1770, 34.7989, true, 3, 100, 130)]
    [InlineData("Novoazovsk", 47.1114, 38.0842, true, 1, 85, 150)]
    [InlineData("Milove on the border", 49.3739, 40.1283, true, 1.5, 135, 160)]
    [InlineData("Skadovsk", 46.1153, 32.9120, true, 1, 45, 65)]
    // Deep behind the line and far from any edge.
    [InlineData("Luhansk", 48.5671, 39.3171, true, 26, 75, 110)]
    // On the line, or near it.
    [InlineData("Oleshky", 46.6245, 32.7186, true, 3, 0, 3)]
    [InlineData("Kherson", 46.6354, 32.6169, false, 7, 3, 8)]
    [InlineData("Ochakiv across the estuary", 46.6186, 31.5393, false, 6, 3, 7)]
    [InlineData("the north of Kinburn", 46.54, 31.72, true, 3, 0, 3)]
    public void The_front_is_not_coast_and_border(string name, double latitude, double longitude, bool isInside, double edgeAtMost, double frontFrom, double frontTo)
    {
        var source = Maps.RealSource();
        var at = new Location(latitude, longitude);
        foreach (var day in source.Series.Days)
        {
            source.Series.Inside(at)[source.Series.IndexAt(day)].ShouldBe(isInside, name);
            source.KmToEdge(at, day)!.Value.ShouldBeLessThan(edgeAtMost, name);
            source.KmToFront(at, day)!.Value.ShouldBeInRange(frontFrom, frontTo, $"{name} on {DayRange.Iso(day)}");
        }
    }

    [Theory]
    [InlineData("Pokrovsk", 48.2820, 37.1758, "2024-07-08", 20, 28)]
    [InlineData("Pokrovsk", 48.2820, 37.1758, "2025-03-28", 3, 9)]
    [InlineData("Kupiansk", 49.7064, 37.6168, "2024-07-08", 6, 12)]
    [InlineData("Huliaipole", 47.6637, 36.2563, "2025-04-25", 5, 10)]
    [InlineData("Sumy", 50.9077, 34.7981, "2025-10-24", 20, 28)]
    [InlineData("Vovchansk", 50.2881, 36.9411, "2024-11-17", 0, 1.5)]
    public void The_front_came_near(string name, double latitude, double longitude, string day, double from, double to) =>
        Maps.RealSource().KmToFront(new Location(latitude, longitude), Maps.Day(day))!.Value.ShouldBeInRange(from, to, name);

    [Fact]
    public void The_front_is_as_long_as_the_line_and_no_coast_is_in_it()
    {
        var series = PolygonSeries.Read(Maps.RealContent());
        for (var index = 0; index < series.Days.Length; index++)
        {
            var front = series.FrontOf(index);
            front.Sum(piece => piece.From.ToLocation().DistanceKm(piece.To.ToLocation())).ShouldBeInRange(1000, 1900);
            foreach (var (from, _) in front)
            {
                var at = from.ToLocation();
                // South of the Kinburn peninsula there is no line, and east of Kreminna only the sea and the border.
                (at.Latitude > 46.4 && at.Longitude < 38.6).ShouldBeTrue($"{at}");
                (at.Latitude < 47.0 && at.Longitude > 34).ShouldBeFalse($"{at} lies at the Sea of Azov");
            }
        }
    }

    [Theory]
    [InlineData("Kurakhove", 47.9850, 37.2820, "2024-11-17", ControlStatus.NotRU)]
    [InlineData("Kurakhove", 47.9850, 37.2820, "2025-04-15", ControlStatus.RU)]
    [InlineData("Hrodivka", 48.2520, 37.3850, "2024-07-08", ControlStatus.NotRU)]
    [InlineData("Hrodivka", 48.2520, 37.3850, "2025-04-15", ControlStatus.RU)]
    [InlineData("Bakhmut", 48.5956, 37.9999, "2024-08-15", ControlStatus.RU)]
    [InlineData("Avdiivka", 48.1397, 37.7497, "2024-08-15", ControlStatus.RU)]
    [InlineData("Kyiv", 50.4501, 30.5234, "2025-04-15", ControlStatus.NotRU)]
    [InlineData("Kyiv", 50.4501, 30.5234, "2022-04-15", ControlStatus.Nothing)]
    [InlineData("Luhansk", 48.5671, 39.3171, "2026-08-08", ControlStatus.RU)]
    [InlineData("Luhansk", 48.5671, 39.3171, "2026-08-09", ControlStatus.Nothing)]
    public void Known_towns_are_where_the_map_had_them(string name, double latitude, double longitude, string day, ControlStatus expected) =>
        Maps.RealSource().Of(Maps.Place(latitude, longitude)).At(Maps.Day(day)).ShouldBe(expected, name);

    [Fact]
    public void Toretsk_was_on_the_line_for_months_and_says_little()
    {
        var periods = Maps.RealSource().Of(Maps.Place(48.3990, 37.8480));
        periods.All.ShouldContain(period => period.Status == ControlStatus.NotRU && period.Force == Force.Never);
        periods.All.ShouldContain(period => period.Status == ControlStatus.Nothing && period.Basis == "no-map");
    }

    [Fact]
    public void What_was_read_is_written_again_without_a_difference()
    {
        var series = PolygonSeries.Read(Maps.RealContent());
        var again = series.ToDays();
        again.Select(day => day.Day).ShouldBe(Maps.RealDays().Select(day => day.Day));
        PolygonSeries.Encode(again, Outline.Ukraine).ShouldBe(Maps.RealContent());
        Maps.RealContent().Length.ShouldBeLessThan(100_000); // 2.3 MB as GeoJSON
    }

    [Fact]
    public void Two_days_that_are_drawn_alike_cost_a_few_bytes()
    {
        var days = Maps.RealDays();
        var one = PolygonSeries.Encode([days[0]], Outline.Ukraine);
        var two = PolygonSeries.Encode([days[0], days[0] with { Day = days[0].Day + 1 }], Outline.Ukraine);
        (two.Length - one.Length).ShouldBeLessThan(60);
    }
}
