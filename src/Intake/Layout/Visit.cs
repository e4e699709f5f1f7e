using Understory.Pages;

namespace Understory.Intake;

/// <summary>What every page needs to know to be shown.</summary>
public sealed class Visit
{
    /// <summary>The language.</summary>
    public required Text T { get; init; }

    /// <summary>All languages there are.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>What the organisation is called; null where it is not said.</summary>
    public required string? Organisation { get; init; }

    /// <summary>Where "Leave now" leads.</summary>
    public required Uri LeaveTo { get; init; }

    /// <summary>The instance id in hexadecimal, for the script; null where nobody can write yet.</summary>
    public required string? Instance { get; init; }

    /// <summary>The page's path behind the language, for the other languages; null where a form brought the page.</summary>
    public string? Path { get; init; }

    /// <summary>What is wrong with the form, shown above it and read out first.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>A path in this language.</summary>
    public string To(string path) => $"/{T.Language}/{path}";

    /// <summary>What is wrong with a field; null where nothing is.</summary>
    public IEnumerable<Fault> Of(string field) => Faults.Where(fault => fault.Field == field);
}

/// <summary>Something wrong with a form.</summary>
/// <param name="field">The id of the field.</param>
/// <param name="sentence">What is wrong, and what to do.</param>
public sealed class Fault(string field, string sentence)
{
    /// <summary>The id of the field.</summary>
    public string Field { get; } = field;

    /// <summary>What is wrong, and what to do.</summary>
    public string Sentence { get; } = sentence;
}
