using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Understory.Sealing;

namespace Understory.Bench;

/// <summary>
/// A real Intake process, asked for help by people without scripts: each loads the page and sends its form, and Intake makes
/// their receipt and seals in their place. What that can cost at least is the Argon2id of each receipt; so many of those as this
/// machine does with all its processors, and nothing else to do, are the limit, measured in turn with it.
/// </summary>
internal static partial class PlainLoad
{
    private const int Rounds = 3;

    // Twice as many as processors: two are derived while the others' pages and forms are read and sealed.
    private static readonly int s_people = 2 * Environment.ProcessorCount;
    private static readonly TimeSpan s_asking = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_deriving = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(string executable)
    {
        await using var intake = await StartedIntake.StartAsync(executable);
        await AskAsync(intake.Http, s_asking / 3);
        List<double> times = [];
        List<(double Asked, double Derived)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (some, asked) = await AskAsync(intake.Http, s_asking);
            times.AddRange(some);
            rounds.Add((asked, await DeriveAsync()));
        }
        times.Sort();
        Print($"Intake, asking without scripts, {s_people} at once", Median(rounds.Select(round => round.Asked)), string.Create(CultureInfo.InvariantCulture,
            $"median {times[times.Count / 2],5:0.0} ms, 99 % under {times[times.Count * 99 / 100],5:0.0} ms, process {intake.Megabytes} MB, at most {intake.MostMegabytes} MB"));
        Print("Argon2id of receipts alone, the limit", Median(rounds.Select(round => round.Derived)), string.Create(CultureInfo.InvariantCulture,
            $"ratio {Median(rounds.Select(round => round.Asked / round.Derived)):0.00} (who asks runs on the same {Environment.ProcessorCount} processors)"));
    }

    private static void Print(string what, double rate, string rest) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-44} {rate,11:0.0} /s   {rest}"));

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    /// <returns>Milliseconds from each form to its nine words, and people per second.</returns>
    private static async Task<(List<double> Milliseconds, double Rate)> AskAsync(HttpClient http, TimeSpan how)
    {
        var began = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, s_people).Select(_ => Task.Run(async () =>
        {
            List<double> times = [];
            while (Stopwatch.GetElapsedTime(began) < how) times.Add(await AskAsync(http));
            return times;
        })));
        var all = each.SelectMany(times => times).ToList();
        return (all, all.Count / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task<double> AskAsync(HttpClient http)
    {
        var page = await http.GetStringAsync("/uk/write");
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("request", FormId().Match(page).Groups["id"].Value),
            KeyValuePair.Create("words", "Мене викликають удруге. Що робити? Я не можу лишитися вдома, і їхати теж не можу. Мати хвора."),
            KeyValuePair.Create("safely", "лише ввечері"),
            KeyValuePair.Create("urgency", "2"),
        ]);
        var began = Stopwatch.GetTimestamp();
        using var response = await http.PostAsync("/uk/write", form);
        var kept = await response.Content.ReadAsStringAsync();
        var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return response.IsSuccessStatusCode && kept.Contains("class=\"nine\"", StringComparison.Ordinal) ? time : throw new InvalidOperationException($"Intake gave no nine words: {(int)response.StatusCode}.");
    }

    /// <returns>Derivations per second on all processors together.</returns>
    private static async Task<double> DeriveAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var (words, salt, key) = (new byte[64], new byte[16], new byte[32]);
                var done = 0;
                for (; Stopwatch.GetElapsedTime(began) < s_deriving; done++) Primitives.Argon2id(words, salt, Argon2Cost.Receipt, key);
                return done;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return each.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    [GeneratedRegex("name=\"request\" value=\"(?<id>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormId();
}
