using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>The promises of docs/formats/receipt.md, "Lists".</summary>
public class WordListTests
{
    public static TheoryData<string> Languages => ["ru", "uk", "en"];

    [Theory, MemberData(nameof(Languages))]
    public void There_are_2048_sorted_words_of_4_to_8_letters(string language)
    {
        var words = WordList.For(language).Words;
        words.Count.ShouldBe(2048);
        words.ShouldBe(words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var alphabet = language switch
        {
            "ru" => "абвгдежзийклмнопрстуфхцчшщъыьэюя",
            "uk" => "абвгдежзийклмнопрстуфхцчшщьюяєії",
            _ => "abcdefghijklmnopqrstuvwxyz",
        };
        words.ShouldAllBe(word => word.Length >= 4 && word.Length <= 8 && word.All(letter => alphabet.Contains(letter)));
    }

    [Theory, MemberData(nameof(Languages))]
    public void The_first_four_letters_name_a_word(string language) =>
        WordList.For(language).Words.Select(word => word[..4]).Distinct(StringComparer.Ordinal).Count().ShouldBe(2048);

    [Theory, MemberData(nameof(Languages))]
    public void No_slip_turns_one_word_into_another(string language)
    {
        var words = WordList.For(language).Words;
        for (var i = 0; i < words.Count; i++)
        {
            for (var j = i + 1; j < words.Count; j++)
            {
                if (Math.Abs(words[i].Length - words[j].Length) > 1) continue;
                if (TypedWords.Distance(words[i], words[j]) < 2) Assert.Fail($"{words[i]} and {words[j]} are one slip apart.");
            }
        }
    }

    /// <summary>Stems of what is offensive, military, or would draw attention on a piece of paper at a checkpoint.</summary>
    [Theory, MemberData(nameof(Languages))]
    public void No_word_is_unfit(string language)
    {
        var stems = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "unfit", $"unfit-{language}.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').ToList();
        stems.Count.ShouldBeGreaterThan(200);
        var unfit = WordList.For(language).Words.Where(word => stems.Exists(stem => word.StartsWith(stem, StringComparison.Ordinal)));
        unfit.ShouldBeEmpty();
    }

    /// <summary>A list may never change once a receipt was made from it: change these only together with a new version.</summary>
    [Theory]
    [InlineData("ru", "667662769d28d71bf423fea337238cc2301b252501fa1b91505110a060002e9a")]
    [InlineData("uk", "8638d8ddefeab6f12ff77b2b8b387dfbc8b0b8f69093b7f9fa07e2912cd82447")]
    [InlineData("en", "c9c74aee3d919a652569c83298c4812ea30d7ac170ef220a433eb99832cb918b")]
    public void The_list_is_the_one_of_version_1(string language, string hash)
    {
        var text = string.Concat(WordList.For(language).Words.Select(word => word + "\n"));
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ShouldBe(hash);
    }

    [Fact]
    public void There_is_no_list_for_other_languages() => Should.Throw<ArgumentException>(() => WordList.For("be"));
}
