using Understory.Desk.Components;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>Something that was looked at.</summary>
/// <param name="Meaning">How it is: good, to be looked at, or wrong.</param>
/// <param name="Sentence">In the reader's language, with what to do. No secret stands in it.</param>
public sealed record Finding(Meaning Meaning, string Sentence);

/// <summary>What was found so far, in the language of whoever reads it.</summary>
internal sealed class Findings(Text t)
{
    private readonly List<Finding> _all = [];

    public Text T => t;

    public void Good(string sentence) => _all.Add(new(Meaning.Good, sentence));

    public void Look(string sentence) => _all.Add(new(Meaning.Warning, sentence));

    public void Wrong(string sentence) => _all.Add(new(Meaning.Danger, sentence));

    /// <summary>What matters most comes first.</summary>
    public IReadOnlyList<Finding> ToList() => [.. _all.OrderByDescending(finding => finding.Meaning)];
}
