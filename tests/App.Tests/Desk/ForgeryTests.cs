using System.Text;
using Shouldly;
using Understory.Desk;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Pages elsewhere try to act in Marta's name, or to read over her shoulder.</summary>
public sealed class ForgeryTests(RunningDesk desk) : IClassFixture<RunningDesk>
{
    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        var browser = await desk.SignedInAsync();
        await browser.GetAsync("/account");
        foreach (var token in (string[])["", "x", browser.Token[..^1], browser.Token + "A", await TokenOfAnotherAsync()])
        {
            var (kept, tried) = (browser.Token, token);
            browser.Token = tried;
            (await browser.PostAsync("/account/language", ("language", "uk"))).Status.ShouldBe(403);
            (await browser.PostAsync("/sign-out")).Status.ShouldBe(403);
            browser.Token = kept;
        }
        (await browser.GetAsync("/account")).Body.ShouldContain("Your account");
    }

    [Theory]
    [InlineData("https://evil.example", "cross-site"), InlineData("https://evil.example", null), InlineData("null", "same-origin"), InlineData(null, null)]
    [InlineData(null, "cross-site"), InlineData(null, "same-site"), InlineData(null, "none"), InlineData("http://localhost", "same-origin")]
    public async Task A_form_from_elsewhere_is_refused_even_with_the_token(string? origin, string? site)
    {
        var browser = await desk.SignedInAsync();
        await browser.GetAsync("/account");
        var answer = await browser.PostAsync("/account/language", request =>
        {
            request.Headers.Remove("Origin");
            request.Headers.Remove("Sec-Fetch-Site");
            if (origin is not null) request.Headers.Add("Origin", origin);
            if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        }, ("language", "uk"));
        answer.Status.ShouldBe(403);
        answer.Body.ShouldNotContain("Marta");
    }

    [Fact]
    public async Task An_old_browser_that_says_only_its_origin_is_served()
    {
        var browser = await desk.SignedInAsync();
        await browser.GetAsync("/account");
        (await browser.PostAsync("/account/language", request => request.Headers.Remove("Sec-Fetch-Site"), ("language", "en"))).Status.ShouldBe(303);
    }

    [Theory]
    [InlineData("no-cors"), InlineData("cors"), InlineData("nested-navigate")]
    public async Task A_script_or_a_picture_elsewhere_gets_no_page(string mode)
    {
        var browser = await desk.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", mode);
        (await browser.SendAsync(request)).Status.ShouldBe(403);
    }

    /// <summary>DNS rebinding: the name is theirs, the machine is ours.</summary>
    [Theory]
    [InlineData("evil.example"), InlineData("evil.example:80"), InlineData("localhost"), InlineData("localhost.evil.example"), InlineData("127.0.0.1.nip.io")]
    public async Task A_name_that_is_not_ours_is_not_answered(string host)
    {
        var browser = await desk.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Host = host;
        var answer = await browser.SendAsync(request);
        answer.Status.ShouldBeOneOf(400, 421);
        answer.Body.ShouldNotContain("Marta");
    }

    [Fact]
    public async Task Names_of_this_machine_and_configured_ones_are()
    {
        await using var own = new RunningDesk { With = options => options with { Addresses = [new Uri("https://desk.example.org"), new Uri("http://abc.onion:81")] } };
        await own.StartAsync();
        var port = own.Host.Address.Port;
        foreach (var host in (string[])[$"localhost:{port}", "desk.example.org", "DESK.example.org", "abc.onion:81"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/setup");
            request.Headers.Host = host;
            (await own.NewBrowser().SendAsync(request)).Status.ShouldBe(200, host);
        }
    }

    /// <summary>Where both zones are on one machine or at the end of one tunnel, browsers would send a cookie of that host to both.</summary>
    [Fact]
    public async Task The_numbers_of_this_machine_are_left_to_Intake()
    {
        var browser = await desk.SignedInAsync();
        foreach (var host in (string[])["127.0.0.1", "[::1]"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
            request.Headers.Host = $"{host}:{desk.Address.Port}";
            (await browser.SendAsync(request)).Status.ShouldBe(421, host);
        }
    }

    [Fact]
    public async Task Over_https_the_cookie_is_of_this_host_alone()
    {
        var browser = desk.NewBrowser();
        (await desk.SignInAsync(browser)).Headers.ShouldMatch("Set-Cookie: desk=[A-Za-z0-9_-]{43}; path=/; samesite=strict; httponly(\n|$)");

        await using var own = new RunningDesk { With = options => options with { Addresses = [new Uri("https://desk.example.org")] } };
        await own.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/setup");
        request.Headers.Host = "desk.example.org";
        request.Headers.Add("Origin", "https://desk.example.org");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("code", own.Host.OneTimeCode!)]);
        var answer = await own.NewBrowser().SendAsync(request);
        answer.Headers.ShouldMatch("Set-Cookie: __Host-desk=[A-Za-z0-9_-]{43}; path=/; secure; samesite=strict; httponly(\n|$)");
        answer.Headers.ShouldContain("Strict-Transport-Security");
    }

    [Fact]
    public async Task Every_answer_forbids_what_it_does_not_need()
    {
        var browser = desk.NewBrowser();
        foreach (var path in (string[])["/sign-in", "/nothing", "/files/desk.css", "/files/none", "/account"])
        {
            var headers = (await browser.GetAsync(path)).Headers;
            headers.ShouldContain("Content-Security-Policy: default-src 'none'");
            headers.ShouldNotContain("unsafe");
            headers.ShouldContain("frame-ancestors 'none'");
            headers.ShouldContain("X-Content-Type-Options: nosniff");
            headers.ShouldContain("Referrer-Policy: same-origin");
            headers.ShouldContain("Cross-Origin-Opener-Policy: same-origin");
            headers.ShouldNotContain("Server:");
            if (path != "/files/desk.css") headers.ShouldContain("no-store");
        }
    }

    [Fact]
    public async Task A_body_too_long_or_of_another_kind_is_refused_unread()
    {
        var browser = await desk.SignedInAsync();
        await browser.GetAsync("/account");
        (await browser.PostAsync("/account/language", ("language", new string('a', Form.UsualLength)))).Status.ShouldBe(413);
        (await browser.PostAsync("/sign-in", ("name", new string('a', 20_000)))).Status.ShouldBe(413);
        (await browser.PostAsync("/account/language", request => request.Content = new StringContent("{}", Encoding.UTF8, "application/json"))).Status.ShouldBe(415);
        (await browser.PostAsync("/account/language", request => request.Content = new MultipartFormDataContent { { new StringContent("uk"), "language" } })).Status.ShouldBe(415);
        (await browser.PostAsync("/account/language", request => request.Content = new StringContent($"language=%zz&{FormToken.Field}={browser.Token}", Encoding.UTF8, "application/x-www-form-urlencoded"))).Status.ShouldBe(400);
        (await browser.PostAsync("/account/language", request => request.Content = new StringContent(string.Concat(Enumerable.Repeat("a=1&", 1_100)), Encoding.UTF8, "application/x-www-form-urlencoded"))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Faults_are_told_in_the_readers_language_and_without_detail()
    {
        var browser = desk.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/cases/../../etc/passwd");
        request.Headers.AcceptLanguage.ParseAdd("uk");
        var answer = await browser.SendAsync(request);
        answer.Status.ShouldBe(404);
        answer.Body.ShouldContain("Тут нічого немає");
        answer.Body.ShouldNotContain("Exception");
        using var wrongMethod = new HttpRequestMessage(HttpMethod.Delete, "/account");
        wrongMethod.Headers.Add("Sec-Fetch-Site", "same-origin");
        (await browser.SendAsync(wrongMethod)).Status.ShouldBe(405);
    }

    private async Task<string> TokenOfAnotherAsync()
    {
        var another = await desk.SignedInAsync();
        await another.GetAsync("/account");
        return another.Token;
    }
}
