namespace Understory.Verification;

/// <summary>What time is counted in.</summary>
public enum TimeUnit
{
    /// <summary>Days.</summary>
    Day,

    /// <summary>Seven days.</summary>
    Week,

    /// <summary>Calendar months: how many days they are depends on when.</summary>
    Month,

    /// <summary>Calendar years.</summary>
    Year,
}

/// <summary>How long, as people say it: "three weeks", "two to three months", "a few days" (2 to 10).</summary>
/// <param name="Least">At least so many units.</param>
/// <param name="Most">At most so many.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Words">As it was said.</param>
/// <remarks>
/// Its slack (verification.md) is the larger of half its unit (day ±1, week ±4, month ±15, year ±91 days) and 20 %. "Half a
/// year" is six months, "a month and a half" is six weeks and so on: what has no whole number is said in the next smaller unit.
/// </remarks>
public sealed record Amount(int Least, int Most, TimeUnit Unit, string Words);
