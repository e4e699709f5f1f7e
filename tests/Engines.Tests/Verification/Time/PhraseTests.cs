using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Time;

/// <summary>What people say about time, in three languages: each row of <c>phrases.tsv</c>, and what is refused.</summary>
public sealed class PhraseTests
{
    private static readonly int Told = new DateOnly(2025, 3, 10).DayNumber;

    [Fact]
    public void Means_what_the_table_says()
    {
        var rows = Rows("phrases.tsv").Select(line => line.Split('\t')).ToList();
        rows.Count.ShouldBeGreaterThan(250);
        var wrong = rows.Select(row => (Row: row, Found: Read(row[0], row.Length > 3 ? DateOnly.Parse(row[3]).DayNumber : Told)))
            .Where(item => item.Found != item.Row[1]);
        wrong.Select(item => $"{item.Row[0]}\n    must be {item.Row[1]}\n    and was {item.Found}").ShouldBeEmpty();
    }

    [Fact]
    public void Refuses_and_points_at_the_place()
    {
        var rows = Rows("refused.tsv").ToList();
        rows.Count.ShouldBeGreaterThan(40);
        var wrong = rows.Select(row => (Row: row, Place: row.IndexOf('‸'), Found: Fault(row.Replace("‸", ""))))
            .Where(item => item.Found?.Offset != item.Place);
        wrong.Select(item => $"{item.Row} → {item.Found?.Offset}: {item.Found?.Message}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("two months", "2 month")]
    [InlineData("a few days", "2-10 day")]
    [InlineData("a few months", "2-10 month")]
    [InlineData("a couple of weeks", "2-4 week")]
    [InlineData("two or three weeks", "2-3 week")]
    [InlineData("2-3 weeks", "2-3 week")]
    [InlineData("about two months", "1-3 month")]
    [InlineData("more than two weeks", "2-20 week")]
    [InlineData("less than two weeks", "0-2 week")]
    [InlineData("fortnight", "2 week")]
    [InlineData("1.5 months", "6-7 week")]
    [InlineData("two and a half years", "30 month")]
    [InlineData("a year and a half", "18 month")]
    [InlineData("a year and two months", "14 month")]
    [InlineData("one day", "1 day")]
    [InlineData("12 hours", "0-1 day")]
    [InlineData("48 hours", "2 day")]
    [InlineData("три недели", "3 week")]
    [InlineData("трое суток", "3 day")]
    [InlineData("несколько месяцев", "2-10 month")]
    [InlineData("пару дней", "2-4 day")]
    [InlineData("два-три месяца", "2-3 month")]
    [InlineData("две или три недели", "2-3 week")]
    [InlineData("месяц", "1 month")]
    [InlineData("полтора года", "18 month")]
    [InlineData("полмесяца", "2 week")]
    [InlineData("около двух месяцев", "1-3 month")]
    [InlineData("больше месяца", "1-10 month")]
    [InlineData("21 год", "21 year")]
    [InlineData("два тижні", "2 week")]
    [InlineData("пів року", "6 month")]
    [InlineData("п'ять днів", "5 day")]
    [InlineData("півтора року", "18 month")]
    [InlineData("декілька тижнів", "2-10 week")]
    public void Understands_amounts(string words, string expected)
    {
        var amount = Amounts.Understand(words);
        Shown.Of(amount).ShouldBe(expected);
        amount.Words.ShouldBe(words);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("two", 3)]
    [InlineData("two moons", 4)]
    [InlineData("September 2022", 0)]
    [InlineData("two weeks later", 10)]
    [InlineData("5000 days", 0)]
    [InlineData("22 году", 3)]
    public void Refuses_what_is_no_amount(string words, int at) =>
        Should.Throw<StoryException>(() => Amounts.Understand(words)).Offset.ShouldBe(at);

    [Fact]
    public void Letters_that_come_apart_are_the_same()
    {
        Read("5 ма\u0438\u0306 2022", Told).ShouldBe(Read("5 май 2022", Told));
        Read("двадцать четве\u0435\u0308ртого".Replace("ве\u0435\u0308", "ве\u0308") + " февраля 2022", Told).ShouldBe("2022-02-24");
        Read("24 февраля\u00A02022", Told).ShouldBe("2022-02-24");
        Read("24 февраля\u0301 2022", Told).ShouldBe("2022-02-24");
        Read("24 ЛЮТОГО 2022 РОКУ", Told).ShouldBe("2022-02-24");
    }

    [Fact]
    public void A_phrase_has_a_bounded_length()
    {
        Should.Throw<StoryException>(() => Phrases.Understand(new string('a', Phrases.Longest + 1), Told)).Offset.ShouldBe(Phrases.Longest);
        Should.Throw<StoryException>(() => Amounts.Understand(new string('1', Phrases.Longest + 1)));
    }

    /// <summary>Words of the grammar in any order, with some that are none: understood, or refused with a place inside the phrase.</summary>
    [Fact]
    public void Any_mix_of_words_is_understood_or_points_into_itself()
    {
        string[] tokens =
        [
            .. Rows("phrases.tsv").SelectMany(line => line.Split('\t')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(),
            "brumaire", "—", "-", "/", ".", ",", "'", "5", "31", "99", "0", "2022", "999999999999", "\u0301", "«", "🙂",
        ];
        var phrases = Gen.Choose(0, 12).SelectMany(length => Gen.ArrayOf(Gen.Elements(tokens), length)).Select(parts => string.Join(' ', parts));
        Prop.ForAll(phrases.ToArbitrary(), IsSound).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        Prop.ForAll<string>(text => text is null || IsSound(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Hostile_phrases_take_no_time()
    {
        string[] parts = ["Monday ", "about ", "late ", "the eve of ", "a week after ", "1-", "two ", "в ", "в начале ", "from ", "5 or ", "first ", "half a ", "1.1.", "до "];
        foreach (var part in parts)
        {
            var phrase = string.Concat(Enumerable.Repeat(part, Phrases.Longest / part.Length));
            var watch = Stopwatch.StartNew();
            IsSound(phrase).ShouldBeTrue();
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2), part);
        }
    }

    [Fact]
    public void A_day_in_any_of_its_forms_is_that_day()
    {
        string[] russian = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];
        string[] ukrainian = ["січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"];
        Prop.ForAll(Gen.Choose(DayRange.Earliest, Told).ToArbitrary(), day =>
        {
            var date = DateOnly.FromDayNumber(day);
            string[] forms =
            [
                $"{date:yyyy-MM-dd}", $"{date:dd.MM.yyyy}", $"{date:d MMMM yyyy}", $"{date:MMMM d, yyyy}", $"{date:dddd} {date:d MMMM yyyy}",
                $"{date.Day} {russian[date.Month - 1]} {date.Year} г.", $"{date.Day}-го {russian[date.Month - 1]} {date.Year} года",
                $"{date.Day} {ukrainian[date.Month - 1]} {date.Year} року",
            ];
            return forms.All(form => Read(form, Told) == DayRange.Iso(day));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_part_lies_in_what_it_is_a_part_of()
    {
        string[] parts = ["early", "mid", "late", "first half of", "second half of", "first decade of", "last days of", "first week of", "last Friday of"];
        string[] months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
        var phrases = Gen.Elements(parts).SelectMany(part => Gen.Choose(1, 12).SelectMany(month => Gen.Choose(1900, 2024).Select(year => (part, month, year))));
        Prop.ForAll(phrases.ToArbitrary(), said =>
        {
            var date = (Phrase.Date)Phrases.Understand($"{said.part} {months[said.month - 1]} {said.year}", Told);
            var first = new DateOnly(said.year, said.month, 1);
            // An ISO week belongs to the month of its Thursday: three of its days may lie outside.
            var whole = new DayRange(first.DayNumber - 3, first.AddMonths(1).DayNumber + 2);
            return date.Readings.All(reading => whole.Contains(reading.Days.Hull.First) && whole.Contains(reading.Days.Hull.Last));
        }).Check(Config.QuickThrowOnFailure);
    }

    private static bool IsSound(string words)
    {
        try
        {
            var phrase = Phrases.Understand(words, Told);
            return phrase is not Phrase.Date date || (date.Readings.Count > 0 && date.Readings.All(reading => !reading.Days.IsEmpty));
        }
        catch (StoryException fault)
        {
            return fault.Offset >= 0 && fault.Offset <= words.Length && fault.Message.Length > 0;
        }
    }

    private static string Read(string words, int told)
    {
        try
        {
            return Shown.Of(Phrases.Understand(words, told));
        }
        catch (StoryException fault)
        {
            return $"refused: {fault.Message}";
        }
    }

    private static StoryException? Fault(string words)
    {
        try
        {
            Phrases.Understand(words, Told);
            return null;
        }
        catch (StoryException fault)
        {
            return fault;
        }
    }

    private static IEnumerable<string> Rows(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "phrases", name)).Where(line => !line.StartsWith('#'));
}
