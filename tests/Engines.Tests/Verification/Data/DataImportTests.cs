using System.Text;
using Shouldly;
using Understory.Engines.Tests.Verification.Control;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Data;

/// <summary>From files of the sources, through data files, to a ground that can be asked.</summary>
public class DataImportTests
{
    private static readonly Lazy<Loaded?> Real = new(LoadReal);

    private static DataInput Input(string name, string text, int? day = null) => new(name, day, () => new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static DataFile Store(Imported imported)
    {
        using var file = new MemoryStream();
        DataFile.Write(file, imported.Header, imported.Content);
        file.Position = 0;
        return DataFile.Read(file);
    }

    private static Loaded? LoadReal()
    {
        DataInput? Beside(params string[] parts) =>
            Vectors.Find(["..", "data", .. parts]) is { } path ? new DataInput(path, null, () => File.OpenRead(path)) : null;
        if (Beside("occupation", "perelik-07052025.csv") is not { } order || Beside("gazetteer", "kodifikator-16-05-2025.csv") is not { } codifier
            || Beside("gazetteer", "warreport_ua_settlement_aliases.csv") is not { } aliases || Maps.Folder() is not { } maps)
        {
            return null;
        }
        var import = new DataImport();
        DataFile Read(string name, params DataInput[] files)
        {
            using var katottg = codifier.Open();
            return Store(import.Read(DataSource.Find(name)!, files, null, name == "order376" ? Maps.Day("2025-04-30") : null, name == "order376" ? Codifier.Read(Codifier.Encode(Katottg.Read(katottg))) : null));
        }
        var days = Directory.GetFiles(maps, "*.geojson")
            .Select(path => new DataInput(path, DateOnly.ParseExact(Path.GetFileNameWithoutExtension(path)[^8..], "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture).DayNumber, () => File.OpenRead(path)));
        return Loaded.From([Read("katottg", codifier), Read("order376", order), Read("gazetteer", aliases), Read("deepstate", [.. days])]);
    }

    private static Loaded RealData()
    {
        if (Real.Value is null) Assert.Skip("shared/data is not beside this checkout; set UNDERSTORY_SHARED to where `shared` is.");
        return Real.Value;
    }

    [Theory]
    [InlineData("Курахове", "Донецька область", "2025-04-15")]
    [InlineData("Торецьк", "Донецька область", "2025-04-15")]
    [InlineData("Гродівка", "Донецька область", "2025-04-15")]
    public void Where_the_list_lags_and_the_map_says_otherwise_nobody_is_contradicted(string name, string within, string day)
    {
        var data = RealData();
        var place = data.Atlas.Find(new PlaceQuery.Named(name, within, new Position(1, 1))).ShouldHaveSingleItem();
        var words = data.Atlas.Ask(place, Maps.Day(day));
        words.Single(word => word.Source == "order376").Status.ShouldNotBe(ControlStatus.RU);
        data.Atlas.Judge(place, Side.UA).Denied.Contains(Maps.Day(day)).ShouldBeFalse();
        data.Atlas.Judge(place, Side.RU).Denied.Contains(Maps.Day(day)).ShouldBeFalse();
    }

    [Fact]
    public void Kurakhove_in_April_2025_is_a_disagreement_and_both_words_are_shown()
    {
        var data = RealData();
        var place = data.Atlas.Find(new PlaceQuery.Named("Курахове", "Донецька область", new Position(1, 1))).ShouldHaveSingleItem();
        var words = data.Atlas.Ask(place, Maps.Day("2025-04-15")).ToDictionary(word => word.Source, word => word.Status, StringComparer.Ordinal);
        words["order376"].ShouldBe(ControlStatus.UA);
        words["deepstate"].ShouldBe(ControlStatus.RU);
        data.Atlas.Judge(place, Side.RU).Disagreed.Contains(Maps.Day("2025-04-15")).ShouldBeTrue();
    }

    [Fact]
    public void Deep_behind_the_line_and_far_before_it_words_can_be_denied()
    {
        var data = RealData();
        Candidate Find(string name, string within) => data.Atlas.Find(new PlaceQuery.Named(name, within, new Position(1, 1)))[0];
        data.Atlas.Judge(Find("Луганськ", "Луганська область"), Side.UA).Denied.Contains(Maps.Day("2024-12-01")).ShouldBeTrue();
        data.Atlas.Judge(Find("Полтава", "Полтавська область"), Side.RU).Denied.Contains(Maps.Day("2024-12-01")).ShouldBeTrue();
        data.Atlas.Judge(Find("Керч", "Автономна Республіка Крим"), Side.UA).Denied.Contains(Maps.Day("2024-12-01")).ShouldBeTrue();
    }

    [Fact]
    public void Without_any_file_there_are_the_starter_facts()
    {
        var data = Loaded.From([]);
        data.Sources.Select(source => source.Name).ShouldBe(["starter"]);
        data.Gazetteer.Places.ShouldNotBeEmpty();
        data.Atlas.KmToFront(data.Gazetteer.Places[0], Maps.Day("2024-12-01")).ShouldBeNull();
    }

    [Fact]
    public void New_days_of_a_map_are_added_to_those_before()
    {
        const string Map = """{"type":"Polygon","coordinates":[[[37,48],[38,48],[38,49],[37,49],[37,48]]]}""";
        var source = DataSource.Find("deepstate")!;
        var first = Store(new DataImport().Read(source, [Input("a", Map, Maps.Day("2024-03-01")), Input("b", Map, Maps.Day("2024-03-02"))], null, null, null));
        var second = Store(new DataImport().Read(source, [Input("c", """{"type":"FeatureCollection","features":[]}""", Maps.Day("2024-03-02")), Input("d", Map, Maps.Day("2024-03-05"))], first, null, null));
        var series = PolygonSeries.Read(second.Content);
        series.Days.ToArray().ShouldBe([Maps.Day("2024-03-01"), Maps.Day("2024-03-02"), Maps.Day("2024-03-05")]);
        series.Inside(new Location(48.5, 37.5)).ShouldBe([true, false, true]);
        (second.Header.First, second.Header.Last, second.Header.Edition).ShouldBe((Maps.Day("2024-03-01"), Maps.Day("2024-03-05"), "2024-03-05"));
    }

    [Fact]
    public void A_fault_names_its_file()
    {
        var import = new DataImport();
        Should.Throw<DataException>(() => import.Read(DataSource.Find("polygons")!, [Input("pavlo.geojson", "{", Maps.Day("2024-03-01"))], null, null, null)).Message.ShouldStartWith("pavlo.geojson: Line 1:");
        Should.Throw<DataException>(() => import.Read(DataSource.Find("katottg")!, [Input("lidia.csv", "a;b")], null, null, null)).Message.ShouldStartWith("lidia.csv: ");
        Should.Throw<DataException>(() => import.Read(DataSource.Find("units")!, [Input("marta.csv", "")], null, null, null)).Message.ShouldStartWith("marta.csv: ");
    }

    [Fact]
    public void Content_of_another_kind_under_a_name_is_refused()
    {
        foreach (var source in DataSource.All)
        {
            var random = new Random(source.Name.Length);
            var garbage = new byte[500];
            random.NextBytes(garbage);
            using var file = new MemoryStream();
            DataFile.Write(file, new DataHeader(source.Name, source.Name, "", "", "", 738000, 738001), garbage);
            file.Position = 0;
            var stored = DataFile.Read(file);
            Should.Throw<DataException>(() => Loaded.From([stored]), source.Name).Message.ShouldContain(source.Name);
        }
    }

    [Fact]
    public void Four_years_of_daily_maps_are_small()
    {
        var random = new Random(12);
        var ring = Enumerable.Range(0, 2600).Select(i => GridPoint.Of(new Location(48 + (1.5 * Math.Sin(i * Math.PI / 1300)), 37 + (2 * Math.Cos(i * Math.PI / 1300))))).ToArray();
        var days = new List<PolygonDay>();
        for (var day = 0; day < 1461; day++)
        {
            ring = [.. ring];
            for (var i = 0; i < 20; i++)
            {
                ref var point = ref ring[random.Next(ring.Length)];
                point = new GridPoint(point.X + random.Next(-2000, 2000), point.Y + random.Next(-2000, 2000));
            }
            days.Add(new PolygonDay(Maps.Day("2022-03-01") + day, [new GridPolygon([ring])]));
        }
        var content = PolygonSeries.Encode(days, Outline.Ukraine);
        content.Length.ShouldBeLessThan(2_000_000); // 85 MB as GeoJSON
        // The least of some: other tests hold memory at the same time.
        var series = PolygonSeries.Read(content);
        Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            series = PolygonSeries.Read(content);
            return GC.GetTotalMemory(forceFullCollection: true) - before;
        }).ShouldBeLessThan(50L << 20);
        series.Days.Length.ShouldBe(1461);
        series.Inside(new Location(48, 37)).ShouldAllBe(inside => inside);
    }
}
