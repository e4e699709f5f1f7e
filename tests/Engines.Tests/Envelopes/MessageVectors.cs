using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>
/// <c>docs/formats/message-vectors.json</c>, which the browser's tests run too. Written once for a version, by the
/// explicit test, and never again: a change in it is a change of the format.
/// </summary>
public sealed class MessageVectors : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly LockedMemory _memory = new();
    private readonly VectorMessages _messages;

    public MessageVectors() => _messages = new VectorMessages(_memory);

    [Fact]
    public void Messages_are_as_their_vectors_say()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "formats", "message-vectors.json")))!.AsObject();
        var computed = Compute();
        computed.Select(part => part.Key).ShouldBe(vectors.Select(part => part.Key));
        foreach (var (name, part) in computed) JsonNode.DeepEquals(part, vectors[name]).ShouldBeTrue(name);
    }

    [Fact]
    public void What_the_vectors_refuse_is_refused()
    {
        foreach (var (content, why) in _messages.Refused)
            Should.Throw<EnvelopeException>(() => { MessageParts.Read(content); }, why).Fault.ShouldBe(EnvelopeFault.Malformed, why);
    }

    /// <summary>Writes the vectors of a new version. Run it with <c>-explicit only</c>, and read the difference.</summary>
    [Fact(Explicit = true)]
    public void Write()
    {
        var folder = Environment.GetEnvironmentVariable("UNDERSTORY_WRITE_VECTORS").ShouldNotBeNull("the folder to write to");
        File.WriteAllText(Path.Combine(folder, "message-vectors.json"), Compute().ToJsonString(Readable) + "\n");
    }

    public void Dispose() => _memory.Dispose();

    private JsonObject Compute() => new()
    {
        ["keys"] = new JsonObject
        {
            ["conversationKey"] = Hex(VectorMessages.K),
            ["lookUpId"] = Hex(VectorMessages.LookUpId),
            ["bearer"] = Hex(VectorMessages.Token),
            ["identity"] = Hex(VectorMessages.Seed),
            ["recipient"] = _messages.Person.ToString(),
        },
        ["tags"] = new JsonArray([.. VectorMessages.Uses.Select(use => Tag(use))]),
        ["contents"] = new JsonArray([.. _messages.Contents.Select(Content)]),
        ["refused"] = new JsonArray([.. _messages.Refused.Select(refused => new JsonObject { ["content"] = Hex(refused.Content), ["why"] = refused.Why })]),
        ["judged"] = new JsonArray([.. _messages.Conversations.Select(Judged)]),
        ["inboxKey"] = new JsonArray([.. InboxKeys()]),
        ["intake"] = Intake(),
    };

    private static JsonObject Tag(string use)
    {
        var tag = new byte[32];
        MessageTag.Write(VectorMessages.K, Encoding.ASCII.GetBytes($"understory/message/v1/{use}"), "мовчання"u8, tag);
        return new JsonObject { ["use"] = use, ["content"] = Hex("мовчання"u8), ["tag"] = Hex(tag) };
    }

    private static JsonObject Content(byte[] content)
    {
        var parts = MessageParts.Read(content);
        var message = VectorMessages.Tagged(content);
        var result = new JsonObject
        {
            ["direction"] = parts.Direction == Direction.ToDesk ? "to-desk" : "to-person",
            ["conversation"] = Hex(parts.Conversation),
            ["sequence"] = parts.Sequence,
            ["previous"] = Hex(parts.Previous),
            ["seen"] = parts.Seen,
            ["seenHash"] = Hex(parts.SeenHash),
            ["lacking"] = parts.Lacking,
            ["salt"] = Hex(parts.Salt),
            ["kind"] = parts.Kind.ToString().ToLowerInvariant(),
            ["words"] = Encoding.UTF8.GetString(parts.Words),
        };
        if (!parts.Recipient.IsEmpty) result["recipient"] = Hex(parts.Recipient);
        if (parts.Kind == MessageKind.Opening)
        {
            result["key"] = Hex(parts.Key);
            result["language"] = Encoding.ASCII.GetString(parts.Language);
            result["urgency"] = (int)parts.Urgency;
            result["safely"] = Encoding.UTF8.GetString(parts.Safely);
        }
        result["content"] = Hex(content);
        result["messageSha256"] = Hex(SHA256.HashData(message));
        return result;
    }

    private JsonObject Judged((string Name, byte[]? State, byte[][] Messages) conversation)
    {
        using var key = _memory.Copy(VectorMessages.K);
        var chain = conversation.State is null ? ConversationChain.Rebuild(key) : ConversationChain.Read(conversation.State, key);
        var result = new JsonObject { ["name"] = conversation.Name, ["state"] = Hex(chain.ToBytes()) };
        result["steps"] = new JsonArray([.. conversation.Messages.Select(message =>
        {
            var received = chain.OpenPadded(Padding.Pad(PaddingKind.Message, message));
            var step = new JsonObject { ["message"] = Hex(message), ["verdict"] = Kebab(received.Verdict.ToString()) };
            if (received.Message is { } read) step["words"] = read.Words;
            if (received.Missing is { } gap) step["missing"] = new JsonArray(gap.From, gap.To);
            step["stateSha256"] = Hex(SHA256.HashData(chain.ToBytes()));
            return step;
        })]);
        result["last"] = Hex(chain.ToBytes());
        return result;
    }

    private IEnumerable<JsonObject> InboxKeys()
    {
        using var root = _memory.Copy(VectorMessages.Bytes(32, 0x51));
        using var coordinator = _memory.Copy(VectorMessages.Bytes(32, 0x61));
        var instance = CoordinatorCertificate.InstanceId(InboxKeyTests.PublicKey(root));
        var statement = InboxKeyTests.Statement(root, coordinator, _messages.Person);
        var others = InboxKeyTests.Statement(coordinator, root, _messages.Person);
        byte[] Bent(int at, byte by = 1)
        {
            var bent = statement.ToArray();
            bent[at] ^= by;
            return bent;
        }

        byte[] unreduced = [.. statement];
        unreduced.AsSpan(145, 3).Fill(0xff);
        byte[] small = [.. statement];
        small.AsSpan(33, 32).Clear();
        (string Why, byte[] Statement, int Today)[] cases =
        [
            ("right", statement, InboxKeyTests.Today), ("its first day", statement, InboxKeyTests.Today - 1), ("its last day", statement, InboxKeyTests.Today + 6),
            ("before", statement, InboxKeyTests.Today - 2), ("after", statement, InboxKeyTests.Today + 7),
            ("another root", others, InboxKeyTests.Today), ("a bit of the root", Bent(1), InboxKeyTests.Today), ("a bit of the coordinator", Bent(40), InboxKeyTests.Today),
            ("a low-order coordinator", small, InboxKeyTests.Today), ("the root's signature", Bent(80), InboxKeyTests.Today), ("the root's scalar", Bent(136, 0x80), InboxKeyTests.Today),
            ("a day of the week", Bent(140), InboxKeyTests.Today), ("the recipient's point", Bent(1_340), InboxKeyTests.Today), ("the coordinator's signature", Bent(1_424, 0x80), InboxKeyTests.Today),
            ("a recipient that is none", unreduced, InboxKeyTests.Today), ("a byte less", statement[..^1], InboxKeyTests.Today), ("a byte more", [.. statement, 0], InboxKeyTests.Today),
            ("nothing", [], InboxKeyTests.Today), ("another version", Bent(0, 3), InboxKeyTests.Today), ("days turned round", Bent(65, 0x01), InboxKeyTests.Today),
        ];
        foreach (var (why, bytes, today) in cases)
        {
            var result = new JsonObject { ["why"] = why, ["instanceId"] = Hex(instance), ["today"] = today, ["statement"] = Hex(bytes) };
            try
            {
                result["recipient"] = InboxKeyStatement.Verify(bytes, instance, today).Recipient.ToString();
            }
            catch (EnvelopeException refused)
            {
                result["fault"] = Kebab(refused.Fault.ToString());
            }
            yield return result;
        }
    }

    private static JsonObject Intake()
    {
        var (message, bookmark) = (VectorMessages.AsIfSealed(512, 7), VectorMessages.AsIfSealed(2_048, 8));
        var answers = new[] { VectorMessages.Enveloped(EnvelopeKind.Answer, 21, 512), VectorMessages.Enveloped(EnvelopeKind.Answer, 22, 2_048) };
        var fetched = new FetchResponse(true, bookmark, [.. answers.Select(answer => Envelope.Read(answer))]).ToBytes();
        var (token, id, expected) = (VectorMessages.Token, VectorMessages.LookUpId, SHA256.HashData(bookmark));
        byte[][] requests =
        [
            new SubmitRequest(token, new byte[32], bookmark, Envelope.Read(VectorMessages.Enveloped(EnvelopeKind.Message, 20, 512))).ToBytes(),
            new FetchRequest(id, token, VectorMessages.Bytes(16, 21)).ToBytes(),
            new AcknowledgeRequest(id, token, expected, bookmark, [VectorMessages.Bytes(16, 21), VectorMessages.Bytes(16, 22)]).ToBytes(),
            new ForgetRequest(token, Envelope.Read(VectorMessages.Enveloped(EnvelopeKind.Forget, 23, 512))).ToBytes(),
        ];
        return new JsonObject
        {
            ["message"] = Hex(message),
            ["bookmark"] = Hex(bookmark),
            ["requestsSha256"] = new JsonArray([.. requests.Select(request => (JsonNode)Hex(SHA256.HashData(request)))]),
            ["fetched"] = Hex(fetched),
            ["errors"] = new JsonArray([.. Enum.GetValues<IntakeErrorCode>().Select(code => new JsonObject
            {
                ["code"] = Kebab(code.ToString()),
                ["status"] = new IntakeError(code).Status,
                ["body"] = Hex(new IntakeError(code, 90).ToBytes()),
            })]),
        };
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, at) => (at > 0 && char.IsUpper(letter) ? "-" : "") + char.ToLower(letter, CultureInfo.InvariantCulture)));
}
