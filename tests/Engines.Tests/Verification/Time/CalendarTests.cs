using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Time;

/// <summary>Easter, ISO weeks, and what an amount is in days.</summary>
public sealed class CalendarTests
{
    [Theory]
    // As churches announced them: Western and Orthodox.
    [InlineData(1961, "1961-04-02", "1961-04-09")]
    [InlineData(2000, "2000-04-23", "2000-04-30")]
    [InlineData(2014, "2014-04-20", "2014-04-20")]
    [InlineData(2019, "2019-04-21", "2019-04-28")]
    [InlineData(2020, "2020-04-12", "2020-04-19")]
    [InlineData(2021, "2021-04-04", "2021-05-02")]
    [InlineData(2022, "2022-04-17", "2022-04-24")]
    [InlineData(2023, "2023-04-09", "2023-04-16")]
    [InlineData(2024, "2024-03-31", "2024-05-05")]
    [InlineData(2025, "2025-04-20", "2025-04-20")]
    [InlineData(2026, "2026-04-05", "2026-04-12")]
    public void Easter_is_when_churches_announced_it(int year, string western, string orthodox)
    {
        Easter.Western(year).ShouldBe(DateOnly.Parse(western));
        Easter.Orthodox(year).ShouldBe(DateOnly.Parse(orthodox));
    }

    [Fact]
    public void Easter_is_a_Sunday_and_the_Orthodox_one_is_never_before_the_Western()
    {
        foreach (var year in Enumerable.Range(1900, 300))
        {
            Easter.Western(year).DayOfWeek.ShouldBe(DayOfWeek.Sunday);
            Easter.Orthodox(year).DayOfWeek.ShouldBe(DayOfWeek.Sunday);
            (Easter.Orthodox(year).DayNumber - Easter.Western(year).DayNumber).ShouldBeInRange(0, 35);
        }
    }

    [Fact]
    public void Weeks_are_those_of_ISO()
    {
        foreach (var year in Enumerable.Range(1900, 300))
        {
            var weeks = IsoWeeks.OfYear(year);
            weeks.Count.ShouldBe(System.Globalization.ISOWeek.GetWeeksInYear(year));
            for (var i = 0; i < weeks.Count; i++)
            {
                weeks[i].First.ShouldBe(DateOnly.FromDateTime(System.Globalization.ISOWeek.ToDateTime(year, i + 1, DayOfWeek.Monday)).DayNumber);
                weeks[i].Count.ShouldBe(7);
            }
            Enumerable.Range(1, 12).Sum(month => IsoWeeks.OfMonth(year, month).Count).ShouldBe(weeks.Count);
        }
    }

    [Theory]
    [InlineData(1, TimeUnit.Day, 1)]
    [InlineData(5, TimeUnit.Day, 1)]
    [InlineData(6, TimeUnit.Day, 2)]
    [InlineData(10, TimeUnit.Day, 2)]
    [InlineData(1, TimeUnit.Week, 4)]
    [InlineData(3, TimeUnit.Week, 5)]
    [InlineData(1, TimeUnit.Month, 15)]
    [InlineData(2, TimeUnit.Month, 15)]
    [InlineData(6, TimeUnit.Month, 37)]
    [InlineData(1, TimeUnit.Year, 91)]
    [InlineData(2, TimeUnit.Year, 147)]
    public void Slack_is_half_a_unit_or_a_fifth(int count, TimeUnit unit, int days) => AmountDays.Slack(count, unit).ShouldBe(days);

    [Theory]
    [InlineData("two months", "2022-09-21", "2022-11-06/2022-12-06")]
    [InlineData("a month", "2022-01-31", "2022-02-13/2022-03-15")]
    [InlineData("a few days", "2022-02-24", "2022-02-25/2022-03-08")]
    [InlineData("one day", "2022-02-24", "2022-02-24/2022-02-26")]
    [InlineData("half a day", "2022-02-24", "2022-02-24/2022-02-26")]
    [InlineData("a year", "2024-02-29", "2024-11-29/2025-05-30")]
    public void So_long_after_a_day(string amount, string day, string expected) =>
        Amounts.Understand(amount).After(DateOnly.Parse(day).DayNumber).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("two months", "2022-11-21", "2022-09-06/2022-10-06")]
    [InlineData("a month", "2022-03-31", "2022-02-13/2022-03-15")]
    [InlineData("one day", "2022-02-24", "2022-02-22/2022-02-24")]
    public void So_long_before_a_day(string amount, string day, string expected) =>
        Amounts.Understand(amount).Before(DateOnly.Parse(day).DayNumber).ToString().ShouldBe(expected);

    [Fact]
    public void Months_are_as_long_as_they_are_then()
    {
        var month = new Amount(1, 1, TimeUnit.Month, "");
        var february = DayRange.Of(new DateOnly(2022, 2, 1), new DateOnly(2022, 2, 28));
        month.Distances(february).ShouldBe((28 - 15, 28 + 15));
        month.Distances(february with { First = february.First - 1 }).ShouldBe((28 - 15, 28 + 15));
        month.Distances(DayRange.Of(new DateOnly(2022, 1, 1), new DateOnly(2022, 2, 28))).ShouldBe((28 - 15, 31 + 15));
        new Amount(2, 10, TimeUnit.Day, "").Distances(february).ShouldBe((1, 12));
        new Amount(1, 1, TimeUnit.Week, "").Distances(february, isEarlier: true).ShouldBe((3, 11));
        month.Distances(DayRange.Always).ShouldBe((28 - 15 - 1, 31 + 15 + 1));
    }

    /// <summary>Whatever the base, the day after is as far away as the distances over all bases say, and some base reaches each end.</summary>
    [Fact]
    public void Distances_hold_every_base_and_no_more()
    {
        var amounts = Gen.Choose(0, 30).SelectMany(least => Gen.Choose(0, 5).SelectMany(more =>
            Gen.Elements(Enum.GetValues<TimeUnit>()).Select(unit => new Amount(least, least + more, unit, ""))));
        var cases = amounts.SelectMany(amount => Gen.Choose(700_000, 750_000).SelectMany(first => Gen.Choose(0, 400).SelectMany(length =>
            Gen.Elements(true, false).Select(isEarlier => (amount, bases: new DayRange(first, first + length), isEarlier)))));
        Prop.ForAll(cases.ToArbitrary(), item =>
        {
            var (least, most) = item.amount.Distances(item.bases, item.isEarlier);
            var all = Enumerable.Range(item.bases.First, item.bases.Count).Select(day =>
            {
                var range = item.isEarlier ? item.amount.Before(day) : item.amount.After(day);
                return item.isEarlier ? (day - range.Last, day - range.First) : (range.First - day, range.Last - day);
            }).ToList();
            return all.Min(one => one.Item1) == least && all.Max(one => one.Item2) == most && least >= 0 && least <= most;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Set_algebra_is_that_of_bits()
    {
        const int Days = 64;
        static DaySet Of(ulong bits) => DaySet.Of(Enumerable.Range(0, Days).Where(i => (bits >> i & 1) != 0).Select(i => new DayRange(DayRange.Earliest + i, DayRange.Earliest + i)));
        var runs = Gen.Choose(0, int.MaxValue).SelectMany(high => Gen.Choose(0, int.MaxValue).Select(low => ((ulong)high << 32 | (uint)low) & (ulong)(high % 3 == 0 ? -1L : low * 0x9E37L)));
        Prop.ForAll(runs.ToArbitrary(), runs.ToArbitrary(), (a, b) =>
        {
            var (first, second) = (Of(a), Of(b));
            var ordered = first.Ranges.Zip(first.Ranges.Skip(1)).All(pair => pair.First.Last + 1 < pair.Second.First);
            return ordered
                && first.Union(second).Equals(Of(a | b))
                && first.Intersect(second).Equals(Of(a & b))
                && first.Except(second).Equals(Of(a & ~b))
                && first.Complement().Complement().Equals(first)
                && first.Complement().Intersect(Of(ulong.MaxValue)).Equals(Of(~a))
                && Enumerable.Range(0, Days).All(i => first.Contains(DayRange.Earliest + i) == ((a >> i & 1) != 0))
                && first.Equals(second) == (a == b)
                && (first.GetHashCode() == second.GetHashCode() || a != b);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
