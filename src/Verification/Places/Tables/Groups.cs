namespace Understory.Verification;

/// <summary>For each number from 0 some numbers, in two arrays.</summary>
internal sealed class Groups
{
    private readonly int[] _starts;
    private readonly int[] _members;

    /// <summary>From pairs; within a group they stay in order.</summary>
    /// <param name="count">How many groups.</param>
    /// <param name="pairs">Group and member; asked for twice.</param>
    public Groups(int count, IReadOnlyCollection<(int Group, int Member)> pairs)
    {
        _starts = new int[count + 1];
        _members = new int[pairs.Count];
        foreach (var (group, _) in pairs) _starts[group + 1]++;
        for (var i = 0; i < count; i++) _starts[i + 1] += _starts[i];
        var next = _starts[..count];
        foreach (var (group, member) in pairs) _members[next[group]++] = member;
    }

    /// <summary>The members of one.</summary>
    public ReadOnlySpan<int> this[int group] => _members.AsSpan(_starts[group], _starts[group + 1] - _starts[group]);
}
