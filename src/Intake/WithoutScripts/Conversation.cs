using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>
/// A conversation, opened for a page. Its words are strings from here on, as pages are made of strings: they stay in
/// memory until they are collected, and nothing can wipe them.
/// </summary>
public sealed class Conversation
{
    /// <summary>In the order in which Intake has them.</summary>
    public required IReadOnlyList<OpenedAnswer> Answers { get; init; }

    /// <summary>How many messages the person wrote.</summary>
    public required int Written { get; init; }

    /// <summary>How many of them the organisation said that it received.</summary>
    public required int Received { get; init; }

    /// <summary>Answers that were written and are not here.</summary>
    public required IReadOnlyList<SequenceRange> Missing { get; init; }

    /// <summary>Whether what the person's device had left for itself was changed.</summary>
    public required bool BookmarkRefused { get; init; }

    /// <summary>Whether more can be written.</summary>
    public required bool CanWrite { get; init; }

    /// <summary>Whether there are others behind these.</summary>
    public required bool More { get; init; }

    /// <summary>The request id of the answer behind which this begins, in hexadecimal; zeros for the first.</summary>
    public required string From { get; init; }

    /// <summary>The request id of the last answer here, by which the next form says that this page has come; null where it need not.</summary>
    public required string? Shown { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"Conversation({Answers.Count} answers)";
}

/// <summary>An answer as it was judged.</summary>
/// <param name="verdict">What was noticed.</param>
/// <param name="words">What the organisation wrote; null where it did not.</param>
/// <param name="number">Its place among the answers; 0 where the organisation did not write it.</param>
public sealed class OpenedAnswer(Verdict verdict, string? words, int number)
{
    /// <summary>What was noticed.</summary>
    public Verdict Verdict { get; } = verdict;

    /// <summary>What the organisation wrote; null where it did not.</summary>
    public string? Words { get; } = words;

    /// <summary>Its place among the answers; 0 where the organisation did not write it.</summary>
    public int Number { get; } = number;

    /// <inheritdoc/>
    public override string ToString() => $"OpenedAnswer({Verdict})";
}
