using System.Net.Http.Headers;

namespace Understory.Channels;

/// <summary>What a witness answered: nothing of it is believed before its signature was verified.</summary>
/// <param name="Status">As HTTP has it.</param>
/// <param name="Body">At most 4,096 bytes.</param>
public sealed record WitnessReply(int Status, ReadOnlyMemory<byte> Body);

/// <summary>
/// The Desk's line to a witness (<c>docs/formats/witness.md</c>): calls out, to one pinned address. How far a log went says how much is
/// worked: it crosses no line in the clear.
/// </summary>
public sealed class WitnessConnection : IDisposable
{
    private const int MostAnswered = 4_096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <param name="address">Where it is; a path in it stays in front of the witness's own.</param>
    public WitnessConnection(IntakeAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _address = new Uri(address.Address, "add-checkpoint");
        _http = new HttpClient(address.Handler()) { Timeout = s_patience, MaxResponseContentBufferSize = MostAnswered };
    }

    /// <summary>Asks.</summary>
    /// <returns>Its answer; null where it cannot be reached, is too slow, is not the pinned one, or says too much.</returns>
    public async Task<WitnessReply?> AskAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(request);
            content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
            using var response = await _http.PostAsync(_address, content, cancel);
            return new WitnessReply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || fault is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Closes the line.</summary>
    public void Dispose() => _http.Dispose();
}
