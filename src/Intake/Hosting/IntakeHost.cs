using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Understory.Pages;

namespace Understory.Intake;

/// <summary>Intake, listening. It logs nothing: nobody's request leaves a trace but what the store keeps of it.</summary>
public sealed class IntakeHost : IAsyncDisposable
{
    private const int MostConnections = 4_096;
    private const int MostRefused = 4 * 1024 * 1024;
    private static readonly TimeSpan s_beat = TimeSpan.FromMinutes(1);

    private readonly WebApplication _web;
    private readonly Timer _timer;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly StandIn _standIn;
    private int _said;

    private IntakeHost(IntakeOptions options, IntakeStore store, IntakeFiles files, Lanes lanes, TimeProvider time, Action<string> say)
    {
        (Store, _time, _say) = (store, time, say);
        (HasCollector, HasInboxKey, HasInstance) = (files.HasCollector, files.HasInboxKey, files.HasInstance);
        var site = new Site(options, files, Client(options.ClientDirectory));
        _standIn = new StandIn(store, files, lanes, time);
        // An empty builder: no file of settings, no variable of the environment and no logger comes in unasked.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            // RequestBody holds the bounds. This is what is let run dry of a body that was refused, so that whoever sends it
            // reads why and does not see a broken line.
            kestrel.Limits.MaxRequestBodySize = MostRefused;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            // A slow line over several relays still manages this; who sends less holds a place that others want.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 500, gracePeriod: TimeSpan.FromSeconds(15));
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, WipingPool.Factory>();
        builder.Services.AddRoutingCore();
        _web = builder.Build();
        _web.Use(next => context => GuardAsync(context, next));
        if (options.IsBesideDesk) _web.Use(next => context => RefuseTheDesksName(context, next));
        _web.UseRouting();
        _web.MapIntakeProtocol(store, lanes, files);
        site.Map(_web);
        _web.MapAsk(site, _standIn);
        _web.MapReturn(site, _standIn);
        _web.MapPractise(site, _standIn);
        // Somebody who mistyped an address gets a page; whatever else asks, what the protocol says.
        _web.MapFallback(context => HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? site.NothingHere(context) : Endpoints.NothingHere(context));
        _timer = new Timer(_ => Beat(), null, s_beat, s_beat);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Whether there is a Desk that may collect.</summary>
    public bool HasCollector { get; }

    /// <summary>Whether there is something for people to seal to.</summary>
    public bool HasInboxKey { get; }

    /// <summary>Whether it is known which organisation this is.</summary>
    public bool HasInstance { get; }

    internal IntakeStore Store { get; }

    /// <summary>Opens the store and listens.</summary>
    /// <param name="options">What the operator decided.</param>
    /// <param name="time">What day it is.</param>
    /// <param name="say">Told a sentence, once, when something is wrong with the machine. No sentence is about a person.</param>
    /// <exception cref="StoreException">The store cannot be opened, or the port is in use.</exception>
    public static Task<IntakeHost> StartAsync(IntakeOptions options, TimeProvider time, Action<string> say) =>
        StartAsync(options, time, say, Lanes.Usual());

    internal static async Task<IntakeHost> StartAsync(IntakeOptions options, TimeProvider time, Action<string> say, Lanes lanes)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = new IntakeStore(options.DataDirectory, options, time, say);
        IntakeHost? host = null;
        try
        {
            host = new IntakeHost(options, store, new IntakeFiles(options, time), lanes, time, say);
            await store.TidyAsync();
            await host._web.StartAsync();
            return host;
        }
        catch (Exception fault)
        {
            if (host is not null) await host.DisposeAsync();
            else store.Dispose();
            if (fault is IOException { InnerException: AddressInUseException })
                throw new StoreException($"{options.Listen} is in use by another program: choose another port with --listen.");
            if (fault is SocketException socket) throw new StoreException($"It cannot listen on {options.Listen}: {socket.Message}.");
            throw;
        }
    }

    /// <summary>Answers what was begun, stops listening and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _web.DisposeAsync();
        _standIn.Dispose();
        Store.Dispose();
    }

    private static ClientFiles Client(string folder)
    {
        try
        {
            return ClientFiles.Read(folder);
        }
        catch (DirectoryNotFoundException)
        {
            throw new StoreException($"The scripts and styles of the pages are not in '{folder}': say where they are with --client-dir.");
        }
    }

    private void Harden(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), display-capture=(), usb=()";
        headers["X-DNS-Prefetch-Control"] = "off";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Only the day: how far a clock is off tells an onion service's machine from others.
        headers.Date = _time.GetUtcNow().UtcDateTime.Date.ToString("R", CultureInfo.InvariantCulture);
    }

    private static Task RefuseTheDesksName(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return next(context);
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        Harden(context.Response.Headers);
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (Exception fault) when (fault is Microsoft.AspNetCore.Http.BadHttpRequestException or ConnectionResetException)
        {
            // It came too slowly, or ended in the middle.
            context.Abort();
        }
        catch (Exception fault)
        {
            // A fault of ours. Its message may hold what it should not, and each line would tell when somebody came.
            if (Interlocked.Exchange(ref _said, 1) == 0) _say($"A request failed by a fault of this program ({fault.GetType().Name}).");
            if (context.Response.HasStarted) context.Abort();
            else await Endpoints.Busy(context);
        }
    }

    private async void Beat()
    {
        try
        {
            _standIn.Forms.Tidy();
            await Store.TidyAsync();
        }
        catch (Exception fault) when (fault is RefusedException or ObjectDisposedException or InvalidOperationException)
        {
            // Said already; the next minute tries again.
        }
    }
}
