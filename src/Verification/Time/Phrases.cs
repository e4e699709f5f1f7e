namespace Understory.Verification;

/// <summary>
/// Dates and times as people say them in Russian, Ukrainian and English, and EDTF. Every rule stands in docs/formats/story.md,
/// "Time". What is not understood is an error that points at it, never a guess.
/// </summary>
public static class Phrases
{
    /// <summary>The longest phrase that is read, in characters.</summary>
    public const int Longest = 200;

    /// <summary>Understands a phrase, or EDTF.</summary>
    /// <param name="words">As it was said.</param>
    /// <param name="told">The day the story was told: "last year" and two-digit years count from it.</param>
    /// <exception cref="StoryException">
    /// It is not understood. <see cref="StoryException.Offset"/> says at which character, from 0 to the length of the phrase.
    /// </exception>
    public static Phrase Understand(string words, int told)
    {
        CheckLength(words);
        if (Edtf.TryParse(words, out var edtf, out var faultAt, out var why)) return edtf with { Words = words };
        try
        {
            return new PhraseParser(words, told).Understand();
        }
        catch (StoryException) when (Edtf.LooksLike(words) && words.AsSpan().ContainsAny("-/XY"))
        {
            throw new StoryException($"“{words.ReplaceLineEndings(" ")}”: {why} (character {faultAt + 1}).") { Offset = faultAt };
        }
    }

    internal static void CheckLength(string words)
    {
        if (words.Length > Longest) throw new StoryException($"“{words[..20].ReplaceLineEndings(" ")}…”: a phrase has at most {Longest} characters.") { Offset = Longest };
    }
}
