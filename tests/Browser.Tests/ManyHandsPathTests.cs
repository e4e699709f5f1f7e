using Microsoft.Playwright;
using Shouldly;
using Understory.Casework;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// An organisation of one grows to seven, a volunteer gets one part of one case for a week, it ends, a colleague leaves: all of
/// it in browsers, each with their own. Every page on the way is looked at. With UNDERSTORY_SCREENSHOTS set to a folder, a
/// picture of each is left there.
/// </summary>
public sealed class ManyHandsPathTests(Workday day) : IClassFixture<Workday>
{
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");

    [Fact]
    public async Task From_one_to_seven_and_a_volunteer_comes_and_goes()
    {
        var lidia = await day.DeskPageAsync("en", bypass: true);
        await day.SignInAsync(lidia);
        await lidia.GotoAsync("/staff");
        await LookAsync(lidia, "staff-alone");
        var marta = await HireAsync(lidia, "Marta", "uk", ColorScheme.Dark, looking: true, "Caseworker", "Triage");
        var olena = await HireAsync(lidia, "Olena", "en", ColorScheme.Light, looking: false, "Reviewer");
        var pavlo = await HireAsync(lidia, "Pavlo", "ru", ColorScheme.Light, looking: true, "Volunteer");
        foreach (var (name, role) in new[] { ("Bohdan", "Officer"), ("Iryna", "Officer"), ("Taras", "Operator") }) await (await HireAsync(lidia, name, "en", ColorScheme.Light, looking: false, role)).Page.Context.CloseAsync();
        await lidia.GotoAsync("/staff");
        (await lidia.Locator("#staff ~ thead + tbody tr, table tbody tr").CountAsync()).ShouldBe(7);
        await LookAsync(lidia, "staff-seven");

        var @case = await AdmitAsync(marta.Page);
        // Lidia, a coordinator, reads it no more than anybody.
        (await lidia.GotoAsync(@case))!.Status.ShouldBe(404);
        await AWeekAsync(marta.Page, pavlo.Page, @case);
        await HandOverAsync(marta.Page, lidia, @case);
        await LeaveAsync(lidia, marta.Page);
        foreach (var page in new[] { lidia, marta.Page, olena.Page, pavlo.Page }) await page.Context.CloseAsync();
    }

    /// <summary>Marta reads new requests, and admits one.</summary>
    private async Task<string> AdmitAsync(IPage marta)
    {
        await using (var phone = await day.PhoneAsync("uk", scripts: false)) await phone.AskAsync("Lisa-7: they came to my mother's door.");
        await EventuallyAsync(async () =>
        {
            await marta.GotoAsync("/");
            return (await marta.InnerTextAsync("main")).Contains("Lisa-7", StringComparison.Ordinal);
        });
        await marta.ClickAsync("[data-row] a:has-text('Lisa-7')");
        await marta.FillAsync("#name", "quiet orchard");
        await marta.ClickAsync("form[action$='/admit'] button");
        await marta.WaitForURLAsync("**/cases/**");
        return new Uri(marta.Url).AbsolutePath;
    }

    /// <summary>Pavlo gets one part, for a week; it ends.</summary>
    private static async Task AWeekAsync(IPage marta, IPage pavlo, string @case)
    {
        (await pavlo.GotoAsync(@case))!.Status.ShouldBe(404);
        await pavlo.GotoAsync("/");
        (await pavlo.InnerTextAsync("main")).ShouldNotContain("quiet orchard");
        await LookAsync(pavlo, "inbox-of-a-volunteer");

        // One part, for a week.
        await marta.GotoAsync($"{@case}/access");
        await LookAsync(marta, "access-alone");
        var option = await marta.Locator("#user option", new PageLocatorOptions { HasText = "Pavlo" }).GetAttributeAsync("value");
        await marta.SelectOptionAsync("#user", option!);
        await marta.CheckAsync("#part-Legal");
        await marta.FillAsync("#until", DateTimeOffset.UtcNow.AddDays(7).ToString("yyyy-MM-dd"));
        await marta.ClickAsync("form[action$='/access'] button[type=submit]");
        await marta.WaitForURLAsync("**/access?done=opened");
        await LookAsync(marta, "access-opened");
        await pavlo.GotoAsync("/");
        await pavlo.ClickAsync("text=quiet orchard");
        (await pavlo.InnerTextAsync("main")).ShouldNotContain("mother");
        await LookAsync(pavlo, "case-of-a-volunteer");
        (await pavlo.GotoAsync("/staff"))!.Status.ShouldBe(404);

        // It ends, and with it the page that was open.
        await marta.GotoAsync($"{@case}/access");
        await marta.ClickAsync($"form:has(input[value='{option}']) button");
        await marta.WaitForURLAsync("**/access?done=ended");
        (await pavlo.GotoAsync(@case))!.Status.ShouldBe(404);
    }

    /// <summary>Marta has it no longer, Lidia has.</summary>
    private static async Task HandOverAsync(IPage marta, IPage lidia, string @case)
    {
        await marta.GotoAsync($"{@case}/access");
        await marta.SelectOptionAsync("#to", (await marta.Locator("#to option", new PageLocatorOptions { HasText = "Lidia" }).GetAttributeAsync("value"))!);
        await marta.ClickAsync("form[action$='/hand-over'] button");
        await marta.WaitForURLAsync("**/?done=handed-over");
        (await marta.GotoAsync(@case))!.Status.ShouldBe(404);
        (await lidia.GotoAsync(@case))!.Status.ShouldBe(200);
        (await lidia.InnerTextAsync("main")).ShouldContain("mother");
        await lidia.GotoAsync($"{@case}/journal");
        (await lidia.InnerTextAsync("main")).ShouldContain("all are right");
        (await lidia.InnerTextAsync("main")).ShouldContain("Marta");
        await lidia.GotoAsync("/readings");
        (await lidia.InnerTextAsync("main")).ShouldContain("Pavlo");
        await LookAsync(lidia, "readings");
    }

    private static async Task LeaveAsync(IPage lidia, IPage marta)
    {
        await lidia.GotoAsync("/staff");
        await lidia.ClickAsync("a:has-text('Marta')");
        await LookAsync(lidia, "colleague");
        await lidia.ClickAsync("a[href$='/leave']");
        await LookAsync(lidia, "leave");
        await lidia.ClickAsync("main form button");
        await lidia.WaitForURLAsync("**/staff?done=left");
        await marta.GotoAsync("/");
        new Uri(marta.Url).AbsolutePath.ShouldBe("/sign-in");
    }

    private async Task<Colleague> HireAsync(IPage coordinator, string name, string language, ColorScheme scheme, bool looking, params string[] roles)
    {
        var look = (IPage page, string what) => looking ? LookAsync(page, $"{language}-{what}") : Task.CompletedTask;
        await coordinator.GotoAsync("/staff/invite");
        if (looking)
        {
            await coordinator.ClickAsync("main form button[type=submit]");
            await coordinator.WaitForSelectorAsync("#errors");
            await look(coordinator, "invite-errors");
        }
        await coordinator.FillAsync("#name", name);
        foreach (var role in roles) await coordinator.CheckAsync($"#role-{role}");
        await coordinator.ClickAsync("main form button[type=submit]");
        var code = await coordinator.InnerTextAsync("#invitation-code");
        await look(coordinator, "invitation");

        var joined = await JoinAsync(await day.DeskPageAsync(language, scheme: scheme, bypass: true), name, code, look);
        var fingerprint = await joined.Page.InnerTextAsync(".fingerprint");
        await joined.Page.GotoAsync("/");
        new Uri(joined.Page.Url).AbsolutePath.ShouldBe("/waiting", "nothing is opened to them yet");

        await coordinator.GotoAsync("/staff");
        await coordinator.ClickAsync($".lines a:has-text('{name}')");
        (await coordinator.InnerTextAsync(".fingerprint")).ShouldBe(fingerprint);
        await look(coordinator, "confirm");
        await coordinator.ClickAsync("form[action$='/confirm'] button");
        await coordinator.WaitForURLAsync("**/staff?done=confirmed");
        await joined.Page.GotoAsync("/");
        new Uri(joined.Page.Url).AbsolutePath.ShouldBe("/");
        return joined;
    }

    private static async Task<Colleague> JoinAsync(IPage page, string name, string code, Func<IPage, string, Task> look)
    {
        await page.GotoAsync("/join");
        await look(page, "join");
        await page.FillAsync("#code", code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        await page.ClickAsync("main form button[type=submit]");
        await page.WaitForURLAsync("**/join/passphrase");
        await look(page, "join-passphrase");
        var words = string.Join(' ', await page.Locator(".words li").AllTextContentsAsync());
        await page.ClickAsync("main form button[type=submit]");
        await page.FillAsync("#passphrase", words);
        await page.ClickAsync("main form button[type=submit]");
        await page.WaitForURLAsync("**/join/telephone");
        await page.ClickAsync("summary");
        var secret = OneTimeCodes.Unspell(await page.InnerTextAsync(".code-letters"));
        await page.FillAsync("#code", OneTimeCodes.Now(secret));
        await page.ClickAsync("main form button[type=submit]");
        await page.WaitForURLAsync("**/waiting");
        await look(page, "waiting");
        return new Colleague(name, words, secret, page);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await isSo()) return;
            await Task.Delay(250);
        }
        throw new InvalidOperationException("It did not happen in fifteen seconds.");
    }

    private static async Task LookAsync(IPage page, string name)
    {
        if (s_pictures is not null)
        {
            foreach (var width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"hands-{name}-{width}.png"), FullPage = true });
            }
        }
        await Looking.IsFineAsync(page, name, 1280, 900);
    }

    /// <summary>Somebody who joined, with what they wrote down.</summary>
    private sealed record Colleague(string Name, string Passphrase, byte[] Secret, IPage Page);
}

/// <summary>Codes of the second factor, as a telephone shows them.</summary>
internal static class OneTimeCodes
{
    public static byte[] Unspell(string spelled)
    {
        var bits = string.Concat(spelled.Where(char.IsLetterOrDigit).Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    public static string Now(ReadOnlySpan<byte> secret) => $"{Totp.CodeAt(secret, Totp.StepAt(DateTimeOffset.UtcNow)):D6}";
}
