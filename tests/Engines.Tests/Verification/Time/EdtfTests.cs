using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Time;

/// <summary>EDTF: what is accepted and refused, what it means in days, where the fault is.</summary>
public sealed class EdtfTests
{
    [Fact]
    public void Accepts_and_refuses_what_the_public_cases_say()
    {
        var rows = File.ReadAllLines(Vectors.Data("edtf", "cases.csv")).Skip(1).Where(line => line.Length > 0).ToList();
        rows.Count.ShouldBeGreaterThan(150);
        var wrong = rows.Select(Split).Where(row => Edtf.TryRead(row.Input, anyYear: true, out _, out _, out _) != row.IsAccepted);
        wrong.Select(row => row.Input).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2022", "2022-01-01/2022-12-31")]
    [InlineData("2022-09", "2022-09-01/2022-09-30")]
    [InlineData("2024-02", "2024-02-01/2024-02-29")]
    [InlineData("2022-09-05", "2022-09-05")]
    [InlineData(" 2022-09-05 ", "2022-09-05")]
    [InlineData("2022-09-05T23:59:59", "2022-09-05")]
    [InlineData("2022-09-05T01:00:00+03:00", "2022-09-05")]
    [InlineData("2022-09-05T12:30", "2022-09-05")]
    [InlineData("2022-09-05T24:00:00", "2022-09-05")]
    [InlineData("19", "1900-01-01/1999-12-31")]
    [InlineData("202", "2020-01-01/2029-12-31")]
    [InlineData("1950S2", "1900-01-01/1999-12-31")]
    [InlineData("1956S3", "1950-01-01/1959-12-31")]
    [InlineData("Y2E3", "2000-01-01/2000-12-31")]
    [InlineData("Y20220E0S4", null)]
    [InlineData("2022?", "2021-10-02/2023-04-01")]
    [InlineData("2022-09-05?", "2022-09-01/2022-09-09")]
    [InlineData("2022-09-05~", "2022-09-01/2022-09-09")]
    [InlineData("2022-09-05%", "2022-09-01/2022-09-09")]
    [InlineData("2022-09-~05", "2022-09-01/2022-09-09")]
    [InlineData("2022-09~", "2022-08-17/2022-10-15")]
    [InlineData("2022~", "2021-10-02/2023-04-01")]
    [InlineData("2022-09~-05", "2022-08-05/2022-10-06")]
    [InlineData("2022-~09-05", "2022-08-05/2022-10-06")]
    [InlineData("2022~-09", "2021-08-31/2023-10-01")]
    [InlineData("2022-?09~-09", "2022-08-09/2022-10-10")]
    [InlineData("202X", "2020-01-01/2029-12-31")]
    [InlineData("2022-XX", "2022-01-01/2022-12-31")]
    [InlineData("2022-XX-XX", "2022-01-01/2022-12-31")]
    [InlineData("2022-09-XX", "2022-09-01/2022-09-30")]
    [InlineData("2022-09-0X", "2022-09-01/2022-09-09")]
    [InlineData("2022-09-3X", "2022-09-30")]
    [InlineData("2022-X2", "2022-02-01/2022-02-28 2022-12-01/2022-12-31")]
    [InlineData("202X-02-29", "2020-02-29 2024-02-29 2028-02-29")]
    [InlineData("XXXX", "1900-01-01/2199-12-31")]
    [InlineData("2022-21", "2022-03-01/2022-05-31")]
    [InlineData("2022-22", "2022-06-01/2022-08-31")]
    [InlineData("2022-23", "2022-09-01/2022-11-30")]
    [InlineData("2022-24", "2021-12-01/2022-02-28 | 2022-12-01/2023-02-28")]
    [InlineData("2022-28", "2021-12-01/2022-02-28 | 2022-12-01/2023-02-28")]
    [InlineData("2022-29", "2022-09-01/2022-11-30")]
    [InlineData("2022-32", "2022-06-01/2022-08-31")]
    [InlineData("2022-33", "2022-01-01/2022-03-31")]
    [InlineData("2022-36", "2022-10-01/2022-12-31")]
    [InlineData("2022-37", "2022-01-01/2022-04-30")]
    [InlineData("2022-39", "2022-09-01/2022-12-31")]
    [InlineData("2022-40", "2022-01-01/2022-06-30")]
    [InlineData("2022-41", "2022-07-01/2022-12-31")]
    [InlineData("[2022-03, 2022-05-01]", "2022-03-01/2022-03-31 2022-05-01")]
    [InlineData("{2022-03..2022-05}", "2022-03-01/2022-05-31")]
    [InlineData("[..2022-05-01]", "1900-01-01/2022-05-01")]
    [InlineData("[2022-05-01..]", "2022-05-01/2199-12-31")]
    [InlineData("2022-06/2022-08", "from 2022-06-01/2022-06-30 until 2022-08-01/2022-08-31")]
    [InlineData("2022-06/..", "from 2022-06-01/2022-06-30")]
    [InlineData("2022-06/", "from 2022-06-01/2022-06-30")]
    [InlineData("../2022-06-01", "until 2022-06-01")]
    [InlineData("/2022-06-01", "until 2022-06-01")]
    [InlineData("/", "")]
    [InlineData("2022-06~/2022", "from 2022-05-17/2022-07-15 until 2022-01-01/2022-12-31")]
    [InlineData("2004-06-~01/2004-06-~20", "from 2004-05-28/2004-06-05 until 2004-06-16/2004-06-24")]
    public void Means_these_days(string text, string? days)
    {
        Edtf.TryParse(text, out var phrase, out _, out var why).ShouldBe(days is not null, why);
        if (days is not null) Shown.Of(phrase!).ShouldBe(days);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("2022-13", 5)]
    [InlineData("2022-09-31", 8)]
    [InlineData("2022-02-29", 8)]
    [InlineData("2022-9", 5)]
    [InlineData("2022-09-5", 8)]
    [InlineData(" 2022-09-5", 9)]
    [InlineData("2022-09-05T25:00:00", 11)]
    [InlineData("2022-09-05T12:61", 11)]
    [InlineData("2022-09-05x", 10)]
    [InlineData("2022-06/2022-13", 13)]
    [InlineData("2022-06/2022-05", 8)]
    [InlineData("2022-06/2022-07/2022-08", 15)]
    [InlineData("2012-21/2012-22", 0)]
    [InlineData("24/02", 0)]
    [InlineData("20/2022", 0)]
    [InlineData("1850", 0)]
    [InlineData("1850/1945", 0)]
    [InlineData("2022-01/2300", 8)]
    [InlineData("[2022-03, 2022-13]", 15)]
    [InlineData("[2022-03", 7)]
    [InlineData("[2022-03..2022-01]", 10)]
    [InlineData("[]", 1)]
    [InlineData("[2022,]", 6)]
    [InlineData("[2022..,2023]", 5)]
    [InlineData("Y2022", 1)]
    [InlineData("Y12345678901234567890123", 0)]
    [InlineData("Y1E9999", 3)]
    [InlineData("１９９９", 0)]
    [InlineData("2022-09-05T12:00:00+15", 19)]
    public void Says_where_the_fault_is(string text, int at)
    {
        Edtf.TryParse(text, out var phrase, out var faultAt, out var why).ShouldBeFalse();
        phrase.ShouldBeNull();
        why.ShouldNotBeEmpty();
        faultAt.ShouldBe(at, why);
    }

    [Fact]
    public void Never_throws_and_points_into_the_text()
    {
        var characters = Gen.Elements("0123456789XYESTZ-+:./?~%[]{}, 22222---".ToCharArray());
        var texts = Gen.Choose(0, 24).SelectMany(length => Gen.ArrayOf(characters, length)).Select(array => new string(array));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var isRead = Edtf.TryParse(text, out var phrase, out var faultAt, out _);
            var hasDays = phrase is not Phrase.Date date || date.Readings.All(reading => !reading.Days.IsEmpty);
            return isRead ? hasDays : phrase is null && faultAt >= 0 && faultAt <= text.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Prop.ForAll<string>(text => text is null || Edtf.TryParse(text, out _, out var at, out _) || at <= text.Length)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Any_day_and_any_month_is_read_as_itself() => Prop.ForAll(
        Gen.Choose(DayRange.Earliest, DayRange.Latest).ToArbitrary(),
        day =>
        {
            var date = DateOnly.FromDayNumber(day);
            return Shown.Of(Read(DayRange.Iso(day))) == DayRange.Iso(day)
                && Read($"{date:yyyy-MM}") is Phrase.Date { Readings: [var month] } && month.Days.Contains(day) && month.Days.Hull.Count <= 31;
        }).Check(Config.QuickThrowOnFailure);

    private static Phrase Read(string text) => Edtf.TryParse(text, out var phrase, out _, out var why) ? phrase : throw new InvalidOperationException(why);

    private static (string Input, bool IsAccepted) Split(string line)
    {
        var end = line.StartsWith('"') ? line.IndexOf('"', 1) + 1 : line.IndexOf(',');
        return (line[..end].Trim('"'), line[end..].Contains("accept"));
    }
}
