using Understory.Pages;

namespace Understory.Desk;

/// <summary>What every page stands in: the language, who reads it, where. Pages get it as a parameter of this name.</summary>
public sealed class PageSetting
{
    internal PageSetting(Text t, IReadOnlyList<string> languages, string path)
    {
        (T, Languages, Path) = (t, languages, path);
    }

    /// <summary>The texts: <c>@T["Sign in"]</c>.</summary>
    public Text T { get; }

    /// <summary>The languages that there are.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>The path and query of this page, to come back to.</summary>
    public string Path { get; }

    /// <summary>What the organisation is called; empty before it is set up.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>Who is signed in; null for nobody.</summary>
    public string? UserName { get; init; }

    /// <summary>Whether the reader works here as more than a volunteer, an officer or an operator.</summary>
    public bool IsStaff { get; init; }

    /// <summary>What each form of a signed-in reader carries (<c>PostForm</c> puts it in).</summary>
    public string FormToken { get; init; } = "";

    /// <summary>With what the page listens for changes; null where nobody is signed in.</summary>
    public string? ListenTicket { get; init; }

    /// <summary>The case that the page is of, by its pseudonym, for who else is there; null for other pages.</summary>
    public string? Place { get; init; }

    /// <summary>After how many seconds without use the session is locked, and the page must not stand there any longer; null where nobody is signed in.</summary>
    public int? IdleSeconds { get; init; }

    /// <summary>Whether the banner of a demonstration is shown.</summary>
    public bool IsDemonstration { get; init; }

    /// <summary>Whether the language was chosen elsewhere, so that no page asks again.</summary>
    public bool LanguageIsChosen { get; init; }

    /// <summary>A part of an address that changes when the styles and scripts do, so that browsers may keep them.</summary>
    public string FilesVersion { get; init; } = "";

    /// <summary>The same page for a reader whose session is known, though its keys are not here.</summary>
    internal PageSetting With(Text t, string formToken) => new(t, Languages, Path)
    {
        Organisation = Organisation,
        IsDemonstration = IsDemonstration,
        FilesVersion = FilesVersion,
        FormToken = formToken,
        LanguageIsChosen = true,
    };
}
