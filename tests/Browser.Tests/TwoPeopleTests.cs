using System.Text;
using Microsoft.Playwright;
using Shouldly;
using Understory.Casework;
using Understory.Sealing;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// Lidia and Marta have one case open, each in their own browser: they see each other, and the second answer waits until its
/// writer has seen the first. Marta uses her keyboard alone. With UNDERSTORY_SCREENSHOTS set to a folder, pictures are left there.
/// </summary>
public sealed class TwoPeopleTests(Workday day) : IClassFixture<Workday>
{
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");

    [Fact]
    public async Task Two_people_in_one_case_see_each_other_and_do_not_answer_past_each_other()
    {
        using var memory = new LockedMemory(4 << 20);
        var (passphrase, totp) = Hire(memory, "Marta", Roles.Caseworker | Roles.Triage);
        var lidia = await day.DeskPageAsync("en", bypass: true);
        await day.SignInAsync(lidia);
        var @case = await AdmitAsync(lidia);
        var marta = await day.DeskPageAsync("en", scheme: ColorScheme.Dark, bypass: true);
        await SignInAsync(marta, "Marta", passphrase, totp);
        await TheySeeEachOtherAsync(lidia, marta, @case);
        await TheySendTwoAnswersAsync(lidia, marta, @case);
        await TheyWriteDownTwoThingsAsync(lidia, marta, @case);

        // Lidia goes away, and Marta is told.
        await lidia.ClickAsync(".top-user button");
        await marta.GotoAsync(@case);
        (await marta.InnerTextAsync(".present")).ShouldNotContain("Lidia");
        await lidia.Context.CloseAsync();
        await marta.Context.CloseAsync();
    }

    /// <summary>Lidia's open page hears that Marta came; Marta's, that Lidia writes.</summary>
    private static async Task TheySeeEachOtherAsync(IPage lidia, IPage marta, string @case)
    {
        await lidia.GotoAsync(@case);
        await lidia.WaitForSelectorAsync(".present", new() { State = WaitForSelectorState.Attached });
        (await lidia.InnerTextAsync("main")).ShouldNotContain("is here now");
        await marta.GotoAsync(@case);
        await marta.WaitForSelectorAsync(".present:has-text('Lidia is here now')");
        await lidia.WaitForSelectorAsync(".present:has-text('Marta is here now')");
        (await lidia.IsVisibleAsync("#live")).ShouldBeFalse("nothing of the case changed");
        await LookAsync(lidia, "here");
        await lidia.FocusAsync("#answer");
        await lidia.Keyboard.TypeAsync("Stay where you are.");
        await marta.WaitForSelectorAsync(".present:has-text('Lidia is writing an answer')");
        await LookAsync(marta, "writing");
    }

    /// <summary>Marta types too, by keyboard alone; Lidia is faster.</summary>
    private static async Task TheySendTwoAnswersAsync(IPage lidia, IPage marta, string @case)
    {
        await Workday.TabToAsync(marta, "#answer");
        await marta.Keyboard.TypeAsync("Go to your aunt's.");
        await lidia.ClickAsync("form[action$='/answer'] button:not([name])");
        await lidia.WaitForURLAsync("**?done=answered#last");
        await marta.WaitForSelectorAsync("#live:not([hidden])");
        (await marta.InputValueAsync("#answer")).ShouldBe("Go to your aunt's.");
        await Workday.TabToAsync(marta, "form[action$='/answer'] button:not([name])");
        await marta.Keyboard.PressAsync("Enter");
        await marta.WaitForSelectorAsync("#errors:focus");
        (await marta.InnerTextAsync("#errors")).ShouldContain("Lidia");
        (await marta.InnerTextAsync(".write")).ShouldContain("Stay where you are.");
        (await marta.InputValueAsync("#answer")).ShouldBe("Go to your aunt's.");
        await LookAsync(marta, "overtaken-answer");
        await Workday.TabToAsync(marta, "#errors a");
        await marta.Keyboard.PressAsync("Enter");
        await Workday.TabToAsync(marta, "form[action$='/answer'] button:not([name])");
        (await marta.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("Send mine too");
        await marta.Keyboard.PressAsync("Enter");
        await marta.WaitForURLAsync("**?done=answered#last");
        await lidia.GotoAsync(@case);
        (await lidia.Locator(".message.from-us").CountAsync()).ShouldBe(2);
    }

    /// <summary>Where it is safe to answer: Lidia's stands, Marta sees it beside hers.</summary>
    private static async Task TheyWriteDownTwoThingsAsync(IPage lidia, IPage marta, string @case)
    {
        await marta.GotoAsync(@case);
        await lidia.ClickAsync("form[action$='/safe-contact'] >> xpath=ancestor::details/summary");
        await lidia.FillAsync("textarea[name=safely]", "Signal, after eight");
        await lidia.ClickAsync("form[action$='/safe-contact'] button");
        await lidia.WaitForURLAsync("**?done=safely");
        await marta.ClickAsync("form[action$='/safe-contact'] >> xpath=ancestor::details/summary");
        await marta.FillAsync("textarea[name=safely]", "Only by letter");
        await marta.ClickAsync("form[action$='/safe-contact'] button");
        await marta.WaitForSelectorAsync("#errors:focus");
        (await marta.InnerTextAsync(".case-side")).ShouldContain("Signal, after eight");
        (await marta.InputValueAsync("textarea[name=safely]")).ShouldBe("Only by letter");
        await LookAsync(marta, "overtaken-safely");
    }

    private (string Passphrase, byte[] Totp) Hire(LockedMemory memory, string name, Roles roles)
    {
        using var lidia = day.Unlock(memory);
        var staff = day.Organisation.Staff;
        var printed = staff.Invite(lidia, name, roles, null);
        using var joining = staff.BeginJoining(printed.Code, WordList.For("en"), memory)!;
        var written = (Encoding.UTF8.GetString(joining.Passphrase.Span), joining.TotpSecret.Span.ToArray());
        using var keyring = joining.Complete("en");
        staff.Confirm(lidia, printed.User, keyring.Fingerprint);
        day.Organisation.Receive(keyring);
        return written;
    }

    /// <summary>Somebody asks, Lidia admits them and opens the case to Marta.</summary>
    private async Task<string> AdmitAsync(IPage lidia)
    {
        await using (var phone = await day.PhoneAsync("en", scripts: false)) await phone.AskAsync("They came to my mother's door.");
        await lidia.GotoAsync("/");
        await lidia.WaitForSelectorAsync("[data-row] a:has-text('my mother')");
        await lidia.ClickAsync("[data-row] a:has-text('my mother')");
        await lidia.FillAsync("#name", "quiet orchard");
        await lidia.ClickAsync("form[action$='/admit'] button");
        await lidia.WaitForURLAsync("**/cases/**");
        var @case = new Uri(lidia.Url).AbsolutePath;
        await lidia.GotoAsync($"{@case}/access");
        await lidia.SelectOptionAsync("#user", (await lidia.Locator("#user option", new PageLocatorOptions { HasText = "Marta" }).GetAttributeAsync("value"))!);
        await lidia.CheckAsync("#part-Contact");
        await lidia.ClickAsync("form[action$='/access'] button[type=submit]");
        await lidia.WaitForURLAsync("**/access?done=opened");
        return @case;
    }

    private static async Task SignInAsync(IPage page, string name, string passphrase, byte[] totp)
    {
        await page.GotoAsync("/");
        await page.FillAsync("#name", name);
        await page.FillAsync("#passphrase", passphrase);
        await page.FillAsync("#code", OneTimeCodes.Now(totp));
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync(".top-user");
    }

    private static async Task LookAsync(IPage page, string name)
    {
        if (s_pictures is not null)
        {
            foreach (var width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"two-{name}-{width}.png"), FullPage = true });
            }
        }
        await Looking.IsFineAsync(page, name, 1280, 900);
    }
}
