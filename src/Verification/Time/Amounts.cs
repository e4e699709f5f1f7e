namespace Understory.Verification;

/// <summary>How long, as people say it in Russian, Ukrainian and English.</summary>
public static class Amounts
{
    /// <summary>Understands "two months", «три недели», «півтора місяця».</summary>
    /// <exception cref="StoryException">It is not understood; <see cref="StoryException.Offset"/> says where.</exception>
    public static Amount Understand(string words) => throw new StoryException($"“{words}” is not understood.") { Offset = 0 };
}
