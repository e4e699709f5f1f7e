namespace Understory.Bench.Planted;

/// <summary>What the law allowed, written down once more from what <c>facts/README.md</c> says of it, for the oracle and for true lives.</summary>
internal static class Law
{
    /// <summary>One way in which a call-up is allowed.</summary>
    public sealed record Way(Days[] Days, int? FromAge = null, int? BelowAge = null);

    public static readonly int Mobilisation = Day(2022, 9, 21);

    private static readonly Way[] s_anything = [new([new Days(0, int.MaxValue)])];
    private static readonly Way[] s_mobilised = [new([new Days(Mobilisation, int.MaxValue)])];
    private static readonly Way[] s_conscripted = MakeConscripted();

    /// <summary>The ways open to a claim.</summary>
    public static Way[] Of(Meant claim) => (claim.Kind, claim.By) switch
    {
        ("mobilised", "RU") => s_mobilised,
        ("conscripted", "RU") => s_conscripted,
        _ => s_anything,
    };

    public static int Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber;

    /// <summary>Seasons of term conscription: spring until 15 July, autumn from October, in 2022 from November; from 2026 all year.</summary>
    private static Way[] MakeConscripted()
    {
        List<Days> until23 = [new(0, Day(2007, 12, 31))], after = [new(Day(2026, 1, 1), int.MaxValue)];
        for (var year = 2008; year <= 2025; year++)
        {
            var days = year <= 2023 ? until23 : after;
            days.Add(new Days(Day(year, 4, 1), Day(year, 7, 15)));
            days.Add(new Days(Day(year, year == 2022 ? 11 : 10, 1), Day(year, 12, 31)));
        }
        return [new([.. until23], 18, 27), new([.. after], 18, 30)];
    }
}
