using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Bench;

/// <summary>
/// A real Intake process under a steady load of sealed requests, as phones with scripts send them: how many are accepted in a
/// second, how long each takes, and how much memory the process has then.
/// </summary>
internal static class IntakeLoad
{
    private const int Rate = 400;
    private const int Seconds = 10;

    public static async Task RunAsync(string executable)
    {
        await using var intake = await StartedIntake.StartAsync(executable);
        var bodies = Seal(Rate * Seconds);
        await Task.WhenAll(Seal(50).Select(body => PostAsync(intake.Http, body)));
        var (times, elapsed) = await SendAsync(intake.Http, bodies);
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  Intake, sealed requests sent at {Rate}/s         {times.Length / elapsed,8:N0} /s   median {times[times.Length / 2],5:0.0} ms, 99 % under {times[times.Length * 99 / 100],5:0.0} ms, process {intake.Megabytes} MB"));
    }

    private static async Task<(double[] Milliseconds, double Seconds)> SendAsync(HttpClient http, List<byte[]> bodies)
    {
        var began = Stopwatch.GetTimestamp();
        var sent = new List<Task<double>>(bodies.Count);
        for (var i = 0; i < bodies.Count; i++)
        {
            // By the clock and not by what came back: a slow server gets no rest.
            var due = TimeSpan.FromSeconds((double)i / Rate) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due);
            var body = bodies[i];
            sent.Add(Task.Run(() => PostAsync(http, body)));
        }
        var times = await Task.WhenAll(sent);
        return (times, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task<double> PostAsync(HttpClient http, byte[] body)
    {
        var began = Stopwatch.GetTimestamp();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(IntakeProtocol.ContentType);
        using var response = await http.PostAsync(IntakeProtocol.SubmitPath, content);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"Intake refused: {(int)response.StatusCode}.");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static List<byte[]> Seal(int count)
    {
        using var memory = new LockedMemory();
        using var identity = HybridIdentity.Generate(memory);
        var recipient = identity.ToRecipient();
        return [.. Enumerable.Range(0, count).Select(_ => new SubmitRequest(
            RandomNumberGenerator.GetBytes(Bearer.Size), new byte[32], Padded(300), Envelope.Of(EnvelopeKind.Message, RandomNumberGenerator.GetBytes(ReceiptKeys.LookUpIdSize), Padded(1_500))).ToBytes())];

        byte[] Padded(int length) => AgeFile.Seal(Padding.Pad(PaddingKind.Message, new byte[length]), recipient);
    }
}
