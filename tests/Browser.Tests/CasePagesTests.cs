using Microsoft.Playwright;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// The pages of requests and cases, as a caseworker comes by them: looked at by axe, and nothing cut off on a narrow screen.
/// With UNDERSTORY_SCREENSHOTS set to a folder, a picture of each is left there; two of them stand in the README.
/// </summary>
public sealed class CasePagesTests(Workday day) : IClassFixture<Workday>
{
    private const string Words = "Мені 34. Позавчора прийшли до мами з папером, мене не було вдома. Я не піду: я не зможу стріляти в людей. Зараз я в тітки, це інша область. Що мені робити, якщо зупинять на дорозі?";
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");

    [Theory]
    [InlineData("en", ColorScheme.Light), InlineData("uk", ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_pages_of_a_case(string language, ColorScheme scheme)
    {
        foreach (var (asks, words) in ((string, string)[])[("uk", Words), ("ru", "Меня отправили в часть под городом. Хочу уйти. Что мне за это будет?"), ("en", "I am writing for my brother.")])
        {
            await using var phone = await day.PhoneAsync(asks, scripts: true);
            await phone.AskAsync(words, asks == "uk" ? "тільки тут, ввечері" : "");
        }
        var page = await day.DeskPageAsync(language, scheme: scheme, bypass: true);
        await day.SignInAsync(page);
        await page.ClickAsync("a[href='/account']");
        await page.ClickAsync($"button[name=language][value={language}]");
        await page.GotoAsync("/");
        await page.WaitForSelectorAsync("[data-row] >> nth=2");
        var shown = (string name) => LookAsync(page, $"{language}-{scheme}-{name}");
        await shown("inbox");
        await page.ClickAsync("[data-row] a:has-text('Мені 34')");
        await shown("request");
        await page.ClickAsync("a[href$='/refuse']");
        await shown("refuse");
        await page.GoBackAsync();
        await page.ClickAsync("a[href*='/junk?']");
        await shown("junk");
        await page.GoBackAsync();
        await page.FillAsync("#name", $"amber river {language}");
        await page.ClickAsync("form[action$='/admit'] button");
        await page.FillAsync("#answer", "Добре, що ви написали. Поки що не виходьте без потреби. Папір вам не вручено особисто: це важливо.\n\nЗавтра до вечора ми запитаємо юриста.");
        await page.ClickAsync("form[action$='/answer'] button:not([name])");
        await page.FillAsync("#note", "Ask Ihor whether an unserved summons counts.");
        await page.ClickAsync("form[action$='/notes'] button");
        await page.WaitForSelectorAsync(".note");
        await page.GotoAsync(page.Url.Split('?')[0]);
        await shown("case");
        await page.ClickAsync("a[href$='/journal']");
        await shown("journal");
        await page.GotoAsync("/templates");
        await shown("templates");
        await page.GotoAsync("/?stage=all");
        await shown("inbox-with-cases");
        await page.GotoAsync("/cases/00000000000000000000000000000000");
        await shown("nothing-here");
        await page.Context.CloseAsync();
    }

    private static async Task LookAsync(IPage page, string name)
    {
        if (s_pictures is not null)
        {
            foreach (var width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 844);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"{name}-{width}.png"), FullPage = true });
            }
        }
        await Looking.IsFineAsync(page, name, 1280, 844);
    }
}
