using System.Security.Cryptography;
using Shouldly;
using Understory.Envelopes;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>What the Desk lays down beside Intake, hands over every week, and has thrown away.</summary>
public class UpkeepTests
{
    [Fact]
    public async Task The_desk_hands_over_the_weeks_key_and_intake_takes_none_that_does_not_verify()
    {
        var calendar = new Calendar();
        var (desk, stranger) = (new SimulatedDesk(), new SimulatedDesk());
        await using var intake = await RunningIntake.StartAsync(calendar, desk: desk);
        var first = desk.Statement(calendar.Today);
        calendar.Now = calendar.Now.AddDays(7);
        var olena = new PlainVisitor(intake.Http, "en");
        (await olena.GetAsync("write")).Status.ShouldBe(503, "last week's key is out of date");

        var next = desk.Statement(calendar.Today);
        async Task<IntakeErrorCode?> Hand(byte[] credential, byte[] statement) =>
            (await intake.PostAsync(IntakeProtocol.KeepInboxKeyPath, new InboxKeyRequest(credential, statement).ToBytes())).Refused;
        (await Hand(RandomNumberGenerator.GetBytes(32), next)).ShouldBe(IntakeErrorCode.NothingHere);
        (await Hand(desk.Credential, stranger.Statement(calendar.Today))).ShouldBe(IntakeErrorCode.Malformed);
        (await Hand(desk.Credential, desk.Statement(calendar.Today + 1))).ShouldBe(IntakeErrorCode.Malformed);
        (await Hand(desk.Credential, [.. next[..^1], (byte)~next[^1]])).ShouldBe(IntakeErrorCode.Malformed);
        var kept = (await intake.GetAsync(IntakeProtocol.InboxKeyPath)).Done();
        InboxKeyStatement.Verify(kept, desk.InstanceId, calendar.Today - 7);
        kept.Length.ShouldBe(first.Length);

        for (var attempt = 0; attempt < 2; attempt++) (await Hand(desk.Credential, next)).ShouldBeNull();
        (await intake.GetAsync(IntakeProtocol.InboxKeyPath)).Done().ShouldBe(next);
        (await olena.GetAsync("write")).Status.ShouldBe(200);
        Directory.EnumerateFiles(intake.Folder).Select(Path.GetFileName).Order().ShouldBe(["collector", "inbox-key", "instance", "intake.sqlite", "intake.sqlite-journal", "organisation"]);
    }

    [Fact]
    public async Task Junk_leaves_wholly_and_others_stay()
    {
        await using var intake = await RunningIntake.StartAsync();
        var (junk, olena) = (new Person(), new Person());
        foreach (var person in (Person[])[junk, olena])
        {
            (await intake.SubmitAsync(person)).Done();
            (await intake.PutAsync(person.Answer())).Done();
        }
        var discard = new DiscardRequest(RunningIntake.Credential, [junk.LookUpId, RandomNumberGenerator.GetBytes(16)]);
        (await intake.PostAsync(IntakeProtocol.DiscardPath, (discard with { Credential = new byte[32] }).ToBytes())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        for (var attempt = 0; attempt < 2; attempt++) (await intake.PostAsync(IntakeProtocol.DiscardPath, discard.ToBytes())).Done();
        (await intake.PostAsync(IntakeProtocol.FetchPath, junk.Fetch().ToBytes())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch().ToBytes())).Done()).Answers.Count.ShouldBe(1);
        (await intake.ListAsync()).Envelopes.ShouldHaveSingleItem().LookUpId.ToArray().ShouldBe(olena.LookUpId);

        await intake.StopAsync();
        var file = intake.Files().Single(file => file.Name.EndsWith(".sqlite", StringComparison.Ordinal)).Content;
        file.AsSpan().IndexOf(junk.LookUpId).ShouldBe(-1);
        file.AsSpan().IndexOf(junk.Bookmark.AsSpan(^100..)).ShouldBe(-1);
    }

    [Fact]
    public async Task What_is_laid_down_while_it_runs_is_picked_up()
    {
        await using var intake = await RunningIntake.StartAsync();
        var desk = new SimulatedDesk();
        var olena = new PlainVisitor(intake.Http, "en");
        (await olena.GetAsync("")).Text.ShouldContain("It is not possible to write yet");
        olena.Html.ShouldNotContain("/en/write\"");
        (await olena.GetAsync("write")).Status.ShouldBe(503);
        (await olena.GetAsync("return")).Status.ShouldBe(503);
        (await olena.PostAsync("/en/write", ("request", new string('0', 32)), ("words", "x"))).Status.ShouldBe(503);

        desk.SetUp(intake.Folder, Today);
        (await olena.GetAsync("")).Text.ShouldContain("Open Door");
        (await olena.GetAsync("write")).Status.ShouldBe(200);
        await olena.SendAsync("write", ("words", "They called me up again."));
        await desk.CollectAsync(intake.Http);
        desk.Collected.Count.ShouldBe(1);
        intake.Said.ShouldBeEmpty();

        // A key of somebody else, laid down by somebody else: nothing is sealed to it.
        await File.WriteAllBytesAsync(Path.Combine(intake.Folder, "inbox-key"), new SimulatedDesk().Statement(Today), TestContext.Current.CancellationToken);
        (await olena.GetAsync("write")).Status.ShouldBe(503);
    }

    private static int Today => (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400);
}
