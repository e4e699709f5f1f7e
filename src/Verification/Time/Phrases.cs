namespace Understory.Verification;

/// <summary>Dates and times as people say them in Russian, Ukrainian and English, and EDTF (docs/formats/story.md, "Time").</summary>
public static class Phrases
{
    /// <summary>The longest phrase that is read, in characters.</summary>
    public const int Longest = 200;

    /// <summary>Understands a phrase, or EDTF.</summary>
    /// <param name="words">As it was said.</param>
    /// <param name="told">The day the story was told: "last year" and two-digit years count from it.</param>
    /// <exception cref="StoryException">It is not understood; <see cref="StoryException.Offset"/> says where.</exception>
    public static Phrase Understand(string words, int told)
    {
        if (Edtf.TryParse(words, out var phrase, out var faultAt, out var why)) return phrase;
        throw new StoryException($"“{words}” is not understood: {why}.") { Offset = faultAt };
    }
}
