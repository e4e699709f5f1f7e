using Microsoft.Playwright;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>Pictures of the pages, for people to look at: only when asked for, into the folder that UNDERSTORY_LOOK names.</summary>
public sealed class Look(Workday day) : IClassFixture<Workday>
{
    [Fact]
    public async Task Take_pictures()
    {
        var folder = Environment.GetEnvironmentVariable("UNDERSTORY_LOOK");
        if (folder is null) Assert.Skip("Set UNDERSTORY_LOOK to a folder.");
        await using (var phone = await day.PhoneAsync("uk", scripts: true))
        {
            await phone.AskAsync("Мені 34. Позавчора прийшли до мами з папером, мене не було вдома. Я не піду: я не зможу стріляти в людей. Зараз я в тітки, це інша область. Що мені робити, якщо зупинять на дорозі? Чи можна взагалі виходити?", "тільки тут, ввечері. телефон дивиться дружина");
        }
        await using (var phone = await day.PhoneAsync("ru", scripts: true)) await phone.AskAsync("Меня отправили в часть под городом. Хочу уйти. Что мне за это будет?", "");
        await using (var phone = await day.PhoneAsync("en", scripts: true)) await phone.AskAsync("I am writing for my brother.", "");
        var page = await day.DeskPageAsync();
        await day.SignInAsync(page);
        await page.WaitForSelectorAsync("[data-row] >> nth=2");
        await ShotAsync(page, folder, "inbox-requests");
        await page.ClickAsync("text=Мені 34");
        await ShotAsync(page, folder, "request");
        await page.FillAsync("#name", "amber river");
        await page.ClickAsync("text=Make it a case");
        await page.FillAsync("#answer", "Добре, що Ви написали. Поки що не виходьте без потреби. Папір Вам не вручено особисто: це важливо.\n\nЗавтра до вечора ми запитаємо юриста.");
        await page.ClickAsync("text=Send the answer");
        await page.FillAsync("#note", "Ask Ihor whether an unserved summons counts.");
        await page.ClickAsync("text=Write the note");
        await page.WaitForSelectorAsync(".note");
        await ShotAsync(page, folder, "case");
        await page.ClickAsync("text=Journal");
        await ShotAsync(page, folder, "journal");
        await page.GotoAsync("/");
        await ShotAsync(page, folder, "inbox");
        await page.GotoAsync("/templates");
        await ShotAsync(page, folder, "templates");
        await page.GotoAsync("/account");
        await ShotAsync(page, folder, "account");
    }

    private static async Task ShotAsync(IPage page, string folder, string name)
    {
        foreach (var (width, height, scheme) in ((int, int, ColorScheme)[])[(1280, 900, ColorScheme.Light), (390, 844, ColorScheme.Light), (1280, 900, ColorScheme.Dark)])
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}-{scheme}.png"), FullPage = true });
        }
        await page.SetViewportSizeAsync(1280, 900);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }
}
