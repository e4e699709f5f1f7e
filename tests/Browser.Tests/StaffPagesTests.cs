using System.Net;
using Microsoft.Playwright;
using Shouldly;
using Understory.Desk;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// The first run and the pages of one's own account, as staff come by them: looked at by axe, nothing cut off at 400 %, and
/// whole without scripts. With UNDERSTORY_SCREENSHOTS set to a folder, a picture of each is left there.
/// </summary>
public sealed class StaffPagesTests(Workday day) : IClassFixture<Workday>
{
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");

    [Theory]
    [InlineData("ru", ColorScheme.Dark, true)]
    [InlineData("uk", ColorScheme.Light, false)]
    public async Task A_desk_is_set_up(string language, ColorScheme scheme, bool scripts)
    {
        var folder = Directory.CreateTempSubdirectory("understory-first-run-");
        try
        {
            await using var host = await DeskHost.StartAsync(
                new DeskOptions(folder.FullName) { Listen = new IPEndPoint(IPAddress.Loopback, 0), ClientDirectory = ClientPage.FindClient() }, TimeProvider.System, _ => { });
            var page = await day.DeskPageAsync(language, scripts: scripts, scheme: scheme, bypass: scripts);
            await SetUpAsync(page, host, language, name => LookAsync(page, scripts, $"{language}-{scheme}-setup-{name}"));
            host.Organisation.IsFounded.ShouldBeTrue();
            await page.Context.CloseAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("en", ColorScheme.Light), InlineData("uk", ColorScheme.Dark)]
    public async Task Ones_own_pages_are_fine(string language, ColorScheme scheme)
    {
        var page = await day.DeskPageAsync(language, scheme: scheme, bypass: true);
        var shown = (string name) => LookAsync(page, true, $"{language}-{scheme}-{name}");
        await page.GotoAsync($"/sign-in?language={language}");
        await shown("sign-in");
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync("#errors:focus");
        await shown("sign-in-errors");
        await page.ClickAsync("main > p a");
        await shown("lost-passphrase");
        await day.SignInAsync(page);
        await page.GotoAsync("/account");
        await shown("account");
        await page.Keyboard.PressAsync("?");
        await page.WaitForSelectorAsync("#keys[open]");
        await shown("keys");
        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/setup/done");
        await shown("done");
        await page.GotoAsync("/nothing");
        await shown("nothing");
        await page.GotoAsync("/account");
        await page.ClickAsync(".top-form button");
        await page.WaitForSelectorAsync(".notice.is-good");
        await shown("signed-out");
        await page.Context.CloseAsync();
    }

    private static async Task SetUpAsync(IPage page, DeskHost host, string language, Func<string, Task> look)
    {
        await page.GotoAsync(host.Address.ToString());
        await look("0-code");
        await page.FillAsync("#code", "wrong");
        await NextAsync(page);
        await look("0-code-errors");
        await page.FillAsync("#code", host.OneTimeCode!);
        await NextAsync(page);
        await look("1-language");
        await page.CheckAsync($"input[value={language}]");
        await NextAsync(page);
        await look("2-organisation");
        await page.FillAsync("#name", "Світла дорога");
        await NextAsync(page);
        await look("3-you");
        await page.FillAsync("#name", "Марта");
        await NextAsync(page);
        await look("4-passphrase");
        var words = string.Join(' ', await page.Locator(".words li").AllTextContentsAsync());
        await NextAsync(page);
        await page.FillAsync("#passphrase", "a b c");
        await NextAsync(page);
        await look("5-repeat-errors");
        await page.FillAsync("#passphrase", words);
        await NextAsync(page);
        await page.ClickAsync("summary");
        await look("6-telephone");
        await page.FillAsync("#code", OneTimeCodes.Now(OneTimeCodes.Unspell(await page.InnerTextAsync(".code-letters"))));
        await NextAsync(page);
        await look("7-recovery");
        await page.CheckAsync("#kept");
        await NextAsync(page);
        await look("8-intake");
        await NextAsync(page);
        await page.WaitForURLAsync("**/setup/done");
        await look("9-done");
    }

    private static async Task NextAsync(IPage page)
    {
        await page.RunAndWaitForResponseAsync(
            () => page.Locator("main form:last-of-type button[type=submit]").Last.ClickAsync(), response => response.Request.IsNavigationRequest && response.Status != 303);
        await page.WaitForLoadStateAsync();
    }

    private static async Task LookAsync(IPage page, bool scripts, string name)
    {
        if (s_pictures is not null)
        {
            foreach (var width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"{name}-{width}.png"), FullPage = true });
            }
        }
        if (!scripts) return;
        await Looking.IsFineAsync(page, name, 1280, 900);
    }
}
