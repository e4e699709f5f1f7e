using System.Text;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

public class GeoJsonPolygonsTests
{
    private const string Ring = "[[36.5,47.5],[37.5,47.5],[37.5,48.5],[36.5,48.5],[36.5,47.5]]";

    private readonly List<DataWarning> _warnings = [];

    private PolygonDay Read(string json) => GeoJsonPolygons.Read(Encoding.UTF8.GetBytes(json), Maps.Day("2024-03-01"), _warnings);

    [Theory]
    [InlineData("""{"type":"Polygon","coordinates":[RING]}""")]
    [InlineData("""{"coordinates":[RING],"type":"Polygon"}""")]
    [InlineData("""{"type":"MultiPolygon","coordinates":[[RING]]}""")]
    [InlineData("""{"type":"Feature","properties":{"a":[{"type":"x"}]},"geometry":{"type":"Polygon","coordinates":[RING]}}""")]
    [InlineData("""{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[RING]}]}""")]
    [InlineData("""{"features":[{"type":"Feature","geometry":null},{"geometry":{"geometries":[{"type":"MultiPolygon","coordinates":[[RING]]}],"type":"GeometryCollection"},"type":"Feature"}],"type":"FeatureCollection"}""")]
    [InlineData("""{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[RING]}}]}""")]
    public void All_that_holds_polygons_is_read(string json)
    {
        var day = Read(json.Replace("RING", Ring, StringComparison.Ordinal));
        day.Polygons.Single().Rings.Single().ShouldBe([new(36500000, 47500000), new(37500000, 47500000), new(37500000, 48500000), new(36500000, 48500000)]);
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Holes_heights_and_a_byte_order_mark_are_understood()
    {
        var day = Read("\uFEFF" + """{"type":"Polygon","coordinates":[[[36,47,9.5],[38,47,1],[38,49,0],[36,49,0],[36,47,9.5]],[[36.5,47.5],[37,47.5],[37,48],[36.5,47.5]]]}""");
        day.Polygons.Single().Rings.Select(ring => ring.Length).ShouldBe([4, 3]);
    }

    [Fact]
    public void A_day_on_which_nothing_was_held_is_a_day() => Read("""{"type":"FeatureCollection","features":[]}""").Polygons.ShouldBeEmpty();

    [Fact]
    public void What_is_repaired_or_left_out_is_said_with_its_line()
    {
        Read("{\"type\":\"GeometryCollection\",\"geometries\":[\n{\"type\":\"Point\",\"coordinates\":[1,2]},\n{\"type\":\"Polygon\",\"coordinates\":[[[36,47],[38,47],[38,49]]]},\n{\"type\":\"Polygon\",\"coordinates\":[[[36,47],[36,47]]]}]}")
            .Polygons.Count.ShouldBe(1);
        _warnings.Select(warning => warning.Line).ShouldBe([2, 3, 4]);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("[1,2]", 1)]
    [InlineData("""{"type":"Polygon"}""", 1)]
    [InlineData("""{"type":"Sphere","coordinates":[]}""", 1)]
    [InlineData("""{"type":"Feature","geometry":null}""", null)]
    [InlineData("""{"type":"Polygon","coordinates":[[[36,47],[38,"47"],[38,49]]]}""", 1)]
    [InlineData("{\"type\":\"Polygon\",\n\"coordinates\":[[[36,47],\n[380,47],[38,49],[36,47]]]}", 3)]
    [InlineData("{\"type\":\"Polygon\",\n\"coordinates\":[[[36],[38,47],[38,49],[36,47]]]}", 2)]
    [InlineData("""{"type":"Polygon","coordinates":[[36,47],[38,47],[38,49],[36,47]]}""", 1)]
    [InlineData("""{"type":"Polygon","coordinates":[],"coordinates":[]}""", 1)]
    [InlineData("""{"type":"Polygon","coordinates":[]} {}""", 1)]
    [InlineData("""{"type":"FeatureCollection","features":[],"crs":{"properties":{"name":"EPSG:3857"}}}""", 1)]
    [InlineData("""{"type":"Polygon","coordinates":[[[1e999,47],[38,47],[38,49],[36,47]]]}""", 1)]
    public void What_is_not_understood_is_refused_with_its_line(string json, int? line) => Should.Throw<DataException>(() => Read(json)).Line.ShouldBe(line);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"type":"GeometryCollection","geometries":[""", 10_000));
        Should.Throw<DataException>(() => Read(deep));
        Should.Throw<DataException>(() => Read("{\"type\":\"Polygon\",\"coordinates\":" + new string('[', 100_000)));
    }

    [Fact]
    public void A_map_cut_off_anywhere_is_refused()
    {
        var json = """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[RING]]}}]}""".Replace("RING", Ring, StringComparison.Ordinal);
        for (var length = 0; length < json.Length; length++) Should.Throw<DataException>(() => Read(json[..length]), $"{length}");
        Read(json).Polygons.Count.ShouldBe(1);
    }
}
