namespace Understory.Verification;

/// <summary>What a map can be drawn from: what one side held on some days.</summary>
public interface IMapSource
{
    /// <summary>Its short stable name.</summary>
    string Name { get; }

    /// <summary>The days of which it has a map, in order.</summary>
    IReadOnlyList<int> Days { get; }

    /// <summary>The rings of what Russia held on one of these days, outer ones and holes, to be filled by the even-odd rule.</summary>
    IReadOnlyList<IReadOnlyList<Location>> HeldByRussia(int day);
}
