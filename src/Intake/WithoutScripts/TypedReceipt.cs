using System.Runtime.InteropServices;
using System.Text;
using Understory.Envelopes;
using Understory.Pages;
using Understory.Sealing;

namespace Understory.Intake;

/// <summary>The nine words as somebody typed them into a plain form.</summary>
internal static class TypedReceipt
{
    private const int MostProblems = 3;

    // Four bytes for each character that is read at all.
    private const int MostTyped = 4 * TypedWords.MostText;

    /// <summary>The receipt, or sentences that say what is wrong with it.</summary>
    /// <param name="typed">UTF-8.</param>
    /// <param name="memory">Where the words go.</param>
    /// <param name="text">The language of the page.</param>
    /// <param name="problems">What to say to the person; empty where there is a receipt.</param>
    /// <remarks>The reader makes short strings of single words: of them nothing can be wiped.</remarks>
    public static Receipt? Read(ReadOnlySpan<byte> typed, LockedMemory memory, Text text, out IReadOnlyList<string> problems)
    {
        problems = [];
        if (typed.IndexOfAnyExcept(" \t\n"u8) < 0)
        {
            problems = [text["Type your nine words."]];
            return null;
        }
        typed = typed[..Math.Min(typed.Length, MostTyped)];
        using var decoded = memory.Allocate(2 * typed.Length);
        var characters = MemoryMarshal.Cast<byte, char>(decoded.Span);
        characters = characters[..Encoding.UTF8.GetChars(typed, characters)];
        var reading = Receipt.Read(characters, language: null, memory);
        // Right in two languages: the page's own is meant.
        if (reading.Fault == ReceiptFault.Language && WordList.All.Any(list => list.Language == text.Language))
            reading = Receipt.Read(characters, text.Language, memory);
        if (reading.Receipt is null) problems = Say(reading, text);
        return reading.Receipt;
    }

    private static List<string> Say(ReceiptReading reading, Text text) => reading.Fault switch
    {
        ReceiptFault.Words => [.. reading.Problems.Take(MostProblems).Select(problem => Say(problem, text))],
        ReceiptFault.Count => [text["There must be nine words. Words counted: {n}.", ("n", reading.Count)]],
        _ => [text["Each word is known, but together they do not fit. Is one of them another word, or is the order different?"]],
    };

    private static string Say(TypedWord problem, Text text) => problem.Nearest.Count > 0
        ? text["Word {n}, “{typed}”, is not known. Did you mean: {words}?", ("n", problem.Position), ("typed", problem.Typed), ("words", string.Join(", ", problem.Nearest))]
        : text["Word {n}, “{typed}”, is not known.", ("n", problem.Position), ("typed", problem.Typed)];
}
