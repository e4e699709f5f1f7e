using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>
/// The body of a request, read into memory of its announced length and nowhere else. What is too long is refused before
/// anything is allocated for it.
/// </summary>
internal readonly struct RequestBody
{
    private static readonly TimeSpan s_longestForm = TimeSpan.FromSeconds(90);

    // Of a slow telephone over several relays; a longer body takes this much longer.
    private const int BytesPerSecond = 2_000;
    private const int FirstStake = 16 * 1024;
    private const int SecondsWhenFull = 30;

    private readonly HttpRequest _request;

    private RequestBody(HttpRequest request, int length) => (_request, Length) = (request, length);

    /// <summary>How long any body may take, however short it is.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(30);

    public int Length { get; }

    /// <summary>The room that is taken before anything of it has come.</summary>
    public int Stake => Math.Min(Length, FirstStake);

    /// <param name="request">The request.</param>
    /// <param name="least">Shorter is malformed.</param>
    /// <param name="most">Longer is malformed.</param>
    /// <param name="limit">Longer is too long.</param>
    /// <exception cref="RefusedException">It does not say how long it is, or is not of our type or length.</exception>
    public static RequestBody Of(HttpRequest request, int least, int most, int limit) => Of(request, least, most, limit, IntakeProtocol.ContentType);

    /// <summary>The body of a plain form.</summary>
    /// <exception cref="RefusedException">It does not say how long it is, is too long, or is no plain form.</exception>
    public static RequestBody OfForm(HttpRequest request, int limit) => Of(request, least: 1, limit, limit, "application/x-www-form-urlencoded");

    private static RequestBody Of(HttpRequest request, int least, int most, int limit, string type)
    {
        if (request.ContentLength > limit) throw new RefusedException(IntakeErrorCode.TooLong);
        if (request.ContentLength is not { } length || length < least || length > most || request.ContentType != type || request.QueryString.HasValue)
            throw new RefusedException(IntakeErrorCode.Malformed);
        return new RequestBody(request, (int)length);
    }

    /// <summary>Its first bytes.</summary>
    public async Task<byte[]> HeadAsync(int length)
    {
        var head = new byte[Math.Min(length, Length)];
        await FillAsync(head, Patience);
        return head;
    }

    /// <summary>All of it.</summary>
    /// <param name="head">What was read already.</param>
    /// <param name="place">
    /// Entered with the <see cref="Stake"/>. It grows as bytes come, twice as large each time: who announces much and sends
    /// nothing takes room from nobody. Without one, all of it is taken at once.
    /// </param>
    /// <exception cref="RefusedException">It comes too slowly, ends too early, or there is no room for the rest.</exception>
    public async Task<byte[]> WholeAsync(byte[]? head = null, Lane.Place? place = null)
    {
        if (head?.Length == Length) return head;
        var filled = head?.Length ?? 0;
        var whole = new byte[place is null ? Length : Math.Max(Stake, filled)];
        head?.CopyTo(whole, 0);
        var patience = (place?.Patience ?? Patience) + TimeSpan.FromSeconds(Length / BytesPerSecond);
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            await FillAsync(whole.AsMemory(filled), patience - since.Elapsed);
            filled = whole.Length;
            if (filled == Length) return whole;
            var more = Math.Min(filled, Length - filled);
            if (!place!.TryGrow(more)) throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenFull);
            Array.Resize(ref whole, filled + more);
        }
    }

    /// <summary>
    /// Hands on all of it, piece by piece, and overwrites each piece where the server had it: whoever takes what a person
    /// wrote has the only copy.
    /// </summary>
    /// <remarks>
    /// The pieces lie in the server's pool, and are this request's alone until the reader is told that they were consumed:
    /// writing there is in order. What the system's network buffers hold is out of reach.
    /// </remarks>
    public async Task TakeAsync(Action<ReadOnlySpan<byte>> take)
    {
        var reader = _request.BodyReader;
        // A form holds a place that others want: whoever sends it by the drop loses it.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_request.HttpContext.RequestAborted);
        late.CancelAfter(s_longestForm);
        for (var left = Length; left > 0;)
        {
            var read = await ReadAsync(reader, new(IntakeErrorCode.TooLong), late.Token);
            var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, left));
            foreach (var piece in some)
            {
                take(piece.Span);
                CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(piece).Span);
            }
            left -= (int)some.Length;
            reader.AdvanceTo(some.End);
            if (read.IsCompleted && left > 0) throw new RefusedException(IntakeErrorCode.Malformed);
        }
    }

    private async ValueTask<ReadResult> ReadAsync(PipeReader reader, RefusedException tooLate, CancellationToken late)
    {
        try
        {
            return await reader.ReadAsync(late);
        }
        catch (OperationCanceledException) when (!_request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw tooLate;
        }
    }

    private async Task FillAsync(Memory<byte> memory, TimeSpan patience)
    {
        var reader = _request.BodyReader;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_request.HttpContext.RequestAborted);
        late.CancelAfter(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        while (!memory.IsEmpty)
        {
            var read = await ReadAsync(reader, new(IntakeErrorCode.Busy, SecondsWhenFull), late.Token);
            var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, memory.Length));
            some.CopyTo(memory.Span);
            memory = memory[(int)some.Length..];
            reader.AdvanceTo(some.End);
            if (read.IsCompleted && !memory.IsEmpty) throw new RefusedException(IntakeErrorCode.Malformed);
        }
    }
}
