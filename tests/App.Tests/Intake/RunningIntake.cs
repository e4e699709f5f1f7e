using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Intake;
using Understory.Tests;

namespace Understory.App.Tests.Intake;

/// <summary>An Intake on a real port, with a real store, and a Desk whose credential it knows.</summary>
internal sealed class RunningIntake : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private IntakeHost? _host;

    private RunningIntake(TemporaryFolder folder, bool ownsFolder) => (_folder, _ownsFolder) = (folder, ownsFolder);

    public static byte[] Credential { get; } = RandomNumberGenerator.GetBytes(Bearer.Size);

    public string Folder => _folder.Path;

    public Uri Address => _host!.Address;

    public List<string> Said { get; } = [];

    public IntakeStore Store => _host!.Store;

    public HttpClient Http { get; private set; } = new();

    public static async Task<RunningIntake> StartAsync(
        TimeProvider? time = null, Lanes? lanes = null, Func<IntakeOptions, IntakeOptions>? with = null, TemporaryFolder? folder = null, SimulatedDesk? desk = null,
        byte[]? instance = null)
    {
        var running = new RunningIntake(folder ?? new TemporaryFolder(), ownsFolder: folder is null);
        await File.WriteAllTextAsync(Path.Combine(running.Folder, "collector"), Convert.ToHexStringLower(Bearer.Hash(Credential)) + "\n");
        if (instance is not null) await File.WriteAllTextAsync(Path.Combine(running.Folder, "instance"), Convert.ToHexStringLower(instance));
        desk?.SetUp(running.Folder, (int)((time ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds() / 86_400));
        var options = new IntakeOptions(running.Folder) { Listen = new IPEndPoint(IPAddress.Loopback, 0), ClientDirectory = Product.Client };
        running._host = await IntakeHost.StartAsync((with ?? (same => same))(options), time ?? TimeProvider.System, running.Said.Add, lanes ?? Lanes.Usual());
        running.Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 400, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = running.Address };
        return running;
    }

    public Task<Answered> PostAsync(string path, byte[] body) => PostAsync(Http, path, body);

    public static async Task<Answered> PostAsync(HttpClient http, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(IntakeProtocol.ContentType);
        using var response = await http.PostAsync(path, content);
        return await Answered.ReadAsync(response);
    }

    public async Task<Answered> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return await Answered.ReadAsync(response);
    }

    public async Task<Answered> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return await Answered.ReadAsync(response);
    }

    public Task<Answered> SubmitAsync(Person person, byte[]? body = null) => PostAsync(IntakeProtocol.SubmitPath, body ?? person.Submit().ToBytes());

    public async Task<Listing> ListAsync(long cursor = 0, int most = IntakeProtocol.MostListed, byte[]? store = null)
    {
        var request = new ListRequest(Credential, store ?? new byte[IntakeProtocol.StoreIdSize], cursor, most);
        return Listing.Read((await PostAsync(IntakeProtocol.ListPath, request.ToBytes())).Done(), request);
    }

    public async Task<Deliveries> DeliveredAsync(long cursor = 0)
    {
        var request = new ListRequest(Credential, new byte[IntakeProtocol.StoreIdSize], cursor, IntakeProtocol.MostListed);
        return Deliveries.Read((await PostAsync(IntakeProtocol.DeliveredPath, request.ToBytes())).Done(), request);
    }

    public Task<Answered> TakeAsync(ReadOnlyMemory<byte> requestId) => PostAsync(IntakeProtocol.TakePath, new TakeRequest(Credential, requestId).ToBytes());

    public Task<Answered> CollectedAsync(params (ReadOnlyMemory<byte>, ReadOnlyMemory<byte>)[] envelopes) =>
        PostAsync(IntakeProtocol.CollectedPath, new CollectedRequest(Credential, envelopes).ToBytes());

    public Task<Answered> PutAsync(Envelope answer) => PostAsync(IntakeProtocol.PutPath, new PutRequest(Credential, answer).ToBytes());

    /// <summary>Every file of the data directory, as it lies there.</summary>
    public IEnumerable<(string Name, byte[] Content)> Files() =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return (file, memory.ToArray());
        });

    /// <summary>Stops it; the folder stays, and with it what is there.</summary>
    public async Task StopAsync()
    {
        Http.Dispose();
        if (_host is { } host) await host.DisposeAsync();
        _host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsFolder) _folder.Dispose();
    }
}

/// <summary>What Intake answered, whole.</summary>
internal sealed record Answered(int Status, byte[] Body, string Headers)
{
    public static async Task<Answered> ReadAsync(HttpResponseMessage response) => new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(),
        string.Join('\n', response.Headers.Concat(response.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal)));

    public IntakeErrorCode? Refused => Status == 200 ? null : IntakeError.Read(Body, Status).Code;

    public byte[] Done() => Status == 200 ? Body : throw new InvalidOperationException($"Intake refused: {IntakeError.Read(Body, Status)}");
}

/// <summary>A day that the test chooses.</summary>
internal sealed class Calendar : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 11, 47, 13, TimeSpan.Zero);

    public int Today => (int)(Now.ToUnixTimeSeconds() / 86_400);

    public override DateTimeOffset GetUtcNow() => Now;
}
