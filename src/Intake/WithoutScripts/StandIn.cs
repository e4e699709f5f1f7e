using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Pages;
using Understory.Sealing;

namespace Understory.Intake;

/// <summary>
/// Does for one request, in memory, what a person's own device does where it runs scripts: makes and reads receipts, seals
/// and opens. What it holds is wiped when the request is answered. The pages say what that gives up before anything is
/// entered (docs/threat-model.md).
/// </summary>
internal sealed class StandIn(IntakeStore store, IntakeFiles files, Lanes lanes, TimeProvider time) : IDisposable
{
    private const int KeySize = 32;
    private const int SecondsWhenFull = 30;

    // Forms of all visitors at once, and their keys: as much as Lanes.Plain lets in, and half as much again.
    private readonly LockedMemory _memory = new(2 << 20);
    private readonly SemaphoreSlim _deriving = new(Environment.ProcessorCount);
    private FormKeys? _forms;

    public IntakeStore Store => store;

    public LockedMemory Memory => _memory;

    /// <summary>A place for a form, and the form.</summary>
    /// <exception cref="RefusedException">There is no room, or it is no form of ours.</exception>
    public async Task<PlainForm> ReadAsync(HttpRequest request, params IReadOnlyList<string> names)
    {
        // A page elsewhere could post somebody else's receipt in a visitor's name, and have it shown here as theirs. Browsers of
        // some years say where a form comes from; `Origin` says nothing, as no referrer is sent.
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site") throw new RefusedException(IntakeErrorCode.Malformed);
        var body = RequestBody.OfForm(request, PlainForm.MostBytes);
        var lane = body.Length <= Lanes.ShortForm ? lanes.PlainShort : lanes.Plain;
        var place = lane.TryEnter(body.Length) ?? throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenFull);
        request.HttpContext.Response.RegisterForDispose(place);
        return await PlainForm.ReadAsync(body, _memory, names);
    }

    /// <summary>Whom to seal to today; null where nobody can write yet.</summary>
    public HybridRecipient? InboxOrNone => files.Recipient();

    /// <summary>Whom to seal to today.</summary>
    /// <exception cref="RefusedException">Nobody can write yet.</exception>
    public HybridRecipient Inbox => files.Recipient() ?? throw new RefusedException(IntakeErrorCode.Busy);

    /// <summary>Asks for help in somebody's place. A repeat gives the same words and stores nothing.</summary>
    /// <param name="form">With <c>request</c>, <c>words</c> and <c>safely</c>.</param>
    /// <param name="urgency">How urgent it is.</param>
    /// <param name="language">Of the page, and of the words.</param>
    /// <returns>The nine words; null where the form is too old, and nothing was sent.</returns>
    /// <exception cref="RefusedException">There is no room now, nobody can write yet, or the form is none of ours.</exception>
    public async Task<IReadOnlyList<string>?> AskAsync(PlainForm form, Urgency urgency, string language)
    {
        var inbox = Inbox;
        var id = FormKeys.Read(form["request"]);
        var request = HashOf(id, form, urgency, language);
        using var receipt = Forms.ReceiptOf(id, WordList.For(language), request);
        if (receipt is null) return null;
        using var keys = await DeriveAsync(receipt);
        var chain = ConversationChain.Begin(keys.Conversation);
        var opening = chain.SealOpening(
            new FirstWords { Language = language, Urgency = urgency, Words = form["words"], Safely = form["safely"] }, keys, inbox);
        var envelope = Envelope.Of(EnvelopeKind.Message, keys.LookUpId.Span, opening, EnvelopeId(keys, request));
        await SubmitOnceAsync(new SubmitRequest(keys.Bearer.Span.ToArray(), new byte[KeySize], chain.SealBookmark(keys), envelope));
        return Words(receipt);
    }

    /// <summary>Somebody returns.</summary>
    /// <returns>Null where the words are not a receipt; the problems say why.</returns>
    public async Task<(PlainVisit? Visit, IReadOnlyList<string> Problems)> ReturnAsync(PlainForm form, Text text)
    {
        using var receipt = TypedReceipt.Read(form["receipt"], _memory, text, out var problems);
        return receipt is null ? (null, problems) : (new PlainVisit(this, await DeriveAsync(receipt), Words(receipt)), problems);
    }

    /// <summary>A receipt for nothing: to practise with.</summary>
    public IReadOnlyList<string> Practise(string language)
    {
        using var receipt = Receipt.Create(WordList.For(language), _memory);
        return Words(receipt);
    }

    /// <summary>Whether somebody typed the words that they were shown.</summary>
    /// <param name="form">With what was typed as <c>typed</c>, what was shown as <c>receipt</c>.</param>
    /// <param name="text">The language of the page.</param>
    /// <param name="shown">The words that were shown.</param>
    /// <returns>What to say; empty where they are the same.</returns>
    /// <exception cref="RefusedException">What was shown is no receipt.</exception>
    public IReadOnlyList<string> Compare(PlainForm form, Text text, out IReadOnlyList<string> shown)
    {
        using var right = TypedReceipt.Read(form["receipt"], _memory, text, out _) ?? throw new RefusedException(IntakeErrorCode.Malformed);
        shown = Words(right);
        using var typed = TypedReceipt.Read(form["typed"], _memory, text, out var problems);
        if (typed is null) return problems;
        return CryptographicOperations.FixedTimeEquals(typed.Utf8Text, right.Utf8Text) ? [] : [text["These are nine words, but not the ones that you were given here."]];
    }

    /// <summary>The request id of an envelope: the same when the same person sends the same form again.</summary>
    /// <remarks>
    /// Why this is safe: the bearer token is uniform and known to the person alone, so that the id tells nothing of the
    /// words; and one form's id is no other's.
    /// </remarks>
    public static byte[] EnvelopeId(ReceiptKeys keys, ReadOnlySpan<byte> form)
    {
        var id = new byte[Envelope.RequestIdSize];
        HKDF.Expand(HashAlgorithmName.SHA256, keys.Bearer.Span, id, [.. "understory/plain-form/v1/request"u8, .. form]);
        return id;
    }

    /// <summary>Hands a message to the store; the same one twice is once.</summary>
    public async Task SubmitOnceAsync(SubmitRequest request)
    {
        try
        {
            await store.SubmitAsync(request, SHA256.HashData(request.ToBytes()));
        }
        catch (RefusedException refused) when (refused.Error.Code == IntakeErrorCode.Different)
        {
            // Sealed anew it has other bytes; by its id it is the form that was taken before.
        }
    }

    /// <summary>Fetches from the store, with room for what comes.</summary>
    public async Task<FetchResponse> FetchAsync(FetchRequest request)
    {
        // Only who is believed takes up room.
        var standing = await store.StandingAsync(request.LookUpId, request.Token);
        if (standing == Standing.None) throw new RefusedException(IntakeErrorCode.NothingHere);
        using var place = lanes.TryReturn(standing, IntakeProtocol.MaxFetchedLength) ?? throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenFull);
        return await store.FetchAsync(request);
    }

    public void Dispose()
    {
        _forms?.Dispose();
        _memory.Dispose();
        _deriving.Dispose();
    }

    /// <summary>The ids of first forms, and their receipts.</summary>
    public FormKeys Forms => LazyInitializer.EnsureInitialized(ref _forms, () => new FormKeys(_memory, time))!;

    /// <summary>A random id for a form that somebody's own nine words go with.</summary>
    public static string NewFormId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Envelope.RequestIdSize));

    /// <summary>The id that came back with a form.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static byte[] FormId(PlainForm form)
    {
        Span<byte> id = stackalloc byte[Envelope.RequestIdSize];
        return Convert.FromHexString(form["request"], id, out _, out var written) == System.Buffers.OperationStatus.Done && written == id.Length
            ? id.ToArray() : throw new RefusedException(IntakeErrorCode.Malformed);
    }

    private static byte[] HashOf(byte[] id, PlainForm form, Urgency urgency, string language)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(id);
        hash.AppendData([(byte)urgency, (byte)language[0], (byte)language[1]]);
        hash.AppendData(SHA256.HashData(form["words"]));
        hash.AppendData(SHA256.HashData(form["safely"]));
        return hash.GetHashAndReset();
    }

    private static List<string> Words(Receipt receipt)
    {
        // The list's own strings: which they are, and in which order, stands in this array, and in the page that is rendered.
        var list = WordList.For(receipt.Language);
        var words = new List<string>(Receipt.WordCount);
        foreach (var range in receipt.Utf8Text.Split((byte)' ')) words.Add(list.Find(System.Text.Encoding.UTF8.GetString(receipt.Utf8Text[range]))!);
        return words;
    }

    private async Task<ReceiptKeys> DeriveAsync(Receipt receipt)
    {
        var instance = files.InstanceId ?? throw new RefusedException(IntakeErrorCode.Busy);
        // 19 MiB and some 20 ms each: so many at once as there are processors.
        await _deriving.WaitAsync();
        try
        {
            return receipt.DeriveKeys(instance, _memory);
        }
        finally
        {
            _deriving.Release();
        }
    }
}
