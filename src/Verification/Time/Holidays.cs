namespace Understory.Verification;

/// <summary>
/// Holidays by the number that the lexicon gives them. Where law or churches moved one, both days are kept for a phrase that is
/// Ukrainian, or whose language does not show.
/// </summary>
/// <remarks>
/// Ukraine: Christmas is also kept on 25 December since 2017 (law 2211-VIII of 16 November 2017) and on that day alone since 2023;
/// Defenders' Day moved from 14 to 1 October 2023 (it was made by decree 806/2014 of 14 October 2014, which ended 23 February);
/// Statehood Day (28 July by decree 423/2021 of 24 August 2021 and law 2295-IX of 31 May 2022, first kept in 2022) moved to
/// 15 July from 2024: all three by law 3258-IX of 14 July 2023, signed on 28 July. 8 May for 9 May: law 3107-IX of 29 May 2023,
/// in force from 15 June. The Orthodox Church of Ukraine keeps the new calendar from 1 September 2023. The Russian Federation:
/// 23 February, 9 May, 12 June and 4 November as article 112 of the Labour Code has them.
/// </remarks>
internal static class Holidays
{
    private const int Moved = 2023;

    /// <summary>The days of a holiday in a year, by one reading or by several.</summary>
    /// <param name="holiday">Its number.</param>
    /// <param name="year">Which year.</param>
    /// <param name="tongue">The language of the phrase.</param>
    /// <param name="rite">1 Orthodox, 2 Western, 0 not said.</param>
    public static IReadOnlyList<Reading> Days(int holiday, int year, Tongues tongue, int rite)
    {
        var isRussian = tongue == Tongues.Russian;
        var isEnglish = tongue == Tongues.English;
        return holiday switch
        {
            1 => [Range(CalendarDays.Day(year, 1, 1) - 1, CalendarDays.Day(year, 1, 1))],
            2 => Both(On(year, 1, 7), On(year, 12, 25), isRussian ? 1 : isEnglish || year >= 2017 ? 0 : 1, rite),
            3 => Paschal(year, 0, 0, tongue, rite),
            4 => [isRussian ? On(year, 5, 9) : Range(CalendarDays.Day(year, 5, 8), CalendarDays.Day(year, 5, 9))],
            5 => [On(year, 8, 24)],
            6 => [On(year, 2, 23)],
            7 => [On(year, 3, 8)],
            8 => Either(On(year, 10, 14), On(year, 10, 1), isRussian || year < Moved),
            9 when year <= 2014 => [On(year, 10, 14), On(year, 2, 23) with { Name = "february" }],
            9 => Either(On(year, 10, 14), On(year, 10, 1), year < Moved),
            10 => [Range(CalendarDays.Day(year, 5, 1), CalendarDays.Day(year, 5, 10))],
            11 => [On(year, 6, 12)],
            12 => [On(year, 11, 4)],
            13 => tongue == Tongues.Ukrainian ? [On(year, 6, 28)] : [On(year, 6, 28) with { Name = "ukraine" }, On(year, 12, 12) with { Name = "russia" }],
            14 => [On(year, 6, 28)],
            15 => Both(On(year, 1, 19), On(year, 1, 6), isRussian || (!isEnglish && year <= Moved) ? 1 : 0, rite),
            16 => [Range(CalendarDays.Day(year, 1, 13), CalendarDays.Day(year, 1, 14))],
            17 => Both(On(year, 12, 19), On(year, 12, 6), isRussian || (!isEnglish && year < Moved) ? 1 : 0, rite),
            18 => Paschal(year, 49, 49, tongue, rite),
            19 => Paschal(year, -7, -7, tongue, rite),
            20 => [On(year, 8, 2)],
            21 => [On(year, 9, 1)],
            22 => [Range(CalendarDays.Day(year, 1, 1) - 1, CalendarDays.Day(year, 1, 10))],
            23 => [On(year, 2, 14)],
            24 => Paschal(year, -55, -49, tongue, 1),
            25 => [On(year, 1, 22)],
            26 => [On(year, 12, 31) with { Name = "ends-year" }, On(year - 1, 12, 31) with { Name = "begins-year" }],
            28 => Either(On(year, 7, 28), On(year, 7, 15), year <= Moved),
            _ => Both(On(year, 1, 6), On(year, 12, 24), 0, rite),
        };
    }

    /// <summary>
    /// Easter, or days counted from it: Orthodox in a Russian phrase, and in a Ukrainian one until 2022; from 2023 both in a
    /// Ukrainian one; both in an English one.
    /// </summary>
    private static IReadOnlyList<Reading> Paschal(int year, int from, int to, Tongues tongue, int rite)
    {
        var (orthodox, western) = (Easter.Orthodox(year).DayNumber, Easter.Western(year).DayNumber);
        var usual = tongue == Tongues.Russian || (tongue != Tongues.English && year < Moved) ? 1 : 0;
        return Both(Range(orthodox + from, orthodox + to), Range(western + from, western + to), usual, rite);
    }

    private static IReadOnlyList<Reading> Both(Reading orthodox, Reading western, int usual, int rite)
    {
        var only = rite != 0 ? rite : usual;
        if (only == 1 || orthodox.Days.Equals(western.Days)) return [orthodox];
        return only == 2 ? [western] : [orthodox with { Name = "orthodox" }, western with { Name = "western" }];
    }

    private static IReadOnlyList<Reading> Either(Reading old, Reading present, bool isOld) =>
        isOld ? [old] : [old with { Name = "old-calendar" }, present with { Name = "new-calendar" }];

    private static Reading On(int year, int month, int day) => Range(CalendarDays.Day(year, month, day), CalendarDays.Day(year, month, day));

    private static Reading Range(int first, int last) => new(CalendarDays.Set(new DayRange(first, last)));
}
