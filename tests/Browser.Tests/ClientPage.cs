using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Understory.Browser.Tests.ClientPage))]

// One page, and one pair of buffers that it fetches from and sends to: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Understory.Browser.Tests;

/// <summary>
/// The built client (<c>out/client</c>) on a page of a real Chromium, under the policy that Intake will send: scripts and
/// workers of its own folder, WebAssembly in one worker only.
/// </summary>
public sealed class ClientPage : IAsyncLifetime
{
    private const string PagePolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";
    private const string WorkerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
    private WebApplication? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal static BrowserTypeLaunchOptions Launch => new()
    {
        ExecutablePath = Chromium,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    };

    /// <summary>Bytes that a test lets the page fetch from <c>/bytes</c>, since megabytes are slow to pass otherwise.</summary>
    public byte[] Served { get; set; } = [];

    /// <summary>Bytes that the page sent to <c>/bytes</c>.</summary>
    public byte[] Received { get; private set; } = [];

    public IPage Page { get; private set; } = null!;

    internal static string Chromium => Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        var folder = FindClient();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = context.Request.Path == "/argon2-wasm.js" ? WorkerPolicy : PagePolicy;
            return next(context);
        });
        _server.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        _server.MapGet("/", () => Results.Content("<!doctype html><title>Write to us</title>", "text/html"));
        _server.MapGet("/bytes", () => Results.Bytes(Served));
        _server.MapPost("/bytes", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Received = body.ToArray();
        });
        await _server.StartAsync();

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(Launch);
        Page = await _browser.NewPageAsync();
        await Page.GotoAsync(_server.Urls.First());
    }

    /// <summary>Runs script with the client's exports as <c>client</c> and an argument as <c>given</c>.</summary>
    public async Task<T> RunAsync<T>(string script, object? given = null)
    {
        if (_browser is null) Assert.Skip($"There is no Chromium at {Chromium}; set CHROMIUM.");
        return await Page.EvaluateAsync<T>($"async given => {{ const client = await import('/understory.js'); {Bytes} {script} }}", given);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    private const string Bytes =
        """
        const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
        const unhex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
        const fetched = async () => new Uint8Array(await (await fetch('/bytes')).arrayBuffer());
        const send = body => fetch('/bytes', { method: 'POST', body });
        """;

    internal static string FindClient()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var client = Path.Combine(at.FullName, "out", "client");
            if (File.Exists(Path.Combine(client, "understory.js"))) return client;
        }
        throw new InvalidOperationException("out/client is not there: run script/build first.");
    }
}
