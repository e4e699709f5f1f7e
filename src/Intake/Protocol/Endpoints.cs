using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>What is said to Intake, by people's devices and by the Desk (<c>docs/formats/intake-protocol.md</c>).</summary>
internal static class Endpoints
{
    private const int SecondsAfterFault = 60;

    public static void MapIntakeProtocol(this IEndpointRouteBuilder routes, IntakeStore store, Lanes lanes, IntakeFiles files)
    {
        var person = new PersonRequests(store, lanes);
        var desk = new DeskRequests(store, lanes, files);
        On(HttpMethods.Get, IntakeProtocol.InboxKeyPath, _ => Task.FromResult(files.InboxKey()));
        Post(IntakeProtocol.SubmitPath, person.SubmitAsync);
        Post(IntakeProtocol.FetchPath, person.FetchAsync);
        Post(IntakeProtocol.AcknowledgePath, person.AcknowledgeAsync);
        Post(IntakeProtocol.ForgetPath, person.ForgetAsync);
        Post(IntakeProtocol.ListPath, desk.ListAsync);
        Post(IntakeProtocol.TakePath, desk.TakeAsync);
        Post(IntakeProtocol.CollectedPath, desk.CollectedAsync);
        Post(IntakeProtocol.PutPath, desk.PutAsync);
        Post(IntakeProtocol.DeliveredPath, desk.DeliveredAsync);
        Post(IntakeProtocol.KeepInboxKeyPath, desk.KeepInboxKeyAsync);
        Post(IntakeProtocol.DiscardPath, desk.DiscardAsync);

        void Post(string path, Func<HttpRequest, Task<byte[]>> serve) => On(HttpMethods.Post, path, serve);

        // By hand and not by MapGet and MapPost: another method is answered as every other path is, and names none that fits.
        void On(string method, string path, Func<HttpRequest, Task<byte[]>> serve) => routes.Map(path, context => Answer(context, method, serve));
    }

    /// <summary>What is asked where nothing is.</summary>
    public static Task NothingHere(HttpContext context) => Write(context, new IntakeError(IntakeErrorCode.NothingHere));

    /// <summary>Something went wrong that is not the asker's fault.</summary>
    public static Task Busy(HttpContext context) => Write(context, new IntakeError(IntakeErrorCode.Busy, SecondsAfterFault));

    private static async Task Answer(HttpContext context, string method, Func<HttpRequest, Task<byte[]>> serve)
    {
        if (context.Request.Method != method)
        {
            await NothingHere(context);
            return;
        }
        byte[] body;
        try
        {
            body = await serve(context.Request);
        }
        catch (RefusedException refused)
        {
            await Write(context, refused.Error);
            return;
        }
        catch (EnvelopeException)
        {
            // Also where it is longer than its parts: what is too long for any body was refused before it was read.
            await Write(context, new IntakeError(IntakeErrorCode.Malformed));
            return;
        }
        await Write(context, StatusCodes.Status200OK, body);
    }

    private static Task Write(HttpContext context, IntakeError error)
    {
        // The rest of a body that is too long is not waited for.
        if (error.Code == IntakeErrorCode.TooLong) context.Response.Headers.Connection = "close";
        return Write(context, error.Status, error.ToBytes());
    }

    private static async Task Write(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = IntakeProtocol.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>A person's device asks.</summary>
    private sealed class PersonRequests(IntakeStore store, Lanes lanes)
    {
        private const int SecondsWhenFull = 30;
        private const int LongestBookmark = 3_707;
        private const int ExpectedAt = 1 + Bearer.Size;
        private const int BookmarkAt = ExpectedAt + SHA256.HashSizeInBytes + 4;
        private const int LookUpIdAt = 1 + 1;
        private const int LongestAcknowledgement = 1 + ReceiptKeys.LookUpIdSize + BookmarkAt + LongestBookmark + IntakeProtocol.MostAnswers * Envelope.RequestIdSize;
        private const int FetchLength = 1 + ReceiptKeys.LookUpIdSize + Bearer.Size + Envelope.RequestIdSize;

        public async Task<byte[]> SubmitAsync(HttpRequest request)
        {
            var body = RequestBody.Of(request, least: BookmarkAt, IntakeProtocol.MaxSubmitLength, IntakeProtocol.MaxSubmitLength);
            byte[]? head = null;
            var place = lanes.Open.TryEnter(body.Stake);
            if (place is null)
            {
                // Only who returns is let in now. Token and look-up id stand in front; what is not believed is not read on.
                head = await body.HeadAsync(BookmarkAt + LongestBookmark + Envelope.HeadSize);
                var standing = IsFirst(head) || LookUpId(head) is not { } lookUpId ? Standing.None : await store.StandingAsync(lookUpId, head.AsMemory(1, Bearer.Size));
                place = standing == Standing.None ? null : lanes.TryReturn(standing, Math.Max(body.Stake, head.Length));
                if (place is null) throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenFull);
            }
            using (place)
            {
                var whole = await body.WholeAsync(head, place);
                await store.SubmitAsync(SubmitRequest.Read(whole), SHA256.HashData(whole));
            }
            return IntakeProtocol.Done;
        }

        public async Task<byte[]> FetchAsync(HttpRequest request)
        {
            var fetch = FetchRequest.Read(await RequestBody.Of(request, FetchLength, FetchLength, IntakeProtocol.MaxLength).WholeAsync());
            var standing = await store.StandingAsync(fetch.LookUpId, fetch.Token);
            if (standing == Standing.None) throw new RefusedException(IntakeErrorCode.NothingHere);
            using var place = lanes.TryReturn(standing, IntakeProtocol.MaxFetchedLength) ?? throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenFull);
            return (await store.FetchAsync(fetch)).ToBytes();
        }

        public async Task<byte[]> AcknowledgeAsync(HttpRequest request)
        {
            var body = await RequestBody.Of(request, least: BookmarkAt, LongestAcknowledgement + 1, IntakeProtocol.MaxLength).WholeAsync();
            await store.AcknowledgeAsync(AcknowledgeRequest.Read(body));
            return IntakeProtocol.Done;
        }

        public async Task<byte[]> ForgetAsync(HttpRequest request)
        {
            var most = 1 + Bearer.Size + Envelope.HeadSize + Envelope.SealedLength(1);
            var body = await RequestBody.Of(request, least: most, most, IntakeProtocol.MaxLength).WholeAsync();
            await store.ForgetAsync(ForgetRequest.Read(body), SHA256.HashData(body));
            return IntakeProtocol.Done;
        }

        private static bool IsFirst(byte[] head) => head.AsSpan(ExpectedAt, SHA256.HashSizeInBytes).IndexOfAnyExcept((byte)0) < 0;

        private static ReadOnlyMemory<byte>? LookUpId(byte[] head)
        {
            var at = BookmarkAt + (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(BookmarkAt - 4)) + LookUpIdAt;
            return at + ReceiptKeys.LookUpIdSize <= head.Length ? head.AsMemory((int)at, ReceiptKeys.LookUpIdSize) : null;
        }
    }

    /// <summary>The Desk's collector asks. Its credential is looked at before anything else is read.</summary>
    private sealed class DeskRequests(IntakeStore store, Lanes lanes, IntakeFiles files)
    {
        private const int CredentialEnd = 1 + Bearer.Size;
        private const int SecondsWhenFull = 5;

        public Task<byte[]> ListAsync(HttpRequest request) =>
            AsDesk(request, async body => (await store.ListAsync(ListRequest.Read(body))).ToBytes());

        public Task<byte[]> TakeAsync(HttpRequest request) => AsDesk(request, body => store.TakeAsync(TakeRequest.Read(body)));

        public Task<byte[]> CollectedAsync(HttpRequest request) => AsDesk(request, async body =>
        {
            await store.CollectedAsync(CollectedRequest.Read(body));
            return IntakeProtocol.Done;
        });

        public Task<byte[]> PutAsync(HttpRequest request) => AsDesk(request, async body =>
        {
            // The credential is no part of what is repeated: a Desk may get a new one between two attempts.
            await store.PutAsync(PutRequest.Read(body), SHA256.HashData(body.AsSpan(CredentialEnd)));
            return IntakeProtocol.Done;
        });

        public Task<byte[]> DeliveredAsync(HttpRequest request) =>
            AsDesk(request, async body => (await store.DeliveredAsync(ListRequest.Read(body))).ToBytes());

        public Task<byte[]> KeepInboxKeyAsync(HttpRequest request) => AsDesk(request, body =>
        {
            files.KeepInboxKey(InboxKeyRequest.Read(body).Statement.Span);
            return Task.FromResult(IntakeProtocol.Done);
        });

        public Task<byte[]> DiscardAsync(HttpRequest request) => AsDesk(request, async body =>
        {
            await store.DiscardAsync(DiscardRequest.Read(body));
            return IntakeProtocol.Done;
        });

        private async Task<byte[]> AsDesk(HttpRequest request, Func<byte[], Task<byte[]>> serve)
        {
            var body = RequestBody.Of(request, least: CredentialEnd, IntakeProtocol.MaxLength, IntakeProtocol.MaxLength);
            var head = await body.HeadAsync(CredentialEnd);
            if (!files.IsCollector(head.AsSpan(1))) throw new RefusedException(IntakeErrorCode.NothingHere);
            using var place = lanes.Desk.TryEnter(body.Length) ?? throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenFull);
            return await serve(await body.WholeAsync(head));
        }
    }
}
