using System.Net;

namespace Understory.Channels;

/// <summary>
/// Tells somebody that something is new, and nothing else: a program is run without arguments, or an empty POST is made to an
/// address; at most once a minute. Whoever carries the news learns when it was sent and never about whom, how many or what.
/// </summary>
public sealed class Notification : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string? _command;
    private readonly Uri? _address;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private bool _failed;

    /// <param name="command">The whole path of a program; null for none.</param>
    /// <param name="address">Where to POST to; null for nowhere.</param>
    /// <param name="proxy">Tor's SOCKS port, which the POST then goes through; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Told a sentence when it fails, once until it works again.</param>
    public Notification(string? command, Uri? address, Uri? proxy, TimeProvider time, Action<string> say)
    {
        (_command, _address, _time, _say) = (command, address, time, say);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : new WebProxy(proxy),
        })
        { Timeout = s_patience };
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Something is new. Told within the pause after the last time, it is passed on once when that is over.</summary>
    public void Tell()
    {
        try
        {
            if (_news.CurrentCount == 0) _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else told at the same moment.
        }
    }

    /// <summary>Stops; what was not passed on yet is not.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _http.Dispose();
        _news.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(_stop.Token);
                var fault = await PassOnAsync();
                if (fault is not null && !_failed) _say($"Nobody could be told that something is new: {fault}");
                _failed = fault is not null;
                await Task.Delay(s_pause, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It is stopped.
        }
    }

    /// <summary>Null when it worked, else why not.</summary>
    private async Task<string?> PassOnAsync()
    {
        string? fault = null;
        if (_command is not null) fault = await Hook.RunAsync(_command, default, s_patience, _stop.Token);
        if (_address is not null) fault = await PostAsync(_address) ?? fault;
        return fault;
    }

    private async Task<string?> PostAsync(Uri address)
    {
        try
        {
            using var nothing = new ByteArrayContent([]);
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = nothing };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            return response.IsSuccessStatusCode ? null : $"the address answered with status {(int)response.StatusCode}.";
        }
        catch (Exception fault) when (fault is HttpRequestException || fault is TaskCanceledException && !_stop.IsCancellationRequested)
        {
            return "the address cannot be reached.";
        }
    }
}
