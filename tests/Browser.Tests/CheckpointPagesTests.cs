using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// The page that prints a checkpoint, and what a sign-in shows that is refused, looked at by axe. With UNDERSTORY_SCREENSHOTS set to a
/// folder, a picture of each is left there, and the sheet as it is printed.
/// </summary>
public sealed class CheckpointPagesTests(Workday day) : IClassFixture<Workday>
{
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");

    [Theory]
    [InlineData("en", ColorScheme.Light), InlineData("ru", ColorScheme.Dark), InlineData("uk", ColorScheme.Light)]
    public async Task A_checkpoint_is_printed_and_a_refusal_says_what_to_do(string language, ColorScheme scheme)
    {
        var aside = Path.Combine(day.DeskFolder, "set-aside", "2026-11-20-1204-to-1187-0a1b");
        Directory.CreateDirectory(aside);
        var page = await day.DeskPageAsync(language, scheme: scheme, bypass: true);
        await day.SignInAsync(page);
        await page.GotoAsync("/account");
        await page.ClickAsync($"button[name=language][value={language}]");
        await page.WaitForSelectorAsync($"html[lang={language}]");
        await page.ClickAsync("#checkpoint-card ~ p a, [aria-labelledby=checkpoint-card] a");
        await page.WaitForSelectorAsync(".fingerprint");
        string.Join(' ', await page.Locator(".fingerprint li").AllTextContentsAsync()).ShouldMatch(@"^\d{4}( \d{4}){5}$");
        (await page.InnerTextAsync("main")).ShouldContain("2026-11-20-1204-to-1187");
        await LookAsync(page, $"{language}-{scheme}-checkpoint");
        // On paper: the sheet, and nothing else.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        (await page.Locator(".sheet").IsVisibleAsync()).ShouldBeTrue();
        (await page.Locator("#places-card").IsVisibleAsync()).ShouldBeFalse();
        if (s_pictures is not null) await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"{language}-{scheme}-checkpoint-paper.png"), FullPage = true });
        await page.Context.CloseAsync();

        var refusal = Path.Combine(day.DeskFolder, "checkpoint-refused");
        await File.WriteAllTextAsync(refusal, "1204 3 2026-11-23\n", TestContext.Current.CancellationToken);
        try
        {
            page = await day.DeskPageAsync(language, scheme: scheme, bypass: true);
            await day.SignInAsync(page);
            (await page.InnerTextAsync("main")).ShouldContain("1204");
            (await page.Locator(".top-user").CountAsync()).ShouldBe(0);
            await LookAsync(page, $"{language}-{scheme}-other-log");
        }
        finally
        {
            File.Delete(refusal);
        }
        await page.Context.CloseAsync();
    }

    private static async Task LookAsync(IPage page, string name)
    {
        if (s_pictures is not null)
        {
            foreach (var width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"{name}-{width}.png"), FullPage = true });
            }
        }
        await Looking.IsFineAsync(page, name, 1280, 900);
    }
}
