using System.Globalization;
using System.Text;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

/// <summary>Incidents and positions of units: they may support a story, and say nothing when there is none.</summary>
public class NearbyTests
{
    private const string Ged = "id,where_prec,where_coordinates,latitude,longitude,date_prec,date_start,date_end,side_a,side_b,best\n";

    private readonly List<DataWarning> _warnings = [];

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private Incidents Read(string rows)
    {
        var read = Incidents.Read(Bytes(Ged + rows), "25.1", _warnings);
        return Incidents.Decode(read.Encode(), "25.1");
    }

    private static DayRange Days(string first, string last) => new(Maps.Day(first), Maps.Day(last));

    [Fact]
    public void An_incident_is_near_as_far_as_its_place_is_known()
    {
        var all = Read("""
            1,1,"Lyman, town",48.99,37.80,1,2022-09-20 00:00:00.000,2022-09-20 00:00:00.000,Government of Russia,Government of Ukraine,7
            2,2,near Lyman,48.99,37.80,1,2022-09-20,2022-09-20,Government of Russia,Government of Ukraine,3
            3,5,along the line,48.99,37.80,1,2022-09-20,2022-09-20,a,b,3
            4,1,Aleppo,36.2,37.16,1,2022-09-20,2022-09-20,a,b,3
            """);
        all.Count.ShouldBe(2);
        _warnings.ShouldBeEmpty();
        var near = all.Near(Maps.Place(49.0, 37.81), Days("2022-09-20", "2022-09-20"), null);
        near.Count.ShouldBe(2);
        near[0].ShouldBe(new Nearby("ucdp", "incident", Days("2022-09-20", "2022-09-20"), near[0].Km, near[0].Text));
        near.ShouldContain(each => each.Text.Contains("Lyman, town; Government of Russia – Government of Ukraine; best 7"));
        all.Near(Maps.Place(49.15, 37.81), Days("2022-09-20", "2022-09-20"), null).ShouldHaveSingleItem().Text.ShouldContain("where_prec 2");
        all.Near(Maps.Place(49.15, 37.81, radiusKm: 15), Days("2022-09-20", "2022-09-20"), null).Count.ShouldBe(2);
        all.Near(Maps.Place(50.0, 37.81), Days("2022-09-20", "2022-09-20"), null).ShouldBeEmpty();
        all.Near(Maps.Place(49.0, 37.81) with { Location = null }, Days("2022-09-20", "2022-09-20"), null).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, "2022-09-21", false)]
    [InlineData(2, "2022-09-21", true)]
    [InlineData(2, "2022-09-22", false)]
    [InlineData(3, "2022-09-23", true)]
    [InlineData(4, "2022-09-27", true)]
    [InlineData(4, "2022-09-28", false)]
    [InlineData(5, "2022-09-20", false)]
    public void An_incident_is_on_a_day_as_far_as_its_day_is_known(int precision, string day, bool expected) =>
        Read($"1,1,x,48.99,37.80,{precision},2022-09-18,2022-09-20,a,b,1\n").Near(Maps.Place(48.99, 37.80), Days(day, day), null).Any().ShouldBe(expected);

    [Fact]
    public void Long_and_short_incidents_are_found_by_any_day_of_theirs()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(i => (Start: random.Next(0, 300), Length: random.Next(0, i % 20 == 0 ? 60 : 3))).ToArray();
        string Iso(int day) => new DateOnly(2023, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var all = Read(string.Concat(rows.Select(row => $"1,1,x,48.99,37.80,1,{Iso(row.Start)},{Iso(row.Start + row.Length)},a,b,1\n")));
        for (var day = 0; day < 360; day += 7)
        {
            var expected = rows.Count(row => row.Start <= day + 2 && row.Start + row.Length >= day);
            all.Near(Maps.Place(48.99, 37.80), Days(Iso(day), Iso(day + 2)), null).Count.ShouldBe(expected);
        }
    }

    [Fact]
    public void Another_table_is_refused_and_a_bad_row_left_out_with_its_line()
    {
        Should.Throw<DataException>(() => Incidents.Read(Bytes("id,latitude\n1,2\n"), "x", _warnings)).Message.ShouldContain("where_prec");
        Should.Throw<DataException>(() => Incidents.Read(Bytes(""), "x", _warnings));
        Read("1,1,x,north,37.80,1,2022-09-18,2022-09-20,a,b,1\n2,1,x,48,37.80,1,2022-09-20,2022-09-18,a,b,1\n").Count.ShouldBe(0);
        _warnings.Select(warning => warning.Line).ShouldBe([2, 3]);
    }

    [Fact]
    public void Positions_of_a_unit_are_found_under_its_names_in_three_languages()
    {
        var all = UnitPositions.Decode(UnitPositions.Read(Bytes("""
            date,lat,lng,unit,country
            2022-03-31,47.14638,37.823051,102nd Motorized Rifle Regiment,ru
            2022-04-03,47.14638,37.823051,102nd Motorized Rifle Regiment,ru
            2022-04-03,47.2,37.8,102nd Tank Regiment,ru
            2022-04-03,47.2,37.8,36th Marine Brigade,ua
            """), "x", _warnings).Encode(), "x");
        IReadOnlyList<Nearby> Near(string? unit) => all.Near(Maps.Place(47.1, 37.6), Days("2022-04-01", "2022-04-01"), unit);
        Near("").Count.ShouldBe(4);
        Near("102-й мотострелковый полк").Count.ShouldBe(2);
        Near("102 мотострілецький полк").Count.ShouldBe(2);
        Near("102nd motorised rifle regiment").Count.ShouldBe(2);
        Near("102-я мотострелковая бригада").ShouldBeEmpty();
        Near("102 танковый полк").ShouldHaveSingleItem().Text.ShouldBe("102nd Tank Regiment (ru)");
        Near("36 бригада морської піхоти").ShouldHaveSingleItem().Text.ShouldBe("36th Marine Brigade (ua)");
        Near("the regiment").ShouldBeEmpty();
        Near(null).ShouldBeEmpty("nobody asked for a unit");
        all.Near(Maps.Place(48.1, 37.6), Days("2022-04-01", "2022-04-01"), "").ShouldBeEmpty();
        all.Near(Maps.Place(47.1, 37.6), Days("2022-04-20", "2022-04-21"), "").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("units_all.csv", 2000, "2022-03-31", "2022-09-11")]
    [InlineData("btgs_all.csv", 1000, "2022-03-27", "2022-06-13")]
    public void The_files_of_positions_are_read_as_they_are(string name, int atLeast, string first, string last)
    {
        var file = Vectors.Find("..", "data", "units", name);
        if (file is null) Assert.Skip("shared/data/units is not beside this checkout; set UNDERSTORY_SHARED to where `shared` is.");
        using var stream = File.OpenRead(file);
        var all = UnitPositions.Read(stream, "x", _warnings);
        all.Count.ShouldBeGreaterThan(atLeast);
        all.Days!.Value.First.ShouldBe(Maps.Day(first));
        all.Days!.Value.Last.ShouldBeInRange(Maps.Day(last) - 60, Maps.Day(last) + 60);
        _warnings.Count.ShouldBeLessThan(20);
        UnitPositions.Decode(all.Encode(), "x").Encode().ShouldBe(all.Encode());
    }
}
