using System.Globalization;

namespace Understory.Bench.Planted;

/// <summary>What somebody says of a day, and which days may be meant by it.</summary>
/// <param name="Text">The words.</param>
/// <param name="Readings">Each a way to understand them.</param>
internal sealed record Words(string Text, params Days[][] Readings);

/// <summary>
/// Sentences in three languages and EDTF for a true day, written from how people talk and not from the tables of the grammar. Each
/// gives the days that it means by <c>docs/formats/story.md</c>, and always the true one among them.
/// </summary>
internal sealed class Speaker(Random random, int told)
{
    private static readonly string[] s_ruOf = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];
    private static readonly string[] s_ruIn = ["январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре", "октябре", "ноябре", "декабре"];
    private static readonly string[] s_ukOf = ["січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"];
    private static readonly string[] s_ukIn = ["січні", "лютому", "березні", "квітні", "травні", "червні", "липні", "серпні", "вересні", "жовтні", "листопаді", "грудні"];
    private static readonly string[] s_en = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] s_ruDays = ["воскресенье", "понедельник", "вторник", "среду", "четверг", "пятницу", "субботу"];
    private static readonly string[] s_ukDays = ["неділю", "понеділок", "вівторок", "середу", "четвер", "п'ятницю", "суботу"];
    private static readonly string[] s_enDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] s_seasonRu = ["весной", "летом", "осенью"];
    private static readonly string[] s_seasonUk = ["навесні", "влітку", "восени"];
    private static readonly string[] s_seasonEn = ["spring", "summer", "autumn"];

    /// <summary>How wide the words may be.</summary>
    public enum Width
    {
        /// <summary>A few days.</summary>
        Narrow,

        /// <summary>Up to a month.</summary>
        Month,

        /// <summary>Anything.</summary>
        Any,
    }

    /// <summary>Words for a day.</summary>
    public Words Of(int day, Width width) => Of(day, width, isEnd: false);

    /// <summary>Words for the day on which a stay ended: «до 9 июля» is then that day, and not some day before.</summary>
    public Words OfEnd(int day, Width width) => Of(day, width, isEnd: true);

    private Words Of(int day, Width width, bool isEnd)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            var kind = random.Next(width switch { Width.Narrow => 12, Width.Month => 30, _ => 38 });
            if (Say(kind, random.Next(4), day) is { } words && !(isEnd && words.Text.StartsWith("до ", StringComparison.Ordinal)) && words.Readings.Any(reading => reading.Any(days => days.First <= day && day <= days.Last)) && words.Readings.All(reading => reading[0].First <= told)) return words;
        }
        return Say(0, 3, day)!;
    }

    private static Days[] On(int first, int last) => [new Days(first, last)];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Words? Say(int kind, int language, int day)
    {
        var on = new Moment(language, day);
        return kind switch { < 12 => OfDays(kind, on), < 21 => OfMonths(kind, on), < 30 => AroundMonths(kind, on), _ => OfYears(kind, on) };
    }

    /// <summary>A true day and the language that it is told in.</summary>
    private sealed class Moment(int language, int day)
    {
        public int Language => language;

        public int Day => day;

        public DateOnly Date { get; } = DateOnly.FromDayNumber(day);

        public int D => Date.Day;

        public int M => Date.Month - 1;

        public int Y => Date.Year;

        public string Yy => Text($"{Y % 100:00}");

        public int First => day - D + 1;

        public int Length => DateTime.DaysInMonth(Y, Date.Month);

        public int Last => First + Length - 1;

        public string Iso => Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        public string IsoMonth => Iso[..7];

        /// <summary>In Russian, Ukrainian, English or EDTF; null where the language has no such sentence.</summary>
        public Words? Say(Days[][] readings, string? ru, string? uk, string? en, string? edtf) => (language switch { 0 => ru, 1 => uk, 2 => en, _ => edtf }) is { } text ? new Words(text, readings) : null;
    }

    private static Days[][] One(int first, int last) => [On(first, last)];

    /// <summary>A day, or a few.</summary>
    private Words? OfDays(int kind, Moment on)
    {
        var (d, m, y) = (on.D, on.M, on.Y);
        switch (kind)
        {
            case 0:
                return on.Say(One(on.Day, on.Day), Text($"{d} {s_ruOf[m]} {y} года"), Text($"{d} {s_ukOf[m]} {y} року"), Text($"{d} {s_en[m]} {y}"), on.Iso);
            case 1:
                return on.Say(One(on.Day, on.Day), Text($"{d}-го {s_ruOf[m]} {y}-го"), Text($"{d}-го {s_ukOf[m]} {y}-го"), Text($"the {d}{Nth(d)} of {s_en[m]} {y}"), on.Iso);
            case 2:
                return on.Say(One(on.Day, on.Day), Text($"{d:00}.{m + 1:00}.{y}"), Text($"{d}.{m + 1:00}.{y} р."), Text($"{s_en[m]} {d}, {y}"), on.Iso);
            case 3:
                return on.Say(One(on.Day - 4, on.Day + 4), Text($"примерно {d} {s_ruOf[m]} {y} года"), Text($"десь {d} {s_ukOf[m]} {y} року"), Text($"around {d} {s_en[m]} {y}"), on.Iso + "~");
            case 4:
                {
                    var weekday = (int)on.Date.DayOfWeek;
                    return on.Say(One(on.Day, on.Day), Text($"{(weekday == 2 ? "во" : "в")} {s_ruDays[weekday]}, {d} {s_ruOf[m]} {y} года"), Text($"у {s_ukDays[weekday]}, {d} {s_ukOf[m]} {y} року"), Text($"on {s_enDays[weekday]}, {d} {s_en[m]} {y}"), null);
                }
            case 5:
                {
                    var (a, b) = (Math.Max(on.First, on.Day - random.Next(5)), Math.Min(on.Last, on.Day + random.Next(5)));
                    if (a == b) return null;
                    var (x, z) = (a - on.First + 1, b - on.First + 1);
                    return on.Say(One(a, b), Text($"между {x} и {z} {s_ruOf[m]} {y} года"), Text($"між {x} та {z} {s_ukOf[m]} {y} року"), Text($"between {x} and {z} {s_en[m]} {y}"), Text($"{on.IsoMonth}-{x:00}/{on.IsoMonth}-{z:00}"));
                }
            case 6:
                return on.Say(One(on.Day - 1, on.Day + 1), Text($"в ночь на {d} {s_ruOf[m]} {y} года"), Text($"у ніч на {d} {s_ukOf[m]} {y} року"), Text($"during the night of {d} {s_en[m]} {y}"), null);
            case 7:
                return on.Say(One(on.Day, on.Day), Text($"утром {d} {s_ruOf[m]} {y} года"), Text($"увечері {d} {s_ukOf[m]} {y} року"), Text($"on the morning of {d} {s_en[m]} {y}"), null);
            case 8:
                return on.Say([On(on.Day, on.Day), On(on.Day + 1, on.Day + 1)], Text($"{d} или {d + 1} {s_ruOf[m]} {y} года"), Text($"{d} або {d + 1} {s_ukOf[m]} {y} року"), Text($"on {d} or {d + 1} {s_en[m]} {y}"), null) is { } either && d < on.Length ? either : null;
            case 9:
                return Holiday(on.Language, on.Day);
            case 10:
                return d < 10 ? null : on.Say(One(on.First + (d / 10 * 10) - 1, Math.Min(on.Last, on.First + (d / 10 * 10) + 8)), null, null, null, on.Iso[..9] + "X");
            case 11:
                return on.Say(One(on.Day, on.Day), Text($"{d} {s_ruOf[m]} {on.Yy}-го"), Text($"{d} {s_ukOf[m]} {on.Yy}-го"), Text($"{d} {s_en[m]} '{on.Yy}"), null);
            default:
                return null;
        }
    }

    /// <summary>A month or a part of one.</summary>
    private static Words? OfMonths(int kind, Moment on)
    {
        var (d, m, y) = (on.D, on.M, on.Y);
        switch (kind)
        {
            case 12 or 13:
                {
                    var part = d <= 10 ? 0 : d <= 20 ? 1 : 2;
                    var (a, b) = (on.First + (10 * part), part == 2 ? on.Last : on.First + (10 * part) + 9);
                    return kind == 12
                        ? on.Say(One(a, b), Text($"в {Pick(part, "начале", "середине", "конце")} {s_ruOf[m]} {y} года"), Text($"{Pick(part, "на початку", "в середині", "наприкінці")} {s_ukOf[m]} {y} року"), Text($"{Pick(part, "at the beginning", "in the middle", "at the end")} of {s_en[m]} {y}"), null)
                        : on.Say(One(a, b), Text($"в {Pick(part, "первой", "второй", "третьей")} декаде {s_ruOf[m]} {y}"), Text($"{Pick(part, "перша", "друга", "третя")} декада {s_ukOf[m]} {y} року"), Text($"{Pick(part, "early", "mid", "late")} {s_en[m]} {y}"), null);
                }
            case 15 when on.Language < 2:
                {
                    // Somewhere in a month is about that month.
                    var wide = (on.Length + 1) / 2;
                    return on.Say(One(on.First - wide, on.Last + wide), Text($"где-то в {s_ruIn[m]} {y} года"), Text($"десь у {s_ukIn[m]} {y} року"), null, null);
                }
            case 14 or 15 or 16:
                return on.Say(One(on.First, on.Last), Text($"{Pick(kind - 14, "в", "где-то в", "всё это было в")} {s_ruIn[m]} {y} года"), Text($"{Pick(kind - 14, "у", "десь у", "кудись на")} {s_ukIn[m]} {y} року"), Text($"{Pick(kind - 14, "in", "sometime in", "back in")} {s_en[m]} {y}"), on.IsoMonth) is { } month && !(kind == 16 && on.Language < 2) ? month : null;
            case 17:
                {
                    var half = d <= 15 ? 0 : 1;
                    return on.Say(half == 0 ? One(on.First, on.First + 14) : One(on.First + 15, on.Last), Text($"в {Pick(half, "первой", "второй")} половине {s_ruOf[m]} {y} года"), Text($"у {Pick(half, "першій", "другій")} половині {s_ukOf[m]} {y} року"), Text($"in the {Pick(half, "first", "second")} half of {s_en[m]} {y}"), null);
                }
            case 18:
                return on.Say([On(on.First, on.First + on.Length - 1)], Text($"{Pick(m, "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")} {on.Yy}-го"), Text($"{Pick(m, "січень", "лютий", "березень", "квітень", "травень", "червень", "липень", "серпень", "вересень", "жовтень", "листопад", "грудень")} {y}"), Text($"{s_en[m][..3]}. {y}"), null);
            case 19:
                {
                    var week = (d - 1) / 7;
                    if (week > 3) return null;
                    return on.Say([On(on.First + (7 * week), on.First + (7 * week) + 6), IsoWeek(on.First, week)], Text($"на {Pick(week, "первой", "второй", "третьей", "четвёртой")} неделе {s_ruOf[m]} {y} года"), Text($"{Pick(week, "перший", "другий", "третій", "четвертий")} тиждень {s_ukOf[m]} {y} року"), Text($"in the {Pick(week, "first", "second", "third", "fourth")} week of {s_en[m]} {y}"), null);
                }
            case 20:
                return d < on.Length - 6 ? null : on.Say([On(on.Last - 6, on.Last), LastIsoWeek(on.Last)], Text($"в последнюю неделю {s_ruOf[m]} {y} года"), Text($"останній тиждень {s_ukOf[m]} {y} року"), Text($"in the last week of {s_en[m]} {y}"), null);
            default:
                return null;
        }
    }

    /// <summary>About a month, or across its ends.</summary>
    private Words? AroundMonths(int kind, Moment on)
    {
        var (d, m, y) = (on.D, on.M, on.Y);
        switch (kind)
        {
            case 21:
                {
                    var weekday = on.Date.DayOfWeek;
                    var all = Enumerable.Range(on.First, on.Length).Where(other => DateOnly.FromDayNumber(other).DayOfWeek == weekday).Select(other => new Days(other, other)).ToArray();
                    return on.Say([all], null, null, Text($"on a {s_enDays[(int)weekday]} in {s_en[m]} {y}"), null);
                }
            case 22:
                {
                    var wide = (on.Length + 1) / 2;
                    return on.Say(One(on.First - wide, on.Last + wide), Text($"примерно в {s_ruIn[m]} {y} года"), Text($"приблизно в {s_ukIn[m]} {y} року"), Text($"around {s_en[m]} {y}"), on.IsoMonth + "~");
                }
            case 23:
                {
                    var other = on.First - 1 - random.Next(20);
                    var before = DateOnly.FromDayNumber(other);
                    return on.Say(One(other, on.Day), Text($"с {before.Day} {s_ruOf[before.Month - 1]} по {d} {s_ruOf[m]} {y} года"), Text($"з {before.Day} {s_ukOf[before.Month - 1]} до {d} {s_ukOf[m]} {y} року"), Text($"from {before.Day} {s_en[before.Month - 1]} to {d} {s_en[m]} {y}"), Text($"{before:yyyy-MM-dd}/{on.Iso}")) is { } span && (before.Year == y || on.Language == 3) ? span : null;
                }
            case 24:
                return m == 11 ? null : on.Say([On(on.First, on.Last), On(on.Last + 1, on.Last + DateTime.DaysInMonth(y, m + 2))], Text($"в {s_ruIn[m]} или {s_ruIn[m + 1]} {y} года"), Text($"у {s_ukIn[m]} чи {s_ukIn[m + 1]} {y} року"), Text($"in {s_en[m]} or {s_en[m + 1]} {y}"), Text($"[{on.IsoMonth},{y}-{m + 2:00}]"));
            case 25:
                return d > 10 ? null : on.Say(One(on.First, on.First + 9), Text($"в первых числах {s_ruOf[m]} {y}"), Text($"у перших числах {s_ukOf[m]} {y} року"), Text($"in the first days of {s_en[m]} {y}"), null);
            case 26:
                return on.Day > told - 10 || on.Day < told - 75 ? null : Ago(on.Language, on.Day);
            case 27:
                return d < 20 ? null : on.Say(One(on.First + 19, on.Last), Text($"в двадцатых числах {s_ruOf[m]} {y} года"), Text($"у двадцятих числах {s_ukOf[m]} {y} року"), null, null);
            case 28:
                return d <= 20 ? null : on.Say(One(on.First + 20, on.Last), Text($"ближе к концу {s_ruOf[m]} {y} года"), Text($"ближче до кінця {s_ukOf[m]} {y} року"), Text($"towards the end of {s_en[m]} {y}"), null);
            case 29:
                return d < 11 || d > 20 ? null : on.Say(One(on.First + 10, on.First + 19), Text($"в середине {s_ruOf[m]} {on.Yy}-го года"), Text($"всередині {s_ukOf[m]} {y}"), Text($"about halfway through {s_en[m]} {y}"), null) is { } middle && on.Language != 2 ? middle : null;
            default:
                return null;
        }
    }

    /// <summary>Seasons, years, open ends.</summary>
    private Words? OfYears(int kind, Moment on)
    {
        var m = on.M;
        var y = on.Y;
        switch (kind)
        {
            case 30:
                {
                    if (m is < 2 or > 10) return null;
                    var (season, a, b) = Season(y, m);
                    return on.Say(One(a, b), Text($"{s_seasonRu[season]} {y} года"), Text($"{s_seasonUk[season]} {y} року"), Text($"in the {s_seasonEn[season]} of {y}"), Text($"{y}-{21 + season}"));
                }
            case 31:
                {
                    if (m is < 2 or > 10) return null;
                    var (season, _, _) = Season(y, m);
                    var part = (m + 1) % 3;
                    return on.Say(One(on.First, on.Last), part == 1 ? null : Text($"{Pick(part, "ранней", "", "поздней")} {Pick(season, "весной", "летом", "осенью")} {y} года") is { } early && season != 1 ? early : null, Text($"{Pick(part, "на початку", "в середині", "наприкінці")} {Pick(season, "весни", "літа", "осені")} {y} року"), Text($"in {Pick(part, "early", "mid", "late")} {s_seasonEn[season]} {y}"), null);
                }
            case 32:
                return on.Say(One(Law.Day(y, 1, 1), Law.Day(y, 12, 31)), Text($"в {y} году"), Text($"у {y} році"), Text($"in {y}"), Text($"{y}"));
            case 33:
                {
                    var third = m / 4;
                    return on.Say(One(Law.Day(y, (4 * third) + 1, 1), Law.Day(y, (4 * third) + 4, DateTime.DaysInMonth(y, (4 * third) + 4))), Text($"в {Pick(third, "начале", "середине", "конце")} {y} года"), Text($"{Pick(third, "на початку", "в середині", "наприкінці")} {y} року"), Text($"{Pick(third, "early", "mid", "late")} {y}"), null);
                }
            case 34:
                return y != DateOnly.FromDayNumber(told).Year - 1 ? null : on.Say(One(Law.Day(y, 1, 1), Law.Day(y, 12, 31)), "в прошлом году", "торік", "last year", null);
            case 35:
                {
                    var half = m < 6 ? 0 : 1;
                    return on.Say(half == 0 ? One(Law.Day(y, 1, 1), Law.Day(y, 6, 30)) : One(Law.Day(y, 7, 1), Law.Day(y, 12, 31)), Text($"в {Pick(half, "первой", "второй")} половине {y} года"), Text($"у {Pick(half, "першій", "другій")} половині {y} року"), Text($"in the {Pick(half, "first", "second")} half of {y}"), null);
                }
            case 36:
                {
                    var after = on.First - random.Next(1, 40);
                    var from = DateOnly.FromDayNumber(after);
                    return on.Say(One(after, int.MaxValue / 2), Text($"после {from.Day} {s_ruOf[from.Month - 1]} {from.Year} года"), Text($"після {from.Day} {s_ukOf[from.Month - 1]} {from.Year} року"), Text($"after {from.Day} {s_en[from.Month - 1]} {from.Year}"), Text($"{from:yyyy-MM-dd}/.."));
                }
            default:
                {
                    var before = on.Last + random.Next(1, 28);
                    var to = DateOnly.FromDayNumber(before);
                    return on.Say(One(0, before), Text($"до {to.Day} {s_ruOf[to.Month - 1]} {to.Year} года"), Text($"до {to.Day} {s_ukOf[to.Month - 1]} {to.Year} року"), Text($"before {to.Day} {s_en[to.Month - 1]} {to.Year}"), Text($"../{to:yyyy-MM-dd}"));
                }
        }
    }

    /// <summary>Weeks ago, counted from the day of telling.</summary>
    private Words? Ago(int language, int day)
    {
        var weeks = (int)Math.Round((told - day) / 7.0);
        if (weeks is < 2 or > 10) return null;
        var slack = Math.Max(4, ((weeks * 7) + 4) / 5);
        var text = language switch
        {
            0 => weeks <= 4 ? Text($"{weeks} недели назад") : Text($"{weeks} недель назад"),
            1 => weeks <= 4 ? Text($"{weeks} тижні тому") : Text($"{weeks} тижнів тому"),
            2 => Text($"{weeks} weeks ago"),
            _ => null,
        };
        return text is null ? null : new Words(text, On(told - (7 * weeks) - slack, told - (7 * weeks) + slack));
    }

    /// <summary>Days that everybody knows by name.</summary>
    private static Words? Holiday(int language, int day)
    {
        var date = DateOnly.FromDayNumber(day);
        var (y, m, d) = (date.Year, date.Month, date.Day);
        int[] easters = [Law.Day(2021, 5, 2), Law.Day(2022, 4, 24), Law.Day(2023, 4, 16), Law.Day(2024, 5, 5), Law.Day(2025, 4, 20), Law.Day(2026, 4, 12)];
        if (y is >= 2021 and <= 2026 && y != 2023 && language == 0 && easters[y - 2021] == day) return new Words(Text($"на Пасху {y} года"), On(day, day));
        if (y is >= 2021 and <= 2026 && Math.Abs(easters[y - 2021] + 14 - day) <= 4 && language == 0) return new Words(Text($"через две недели после Пасхи {y}"), On(easters[y - 2021] + 10, easters[y - 2021] + 18));
        if (m == 8 && d == 24) return language switch { 0 => new Words(Text($"на День Независимости {y} года"), On(day, day)), 1 => new Words(Text($"на День Незалежності {y} року"), On(day, day)), 2 => new Words(Text($"on Independence Day {y}"), On(day, day)), _ => null };
        if ((m == 12 && d == 31) || (m == 1 && d == 1))
        {
            var year = m == 12 ? y + 1 : y;
            var eve = Law.Day(year, 1, 1) - 1;
            return language switch { 0 => new Words(Text($"на Новый год {year}"), On(eve, eve + 1)), 1 => new Words(Text($"на Новий рік {year}"), On(eve, eve + 1)), 2 => new Words(Text($"New Year {year}"), On(eve, eve + 1)), _ => null };
        }
        if (m == 5 && d <= 10) return language == 0 ? new Words(Text($"на майские {y} года"), On(Law.Day(y, 5, 1), Law.Day(y, 5, 10))) : null;
        return m == 10 && d == 14 && language == 0 ? new Words(Text($"на Покров {y} года"), On(day, day)) : null;
    }

    private static (int Season, int First, int Last) Season(int year, int month)
    {
        var season = (month - 2) / 3;
        return (season, Law.Day(year, 3 + (3 * season), 1), Law.Day(year, 5 + (3 * season), season == 1 ? 31 : season == 0 ? 31 : 30));
    }

    /// <summary>The nth ISO week of those whose Thursday lies in the month.</summary>
    private static Days[] IsoWeek(int first, int week)
    {
        var thursday = first;
        while (DateOnly.FromDayNumber(thursday).DayOfWeek != DayOfWeek.Thursday) thursday++;
        return On(thursday - 3 + (7 * week), thursday + 3 + (7 * week));
    }

    private static Days[] LastIsoWeek(int last)
    {
        var thursday = last;
        while (DateOnly.FromDayNumber(thursday).DayOfWeek != DayOfWeek.Thursday) thursday--;
        return On(thursday - 3, thursday + 3);
    }

    private static string Nth(int day) => day is 1 or 21 or 31 ? "st" : day is 2 or 22 ? "nd" : day is 3 or 23 ? "rd" : "th";

    private static string Pick(int at, params string[] of) => of[at];

    /// <summary>Words for a distance in days, and what they mean; null where none comes to mind.</summary>
    public (string Text, Length Meant)? Distance(int days)
    {
        for (var tries = 0; tries < 30; tries++)
        {
            var (weeks, months) = ((int)Math.Round(days / 7.0), (int)Math.Round(days / 30.44));
            (string, Length)? said = random.Next(14) switch
            {
                0 when days is >= 2 and <= 20 => (Text($"{days} days"), new Length(days, days, 'd')),
                1 when days is >= 5 and <= 20 => (Text($"{days} дней"), new Length(days, days, 'd')),
                2 when days is >= 5 and <= 20 => (Text($"{days} днів"), new Length(days, days, 'd')),
                3 when days is >= 2 and <= 10 => (Pick(random.Next(3), "a few days", "несколько дней", "кілька днів"), new Length(2, 10, 'd')),
                4 when days is >= 2 and <= 4 => (Pick(random.Next(3), "a couple of days", "пару дней", "пару днів"), new Length(2, 4, 'd')),
                5 when weeks is >= 2 and <= 4 => (Text($"{Pick(weeks - 2, "two", "three", "four")} weeks"), new Length(weeks, weeks, 'w')),
                6 when weeks is >= 2 and <= 4 => (Text($"{Pick(weeks - 2, "две", "три", "четыре")} недели"), new Length(weeks, weeks, 'w')),
                7 when weeks is >= 2 and <= 4 => (Text($"{Pick(weeks - 2, "два", "три", "чотири")} тижні"), new Length(weeks, weeks, 'w')),
                8 when weeks is >= 2 and <= 3 => (Pick(random.Next(3), "two to three weeks", "две-три недели", "два-три тижні"), new Length(2, 3, 'w')),
                9 when months is >= 2 and <= 4 => (Text($"{Pick(months - 2, "two", "three", "four")} months"), new Length(months, months, 'm')),
                10 when months is >= 2 and <= 4 => (Text($"{Pick(months - 2, "два", "три", "четыре")} месяца"), new Length(months, months, 'm')),
                11 when months is >= 2 and <= 4 => (Text($"{Pick(months - 2, "два", "три", "чотири")} місяці"), new Length(months, months, 'm')),
                12 when months is 6 => (Pick(random.Next(3), "half a year", "полгода", "пів року"), new Length(6, 6, 'm')),
                13 when days is 1 => (Pick(random.Next(3), "a day", "день", "один день"), new Length(1, 1, 'd')),
                _ => null,
            };
            if (said is not null) return said;
        }
        return null;
    }
}
