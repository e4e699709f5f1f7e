using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>The official list in <c>shared/data</c> as it is, with what goes wrong in it.</summary>
public sealed class RealListTests(ITestOutputHelper output)
{
    [Fact]
    public void All_rows_and_exceptions_are_read_and_all_repairs_are_said()
    {
        var list = PlacesData.RealList;
        foreach (var warning in list.Warnings) output.WriteLine($"{warning.Line}: {warning.Text}");
        output.WriteLine($"{list.Rows} rows, {list.Exceptions} exceptions");
        // 3018 rows; Степова Новоселівка ends five months after the edition and cannot be repaired.
        list.Rows.ShouldBe(3017);
        // 348 where «за винятком» is written with an ordinary space, 38 in a row with a hard one, a comma forgotten, and «та» once for a comma.
        list.Exceptions.ShouldBe(388);
        list.Warnings.ShouldContain(warning => warning.Text.Contains("UA14040010080042209") && warning.Text.Contains("glued"));
        list.Warnings.Count(warning => warning.Text.Contains("glued")).ShouldBe(4);
        list.Warnings.Count(warning => warning.Text.Contains("nothing is said")).ShouldBe(1);
    }

    [Theory]
    // Макарівка, glued dates: occupied, freed in June 2023, occupied again.
    [InlineData("UA14040010080042209", "2022-05-01", ControlStatus.RU)]
    [InlineData("UA14040010080042209", "2023-06-11", ControlStatus.RU)]
    [InlineData("UA14040010080042209", "2023-07-01", ControlStatus.Contested)]
    [InlineData("UA14040010080042209", "2024-06-01", ControlStatus.UA)]
    [InlineData("UA14040010080042209", "2025-02-07", ControlStatus.RU)]
    // Ізюм: its own rows, then its hromada's.
    [InlineData("UA63040090010029555", "2022-03-15", ControlStatus.Contested)]
    [InlineData("UA63040090010029555", "2022-05-15", ControlStatus.RU)]
    [InlineData("UA63040090010029555", "2022-09-10", ControlStatus.Contested)]
    [InlineData("UA63040090010029555", "2022-09-12", ControlStatus.UA)]
    // The list lags: Бахмут fell in May 2023 and is listed from December.
    [InlineData("UA14020010010059145", "2023-07-01", ControlStatus.Contested)]
    [InlineData("UA14020010010059145", "2023-12-13", ControlStatus.RU)]
    // Роботине is occupied in the list without a break.
    [InlineData("UA23100270150025192", "2023-09-15", ControlStatus.RU)]
    // Донецьк inherits from its raion, Сімферополь from Crimea, Севастополь has a row of its own.
    [InlineData("UA14080030010048113", "2018-01-01", ControlStatus.RU)]
    [InlineData("UA85000000000065278", "2018-01-01", ControlStatus.RU)]
    // Львів stands nowhere.
    [InlineData("UA46060250010015970", "2023-01-01", ControlStatus.UA)]
    // Золоте: a part of it was held since 2018, the rest since June 2022.
    [InlineData("UA44120010020096222", "2020-01-01", ControlStatus.Contested)]
    [InlineData("UA44120010020096222", "2023-01-01", ControlStatus.RU)]
    // Залізне has a digit too many in its code.
    [InlineData("UA14020110020077205", "2024-09-01", ControlStatus.UA)]
    public void Places_are_read_as_the_list_has_them(string code, string date, ControlStatus status)
    {
        PlacesData.RealCodifier.Find(code).ShouldNotBeNull();
        PlacesData.RealList.Of(PlacesData.At(code)).At(DateOnly.Parse(date).DayNumber).ShouldBe(status);
    }

    [Theory]
    [InlineData("Авдіївка", "Донецька", "2024-02-20", ControlStatus.Contested)]
    [InlineData("Авдіївка", "Донецька", "2024-03-01", ControlStatus.RU)]
    [InlineData("Торецьк", "Донецька", "2024-12-01", ControlStatus.UA)]
    [InlineData("Гродівка", "Донецька", "2024-12-01", ControlStatus.UA)]
    [InlineData("Курахове", "Донецька", "2025-04-01", ControlStatus.UA)]
    [InlineData("Сімферополь", "Крим", "2020-01-01", ControlStatus.RU)]
    public void Towns_found_by_name_have_what_the_list_says(string name, string within, string date, ControlStatus status)
    {
        var place = PlacesData.RealGazetteer.Find(new PlaceQuery.Named(name, within, default)).ShouldHaveSingleItem();
        PlacesData.RealList.Of(place).At(DateOnly.Parse(date).DayNumber).ShouldBe(status);
    }

    [Fact]
    public void An_open_row_alone_denies_nothing_and_a_closed_one_does()
    {
        IReadOnlyList<IControlSource> sources = [PlacesData.RealList];
        Judge.Of(PlacesData.At("UA14020010010059145"), Side.UA, sources, null).Denied.IsEmpty.ShouldBeTrue();
        Judge.Of(PlacesData.At("UA23100270150025192"), Side.UA, sources, null).Denied.IsEmpty.ShouldBeTrue();
        var izium = Judge.Of(PlacesData.At("UA63040090010029555"), Side.UA, sources, null).Denied;
        izium.Ranges.ShouldBe([DayRange.Of(new DateOnly(2022, 4, 16), new DateOnly(2022, 8, 23))]);
    }

    [Fact]
    public void A_place_without_a_row_that_can_be_repaired_says_nothing()
    {
        var place = PlacesData.RealGazetteer.Find(new PlaceQuery.Named("Степова Новоселівка", "Куп'янський район", default)).ShouldHaveSingleItem();
        PlacesData.RealList.Of(place).ShouldBeSameAs(ControlPeriods.None);
    }

    [Fact]
    public void A_few_thousand_places_share_few_series_and_a_look_up_makes_nothing_new()
    {
        var all = PlacesData.RealCodifier.Units.Where(unit => unit.IsPlace).Select(unit => PlacesData.RealList.Of(PlacesData.At(unit.Code))).ToList();
        all.Count.ShouldBe(29_707);
        output.WriteLine($"{all.Distinct(ReferenceEqualityComparer.Instance).Count()} different series");
        all.Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBeLessThan(3000);
    }
}
