namespace Understory.Verification;

/// <summary>How long, as people say it in Russian, Ukrainian and English.</summary>
public static class Amounts
{
    /// <summary>Understands "two months", «три недели», «півтора місяця», "a few days".</summary>
    /// <exception cref="StoryException">It is not understood; <see cref="StoryException.Offset"/> says at which character.</exception>
    public static Amount Understand(string words)
    {
        Phrases.CheckLength(words);
        return new PhraseParser(words, DayRange.Earliest).UnderstandAmount() with { Words = words };
    }
}
