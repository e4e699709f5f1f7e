using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Understory.Casework;
using Understory.Desk;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>A Desk on a real port, set up by Marta in a browser's words: over HTTP, step by step.</summary>
public sealed partial class RunningDesk : IAsyncLifetime
{
    public const string Name = "Marta";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Browser> _browsers = [];
    private DeskHost? _host;

    internal DeskHost Host => _host!;

    internal Workplace Workplace => Host.Workplace;

    public Uri Address => new($"http://localhost:{Host.Address.Port}/");

    internal DeskClock Clock { get; } = new();

    internal List<string> Said { get; } = [];

    public string Passphrase { get; private set; } = "";

    public byte[] TotpSecret { get; private set; } = [];

    public string Folder => _folder.Path;

    internal Func<DeskOptions, DeskOptions> With { get; set; } = same => same;

    public string IntakeAddress { get; set; } = "";

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await SetUpAsync();
    }

    public async Task StartAsync()
    {
        var options = new DeskOptions(_folder.Path)
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            ClientDirectory = Path.Combine(Product.Folder, "client"),
            RefusalStep = TimeSpan.FromMilliseconds(10),
            FirstWait = TimeSpan.FromMilliseconds(1),
        };
        _host = await DeskHost.StartAsync(With(options), Clock, Said.Add);
    }

    public async Task StopAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _host = null;
    }

    internal Browser NewBrowser(Uri? address = null)
    {
        var browser = new Browser(address ?? Address);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>Somebody who has just signed in.</summary>
    internal async Task<Browser> SignedInAsync()
    {
        var browser = NewBrowser();
        (await SignInAsync(browser)).Status.ShouldBe303();
        return browser;
    }

    internal Task<Answer> SignInAsync(Browser browser, string? name = null, string? passphrase = null, string? code = null, string then = "/") => browser.PostAsync(
        "/sign-in?language=en", ("name", name ?? Name), ("passphrase", passphrase ?? Passphrase), ("code", code ?? NextCode()), ("then", then));

    /// <summary>A code that was not used: the clock goes on until there is one.</summary>
    internal string NextCode()
    {
        Clock.Add(TimeSpan.FromSeconds(60));
        return $"{Totp.CodeAt(TotpSecret, Totp.StepAt(Clock.GetUtcNow())):D6}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        await StopAsync();
        _folder.Dispose();
    }

    private async Task SetUpAsync()
    {
        var browser = await ToLastStepAsync();
        (await browser.PostAsync("/setup/intake", ("address", IntakeAddress))).Location.ShouldBeLocation("/setup/done");
        (await browser.GetAsync("/setup/done")).Body.ShouldSay("Everything is set up");
    }

    /// <summary>Everything is filled in but the last step, and nothing stored yet.</summary>
    internal async Task<Browser> ToLastStepAsync()
    {
        var browser = NewBrowser();
        (await browser.PostAsync("/setup", ("code", Host.OneTimeCode!))).Location.ShouldBeLocation("/setup/language");
        (await browser.PostAsync("/setup/language", ("language", "en"))).Status.ShouldBe303();
        (await browser.PostAsync("/setup/organisation", ("name", "Open Road"))).Status.ShouldBe303();
        (await browser.PostAsync("/setup/you", ("name", Name))).Status.ShouldBe303();
        Passphrase = string.Join(' ', Word().Matches((await browser.GetAsync("/setup/passphrase")).Body).Select(match => match.Groups[1].Value));
        (await browser.PostAsync("/setup/passphrase")).Status.ShouldBe303();
        (await browser.PostAsync("/setup/repeat", ("passphrase", Passphrase))).Status.ShouldBe303();
        TotpSecret = TotpSecretOn((await browser.GetAsync("/setup/telephone")).Body);
        (await browser.PostAsync("/setup/telephone", ("code", NextCode()))).Status.ShouldBe303();
        (await browser.PostAsync("/setup/recovery", ("kept", "yes"))).Status.ShouldBe303();
        return browser;
    }

    /// <summary>The secret that a page shows for a telephone.</summary>
    internal static byte[] TotpSecretOn(string page) => FromBase32(Letters().Match(page).Groups[1].Value);

    private static byte[] FromBase32(string spelled)
    {
        var bits = string.Concat(spelled.Replace(" ", "", StringComparison.Ordinal).Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    [GeneratedRegex("<li>(\\w+)</li>")]
    private static partial Regex Word();

    [GeneratedRegex("class=\"code-letters\"[^>]*>([A-Z2-7 ]+)<")]
    private static partial Regex Letters();
}

/// <summary>A clock that goes on when a test says so; what waits, waits for real.</summary>
internal sealed class DeskClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Add(TimeSpan time) => _ahead += time;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_ahead.TotalSeconds * TimestampFrequency);
}

/// <summary>What a browser does: keeps cookies, says where a form comes from, carries the form's token.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpClient _withoutCookies = new(new SocketsHttpHandler { UseCookies = false });
    private readonly Uri _address;

    public Browser(Uri address)
    {
        _address = address;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = address };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The token of the last page that had one.</summary>
    public string Token { get; set; } = "";

    public async Task<Answer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Site", "none");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        return await SendAsync(request);
    }

    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) => PostAsync(path, _ => { }, fields);

    public async Task<Answer> PostAsync(string path, Action<HttpRequestMessage> change, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create(FormToken.Field, Token)]);
        request.Headers.Add("Origin", _address.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        change(request);
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
        if (TokenField().Match(body) is { Success: true } token) Token = token.Groups[1].Value;
        return new Answer((int)response.StatusCode, WebUtility.HtmlDecode(body), response.Headers.Location?.OriginalString,
            string.Join('\n', response.Headers.Concat(response.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")));
    }

    /// <summary>As a page's script does: with the ticket that stands in the page, and without the cookie.</summary>
    public async Task<Stream> ListenAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, "/events"));
        request.Headers.Add("X-Listen", ListenTicket().Match((await GetAsync("/account")).Body).Groups[1].Value);
        var answer = await _withoutCookies.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.Content.ReadAsStreamAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _withoutCookies.Dispose();
    }

    [GeneratedRegex("data-listen=\"([0-9a-f]+)\"")]
    private static partial Regex ListenTicket();

    [GeneratedRegex("name=\"form-token\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}

internal sealed record Answer(int Status, string Body, string? Location, string Headers);

/// <summary>What the set-up must get, and says where it does not.</summary>
internal static class AnswerExtensions
{
    public static void ShouldBe303(this int status) => Shouldly.ShouldBeTestExtensions.ShouldBe(status, 303);

    public static void ShouldBeLocation(this string? location, string expected) => Shouldly.ShouldBeStringTestExtensions.ShouldBe(location, expected);

    public static void ShouldSay(this string body, string words) => Shouldly.ShouldBeStringTestExtensions.ShouldContain(body, words);
}
