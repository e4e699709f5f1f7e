using System.Globalization;
using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Core;

/// <summary>Writes stories for tests in few words.</summary>
internal static class Tell
{
    public static readonly Position Nowhere = new(1, 1);

    public static int Day(string iso) => DateOnly.Parse(iso, CultureInfo.InvariantCulture).DayNumber;

    /// <summary>From <c>2022-09-21/2022-09-30</c>, <c>2022-09</c>, or one day.</summary>
    public static DayRange Days(string iso)
    {
        var ends = iso.Split('/');
        return new DayRange(First(ends[0]), Last(ends[^1]));

        static int First(string part) => Day(part.Length == 4 ? part + "-01-01" : part.Length == 7 ? part + "-01" : part);

        static int Last(string part)
        {
            if (part.Length == 10) return Day(part);
            var first = DateOnly.FromDayNumber(First(part));
            return (part.Length == 4 ? first.AddYears(1) : first.AddMonths(1)).DayNumber - 1;
        }
    }

    /// <summary>A date with one reading, or with several set apart by " or ".</summary>
    public static When On(string iso) => new When.Said(Date(iso), Nowhere);

    public static Phrase.Date Date(string iso) => new(iso, [.. iso.Split(" or ").Select(reading => new Reading(DaySet.Of(reading.Split(' ').Select(Days))))]);

    public static When After(string claim, Amount? by = null) => new When.After(To(claim), by, Nowhere);

    public static When Before(string claim, Amount? by = null) => new When.Before(To(claim), by, Nowhere);

    public static When Within(string claim) => new When.Within(To(claim), Nowhere);

    public static When SameDay(string claim) => new When.SameDayAs(To(claim), Nowhere);

    public static When Both(params When[] all) => new When.All(all, Nowhere);

    public static When Either(params When[] all) => new When.Any(all, Nowhere);

    public static Amount Of(int count, TimeUnit unit) => new(count, count, unit, string.Create(CultureInfo.InvariantCulture, $"{count} {unit}"));

    public static PlaceQuery At(string name) => new PlaceQuery.Named(name, Within: null, Nowhere);

    public static Claim Event(string id, When? when = null) => new() { Id = id, Says = id, When = when };

    public static Claim Stay(string id, string? from, string? until) => new() { Id = id, Says = id, Kind = ClaimKind.Stay, From = from is null ? null : On(from), Until = until is null ? null : On(until) };

    public static Story Story(params Claim[] claims) => Story("2025-03-10", new Person(Born: null, Age: null), claims);

    public static Story Story(string told, Person person, params Claim[] claims) => new("example", Day(told), person, claims, []);

    private static Reference To(string name) => name.StartsWith("fact:", StringComparison.Ordinal) ? new Reference(name[5..], IsFact: true) : new Reference(name, IsFact: false);
}
