namespace Understory.Verification;

/// <summary>A story, a phrase or a data file that is not understood. The message is one sentence and has the place of the fault.</summary>
public sealed class StoryException(string message, Position? at = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Where in the text.</summary>
    public Position? At { get; } = at;

    /// <summary>In a phrase: at which of its characters the fault is, the first being 0. The caller adds where the phrase stands.</summary>
    public int? Offset { get; init; }
}
