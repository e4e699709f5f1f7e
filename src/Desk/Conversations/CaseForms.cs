namespace Understory.Desk.Conversations;

/// <summary>What somebody typed into the forms of a case's page, when it is shown to them again.</summary>
public sealed record CaseForms
{
    /// <summary>An answer.</summary>
    public string Answer { get; init; } = "";

    /// <summary>A note.</summary>
    public string Note { get; init; } = "";

    /// <summary>Where it is safe to answer; null where they did not write about that.</summary>
    public string? Safely { get; init; }

    /// <summary>To which stage the case was to go.</summary>
    public string? Stage { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The field in which somebody else was faster; null where nobody was.</summary>
    public string? Overtaken { get; init; }

    /// <summary>Up to which entry the page showed the case in which they typed.</summary>
    public long Seen { get; init; }
}
