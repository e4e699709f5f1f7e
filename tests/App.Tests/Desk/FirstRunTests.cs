using System.Security.Cryptography;
using Shouldly;
using Understory.Desk;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>The first visit: only whoever sees the terminal sets the Desk up, and once.</summary>
public sealed class FirstRunTests : IAsyncDisposable
{
    private readonly RunningDesk _desk = new();

    [Fact]
    public async Task Everything_leads_to_the_code_until_it_was_entered()
    {
        await _desk.StartAsync();
        var browser = _desk.NewBrowser();
        foreach (var path in (string[])["/", "/sign-in", "/account", "/cases/1", "/setup/done"]) (await browser.GetAsync(path)).Location.ShouldBe("/setup", path);
        foreach (var path in (string[])["/setup/language", "/setup/passphrase", "/setup/recovery"]) (await browser.GetAsync(path)).Location.ShouldBe("/setup", path);
        (await browser.PostAsync("/setup/intake", ("address", ""))).Location.ShouldBe("/setup");
        _desk.Host.Organisation.IsFounded.ShouldBeFalse();
    }

    [Fact]
    public async Task Five_wrong_codes_make_it_void_and_the_terminal_shows_another()
    {
        await _desk.StartAsync();
        var browser = _desk.NewBrowser();
        var first = _desk.Host.OneTimeCode!;
        for (var n = 0; n < 5; n++) (await browser.PostAsync("/setup", ("code", "AAAA-AAAA"))).Status.ShouldBe(422);
        (await browser.PostAsync("/setup", ("code", first))).Status.ShouldBe(422);
        _desk.Said.Last().ShouldContain(_desk.Host.OneTimeCode!);
        (await browser.PostAsync("/setup", ("code", $" {_desk.Host.OneTimeCode!.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal)}"))).Location.ShouldBe("/setup/language");
    }

    [Fact]
    public async Task Guessing_on_closes_it_until_the_next_start()
    {
        await _desk.StartAsync();
        var browser = _desk.NewBrowser();
        for (var n = 0; n < 50; n++) await browser.PostAsync("/setup", ("code", "AAAA-AAAA"));
        _desk.Said.Last().ShouldContain("Start the program again");
        (await browser.PostAsync("/setup", ("code", _desk.Host.OneTimeCode!))).Status.ShouldBe(422);
        (await browser.GetAsync("/setup")).Body.ShouldContain("Too many wrong codes");
    }

    [Fact]
    public async Task Steps_come_in_their_order_and_mistakes_are_said()
    {
        await _desk.StartAsync();
        var browser = _desk.NewBrowser();
        await browser.PostAsync("/setup", ("code", _desk.Host.OneTimeCode!));
        (await browser.GetAsync("/setup/recovery")).Location.ShouldBe("/setup/language");
        (await browser.PostAsync("/setup/language", ("language", "xx"))).Body.ShouldContain("Choose a language.");
        (await browser.PostAsync("/setup/language", ("language", "uk"))).Location.ShouldBe("/setup/organisation");
        (await browser.PostAsync("/setup/organisation", ("name", " "))).Body.ShouldContain("Введіть назву організації");
        await browser.PostAsync("/setup/organisation", ("name", "Світла дорога"));
        await browser.PostAsync("/setup/you", ("name", "Марта"));
        var words = (await browser.GetAsync("/setup/passphrase")).Body;
        words.Split("<li>").Length.ShouldBe(8);
        await browser.PostAsync("/setup/passphrase");
        (await browser.PostAsync("/setup/repeat", ("passphrase", "один два три чотири п'ять шість сім"))).Status.ShouldBe(422);
        (await browser.GetAsync("/setup/telephone")).Location.ShouldBe("/setup/repeat");

        // Another language makes another passphrase: it is of that language's words.
        await browser.PostAsync("/setup/language", ("language", "en"));
        (await browser.GetAsync("/setup/passphrase")).Body.ShouldNotBe(words);
        (await browser.GetAsync("/setup/nonsense")).Status.ShouldBe(404);
        (await browser.GetAsync("/setup/0")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Another_browser_sees_nothing_of_it()
    {
        await _desk.StartAsync();
        var (marta, stranger) = (_desk.NewBrowser(), _desk.NewBrowser());
        await marta.PostAsync("/setup", ("code", _desk.Host.OneTimeCode!));
        (await stranger.GetAsync("/setup/language")).Location.ShouldBe("/setup");
        (await marta.GetAsync("/setup/language")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_setup_that_is_left_alone_ends_with_its_secrets_and_its_page_goes()
    {
        await _desk.StartAsync();
        var marta = _desk.NewBrowser();
        await marta.PostAsync("/setup", ("code", _desk.Host.OneTimeCode!));
        var page = await marta.GetAsync("/setup/language");
        (page.Status, page.Headers).ShouldSatisfyAllConditions(both => both.Status.ShouldBe(200), both => both.Headers.ShouldContain("Refresh: 2705;url=/setup"));
        _desk.Clock.Add(TimeSpan.FromMinutes(44));
        (await marta.GetAsync("/setup/language")).Status.ShouldBe(200, "somebody is still there");
        _desk.Clock.Add(TimeSpan.FromMinutes(45));
        (await marta.GetAsync("/setup/language")).Location.ShouldBe("/setup");
        (await marta.PostAsync("/setup", ("code", _desk.Host.OneTimeCode!))).Location.ShouldBe("/setup/language", "the code begins anew");
    }

    [Fact]
    public async Task Once_set_up_there_is_no_way_back_to_it()
    {
        await _desk.InitializeAsync();
        _desk.Host.OneTimeCode.ShouldBeNull();
        var browser = _desk.NewBrowser();
        foreach (var path in (string[])["/setup", "/setup/language", "/setup/passphrase"]) (await browser.GetAsync(path)).Location.ShouldBe("/", path);
        (await browser.PostAsync("/setup", ("code", "AAAA-AAAA"))).Location.ShouldBe("/");
        (await browser.GetAsync("/setup/done")).Location.ShouldStartWith("/sign-in");

        // What was typed to try the telephone cannot be used again.
        var code = $"{Casework.Totp.CodeAt(_desk.TotpSecret, Casework.Totp.StepAt(_desk.Clock.GetUtcNow())):D6}";
        (await _desk.SignInAsync(browser, code: code)).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Where_Intake_is_is_kept_and_what_it_must_know_is_shown()
    {
        _desk.IntakeAddress = "http://127.0.0.1:9";
        await _desk.InitializeAsync();
        var browser = await _desk.SignedInAsync();
        var done = (await browser.GetAsync("/setup/done")).Body;
        done.ShouldContain(Convert.ToHexStringLower(_desk.Host.Organisation.InstanceId));
        var credential = Convert.FromHexString((await File.ReadAllTextAsync(Path.Combine(_desk.Folder, "intake-credential"), TestContext.Current.CancellationToken)).Trim());
        done.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(credential)));
        done.ShouldNotContain(Convert.ToHexStringLower(credential));
        _desk.Workplace.Collecting.IsRunning.ShouldBeTrue();
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.Combine(_desk.Folder, "intake-credential")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // The next start goes on with it.
        await _desk.StopAsync();
        await _desk.StartAsync();
        _desk.Workplace.Collecting.TryBegin().ShouldBeTrue();
    }

    [Fact]
    public async Task An_Intake_is_reached_by_a_known_key_or_inside_Tor_or_not_at_all()
    {
        await _desk.StartAsync();
        var browser = await _desk.ToLastStepAsync();
        var key = string.Concat(Enumerable.Repeat("AB:", 31)) + "AB";
        foreach (var (address, with) in ((string, string)[])[("http://help.example.org", ""), ("help.example.org", ""), ("https://help.example.org", ""), ("https://me@help.example.org", key), ("https://help.example.org", "AB")])
            (await browser.PostAsync("/setup/intake", ("address", address), ("certificate-key", with))).Status.ShouldBe(422, address);
        _desk.Host.Organisation.IsFounded.ShouldBeFalse();
        IntakeLink.Understand("http://abcdefghij.onion", "").Proxy.ShouldBe(new Uri("socks5://127.0.0.1:9050"));
        (await browser.PostAsync("/setup/intake", ("address", "https://help.example.org/"), ("certificate-key", key))).Location.ShouldBe("/setup/done");
        _desk.Host.Organisation.IsFounded.ShouldBeTrue();
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();
}
