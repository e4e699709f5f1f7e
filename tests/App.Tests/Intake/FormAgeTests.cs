using Shouldly;
using Understory.Sealing;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>Somebody has the phone later, goes back and has the form sent once more.</summary>
public class FormAgeTests
{
    private const string Words = "Мене викликають удруге.";

    [Fact]
    public async Task A_form_that_is_sent_again_hours_later_shows_no_receipt_and_loses_nothing_of_what_was_typed()
    {
        var (calendar, desk) = (new Calendar(), new SimulatedDesk());
        await using var intake = await RunningIntake.StartAsync(calendar, desk: desk);
        var olena = new PlainVisitor(intake.Http);
        await olena.GetAsync("write");
        await olena.SendAsync("write", ("words", Words), ("safely", "лише ввечері"), ("urgency", "3"));
        var nine = olena.NineWords;
        calendar.Now = calendar.Now.AddMinutes(59);
        await olena.ReloadAsync();
        olena.NineWords.ShouldBe(nine, "a line that breaks costs nobody their words");

        calendar.Now = calendar.Now.AddMinutes(61);
        await olena.ReloadAsync();
        olena.Status.ShouldBe(400);
        olena.NineWords.ShouldBeEmpty();
        foreach (var word in nine.Split(' ')) olena.Html.ShouldNotContain($">{word}<");
        olena.Text.ShouldContain("Ця сторінка застара");
        olena.Html.ShouldContain($"{Words}</textarea>");
        olena.Html.ShouldContain("лише ввечері</textarea>");
        olena.Html.ShouldContain("value=\"3\" checked");
        await desk.CollectAsync(intake.Http);
        desk.Collected.Count.ShouldBe(1, "and nothing was sent");

        await olena.SendAsync("write", ("words", Words));
        olena.Status.ShouldBe(200);
        olena.NineWords.ShouldNotBe(nine);
    }

    [Fact]
    public async Task A_form_of_another_process_or_with_an_id_made_up_is_too_old()
    {
        var desk = new SimulatedDesk();
        await using var one = await RunningIntake.StartAsync(desk: desk);
        await using var other = await RunningIntake.StartAsync(desk: desk);
        var olena = await new PlainVisitor(one.Http).GetAsync("write");
        await olena.SendAsync("write", ("words", Words));
        var (path, fields) = olena.Sent;
        (await new PlainVisitor(other.Http).PostAsync(path, fields)).Status.ShouldBe(400);
        (await olena.PostAsync(path, [.. fields.Select(field => field.Name == "request" ? (field.Name, new string('0', 64)) : field)])).Status.ShouldBe(400);
        olena.NineWords.ShouldBeEmpty();
        olena.Text.ShouldContain("Ця сторінка застара");
    }

    [Theory]
    [InlineData(2), InlineData(24), InlineData(-1), InlineData(-30)]
    public void Secrets_that_are_too_old_are_wiped_also_when_the_clock_jumps(int hours)
    {
        var calendar = new Calendar();
        using var memory = new LockedMemory();
        using var forms = new Understory.Intake.FormKeys(memory, calendar);
        var id = Understory.Intake.FormKeys.Read(System.Text.Encoding.ASCII.GetBytes(forms.NewId()));
        using (var receipt = Receipt(forms, id)) receipt.ShouldNotBeNull();
        calendar.Now = calendar.Now.AddHours(hours);
        forms.Tidy();
        memory.Used.ShouldBe(32, "one secret, of the hour that began");
        Receipt(forms, id).ShouldBeNull();
        calendar.Now = calendar.Now.AddHours(-hours);
        Receipt(forms, id).ShouldBeNull("what was wiped does not come back with the clock");
    }

    private static Understory.Envelopes.Receipt? Receipt(Understory.Intake.FormKeys forms, byte[] id) => forms.ReceiptOf(id, WordList.For("uk"), id);
}
