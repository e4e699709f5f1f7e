using System.Diagnostics;
using System.Globalization;
using Understory.Verification;

namespace Understory.Bench;

/// <summary>Checks of stories, look-ups, and what data cost: to import, on the disk, to load, in memory.</summary>
internal static class VerificationBench
{
    private const int Stories = 2000;

    public static void Run()
    {
        Console.WriteLine();
        Console.WriteLine("Checking stories");
        var folder = VerificationData.Folder();
        if (folder is null) Console.WriteLine("  shared/data is not beside this checkout (UNDERSTORY_SHARED says where `shared` is): nothing is measured with real data.");
        else
        {
            var files = VerificationData.ImportAll(folder);
            var (loaded, load) = Timed(() => Loaded.From(files));
            Print("Load all of shared/data", "", load, $"{files.Count} sources, {files.Sum(file => (long)file.StoredLength) / 1024:N0} KiB on the disk");
            CheckStories(loaded);
            // Anew: the one before was asked of many places already.
            LookUp(Loaded.From(files));
            Import("DeepState", VerificationData.DeepState(folder));
        }
        var (series, made) = Timed(() => VerificationData.MadeUp(seed: 4));
        Print("(four years of daily maps made up)", "", made, $"{series.Length} days");
        Import("Four years of daily maps", series);
    }

    /// <summary>What a process of its own says of loading one file: <c>Bench LoadDataFile FILE</c>.</summary>
    public static int LoadDataFile(string name)
    {
        // The first of all is the program's own start, not the file's.
        _ = Loaded.From([]);
        var before = PeakMegabytes();
        var clock = Stopwatch.GetTimestamp();
        Loaded loaded;
        using (var file = File.OpenRead(name)) loaded = Loaded.From([DataFile.Read(file)]);
        var took = Stopwatch.GetElapsedTime(clock);
        var peak = PeakMegabytes();
        var kept = GC.GetTotalMemory(forceFullCollection: true) >> 20;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds} {kept} {peak} {before}"));
        GC.KeepAlive(loaded);
        return 0;
    }

    private static void CheckStories(Loaded loaded)
    {
        var facts = FactsReader.Shipped;
        var texts = VerificationStories.Make(loaded, Stories, seed: 3);
        var stories = texts.ConvertAll(text => StoryReader.Read(text, facts));
        var claims = stories.Sum(story => story.Claims.Count) / Stories;
        var places = stories.Sum(story => story.Claims.Count(claim => claim.Where is not null)) / Stories;
        var sound = stories.FindAll(story => Checker.Check(story, loaded.Atlas, facts).Consistent);
        var clashing = stories.Except(sound).ToList();
        // To find and explain every smallest set of claims that clash takes longer than to see that there is none.
        foreach (var (name, some) in new[] { ("that holds", sound), ("with contradictions", clashing) })
        {
            var one = Median(() => some.ForEach(story => Checker.Check(story, loaded.Atlas, facts)));
            PrintRate($"Check a story {name}", some.Count / one, one / some.Count * 1e3, $"one core; {some.Count} stories of {claims} claims, {places} with places");
            var all = Median(() => Parallel.ForEach(some, story => Checker.Check(story, loaded.Atlas, facts)));
            PrintRate($"  on {Environment.ProcessorCount} cores", some.Count / all, all / some.Count * 1e3, $"{some.Count / all / Environment.ProcessorCount:N0} a core");
        }
        var read = Median(() => texts.ForEach(text => StoryReader.Read(text, facts)));
        PrintRate("Read a story from YAML", Stories / read, read / Stories * 1e3, "one core");
    }

    private static void LookUp(Loaded loaded)
    {
        var random = new Random(5);
        var places = loaded.Gazetteer.Places.Where(place => place.Location is { Longitude: > 35 }).OrderBy(_ => random.Next()).Take(2000).ToArray();
        var (first, last) = (new DateOnly(2022, 3, 1).DayNumber, new DateOnly(2025, 4, 1).DayNumber);
        var days = Enumerable.Range(0, 4096).Select(_ => random.Next(first, last)).ToArray();
        foreach (var source in loaded.Sources)
        {
            // Asked for the first time: everything that the source ever says of a place is worked out.
            var cold = Time(() => Array.ForEach(places, place => source.Of(place)));
            var sum = 0;
            var warm = Median(() =>
            {
                for (var i = 0; i < 1_000_000; i++) sum += (int)source.Of(places[i % places.Length]).At(days[i & 4095]);
            }) / 1_000_000;
            PrintRate($"Who held a place: {source.Name}", 1 / warm, warm * 1e3, string.Create(CultureInfo.InvariantCulture, $"{warm * 1e9:0} ns; a place for the first time {cold / places.Length * 1e6:0.0} µs"));
            GC.KeepAlive(sum);
        }
        var names = places.Select(place => (PlaceQuery)new PlaceQuery.Named(place.Name, null, new Position(1, 1))).ToArray();
        var found = Median(() => Array.ForEach(names, name => loaded.Gazetteer.Find(name))) / names.Length;
        PrintRate("A name, among all settlements", 1 / found, found * 1e3, string.Create(CultureInfo.InvariantCulture, $"{found * 1e6:0.00} µs"));
        Array.ForEach(names, name => loaded.Atlas.Find(name));
        var again = Median(() => Array.ForEach(names, name => loaded.Atlas.Find(name))) / names.Length;
        PrintRate("A name that was asked before", 1 / again, again * 1e3, string.Create(CultureInfo.InvariantCulture, $"{again * 1e9:0} ns"));
    }

    private static void Import(string name, DataInput[] files)
    {
        long size = 0;
        foreach (var file in files)
        {
            using var stream = file.Open();
            size += stream.Length;
        }
        var (imported, import) = Timed(() => VerificationData.Import("deepstate", files));
        var bytes = VerificationData.Bytes(imported);
        Print($"{name}: import", string.Create(CultureInfo.InvariantCulture, $"{size / import / 1e6:0.0} MB/s"), import, string.Create(CultureInfo.InvariantCulture, $"{files.Length} days, {size / 1e6:0.0} MB of GeoJSON, {bytes.Length / 1e3:N0} KB on the disk"));
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            var said = Load(path);
            Print($"{name}: load, a fresh process", "", said[0] / 1e3, string.Create(CultureInfo.InvariantCulture, $"{said[1]:0} MB kept; the process {said[2]:0} MB at most, {said[3]:0} MB without it"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double[] Load(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["LoadDataFile", path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. line.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
    }

    private static double PeakMegabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1048576.0;
    }

    private static (T Result, double Seconds) Timed<T>(Func<T> work)
    {
        var clock = Stopwatch.GetTimestamp();
        var result = work();
        return (result, Stopwatch.GetElapsedTime(clock).TotalSeconds);
    }

    internal static double Time(Action work) => Timed(() => { work(); return 0; }).Seconds;

    /// <summary>Of five, after one that does not count.</summary>
    internal static double Median(Action work)
    {
        work();
        return Enumerable.Range(0, 5).Select(_ => Time(work)).Order().ElementAt(2);
    }

    internal static void PrintRate(string label, double rate, double milliseconds, string note) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label,-44} {rate,11:N0} /s   {milliseconds,10:0.0000} ms  {note}").TrimEnd());

    internal static void Print(string label, string rate, double seconds, string note) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label,-44} {rate,14}   {seconds * 1e3,10:N0} ms  {note}").TrimEnd());
}
