using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using Understory.App.Tests.Intake;
using Understory.Casework;
using Understory.Channels;
using Understory.Desk;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// 300 requests at once, from the people's devices through a real Intake into cases; and a Desk that is ended without warning
/// while it collects and admits them.
/// </summary>
public sealed class KilledDeskTests
{
    private const int People = 300;
    private const string ChildMethod = "Understory.App.Tests.Desk.KilledDeskTests.Collects_and_admits_until_it_is_killed";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_hundred_requests_at_once_are_three_hundred_cases_and_all_are_answered()
    {
        using var office = Office.Found();
        await using var intake = await RunningIntake.StartAsync(instance: office.Organisation.InstanceId.ToArray());
        var people = office.Crowd(People);
        await SubmitAsync(intake, people, 0);
        await using var collector = Collector(office, intake.Address, RunningIntake.Credential);
        await collector.RoundAsync(Cancel);

        var page = office.Organisation.Inbox.Read(office.Lidia);
        page.Requests.Count.ShouldBe(People);
        page.Beyond.ShouldBe(0);
        foreach (var request in page.Requests.Take(40))
        {
            var @case = office.Organisation.Inbox.Admit(office.Lidia, request.Request, "amber river");
            office.Organisation.Conversations.Answer(office.Lidia, @case.Id, 0, $"To {request.Words}");
        }
        AdmitAll(office);
        Words(office).ShouldBe(Enumerable.Range(0, People).Select(Request).Order(StringComparer.Ordinal));
        await collector.RoundAsync(Cancel);
        office.Organisation.Collection.Outgoing(100).ShouldBeEmpty();
        var answered = 0;
        foreach (var (person, number) in people.Select((person, number) => (person, number)))
        {
            foreach (var answer in FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, person.Fetch().ToBytes())).Done()).Answers)
            {
                person.Read(answer).Message!.Words.ShouldBe($"To {Request(number)}");
                answered++;
            }
        }
        answered.ShouldBe(40);
        people.ForEach(person => person.Dispose());
    }

    [Fact]
    public async Task Killed_while_it_collects_and_admits_nothing_acknowledged_is_lost_and_nothing_is_doubled()
    {
        using var folder = new TemporaryFolder();
        var office = Office.Found(folder: folder);
        await using var intake = await RunningIntake.StartAsync(instance: office.Organisation.InstanceId.ToArray());
        var passphrase = Convert.ToHexString(office.Passphrase.Span);
        var rounds = Environment.GetEnvironmentVariable("UNDERSTORY_TEST_ALL") is null ? 1 : 3;
        for (var round = 1; round <= rounds; round++)
        {
            var people = office.Crowd(People);
            await SubmitAsync(intake, people, People * (round - 1));
            people.ForEach(person => person.Dispose());
            office.Dispose();
            await KillAfterAsync(folder, intake.Address, passphrase, admitted: 60 * round);
            office = Office.Join(folder, Convert.FromHexString(passphrase));
        }
        office.Organisation.CheckLog().ShouldBeEmpty();
        await using (var collector = Collector(office, intake.Address, RunningIntake.Credential)) await collector.RoundAsync(Cancel);
        AdmitAll(office);
        Words(office).ShouldBe(Enumerable.Range(0, People * rounds).Select(Request).Order(StringComparer.Ordinal));
        office.Organisation.CheckLog().ShouldBeEmpty();
        office.Organisation.Inbox.Read(office.Lidia).Damaged.ShouldBe(0);
        (await intake.ListAsync()).Envelopes.ShouldBeEmpty();
        office.Dispose();
    }

    /// <summary>The process that is killed: this test program, started for this alone.</summary>
    [Fact(Explicit = true)]
    public async Task Collects_and_admits_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable("UNDERSTORY_KILLED_DESK")?.Split(' ') is not [var folder, var intake, var credential, var passphrase, var port]) return;
        using var teller = new TcpClient();
        await teller.ConnectAsync(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), Cancel);
        using var temporary = new TemporaryFolder(folder);
        using var office = Office.Join(temporary, Convert.FromHexString(passphrase));
        await using var collector = Collector(office, new Uri(intake), Convert.FromHexString(credential));
        var collecting = Task.Run(async () =>
        {
            while (!Cancel.IsCancellationRequested) await collector.RoundAsync(Cancel);
        }, Cancel);
        while (!collecting.IsCompleted)
        {
            foreach (var request in office.Organisation.Inbox.Read(office.Lidia).Requests.Take(20))
            {
                var @case = office.Organisation.Inbox.Admit(office.Lidia, request.Request, "amber river");
                office.Organisation.Conversations.Answer(office.Lidia, @case.Id, 0, "We read it.");
                await teller.GetStream().WriteAsync(new byte[1], Cancel);
            }
        }
        await collecting;
    }

    private static async Task KillAfterAsync(TemporaryFolder folder, Uri intake, string passphrase, int admitted)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-noLogo", "-explicit", "only", "-method", ChildMethod]) start.ArgumentList.Add(argument);
        start.Environment["UNDERSTORY_KILLED_DESK"] = string.Join(
            ' ', folder.Path, intake, Convert.ToHexString(RunningIntake.Credential), passphrase, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync(Cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        try
        {
            using var told = await listener.AcceptTcpClientAsync(patience.Token);
            await told.GetStream().ReadExactlyAsync(new byte[admitted], patience.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            process.Kill();
            throw new InvalidOperationException($"The Desk did not get so far: {await said}", fault);
        }
        process.Kill();
        await process.WaitForExitAsync(Cancel);
    }

    private static Task<byte[][]> SubmitAsync(RunningIntake intake, List<Correspondent> people, int from) => Task.WhenAll(people.Select(async (person, number) =>
        (await intake.PostAsync(IntakeProtocol.SubmitPath, person.Submit(person.Ask(Request(from + number))).ToBytes())).Done()));

    private static void AdmitAll(Office office)
    {
        while (office.Organisation.Inbox.Read(office.Lidia).Requests is { Count: > 0 } requests)
        {
            foreach (var request in requests) office.Organisation.Inbox.Admit(office.Lidia, request.Request, "amber river");
        }
    }

    /// <summary>Everything that anybody said, of all cases.</summary>
    private static List<string> Words(Office office) => office.Organisation.Inbox.Cases(office.Lidia)
        .SelectMany(card => office.Organisation.Cases.Find(office.Lidia, card.Id)!.Items).Where(item => item.Kind == ItemKind.Message).Select(item => item.Words!).Order(StringComparer.Ordinal).ToList();

    private static string Request(int number) => $"request {number:D4}";

    private static Collector Collector(Office office, Uri address, byte[] credential) =>
        new(office.Organisation, new IntakeConnection(new IntakeAddress(address), credential), TimeProvider.System, TimeSpan.FromHours(1));
}
