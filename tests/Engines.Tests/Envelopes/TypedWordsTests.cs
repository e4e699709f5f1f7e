using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>What people type when they mean a word, and what is made of it (docs/formats/receipt.md).</summary>
public class TypedWordsTests
{
    private const string Qwerty = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
    private const string Russian = "йцукенгшщзхъфывапролджэячсмитьбю";
    private const string Ukrainian = "йцукенгшщзхїфівапролджєячсмитьбю";

    public static TheoryData<string> Languages => ["ru", "uk", "en"];

    [Theory, MemberData(nameof(Languages))]
    public void Every_word_is_read_in_every_harmless_disguise(string language)
    {
        var list = WordList.For(language);
        foreach (var word in list.Words)
        {
            string[] disguises =
            [
                word, word.ToUpperInvariant(), $"  {word}\t", $"3. {word},", $"12){word}", $"«{word}»",
                $"{word[..2]}\u00ad{word[2..]}", $"{word[..1]}\u0301{word[1..]}",
            ];
            foreach (var typed in disguises) One(typed, list).ShouldBe(word, typed);
        }
    }

    [Theory]
    [InlineData("ru", Qwerty, Russian), InlineData("uk", Qwerty, Ukrainian), InlineData("en", Russian, Qwerty), InlineData("en", Ukrainian, Qwerty)]
    public void Every_word_typed_on_the_other_keyboard_is_read_or_called_ambiguous(string language, string typed, string meant)
    {
        var list = WordList.For(language);
        var ambiguous = 0;
        foreach (var word in list.Words)
        {
            var read = TypedWords.Read(Translate(word, meant, typed), list).ShouldHaveSingleItem();
            if (read.Fault == TypedWordFault.Ambiguous) ambiguous++;
            else read.Word.ShouldBe(word);
        }
        ambiguous.ShouldBeLessThan(5);
    }

    [Theory]
    [InlineData("ru"), InlineData("uk")]
    public void Latin_letters_that_look_Cyrillic_are_seen_through(string language)
    {
        var list = WordList.For(language);
        foreach (var word in list.Words)
        {
            // One letter at a time, as when a phone's keyboard changed in the middle.
            for (var i = 0; i < word.Length; i++)
            {
                var at = "асеікморху".IndexOf(word[i], StringComparison.Ordinal);
                if (at < 0) continue;
                One($"{word[..i]}{"aceikmopxy"[at]}{word[(i + 1)..]}", list).ShouldBe(word);
            }
        }
    }

    [Fact]
    public void Combining_letters_and_yo_are_read()
    {
        var russian = WordList.For("ru");
        var word = russian.Words.First(word => word.Contains('й') && word.Contains('е'));
        One(word.Replace("й", "и\u0306", StringComparison.Ordinal), russian).ShouldBe(word);
        One(word.Replace('е', 'ё'), russian).ShouldBe(word);
        One(word.Replace("е", "е\u0308", StringComparison.Ordinal), russian).ShouldBe(word);
        var ukrainian = WordList.For("uk");
        var withYi = ukrainian.Words.First(word => word.Contains('ї'));
        One(withYi.Replace("ї", "і\u0308", StringComparison.Ordinal), ukrainian).ShouldBe(withYi);
        One(withYi.Replace("ї", "'ї", StringComparison.Ordinal), ukrainian).ShouldBe(withYi);
    }

    [Theory, MemberData(nameof(Languages))]
    public void A_mistyped_word_is_never_taken_for_another_and_the_right_one_is_offered(string language)
    {
        var list = WordList.For(language);
        var alphabet = string.Concat(list.Words).Distinct().Order().ToArray();
        var random = new Random(20261122);
        for (var n = 0; n < 400; n++)
        {
            var word = list.Words[random.Next(WordList.Size)];
            var at = random.Next(word.Length);
            var letter = alphabet[random.Next(alphabet.Length)];
            var typed = random.Next(4) switch
            {
                0 => $"{word[..at]}{letter}{word[(at + 1)..]}",
                1 => $"{word[..at]}{letter}{word[at..]}",
                2 => word.Remove(at, 1),
                _ => at == 0 ? word : $"{word[..(at - 1)]}{word[at]}{word[at - 1]}{word[(at + 1)..]}",
            };
            var read = TypedWords.Read(typed, list).ShouldHaveSingleItem();
            if (typed == word) continue;
            read.Word.ShouldBeNull($"{typed} was meant to be {word}");
            read.Nearest.Count.ShouldBeLessThanOrEqualTo(3);
            if (read.Nearest.Count < 3) read.Nearest.ShouldContain(word, typed);
        }
    }

    [Fact]
    public void Several_words_without_a_space_are_parted()
    {
        var list = WordList.For("en");
        TypedWords.Read($"1.{list.Words[5]},{list.Words[6]};{list.Words[7]}", list).Select(word => word.Word)
            .ShouldBe([list.Words[5], list.Words[6], list.Words[7]]);
    }

    [Fact]
    public void Rubbish_is_read_as_rubbish_and_in_no_time()
    {
        var list = WordList.For("uk");
        TypedWords.Read("  1. — … 7) 🙂 ", list).ShouldBeEmpty();
        var word = TypedWords.Read(new string('щ', 5000), list).ShouldHaveSingleItem();
        word.Fault.ShouldBe(TypedWordFault.Unknown);
        word.Nearest.ShouldBeEmpty();
        word.ToString().ShouldBe("word 1");
        TypedWords.Read("\ud800\udfff\ufffe\u0000", list).ShouldBeEmpty();
    }

    private static string? One(string typed, WordList list) => TypedWords.Read(typed, list).ShouldHaveSingleItem(typed).Word;

    private static string Translate(string word, string from, string to) =>
        string.Concat(word.Select(letter => from.IndexOf(letter) is var at and >= 0 ? to[at] : letter));
}
