using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Tests;

/// <summary>
/// An organisation as Intake sees it: a root, a coordinator, the week's inbox key, a collector, and conversations with
/// people. It speaks the protocol, and knows nothing of Intake's inside.
/// </summary>
internal sealed class SimulatedDesk
{
    private static readonly LockedMemory s_memory = new(256 * 1024);

    private readonly Secret _root = s_memory.Random(32);
    private readonly Secret _coordinator = s_memory.Random(32);
    private readonly HybridIdentity _inbox = HybridIdentity.Generate(s_memory);
    private readonly Dictionary<string, Known> _conversations = [];
    private long _cursor;

    public byte[] Credential { get; } = RandomNumberGenerator.GetBytes(Bearer.Size);

    public byte[] InstanceId
    {
        get
        {
            var root = new byte[32];
            Primitives.Ed25519PublicKey(_root.Span, root);
            return CoordinatorCertificate.InstanceId(root);
        }
    }

    /// <summary>What was collected, in its order: verdict and words.</summary>
    public List<Received> Collected { get; } = [];

    /// <summary>First messages, with what they say beside their words.</summary>
    public List<(string Language, Urgency Urgency, string Safely)> Openings { get; } = [];

    /// <summary>How many wishes to forget were believed.</summary>
    public int Forgotten { get; private set; }

    /// <summary>The week's statement.</summary>
    public byte[] Statement(int today, int days = 7)
    {
        Span<byte> coordinator = stackalloc byte[32];
        Primitives.Ed25519PublicKey(_coordinator.Span, coordinator);
        var certificate = CoordinatorCertificate.Sign(_root, coordinator, new Days(today - 10, today + 60));
        return InboxKeyStatement.Sign(_coordinator, certificate, (HybridRecipient)_inbox.ToRecipient(), new Days(today, today + days - 1)).ToBytes();
    }

    /// <summary>Lays down beside Intake's store what an organisation lays there.</summary>
    public void SetUp(string folder, int today)
    {
        File.WriteAllText(Path.Combine(folder, "collector"), Convert.ToHexStringLower(Bearer.Hash(Credential)));
        File.WriteAllText(Path.Combine(folder, "instance"), Convert.ToHexStringLower(InstanceId) + "\n");
        File.WriteAllBytes(Path.Combine(folder, "inbox-key"), Statement(today));
        File.WriteAllText(Path.Combine(folder, "organisation"), "Open Door\n");
    }

    /// <summary>Takes what waits, judges it, and has it deleted at Intake.</summary>
    public async Task CollectAsync(HttpClient http)
    {
        var list = new ListRequest(Credential, new byte[16], _cursor, 256);
        var listing = Listing.Read(await PostAsync(http, IntakeProtocol.ListPath, list.ToBytes()), list);
        foreach (var listed in listing.Envelopes)
        {
            var envelope = Envelope.Read(await PostAsync(http, IntakeProtocol.TakePath, new TakeRequest(Credential, listed.RequestId).ToBytes()));
            Admit(envelope);
            await PostAsync(http, IntakeProtocol.CollectedPath, new CollectedRequest(Credential, [(listed.RequestId, listed.Hash)]).ToBytes());
        }
        _cursor = listing.Next;
    }

    /// <summary>Writes an answer to the person who wrote last, and does not send it.</summary>
    public Envelope Answer(string words)
    {
        var known = _conversations.Values.Last();
        var first = known.Chain.Sent == 0 ? (HybridRecipient)known.Own.ToRecipient() : null;
        return Envelope.Of(EnvelopeKind.Answer, known.LookUpId, known.Chain.SealAnswer(Encoding.UTF8.GetBytes(words), first, known.Person));
    }

    public Task PutAsync(HttpClient http, Envelope answer) => PostAsync(http, IntakeProtocol.PutPath, new PutRequest(Credential, answer).ToBytes());

    /// <summary>Something under a person's look-up id that the Desk did not write: sealed to them, as anybody can who knows their recipient.</summary>
    public Envelope Forgery(string words)
    {
        var known = _conversations.Values.Last();
        return Envelope.Of(EnvelopeKind.Answer, known.LookUpId, AgeFile.Seal(Padding.Pad(PaddingKind.Message, Encoding.UTF8.GetBytes(words)), known.Person));
    }

    public async Task<int> DeliveredAsync(HttpClient http)
    {
        var list = new ListRequest(Credential, new byte[16], 0, 256);
        return Deliveries.Read(await PostAsync(http, IntakeProtocol.DeliveredPath, list.ToBytes()), list).Answers.Count;
    }

    private static async Task<byte[]> PostAsync(HttpClient http, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(IntakeProtocol.ContentType);
        using var response = await http.PostAsync(path, content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{path}: {IntakeError.Read(answer, (int)response.StatusCode)}");
    }

    private void Admit(Envelope envelope)
    {
        var name = Convert.ToHexString(envelope.LookUpId);
        var known = _conversations.GetValueOrDefault(name);
        if (envelope.Kind == EnvelopeKind.Forget)
        {
            ForgetNotice.Check(envelope.Sealed.Span, envelope.LookUpId, known!.Chain.Conversation.Span, known.Key, known.Own, _inbox);
            Forgotten++;
        }
        else if (known is not null)
        {
            Collected.Add(known.Chain.Open(envelope.Sealed.Span, known.Own, _inbox));
        }
        else
        {
            using var opening = Opening.Open(envelope.Sealed.Span, envelope.LookUpId, s_memory, _inbox);
            var key = s_memory.Copy(opening.Key.Span);
            _conversations.Add(name, new Known(envelope.LookUpId.ToArray(), key, ConversationChain.Admit(opening, key), opening.Recipient, HybridIdentity.Generate(s_memory)));
            Openings.Add((opening.Language, opening.Urgency, opening.Safely));
            Collected.Add(new Received(Verdict.Genuine, opening.Message));
        }
    }

    private sealed class Known(byte[] lookUpId, Secret key, ConversationChain chain, HybridRecipient person, HybridIdentity own)
    {
        public byte[] LookUpId => lookUpId;

        public Secret Key => key;

        public ConversationChain Chain => chain;

        public HybridRecipient Person => person;

        public HybridIdentity Own => own;
    }
}
