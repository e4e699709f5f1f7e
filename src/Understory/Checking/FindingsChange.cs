using Understory.Terminal;

namespace Understory.Checking;

/// <summary>One finding that is not as it was. Without <see cref="Was"/> it is new, without <see cref="Is"/> gone, with both its verdict is another.</summary>
internal sealed record FindingChange(KeptFinding? Was, KeptFinding? Is)
{
    public string Name => Was is null ? "new" : Is is null ? "gone" : "verdict";
}

/// <summary>A story whose findings are not as they were.</summary>
/// <param name="Was">The run before.</param>
/// <param name="Is">This run.</param>
/// <param name="Findings">What changed; none where only one of the two was understood and nothing was found.</param>
internal sealed record StoryChange(KeptStory Was, KeptStory Is, IReadOnlyList<FindingChange> Findings)
{
    /// <summary>Whether the story itself is another than it was: then its findings may have changed for that reason alone.</summary>
    public bool StoryChanged => Was.Sha256 != Is.Sha256;

    /// <summary>Whether anything has to be looked at again because a contradiction came, went, or a story is no longer understood.</summary>
    public bool IsGrave => Was.Status != Is.Status;
}

/// <summary>The edition of a source in two runs; null where it was not there.</summary>
internal sealed record EditionChange(string Source, string? Was, string? Is);

/// <summary>Two runs over a folder, side by side.</summary>
internal sealed record FindingsComparison(IReadOnlyList<EditionChange> Editions, IReadOnlyList<StoryChange> Stories, int Fresh, int Missing)
{
    public static FindingsComparison Of(KeptFindings was, KeptFindings now)
    {
        var before = new Dictionary<string, KeptStory>(StringComparer.Ordinal);
        foreach (var story in was.Stories) before[story.File] = story;
        var changes = new List<StoryChange>();
        var fresh = 0;
        foreach (var story in now.Stories)
        {
            if (!before.Remove(story.File, out var former))
            {
                fresh++;
                continue;
            }
            var findings = Of(former.Findings, story.Findings);
            if (findings.Count > 0 || former.Status != story.Status) changes.Add(new StoryChange(former, story, findings));
        }
        return new FindingsComparison(
            Differing(was.Edition, now.Edition),
            [.. changes.OrderByDescending(change => change.Is.Status == ExitStatus.Refused && change.IsGrave).ThenByDescending(change => change.IsGrave).ThenBy(change => change.Is.File, StringComparer.Ordinal)],
            fresh, before.Count);
    }

    /// <summary>What differs. Where several findings are about the same, as many as have the same verdict are the same.</summary>
    private static List<FindingChange> Of(IReadOnlyList<KeptFinding> was, IReadOnlyList<KeptFinding> now)
    {
        var (left, right) = (was.ToList(), now.ToList());
        foreach (var finding in was)
        {
            if (right.FindIndex(each => each.About == finding.About && each.Verdict == finding.Verdict) is not (>= 0 and var same)) continue;
            right.RemoveAt(same);
            left.Remove(finding);
        }
        var changes = new List<FindingChange>();
        foreach (var finding in right)
        {
            var former = left.Find(each => each.About == finding.About);
            if (former is not null) left.Remove(former);
            changes.Add(new FindingChange(former, finding));
        }
        changes.AddRange(left.Select(finding => new FindingChange(finding, null)));
        return changes;
    }

    private static List<EditionChange> Differing(string was, string now)
    {
        var (before, after) = (Parted(was), Parted(now));
        return [.. before.Keys.Union(after.Keys).Select(source => new EditionChange(source, before.GetValueOrDefault(source), after.GetValueOrDefault(source))).Where(change => change.Was != change.Is)];
    }

    /// <summary>"order376 2025-04-30, deepstate 2025-05-01" by source.</summary>
    private static Dictionary<string, string> Parted(string edition)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in edition.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            var space = part.IndexOf(' ', StringComparison.Ordinal);
            parts[space < 0 ? part : part[..space]] = space < 0 ? "" : part[(space + 1)..];
        }
        return parts;
    }
}
