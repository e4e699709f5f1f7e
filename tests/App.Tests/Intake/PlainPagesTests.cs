using Shouldly;
using Understory.Envelopes;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>A person without scripts, from the first page to "forget everything".</summary>
public class PlainPagesTests
{
    private const string Words = "Мене викликають удруге.\nЩо робити?";

    [Fact]
    public async Task Somebody_asks_keeps_nine_words_and_reads_the_answer()
    {
        await using var intake = await RunningIntake.StartAsync();
        var desk = new SimulatedDesk();
        desk.SetUp(intake.Folder, Today);
        var olena = new PlainVisitor(intake.Http);

        await olena.GetAsync("write");
        await olena.SendAsync("write", ("words", Words.Replace("\n", "\r\n", StringComparison.Ordinal)), ("safely", "лише ввечері"), ("urgency", "3"));
        olena.Status.ShouldBe(200);
        var nine = olena.NineWords;
        nine.Split(' ').Length.ShouldBe(9);
        await olena.SendAsync("write/check", ("typed", nine.Replace(' ', '\n').ToUpperInvariant()));
        olena.Status.ShouldBe(200);

        await desk.CollectAsync(intake.Http);
        desk.Collected.Single().Message!.Words.ShouldBe(Words);
        desk.Openings.Single().ShouldBe(("uk", Urgency.Today, "лише ввечері"));
        await desk.PutAsync(intake.Http, desk.Answer("Ми прочитали. <Не відповідайте їм.>"));

        var later = new PlainVisitor(intake.Http);
        await later.GetAsync("return");
        await later.SendAsync("return", ("receipt", nine));
        later.Status.ShouldBe(200);
        later.Text.ShouldContain("Ми прочитали. <Не відповідайте їм.>");
        (await desk.DeliveredAsync(intake.Http)).ShouldBe(1);

        await later.SendAsync("return/write", ("words", "Дякую."));
        later.Status.ShouldBe(200);
        await desk.CollectAsync(intake.Http);
        desk.Collected[^1].ShouldSatisfyAllConditions(one => one.Verdict.ShouldBe(Verdict.Genuine), one => one.Message!.Words.ShouldBe("Дякую."), one => one.Message!.Seen.ShouldBe(1));

        await later.SendAsync("return/forget");
        await later.SendAsync("return/forget");
        later.Status.ShouldBe(200);
        await desk.CollectAsync(intake.Http);
        desk.Forgotten.ShouldBe(1);
        await later.GetAsync("return");
        await later.SendAsync("return", ("receipt", nine));
        later.Status.ShouldBe(400);
    }

    private static int Today => (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400);
}
