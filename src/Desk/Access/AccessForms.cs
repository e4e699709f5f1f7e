using Understory.Casework;
using Understory.Journal;

namespace Understory.Desk.Access;

/// <summary>What somebody asked for on the page of who can read a case, when it is shown to them again because somebody was faster.</summary>
public sealed record AccessForms
{
    /// <summary>To whom it was to be opened.</summary>
    public UserId? To { get; init; }

    /// <summary>Which parts.</summary>
    public IReadOnlyList<Compartment> Parts { get; init; } = [];

    /// <summary>Until which day, since 1970-01-01.</summary>
    public int? Until { get; init; }

    /// <summary>Whose access was to end.</summary>
    public UserId? Ending { get; init; }

    /// <summary>To whom it was to be handed over.</summary>
    public UserId? HandingOverTo { get; init; }
}
