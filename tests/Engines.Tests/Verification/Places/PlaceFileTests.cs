using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>Small files of places of our own, whole and damaged, and what an atlas makes of them.</summary>
public sealed class PlaceFileTests
{
    private const string AliasHeader = "name,aliases,place,wikidata,region,group,usage,lon,lat,cid\n";

    [Theory]
    [InlineData("")]
    [InlineData("name;code\n")]
    [InlineData(PlacesData.Header)]
    [InlineData(PlacesData.Header + "UA63000000000041885;;;;;O\n")]
    [InlineData(PlacesData.Header + "UA63000000000041885;;;;;Z;Харківська\n")]
    [InlineData(PlacesData.Header + "63000000000041885;;;;;O;Харківська\n")]
    [InlineData(PlacesData.Header + "UA63000000000041885;UA63080000000000010;;;;P;Куп’янський\n")]
    [InlineData(PlacesData.SmallCodifierText + "UA46000000000026241;;;;;O;Львівська\n")]
    [InlineData(PlacesData.Header + "UA63000000000041885;;;;;O;Харків\0ська\n")]
    public void A_damaged_codifier_is_one_error(string text) => Should.Throw<DataException>(() => Katottg.Read(PlacesData.Bytes(text))).Message.ShouldNotBeEmpty();

    [Fact]
    public void Errors_name_the_line()
    {
        Should.Throw<DataException>(() => Katottg.Read(PlacesData.Bytes(PlacesData.Header + "UA63000000000041885;;;;;O;Харківська\nx\n"))).Line.ShouldBe(3);
        Should.Throw<DataException>(() => Katottg.Read(PlacesData.Bytes(PlacesData.Header + new string('x', 1_000_000)))).Line.ShouldBe(2);
        Should.Throw<DataException>(() => Katottg.Read(PlacesData.Bytes(PlacesData.Header + new string(';', 1000)))).Line.ShouldBe(2);
        Should.Throw<DataException>(() => Katottg.Read(new MemoryStream([.. PlacesData.Bytes(PlacesData.Header).ToArray(), 0xff, 0xfe, 0x0a]))).Message.ShouldContain("UTF-8");
        Should.Throw<DataException>(() => CoordinateFiles.ReadAliases(PlacesData.Bytes(AliasHeader + "a,b\n"), [])).Line.ShouldBe(2);
        Should.Throw<DataException>(() => CoordinateFiles.ReadGeonames(PlacesData.Bytes("1\tKyiv\n"), [])).Line.ShouldBe(1);
    }

    [Fact]
    public void Coordinates_that_are_doubtful_are_left_out_and_the_candidates_stay()
    {
        var gazetteer = Small(AliasHeader
            + "ivanivka,ivanivka;ivanovka,village,,kharkiv region,,0,37.7,49.8,1\n"
            + "kamianka,kamianka,village,,kharkiv region,,0,37.7,49.9,2\n"
            + "kamianka,kamianka,village,,kharkiv region,,0,38.7,49.1,3\n"
            + "stepne,stepne,village,,kharkiv region,,0,37.1,49.1,4\n"
            + "kupiansk,kupiansk;kupyansk,town,,kharkiv region,,0,east,north,5\n"
            + "dvorichna,dvorichna,town,,luhansk region,,0,37.6,49.8,6\n");
        gazetteer.Find(Named("Іванівка", "Харківська область")).ShouldHaveSingleItem().Location.ShouldBe(new Location(49.8, 37.7));
        gazetteer.Find(Named("Іванівка", "Львівська область")).ShouldHaveSingleItem().Location.ShouldBeNull();
        gazetteer.Find(Named("Іванівка", null)).Count.ShouldBe(2);
        gazetteer.Find(Named("Кам'янка", null)).ShouldHaveSingleItem().Location.ShouldBeNull();
        gazetteer.Find(Named("Степне", null)).Count.ShouldBe(2);
        gazetteer.Find(Named("Куп'янськ", null)).ShouldHaveSingleItem().Location.ShouldBeNull();
        gazetteer.Find(Named("Дворічна", null)).ShouldHaveSingleItem().Location.ShouldBeNull();
        gazetteer.WithCoordinates.ShouldBe(1);
    }

    [Fact]
    public void GeoNames_joins_to_the_codifier_and_adds_places_of_other_countries()
    {
        string Row(int number, string name, string names, double lat, double lon, string country, string admin, string code = "PPL", int population = 0) =>
            string.Join('\t', number, name, name, names, lat.ToString("0.###"), lon.ToString("0.###"), "P", code, country, "", admin, "", "", "", population, "", "", "", "2024-01-01") + "\n";
        var located = CoordinateFiles.ReadGeonames(PlacesData.Bytes(
            Row(703656, "Kupiansk", "Купянск,Kupjansk", 49.71, 37.61, "UA", "07")
            + Row(1, "Saltivka", "", 50.0, 36.3, "UA", "07", "PPLX")
            + Row(472757, "Belgorod", "Белгород,Bilhorod", 50.6, 36.58, "RU", "09", "PPLA", 390_000)), []);
        var gazetteer = new Gazetteer(PlacesData.SmallCodifier(), located, [], []);
        var kupiansk = gazetteer.Find(Named("Kupjansk", null)).ShouldHaveSingleItem();
        kupiansk.Id.ShouldBe("katottg:UA63080020010000021");
        gazetteer.GeonameOf(kupiansk.Id).ShouldBe(703656);
        gazetteer.Find(new PlaceQuery.Geoname(703656, default)).ShouldHaveSingleItem().ShouldBe(kupiansk);
        gazetteer.Find(Named("Белгород", null)).ShouldHaveSingleItem().Id.ShouldBe("geoname:472757");
        gazetteer.Find(new PlaceQuery.Geoname(5, default)).ShouldBeEmpty();
    }

    [Fact]
    public void A_starter_place_gives_the_codifier_coordinates_and_stands_alone_without_it()
    {
        var known = new KnownPlace(new Candidate("katottg:UA63080020010000021", "Куп’янськ", ["Харківська область"], new Location(49.71, 37.61)), ["Купянск"]);
        new Gazetteer(PlacesData.SmallCodifier(), [], [], [known]).Find(Named("Купянск", "Харківська область")).ShouldHaveSingleItem().Location.ShouldNotBeNull();
        var alone = new Gazetteer((Codifier?)null, [], [], [known]);
        alone.Find(Named("Kupiansk", "Kharkiv region")).ShouldHaveSingleItem().ShouldBe(known.Place);
        alone.Find(Named("Kupiansk", "Луганська область")).ShouldBeEmpty();
    }

    [Fact]
    public void An_atlas_says_what_each_source_says_and_on_which_side_a_place_was()
    {
        var list = PlacesData.SmallList(PlacesData.Row("ІІ", "UA63080020010000021", "м. Куп’янськ Куп’янської міської територіальної громади", "27.02.2022", "10.09.2022"));
        var atlas = new Atlas(Small(AliasHeader), [list], null, []);
        atlas.Edition.ShouldBe("order376 2025-04-30");
        var place = atlas.Find(Named("Kupiansk", null)).ShouldHaveSingleItem();
        var word = atlas.Ask(place, PlacesData.Day(2022, 5, 1)).ShouldHaveSingleItem();
        word.ShouldBe(new SourceWord("order376", "2025-04-30", PlacesData.Day(2022, 5, 1), ControlStatus.RU, "section-II", PlacesData.Day(2022, 2, 27), PlacesData.Day(2022, 9, 10)));
        atlas.Ask(place, PlacesData.Day(2026, 1, 1)).ShouldHaveSingleItem().Status.ShouldBe(ControlStatus.Nothing);
        atlas.SideOf(place, PlacesData.Day(2022, 5, 1)).ShouldBe(Side.RU);
        atlas.SideOf(place, PlacesData.Day(2022, 9, 12)).ShouldBeNull();
        atlas.Judge(place, Side.UA).Denied.Contains(PlacesData.Day(2022, 5, 1)).ShouldBeTrue();
        atlas.Judge(place, Side.UA).ShouldBeSameAs(atlas.Judge(place, Side.UA));
        var lviv = atlas.Find(Named("Львов", null)).ShouldHaveSingleItem();
        atlas.SideOf(lviv, PlacesData.Day(2023, 5, 1)).ShouldBe(Side.UA);
        atlas.KmToFront(lviv, PlacesData.Day(2023, 5, 1)).ShouldBeNull();
    }

    private static PlaceQuery.Named Named(string name, string? within) => new(name, within, default);

    private static Gazetteer Small(string aliases) => new(PlacesData.SmallCodifier(), CoordinateFiles.ReadAliases(PlacesData.Bytes(aliases), []), [], []);
}
