namespace Understory.Casework;

/// <summary>What a check looks at now.</summary>
/// <param name="Part">In a few words.</param>
/// <param name="Done">How much of it was looked at.</param>
/// <param name="Of">Of how much; 0 where nobody knows.</param>
public sealed record CheckProgress(string Part, long Done, long Of);

/// <summary>What a check came to.</summary>
/// <param name="Faults">What is wrong: sentences, each with its place.</param>
/// <param name="Beyond">How many more there are.</param>
/// <param name="Entries">How many entries were looked at.</param>
public sealed record CheckResult(IReadOnlyList<string> Faults, long Beyond, long Entries)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsWhole => Faults.Count == 0;
}

/// <summary>Collects faults; a damaged disk has more of them than anybody reads.</summary>
internal sealed class FaultList
{
    private const int Most = 200;
    private readonly List<string> _faults = [];
    private long _beyond;

    public int Count => _faults.Count;

    public long Entries { get; set; }

    public void Add(string sentence)
    {
        if (_faults.Count < Most) _faults.Add(sentence);
        else _beyond++;
    }

    public CheckResult ToResult() => new([.. _faults], _beyond, Entries);
}
