using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Intake;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>Many at once, and somebody who wants to close the service.</summary>
public class FloodTests
{
    [Fact]
    public async Task Of_300_at_once_300_are_stored_and_none_is_doubled()
    {
        await using var intake = await RunningIntake.StartAsync();
        var requests = Enumerable.Range(0, 300).Select(_ => new Person().Submit()).ToList();
        // Each of them twice: a device that is not sure asks again.
        var answers = await Task.WhenAll(requests.Concat(requests).Select(request => intake.PostAsync(IntakeProtocol.SubmitPath, request.ToBytes())));
        answers.ShouldAllBe(answer => answer.Status == 200);
        var first = await intake.ListAsync();
        var second = await intake.ListAsync(first.Next);
        first.Envelopes.Concat(second.Envelopes).Select(one => Convert.ToHexString(one.RequestId.Span))
            .ShouldBe(requests.Select(request => Convert.ToHexString(request.Envelope.RequestId)), ignoreOrder: true);
    }

    [Fact]
    public async Task A_flood_of_newcomers_is_told_to_wait_and_who_returns_is_served()
    {
        var lanes = new Lanes(new Lane(4, 1 << 20), new Lane(4, 1 << 22), new Lane(4, 1 << 22), new Lane(4, 1 << 20));
        await using var intake = await RunningIntake.StartAsync(lanes: lanes);
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        (await intake.PutAsync(olena.Answer())).Done();

        var flood = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 8; i++) flood.Add(await BeginAsync(intake.Address));
            while ((await intake.SubmitAsync(new Person())).Refused is not IntakeErrorCode.Busy) await Task.Yield();

            var refused = await intake.SubmitAsync(new Person());
            refused.Status.ShouldBe(503);
            IntakeError.Read(refused.Body, refused.Status).RetryAfter.ShouldBeGreaterThan(0);
            (await intake.SubmitAsync(new Person(), (new Person().Submit() with { Expected = RandomNumberGenerator.GetBytes(32) }).ToBytes()))
                .Refused.ShouldBe(IntakeErrorCode.Busy, "who only says that they return");

            (await intake.SubmitAsync(olena)).Done();
            (await intake.SubmitAsync(olena, olena.Submit(new string('a', 100_000)).ToBytes())).Done();
            FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch().ToBytes())).Done()).Answers.Count.ShouldBe(1);
            (await intake.ListAsync()).Envelopes.Count.ShouldBeGreaterThanOrEqualTo(3);
        }
        finally
        {
            flood.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_full_store_closes_first_for_newcomers_and_last_for_the_desk()
    {
        await using var intake = await RunningIntake.StartAsync(with: options => options with { Quota = 4 << 20 });
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        var long1 = new string('a', 100_000);
        var stored = 1;
        for (; (await intake.SubmitAsync(new Person(), new Person().Submit(long1).ToBytes())).Refused is not IntakeErrorCode.Busy; stored++) stored.ShouldBeLessThan(100);
        (await intake.SubmitAsync(olena)).Done();
        for (; (await intake.SubmitAsync(olena, olena.Submit(long1).ToBytes())).Status == 200; stored++) stored.ShouldBeLessThan(100);
        (await intake.PutAsync(olena.Answer())).Done();

        var waiting = (await intake.ListAsync()).Envelopes;
        waiting.Count.ShouldBe(stored + 1);
        (await intake.CollectedAsync([.. waiting.Select(one => (one.RequestId, one.Hash))])).Done();
        (await intake.SubmitAsync(new Person())).Done();
        new FileInfo(Path.Combine(intake.Folder, "intake.sqlite")).Length.ShouldBeLessThan(4 << 20);
    }

    [Fact]
    public async Task One_conversation_cannot_fill_the_store()
    {
        await using var intake = await RunningIntake.StartAsync(with: options => options with { MostWaiting = 3 });
        var olena = new Person();
        for (var i = 0; i < 3; i++) (await intake.SubmitAsync(olena)).Done();
        (await intake.SubmitAsync(olena)).Refused.ShouldBe(IntakeErrorCode.Busy);
        (await intake.SubmitAsync(new Person())).Done();
    }

    [Fact]
    public async Task Who_announces_much_and_sends_little_takes_little_room()
    {
        var lanes = Lanes.Usual() with { Open = new Lane(100, 256 * 1024), Returning = new Lane(0, 0) };
        await using var intake = await RunningIntake.StartAsync(lanes: lanes);
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 8; i++) slow.Add(await BeginAsync(intake.Address));
            (await intake.SubmitAsync(new Person())).Done();
            (await intake.SubmitAsync(new Person(), new Person().Submit(new string('a', 20_000)).ToBytes())).Done();
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Who_sends_by_the_drop_loses_the_place()
    {
        var lanes = Lanes.Usual() with { Open = new Lane(2, 1 << 20) { Patience = TimeSpan.FromSeconds(-99) }, Returning = new Lane(0, 0) };
        await using var intake = await RunningIntake.StartAsync(lanes: lanes);
        // 200,000 bytes are given a hundred seconds beside the patience: one is left, and not the minutes that the server gives.
        using var slow = await BeginAsync(intake.Address);
        using var other = await BeginAsync(intake.Address);
        var answer = new byte[256];
        var read = await slow.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Encoding.ASCII.GetString(answer, 0, read).ShouldStartWith("HTTP/1.1 503");
    }

    /// <summary>Anybody can begin conversations of their own and fill with them what is kept for those who return.</summary>
    [Fact]
    public async Task Who_was_answered_has_room_that_others_cannot_take()
    {
        var lanes = Lanes.Usual() with { Open = new Lane(0, 0), Returning = new Lane(0, 0) };
        using var folder = new TemporaryFolder();
        var (marta, stranger) = (new Person(), new Person());
        await using (var before = await RunningIntake.StartAsync(folder: folder))
        {
            foreach (var person in (Person[])[marta, stranger]) (await before.SubmitAsync(person)).Done();
            (await before.PutAsync(marta.Answer())).Done();
        }
        await using (var intake = await RunningIntake.StartAsync(lanes: lanes, folder: folder))
        {
            (await intake.SubmitAsync(stranger)).Refused.ShouldBe(IntakeErrorCode.Busy);
            (await intake.PostAsync(IntakeProtocol.FetchPath, stranger.Fetch().ToBytes())).Refused.ShouldBe(IntakeErrorCode.Busy);
            (await intake.SubmitAsync(marta)).Done();
            (await intake.PostAsync(IntakeProtocol.FetchPath, marta.Fetch().ToBytes())).Done();
        }
        await using var full = await RunningIntake.StartAsync(folder: folder, with: options => options with { Quota = 4 << 20, MostWaiting = 100 });
        var long1 = new string('a', 100_000);
        for (var stored = 0; (await full.SubmitAsync(stranger, stranger.Submit(long1).ToBytes())).Status == 200; stored++) stored.ShouldBeLessThan(100);
        (await full.SubmitAsync(marta, marta.Submit(long1).ToBytes())).Done();
    }

    /// <summary>Announces a long first request and sends no more than its beginning.</summary>
    private static async Task<TcpClient> BeginAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var head = $"POST {IntakeProtocol.SubmitPath} HTTP/1.1\r\nHost: x\r\nContent-Type: {IntakeProtocol.ContentType}\r\nContent-Length: 200000\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(new byte[1_000], TestContext.Current.CancellationToken);
        return client;
    }
}
