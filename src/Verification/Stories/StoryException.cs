namespace Understory.Verification;

/// <summary>A story, a phrase or a data file that is not understood. The message is one sentence and has the place of the fault.</summary>
public sealed class StoryException(string message, Position? at = null, Exception? inner = null) : Exception(message, inner)
{
    private readonly IReadOnlyList<StoryException>? _faults;

    /// <summary>Where in the text.</summary>
    public Position? At { get; } = at;

    /// <summary>All faults that were found, in the order of the text; at least this one, at most twenty of a story.</summary>
    public IReadOnlyList<StoryException> Faults
    {
        get => _faults ?? [this];
        init => _faults = value;
    }

    /// <summary>With the place in front of the sentence.</summary>
    internal static StoryException InText(string sentence, Position at, Exception? inner = null) => new($"{at}: {sentence}", at, inner);

    /// <summary>In a phrase: at which of its characters the fault is, the first being 0. The caller adds where the phrase stands.</summary>
    public int? Offset { get; init; }
}
