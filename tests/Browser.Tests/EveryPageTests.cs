using Microsoft.Playwright;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// Every page of Intake, as a person comes by it, looked at by axe; at the width of a phone nothing is cut off. With
/// UNDERSTORY_SCREENSHOTS set to a folder, a picture of each is left there.
/// </summary>
public sealed class EveryPageTests(IntakePages intake) : IClassFixture<IntakePages>
{
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");

    [Theory]
    [InlineData("ru", true, ColorScheme.Dark)]
    [InlineData("uk", false, ColorScheme.Light)]
    public Task Axe_finds_nothing(string language, bool scripts, ColorScheme scheme) => TourAsync(language, scripts, scheme);

    [Theory(Explicit = true)]
    [InlineData("ru", true, ColorScheme.Light)]
    [InlineData("ru", false, ColorScheme.Light)]
    [InlineData("ru", false, ColorScheme.Dark)]
    [InlineData("uk", true, ColorScheme.Light)]
    [InlineData("uk", true, ColorScheme.Dark)]
    [InlineData("uk", false, ColorScheme.Dark)]
    [InlineData("en", false, ColorScheme.Light)]
    [InlineData("en", true, ColorScheme.Light)]
    [InlineData("en", true, ColorScheme.Dark)]
    [InlineData("en", false, ColorScheme.Dark)]
    public Task Axe_finds_nothing_in_any_language_mode_or_light(string language, bool scripts, ColorScheme scheme) => TourAsync(language, scripts, scheme);

    private async Task TourAsync(string language, bool scripts, ColorScheme scheme)
    {
        // axe is a script of its own, so that the policy is put aside here, and the pages' scripts are kept away instead.
        await using var phone = await intake.PhoneAsync(language, scripts: true, scheme, bypass: true);
        if (!scripts) await phone.Page.RouteAsync("**/files/*.js", route => route.FulfillAsync(new RouteFulfillOptions { Body = "" }));
        var number = 0;
        var nine = await AskingAsync(phone, scripts, Look);
        await PractisingAsync(phone, Look);
        await ReturningAsync(phone, nine, Look);

        Task Look(string name) => LookAsync(phone, $"{language}-{(scripts ? "device" : "plain")}-{scheme}-{++number:00}-{name}");
    }

    private static async Task<string> AskingAsync(Phone phone, bool scripts, Func<string, Task> look)
    {
        await phone.GoAsync("");
        await look("home");
        await phone.GoAsync("write");
        if (scripts) await phone.Page.WaitForSelectorAsync("#mode.sealed");
        await look("write");
        await phone.Page.ClickAsync("form[data-form=ask] button");
        await phone.Page.WaitForSelectorAsync("#errors");
        await look("write-errors");
        var nine = await phone.AskAsync("They called me up again.");
        await look("kept");
        await phone.TypeBackAsync("nonsense " + nine[(nine.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        await phone.Page.WaitForSelectorAsync("#errors");
        await look("kept-errors");
        await phone.TypeBackAsync(nine);
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await look("done");
        return nine;
    }

    private static async Task PractisingAsync(Phone phone, Func<string, Task> look)
    {
        await phone.GoAsync("practise");
        await phone.NineWordsAsync();
        await look("practise");
        await phone.TypeBackAsync(await phone.NineWordsAsync());
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await look("practised");
    }

    private async Task ReturningAsync(Phone phone, string nine, Func<string, Task> look)
    {
        await phone.GoAsync("return");
        await look("return");
        await phone.Page.ClickAsync("form[data-form=return] button");
        await phone.Page.WaitForSelectorAsync("#errors");
        await look("return-errors");

        await phone.ReturnAsync(nine);
        await look("no-answer");
        await AnswerAsync();
        await phone.ReturnAsync(nine);
        await look("conversation");
        await phone.Page.ClickAsync("form[data-form=forget] button");
        await phone.Page.WaitForSelectorAsync("form[data-form=forget-really]");
        await look("forget");
        await phone.Page.ClickAsync("form[data-form=forget-really] button");
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await look("forgotten");
        await phone.GoAsync("elsewhere");
        await look("no-page");
    }

    private async Task AnswerAsync()
    {
        await intake.Desk.CollectAsync(intake.Http);
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("We read what you wrote.\nStay where you are, and do not answer them yet. A lawyer looks at it tomorrow."));
        intake.Desk.Answer("This one does not arrive.");
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("The lawyer has written: see a doctor first, and keep every paper."));
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Forgery("Come to the station at nine."));
    }

    private static async Task LookAsync(Phone phone, string name)
    {
        if (s_pictures is not null) await PictureAsync(phone.Page, name);
        await Looking.IsFineAsync(phone.Page, name, 390, 844);
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        foreach (var (suffix, width, height) in ((string, int, int)[])[("phone", 390, 844), ("desk", 1280, 900)])
        {
            await page.SetViewportSizeAsync(width, height);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures!, $"{name}-{suffix}.png"), FullPage = true });
        }
    }
}
