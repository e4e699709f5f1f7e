using Shouldly;
using Understory.Engines.Tests.Verification.Places;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification;

/// <summary>What ships with the program before anything is imported.</summary>
public sealed class StarterSetTests
{
    [Fact]
    public void It_has_the_towns_of_Ukraine_with_their_periods_and_some_abroad_without()
    {
        var towns = StarterSet.Shipped.Towns;
        towns.Count(town => town.Place.Id.StartsWith("katottg:UA", StringComparison.Ordinal)).ShouldBe(128);
        towns.Select(town => town.Place.Id).ShouldBeUnique();
        foreach (var town in towns)
        {
            town.Names.ShouldAllBe(name => name.Length > 1);
            var ukrainian = town.Place.Id.StartsWith("katottg:", StringComparison.Ordinal);
            town.Periods.All.IsEmpty.ShouldBe(!ukrainian, town.Place.Name);
            if (ukrainian) town.Place.Location!.Value.Latitude.ShouldBeInRange(44.3, 52.4, town.Place.Name);
        }
    }

    [Theory]
    [InlineData("Izium", "2022-02-23", ControlStatus.UA)]
    [InlineData("Izium", "2022-07-01", ControlStatus.RU)]
    [InlineData("Izium", "2022-12-01", ControlStatus.UA)]
    [InlineData("Bakhmut", "2023-02-01", ControlStatus.Contested)]
    [InlineData("Bakhmut", "2023-08-01", ControlStatus.RU)]
    [InlineData("Robotyne", "2023-10-01", ControlStatus.UA)]
    [InlineData("Donetsk", "2021-06-01", ControlStatus.RU)]
    [InlineData("Sevastopol", "2014-02-01", ControlStatus.Nothing)]
    [InlineData("Lviv", "2025-10-31", ControlStatus.UA)]
    [InlineData("Lviv", "2025-11-01", ControlStatus.Nothing)]
    [InlineData("Tbilisi", "2022-10-01", ControlStatus.Nothing)]
    public void It_says_who_held_a_town(string name, string day, ControlStatus status)
    {
        var town = StarterSet.Shipped.Towns.Single(town => town.Names[2] == name);
        StarterSet.Shipped.Of(town.Place).At(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).DayNumber).ShouldBe(status);
    }

    /// <summary>Who says «в Клинцах» may mean the town in Bryansk oblast, and not the village of that name in Ukraine.</summary>
    [Theory]
    [InlineData("Клинцы", "", true), InlineData("Klintsy", "", true), InlineData("Каменка", "", true), InlineData("Клинцы", "Брянская область", true), InlineData("Клинцы", "Чернігівська область", false)]
    public void A_name_of_a_garrison_is_not_held_to_a_village(string name, string within, bool isFound)
    {
        var ground = Loaded.From([]).Atlas;
        var found = ground.Find(new PlaceQuery.Named(name, within.Length > 0 ? within : null, default)).Where(place => place.Id.StartsWith("elsewhere:", StringComparison.Ordinal)).ToList();
        found.Count.ShouldBe(isFound ? (name == "Каменка" ? 2 : 1) : 0);
        found.ShouldAllBe(place => place.Location == null && ground.Judge(place, Side.RU).Denied.IsEmpty && ground.Judge(place, Side.UA).Denied.IsEmpty);
        Elsewhere.Shipped.Select(place => place.Place.Id).ShouldBeUnique();
    }

    [Theory]
    [InlineData("a,b,c", "Line 2: 3 columns instead of 10.")]
    [InlineData("i,a,b,c,d,e,1,x,,s", "Line 2: The coordinates are none.")]
    [InlineData("i,a,b,c,d,e,1,2,RU,s", "Line 2: 'RU' is no period.")]
    [InlineData("i,a,b,c,d,e,1,2,RU 2022-13-01,s", "Line 2: 'RU 2022-13-01' is no period.")]
    [InlineData("i,a,b,c,d,e,1,2,RU 2022-03-01; UA 2022-02-01,s", "Line 2: 'UA 2022-02-01' is not after the one before it.")]
    public void A_row_that_is_wrong_is_said(string row, string sentence) =>
        Should.Throw<DataException>(() => StarterSet.Read(PlacesData.Bytes("header\n" + row))).Message.ShouldBe(sentence);
}
