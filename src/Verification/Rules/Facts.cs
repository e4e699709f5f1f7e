using System.Collections.Immutable;

namespace Understory.Verification;

/// <summary>Public facts that claims are held against, each with its source (<c>docs/formats/story.md</c>, "Facts").</summary>
public sealed class Facts
{
    private readonly Dictionary<string, Fact> _byId;

    /// <summary>From facts whose ids differ.</summary>
    public Facts(IEnumerable<Fact> all)
    {
        All = [.. all];
        _byId = All.ToDictionary(fact => fact.Id, StringComparer.Ordinal);
        Rules = [.. All.Where(fact => fact.Rule is not null)];
        ClosedSkies = [.. All.Where(fact => fact.Sky is not null)];
    }

    /// <summary>No facts.</summary>
    public static Facts None { get; } = new([]);

    /// <summary>In the order in which they were read.</summary>
    public ImmutableArray<Fact> All { get; }

    /// <summary>Those that limit a kind of claim.</summary>
    internal ImmutableArray<Fact> Rules { get; }

    /// <summary>Those that close the sky over a region.</summary>
    internal ImmutableArray<Fact> ClosedSkies { get; }

    /// <summary>The fact of this id; null where there is none.</summary>
    public Fact? Find(string id) => _byId.GetValueOrDefault(id);
}

/// <summary>Something that is publicly known.</summary>
/// <param name="Id">Its name, by which stories refer to it (<c>fact:mobilisation-ru-2022</c>) and turn it off.</param>
/// <param name="What">One sentence, in every language.</param>
/// <param name="Sources">Where it is written; at least one.</param>
/// <param name="Days">When it was: the two ends that <c>after</c>, <c>before</c> and <c>within</c> refer to. An open end is the last day that anything can speak of.</param>
/// <param name="Rule">What it asks of a kind of claim; null where it is only an event.</param>
/// <param name="Sky">Where the sky was closed during its days; null where it is not about that.</param>
/// <param name="Benign">Why a claim may differ from the rule and be true all the same; null where nothing is said of that.</param>
public sealed record Fact(string Id, FactText What, ImmutableArray<FactSource> Sources, DayRange Days, Rule? Rule = null, Region? Sky = null, FactText? Benign = null);

/// <summary>What a fact says, in each language in which reports are written.</summary>
public sealed record FactText(string English, string Russian, string Ukrainian)
{
    /// <summary>The same in every language: for facts that nobody reads.</summary>
    public static FactText Of(string text) => new(text, text, text);

    /// <summary>In one language; <paramref name="language"/> is one of <see cref="Texts.Languages"/>.</summary>
    public string In(string language) => language switch { "ru" => Russian, "uk" => Ukrainian, _ => English };
}

/// <summary>Where a fact is written.</summary>
/// <param name="Title">Its official name, with its number, in its own language.</param>
/// <param name="Date">Of which day it is.</param>
/// <param name="Url">Where it can be read; null where its name and number must do.</param>
public sealed record FactSource(string Title, string Date, string? Url);

/// <summary>What a fact asks of claims of a kind.</summary>
/// <param name="Kind">Which claims.</param>
/// <param name="By">By whose law; null: whoever's.</param>
/// <param name="Allowed">At least one of these must hold for the claim's day (of a stay: its first) and the person's birth.</param>
public sealed record Rule(ClaimKind Kind, Jurisdiction? By, ImmutableArray<Allowance> Allowed)
{
    /// <summary>Whether it is about age.</summary>
    public bool IsAboutAge => Allowed.Any(allowed => allowed.FromAge is not null || allowed.BelowAge is not null || allowed.Born is not null);
}

/// <summary>One way in which a rule allows something.</summary>
/// <param name="Days">On these days.</param>
/// <param name="FromAge">From this birthday on; null: any age.</param>
/// <param name="BelowAge">Before this birthday; null: any age.</param>
/// <param name="Born">Of those born on these days; null: of all.</param>
/// <param name="IsUnsure">Whether it is not certain that it was allowed: it never contradicts, and the finding says "cannot tell".</param>
public sealed record Allowance(DaySet Days, int? FromAge = null, int? BelowAge = null, DayRange? Born = null, bool IsUnsure = false);

/// <summary>A part of the Earth between two parallels and two meridians, or several of them.</summary>
public sealed record Region(ImmutableArray<RegionBox> Boxes)
{
    /// <summary>Whether a place lies in it.</summary>
    public bool Contains(Location place)
    {
        foreach (var box in Boxes)
        {
            if (box.South <= place.Latitude && place.Latitude <= box.North && box.West <= place.Longitude && place.Longitude <= box.East) return true;
        }
        return false;
    }
}

/// <summary>Between two parallels and two meridians, in degrees of WGS 84.</summary>
public sealed record RegionBox(double South, double West, double North, double East);
