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

    private readonly HttpRequest _request;

    private RequestBody(HttpRequest request, int length) => (_request, Length) = (request, length);

    public int Length { get; }

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
        await FillAsync(head);
        return head;
    }

    /// <summary>All of it.</summary>
    /// <param name="head">What was read already.</param>
    public async Task<byte[]> WholeAsync(byte[]? head = null)
    {
        if (head?.Length == Length) return head;
        var whole = new byte[Length];
        head?.CopyTo(whole, 0);
        await FillAsync(whole.AsMemory(head?.Length ?? 0));
        return whole;
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
            var read = await ReadAsync(reader, late.Token);
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

    private async ValueTask<ReadResult> ReadAsync(PipeReader reader, CancellationToken late)
    {
        try
        {
            return await reader.ReadAsync(late);
        }
        catch (OperationCanceledException) when (!_request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException(IntakeErrorCode.TooLong);
        }
    }

    private async Task FillAsync(Memory<byte> memory)
    {
        var reader = _request.BodyReader;
        while (!memory.IsEmpty)
        {
            var read = await reader.ReadAsync(_request.HttpContext.RequestAborted);
            var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, memory.Length));
            some.CopyTo(memory.Span);
            memory = memory[(int)some.Length..];
            reader.AdvanceTo(some.End);
            if (read.IsCompleted && !memory.IsEmpty) throw new RefusedException(IntakeErrorCode.Malformed);
        }
    }
}
