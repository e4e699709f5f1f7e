using System.Collections.Frozen;

namespace Understory.Verification;

/// <summary>What a unit's name says in English, Russian or Ukrainian: its numbers, its kind and its size.</summary>
/// <param name="Numbers">The numbers in it, as written without leading zeros.</param>
/// <param name="Kinds">What it says of its kind and size, in one language; empty where it says nothing that is known here.</param>
internal sealed record UnitName(FrozenSet<string> Numbers, FrozenSet<string> Kinds)
{
    // Beginnings of words, lower case, and what they mean. "Motorised rifle" is one kind as "mechanised" is of others.
    private static readonly (string Beginning, string Kind)[] Words =
    [
        ("motor", "motor-rifle"), ("мото", "motor-rifle"), ("мср", "motor-rifle"), ("омсбр", "motor-rifle"), ("мсп", "motor-rifle"),
        ("mech", "mechanised"), ("механ", "mechanised"), ("tank", "tank"), ("танк", "tank"),
        ("air", "airborne"), ("vdv", "airborne"), ("десант", "airborne"), ("вдв", "airborne"), ("дшв", "airborne"), ("аеромоб", "airborne"),
        ("naval", "naval"), ("marine", "naval"), ("морск", "naval"), ("морськ", "naval"), ("артил", "artillery"), ("artil", "artillery"), ("spetsnaz", "special"), ("спецназ", "special"), ("спеціальн", "special"), ("специальн", "special"),
        ("regiment", "regiment"), ("полк", "regiment"), ("brigade", "brigade"), ("бригад", "brigade"), ("division", "division"), ("дивиз", "division"), ("дивіз", "division"),
        ("army", "army"), ("арми", "army"), ("армі", "army"), ("corps", "corps"), ("корпус", "corps"), ("battalion", "battalion"), ("батальон", "battalion"), ("батальйон", "battalion"),
    ];

    private static readonly FrozenSet<string> Sizes = new[] { "regiment", "brigade", "division", "army", "corps", "battalion" }.ToFrozenSet(StringComparer.Ordinal);

    public static UnitName Of(string text)
    {
        var (numbers, kinds) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var word in Split(text.ToLowerInvariant()))
        {
            if (char.IsAsciiDigit(word[0])) numbers.Add(word.TrimStart('0'));
            else
            {
                foreach (var (beginning, kind) in Words)
                {
                    if (word.StartsWith(beginning, StringComparison.Ordinal)) kinds.Add(kind);
                }
            }
        }
        return new UnitName(numbers.ToFrozenSet(StringComparer.Ordinal), kinds.ToFrozenSet(StringComparer.Ordinal));
    }

    /// <summary>
    /// Whether two names may be of one unit: a number is the same, and neither says another size or another kind. Names
    /// without numbers never match. A wrong match can only support, so what is not said does not exclude.
    /// </summary>
    public bool MayBe(UnitName other)
    {
        if (!Numbers.Overlaps(other.Numbers)) return false;
        static bool Agree(IEnumerable<string> a, IEnumerable<string> b) => !a.Any() || !b.Any() || a.Intersect(b, StringComparer.Ordinal).Any();
        return Agree(Kinds.Where(Sizes.Contains), other.Kinds.Where(Sizes.Contains)) && Agree(Kinds.Except(Sizes, StringComparer.Ordinal), other.Kinds.Except(Sizes, StringComparer.Ordinal));
    }

    private static IEnumerable<string> Split(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = start + 1;
            if (char.IsAsciiDigit(text[start]))
            {
                while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            }
            else if (char.IsLetter(text[start]))
            {
                while (end < text.Length && char.IsLetter(text[end])) end++;
            }
            else
            {
                continue;
            }
            yield return text[start..end];
        }
    }
}
