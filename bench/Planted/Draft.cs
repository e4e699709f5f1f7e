using System.Globalization;
using System.Text;
using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>A claim in the making: what truly was, what will be said, and what is meant by it.</summary>
internal sealed class Draft
{
    public required string Id { get; init; }

    public string Kind { get; init; } = "event";

    public string By { get; init; } = "RU";

    /// <summary>The true first day.</summary>
    public required int First { get; init; }

    /// <summary>The true last day.</summary>
    public required int Last { get; init; }

    public Words? When { get; set; }

    public Words? From { get; set; }

    public Words? Until { get; set; }

    public (string Text, Length Meant)? For { get; set; }

    public List<(Relation Meant, string? By)> Relations { get; } = [];

    public int? Age { get; set; }

    public Spot? Spot { get; set; }

    /// <summary>How the place is said, as YAML.</summary>
    public string? Where { get; set; }

    public Side? HeldBy { get; set; }

    public bool Leave { get; set; }

    public bool IsStay => Kind == "stay";

    /// <summary>Whether the place is said by its coordinates.</summary>
    public bool IsPoint => Where?.StartsWith("{ lat", StringComparison.Ordinal) == true;

    public Meant Meant() => new()
    {
        Id = Id,
        Kind = Kind,
        By = By,
        When = When?.Readings,
        From = From?.Readings,
        Until = Until?.Readings,
        For = For?.Meant,
        Relations = [.. Relations.Select(relation => relation.Meant)],
        Age = Age,
        HeldBy = HeldBy,
        Leave = Leave,
    };

    public void Write(StringBuilder yaml)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"  - id: {Id}\n");
        if (Kind != "event") yaml.Append(CultureInfo.InvariantCulture, $"    kind: {Kind}\n");
        if (By != "RU") yaml.Append(CultureInfo.InvariantCulture, $"    by: {By}\n");
        List<string> all = [.. Relations.Select(Say)];
        if (When is { } when) all.Insert(0, Quoted(when.Text));
        if (all.Count == 1) yaml.Append(CultureInfo.InvariantCulture, $"    when: {all[0]}\n");
        if (all.Count > 1) yaml.Append(CultureInfo.InvariantCulture, $"    when: [ {string.Join(", ", all)} ]\n");
        if (From is { } from) yaml.Append(CultureInfo.InvariantCulture, $"    from: {Quoted(from.Text)}\n");
        if (Until is { } until) yaml.Append(CultureInfo.InvariantCulture, $"    until: {Quoted(until.Text)}\n");
        if (For is { } lasting) yaml.Append(CultureInfo.InvariantCulture, $"    for: {Quoted(lasting.Text)}\n");
        if (Where is not null) yaml.Append(CultureInfo.InvariantCulture, $"    where: {Where}\n");
        if (HeldBy is { } side) yaml.Append(CultureInfo.InvariantCulture, $"    held_by: {side}\n");
        if (Age is { } age) yaml.Append(CultureInfo.InvariantCulture, $"    age: {age}\n");
        if (Leave) yaml.Append("    leave: true\n");
    }

    private static string Say((Relation Meant, string? By) relation)
    {
        var how = relation.Meant.How == "same" ? "same_day_as" : relation.Meant.How;
        return relation.By is null ? $"{{ {how}: {relation.Meant.Of} }}" : $"{{ {how}: {relation.Meant.Of}, by: {Quoted(relation.By)} }}";
    }

    public static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>A whole story in the making.</summary>
internal sealed class DraftStory
{
    public required int Told { get; init; }

    public required int Born { get; init; }

    public Words? BornWords { get; set; }

    public List<Draft> Claims { get; } = [];

    public MeantStory Meant() => new(Told, BornWords is null ? null : [.. BornWords.Readings.SelectMany(reading => reading)], [.. Claims.Select(claim => claim.Meant())]);

    public string Yaml()
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"story: planted\ntold: {DayRange.Iso(Told)}\n");
        if (BornWords is { } born) yaml.Append(CultureInfo.InvariantCulture, $"person: {{ born: {Draft.Quoted(born.Text)} }}\n");
        yaml.Append("claims:\n");
        foreach (var claim in Claims) claim.Write(yaml);
        return yaml.ToString();
    }
}
