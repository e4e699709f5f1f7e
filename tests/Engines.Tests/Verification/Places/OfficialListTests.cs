using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>The official list as it is published, and small ones in which one thing is wrong.</summary>
public sealed class OfficialListTests
{
    /// <summary>Columns went through raions of which only fighting was listed (Hlukhiv in the spring of 2022): silence of the list is no proof there.</summary>
    [Theory]
    [InlineData("ІІ", Understory.Verification.Force.NeedsAgreement)]
    [InlineData("2", Understory.Verification.Force.NeedsAgreement)]
    [InlineData("3", Understory.Verification.Force.NeedsAgreement)]
    [InlineData("1", Understory.Verification.Force.Denies)]
    public void Not_listed_is_weak_where_the_raion_was_fought_over(string section, Understory.Verification.Force force)
    {
        var list = PlacesData.SmallList(PlacesData.Row(section, "UA63080010020000013", "с. Іванівка", "24.02.2022", "01.04.2022"));
        list.Of(PlacesData.At("UA63080010030000014")).All[0].Force.ShouldBe(force);
        list.Of(PlacesData.At("UA46060010010000032")).All[0].Force.ShouldBe(Understory.Verification.Force.Denies, "another oblast");
    }

    private const string Dvorichna = "UA63080010010000012";
    private const string Ivanivka = "UA63080010020000013";
    private const string Kamianka = "UA63080010030000014";
    private const string Hromada = "UA63080010000000011";
    private const string Lviv = "UA46060010010000032";

    [Fact]
    public void A_place_inherits_from_the_most_specific_level_that_covers_the_day()
    {
        var list = PlacesData.SmallList(
            PlacesData.Row("ІІ", "UA63080000000000010", "Куп’янський район", "24.02.2022", "10.09.2022")
            + PlacesData.Row("2", Hromada, "Дворічанська селищна територіальна громада за винятком с. Кам`янка", "11.09.2022", "31.12.2022")
            + PlacesData.Row("1", Dvorichna, "с-ще Дворічна Дворічанської селищної територіальної громади", "01.10.2022", "31.10.2022"));
        Status(list, Dvorichna, 2022, 5, 1).ShouldBe(ControlStatus.RU);
        Status(list, Dvorichna, 2022, 9, 10).ShouldBe(ControlStatus.RU);
        Status(list, Dvorichna, 2022, 9, 11).ShouldBe(ControlStatus.Contested);
        Status(list, Dvorichna, 2022, 10, 1).ShouldBe(ControlStatus.UA);
        Status(list, Dvorichna, 2022, 10, 31).ShouldBe(ControlStatus.UA);
        Status(list, Dvorichna, 2022, 11, 1).ShouldBe(ControlStatus.Contested);
        Status(list, Kamianka, 2022, 11, 1).ShouldBe(ControlStatus.UA);
        Basis(list, Kamianka, 2022, 11, 1).ShouldBe("not-listed");
        list.Exceptions.ShouldBe(1);
        list.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Several_periods_stand_in_one_cell_and_an_open_one_runs_to_the_editions_day()
    {
        var list = PlacesData.SmallList(PlacesData.Row("ІІ", Ivanivka, "с. Іванівка Дворічанської селищної територіальної громади", "24.02.2022;15.01.2024", "11.09.2022"));
        Status(list, Ivanivka, 2022, 9, 11).ShouldBe(ControlStatus.RU);
        Status(list, Ivanivka, 2022, 9, 12).ShouldBe(ControlStatus.UA);
        Status(list, Ivanivka, 2024, 1, 15).ShouldBe(ControlStatus.RU);
        Status(list, Ivanivka, 2025, 4, 30).ShouldBe(ControlStatus.RU);
        Status(list, Ivanivka, 2025, 5, 1).ShouldBe(ControlStatus.Nothing);
        Status(list, Ivanivka, 2014, 2, 19).ShouldBe(ControlStatus.Nothing);
        Force(list, Ivanivka, 2022, 5, 1).ShouldBe(Understory.Verification.Force.Denies);
        Force(list, Ivanivka, 2025, 1, 1).ShouldBe(Understory.Verification.Force.NeedsAgreement);
    }

    [Theory]
    [InlineData("10.03.202207.02.2025", "11.06.2023", "glued")]
    [InlineData("31.03. 2022", "31.12.2022", "space")]
    [InlineData("12.11 2022", "01.05.2023", "space")]
    public void Damaged_dates_that_can_only_mean_one_thing_are_repaired_with_a_warning(string starts, string ends, string warning)
    {
        var list = PlacesData.SmallList(PlacesData.Row("ІІ", Ivanivka, "с. Іванівка Дворічанської громади", starts, ends));
        list.Warnings.ShouldContain(found => found.Line == 2 && found.Text.Contains(warning));
        list.Of(PlacesData.At(Ivanivka)).All.ShouldContain(period => period.Status == ControlStatus.RU);
    }

    [Theory]
    [InlineData("10.03.2022", "09.09.2025")]
    [InlineData("30.02.2022", "")]
    [InlineData("10.03.2022", "09.03.2022")]
    [InlineData("10.03.2022", "11.03.2022;12.04.2022")]
    [InlineData("10.03.2022;10.03.2023;10.03.2024", "11.03.2022")]
    [InlineData("10.03.2012", "")]
    [InlineData("", "")]
    [InlineData("soon", "")]
    [InlineData("24.02.20", "")]
    public void A_row_that_cannot_be_repaired_makes_its_place_say_nothing(string starts, string ends)
    {
        var list = PlacesData.SmallList(
            PlacesData.Row("1", Hromada, "Дворічанська селищна територіальна громада", "24.02.2022", "")
            + PlacesData.Row("ІІ", Ivanivka, "с. Іванівка Дворічанської громади", starts, ends));
        list.Of(PlacesData.At(Ivanivka)).ShouldBeSameAs(ControlPeriods.None);
        list.Warnings.ShouldContain(found => found.Line == 3 && found.Text.Contains("nothing is said"));
        Status(list, Kamianka, 2023, 1, 1).ShouldBe(ControlStatus.UA);
    }

    [Fact]
    public void Two_rows_of_one_level_share_a_day_as_a_change_and_more_as_contested()
    {
        string Rows(string end) => PlacesData.Row("ІІ", Ivanivka, "с. Іванівка Дворічанської громади", "01.04.2022", end)
            + PlacesData.Row("1", Ivanivka, "с. Іванівка Дворічанської громади", "08.09.2022", "31.12.2022");
        var shared = PlacesData.SmallList(Rows("08.09.2022"));
        Status(shared, Ivanivka, 2022, 9, 7).ShouldBe(ControlStatus.RU);
        Status(shared, Ivanivka, 2022, 9, 8).ShouldBe(ControlStatus.UA);
        var overlapping = PlacesData.SmallList(Rows("09.09.2022"));
        Status(overlapping, Ivanivka, 2022, 9, 8).ShouldBe(ControlStatus.Contested);
        Basis(overlapping, Ivanivka, 2022, 9, 9).ShouldBe("overlap");
        Status(overlapping, Ivanivka, 2022, 9, 10).ShouldBe(ControlStatus.UA);
    }

    [Fact]
    public void A_code_with_a_space_or_a_digit_too_many_is_found_by_what_else_the_row_says()
    {
        var list = PlacesData.SmallList(
            PlacesData.Row("ІІ", "UA 63080010020000013", "с. Іванівка Дворічанської селищної територіальної громади", "01.04.2022", "08.09.2022")
            + PlacesData.Row("ІІ", "UA630800100300000144", "с. Кам’янка Дворічанської селищної територіальної громади", "01.04.2022", "08.09.2022"));
        Status(list, Ivanivka, 2022, 5, 1).ShouldBe(ControlStatus.RU);
        Status(list, Kamianka, 2022, 5, 1).ShouldBe(ControlStatus.RU);
        list.Warnings.Select(warning => warning.Line).ShouldBe([2, 3]);
    }

    [Fact]
    public void A_code_and_a_name_that_mean_two_places_make_both_say_nothing()
    {
        var list = PlacesData.SmallList(
            PlacesData.Row("1", Hromada, "Дворічанська селищна територіальна громада", "24.02.2022", "")
            + PlacesData.Row("ІІ", Ivanivka, "с. Кам’янка Дворічанської громади", "01.04.2022", ""));
        list.Of(PlacesData.At(Ivanivka)).ShouldBeSameAs(ControlPeriods.None);
        list.Of(PlacesData.At(Kamianka)).ShouldBeSameAs(ControlPeriods.None);
    }

    [Fact]
    public void An_exception_that_names_nothing_or_two_places_is_said()
    {
        var list = PlacesData.SmallList(PlacesData.Row("ІІ", Hromada, "Дворічанська селищна територіальна громада за винятком с. Нема, с. Степне с. Кам’янка", "01.04.2022", "08.09.2022"));
        list.Exceptions.ShouldBe(3);
        list.Warnings.Count.ShouldBe(2);
        Status(list, Kamianka, 2022, 5, 1).ShouldBe(ControlStatus.UA);
        Status(list, Ivanivka, 2022, 5, 1).ShouldBe(ControlStatus.RU);
        list.Of(PlacesData.At("UA63080010040000015")).ShouldBeSameAs(ControlPeriods.None);
        list.Of(PlacesData.At("UA63080010050000016")).ShouldBeSameAs(ControlPeriods.None);
    }

    [Fact]
    public void Not_listed_weighs_less_where_the_raion_was_ever_occupied()
    {
        var list = PlacesData.SmallList(PlacesData.Row("ІІ", Ivanivka, "с. Іванівка Дворічанської громади", "01.04.2022", "08.09.2022"));
        Force(list, Kamianka, 2023, 1, 1).ShouldBe(Understory.Verification.Force.NeedsAgreement);
        Force(list, Lviv, 2023, 1, 1).ShouldBe(Understory.Verification.Force.Denies);
        list.Of(new Candidate("geoname:524901", "Москва", [], null)).ShouldBeSameAs(ControlPeriods.None);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b,c\n1,2,3\n")]
    [InlineData(PlacesData.ListHeader)]
    [InlineData(PlacesData.ListHeader + "ІІ. Т,1. ХАРКІВСЬКА ОБЛАСТЬ,Куп’янський район,UA63080010020000013,с. Іванівка\n")]
    [InlineData(PlacesData.ListHeader + "9. Т,1. ХАРКІВСЬКА ОБЛАСТЬ,Куп’янський район,UA63080010020000013,с. Іванівка,01.04.2022,\n")]
    [InlineData(PlacesData.ListHeader + "ІІ. Т,1. ХАРКІВСЬКА ОБЛАСТЬ,Куп’янський район,UA63080010020000013,\"с. Іванівка,01.04.2022,\n")]
    [InlineData(PlacesData.ListHeader + "ІІ. Т,нема,нема,нема,нема,01.04.2022,\n")]
    [InlineData(PlacesData.ListHeader + "ІІ. Т,\0,\0,\0,\0,01.04.2022,\n")]
    public void A_damaged_file_is_one_error(string text) =>
        Should.Throw<DataException>(() => OfficialList.Read(PlacesData.Bytes(text), PlacesData.Edition, PlacesData.SmallCodifier())).Message.ShouldNotBeEmpty();

    [Fact]
    public void A_file_in_which_most_rows_are_damaged_is_refused()
    {
        var rows = string.Concat(Enumerable.Repeat(PlacesData.Row("ІІ", Ivanivka, "с. Іванівка Дворічанської громади", "x", "y"), 20));
        Should.Throw<DataException>(() => PlacesData.SmallList(rows)).Message.ShouldContain("damaged");
    }

    [Fact]
    public void Random_damage_gives_an_error_or_a_list_and_nothing_else()
    {
        var whole = System.Text.Encoding.UTF8.GetBytes(PlacesData.ListHeader
            + PlacesData.Row("ІІ", "UA63080000000000010", "Куп’янський район", "24.02.2022;11.11.2023", "10.09.2022")
            + PlacesData.Row("2", Hromada, "Дворічанська селищна територіальна громада за винятком с. Кам`янка, с. Степне (UA63080010050000016)", "11.09.2022", "31.12.2022"));
        var random = new Random(376);
        var codifier = PlacesData.SmallCodifier();
        var (read, refused) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = whole.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                OfficialList.Read(new MemoryStream(bytes, 0, random.Next(1, bytes.Length + 1)), PlacesData.Edition, codifier);
                read++;
            }
            catch (DataException)
            {
                refused++;
            }
        }
        read.ShouldBeGreaterThan(10);
        refused.ShouldBeGreaterThan(10);
    }

    private static ControlStatus Status(OfficialList list, string code, int year, int month, int day) => list.Of(PlacesData.At(code)).At(PlacesData.Day(year, month, day));

    private static ControlPeriod Period(OfficialList list, string code, int year, int month, int day) =>
        list.Of(PlacesData.At(code)) is var periods ? periods.All[periods.IndexAt(PlacesData.Day(year, month, day))] : default;

    private static string Basis(OfficialList list, string code, int year, int month, int day) => Period(list, code, year, month, day).Basis;

    private static Force Force(OfficialList list, string code, int year, int month, int day) => Period(list, code, year, month, day).Force;
}
