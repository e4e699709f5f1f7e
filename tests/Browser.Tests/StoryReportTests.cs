using Microsoft.Playwright;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>
/// The report on a story as a page in a real browser: it asks nobody for anything, the slider works under its own policy, axe
/// finds nothing. With UNDERSTORY_SCREENSHOTS set to a folder, a picture of each is left there.
/// </summary>
public sealed class StoryReportTests : IAsyncLifetime
{
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("UNDERSTORY_SCREENSHOTS");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("understory-reports-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(ClientPage.Chromium)) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(ClientPage.Launch);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("en", ColorScheme.Light, "3-"), InlineData("ru", ColorScheme.Dark, "5-"), InlineData("uk", ColorScheme.Light, "4-")]
    public Task Axe_finds_nothing_and_nothing_is_cut_off(string language, ColorScheme scheme, string example) => LookAsync(language, scheme, example);

    [Theory(Explicit = true)]
    [InlineData("en", ColorScheme.Light), InlineData("ru", ColorScheme.Light), InlineData("uk", ColorScheme.Light)]
    [InlineData("en", ColorScheme.Dark), InlineData("ru", ColorScheme.Dark), InlineData("uk", ColorScheme.Dark)]
    public Task Axe_finds_nothing_in_any_report(string language, ColorScheme scheme) => LookAsync(language, scheme, "");

    private async Task LookAsync(string language, ColorScheme scheme, string which)
    {
        await using var context = await ContextAsync(scheme, bypass: true);
        var page = await context.NewPageAsync();
        foreach (var example in Examples().Where(example => Path.GetFileName(example).StartsWith(which, StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(example);
            await page.GotoAsync(ReportOn(example, language).AbsoluteUri);
            if (s_pictures is not null)
            {
                foreach (var width in (int[])[390, 1280])
                {
                    await page.SetViewportSizeAsync(width, 900);
                    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"{language}-{scheme}-report-{name}-{width}.png"), FullPage = true });
                }
            }
            await Looking.IsFineAsync(page, name, 1280, 900);
        }
    }

    [Fact]
    public async Task The_slider_shows_who_held_a_place_and_no_request_is_made()
    {
        await using var context = await ContextAsync(ColorScheme.Light, bypass: false);
        var page = await context.NewPageAsync();
        List<string> asked = [];
        List<string> said = [];
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => said.Add(message.Text);
        var report = ReportOn(Examples().Single(name => name.Contains("1-holds", StringComparison.Ordinal)), "en");
        await page.GotoAsync(report.AbsoluteUri);
        await page.FocusAsync("#day");
        var days = (await page.GetAttributeAsync("#day", "data-days"))!.Split('|');
        var held = (await page.GetAttributeAsync(".place", "data-held"))!;
        held.Length.ShouldBe(days.Length);
        foreach (var (key, at) in ((string, int)[])[("Home", 0), ("End", days.Length - 1)])
        {
            await page.Keyboard.PressAsync(key);
            (await page.TextContentAsync("#chosen")).ShouldBe(days[at]);
            var expected = held[at] switch { 'r' => "ru", 'u' => "ua", 'c' => "contested", 'o' => "not-ru", _ => "none" };
            (await page.GetAttributeAsync(".place", "class"))!.Split(' ').ShouldContain(expected);
        }
        asked.ShouldBe([report.AbsoluteUri]);
        said.ShouldBeEmpty();
    }

    private static IEnumerable<string> Examples() => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "examples"), "*.yaml").Order(StringComparer.Ordinal);

    private Uri ReportOn(string example, string language)
    {
        var loaded = Loaded.From([]);
        var story = StoryReader.Read(File.ReadAllText(example), FactsReader.Shipped);
        var path = Path.Combine(_folder.FullName, $"{Path.GetFileNameWithoutExtension(example)}-{language}.html");
        File.WriteAllText(path, HtmlReport.Of(story, Checker.Check(story, loaded.Atlas, FactsReader.Shipped), loaded.Atlas, null, Texts.For(language)));
        return new Uri(path);
    }

    private async Task<IBrowserContext> ContextAsync(ColorScheme scheme, bool bypass)
    {
        Assert.SkipWhen(_browser is null, "Chromium is not installed");
        return await _browser!.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, BypassCSP = bypass, ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
    }
}
