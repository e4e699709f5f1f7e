using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Demo;

/// <summary>An invented person's device: it has a receipt, keeps nothing else, and talks to Intake as a browser does.</summary>
internal sealed class Correspondent : IDisposable
{
    private readonly HttpClient _intake;
    private readonly Receipt _receipt;
    private readonly ReceiptKeys _keys;
    private readonly ConversationChain _chain;
    private byte[] _bookmark = [];

    public Correspondent(string language, ReadOnlySpan<byte> instanceId, HttpClient intake, LockedMemory memory)
    {
        _intake = intake;
        _receipt = Receipt.Create(WordList.For(language), memory);
        _keys = _receipt.DeriveKeys(instanceId, memory);
        _chain = ConversationChain.Begin(_keys.Conversation);
    }

    /// <summary>The words of the receipt. They are shown: nobody real has them.</summary>
    public string Words => Encoding.UTF8.GetString(_receipt.Utf8Text);

    public ReadOnlySpan<byte> LookUpId => _keys.LookUpId.Span;

    public Task AskAsync(Story story, string words, HybridRecipient inbox) => SubmitAsync(_chain.SealOpening(
        new FirstWords { Language = story.Language, Urgency = story.Urgency, Words = Encoding.UTF8.GetBytes(words), Safely = Encoding.UTF8.GetBytes(story.Safely) },
        _keys, inbox));

    public Task WriteAsync(string words, HybridRecipient inbox) => SubmitAsync(_chain.SealWords(Encoding.UTF8.GetBytes(words), inbox));

    /// <summary>Writes what never arrives: it counts as sent, and the next that arrives shows that it is missing.</summary>
    public void WriteInVain(string words, HybridRecipient inbox) => _chain.SealWords(Encoding.UTF8.GetBytes(words), inbox);

    /// <summary>Sends something of the right form that was sealed to a key that nobody at the Desk has.</summary>
    public async Task SendJunkAsync(LockedMemory memory)
    {
        using var nobody = HybridIdentity.Generate(memory);
        await SubmitAsync(_chain.SealOpening(new FirstWords { Language = "en", Words = "…"u8 }, _keys, (HybridRecipient)nobody.ToRecipient()));
    }

    /// <summary>A first message of this device, for somebody to put where it does not belong.</summary>
    public byte[] SealStray(HybridRecipient to) => _chain.SealOpening(new FirstWords { Language = "en", Words = "I am somebody else."u8 }, _keys, to);

    /// <summary>Fetches the answers, opens them, and tells Intake that it did.</summary>
    public async Task ReadAsync()
    {
        var fetched = FetchResponse.Read(await PostAsync(IntakeProtocol.FetchPath, new FetchRequest(Copy(_keys.LookUpId), Copy(_keys.Bearer), new byte[Envelope.RequestIdSize]).ToBytes()));
        List<ReadOnlyMemory<byte>> opened = [];
        foreach (var answer in fetched.Answers)
        {
            if (_chain.Open(answer.Sealed.Span, _keys.Identity).Verdict == Verdict.Genuine) opened.Add(answer.RequestId.ToArray());
        }
        var expected = SHA256.HashData(_bookmark);
        _bookmark = _chain.SealBookmark(_keys);
        await PostAsync(IntakeProtocol.AcknowledgePath, new AcknowledgeRequest(Copy(_keys.LookUpId), Copy(_keys.Bearer), expected, _bookmark, opened).ToBytes());
    }

    /// <summary>Says "forget everything".</summary>
    public Task TakeBackAsync(HybridRecipient inbox) => PostAsync(IntakeProtocol.ForgetPath, new ForgetRequest(
        Copy(_keys.Bearer), Envelope.Of(EnvelopeKind.Forget, LookUpId, ForgetNotice.Seal(_keys, _chain.Conversation, _chain.Recipient ?? inbox))).ToBytes());

    public void Dispose()
    {
        _keys.Dispose();
        _receipt.Dispose();
    }

    private async Task SubmitAsync(byte[] sealedBytes)
    {
        var expected = _bookmark.Length == 0 ? new byte[SHA256.HashSizeInBytes] : SHA256.HashData(_bookmark);
        _bookmark = _chain.SealBookmark(_keys);
        await PostAsync(IntakeProtocol.SubmitPath, new SubmitRequest(Copy(_keys.Bearer), expected, _bookmark, Envelope.Of(EnvelopeKind.Message, LookUpId, sealedBytes)).ToBytes());
    }

    private async Task<byte[]> PostAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(IntakeProtocol.ContentType);
        using var response = await _intake.PostAsync(path, content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"Intake refused {path}: {IntakeError.Read(answer, (int)response.StatusCode)}.");
    }

    private static byte[] Copy(Secret secret) => secret.Span.ToArray();
}
