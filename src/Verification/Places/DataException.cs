namespace Understory.Verification;

/// <summary>A data file that cannot be read. The message is one sentence that says what is wrong and where.</summary>
/// <param name="message">One sentence.</param>
/// <param name="line">The line of the file, from 1; null where the fault is in no line.</param>
/// <param name="inner">What it comes from.</param>
public sealed class DataException(string message, int? line = null, Exception? inner = null)
    : Exception(line is null ? message : $"Line {line}: {message}", inner)
{
    /// <summary>The line of the file, from 1.</summary>
    public int? Line { get; } = line;
}

/// <summary>Something in a data file that was repaired, or left out, as <c>docs/formats/story.md</c> documents.</summary>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Text">What, in one sentence.</param>
public sealed record DataWarning(int Line, string Text);
