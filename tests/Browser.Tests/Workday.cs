using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using Understory.Casework;
using Understory.Channels;
using Understory.Desk;
using Understory.Envelopes;
using Understory.Intake;
using Understory.Sealing;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// Both zones as they run: a real Intake, a real Desk that collects from it, an organisation that Lidia set up, and browsers.
/// </summary>
public sealed class Workday : IAsyncLifetime
{
    private const string User = "Lidia";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("understory-workday-");
    private readonly LockedMemory _memory = new(1 << 20);
    private byte[] _totp = [];
    private string _passphrase = "";
    private long _lastStep;
    private IntakeHost? _intake;
    private DeskHost? _desk;
    private Collector? _collector;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Uri IntakeAddress => _intake!.Address;

    public Uri DeskAddress => _desk!.Address;

    public Organisation Organisation => _desk!.Organisation;

    /// <summary>The Desk's data directory.</summary>
    public string DeskFolder => Path.Combine(_folder.FullName, "desk");

    public async ValueTask InitializeAsync()
    {
        var (intake, desk) = (Path.Combine(_folder.FullName, "intake"), Path.Combine(_folder.FullName, "desk"));
        Directory.CreateDirectory(intake);
        var credential = RandomNumberGenerator.GetBytes(Bearer.Size);
        using (var organisation = Organisation.Open(desk, TimeProvider.System))
        {
            using var founding = organisation.BeginFounding(WordList.For("en"), _memory);
            _passphrase = Encoding.UTF8.GetString(founding.Passphrase.Span);
            _totp = founding.TotpSecret.Span.ToArray();
            founding.Complete("Open Door", User, "en").Dispose();
            await File.WriteAllTextAsync(Path.Combine(intake, "instance"), Convert.ToHexStringLower(organisation.InstanceId));
            await File.WriteAllBytesAsync(Path.Combine(intake, "inbox-key"), organisation.Collection.OutgoingInboxKey()!.Value);
        }
        await File.WriteAllTextAsync(Path.Combine(intake, "collector"), Convert.ToHexStringLower(Bearer.Hash(credential)));
        await File.WriteAllTextAsync(Path.Combine(intake, "organisation"), "Open Door");
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        _intake = await IntakeHost.StartAsync(new IntakeOptions(intake) { Listen = anyPort, ClientDirectory = ClientPage.FindClient() }, TimeProvider.System, _ => { });
        _desk = await DeskHost.StartAsync(new DeskOptions(desk) { Listen = anyPort, ClientDirectory = ClientPage.FindClient() }, TimeProvider.System, _ => { });
        _collector = new Collector(_desk.Organisation, new IntakeConnection(new IntakeAddress(_intake.Address), credential), TimeProvider.System, TimeSpan.FromMilliseconds(300));
        _collector.Start();
        if (!File.Exists(ClientPage.Chromium)) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(ClientPage.Launch);
    }

    /// <summary>Somebody's phone, at Intake.</summary>
    public async Task<Phone> PhoneAsync(string language, bool scripts)
    {
        var context = await ContextAsync(IntakeAddress, language, 390, 844, scripts);
        return new Phone(context, await context.NewPageAsync(), language, IntakeAddress);
    }

    /// <summary>A page at the Desk, in which nobody is signed in.</summary>
    public async Task<IPage> DeskPageAsync(string language = "en", int width = 1280, int height = 900, bool scripts = true, ColorScheme scheme = ColorScheme.Light, bool bypass = false)
    {
        var context = await ContextAsync(DeskAddress, language, width, height, scripts, scheme, bypass);
        return await context.NewPageAsync();
    }

    /// <summary>Signs Lidia in, by keyboard alone.</summary>
    public async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.FocusAsync("#name");
        await page.Keyboard.TypeAsync(User);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(_passphrase);
        await TabToAsync(page, "#code");
        await page.Keyboard.TypeAsync(await CodeAsync());
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".top-user, .errors, .notice.is-danger");
        if (await page.QuerySelectorAsync(".errors") is not null) throw new InvalidOperationException(await page.InnerTextAsync("main"));
    }

    /// <summary>Lidia's keys, to hire somebody without pages; the caller's to dispose.</summary>
    internal Keyring Unlock(LockedMemory memory)
    {
        using var passphrase = memory.Copy(Encoding.UTF8.GetBytes(_passphrase));
        return Organisation.Unlock(User, passphrase, memory)!;
    }

    /// <summary>Presses Tab until the focus is there.</summary>
    internal static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 80; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector)) return;
            await page.Keyboard.PressAsync("Tab");
        }
        throw new InvalidOperationException($"{selector} is not reached by keyboard.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_collector is not null) await _collector.DisposeAsync();
        if (_desk is not null) await _desk.DisposeAsync();
        if (_intake is not null) await _intake.DisposeAsync();
        _memory.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A code of a step that was not used: the next one is taken early, as the window allows.</summary>
    private async Task<string> CodeAsync()
    {
        while (true)
        {
            var now = Totp.StepAt(DateTimeOffset.UtcNow);
            var step = Math.Max(_lastStep + 1, now);
            if (step <= now + Totp.Window)
            {
                _lastStep = step;
                return Totp.CodeAt(_totp, step).ToString("D6", CultureInfo.InvariantCulture);
            }
            await Task.Delay(200);
        }
    }

    private async Task<IBrowserContext> ContextAsync(
        Uri address, string language, int width, int height, bool scripts, ColorScheme scheme = ColorScheme.Light, bool bypass = false)
    {
        if (_browser is null) Assert.Skip($"There is no Chromium at {ClientPage.Chromium}; set CHROMIUM.");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            JavaScriptEnabled = scripts,
            Locale = language,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            BypassCSP = bypass,
        });
        context.SetDefaultTimeout(15_000);
        return context;
    }
}
