using System.Security.Cryptography;

namespace Understory.Envelopes;

/// <summary>Where requests to Intake go and how long they may be (<c>docs/formats/intake-protocol.md</c>).</summary>
public static class IntakeProtocol
{
    /// <summary>The type of every body.</summary>
    public const string ContentType = "application/octet-stream";

    /// <summary>The inbox key statement.</summary>
    public const string InboxKeyPath = "/v1/inbox-key";

    /// <summary>See <see cref="SubmitRequest"/>.</summary>
    public const string SubmitPath = "/v1/submit";

    /// <summary>See <see cref="FetchRequest"/>.</summary>
    public const string FetchPath = "/v1/fetch";

    /// <summary>See <see cref="AcknowledgeRequest"/>.</summary>
    public const string AcknowledgePath = "/v1/acknowledge";

    /// <summary>See <see cref="ForgetRequest"/>.</summary>
    public const string ForgetPath = "/v1/forget";

    /// <summary>See <see cref="ListRequest"/>.</summary>
    public const string ListPath = "/v1/collect/list";

    /// <summary>See <see cref="TakeRequest"/>.</summary>
    public const string TakePath = "/v1/collect/take";

    /// <summary>See <see cref="CollectedRequest"/>.</summary>
    public const string CollectedPath = "/v1/collect/acknowledge";

    /// <summary>See <see cref="PutRequest"/>.</summary>
    public const string PutPath = "/v1/collect/put";

    /// <summary>See <see cref="ListRequest"/>, with <see cref="Deliveries"/> for an answer.</summary>
    public const string DeliveredPath = "/v1/collect/delivered";

    /// <summary>See <see cref="InboxKeyRequest"/>.</summary>
    public const string KeepInboxKeyPath = "/v1/collect/inbox-key";

    /// <summary>See <see cref="DiscardRequest"/>.</summary>
    public const string DiscardPath = "/v1/collect/discard";

    /// <summary>The most answers in one response.</summary>
    public const int MostAnswers = 16;

    /// <summary>The most bytes of answers in one response.</summary>
    public const int MostAnswerBytes = 2 * 1024 * 1024;

    /// <summary>The most that is listed at once.</summary>
    public const int MostListed = 256;

    /// <summary>Length of the id of Intake's store.</summary>
    public const int StoreIdSize = 16;

    /// <summary>The longest body of <see cref="SubmitRequest"/>.</summary>
    public static readonly int MaxSubmitLength = 1 + Bearer.Size + SHA256.HashSizeInBytes + 4 + MaxBookmarkLength + Envelope.MaxLength;

    /// <summary>The longest body of <see cref="FetchResponse"/>.</summary>
    public static readonly int MaxFetchedLength = 1 + 1 + 4 + MaxBookmarkLength + 2 + MostAnswers * 4 + MostAnswerBytes;

    /// <summary>The longest of every other body.</summary>
    public static readonly int MaxLength = 1 + Bearer.Size + Envelope.MaxLength;

    /// <summary>The answer to what asks for nothing but to be done.</summary>
    public static byte[] Done => [WireWriter.Version];

    private static int MaxBookmarkLength => Envelope.SealedLength(MaxBookmarkContent);

    private const int MaxBookmarkContent = 2_047;

    /// <summary>Checks the answer to what asks for nothing but to be done.</summary>
    /// <exception cref="EnvelopeException">It is another.</exception>
    public static void ReadDone(ReadOnlySpan<byte> body) => new WireReader(body, 1).End();

    internal static ReadOnlyMemory<byte> ReadBookmark(ref WireReader reader, bool optional = false)
    {
        var bookmark = reader.Counted();
        if (optional && bookmark.IsEmpty) return default;
        if (!Envelope.LooksSealed(bookmark, MaxBookmarkContent)) throw EnvelopeException.Malformed("its bookmark is not sealed");
        return bookmark.ToArray();
    }

    internal static Envelope ReadEnvelope(ReadOnlySpan<byte> encoded, params ReadOnlySpan<EnvelopeKind> kinds)
    {
        var envelope = Envelope.Read(encoded);
        return kinds.Contains(envelope.Kind) ? envelope : throw EnvelopeException.Malformed("its envelope is of another kind");
    }

    internal static ReadOnlyMemory<byte> Copy(ref WireReader reader, int length) => reader.Take(length).ToArray();
}
