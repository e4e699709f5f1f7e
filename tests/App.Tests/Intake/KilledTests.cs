using System.Security.Cryptography;
using Shouldly;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>The built program, ended in the middle.</summary>
public class KilledTests
{
    [Fact]
    public async Task Killed_in_the_midst_of_300_requests_it_has_everything_that_it_acknowledged()
    {
        using var folder = new TemporaryFolder();
        var credential = RandomNumberGenerator.GetBytes(Bearer.Size);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "collector"), Convert.ToHexString(Bearer.Hash(credential)), TestContext.Current.CancellationToken);
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 1; round <= 3; round++)
        {
            var requests = Enumerable.Range(0, 300).Select(_ => new Person().Submit()).ToList();
            using (var intake = await StartedProgram.StartAsync("intake", folder.Path))
            {
                using var http = new HttpClient { BaseAddress = intake.Address };
                var enough = new TaskCompletionSource();
                var done = 0;
                var all = requests.Select(async request =>
                {
                    try
                    {
                        (await RunningIntake.PostAsync(http, IntakeProtocol.SubmitPath, request.ToBytes())).Done();
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }
                    lock (acknowledged) acknowledged.Add(Convert.ToHexString(request.Envelope.RequestId));
                    if (Interlocked.Increment(ref done) == 40 * round) enough.SetResult();
                }).ToList();
                await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
                await intake.KillAsync();
                await Task.WhenAll(all);
            }
            using var again = await StartedProgram.StartAsync("intake", folder.Path);
            acknowledged.Except(await StoredAsync(again.Address, credential)).ShouldBeEmpty();
        }
    }

    private static async Task<HashSet<string>> StoredAsync(Uri address, byte[] credential)
    {
        using var http = new HttpClient { BaseAddress = address };
        var stored = new HashSet<string>(StringComparer.Ordinal);
        for (var cursor = 0L; ;)
        {
            var request = new ListRequest(credential, new byte[IntakeProtocol.StoreIdSize], cursor, IntakeProtocol.MostListed);
            var page = Listing.Read((await RunningIntake.PostAsync(http, IntakeProtocol.ListPath, request.ToBytes())).Done(), request);
            if (page.Envelopes.Count == 0) return stored;
            foreach (var one in page.Envelopes) stored.Add(Convert.ToHexString(one.RequestId.Span)).ShouldBeTrue("none is listed twice");
            cursor = page.Next;
        }
    }
}
