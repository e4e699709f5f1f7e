using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Understory.Casework;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// A whole case as this release wrote it, with the keys to it: docs/formats/case-entries-vectors.json. Every later release
/// reads it and folds it to the same state.
/// </summary>
public sealed class CaseFixture
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void A_case_of_version_1_is_folded_by_this_release_to_what_it_was()
    {
        using var memory = new LockedMemory(1 << 18);
        var vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "formats", "case-entries-vectors.json")))!;
        using var root = memory.Copy(Bytes(vectors["root"]));
        using var keychain = Keychain.Open(root, Bytes(vectors["keychain"]), [Bytes(vectors["segment"])]);
        var author = PublicKey.From(Bytes(vectors["author"]));
        var id = CaseId.From(Bytes(vectors["case"]));
        var entries = vectors["entries"]!.AsArray();
        using var reading = new JournalReader(keychain.Find, entry => entry.Author == author ? Signer.Person : Signer.Unknown)
            .Read(id, entries.Select(entry => (ReadOnlyMemory<byte>)Bytes(entry!["bytes"])));
        reading.IsWhole.ShouldBeTrue();
        foreach (var (line, entry) in reading.Lines.Zip(entries))
        {
            line.Entry!.Kind!.Name.ShouldBe(entry!["kind"]!.GetValue<string>());
            line.Entry.Version.ShouldBe(entry["version"]!.GetValue<int>());
            Convert.ToHexStringLower(line.Entry.Body.Span).ShouldBe(entry["body"]!.GetValue<string>());
            IsOfItsForm(line.Entry);
        }
        Describe(CaseFold.Of(reading).At(id, reading.Head, reading.IsReadOnly)).ToJsonString(Readable).ShouldBe(vectors["state"]!.ToJsonString(Readable));
    }

    /// <summary>Writes the fixture of a new version. Run it with <c>-explicit only</c>; the old ones stay.</summary>
    [Fact(Explicit = true)]
    public void Write()
    {
        var folder = Environment.GetEnvironmentVariable("UNDERSTORY_WRITE_VECTORS").ShouldNotBeNull("the folder to write to");
        using var office = Office.Found();
        using var marta = office.Somebody();
        var asked = marta.Ask("They came to my mother's door. Що мені робити?", Urgency.Today, "Signal, after eight");
        office.Arrive(asked);
        var id = office.Organisation.Inbox.Admit(office.Lidia, asked.RequestId.ToArray(), "amber river").Id;
        office.Organisation.Conversations.Answer(office.Lidia, id, 0, "Stay where you are.");
        var answer = office.Organisation.Collection.Outgoing(1).Single();
        marta.Read(answer);
        office.Organisation.Collection.Delivered(answer.RequestId);
        office.Organisation.Collection.KeepFetched([(answer.RequestId.ToArray(), 20_600)], office.Organisation.Collection.Place);
        marta.Write("This one is lost.");
        var damaged = marta.Write("This one is damaged.").Sealed.ToArray();
        damaged[^40] ^= 1;
        office.Arrive(marta.Write("Thank you."), Envelope.Of(EnvelopeKind.Message, marta.Keys.LookUpId.Span, damaged));
        office.Organisation.Inbox.Read(office.Lidia);
        office.Organisation.Cases.SetSafeContact(office.Lidia, id, "Only by letter");
        office.Organisation.Conversations.Note(office.Lidia, id, "She is at her aunt's.");
        office.Organisation.Cases.ChangeStage(office.Lidia, id, Stage.Checking, "");
        office.Organisation.Cases.MarkSeen(office.Lidia, id, 6);
        using var pavlo = office.Somebody();
        var lost = pavlo.Ask("I lost the paper.");
        office.Arrive(lost);
        office.Organisation.Inbox.Join(office.Lidia, lost.RequestId.ToArray(), id);
        office.Arrive(pavlo.Forget());
        office.Organisation.Inbox.Read(office.Lidia);
        office.Organisation.Cases.ChangeStage(office.Lidia, id, Stage.Closed, "She asked us to stop.");

        using var root = office.Memory.Random(32);
        using var keychain = Keychain.Create(root);
        foreach (var compartment in (Compartment[])[Compartment.Work, Compartment.Contact])
        {
            foreach (var epoch in office.Lidia.Keychain.All(id, compartment)) keychain.Add(epoch);
        }
        var stored = keychain.Seal();
        var rows = office.Organisation.Store.Read(connection => Dapper.SqlMapper.Query<byte[]>(connection, "SELECT entry FROM entries WHERE journal = @id ORDER BY sequence", new { id = id.ToArray() }).ToList());
        using var reading = new JournalReader(keychain.Find).Read(id, rows.Select(row => (ReadOnlyMemory<byte>)row));
        var vectors = new JsonObject
        {
            ["case"] = id.ToString(),
            ["author"] = office.Lidia.Author.ToString(),
            ["root"] = Hex(root.Span),
            ["keychain"] = Hex(stored.Head),
            ["segment"] = Hex(stored.Changed[0]),
            ["entries"] = new JsonArray([.. reading.Lines.Zip(rows).Select(pair => new JsonObject
            {
                ["kind"] = pair.First.Entry!.Kind!.Name, ["version"] = pair.First.Entry.Version, ["body"] = Hex(pair.First.Entry.Body.Span), ["bytes"] = Hex(pair.Second),
            })]),
            ["state"] = Describe(office.Organisation.Cases.Find(office.Lidia, id)!),
        };
        File.WriteAllText(Path.Combine(folder, "case-entries-vectors.json"), vectors.ToJsonString(Readable) + "\n");
    }

    /// <summary>Reads a body as docs/formats/case-entries.md says it is, and nothing else.</summary>
    private static void IsOfItsForm(Entry entry)
    {
        var reader = new CborReader(entry.Body.Span);
        switch (entry.Kind!.Name)
        {
            case "case-opened":
                reader.ReadArrayOf(4);
                reader.ReadText(256);
                reader.ReadText(2).ShouldBeOneOf("ru", "uk", "en");
                reader.ReadInt32(3);
                reader.ReadInt32(2_000_000);
                break;
            case "conversation-joined":
                reader.ReadArrayOf(6);
                reader.ReadExactly(16);
                reader.ReadExactly(16);
                reader.ReadExactly(32);
                reader.ReadExactly(1_216);
                reader.ReadText(2);
                reader.ReadText(2_000);
                break;
            case "message-received" or "answer-sent":
                IsSaid(ref reader, entry.Kind.Name);
                break;
            case "answer-fetched":
                reader.ReadArrayOf(2);
                reader.ReadExactly(16);
                reader.ReadInt32(2_000_000);
                break;
            case "note-written":
                reader.ReadArrayOf(1);
                reader.ReadText(500_000);
                break;
            case "safe-contact-set":
                reader.ReadArrayOf(1);
                reader.ReadText(2_000);
                break;
            case "messages-seen":
                reader.ReadArrayOf(1);
                reader.ReadUnsigned();
                break;
            case "stage-changed":
                reader.ReadArrayOf(1);
                reader.ReadInt32(1, 7);
                break;
            case "forgetting-asked":
                reader.ReadArrayOf(3);
                reader.ReadExactly(16);
                reader.ReadInt32(2_000_000);
                reader.ReadExactly(32);
                break;
            default:
                throw new InvalidOperationException($"{entry.Kind.Name} is not in the document.");
        }
        reader.End();
    }

    private static void IsSaid(ref CborReader reader, string kind)
    {
        if (kind == "answer-sent")
        {
            reader.ReadArrayOf(6);
            reader.ReadExactly(16);
            reader.ReadInt32(1, 1_000_000);
            reader.ReadText(500_000);
            reader.ReadExactly(16);
            reader.ReadExactly(16);
            if (!reader.TryReadNull()) reader.ReadBytes(500_000);
            return;
        }
        reader.ReadArrayOf(8);
        reader.ReadExactly(16);
        reader.ReadInt32(8);
        reader.ReadInt32(1_000_000);
        if (!reader.TryReadNull()) reader.ReadText(520_000);
        if (!reader.TryReadNull())
        {
            reader.ReadArrayOf(2);
            reader.ReadInt32(1, 1_000_000);
            reader.ReadInt32(1, 1_000_000);
        }
        reader.ReadExactly(32);
        reader.ReadInt32(2_000_000);
        if (!reader.TryReadNull()) reader.ReadBytes(500_000);
    }

    private static JsonObject Describe(CaseState state) => new()
    {
        ["head"] = state.Head.Sequence,
        ["name"] = state.Name,
        ["stage"] = state.Stage.ToString(),
        ["urgency"] = state.Urgency.ToString(),
        ["language"] = state.Language,
        ["safely"] = state.Safely,
        ["waitingSince"] = state.WaitingSince?.ToUnixTimeSeconds(),
        ["unread"] = state.Unread,
        ["forgettingAsked"] = state.ForgettingAsked?.ToUnixTimeSeconds(),
        ["isReadOnly"] = state.IsReadOnly,
        ["faults"] = new JsonArray([.. state.Faults.Select(fault => JsonValue.Create(fault))]),
        ["conversations"] = new JsonArray([.. state.Conversations.Select(one => new JsonObject
        {
            ["id"] = Hex(one.Id.Span), ["lookUpId"] = Hex(one.LookUpId.Span), ["joinedAt"] = one.JoinedAt, ["received"] = one.Received, ["sent"] = one.Sent,
            ["answerEpoch"] = one.AnswerEpoch?.ToString(), ["missing"] = new JsonArray([.. one.Missing.Select(range => JsonValue.Create($"{range.From}-{range.To}"))]), ["chain"] = Hex(one.Chain.Span),
        })]),
        ["items"] = new JsonArray([.. state.Items.Select(item => new JsonObject
        {
            ["kind"] = item.Kind.ToString(), ["sequence"] = item.Sequence, ["time"] = item.Time.ToUnixTimeSeconds(), ["words"] = item.Words, ["verdict"] = item.Verdict.ToString(),
            ["missing"] = item.Missing is { } range ? $"{range.From}-{range.To}" : null, ["conversation"] = item.Conversation, ["unread"] = item.IsUnread,
            ["fetched"] = item.Fetched?.ToString("O", CultureInfo.InvariantCulture),
        })]),
    };

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] Bytes(JsonNode? hex) => Convert.FromHexString(hex!.GetValue<string>());
}
