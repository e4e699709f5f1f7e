namespace Understory.Verification;

/// <summary>
/// The Sunday of Easter, by the algorithms in J. Meeus, Astronomical Algorithms (2nd ed. 1998), chapter 8: the Gregorian one
/// of 1876 ("anonymous", Nature 13, 487) for Western churches, and the Julian one for Orthodox churches. Both dates are Gregorian.
/// </summary>
internal static class Easter
{
    public static DateOnly Western(int year)
    {
        var a = year % 19;
        var (b, c) = (year / 100, year % 100);
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var days = h + l - (7 * m) + 114;
        return new DateOnly(year, days / 31, (days % 31) + 1);
    }

    public static DateOnly Orthodox(int year)
    {
        var d = ((19 * (year % 19)) + 15) % 30;
        var e = ((2 * (year % 4)) + (4 * (year % 7)) - d + 34) % 7;
        var days = d + e + 114;
        // By how much the Julian calendar is behind: 13 days from March 1900 to February 2100, 14 after that.
        var behind = (year / 100) - (year / 400) - 2;
        return new DateOnly(year, days / 31, (days % 31) + 1).AddDays(behind);
    }
}
