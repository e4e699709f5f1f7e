using System.Globalization;

namespace Understory.Bench.Planted;

/// <summary>The table.</summary>
internal sealed class PlantedTable(IReadOnlyList<Outcome> outcomes)
{
    /// <summary>One planted fault and what became of it.</summary>
    private sealed record Fault(Outcome Of, string Kind, string Claim)
    {
        private readonly IReadOnlyList<string> _expected = Planter.Contradicting(Of.Expected, Claim);
        private readonly IReadOnlyList<string> _shown = Planter.Contradicting(Of.Shown, Claim);

        public IReadOnlyList<string> Found { get; } = [.. Of.Found.Where(set => Planter.Has(set, Claim)).Order(StringComparer.Ordinal)];

        /// <summary>Fourteen days or less would mend it: nobody may be accused.</summary>
        public bool IsNearMiss => _expected.Count == 0;

        public bool IsExact => Found.SequenceEqual(_expected, StringComparer.Ordinal);

        public bool IsShown => _shown.Count > 0;

        public bool IsExactAsShown => Found.SequenceEqual(_shown, StringComparer.Ordinal);

        public bool IsNaive => Of.Naive.Contains(Claim, StringComparer.Ordinal);

        public bool IsNaiveExact => IsNaive && _expected is [var only] && only == Claim && Of.Naive.Count == Of.Faults.Count;

        public int Repair => Of.Expected.Where(set => Planter.Has(set.Claims, Claim)).Max(set => set.Repair);

        public int Candidates => Of.Candidates[Claim];
    }

    public void Print()
    {
        List<Outcome> usable = [.. outcomes.Where(outcome => outcome.Refused is null && outcome.Unusable is null)];
        List<Outcome> sound = [.. usable.Where(outcome => outcome.Faults.Count == 0)];
        List<Fault> all = [.. usable.SelectMany(outcome => outcome.Faults.Select(fault => new Fault(outcome, fault.Kind, fault.Claim)))];
        List<Fault> faults = [.. all.Where(fault => !fault.IsNearMiss)];
        List<Fault> near = [.. all.Where(fault => fault.IsNearMiss)];

        PrintSound(sound);
        PrintFaults(faults);
        PrintRest(usable, near);
    }

    private void PrintSound(List<Outcome> sound)
    {
        Console.WriteLine("\n  Sound stories                 stories  accused                        each claim alone accuses");
        void Sound(string name, Func<Outcome, bool> which)
        {
            List<Outcome> group = [.. sound.Where(which)];
            if (group.Count > 0) Console.WriteLine($"    {name,-26} {group.Count,8}  {Share(group.Count(outcome => outcome.Found.Count > 0), group.Count),-29}  {Share(group.Count(outcome => outcome.Naive.Count > 0), group.Count)}");
        }
        Sound("all", _ => true);
        Sound("hard", outcome => outcome.IsHard);
        Sound("easy", outcome => !outcome.IsHard);
        Sound("truth withheld", outcome => outcome.World.IsWithheld);
        Sound("truth among the sources", outcome => !outcome.World.IsWithheld);
        foreach (var name in outcomes.Select(outcome => outcome.World.Name).Distinct(StringComparer.Ordinal)) Sound(name, outcome => outcome.World.Name == name);
    }

    private static void PrintFaults(List<Fault> faults)
    {
        Console.WriteLine("\n  Faults                         faults  found with exactly the right claims  of those that the engine's sources show  each claim alone  exactly");
        void Planted(string name, Func<Fault, bool> which)
        {
            List<Fault> group = [.. faults.Where(which)];
            if (group.Count == 0) return;
            List<Fault> shown = [.. group.Where(fault => fault.IsShown)];
            Console.WriteLine($"    {name,-26} {group.Count,8}  {Share(group.Count(fault => fault.IsExact), group.Count),-35}  {Share(shown.Count(fault => fault.IsExactAsShown), shown.Count) + $" of {shown.Count}",-38}  {Percent(group.Count(fault => fault.IsNaive), group.Count),16}  {Percent(group.Count(fault => fault.IsNaiveExact), group.Count),7}");
        }
        Planted("all", _ => true);
        foreach (var kind in Faults.Kinds.Distinct(StringComparer.Ordinal)) Planted(kind, fault => fault.Kind == kind);
        Planted("by 15 to 30 days", fault => fault.Repair is >= 15 and <= 30);
        Planted("by 31 to 90 days", fault => fault.Repair is >= 31 and <= 90);
        Planted("by 91 to 365 days", fault => fault.Repair is >= 91 and <= 365);
        Planted("by more, or not mendable", fault => fault.Repair > 365);
        Planted("no place", fault => fault.Candidates == 0);
        Planted("1 candidate", fault => fault.Candidates == 1);
        Planted("2 to 5 candidates", fault => fault.Candidates is >= 2 and <= 5);
        Planted("6 and more candidates", fault => fault.Candidates >= 6);
        Planted("truth withheld", fault => fault.Of.World.IsWithheld);
        Planted("  of these place, derived", fault => fault.Of.World.IsWithheld && fault.Kind is "place" or "derived" && fault.Of.World.IsWithheld);
        Planted("truth among the sources", fault => !fault.Of.World.IsWithheld);
        Planted("hard", fault => fault.Of.IsHard);
        Planted("easy", fault => !fault.Of.IsHard);
        Planted("two faults in a story", fault => fault.Of.Faults.Count > 1);
    }

    private void PrintRest(List<Outcome> usable, List<Fault> near)
    {
        Console.WriteLine($"\n  Near misses (14 days mend them): {near.Count}, accused {Share(near.Count(fault => fault.Found.Count > 0), near.Count)}, each claim alone accuses {Percent(near.Count(fault => fault.IsNaive), near.Count)}");
        List<Outcome> faulty = [.. usable.Where(outcome => outcome.Faults.Count > 0)];
        Console.WriteLine($"  Claims accused that no planted fault touches, in {faulty.Count} stories with faults: {faulty.Count(outcome => outcome.Found.Any(set => !outcome.Faults.Any(fault => Planter.Has(set, fault.Claim))))}");
        Console.WriteLine($"  Stories whose contradictions are, all of them, those of the oracle on the same sources: {Share(usable.Count(outcome => outcome.Found.Order(StringComparer.Ordinal).SequenceEqual(Planter.Contradicting(outcome.Shown), StringComparer.Ordinal)), usable.Count)}");
        Console.WriteLine($"  Refused {outcomes.Count(outcome => outcome.Refused is not null)}; words understood otherwise in {outcomes.Count(outcome => outcome.Otherwise.Count > 0)}; true place not among the candidates in {outcomes.Count(outcome => outcome.NotFound.Count > 0)}; not usable {outcomes.Count(outcome => outcome.Unusable is not null)}");
    }

    private static string Percent(int of, int all) => all == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * of / all:0.0} %");

    /// <summary>A share, with the interval of Wilson that holds it 95 times in 100.</summary>
    internal static string Share(int of, int all)
    {
        if (all == 0) return "-";
        var (low, high) = Wilson(of, all);
        return string.Create(CultureInfo.InvariantCulture, $"{100.0 * of / all:0.00} % [{100 * low:0.00}, {100 * high:0.00}] ({of})");
    }

    internal static (double Low, double High) Wilson(int of, int all)
    {
        const double Z = 1.959964;
        var share = (double)of / all;
        var middle = (share + (Z * Z / (2 * all))) / (1 + (Z * Z / all));
        var half = Z / (1 + (Z * Z / all)) * Math.Sqrt((share * (1 - share) / all) + (Z * Z / (4.0 * all * all)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Some of what went otherwise than it should, whole.</summary>
    public static void Show(IReadOnlyList<Outcome> outcomes, int most)
    {
        foreach (var text in outcomes.Where(outcome => outcome.Refused is not null).Select(outcome => $"REFUSED {outcome.Refused}").Distinct(StringComparer.Ordinal).Take(40)) Console.WriteLine(text);
        foreach (var text in outcomes.SelectMany(outcome => outcome.Otherwise).Distinct(StringComparer.Ordinal).Take(4 * most)) Console.WriteLine($"OTHERWISE {text}");
        foreach (var text in outcomes.SelectMany(outcome => outcome.NotFound).Distinct(StringComparer.Ordinal).Take(4 * most)) Console.WriteLine($"NOT FOUND {text}");
        foreach (var outcome in outcomes.Where(outcome => outcome.Unusable is not null).Take(most)) Tell($"UNUSABLE {outcome.Unusable}", outcome);
        foreach (var outcome in outcomes.Where(outcome => outcome is { Unusable: null, Faults.Count: 0, Found.Count: > 0 }).Take(most)) Tell("ACCUSED", outcome);
        foreach (var outcome in outcomes.Where(outcome => outcome is { Unusable: null, Refused: null } && !outcome.Found.Order(StringComparer.Ordinal).SequenceEqual(Planter.Contradicting(outcome.Shown), StringComparer.Ordinal)).Take(most)) Tell("NOT AS THE ORACLE", outcome);
        foreach (var outcome in outcomes.Where(outcome => outcome is { Unusable: null, Refused: null, Faults.Count: > 0 } && outcome.Faults.Any(fault => Planter.Contradicting(outcome.Expected, fault.Claim).Count == 0 && outcome.Found.Any(set => Planter.Has(set, fault.Claim)))).Take(most)) Tell("NEAR MISS ACCUSED", outcome);
        foreach (var outcome in outcomes.Where(outcome => outcome is { Unusable: null, Refused: null, Faults.Count: > 0 } && outcome.Faults.Any(fault => !Planter.Contradicting(outcome.Expected, fault.Claim).SequenceEqual(outcome.Found.Where(set => Planter.Has(set, fault.Claim)).Order(StringComparer.Ordinal), StringComparer.Ordinal))).Take(most)) Tell("NOT AS TRUE", outcome);
    }

    private static void Tell(string what, Outcome outcome)
    {
        Console.WriteLine($"\n{what}: story {outcome.Number}, {outcome.World.Name}, withheld {outcome.World.IsWithheld}, faults {string.Join(", ", outcome.Faults)}");
        Console.WriteLine($"true {string.Join(" | ", outcome.Expected)}; shown {string.Join(" | ", outcome.Shown)}; found {string.Join(" | ", outcome.Found)}; {string.Join("; ", outcome.Otherwise)}");
        Console.WriteLine(outcome.Yaml);
    }
}
