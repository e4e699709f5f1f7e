using Microsoft.AspNetCore.Components;
using Understory.Desk.Components;
using Understory.Pages;

namespace Understory.Desk.Setup;

/// <summary>What the pages of the first run have in common.</summary>
public abstract class SetupBase : ComponentBase
{
    /// <summary>How many steps there are.</summary>
    public const int Steps = 8;

    /// <summary>The page's setting.</summary>
    [Parameter] public PageSetting Setting { get; set; } = null!;

    /// <summary>The texts in the language that was chosen here.</summary>
    [Parameter] public Text Language { get; set; } = null!;

    /// <summary>What is wrong.</summary>
    [Parameter] public IReadOnlyList<FieldError> Errors { get; set; } = [];

    /// <summary>The step before.</summary>
    [Parameter] public string? Back { get; set; }

    /// <summary>The number of the step.</summary>
    [Parameter] public int Number { get; set; }

    /// <summary>What was filled in before.</summary>
    [Parameter] public string Value { get; set; } = "";

    /// <summary>How many steps there are on this way.</summary>
    [Parameter] public int Of { get; set; } = Steps;

    /// <summary>What the paths of the steps begin with: setting up, or joining.</summary>
    [Parameter] public string Root { get; set; } = "/setup";

    /// <summary>The texts.</summary>
    protected Text T => Language;

    /// <summary>What this way is called.</summary>
    protected string Heading => Root == "/setup" ? T["Setting up"] : T["Joining"];

    /// <summary>The setting in that language.</summary>
    protected PageSetting Here => Setting.With(Language, "");

    /// <summary>"Step 2 of 8".</summary>
    protected string Where => T["Step {step} of {steps}", ("step", Number), ("steps", Of)];
}
