using Shouldly;
using Understory.App.Tests.Intake;
using Understory.Channels;
using Understory.Desk;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>The Desk calls a real Intake: nothing acknowledged is lost, nothing is doubled, and what Intake does wrong is said.</summary>
public sealed class CollectorTests : IDisposable
{
    private readonly Office _office = Office.Found();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_arrived_is_brought_once_and_answers_are_taken_back()
    {
        await using var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray());
        await using var collector = Collector(intake.Address);
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        (await intake.PostAsync(IntakeProtocol.SubmitPath, marta.Submit(marta.Ask("Marta was here")).ToBytes())).Done();
        (await intake.PostAsync(IntakeProtocol.SubmitPath, pavlo.Submit(pavlo.Ask("Pavlo was here")).ToBytes())).Done();
        (await intake.PostAsync(IntakeProtocol.SubmitPath, pavlo.Submit(pavlo.Write("Are you there?")).ToBytes())).Done();

        await collector.RoundAsync(Cancel);
        await collector.RoundAsync(Cancel);
        var requests = _office.Organisation.Inbox.Read(_office.Lidia).Requests;
        requests.Select(request => (request.Words, request.More)).ShouldBe([("Marta was here", 0), ("Pavlo was here", 1)], ignoreOrder: true);
        (await intake.ListAsync()).Envelopes.ShouldBeEmpty("Intake deletes what is safe at the Desk");

        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, requests.Single(request => request.More == 1).Request, "silver door");
        @case.Items.Select(item => item.Words).ShouldBe(["Pavlo was here", "Are you there?"]);
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, "We are.");
        await collector.RoundAsync(Cancel);
        await collector.RoundAsync(Cancel);

        var fetched = FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, pavlo.Fetch().ToBytes())).Done());
        var answer = fetched.Answers.ShouldHaveSingleItem();
        pavlo.Read(answer).Message!.Words.ShouldBe("We are.");
        (await intake.PostAsync(IntakeProtocol.AcknowledgePath, pavlo.Acknowledge(answer.RequestId.ToArray()).ToBytes())).Done();
        await collector.RoundAsync(Cancel);
        _office.Organisation.Inbox.Read(_office.Lidia);
        _office.Organisation.Cases.Find(_office.Lidia, @case.Id)!.Items[^1].Fetched.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_answer_to_somebody_who_had_everything_forgotten_stops_nobody_elses()
    {
        await using var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray());
        await using var collector = Collector(intake.Address);
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        (await intake.PostAsync(IntakeProtocol.SubmitPath, marta.Submit(marta.Ask("Marta was here")).ToBytes())).Done();
        await collector.RoundAsync(Cancel);
        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, _office.Organisation.Inbox.Read(_office.Lidia).Requests.Single().Request, "amber river");
        (await intake.PostAsync(IntakeProtocol.ForgetPath, new ForgetRequest(marta.Keys.Bearer.Span.ToArray(), marta.Forget()).ToBytes())).Done();
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, "We are here.");
        (await intake.PostAsync(IntakeProtocol.SubmitPath, pavlo.Submit(pavlo.Ask("Pavlo was here")).ToBytes())).Done();

        await collector.RoundAsync(Cancel);
        await collector.RoundAsync(Cancel);
        _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem().Words.ShouldBe("Pavlo was here");
        var told = _office.Organisation.Cases.Find(_office.Lidia, @case.Id)!;
        told.Items.Single(item => item.Kind == Understory.Casework.ItemKind.Answer).IsUndeliverable.ShouldBeTrue();
        told.ForgettingAsked.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_cut_after_taking_and_before_acknowledging_doubles_nothing()
    {
        await using var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray());
        using var marta = _office.Somebody();
        (await intake.PostAsync(IntakeProtocol.SubmitPath, marta.Submit(marta.Ask("Marta was here")).ToBytes())).Done();
        var listed = (await intake.ListAsync()).Envelopes.ShouldHaveSingleItem();
        var taken = Envelope.Read((await intake.TakeAsync(listed.RequestId)).Done());
        _office.Organisation.Collection.Keep([(listed, taken)], _office.Organisation.Collection.Place);

        await using var collector = Collector(intake.Address);
        await collector.RoundAsync(Cancel);
        _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem().More.ShouldBe(0);
        (await intake.ListAsync()).Envelopes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Intake_that_is_away_is_said_and_the_next_round_works()
    {
        using var folder = new TemporaryFolder();
        var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray(), folder: folder);
        var address = intake.Address;
        await using var collector = Collector(address);
        await collector.RoundAsync(Cancel);
        await intake.DisposeAsync();
        (await Should.ThrowAsync<IntakeTroubleException>(collector.RoundAsync(Cancel))).Trouble.ShouldBe(IntakeTrouble.Unreachable);

        await using var again = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray(), folder: folder, with: options => options with { Listen = new(System.Net.IPAddress.Loopback, address.Port) });
        await collector.RoundAsync(Cancel);
    }

    [Fact]
    public async Task Another_store_behind_the_same_address_is_said()
    {
        int port;
        await using (var first = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray()))
        {
            port = first.Address.Port;
            await using var once = Collector(first.Address);
            await once.RoundAsync(Cancel);
        }
        await using var second = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray(), with: options => options with { Listen = new(System.Net.IPAddress.Loopback, port) });
        await using var collector = Collector(second.Address);
        (await Should.ThrowAsync<IntakeTroubleException>(collector.RoundAsync(Cancel))).Trouble.ShouldBe(IntakeTrouble.Replaced);
        _office.Organisation.Collection.StartOver();
        await collector.RoundAsync(Cancel);
    }

    [Fact]
    public async Task Intake_put_back_to_yesterday_is_said()
    {
        using var folder = new TemporaryFolder();
        using var yesterday = new TemporaryFolder();
        int port;
        await using (var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray(), folder: folder))
        {
            port = intake.Address.Port;
        }
        File.Copy(Path.Combine(folder.Path, "intake.sqlite"), Path.Combine(yesterday.Path, "intake.sqlite"));
        await using (var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray(), folder: folder))
        {
            using var marta = _office.Somebody();
            (await intake.PostAsync(IntakeProtocol.SubmitPath, marta.Submit(marta.Ask("Marta was here")).ToBytes())).Done();
            await using var once = Collector(intake.Address);
            await once.RoundAsync(Cancel);
        }
        await using var old = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray(), folder: yesterday);
        await using var collector = Collector(old.Address);
        (await Should.ThrowAsync<IntakeTroubleException>(collector.RoundAsync(Cancel))).Trouble.ShouldBe(IntakeTrouble.RolledBack);
    }

    [Fact]
    public async Task A_wrong_credential_is_said()
    {
        await using var intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray());
        await using var collector = new Collector(_office.Organisation, new IntakeConnection(new IntakeAddress(intake.Address), new byte[32]), TimeProvider.System, TimeSpan.FromHours(1));
        (await Should.ThrowAsync<IntakeTroubleException>(collector.RoundAsync(Cancel))).Trouble.ShouldBe(IntakeTrouble.NotAdmitted);
    }

    [Theory]
    [InlineData("http://help.example", null, null, "Without TLS")]
    [InlineData("https://help.example", null, null, "SHA-256 of its certificate")]
    [InlineData("http://abcdefghijklmnop.onion", null, null, "through Tor")]
    [InlineData("ftp://127.0.0.1", null, null, "Intake's address must be")]
    [InlineData("https://help.example", "12", null, "64 hexadecimal digits")]
    public void An_address_that_cannot_be_trusted_is_refused_in_a_sentence(string address, string? key, string? proxy, string sentence) =>
        Should.Throw<FormatException>(() => IntakeAddress.Read(address, key, proxy)).Message.ShouldContain(sentence);

    public void Dispose() => _office.Dispose();

    private Collector Collector(Uri address) =>
        new(_office.Organisation, new IntakeConnection(new IntakeAddress(address), RunningIntake.Credential), TimeProvider.System, TimeSpan.FromHours(1));
}
