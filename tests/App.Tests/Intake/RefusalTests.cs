using System.Net.Http.Headers;
using System.Security.Cryptography;
using Shouldly;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>What Intake refuses, and what a refusal tells.</summary>
public class RefusalTests
{
    private static readonly string[] s_posts =
    [
        IntakeProtocol.SubmitPath, IntakeProtocol.FetchPath, IntakeProtocol.AcknowledgePath, IntakeProtocol.ForgetPath, IntakeProtocol.ListPath,
        IntakeProtocol.TakePath, IntakeProtocol.CollectedPath, IntakeProtocol.PutPath, IntakeProtocol.DeliveredPath,
        IntakeProtocol.KeepInboxKeyPath, IntakeProtocol.DiscardPath,
    ];

    [Fact]
    public async Task A_wrong_token_and_an_unknown_look_up_id_look_the_same()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        var wrong = RandomNumberGenerator.GetBytes(Bearer.Size);
        var stranger = new Person();
        async Task Same(string path, byte[] wrongToken, byte[] unknown)
        {
            var one = await intake.PostAsync(path, wrongToken);
            one.Refused.ShouldBe(IntakeErrorCode.NothingHere, path);
            var other = await intake.PostAsync(path, unknown);
            other.Body.ShouldBe(one.Body, path);
            (other.Status, other.Headers).ShouldBe((one.Status, one.Headers), path);
        }
        await Same(IntakeProtocol.FetchPath, (olena.Fetch() with { Token = wrong }).ToBytes(), stranger.Fetch().ToBytes());
        await Same(IntakeProtocol.AcknowledgePath, (olena.Acknowledge() with { Token = wrong }).ToBytes(), stranger.Acknowledge().ToBytes());
        await Same(IntakeProtocol.ForgetPath, (olena.Forget() with { Token = wrong }).ToBytes(), stranger.Forget().ToBytes());
        await Same(IntakeProtocol.SubmitPath, (olena.Submit() with { Token = wrong }).ToBytes(), stranger.Submit().ToBytes());
        await Same(IntakeProtocol.TakePath, new TakeRequest(wrong, olena.LookUpId).ToBytes(), new TakeRequest(RunningIntake.Credential, olena.LookUpId).ToBytes());
        (await intake.PostAsync("/nothing", [])).Body.ShouldBe((await intake.PostAsync(IntakeProtocol.FetchPath, stranger.Fetch().ToBytes())).Body);
    }

    [Fact]
    public async Task Nobody_but_the_desk_collects()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        var wrong = RandomNumberGenerator.GetBytes(Bearer.Size);
        var list = new ListRequest(wrong, new byte[16], 0, 10).ToBytes();
        (await intake.PostAsync(IntakeProtocol.ListPath, list)).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        (await intake.PostAsync(IntakeProtocol.DeliveredPath, list)).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        (await intake.PostAsync(IntakeProtocol.PutPath, new PutRequest(wrong, olena.Answer()).ToBytes())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        var one = (await intake.ListAsync()).Envelopes[0];
        (await intake.PostAsync(IntakeProtocol.CollectedPath, new CollectedRequest(wrong, [(one.RequestId, one.Hash)]).ToBytes())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        (await intake.CollectedAsync((one.RequestId, RandomNumberGenerator.GetBytes(32)))).Done();
        (await intake.TakeAsync(one.RequestId)).Done();
    }

    [Fact]
    public async Task Every_answer_has_strict_headers_and_none_tells_of_the_server()
    {
        await using var intake = await RunningIntake.StartAsync();
        foreach (var path in s_posts.Append("/").Append("/favicon.ico"))
        {
            var answer = await intake.PostAsync(path, [1, 2, 3]);
            answer.Headers.ShouldContain("Cache-Control: no-store");
            answer.Headers.ShouldContain("Content-Security-Policy: default-src 'none'");
            answer.Headers.ShouldContain("Referrer-Policy: no-referrer");
            answer.Headers.ShouldContain("X-Content-Type-Options: nosniff");
            answer.Headers.ShouldContain(" 00:00:00 GMT", customMessage: "the clock of the server is nobody's business");
            answer.Headers.ShouldNotContain("Server:");
            answer.Headers.ShouldNotContain("Set-Cookie");
        }
        foreach (var path in s_posts) (await intake.GetAsync(path)).Refused.ShouldBe(IntakeErrorCode.NothingHere);
    }

    [Fact]
    public async Task The_inbox_key_is_handed_out_as_it_lies_there()
    {
        await using var intake = await RunningIntake.StartAsync();
        (await intake.GetAsync(IntakeProtocol.InboxKeyPath)).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        var statement = RandomNumberGenerator.GetBytes(InboxKeyStatement.Size);
        await File.WriteAllBytesAsync(Path.Combine(intake.Folder, "inbox-key"), statement, TestContext.Current.CancellationToken);
        (await intake.GetAsync(IntakeProtocol.InboxKeyPath)).Done().ShouldBe(statement);
    }

    [Fact]
    public async Task Bodies_of_every_wrong_kind_are_refused_and_never_a_fault()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        (string Path, byte[] Body)[] right =
        [
            (IntakeProtocol.SubmitPath, olena.Submit().ToBytes()),
            (IntakeProtocol.FetchPath, olena.Fetch().ToBytes()),
            (IntakeProtocol.AcknowledgePath, olena.Acknowledge().ToBytes()),
            (IntakeProtocol.ForgetPath, new Person().Forget().ToBytes()),
            (IntakeProtocol.ListPath, new ListRequest(RunningIntake.Credential, new byte[16], 0, 10).ToBytes()),
            (IntakeProtocol.TakePath, new TakeRequest(RunningIntake.Credential, new byte[16]).ToBytes()),
            (IntakeProtocol.CollectedPath, new CollectedRequest(RunningIntake.Credential, [(new byte[16], new byte[32])]).ToBytes()),
            (IntakeProtocol.PutPath, new PutRequest(RunningIntake.Credential, olena.Answer()).ToBytes()),
            (IntakeProtocol.KeepInboxKeyPath, new InboxKeyRequest(RunningIntake.Credential, new byte[InboxKeyStatement.Size]).ToBytes()),
            (IntakeProtocol.DiscardPath, new DiscardRequest(RunningIntake.Credential, [new byte[16]]).ToBytes()),
        ];
        // The same faults in every run: a failure can be repeated.
        var seed = new Random(20260504);
        foreach (var (path, body) in right)
        {
            List<byte[]> wrong = [[], [1], body[..^1], [.. body, 0], body[..(body.Length / 2)], [2, .. body[1..]], new byte[body.Length]];
            for (var flip = 0; flip < 60; flip++)
            {
                var changed = body.ToArray();
                changed[seed.Next(Math.Min(changed.Length, 200))] ^= (byte)(1 << seed.Next(8));
                if (flip % 3 == 0) changed = changed[..seed.Next(changed.Length)];
                wrong.Add(changed);
            }
            foreach (var one in wrong)
            {
                var answer = await intake.PostAsync(path, one);
                answer.Status.ShouldBeOneOf([200, 400, 404, 409, 410], $"{path}, {one.Length} bytes");
                if (answer.Status != 200) answer.Refused.ShouldNotBeNull();
            }
            (await intake.PostAsync(path, new byte[600_000])).Refused.ShouldBe(IntakeErrorCode.TooLong, path);

            using var form = new ByteArrayContent(body);
            form.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data");
            using var asForm = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
            (await intake.SendAsync(asForm)).Refused.ShouldBe(IntakeErrorCode.Malformed);
            using var endless = new StreamContent(new MemoryStream(body));
            endless.Headers.ContentType = new MediaTypeHeaderValue(IntakeProtocol.ContentType);
            using var chunked = new HttpRequestMessage(HttpMethod.Post, path) { Content = endless, Headers = { TransferEncodingChunked = true } };
            (await intake.SendAsync(chunked)).Refused.ShouldBe(IntakeErrorCode.Malformed);
        }
        intake.Said.ShouldBeEmpty();
    }
}
