using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Understory.Casework;
using Understory.Desk.Access;
using Understory.Desk.Archives;
using Understory.Desk.Cases;
using Understory.Desk.Checkpoints;
using Understory.Desk.Conversations;
using Understory.Desk.Inbox;
using Understory.Desk.Joining;
using Understory.Desk.Live;
using Understory.Desk.Setup;
using Understory.Desk.Staff;
using Understory.Desk.Users;
using Understory.Pages;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>The Desk, listening. It logs nothing; what an operator must know is said in sentences about the machine.</summary>
public sealed class DeskHost : IAsyncDisposable
{
    private const int MostConnections = 512;
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(20);

    private readonly WebApplication _web;
    private readonly Workplace _workplace;
    private readonly FirstRun _firstRun;
    private readonly JoiningDesk _joining;
    private readonly ITimer _timer;
    private Addresses _addresses;

    private DeskHost(DeskOptions options, Workplace workplace, TimeProvider time)
    {
        _workplace = workplace;
        (_firstRun, _joining) = (new FirstRun(workplace), new JoiningDesk(workplace));
        _addresses = new Addresses(options.Listen, options.Addresses);
        // An empty builder: no file of settings, no variable of the environment and no logger comes in unasked.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            // Form holds the bounds; this is what is let run dry of a body that was refused.
            kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
            // An idle connection keeps its last request in a buffer, with the cookie.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 500, gracePeriod: TimeSpan.FromSeconds(15));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, WipingPool.Factory>();
        _web = builder.Build();
        var guard = new Guard(workplace, () => _addresses);
        _web.Use(next => context => guard.InvokeAsync(context, next));
        _web.Use(next => context => _firstRun.LeadAsync(context, next));
        _web.UseRouting();
        Map(new DeskRoutes(_web, workplace));
        _timer = time.CreateTimer(_ => Sweep(), null, s_sweep, s_sweep);
    }

    /// <summary>Where it listens, as browsers are to call it.</summary>
    public Uri Address
    {
        get
        {
            var listening = new Uri(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            return listening.IsLoopback ? Addresses.Local(listening.Port) : listening;
        }
    }

    /// <summary>The organisation whose Desk this is; the host's, and closed with it.</summary>
    public Organisation Organisation => _workplace.Organisation;

    /// <summary>What the terminal shows for the first visit; null where the organisation is set up.</summary>
    public string? OneTimeCode => _firstRun.Code;

    internal Workplace Workplace => _workplace;

    /// <summary>Everything that can be asked for, for the test that goes through all of it.</summary>
    internal IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_web).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <summary>Opens the organisation's database and listens.</summary>
    /// <param name="options">What the operator decided.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Told sentences about the machine. None is about a person.</param>
    /// <exception cref="CaseworkException">The database cannot be opened, or the port is in use.</exception>
    /// <exception cref="MemoryNotLockedException">The memory for keys cannot be locked.</exception>
    public static async Task<DeskHost> StartAsync(DeskOptions options, TimeProvider time, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(say);
        ProcessMemory.Close();
        var workplace = new Workplace(options, time, say);
        DeskHost? host = null;
        try
        {
            host = new DeskHost(options, workplace, time);
            await host._web.StartAsync();
            workplace.Collecting.Start();
            workplace.Exporting.Start();
            host._addresses = new Addresses(new IPEndPoint(options.Listen.Address, host.Address.Port), options.Addresses);
            return host;
        }
        catch (Exception fault)
        {
            if (host is not null) await host.DisposeAsync();
            else workplace.Dispose();
            if (fault is IOException { InnerException: AddressInUseException })
                throw new CaseworkException($"{options.Listen} is in use by another program: choose another port with --listen.");
            if (fault is SocketException socket) throw new CaseworkException($"It cannot listen on {options.Listen}: {socket.Message}.");
            throw;
        }
    }

    /// <summary>Ends every session, answers what was begun, stops listening and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        // First, so that open streams of events end and nobody waits for them.
        _workplace.Sessions.Dispose();
        await _web.DisposeAsync();
        await _workplace.Collecting.DisposeAsync();
        await _workplace.Exporting.DisposeAsync();
        _firstRun.Dispose();
        _joining.Dispose();
        _workplace.Dispose();
    }

    private void Sweep()
    {
        _workplace.Sessions.Sweep();
        _workplace.Presence.Sweep();
        _firstRun.Sweep();
        _joining.Sweep();
        _workplace.Organisation.Sweep();
    }

    // Every feature once.
    private void Map(DeskRoutes routes)
    {
        routes.MapClientFiles();
        routes.MapSignIn();
        routes.MapSessions();
        routes.MapEvents();
        routes.MapFirstRun(_firstRun);
        routes.MapJoining(_joining);
        routes.MapDirectory();
        routes.MapAccess();
        routes.MapArchive();
        routes.MapInbox();
        routes.MapConversations();
        routes.MapCases();
        routes.MapCheckpoints();
    }
}
