using System.Net;
using Microsoft.Playwright;
using Understory.Intake;
using Understory.Tests;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>An Intake with its pages, an organisation behind it, and browsers of phone size.</summary>
public sealed class IntakePages : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("understory-pages-");
    private IntakeHost? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static int Today => (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400);

    public HttpClient Http { get; private set; } = new();

    public string Folder => _folder.FullName;

    internal SimulatedDesk Desk { get; } = new();

    public Uri Address => _host!.Address;

    public async ValueTask InitializeAsync()
    {
        Desk.SetUp(Folder, Today);
        var options = new IntakeOptions(Folder) { Listen = new IPEndPoint(IPAddress.Loopback, 0), ClientDirectory = ClientPage.FindClient() };
        _host = await IntakeHost.StartAsync(options, TimeProvider.System, _ => { });
        Http = new HttpClient { BaseAddress = Address };
        if (!File.Exists(ClientPage.Chromium)) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(ClientPage.Launch);
    }

    /// <summary>A phone: 390 by 844, with or without scripts, in a language, nothing kept from before.</summary>
    public async Task<Phone> PhoneAsync(string language, bool scripts, ColorScheme scheme = ColorScheme.Light, bool bypass = false)
    {
        if (_browser is null) Assert.Skip($"There is no Chromium at {ClientPage.Chromium}; set CHROMIUM.");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            JavaScriptEnabled = scripts,
            Locale = language,
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            ColorScheme = scheme,
            BypassCSP = bypass,
        });
        context.SetDefaultTimeout(15_000);
        return new Phone(context, await context.NewPageAsync(), language, Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Http.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
