namespace Understory.Verification;

/// <summary>The English words of the grammar; how a line reads is said at <see cref="Lexicon"/>.</summary>
internal static class EnglishWords
{
    public const string Table =
        """
        Month 1: january jan januarys
        Month 2: february feb
        Month 3: march mar
        Month 4: april apr
        Month 5: may
        Month 6: june jun
        Month 7: july jul
        Month 8: august aug
        Month 9: september sept sep
        Month 10: october oct
        Month 11: november nov
        Month 12: december dec
        Weekday 1: monday mondays mon
        Weekday 2: tuesday tuesdays tue tues
        Weekday 3: wednesday wednesdays wed
        Weekday 4: thursday thursdays thu thur thurs
        Weekday 5: friday fridays fri
        Weekday 6: saturday saturdays sat
        Weekday 7: sunday sundays sun
        Weekend: weekend weekends
        Season 3: spring springtime
        Season 6: summer summertime
        Season 9: autumn fall
        Season 12: winter wintertime
        Cardinal 1: one
        Cardinal 2: two
        Cardinal 3: three
        Cardinal 4: four
        Cardinal 5: five
        Cardinal 6: six
        Cardinal 7: seven
        Cardinal 8: eight
        Cardinal 9: nine
        Cardinal 10: ten
        Cardinal 11: eleven
        Cardinal 12: twelve
        Cardinal 13: thirteen
        Cardinal 14: fourteen
        Cardinal 15: fifteen
        Cardinal 16: sixteen
        Cardinal 17: seventeen
        Cardinal 18: eighteen
        Cardinal 19: nineteen
        Cardinal 20: twenty
        Cardinal 30: thirty
        Cardinal 40: forty
        Cardinal 50: fifty
        Cardinal 60: sixty
        Cardinal 70: seventy
        Cardinal 80: eighty
        Cardinal 90: ninety
        Ordinal 1: first first_few
        Ordinal 2: second ii
        Ordinal 3: third iii
        Ordinal 4: fourth iv
        Ordinal 5: fifth
        Ordinal 6: sixth
        Ordinal 7: seventh
        Ordinal 8: eighth
        Ordinal 9: ninth
        Ordinal 10: tenth
        Ordinal 11: eleventh
        Ordinal 12: twelfth
        Ordinal 13: thirteenth
        Ordinal 14: fourteenth
        Ordinal 15: fifteenth
        Ordinal 16: sixteenth
        Ordinal 17: seventeenth
        Ordinal 18: eighteenth
        Ordinal 19: nineteenth
        Ordinal 20: twentieth
        Ordinal 30: thirtieth
        Ordinal -1: last final last_few
        Thousand: thousand
        Hundred: hundred
        Nineties 90: nineties
        Nineties 80: eighties
        Nineties 70: seventies
        Nineties 60: sixties
        Nineties 50: fifties
        Nineties 2000: noughties two_thousands
        A: a an
        Vague 210: few a_few several a_number_of some
        Vague 204: couple a_couple a_couple_of couple_of
        OneAndHalf: one_and_a_half
        Half: half half_a half_of_a
        AndHalf: and_a_half
        Unit 0: day days
        Unit 1: week weeks wk wks
        Unit 2: month months
        Unit 3: year years yr yrs
        Unit 4: hour hours minute minutes
        Unit 6: decade decades
        Unit 7: quarter quarters
        Unit 9: fortnight fortnights
        YearWord 1: year
        YearWord 2: years
        Part 1: early beginning start
        Part 2: mid middle
        Part 3: late end close
        HalfOf: half
        TenDays: decade ten_days
        Since: since from starting starting_from starting_in starting_on beginning_in as_of
        Until: until till up_to through up_until til
        To: to until till through
        Between: between
        And: and
        Or: or
        Skip: in on at the of during within towards toward into very
        Skip: back_in it was it_was this_was some_time sometime at_some_point one_day_in morning evening afternoon dawn already just
        Night: night nights overnight
        Whole: all whole entire throughout
        For: for over_a_period_of lasting
        After: after following just_after shortly_after soon_after right_after
        Through: after
        Before: before by prior_to ahead_of just_before shortly_before right_before
        Earlier: earlier before beforehand before_that before_this prior previously
        Later: later after afterwards after_that after_this thereafter
        Ago: ago
        Next: next following
        Previous: previous preceding
        NextDay: next_morning the_morning_after
        DayBefore: eve
        Eve: eve eve_of
        About: about around approximately circa roughly some approx ca nearly almost
        MoreThan: more_than over at_least just_over longer_than
        LessThan: less_than under at_most up_to no_more_than not_more_than just_under within
        Last: last
        BeforeLast: year_before_last
        This: this
        RelativeDay 0: today now present the_present
        RelativeDay -1: yesterday
        RelativeDay -2: day_before_yesterday
        WhenI: when_i_was i_was when_i_turned i_turned when_he_was when_she_was when_i_became when_i_had_turned
        Aged: aged at_the_age_of at_age age as_a
        Old: old
        Birthday: birthday
        Service: service military_service army contract national_service
        My: my his her their
        Holiday 1: new_years_day new_year new_years new_years_holiday
        Holiday 26: new_years_eve
        Holiday 2: christmas xmas christmas_day
        Holiday 3: easter easter_sunday
        Holiday 4: victory_day
        Holiday 5: independence_day independence_day_of_ukraine ukraines_independence_day ukrainian_independence_day
        Holiday 6: defender_of_the_fatherland_day fatherland_defenders_day
        Holiday 7: womens_day international_womens_day
        Holiday 8: pokrova feast_of_the_intercession intercession_day
        Holiday 9: defenders_day defender_of_ukraine_day defenders_day_of_ukraine day_of_defenders_of_ukraine
        Holiday 10: may_day may_holidays
        Holiday 11: russia_day
        Holiday 12: national_unity_day
        Holiday 13: constitution_day
        Holiday 14: constitution_day_of_ukraine
        Holiday 15: epiphany
        Holiday 16: old_new_year
        Holiday 17: st_nicholas_day saint_nicholas_day
        Holiday 18: trinity_sunday pentecost
        Holiday 19: palm_sunday
        Holiday 21: knowledge_day day_of_knowledge
        Holiday 22: new_year_holidays
        Holiday 23: valentines_day
        Holiday 25: unity_day_of_ukraine
        Holiday 27: christmas_eve
        Holiday 28: statehood_day ukrainian_statehood_day
        Rite 1: orthodox
        Rite 2: western catholic
        Inclusive: inclusive
        NoEarlier: no_earlier_than not_earlier_than not_before
        NoLater: no_later_than not_later_than by
        Suffix: st nd rd th s
        """;
}
