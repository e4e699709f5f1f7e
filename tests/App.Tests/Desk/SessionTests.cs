using System.Net;
using System.Text;
using Shouldly;
using Understory.Desk;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Sessions: left alone, ended, ended elsewhere, too old; and their keys, which are there only while they are used.</summary>
public sealed class SessionTests(RunningDesk desk) : IClassFixture<RunningDesk>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Left_alone_it_asks_for_the_passphrase_only_and_leads_back()
    {
        var browser = await desk.SignedInAsync();
        var session = Latest();
        desk.Clock.Add(TimeSpan.FromMinutes(14));
        (await browser.GetAsync("/account")).Status.ShouldBe(200);
        desk.Clock.Add(TimeSpan.FromMinutes(16));
        (await browser.GetAsync("/account?x=1")).Location.ShouldBe("/unlock?then=%2Faccount%3Fx%3D1");
        session.IsLocked.ShouldBeTrue();
        var page = await browser.GetAsync("/unlock?then=/account");
        page.Body.ShouldContain("Marta");
        page.Body.ShouldNotContain("id=\"code\"");
        (await browser.PostAsync("/unlock", ("passphrase", desk.Passphrase), ("then", "/account"))).Location.ShouldBe("/account");
        (await browser.GetAsync("/account")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_was_being_sent_waits_and_can_be_sent_after_the_passphrase()
    {
        var browser = await desk.SignedInAsync();
        await browser.GetAsync("/account");
        desk.Clock.Add(TimeSpan.FromMinutes(16));
        var waiting = await browser.PostAsync("/account/language", ("language", "uk"));
        waiting.Body.ShouldContain("What you were just sending waits here");
        var kept = waiting.Body.Split("name=\"kept\" value=\"")[1].Split('"')[0];
        var shown = await browser.PostAsync("/unlock", ("passphrase", desk.Passphrase), ("then", "/account/language"), ("kept", kept));
        shown.Body.ShouldContain("action=\"/account/language\"");
        shown.Body.ShouldContain("name=\"language\" value=\"uk\"");
        (await browser.PostAsync("/account/language", ("language", "uk"))).Status.ShouldBe(303);
        (await browser.GetAsync("/account")).Body.ShouldContain("Ваш обліковий запис");
        await browser.PostAsync("/account/language", ("language", "en"));
    }

    [Fact]
    public async Task Five_wrong_passphrases_end_a_locked_session()
    {
        var browser = await desk.SignedInAsync();
        desk.Clock.Add(TimeSpan.FromMinutes(16));
        await browser.GetAsync("/unlock");
        var wrong = string.Join(' ', desk.Passphrase.Split(' ').Reverse());
        for (var n = 0; n < Session.MostAttempts - 1; n++)
            (await browser.PostAsync("/unlock", ("passphrase", wrong), ("then", "/"))).Body.ShouldContain("That is not the passphrase.");
        (await browser.PostAsync("/unlock", ("passphrase", wrong), ("then", "/account"))).Location.ShouldBe("/sign-in?then=%2Faccount");
        (await browser.GetAsync("/unlock?then=/account")).Location.ShouldBe("/account");
        (await browser.GetAsync("/account")).Location.ShouldBe("/sign-in?then=%2Faccount");
    }

    [Fact]
    public async Task The_clock_put_back_or_a_machine_that_slept_does_not_keep_a_session_open()
    {
        var browser = await desk.SignedInAsync();
        var session = Latest();
        desk.Clock.Add(TimeSpan.FromMinutes(16));
        desk.Workplace.Sessions.Sweep();
        session.IsLocked.ShouldBeTrue();
        session.Lock();
        (await browser.GetAsync("/account")).Location.ShouldStartWith("/unlock");
    }

    [Fact]
    public async Task After_twelve_hours_it_is_over_however_busy_it_was()
    {
        var browser = await desk.SignedInAsync();
        for (var minutes = 0; minutes < 12 * 60; minutes += 10)
        {
            (await browser.GetAsync("/account")).Status.ShouldBe(200, $"{minutes}");
            desk.Clock.Add(TimeSpan.FromMinutes(10));
        }
        (await browser.GetAsync("/account")).Location.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Signed_out_the_cookie_opens_nothing_and_the_keys_are_gone()
    {
        var browser = await desk.SignedInAsync();
        var session = Latest();
        await browser.GetAsync("/account");
        var cookie = browser.Cookies.GetCookies(desk.Address)["desk"]!.Value;
        (await browser.PostAsync("/sign-out")).Location.ShouldBe("/sign-in?signed-out");
        browser.Cookies.GetCookies(desk.Address).Count.ShouldBe(0);
        session.IsOver.ShouldBeTrue();
        browser.Cookies.Add(desk.Address, new Cookie("desk", cookie));
        (await browser.GetAsync("/account")).Location.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_session_is_ended_from_another()
    {
        var (here, there) = (await desk.SignedInAsync(), await desk.SignedInAsync());
        (await there.GetAsync("/account")).Status.ShouldBe(200);
        (await here.GetAsync("/account")).Body.ShouldContain("Another session");
        (await here.PostAsync("/account/sessions/end", ("session", "others"))).Location.ShouldBe("/account?ended");
        (await there.GetAsync("/account")).Location.ShouldStartWith("/sign-in");
        (await here.GetAsync("/account")).Body.ShouldNotContain("Another session");
    }

    [Fact]
    public async Task One_user_cannot_take_all_the_locked_memory()
    {
        var first = await desk.SignedInAsync();
        var cookie = Base64(first.Cookies.GetCookies(desk.Address)["desk"]!.Value);
        using (var lease = Latest().TryEnter(cookie)!)
        {
            for (var n = 0; n < 8; n++) desk.Workplace.Sessions.Begin(new LockedMemory(), lease.Keyring, SessionCookie.Make());
        }
        (await first.GetAsync("/account")).Location.ShouldStartWith("/sign-in");
        desk.Workplace.Sessions.Of(Latest().Owner).Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Between_requests_the_keys_are_ciphertext_and_during_several_they_stay_open()
    {
        var browser = await desk.SignedInAsync();
        var session = Latest();
        var cookie = Base64(browser.Cookies.GetCookies(desk.Address)["desk"]!.Value);
        var first = session.TryEnter(cookie)!;
        var (keyring, arena) = (first.Keyring, first.Keyring.Memory);
        arena.IsConcealed.ShouldBeFalse();
        var second = session.TryEnter(cookie)!;
        first.Dispose();
        first.Dispose();
        arena.IsConcealed.ShouldBeFalse();
        keyring.TotpSecret.Span.SequenceEqual(desk.TotpSecret).ShouldBeTrue();
        second.Dispose();
        arena.IsConcealed.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => keyring.TotpSecret.Span.Length);

        // Somebody who has the memory, but another cookie.
        session.TryEnter(new byte[32]).ShouldBeNull();
        arena.IsConcealed.ShouldBeTrue();

        // Ended while a request has it open: that request goes on, and then it is gone.
        var third = session.TryEnter(cookie)!;
        session.End();
        keyring.TotpSecret.Length.ShouldBe(20);
        keyring.TotpSecret.Span.SequenceEqual(desk.TotpSecret).ShouldBeTrue();
        session.TryEnter(cookie).ShouldBeNull();
        third.Dispose();
        Should.Throw<ObjectDisposedException>(() => keyring.TotpSecret.Span.Length);
    }

    [Fact]
    public async Task Many_requests_at_once_all_see_their_keys()
    {
        var browser = await desk.SignedInAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => browser.GetAsync("/account")));
        answers.ShouldAllBe(answer => answer.Status == 200);
    }

    [Fact]
    public async Task The_stream_of_events_says_changed_and_nothing_else_and_ends_with_the_session()
    {
        var browser = await desk.SignedInAsync();
        await browser.GetAsync("/account");
        using var lines = new StreamReader(await browser.ListenAsync(), Encoding.UTF8);
        (await lines.ReadLineAsync(Cancel)).ShouldBe(": open");
        await lines.ReadLineAsync(Cancel);
        desk.Workplace.Changes.Signal();
        (await lines.ReadLineAsync(Cancel)).ShouldBe("event: changed");
        (await lines.ReadLineAsync(Cancel)).ShouldBe("data:");
        await lines.ReadLineAsync(Cancel);
        await browser.PostAsync("/sign-out");
        (await lines.ReadLineAsync(Cancel)).ShouldBe("event: ended");
        await lines.ReadToEndAsync(Cancel);
        (await desk.NewBrowser().GetAsync("/events")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_page_listens_with_a_ticket_that_opens_nothing_else_and_the_cookie_does_not_listen()
    {
        var browser = await desk.SignedInAsync();
        (await browser.GetAsync("/events")).Status.ShouldBe(204, "the cookie must not stand in a request that is open for hours");
        var ticket = Latest().Ticket;
        var other = desk.NewBrowser();
        other.Cookies.Add(desk.Address, new Cookie("desk", ticket));
        (await other.GetAsync("/account")).Location.ShouldStartWith("/sign-in");
        foreach (var wrong in (string[])["", "x", ticket[..^1], new string('0', ticket.Length)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
            request.Headers.Add("X-Listen", wrong);
            (await other.SendAsync(request)).Status.ShouldBe(204, wrong);
        }
    }

    [Fact]
    public async Task Listening_is_no_use_and_holds_no_key_open()
    {
        var browser = await desk.SignedInAsync();
        var session = Latest();
        using var lines = new StreamReader(await browser.ListenAsync(), Encoding.UTF8);
        await lines.ReadLineAsync(Cancel);
        await lines.ReadLineAsync(Cancel);
        desk.Clock.Add(TimeSpan.FromMinutes(16));
        desk.Workplace.Sessions.Sweep();
        (await lines.ReadLineAsync(Cancel)).ShouldBe("event: ended");
        session.IsLocked.ShouldBeTrue();
    }

    [Fact]
    public async Task After_a_restart_everybody_is_signed_out_and_nothing_else_changed()
    {
        await using var own = new RunningDesk();
        await own.InitializeAsync();
        var browser = await own.SignedInAsync();
        var cookie = browser.Cookies.GetCookies(own.Address)["desk"]!.Value;
        await own.StopAsync();
        await own.StartAsync();
        own.Host.OneTimeCode.ShouldBeNull();
        var again = own.NewBrowser();
        again.Cookies.Add(own.Address, new Cookie("desk", cookie));
        (await again.GetAsync("/account")).Location.ShouldStartWith("/sign-in");
        (await again.GetAsync("/setup")).Location.ShouldBe("/");
        (await own.SignInAsync(again)).Status.ShouldBe(303);
        (await again.GetAsync("/account")).Body.ShouldContain("Open Road");
    }

    private static byte[] Base64(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private Session Latest() => desk.Workplace.Sessions.All.MaxBy(session => session.Began.Wall)!;
}
