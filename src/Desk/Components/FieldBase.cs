using Microsoft.AspNetCore.Components;

namespace Understory.Desk.Components;

/// <summary>What all fields have in common.</summary>
public abstract class FieldBase : ComponentBase
{
    /// <summary>The page's errors; the one of this field is shown at it.</summary>
    [CascadingParameter] public IReadOnlyList<FieldError> Errors { get; set; } = [];

    /// <summary>Its name in the form, and its id.</summary>
    [Parameter, EditorRequired] public string Name { get; set; } = "";

    /// <summary>What it asks for.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>What helps to answer.</summary>
    [Parameter] public string? Hint { get; set; }

    /// <summary>What is in it.</summary>
    [Parameter] public string? Value { get; set; }

    /// <summary>Whether the label is the question of the page.</summary>
    [Parameter] public bool Large { get; set; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    protected string? Error => Errors.FirstOrDefault(error => error.Field == Name)?.Message;

    /// <summary>Ids of hint and error.</summary>
    protected string? DescribedBy => FieldFrame.DescribedBy(Name, Hint, Error);

    /// <summary><c>true</c> for readers of screens where something is wrong.</summary>
    protected string? Invalid => Error is null ? null : "true";
}
