using System.Security.Cryptography;
using System.Text;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.App.Tests.Intake;

/// <summary>
/// Somebody who writes, as Intake sees them: a look-up id, a token and sealed bytes. Sealed really, to a key of the test;
/// what stands inside is for others to check.
/// </summary>
internal sealed class Person
{
    private static readonly LockedMemory s_memory = new(1 << 20);
    private static readonly HybridIdentity s_desk = HybridIdentity.Generate(s_memory);
    private static readonly HybridRecipient s_recipient = (HybridRecipient)s_desk.ToRecipient();

    private byte[] _bookmark = [];

    public byte[] LookUpId { get; } = RandomNumberGenerator.GetBytes(ReceiptKeys.LookUpIdSize);

    public byte[] Token { get; } = RandomNumberGenerator.GetBytes(Bearer.Size);

    public byte[] Expected => _bookmark.Length == 0 ? new byte[32] : SHA256.HashData(_bookmark);

    public byte[] Bookmark => _bookmark;

    /// <summary>Sealed bytes with these words in them.</summary>
    public static byte[] Seal(string words) => AgeFile.Seal(Padding.Pad(PaddingKind.Message, Encoding.UTF8.GetBytes(words)), s_recipient);

    /// <summary>The next message, and the bookmark that goes with it. Whoever makes one has sent it.</summary>
    public SubmitRequest Submit(string words = "They called me up again.")
    {
        var request = new SubmitRequest(Token, Expected, Seal("bookmark"), Envelope.Of(EnvelopeKind.Message, LookUpId, Seal(words)));
        _bookmark = request.Bookmark.ToArray();
        return request;
    }

    public FetchRequest Fetch(ReadOnlyMemory<byte>? after = null) => new(LookUpId, Token, after ?? new byte[Envelope.RequestIdSize]);

    public AcknowledgeRequest Acknowledge(params ReadOnlyMemory<byte>[] answers)
    {
        var request = new AcknowledgeRequest(LookUpId, Token, Expected, Seal("bookmark"), answers);
        _bookmark = request.Bookmark.ToArray();
        return request;
    }

    public ForgetRequest Forget() => new(Token, Envelope.Of(EnvelopeKind.Forget, LookUpId, Seal("forget")));

    public Envelope Answer(string words = "We read it. Stay where you are.") => Envelope.Of(EnvelopeKind.Answer, LookUpId, Seal(words));
}
