using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>The first path, whole: a person asks on a phone, a caseworker at a desk reads and answers, the person reads it.</summary>
public sealed class FirstPathTests(Workday day) : IClassFixture<Workday>
{
    [Theory]
    [InlineData("uk", true)]
    [InlineData("ru", false)]
    public async Task A_person_asks_a_caseworker_answers_by_keyboard_alone_the_person_reads(string language, bool scripts)
    {
        var marker = $"Marta-{language}";
        await using var phone = await day.PhoneAsync(language, scripts);
        var receipt = await phone.AskAsync($"{marker}: they came to my mother's door.", "after eight");
        await phone.TypeBackAsync(receipt);

        var page = await day.DeskPageAsync();
        await day.SignInAsync(page);
        await OpenAsync(page, marker);
        (await page.InnerTextAsync("main")).ShouldContain("after eight");
        await TakeOnAsync(page, $"amber {language}");
        await AnswerAsync(page, "Stay where you are. <b>We</b> found a lawyer.");
        await NoteAsync(page, "Call the lawyer on Monday.");

        await EventuallyAsync(async () =>
        {
            await phone.ReturnAsync(receipt);
            return (await phone.AnswersAsync()).Contains("Stay where you are. <b>We</b> found a lawyer.");
        });
        (await phone.Page.InnerTextAsync("main")).ShouldNotContain("Monday");
        await phone.WriteMoreAsync("Thank you.");
        await phone.ShouldHaveLeftNothingAsync();

        await EventuallyAsync(async () =>
        {
            await page.ReloadAsync();
            await page.GotoAsync("/?stage=all");
            await page.ClickAsync($"text=amber {language}");
            var said = await page.InnerTextAsync(".messages");
            return said.Contains("Thank you.", StringComparison.Ordinal) && said.Contains("Fetched on", StringComparison.Ordinal);
        });
        await page.ClickAsync("text=Journal");
        (await page.InnerTextAsync("main")).ShouldContain("all are right");
        await page.Context.CloseAsync();
    }

    // It comes by itself: nobody loads the page anew.
    private static async Task OpenAsync(IPage page, string marker)
    {
        await page.WaitForSelectorAsync($"[data-row] a:has-text('{marker}')");
        await page.Keyboard.PressAsync("j");
        while (!(await FocusedTextAsync(page)).Contains(marker, StringComparison.Ordinal)) await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#name");
    }

    private static async Task TakeOnAsync(IPage page, string name)
    {
        await Workday.TabToAsync(page, "#name");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(name);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/cases/*");
        (await page.InnerTextAsync("h1")).ShouldBe(name);
    }

    private static async Task AnswerAsync(IPage page, string words)
    {
        await Workday.TabToAsync(page, "#answer");
        await page.Keyboard.TypeAsync(words);
        await Workday.TabToAsync(page, "form[action$='/answer'] button:not([name])");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".from-us");
    }

    private static async Task NoteAsync(IPage page, string words)
    {
        await Workday.TabToAsync(page, "#note");
        await page.Keyboard.TypeAsync(words);
        await Workday.TabToAsync(page, "form[action$='/notes'] button");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".note");
    }

    private static Task<string> FocusedTextAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement?.textContent ?? ''");

    private static async Task EventuallyAsync(Func<Task<bool>> isTrue)
    {
        var until = DateTimeOffset.UtcNow.AddSeconds(20);
        while (!await isTrue())
        {
            DateTimeOffset.UtcNow.ShouldBeLessThan(until, "it did not become true in 20 seconds");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
