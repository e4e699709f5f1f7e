using Shouldly;
using Understory.Engines.Tests.Verification.Core;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Rules;

/// <summary>Where and when the sky was closed: roads count only inside of what is certain.</summary>
public sealed class ClosedSkyTests
{
    private static bool IsClosed(double latitude, double longitude, string day) =>
        FactsReader.Shipped.ClosedSkies.Any(fact => fact.Days.Contains(Tell.Day(day)) && fact.Sky!.Contains(new Location(latitude, longitude)));

    /// <summary>The last open day, the first closed one, the last closed one, the first open one again.</summary>
    [Theory]
    [InlineData("Kyiv", 50.45, 30.45, "2025-12-31")]
    [InlineData("Lviv", 49.84, 24.3, "2025-12-31")]
    [InlineData("Odesa", 46.48, 30.73, "2025-12-31")]
    [InlineData("Kharkiv", 49.99, 36.23, "2025-12-31")]
    [InlineData("Luhansk", 48.57, 39.3, "2025-12-31")]
    [InlineData("Anapa", 45.0, 37.35, "2026-02-24")]
    [InlineData("Belgorod", 50.6, 36.59, "2026-02-24")]
    [InlineData("Bryansk", 53.25, 34.37, "2026-02-24")]
    [InlineData("Kursk", 51.73, 36.19, "2026-02-24")]
    [InlineData("Lipetsk", 52.61, 39.59, "2026-02-24")]
    [InlineData("Rostov", 47.23, 39.72, "2026-02-24")]
    [InlineData("Simferopol", 44.95, 34.1, "2026-02-24")]
    [InlineData("Voronezh", 51.67, 39.2, "2026-02-24")]
    [InlineData("Elista", 46.31, 44.27, "2024-05-02")]
    [InlineData("Gelendzhik", 44.56, 38.08, "2025-07-09")]
    [InlineData("Krasnodar", 45.03, 38.98, "2025-09-10")]
    public void Closed_from_the_first_whole_day_to_the_last_that_is_certain(string place, double latitude, double longitude, string last)
    {
        IsClosed(latitude, longitude, "2022-02-24").ShouldBeFalse(place);
        IsClosed(latitude, longitude, "2022-02-25").ShouldBeTrue(place);
        IsClosed(latitude, longitude, last).ShouldBeTrue(place);
        IsClosed(latitude, longitude, DayRange.Iso(Tell.Day(last) + 1)).ShouldBeFalse(place);
    }

    [Theory]
    [InlineData("Chisinau", 47.01, 28.86), InlineData("Tiraspol", 46.84, 29.63), InlineData("Balti", 47.76, 27.93), InlineData("Iasi", 47.16, 27.59), InlineData("Suceava", 47.64, 26.25)]
    [InlineData("Rzeszow", 50.04, 22.0), InlineData("Lublin", 51.25, 22.57), InlineData("Zamosc", 50.72, 23.25), InlineData("Brest", 52.1, 23.7), InlineData("Gomel", 52.43, 31.0), InlineData("Mozyr", 52.05, 29.27)]
    [InlineData("Sochi", 43.45, 39.95), InlineData("Volgograd", 48.78, 44.34), InlineData("Stavropol", 45.11, 42.11), InlineData("Mineralnye Vody", 44.22, 43.08), InlineData("Tambov", 52.81, 41.48), InlineData("Oryol", 52.97, 36.07), InlineData("Moscow", 55.75, 37.62)]
    public void Nothing_is_closed_where_people_could_fly(string place, double latitude, double longitude) =>
        IsClosed(latitude, longitude, "2023-06-01").ShouldBeFalse(place);

    /// <summary>Two ends of the same closed sky, and farther apart than any road of one day.</summary>
    [Theory]
    [InlineData("2023-01-01", false)]
    [InlineData("2023-01-02", true)]
    [InlineData("2023-01-31", true)]
    [InlineData("2023-02-01", false)]
    [InlineData("2023-01-31/2023-02-01", false)]
    public void Roads_count_only_while_the_sky_was_certainly_closed(string when, bool isRoad)
    {
        var sky = new Fact("sky", FactText.Of("closed"), [], Tell.Days("2023-01-02/2023-01-31"), Sky: new Region([new RegionBox(40, 20, 60, 60)]));
        Travels(sky, when, []).ShouldBe(isRoad);
        Travels(sky, when, ["sky"]).ShouldBeFalse("it can be turned off by its name");
        Travels(sky with { Sky = new Region([new RegionBox(40, 20, 60, 30)]) }, when, []).ShouldBeFalse("one end was open");
    }

    /// <summary>Whatever day it is, somebody may have gone on the same day from any closed place to any other: the roads are generous, and the region is not wider.</summary>
    [Fact]
    public void No_two_shipped_places_are_too_far_for_one_day()
    {
        var boxes = FactsReader.Shipped.ClosedSkies.SelectMany(fact => fact.Sky!.Boxes).ToList();
        var corners = boxes.SelectMany(box => (Location[])[new(box.South, box.West), new(box.South, box.East), new(box.North, box.West), new(box.North, box.East)]).ToList();
        corners.Max(one => corners.Max(one.DistanceKm)).ShouldBeLessThan(Ways.RoadKmPerDay);
    }

    private static bool Travels(Fact sky, string when, IReadOnlyList<string> off)
    {
        var ground = new FakeGround().With("here", 21).With("there", 59);
        var story = Tell.Story(Tell.Event("a", Tell.On(when)) with { Where = Tell.At("here") }, Tell.Event("b", Tell.Both(Tell.On(when), Tell.SameDay("a"))) with { Where = Tell.At("there") }) with { Off = [.. off] };
        return Checker.Check(story, ground, new Facts([sky])).Findings.Any(finding => finding.Kind == FindingKind.Travel);
    }
}
