namespace Understory.Desk.Components;

/// <summary>Something to choose in <c>Radios</c> or <c>Select</c>.</summary>
/// <param name="Value">What is sent.</param>
/// <param name="Label">What is read.</param>
/// <param name="Hint">What it means, where the label does not say it.</param>
public sealed record Choice(string Value, string Label, string? Hint = null);

/// <summary>Something that was not filled in as it should be.</summary>
/// <param name="Field">The name of the field; empty where it is no single one.</param>
/// <param name="Message">What to do, in the reader's language.</param>
public sealed record FieldError(string Field, string Message);

/// <summary>What a colour stands for.</summary>
public enum Meaning
{
    /// <summary>Nothing in particular.</summary>
    None,

    /// <summary>It went well, or is as it should be.</summary>
    Good,

    /// <summary>Somebody should look at it.</summary>
    Warning,

    /// <summary>Something is wrong, or cannot be undone.</summary>
    Danger,
}

/// <summary>The classes of <see cref="Meaning"/> in the style sheet.</summary>
internal static class MeaningClass
{
    public static string Of(string block, Meaning meaning) => meaning == Meaning.None ? block : $"{block} is-{meaning.ToString().ToLowerInvariant()}";
}
