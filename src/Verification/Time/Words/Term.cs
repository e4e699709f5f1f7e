using System.Runtime.InteropServices;

namespace Understory.Verification;

/// <summary>What a word of a phrase does.</summary>
internal enum TermKind
{
    Month, Weekday, Weekend, Season, Cardinal, Ordinal, Thousand, Hundred, Nineties, A, Vague, OneAndHalf, Half, AndHalf, Unit, HalfUnit,
    YearWord, Part, HalfOf, TenDays, Dates, Since, Until, Between, And, Or, To, Skip, Whole, For, After, Through, Before, Later, Earlier, Ago,
    Next, Previous, NextDay, DayBefore, About, MoreThan, LessThan, Last, BeforeLast, This, RelativeDay, WhenI, Aged, Old, Birthday, Service, My,
    Holiday, Rite, Eve, Inclusive, Night, NoEarlier, NoLater, Suffix,
}

/// <summary>In which languages a word is written so.</summary>
[Flags]
internal enum Tongues
{
    None = 0,
    Russian = 1,
    Ukrainian = 2,
    English = 4,
}

/// <summary>One meaning of a word, or of a few words together.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Value">Which: the number of a month, the first month of a season…</param>
/// <param name="In">In which languages.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Term(TermKind Kind, int Value, Tongues In);
