using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>Somebody returned with a receipt and without scripts: one request long, their keys are here.</summary>
internal sealed class PlainVisit(StandIn standIn, ReceiptKeys keys, IReadOnlyList<string> words) : IDisposable
{
    private const int MostFetches = 3;
    private const int Attempts = 2;

    private readonly List<ReadOnlyMemory<byte>> _opened = [];
    private ConversationChain? _chain;
    private byte[] _from = [];

    /// <summary>The nine words, as the forms on the page carry them on.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>Fetches, opens and judges.</summary>
    /// <param name="after">The request id of the last answer that was shown; empty for none.</param>
    /// <exception cref="RefusedException">There is nothing under these words, or no room now.</exception>
    public async Task<Conversation> ReadAsync(byte[] after)
    {
        var from = after;
        _opened.Clear();
        var opened = new List<OpenedAnswer>();
        var lacking = 0;
        var refused = false;
        var more = true;
        for (var fetches = 0; more && fetches < MostFetches; fetches++)
        {
            var fetched = await FetchAsync(after);
            if (fetches == 0) refused = !Begin(fetched.Bookmark);
            foreach (var answer in fetched.Answers)
            {
                after = answer.RequestId.ToArray();
                var received = _chain!.Open(answer.Sealed.Span, keys.Identity);
                if (received.Message is { } message && message.Seen >= _chain.Acknowledged) lacking = message.Lacking;
                if (received.Message is not null && received.Verdict != Verdict.Replayed) _opened.Add(after);
                opened.Add(new OpenedAnswer(received.Verdict, received.Message?.Words, received.Message?.Sequence ?? 0));
            }
            more = fetched.More;
        }
        return new Conversation
        {
            Answers = opened,
            Written = _chain!.Sent,
            Received = Math.Max(0, _chain.Acknowledged - lacking),
            Missing = [.. _chain.Missing],
            BookmarkRefused = refused,
            CanWrite = _chain.Sent > 0 && standIn.InboxOrNone is not null,
            More = more,
            From = Convert.ToHexStringLower(from),
            Shown = _opened.Count > 0 || more ? Convert.ToHexStringLower(after) : null,
        };
    }

    /// <summary>
    /// Says to Intake that answers were shown: when the person does the next thing from their page, and not when it was handed
    /// to whatever stands in between.
    /// </summary>
    /// <param name="from">The answer behind which that page began; zeros for the first.</param>
    /// <param name="shown">The last one on it.</param>
    /// <exception cref="RefusedException">There is nothing under these words, or no room now.</exception>
    public async Task AcknowledgeAsync(byte[] from, byte[] shown)
    {
        _opened.Clear();
        var (more, found) = (true, false);
        for (var fetches = 0; more && !found && fetches < MostFetches; fetches++)
        {
            var fetched = await FetchAsync(from);
            if (fetches == 0) Begin(fetched.Bookmark);
            foreach (var answer in fetched.Answers)
            {
                from = answer.RequestId.ToArray();
                var received = _chain!.Open(answer.Sealed.Span, keys.Identity);
                if (received.Message is not null && received.Verdict != Verdict.Replayed) _opened.Add(from);
                found = from.AsSpan().SequenceEqual(shown);
                if (found) break;
            }
            more = fetched.More;
        }
        // What that page did not end with, it did not show.
        if (!found || _chain is null || _chain.Conversation.IsEmpty) return;
        foreach (var some in _opened.Chunk(IntakeProtocol.MostAnswers))
        {
            var bookmark = _chain.SealBookmark(keys);
            try
            {
                await standIn.Store.AcknowledgeAsync(new AcknowledgeRequest(LookUpId, Token, Expected, bookmark, some));
            }
            catch (RefusedException)
            {
                // Another tab was faster, or there is no room: they are shown again next time.
                return;
            }
            _from = bookmark;
        }
    }

    /// <summary>Writes more. A repeat of the same form stores nothing.</summary>
    /// <exception cref="RefusedException">There is nothing under these words, no room now, or too much waits.</exception>
    public async Task WriteAsync(byte[] requestId, PlainForm form)
    {
        var id = StandIn.EnvelopeId(keys, [.. requestId, .. SHA256.HashData(form["words"])]);
        for (var attempt = 1; ; attempt++)
        {
            if (!Begin((await FetchAsync(new byte[Envelope.RequestIdSize])).Bookmark) || _chain!.Sent == 0) throw new RefusedException(IntakeErrorCode.Conflict);
            var envelope = Envelope.Of(EnvelopeKind.Message, keys.LookUpId.Span, _chain.SealWords(form["words"], _chain.Recipient ?? standIn.Inbox), id);
            try
            {
                await standIn.SubmitOnceAsync(new SubmitRequest(Token, Expected, _chain.SealBookmark(keys), envelope));
                return;
            }
            catch (RefusedException refused) when (refused.Error.Code == IntakeErrorCode.Conflict && attempt < Attempts)
            {
                // Another tab wrote meanwhile: from its bookmark on.
            }
        }
    }

    /// <summary>Empties Intake, and leaves the notice for the Desk.</summary>
    /// <exception cref="RefusedException">There is nothing under these words.</exception>
    public async Task ForgetAsync()
    {
        Begin((await FetchAsync(new byte[Envelope.RequestIdSize])).Bookmark);
        var notice = ForgetNotice.Seal(keys, _chain!.Conversation, _chain.Recipient ?? standIn.Inbox);
        var request = new ForgetRequest(Token, Envelope.Of(EnvelopeKind.Forget, keys.LookUpId.Span, notice));
        await standIn.Store.ForgetAsync(request, SHA256.HashData(request.ToBytes()));
    }

    /// <inheritdoc/>
    public override string ToString() => "PlainVisit";

    /// <summary>Wipes the keys.</summary>
    public void Dispose() => keys.Dispose();

    private byte[] LookUpId => keys.LookUpId.Span.ToArray();

    private byte[] Token => keys.Bearer.Span.ToArray();

    private byte[] Expected => _from.Length == 0 ? new byte[SHA256.HashSizeInBytes] : SHA256.HashData(_from);

    private Task<FetchResponse> FetchAsync(byte[] after) =>
        standIn.FetchAsync(new FetchRequest(LookUpId, Token, after.Length == 0 ? new byte[Envelope.RequestIdSize] : after));

    /// <returns>False where the bookmark was refused, and the chain begins without one.</returns>
    private bool Begin(ReadOnlyMemory<byte> bookmark)
    {
        _from = bookmark.ToArray();
        _chain = ConversationChain.Rebuild(keys.Conversation);
        if (bookmark.IsEmpty) return false;
        try
        {
            _chain = ConversationChain.OpenBookmark(bookmark.Span, keys);
            return true;
        }
        catch (EnvelopeException)
        {
            return false;
        }
    }
}
