using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>One thing that was said, is known or is asked by law: what a conflict's explanation is made of.</summary>
/// <param name="Claim">Whose it is, by its place in the story; -1 for births, the day of telling, facts.</param>
/// <param name="Kind">Which kind of finding it gives.</param>
/// <param name="Reason">What it is called in <see cref="Understory.Verification.Reason.Kind"/>.</param>
/// <param name="What">What was said: a <see cref="When"/>, an <see cref="Amount"/>, a <see cref="Fact"/>…</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Assertion(int Claim, FindingKind Kind, string Reason, object? What);

/// <summary>Where a claim was, and what that allows.</summary>
internal sealed class PlaceOptions
{
    /// <summary>Count of a list of intervals that allows every day.</summary>
    internal const int Everything = -1;

    internal required PlaceQuery Query { get; init; }

    internal required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>The assertion of who held it; -1 where nobody said.</summary>
    internal int HeldBy { get; set; } = -1;

    /// <summary>For each candidate what the sources say; empty where nobody said who held it.</summary>
    internal Judgement[] Judgements { get; set; } = [];

    /// <summary>Where in the network's days the allowed intervals of each candidate stand, and how many there are.</summary>
    internal (int Start, int Count)[] Allowed { get; set; } = [];

    /// <summary>The same for all candidates together.</summary>
    internal (int Start, int Count) Union { get; set; } = (0, Everything);

    internal bool HasLocation { get; init; }
}

/// <summary>A story compiled: variables, network, assertions, places. It does not change while it is solved.</summary>
internal sealed class Problem
{
    /// <summary>That a stay's end is not before its start: never in doubt.</summary>
    internal const int Structure = 0;

    /// <summary>That nothing lies after the day of telling.</summary>
    internal const int Told = 1;

    /// <summary>The person's birth, where it is said.</summary>
    internal const int Born = 2;

    /// <summary>The person's age on a day, where it is said.</summary>
    internal const int StatedAge = 3;

    /// <summary>The variable of the birth.</summary>
    internal const int Birth = 0;

    internal required Story Story { get; init; }

    internal required IGround Ground { get; init; }

    internal required Facts Facts { get; init; }

    internal required Network Network { get; init; }

    internal required List<Assertion> Assertions { get; init; }

    /// <summary>Where each claim's assertions begin; they stand together. One more at the end.</summary>
    internal required int[] FirstAssertion { get; init; }

    /// <summary>The variable of each claim's first day.</summary>
    internal required int[] Start { get; init; }

    /// <summary>The variable of its last; an event's is the same.</summary>
    internal required int[] End { get; init; }

    /// <summary>The claim of each variable; -1 for the birth.</summary>
    internal required int[] ClaimOf { get; init; }

    internal required PlaceOptions?[] Places { get; init; }

    /// <summary>Pairs of claims of which one speaks of the other.</summary>
    internal required List<(int Of, int To)> References { get; init; }

    /// <summary>Claims that speak of the birth.</summary>
    internal required bool[] SpeaksOfBirth { get; init; }

    /// <summary>How many readings each claim's phrases have together.</summary>
    internal required int[] Readings { get; init; }

    /// <summary>Whether ways between places are asked after.</summary>
    internal required bool HasTravel { get; init; }

    /// <summary>What was left out because its alternatives multiply beyond any use.</summary>
    internal bool WasCut { get; set; }

    internal int Claims => Story.Claims.Count;

    /// <summary>Whether an edge is what a claim says of its day by the person's age: it moves with the claim's dates. What a rule asks does not.</summary>
    internal bool IsAge(in Edge edge, int claim) => edge.From == Birth && Assertions[edge.Assertion] is { Kind: FindingKind.Time } said && said.Claim == claim;

    /// <summary>Whether a claim's place takes part in ways.</summary>
    internal bool IsWalker(int claim) => HasTravel && Places[claim] is { HasLocation: true };
}
