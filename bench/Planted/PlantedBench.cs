using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Understory.Bench.Planted;

/// <summary>
/// Plants faults in stories that could be true, and counts what the engine finds and whom it accuses, beside a check of each
/// claim alone. <c>Bench Planted [stories] [seed]</c>; with <c>PLANTED_SHOW=3</c> some of what went otherwise is shown whole.
/// </summary>
internal static class PlantedBench
{
    public static void Run(int stories, int seed)
    {
        Console.WriteLine(FormattableString.Invariant($"\nPlanted faults: {stories} stories, `Bench Planted {stories} {seed}` repeats them"));
        var watch = Stopwatch.StartNew();
        var worlds = Worlds.All(seed);
        Console.WriteLine(FormattableString.Invariant($"  worlds made in {watch.Elapsed.TotalSeconds:0.0} s: {string.Join("; ", worlds.Select(world => $"{world.Name}{(world.IsWithheld ? ", truth withheld" : "")} ({world.Spots.Count} places)"))}"));
        var all = new ConcurrentBag<Outcome>();
        Parallel.For(0, stories, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
        {
            if (Planter.One(worlds, seed, number) is { } outcome) all.Add(outcome);
        });
        List<Outcome> outcomes = [.. all.OrderBy(outcome => outcome.Number)];
        new PlantedTable(outcomes).Print();
        Console.WriteLine(FormattableString.Invariant($"  {watch.Elapsed.TotalSeconds:0} s"));
        if (Environment.GetEnvironmentVariable("PLANTED_SHOW") is { } show) PlantedTable.Show(outcomes, int.Parse(show, CultureInfo.InvariantCulture));
    }
}
