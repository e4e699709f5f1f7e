using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Understory.Journal;

namespace Understory.Witness;

/// <summary>
/// A witness, listening: C2SP tlog-witness and nothing else (<c>docs/formats/witness.md</c>). It writes nothing down but what it signed
/// last, logs nothing, and calls nobody.
/// </summary>
public sealed class WitnessHost : IAsyncDisposable
{
    private const int MostConnections = 64;

    private readonly WebApplication _web;
    private readonly WitnessStore _store;
    private readonly Action<string> _say;
    private int _failed;

    private WitnessHost(WitnessOptions options, WitnessStore store, Action<string> say)
    {
        (_store, _say) = (store, say);
        // An empty builder: no file of settings, no variable of the environment and no logger comes in unasked.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = WitnessRequest.MaxLength;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 32;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 200, gracePeriod: TimeSpan.FromSeconds(15));
        });
        _web = builder.Build();
        _web.Run(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What a Desk knows this witness by.</summary>
    public VerifierKey Key => _store.Key;

    /// <summary>Opens its folder, makes its key the first time, and listens.</summary>
    /// <param name="options">What the operator decided.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Told a sentence when something is wrong with the machine, once until it is right again.</param>
    /// <exception cref="WitnessException">The folder is in use or damaged, or the port is in use.</exception>
    public static async Task<WitnessHost> StartAsync(WitnessOptions options, TimeProvider time, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = WitnessStore.Open(options.DataDirectory, options.Logs, time);
        WitnessHost? host = null;
        try
        {
            host = new WitnessHost(options, store, say);
            await host._web.StartAsync();
            return host;
        }
        catch (Exception fault)
        {
            if (host is not null) await host._web.DisposeAsync();
            store.Dispose();
            if (fault is IOException { InnerException: AddressInUseException })
                throw new WitnessException($"{options.Listen} is in use by another program: choose another port with --listen.");
            if (fault is SocketException socket) throw new WitnessException($"It cannot listen on {options.Listen}: {socket.Message}.");
            throw;
        }
    }

    /// <summary>What was signed last of each log, as text.</summary>
    /// <param name="folder">A witness's data directory.</param>
    /// <exception cref="WitnessException">A file is none of the witness's.</exception>
    public static IEnumerable<string> Kept(string folder) => WitnessStore.Kept(folder);

    /// <summary>Lets a log begin anew under a new key; what was signed is kept beside.</summary>
    /// <inheritdoc cref="WitnessStore.SetAside"/>
    public static (string Folder, VerifierKey Key) SetAside(string folder, string origin, long size, TimeProvider time) => WitnessStore.SetAside(folder, origin, size, time);

    /// <summary>Answers what was begun, and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _store.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || http.Request.Path != "/add-checkpoint")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        try
        {
            var body = new byte[WitnessRequest.MaxLength + 1];
            var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
            var answer = _store.Answer(body.AsSpan(0, length));
            http.Response.StatusCode = answer.Status;
            http.Response.ContentType = answer.Status == StatusCodes.Status409Conflict ? "text/x.tlog.size" : answer.Body.Length > 0 ? "text/plain; charset=utf-8" : null;
            http.Response.ContentLength = answer.Body.Length;
            _failed = 0;
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException refused)
        {
            http.Response.StatusCode = refused.StatusCode;
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (Exception fault)
        {
            if (Interlocked.Exchange(ref _failed, 1) == 0) _say($"A checkpoint could not be kept ({fault.GetType().Name}), and was not signed: look at the disk.");
            if (http.Response.HasStarted) http.Abort();
            else http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
