using Microsoft.Playwright;
using Shouldly;

namespace Understory.Browser.Tests;

/// <summary>Somebody at a phone: does what the pages offer, by what stands on them, and notes what the browser asks of whom.</summary>
public sealed class Phone : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly List<string> _elsewhere = [];
    private readonly List<string> _complaints = [];

    internal Phone(IBrowserContext context, IPage page, string language, Uri address)
    {
        (_context, Page, Language, _address) = (context, page, language, address);
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal)) _elsewhere.Add(request.Url);
        };
        page.Console += (_, message) =>
        {
            // A form that is sent back is refused by its status too, and the browser says so.
            if (message.Type == "error" && !message.Text.Contains("status of 400", StringComparison.Ordinal)) _complaints.Add(message.Text);
        };
        page.PageError += (_, fault) => _complaints.Add(fault);
    }

    public IPage Page { get; }

    public string Language { get; }

    public ILocator Heading => Page.Locator("h1");

    public Task GoAsync(string path) => Page.GotoAsync($"/{Language}/{path}");

    /// <summary>Asks for help; what it shows is the receipt.</summary>
    public async Task<string> AskAsync(string words, string safely = "")
    {
        await GoAsync("write");
        await Page.FillAsync("#words", words);
        await Page.FillAsync("#safely", safely);
        await Page.CheckAsync("input[name=urgency][value='2']");
        await Page.ClickAsync("form[data-form=ask] button");
        return await NineWordsAsync();
    }

    /// <summary>The nine words that are shown.</summary>
    public async Task<string> NineWordsAsync()
    {
        await Page.WaitForSelectorAsync(".nine li:nth-child(9):not(:empty)");
        return string.Join(' ', await Page.Locator(".nine li").AllInnerTextsAsync());
    }

    /// <summary>Types the receipt back.</summary>
    public async Task TypeBackAsync(string nine)
    {
        await Page.FillAsync("#typed", nine);
        await Page.ClickAsync("form[data-form=check] button, form[data-form=practise] button");
    }

    /// <summary>Comes back; what it shows is the conversation.</summary>
    public async Task ReturnAsync(string nine)
    {
        await GoAsync("return");
        await Page.FillAsync("#receipt", nine);
        await Page.ClickAsync("form[data-form=return] button");
        await Page.WaitForSelectorAsync("[data-part=counts]");
    }

    public async Task WriteMoreAsync(string words)
    {
        await Page.FillAsync("#more", words);
        await Page.ClickAsync("form[data-form=more] button");
        await Page.WaitForSelectorAsync("[data-part=sent]");
    }

    public async Task ForgetAsync()
    {
        await Page.ClickAsync("form[data-form=forget] button");
        await Page.ClickAsync("form[data-form=forget-really] button");
    }

    public async Task<string[]> AnswersAsync() => [.. await Page.Locator(".answer .words").AllInnerTextsAsync()];

    /// <summary>Nothing was asked of anybody else, nothing is kept, and the browser had nothing to complain of.</summary>
    public async Task ShouldHaveLeftNothingAsync()
    {
        _elsewhere.ShouldBeEmpty();
        _complaints.ShouldBeEmpty();
        (await _context.CookiesAsync()).ShouldBeEmpty();
        (await _context.StorageStateAsync(new BrowserContextStorageStateOptions { IndexedDB = true })).ShouldBe("""{"cookies":[],"origins":[]}""");
        new Uri(Page.Url).Query.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
