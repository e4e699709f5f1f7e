using System.Globalization;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Understory.Bench;
using Understory.Bench.Planted;

if (args.Length > 0 && args[0] == "Planted")
{
    PlantedBench.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4000, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000));
    return 0;
}

if (args is ["LoadDataFile", var file]) return VerificationBench.LoadDataFile(file);

// In this process and short: the numbers are for a table in a terminal, on a machine that may do other things too.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(5);
var config = ManualConfig.CreateEmpty().AddJob(job).AddColumnProvider(DefaultColumnProviders.Instance).AddLogger(NullLogger.Instance)
    .WithOptions(ConfigOptions.DisableLogFile);

Console.WriteLine("Inside one process (median of five runs)");
// A name narrows it down: `Bench Desk`.
foreach (var type in new[] { typeof(ThroughputBench), typeof(PrimitivesBench), typeof(DeskBench) }.Where(type => args.Length == 0 || type.Name.StartsWith(args[0], StringComparison.Ordinal)))
{
    foreach (var report in BenchmarkRunner.Run(type, config).Reports) Print(report);
}
if (args.Length == 0 || args[0] == "Load") await IntakeLoad.RunAsync(Path.GetFullPath("out/understory"));
if (args.Length == 0 || args[0] is "Load" or "Plain") await PlainLoad.RunAsync(Path.GetFullPath("out/understory"));
if (args.Length == 0) PlantedBench.Run(4000, Random.Shared.Next(1_000_000));
if (args.Length == 0 || args[0] == "Verification") VerificationBench.Run();
if (args.Length == 0 || args[0] is "Verification" or "PostGis") PostGisBench.Run();
return 0;

static void Print(BenchmarkReport report)
{
    var name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
    var arguments = string.Join(", ", report.BenchmarkCase.Parameters.Items.Select(item => $"{item.Name.ToLowerInvariant()} {item.Value}"));
    var label = arguments.Length > 0 ? $"{name}, {arguments}" : name;
    if (report.ResultStatistics is not { } statistics)
    {
        Console.WriteLine($"  {label,-44} failed");
        return;
    }
    var seconds = statistics.Median / 1e9;
    var megabytes = Regex.Match(name, @"(?<size>\d+) MiB( in .*)?$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    var rate = megabytes.Success
        ? $"{int.Parse(megabytes.Groups["size"].Value, CultureInfo.InvariantCulture) * 1.048576 / 1000 / seconds,8:0.00} GB/s"
        : $"{1 / seconds,8:N0} /s";
    Console.WriteLine($"  {label,-44} {rate,14}   {statistics.Median / 1e6,10:0.000} ms");
}
