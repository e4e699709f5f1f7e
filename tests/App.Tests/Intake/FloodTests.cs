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
