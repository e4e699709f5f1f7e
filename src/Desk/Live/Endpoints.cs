using Microsoft.AspNetCore.Http.Features;

namespace Understory.Desk.Live;

/// <summary>What browsers load beside pages, and the stream that tells open pages that something changed.</summary>
internal static class Endpoints
{
    private const int MostListeners = 256;
    private const string TicketHeader = "X-Listen";
    private const string PlaceHeader = "X-Here";
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(25);

    public static void MapClientFiles(this DeskRoutes routes) => routes.AnyoneGet("/files/{name}", async request =>
    {
        // The address changes with the files. Kept by the reader's browser alone; they say nothing that the page does not.
        request.Http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        if (await request.Workplace.Files.TryWriteAsync(request.Http, request.Route("name"))) return;
        request.Http.Response.Headers.CacheControl = "no-store";
        request.Http.Response.StatusCode = StatusCodes.Status404NotFound;
    });

    /// <summary>
    /// <c>/events</c>: a stream in the form of server-sent events (HTML, 9.2). It says "changed" and nothing else, is no use of the
    /// session, holds no key in the clear, and ends with the session. It is asked for with a ticket and without the cookie: a
    /// request that is open for hours must not hold the browser's half of the session's key in this process.
    /// </summary>
    public static void MapEvents(this DeskRoutes routes) => routes.AnyoneGet("/events", async request =>
    {
        var session = request.Workplace.Sessions.FindListener(request.Http.Request.Headers[TicketHeader].ToString());
        if (session is null || session.IsLocked || request.Workplace.Changes.Count >= MostListeners)
        {
            request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        request.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        request.Http.Response.ContentType = "text/event-stream; charset=utf-8";
        var writer = request.Http.Response.BodyWriter;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(session.Unlocked, request.Http.RequestAborted);
        using var listener = request.Workplace.Changes.Listen();
        // The page of a case says so, by a name that opens nothing: whoever has it open is there (Presence).
        using var page = request.Workplace.Presence.Listen(session, request.Http.Request.Headers[PlaceHeader].ToString(), listener);
        try
        {
            await writer.WriteAsync(": open\n\n"u8.ToArray(), ended.Token);
            while (true)
            {
                var changed = await listener.WaitAsync(s_heartbeat, request.Workplace.Time, ended.Token);
                // A session that is not used is locked also while a page of it is open: the sweep cancels this.
                await writer.WriteAsync(changed ? "event: changed\ndata:\n\n"u8.ToArray() : ": \n\n"u8.ToArray(), ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            if (request.Http.RequestAborted.IsCancellationRequested) return;
            await writer.WriteAsync("event: ended\ndata:\n\n"u8.ToArray(), request.Http.RequestAborted);
        }
    });
}
