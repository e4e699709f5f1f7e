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

    /// <summary>Somebody on the line lets the pages through and not the script that seals.</summary>
    [Fact]
    public async Task Where_the_script_that_seals_is_kept_away_it_is_said_first_and_the_form_is_held()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        await phone.Page.RouteAsync("**/files/pages.js", route => route.AbortAsync());
        var posts = new List<string>();
        phone.Page.Request += (_, request) =>
        {
            if (request.Method == "POST") posts.Add(request.Url);
        };
        await phone.GoAsync("write");
        (await phone.Page.InnerTextAsync("#mode")).ShouldStartWith("The scripts of this page have not loaded.");
        await phone.Page.FillAsync("#words", "They called me up again.");
        await phone.Page.ClickAsync("form[data-form=ask] button");
        await phone.Page.WaitForSelectorAsync("#mode.danger");
        (await phone.Page.InnerTextAsync("#mode")).ShouldContain("Whoever controls that server at that moment could read it");
        (await phone.Page.InputValueAsync("#words")).ShouldBe("They called me up again.");
        posts.ShouldBeEmpty();
        await phone.Page.ClickAsync("#anyway");
        (await phone.NineWordsAsync()).Split(' ').Length.ShouldBe(9, "who wants it all the same is not kept out");
        await intake.Desk.CollectAsync(intake.Http);

        await using var off = await intake.PhoneAsync("en", scripts: false);
        await off.GoAsync("return");
        (await off.Page.InnerTextAsync("#mode")).ShouldStartWith("Scripts are off in your browser.");
        (await off.Page.InnerTextAsync("#mode")).ShouldNotContain("have not loaded");
    }

    [Fact]
    public async Task An_older_state_handed_over_within_one_visit_is_shown()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        var nine = await phone.AskAsync("They called me up again.");
        byte[]? first = null;
        await phone.Page.RouteAsync("**/v1/fetch", async route =>
        {
            first ??= await (await route.FetchAsync()).BodyAsync();
            await route.FulfillAsync(new RouteFulfillOptions { BodyBytes = first, ContentType = "application/octet-stream" });
        });
        await phone.ReturnAsync(nine);
        (await phone.Page.Locator("[data-part=bookmark]").CountAsync()).ShouldBe(0);
        await phone.WriteMoreAsync("One more.");
        (await phone.Page.Locator("[data-part=bookmark]").InnerTextAsync()).ShouldStartWith("Somebody changed what is kept here for you.");
        await intake.Desk.CollectAsync(intake.Http);
    }

    [Fact]
    public async Task Who_was_answered_reads_and_deletes_when_the_inbox_key_has_run_out()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        var nine = await phone.AskAsync("They called me up again.");
        await intake.Desk.CollectAsync(intake.Http);
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("We read it."));
        var expired = new Understory.Tests.SimulatedDesk().Statement(IntakePages.Today - 30);
        await phone.Page.RouteAsync("**/v1/inbox-key", route => route.FulfillAsync(new RouteFulfillOptions { BodyBytes = expired, ContentType = "application/octet-stream" }));
        await phone.ReturnAsync(nine);
        (await phone.AnswersAsync()).ShouldBe(["We read it."]);
        var forgotten = intake.Desk.Forgotten;
        await phone.ForgetAsync();
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Forgotten.ShouldBe(forgotten + 1);
    }

    [Fact]
    public async Task A_page_that_is_full_says_that_there_is_more_and_goes_on()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        var nine = await phone.AskAsync("They called me up again.");
        await intake.Desk.CollectAsync(intake.Http);
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("One."));
        // An Intake that always says that there is more: the page ends somewhere, and says so.
        await phone.Page.RouteAsync("**/v1/fetch", async route =>
        {
            var body = await (await route.FetchAsync()).BodyAsync();
            body[1] = 1;
            await route.FulfillAsync(new RouteFulfillOptions { BodyBytes = body, ContentType = "application/octet-stream" });
        });
        await phone.ReturnAsync(nine);
        (await phone.AnswersAsync()).ShouldBe(["One."]);
        await phone.Page.UnrouteAllAsync();
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("Two."));
        await phone.Page.ClickAsync("form[data-form=on] button");
        await phone.Page.WaitForSelectorAsync("main:not(:has(form[data-form=on]))");
        (await phone.AnswersAsync()).ShouldBe(["Two."]);
        (await phone.Page.Locator(".noticed").CountAsync()).ShouldBe(0, "what is read on is judged in its order");
    }

    /// <summary>A browser may keep a page whole to show it again: nothing stands on it then, and no key is behind it.</summary>
    [Fact]
    public async Task Whoever_goes_leaves_an_empty_page_and_no_keys()
    {
        await using var phone = await intake.PhoneAsync("en", scripts: true);
        var nine = await phone.AskAsync("They called me up again.");
        await phone.Page.AddInitScriptAsync("""
            const fill = Uint8Array.prototype.fill;
            window.wiped = [];
            Uint8Array.prototype.fill = function (value, ...rest) { if (value === 0) window.wiped.push(this.length); return fill.call(this, value, ...rest); };
            """);
        await phone.ReturnAsync(nine);
        var wiped = await phone.Page.EvaluateAsync<int[]>("window.wiped = [], dispatchEvent(new PageTransitionEvent('pagehide')), window.wiped");
        wiped.ShouldBe([16, 32, 32, 32]);
        (await phone.Page.EvaluateAsync<string>("document.body.textContent")).ShouldBeEmpty();
        await intake.Desk.CollectAsync(intake.Http);
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
