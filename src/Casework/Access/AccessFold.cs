using Understory.Journal;

namespace Understory.Casework;

/// <summary>That somebody may read a part of a case, or might.</summary>
/// <param name="User">Who.</param>
/// <param name="Compartment">Which part.</param>
/// <param name="Since">Since when.</param>
/// <param name="By">Who let them in; null where it was the opening of the case.</param>
/// <param name="Until">The last day, since 1970-01-01; null: without end.</param>
/// <param name="Ended">When it was ended; null while it was not.</param>
public sealed record AccessLine(UserId User, Compartment Compartment, DateTimeOffset Since, UserId? By, int? Until, DateTimeOffset? Ended)
{
    /// <summary>The wraps by which it was given.</summary>
    internal IReadOnlyList<Digest> Wraps { get; init; } = [];

    /// <summary>Whether it holds on a day.</summary>
    public bool IsOpen(int day) => Ended is null && (Until is null || day <= Until);
}

/// <summary>Folds who may read what in a case. Everybody who works it folds the same: it stands in compartment <c>work</c>.</summary>
internal sealed class AccessFold
{
    private const int MostKeys = 64;
    private readonly List<AccessLine> _lines = [];
    private readonly Dictionary<UserId, LastChange> _set = [];

    public IReadOnlyList<AccessLine> Lines => [.. _lines];

    public IReadOnlyDictionary<UserId, LastChange> Set => new Dictionary<UserId, LastChange>(_set);

    public void Opened(UserId user, DateTimeOffset time) =>
        _lines.AddRange(Enum.GetValues<Compartment>().Select(compartment => new AccessLine(user, compartment, time, By: null, Until: null, Ended: null)));

    public void Granted(Entry entry, UserId? by)
    {
        var reader = Bodies.Read(entry, 3);
        var user = DirectoryBodies.ReadUser(ref reader);
        int? until = reader.TryReadNull() ? null : Bodies.ReadDay(ref reader);
        List<(Compartment, Digest)> keys = [];
        for (var count = reader.ReadArray(MostKeys); count > 0; count--)
        {
            reader.ReadArrayOf(4);
            var compartment = (Compartment)reader.ReadInt32((int)Compartment.Contact, (int)Compartment.Review);
            reader.ReadInt32(1, Epoch.MaxNumber);
            reader.ReadExactly(KeyId.Size);
            keys.Add((compartment, Digest.From(reader.ReadExactly(Digest.Size))));
        }
        reader.End();
        foreach (var (compartment, wrap) in keys)
        {
            var at = _lines.FindLastIndex(line => line.User == user && line.Compartment == compartment && line.Ended is null && line.Until == until);
            // The key that came in place of another, to somebody who stays.
            if (at >= 0) _lines[at] = _lines[at] with { Wraps = [.. _lines[at].Wraps, wrap] };
            else
            {
                _lines.Add(new AccessLine(user, compartment, DateTimeOffset.FromUnixTimeSeconds(entry.Time), by, until, Ended: null) { Wraps = [wrap] });
                _set[user] = ChangeOf(entry, by);
            }
        }
    }

    public void Revoked(Entry entry, UserId? by)
    {
        var reader = Bodies.Read(entry, 2);
        var user = DirectoryBodies.ReadUser(ref reader);
        HashSet<Compartment> compartments = [];
        for (var count = reader.ReadArray(MostKeys); count > 0; count--) compartments.Add((Compartment)reader.ReadInt32((int)Compartment.Contact, (int)Compartment.Review));
        reader.End();
        for (var at = 0; at < _lines.Count; at++)
        {
            if (_lines[at] is not { Ended: null } line || line.User != user || !compartments.Contains(line.Compartment)) continue;
            _lines[at] = line with { Ended = DateTimeOffset.FromUnixTimeSeconds(entry.Time) };
            _set[user] = ChangeOf(entry, by);
        }
    }

    private static LastChange ChangeOf(Entry entry, UserId? by) => new(entry.Header.Sequence, DateTimeOffset.FromUnixTimeSeconds(entry.Time), by);
}
