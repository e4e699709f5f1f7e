using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Understory.Casework;
using Understory.Desk;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Lidia and Marta have one case open, over HTTP, each in their own browser.</summary>
public sealed partial class TwoPeopleTests(OpenDesk desk) : IClassFixture<OpenDesk>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Case => $"/cases/{desk.NextCase()}";

    private Presence Presence => desk.Host.Workplace.Presence;

    [Fact]
    public async Task They_see_each_other_and_nobody_without_a_key_sees_either()
    {
        var (lidia, marta, pavlo, @case) = (await desk.SignInAsync("Lidia"), await desk.SignInAsync("Marta"), await desk.SignInAsync("Pavlo"), Case);
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("is here now");
        (await marta.GetAsync(@case)).Body.ShouldContain("Lidia is here now");
        (await lidia.GetAsync(@case)).Body.ShouldContain("Marta is here now");
        (await lidia.GetAsync($"{@case}/access")).Body.ShouldContain("Marta is here now");
        var strange = await pavlo.GetAsync(@case);
        strange.Status.ShouldBe(404);
        strange.Body.ShouldNotContain("is here now");
        (await pavlo.GetAsync("/")).Body.ShouldNotContain("Marta");
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("Pavlo is");

        var draft = await marta.PostAsync($"{@case}/draft", ("answer", "Stay where"));
        draft.Status.ShouldBe(204);
        (await lidia.GetAsync(@case)).Body.ShouldContain("Marta is writing an answer");
        desk.Clock.Add(Presence.Writing);
        (await lidia.GetAsync(@case)).Body.ShouldContain("Marta is here now");
        desk.Clock.Add(Presence.Lingering);
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("Marta is");
    }

    [Fact]
    public async Task Whoever_signs_out_or_is_locked_or_let_out_is_there_no_more()
    {
        var (lidia, marta, @case) = (await desk.SignInAsync("Lidia"), await desk.SignInAsync("Marta"), Case);
        await marta.GetAsync(@case);
        (await lidia.GetAsync(@case)).Body.ShouldContain("Marta is here now");
        (await marta.PostAsync("/sign-out")).Status.ShouldBe(303);
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("Marta is");

        marta = await desk.SignInAsync("Marta");
        await marta.GetAsync(@case);
        (await lidia.GetAsync(@case)).Body.ShouldContain("Marta is here now");
        foreach (var session in desk.Host.Workplace.Sessions.Of(desk.Marta)) session.Lock();
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("Marta is");

        marta = await desk.SignInAsync("Marta");
        await marta.GetAsync(@case);
        var ending = Regex.Match((await lidia.GetAsync($"{@case}/access")).Body, "name=\"seen\" value=\"(\\d+)\" />\\s*<input type=\"hidden\" name=\"user\" value=\"([^\"]+)\" />\\s*<button[^>]*>End it");
        ending.Success.ShouldBeTrue();
        (await lidia.PostAsync($"{@case}/access/end", ("seen", ending.Groups[1].Value), ("user", ending.Groups[2].Value))).Status.ShouldBe(303);
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("Marta is");
        (await marta.GetAsync(@case)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_open_page_keeps_its_reader_there_is_told_who_comes_and_asks_nobody_again_and_again()
    {
        var (lidia, marta, @case) = (await desk.SignInAsync("Lidia"), await desk.SignInAsync("Marta"), Case);
        var page = (await lidia.GetAsync(@case)).Body;
        using var open = await ListenAsync(page);
        (await HeardAsync(open)).ShouldContain(": open");
        desk.Clock.Add(TimeSpan.FromMinutes(5));
        var first = (await marta.GetAsync(@case)).Body;
        first.ShouldContain("Lidia is here now");
        (await HeardAsync(open)).ShouldContain("event: changed");

        // Both pages ask anew by themselves, and are looked at again: nobody is told anything by that.
        using var hers = await ListenAsync(first);
        (await HeardAsync(hers)).ShouldContain(": open");
        var workplace = desk.Host.Workplace;
        using var told = workplace.Changes.Listen();
        using var toldToo = workplace.Changes.Listen();
        using var lidias = Presence.Listen(workplace.Sessions.Of(desk.Lidia)[0], Here().Match(page).Groups[1].Value, told).ShouldNotBeNull();
        using var martas = Presence.Listen(workplace.Sessions.Of(desk.Marta)[0], Here().Match(page).Groups[1].Value, toldToo).ShouldNotBeNull();
        for (var round = 0; round < 3; round++)
        {
            (await UnattendedAsync(lidia, @case)).ShouldContain("Marta is here now");
            (await UnattendedAsync(marta, @case)).ShouldContain("Lidia is here now");
            await lidia.GetAsync($"{@case}/journal");
            await marta.GetAsync(@case);
            Presence.Sweep();
        }
        foreach (var listener in (Changes.Listener[])[told, toldToo]) (await listener.WaitAsync(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel)).ShouldBeFalse();
        await marta.PostAsync($"{@case}/draft", ("answer", "Stay"));
        (await told.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancel)).ShouldBeTrue();
        await marta.PostAsync($"{@case}/draft", ("answer", "Stay where"));
        (await told.WaitAsync(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel)).ShouldBeFalse("who writes on is no news");
        (await HeardAsync(open)).ShouldContain("event: changed");
        await marta.PostAsync($"{@case}/draft", ("answer", ""));
        (await HeardAsync(open)).ShouldContain("event: changed");
        martas.Dispose();

        // Marta goes: her page is closed, and after a while Lidia is told.
        hers.Dispose();
        var left = HeardAsync(open);
        await UntilAsync(() =>
        {
            desk.Clock.Add(TimeSpan.FromSeconds(5));
            Presence.Sweep();
            return left.IsCompleted;
        });
        (await left).ShouldContain("event: changed");
        (await UnattendedAsync(lidia, @case)).ShouldNotContain("Marta is");
    }

    [Fact]
    public async Task What_is_remembered_opens_nothing_names_no_case_and_is_bounded()
    {
        var (lidia, @case) = (await desk.SignInAsync("Lidia"), Case);
        var body = (await lidia.GetAsync(@case)).Body;
        var place = Here().Match(body).Groups[1].Value;
        place.Length.ShouldBe(32);
        @case.ShouldNotContain(place);
        // Only what was asked for with keys counts: listening to a name, or a page that refreshes itself, makes nobody be there.
        var marta = await desk.SignInAsync("Marta");
        var account = (await marta.GetAsync("/account")).Body;
        using var open = await ListenAsync(account.Replace("data-listen=", $"data-here=\"{place}\" data-listen=", StringComparison.Ordinal));
        (await HeardAsync(open)).ShouldContain(": open");
        await UnattendedAsync(marta, @case);
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("Marta is");

        var session = desk.Host.Workplace.Sessions.Of(desk.Marta)[0];
        for (var i = 0; i < 100; i++) Presence.Come(session, desk.MartaId, $"place {i}");
        var before = Presence.Count;
        for (var i = 100; i < 200; i++) Presence.Come(session, desk.MartaId, $"place {i}");
        Presence.Count.ShouldBe(before);
        session.End();
        Presence.Sweep();
        Presence.Count.ShouldBeLessThanOrEqualTo(before - 16);
    }

    [Fact]
    public async Task A_form_that_somebody_overtook_comes_back_with_both_versions_and_goes_with_one_click_more()
    {
        var (lidia, marta, @case) = (await desk.SignInAsync("Lidia"), await desk.SignInAsync("Marta"), Case);
        var seen = SeenOf((await lidia.GetAsync(@case)).Body);
        (await marta.PostAsync($"{@case}/answer", ("answer", "Stay where you are."), ("conversation", "0"), ("seen", seen))).Status.ShouldBe(303);
        var back = await lidia.PostAsync($"{@case}/answer", ("answer", "Go to your aunt's."), ("conversation", "0"), ("seen", seen));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("The person was answered after you opened this page: Marta");
        back.Body.ShouldContain("What was answered meanwhile");
        back.Body.ShouldContain("Stay where you are.");
        back.Body.ShouldContain("Go to your aunt's.</textarea>");
        (await lidia.GetAsync(@case)).Body.ShouldContain("Go to your aunt's.</textarea>", customMessage: "the draft is kept");
        (await lidia.PostAsync($"{@case}/answer", ("answer", "Go to your aunt's."), ("conversation", "0"), ("seen", SeenOf(back.Body)))).Location.ShouldEndWith("?done=answered#last");

        seen = SeenOf((await lidia.GetAsync(@case)).Body);
        await marta.PostAsync($"{@case}/safe-contact", ("safely", "Signal, after eight"), ("seen", seen));
        back = await lidia.PostAsync($"{@case}/safe-contact", ("safely", "At home"), ("seen", seen));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("Signal, after eight");
        back.Body.ShouldContain("At home</textarea>");
        (await lidia.PostAsync($"{@case}/safe-contact", ("safely", "At home"), ("seen", SeenOf(back.Body)), ("discard", "yes"))).Status.ShouldBe(303);
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("At home");

        seen = SeenOf((await lidia.GetAsync(@case)).Body);
        await marta.PostAsync($"{@case}/stage", ("stage", "2"), ("reason", ""), ("seen", seen));
        back = await lidia.PostAsync($"{@case}/stage", ("stage", $"{(int)Stage.Closed}"), ("reason", "A wrong number"), ("seen", seen));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("Move it all the same");
        back.Body.ShouldContain("value=\"A wrong number\"");
        back.Body.ShouldContain($"<option value=\"{(int)Stage.Closed}\" selected>");
        (await lidia.PostAsync($"{@case}/stage", ("stage", $"{(int)Stage.Closed}"), ("reason", "A wrong number"), ("seen", SeenOf(back.Body)))).Status.ShouldBe(303);
    }

    [Fact]
    public async Task Access_colleagues_and_common_answers_come_back_too()
    {
        var (lidia, @case) = (await desk.SignInAsync("Lidia"), Case);
        var access = (await lidia.GetAsync($"{@case}/access")).Body;
        var pavlo = desk.Pavlo.ToString();
        var until = DateTimeOffset.UtcNow.AddDays(3).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await lidia.PostAsync($"{@case}/access", ("user", pavlo), ("part", "Legal"), ("until", until), ("seen", SeenOf(access)))).Status.ShouldBe(303);
        var back = await lidia.PostAsync($"{@case}/access", ("user", pavlo), ("part", "Health"), ("until", until), ("seen", SeenOf(access)));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("What Pavlo may read was changed");
        back.Body.ShouldContain("value=\"Health\" checked");
        back.Body.ShouldContain("Open it all the same");
        back = await lidia.PostAsync($"{@case}/access/end", ("user", pavlo), ("seen", SeenOf(access)));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("End it all the same");
        (await lidia.PostAsync($"{@case}/access/end", ("user", pavlo), ("seen", SeenOf(back.Body)))).Status.ShouldBe(303);

        var member = (await lidia.GetAsync($"/staff/{pavlo}")).Body;
        var last = DateTimeOffset.UtcNow.AddDays(50).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await lidia.PostAsync($"/staff/{pavlo}", ("role", "Volunteer"), ("last", last), ("seen", SeenOf(member)))).Status.ShouldBe(303);
        back = await lidia.PostAsync($"/staff/{pavlo}", ("role", "Officer"), ("last", ""), ("seen", SeenOf(member)));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("Save mine instead");

        (await lidia.PostAsync("/templates", ("language-0", "en"), ("title-0", "First"), ("words-0", "We read it."), ("seen", "0"))).Status.ShouldBe(303);
        back = await lidia.PostAsync("/templates", ("language-0", "en"), ("title-0", "Second"), ("words-0", "We read it all."), ("seen", "0"));
        back.Status.ShouldBe(409);
        back.Body.ShouldContain("We read it.");
        back.Body.ShouldContain("value=\"Second\"");
        (await lidia.PostAsync("/templates", ("language-0", "en"), ("title-0", "Second"), ("words-0", "We read it all."), ("seen", SeenOf(back.Body)))).Status.ShouldBe(303);
    }

    [Fact]
    public async Task Every_form_that_replaces_something_says_what_it_was_made_from_and_every_form_has_a_number()
    {
        var (lidia, @case) = (await desk.SignInAsync("Lidia"), Case);
        string[] replacing = [$"{@case}/answer", $"{@case}/safe-contact", $"{@case}/stage", $"{@case}/access", $"{@case}/access/end", $"{@case}/access/hand-over", $"/staff/{desk.Pavlo}", "/templates"];
        List<string> found = [];
        foreach (var path in (string[])[@case, $"{@case}/access", $"/staff/{desk.Pavlo}", "/templates", "/account", "/staff/invite"])
        {
            foreach (Match form in WholeForm().Matches((await lidia.GetAsync(path)).Body))
            {
                form.Value.ShouldContain("name=\"form-id\" value=\"");
                if (!replacing.Contains(form.Groups["action"].Value)) continue;
                form.Value.ShouldContain("name=\"seen\" value=\"");
                found.Add(form.Groups["action"].Value);
            }
        }
        replacing.Except(found).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_is_done_once()
    {
        var (lidia, @case) = (await desk.SignInAsync("Lidia"), Case);
        await lidia.GetAsync(@case);
        (string, string)[] form = [("note", "He called."), ("form-id", "0123456789abcdef")];
        var both = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => lidia.PostAsync($"{@case}/notes", form)));
        both.ShouldAllBe(answer => answer.Status == 303 && answer.Location == $"{@case}?done=noted#last");
        Regex.Count((await lidia.GetAsync(@case)).Body, "He called\\.").ShouldBe(1);
        desk.Clock.Add(TimeSpan.FromMinutes(1));
        var later = await lidia.PostAsync($"{@case}/notes", form);
        later.Status.ShouldBe(409);
        later.Body.ShouldContain("This form was sent already");
        later.Body.ShouldNotContain("Sentence");
        Regex.Count((await lidia.GetAsync(@case)).Body, "He called\\.").ShouldBe(1);

        // What did nothing may be sent again with the same number.
        (await lidia.PostAsync($"{@case}/notes", ("note", ""), ("form-id", "00000000000000ff"))).Status.ShouldBe(422);
        (await lidia.PostAsync($"{@case}/notes", ("note", "Now with words."), ("form-id", "00000000000000ff"))).Status.ShouldBe(303);
        (await lidia.PostAsync($"{@case}/notes", ("note", "Another."), ("form-id", "00000000000000fe"))).Status.ShouldBe(303);
        Regex.Count((await lidia.GetAsync(@case)).Body, "Now with words\\.").ShouldBe(1);
    }

    [Fact]
    public async Task Drafts_outlive_a_locked_session_a_sign_out_and_a_restart_of_the_Desk()
    {
        var (lidia, @case) = (await desk.SignInAsync("Lidia"), Case);
        await lidia.GetAsync(@case);
        await lidia.PostAsync($"{@case}/draft", ("answer", "Stay where"));
        await lidia.PostAsync($"{@case}/draft", ("note", "Ask Ihor"));
        await lidia.PostAsync($"{@case}/draft", ("safely", "Not on Mon"));
        await lidia.PostAsync("/sign-out");
        lidia = await desk.SignInAsync("Lidia");
        await IsThereAsync();
        desk.Clock.Add(TimeSpan.FromMinutes(20));
        (await lidia.GetAsync(@case)).Location.ShouldStartWith("/unlock");
        lidia = await desk.SignInAsync("Lidia");
        await IsThereAsync();
        await desk.RestartAsync();
        lidia = await desk.SignInAsync("Lidia");
        await IsThereAsync();
        (await (await desk.SignInAsync("Marta")).GetAsync(@case)).Body.ShouldNotContain("Stay where");

        async Task IsThereAsync()
        {
            var body = (await lidia.GetAsync(@case)).Body;
            foreach (var draft in (string[])["Stay where</textarea>", "Ask Ihor</textarea>", "Not on Mon</textarea>"]) body.ShouldContain(draft);
        }
    }

    [Fact]
    public async Task A_draft_that_arrives_after_its_answer_is_no_draft()
    {
        var (lidia, @case) = (await desk.SignInAsync("Lidia"), Case);
        var seen = SeenOf((await lidia.GetAsync(@case)).Body);
        (await lidia.PostAsync($"{@case}/answer", ("answer", "We are here."), ("conversation", "0"), ("seen", seen))).Status.ShouldBe(303);
        await lidia.PostAsync($"{@case}/draft", ("answer", "We are here."));
        (await lidia.GetAsync(@case)).Body.ShouldNotContain("We are here.</textarea>");
    }

    private static string SeenOf(string body) => Seen().Match(body).Groups[1].Value;

    private async Task<Stream> ListenAsync(string page)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(desk.Address, "/events"));
        request.Headers.Add("X-Listen", Listen().Match(page).Groups[1].Value);
        if (Here().Match(page) is { Success: true } here) request.Headers.Add("X-Here", here.Groups[1].Value);
        var answer = await desk.WithoutCookies.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        return await answer.Content.ReadAsStreamAsync(Cancel);
    }

    private static async Task<string> HeardAsync(Stream stream)
    {
        var buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancel));
    }

    private static async Task<string> UnattendedAsync(Browser browser, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Unattended", "yes");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return (await browser.SendAsync(request)).Body;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 100; i++)
        {
            if (isSo()) return;
            await Task.Delay(50, Cancel);
        }
        throw new TimeoutException("It did not happen.");
    }

    [GeneratedRegex("name=\"seen\" value=\"(\\d+)\"")]
    private static partial Regex Seen();

    [GeneratedRegex("data-here=\"([0-9a-f]+)\"")]
    private static partial Regex Here();

    [GeneratedRegex("data-listen=\"([0-9a-f]+)\"")]
    private static partial Regex Listen();

    [GeneratedRegex("<form[^>]*method=\"post\" action=\"(?<action>[^\"]+)\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex WholeForm();
}

/// <summary>A Desk on a real port where Lidia coordinates, Marta works cases and Pavlo volunteers. Each test has its own case.</summary>
public sealed class OpenDesk : IAsyncLifetime
{
    private const int Cases = 24;
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (string Passphrase, byte[] Totp)> _people = [];
    private readonly List<Browser> _browsers = [];
    private readonly Queue<CaseId> _cases = [];

    internal DeskHost Host { get; private set; } = null!;

    internal DeskClock Clock { get; } = new();

    internal HttpClient WithoutCookies { get; } = new(new SocketsHttpHandler { UseCookies = false, ResponseDrainTimeout = TimeSpan.Zero });

    public Uri Address => new($"http://localhost:{Host.Address.Port}/");

    public PublicKey Lidia { get; private set; }

    public PublicKey Marta { get; private set; }

    public UserId MartaId { get; private set; }

    public UserId Pavlo { get; private set; }

    /// <summary>A case of Lidia's that was opened to Marta, and that no other test has.</summary>
    public CaseId NextCase() => _cases.Dequeue();

    public async ValueTask InitializeAsync()
    {
        using (var office = Office.Found(Clock, _folder))
        using (var memory = new LockedMemory(4 << 20))
        {
            _people["Lidia"] = (Encoding.UTF8.GetString(office.Passphrase.Span), office.Lidia.TotpSecret.Span.ToArray());
            using var marta = Hire(office, memory, "Marta", Roles.Caseworker);
            using var pavlo = Hire(office, memory, "Pavlo", Roles.Volunteer);
            (Lidia, Marta, MartaId, Pavlo) = (office.Lidia.Author, marta.Author, marta.User, pavlo.User);
            for (var i = 0; i < Cases; i++)
            {
                using var person = Correspondent.WithRandomKeys(office);
                var @case = office.Admit(person);
                office.Organisation.Access.Grant(office.Lidia, @case.Id, marta.User, [Compartment.Contact, Compartment.Legal], null);
                _cases.Enqueue(@case.Id);
            }
        }
        await StartAsync();
    }

    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        await StartAsync();
    }

    internal async Task<Browser> SignInAsync(string name)
    {
        var browser = new Browser(Address);
        _browsers.Add(browser);
        Clock.Add(TimeSpan.FromSeconds(60));
        var (passphrase, totp) = _people[name];
        (await browser.PostAsync("/sign-in?language=en", ("name", name), ("passphrase", passphrase), ("code", $"{Totp.CodeAt(totp, Totp.StepAt(Clock.GetUtcNow())):D6}"), ("then", "/"))).Status.ShouldBe303();
        await browser.GetAsync("/account");
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        WithoutCookies.Dispose();
        await Host.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync() => Host = await DeskHost.StartAsync(
        new DeskOptions(_folder.Path)
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            ClientDirectory = Path.Combine(Product.Folder, "client"),
            RefusalStep = TimeSpan.FromMilliseconds(10),
            FirstWait = TimeSpan.FromMilliseconds(1),
        },
        Clock, _ => { });

    private Keyring Hire(Office office, LockedMemory memory, string name, Roles roles)
    {
        var printed = office.Organisation.Staff.Invite(office.Lidia, name, roles, roles == Roles.Volunteer ? office.Organisation.Today + 100 : null);
        using var joining = office.Organisation.Staff.BeginJoining(printed.Code, WordList.For("en"), memory)!;
        _people[name] = (Encoding.UTF8.GetString(joining.Passphrase.Span), joining.TotpSecret.Span.ToArray());
        var keyring = joining.Complete("en");
        office.Organisation.Staff.Confirm(office.Lidia, printed.User, keyring.Fingerprint);
        office.Organisation.Receive(keyring);
        return keyring;
    }
}
