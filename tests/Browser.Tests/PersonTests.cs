using Microsoft.Playwright;
using Shouldly;
using Understory.Envelopes;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>A person's whole conversation on a phone, with scripts and without.</summary>
public sealed class PersonTests(IntakePages intake) : IClassFixture<IntakePages>
{
    [Theory]
    [InlineData("ru", true)]
    [InlineData("uk", false)]
    [InlineData("en", true)]
    public Task Asks_keeps_nine_words_reads_writes_more_and_has_it_forgotten(string language, bool scripts) => ConverseAsync(language, scripts);

    [Theory(Explicit = true)]
    [InlineData("ru", false)]
    [InlineData("uk", true)]
    [InlineData("en", false)]
    public Task Also_in_the_other_mode(string language, bool scripts) => ConverseAsync(language, scripts);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_began_in_one_mode_goes_on_in_the_other(bool scriptsFirst)
    {
        await using var first = await intake.PhoneAsync("uk", scriptsFirst);
        await using var second = await intake.PhoneAsync("ru", !scriptsFirst);
        var nine = await first.AskAsync("Мене викликають.");
        await intake.Desk.CollectAsync(intake.Http);
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("Перша відповідь."));

        await second.ReturnAsync(nine);
        (await second.AnswersAsync()).ShouldBe(["Перша відповідь."]);
        await second.WriteMoreAsync("Друге.");
        await first.ReturnAsync(nine);
        (await first.Page.Locator("[data-part=counts]").InnerTextAsync()).ShouldBe("Ви написали повідомлень: 2. Ми отримали: 1.");
        await first.WriteMoreAsync("Третє.");
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Collected.TakeLast(2).Select(one => (one.Verdict, one.Message!.Words)).ShouldBe([(Verdict.Genuine, "Друге."), (Verdict.Genuine, "Третє.")]);
        await first.ShouldHaveLeftNothingAsync();
        await second.ShouldHaveLeftNothingAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_forged_or_withheld_is_shown_as_such(bool scripts)
    {
        await using var phone = await intake.PhoneAsync("en", scripts);
        var nine = await phone.AskAsync("They called me up again.");
        await intake.Desk.CollectAsync(intake.Http);
        var withheld = intake.Desk.Answer("One.");
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("Two."));
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Forgery("Come to the station."));
        await phone.ReturnAsync(nine);
        (await phone.AnswersAsync()).ShouldBe(["Two."]);
        (await phone.Page.Locator(".noticed").AllInnerTextsAsync()).ShouldBe(
        [
            "We wrote something before this that has not reached you.",
            "Something was put here, or changed, that we did not write. It is not shown. Believe nobody who refers to it.",
        ]);
        (await phone.Page.Locator("[data-part=missing]").InnerTextAsync()).ShouldContain("not here: 1.");

        await intake.Desk.PutAsync(intake.Http, withheld);
        await phone.ReturnAsync(nine);
        (await phone.AnswersAsync()).ShouldBe(["Two.", "One."]);
        (await phone.Page.Locator(".noticed").AllInnerTextsAsync()).ShouldContain("This comes late: we wrote it earlier than what you have read.");
        (await phone.Page.Locator("[data-part=missing]").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task With_a_key_that_is_not_the_organisations_nothing_is_sent()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        var sent = new List<string>();
        phone.Page.Request += (_, request) =>
        {
            if (request.Method == "POST") sent.Add(request.Url);
        };
        var forged = new Understory.Tests.SimulatedDesk().Statement(IntakePages.Today);
        await phone.Page.RouteAsync("**/v1/inbox-key", route => route.FulfillAsync(new RouteFulfillOptions { BodyBytes = forged, ContentType = "application/octet-stream" }));
        await phone.GoAsync("write");
        await phone.Page.WaitForSelectorAsync("#mode.danger");
        (await phone.Page.InnerTextAsync("#mode")).ShouldStartWith("Do not write here now.");
        await phone.Page.FillAsync("#words", "They called me up again.");
        await phone.Page.ClickAsync("form[data-form=ask] button");
        await phone.Page.WaitForSelectorAsync("#errors");
        await phone.Page.EvaluateAsync("document.querySelector('form[data-form=ask]').requestSubmit()");
        await phone.Page.WaitForSelectorAsync("#errors");
        sent.ShouldBeEmpty();
        (await phone.Page.InputValueAsync("#words")).ShouldBe("They called me up again.");
    }

    [Fact]
    public async Task A_line_that_breaks_loses_nothing_and_stores_nothing_twice()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        var cuts = 0;
        // The request arrives, the answer does not.
        await phone.Page.RouteAsync("**/v1/submit", async route =>
        {
            if (cuts++ > 0)
            {
                await route.ContinueAsync();
                return;
            }
            await route.FetchAsync();
            await route.AbortAsync();
        });
        await phone.GoAsync("write");
        await phone.Page.WaitForSelectorAsync("#mode.sealed");
        await phone.Page.FillAsync("#words", "Only once.");
        await phone.Page.ClickAsync("form[data-form=ask] button");
        await phone.Page.WaitForSelectorAsync("#errors");
        (await phone.Page.InnerTextAsync("#errors")).ShouldContain("We could not be reached.");
        (await phone.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("errors");
        await phone.Page.ClickAsync("form[data-form=ask] button");
        await phone.NineWordsAsync();
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Collected.Count(one => one.Message?.Words == "Only once.").ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_now_leaves_and_going_back_shows_no_words(bool scripts)
    {
        await using var phone = await intake.PhoneAsync("en", scripts);
        await phone.Page.RouteAsync("https://www.wikipedia.org/**", route => route.FulfillAsync(new RouteFulfillOptions { Body = "<title>Encyclopedia</title>", ContentType = "text/html" }));
        await phone.GoAsync("");
        await phone.GoAsync("write");
        await phone.Page.FillAsync("#words", "They called me up again.");
        await phone.Page.ClickAsync("#leave");
        await phone.Page.WaitForURLAsync("https://www.wikipedia.org/");
        await phone.Page.GoBackAsync();
        if (scripts) new Uri(phone.Page.Url).AbsolutePath.ShouldBe("/en/", "the page that was left stands no more in the history");
        else (await phone.Page.InputValueAsync("#words")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Practises_before_it_matters(bool scripts)
    {
        await using var phone = await intake.PhoneAsync("uk", scripts);
        await phone.GoAsync("practise");
        var nine = await phone.NineWordsAsync();
        await phone.TypeBackAsync("щось інше");
        await phone.Page.WaitForSelectorAsync("#errors");
        (await phone.NineWordsAsync()).ShouldBe(nine);
        await phone.TypeBackAsync(nine);
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await phone.ShouldHaveLeftNothingAsync();
    }

    private async Task ConverseAsync(string language, bool scripts)
    {
        await using var phone = await intake.PhoneAsync(language, scripts);
        var nine = await phone.AskAsync("They called me up again. Мене викликають 🙂", "only in the evening");
        await phone.TypeBackAsync(nine);
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");

        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Collected[^1].Message!.Words.ShouldBe("They called me up again. Мене викликають 🙂");
        intake.Desk.Openings[^1].ShouldBe((language, Urgency.ThisWeek, "only in the evening"));
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("We read it. <b>Stay</b> where you are."));

        await phone.ReturnAsync(nine);
        (await phone.AnswersAsync()).ShouldBe(["We read it. <b>Stay</b> where you are."]);
        await phone.WriteMoreAsync("Thank you.");
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Collected[^1].ShouldSatisfyAllConditions(
            one => one.Verdict.ShouldBe(Verdict.Genuine), one => one.Message!.Words.ShouldBe("Thank you."), one => one.Message!.Seen.ShouldBe(1));

        var forgotten = intake.Desk.Forgotten;
        await phone.ForgetAsync();
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Forgotten.ShouldBe(forgotten + 1);
        await phone.ShouldHaveLeftNothingAsync();
    }
}
