using System.CommandLine;
using System.Globalization;
using Understory.Envelopes;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory receipt</c>: the nine words that a person keeps.</summary>
internal static class ReceiptVerb
{
    private const int MaxTyped = 16 * 1024;
    private const int MaxShown = 40;

    public static Command Create() => new("receipt", "Make or check a receipt: the nine words by which a person comes back.")
    {
        New(),
        Check(),
    };

    private static Option<string?> Language(string description)
    {
        var language = new Option<string?>("--language", "-l") { HelpName = "ru|uk|en", Description = description };
        language.AcceptOnlyFromAmong([.. WordList.All.Select(list => list.Language)]);
        return language;
    }

    private static Command New()
    {
        var language = Language("The language of the words. Else that of this terminal, or English.");
        var verb = new Command("new", "Make a receipt, here, from this machine's generator.") { language };
        verb.SetAction(parsed =>
        {
            using var memory = Keys.CreateMemory();
            using var receipt = Receipt.Create(WordList.For(parsed.GetValue(language) ?? TerminalLanguage()), memory);
            using var output = OutputFile.Create(null, isSecret: true);
            output.Stream.Write(receipt.Utf8Text);
            output.Stream.Write("\n"u8);
            output.Finish();
            return ExitStatus.Done;
        });
        return verb;
    }

    private static Command Check()
    {
        var language = Language("The language of the words. Else it is found out.");
        var verb = new Command("check", "Read a receipt from standard input and say whether it is one, and if not, which word is wrong.") { language };
        verb.SetAction(parsed =>
        {
            if (!Console.IsInputRedirected) Console.Error.WriteLine("Type the nine words, then Enter.");
            using var memory = Keys.CreateMemory();
            var reading = Receipt.Read(ReadTyped(), parsed.GetValue(language), memory);
            using var receipt = reading.Receipt;
            if (receipt is not null)
            {
                Console.Out.WriteLine($"This is a receipt, in {Name(reading.Language)}.");
                return ExitStatus.Done;
            }
            foreach (var line in Explain(reading)) Console.Out.WriteLine(line);
            return ExitStatus.Refused;
        });
        return verb;
    }

    private static IEnumerable<string> Explain(ReceiptReading reading)
    {
        foreach (var word in reading.Problems)
        {
            var nearest = word.Nearest.Count == 0 ? "" : $" Perhaps: {string.Join(", ", word.Nearest)}.";
            yield return word.Fault == TypedWordFault.Ambiguous
                ? $"Word {word.Position}, “{Visible(word.Typed)}”, can be more than one word.{nearest}"
                : $"Word {word.Position}, “{Visible(word.Typed)}”, is not in the {Name(reading.Language)} list.{nearest}";
        }
        if (reading.Count != Receipt.WordCount) yield return $"A receipt has nine words; here are {reading.Count}.";
        if (reading.Fault == ReceiptFault.Checksum) yield return "All nine are words of the list, but they do not belong together: one was mistaken for another, or the order is wrong.";
        if (reading.Fault == ReceiptFault.Language) yield return "These words are a receipt in more than one language: say which with --language.";
    }

    /// <summary>What was typed, without what would steer the terminal.</summary>
    private static string Visible(string typed)
    {
        var visible = string.Concat(typed.Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate ? '?' : c));
        return visible.Length <= MaxShown ? visible : visible[..MaxShown] + "…";
    }

    private static string ReadTyped()
    {
        if (!Console.IsInputRedirected) return Console.In.ReadLine() ?? "";
        return Files.ReadText(null, MaxTyped);
    }

    private static string TerminalLanguage()
    {
        var locale = Environment.GetEnvironmentVariable("LC_ALL") ?? Environment.GetEnvironmentVariable("LANG") ?? "";
        return WordList.All.FirstOrDefault(list => locale.StartsWith($"{list.Language}_", StringComparison.Ordinal))?.Language ?? "en";
    }

    private static string Name(string language) => language switch { "ru" => "Russian", "uk" => "Ukrainian", _ => "English" };
}
