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

    /// <summary>The table of docs/formats/case-entries.md: what is in a body, in its order, and the most that it may be.</summary>
    private static readonly Dictionary<string, string> Forms = new(StringComparer.Ordinal)
    {
        ["case-opened"] = "text:256 text:2 number:3 number:2000000",
        ["conversation-joined"] = "exactly:16 exactly:16 exactly:32 exactly:1216 text:2 text:2000",
        ["message-received"] = "exactly:16 number:8 number:1000000 ?text:520000 ?range:1000000 exactly:32 number:2000000 ?bytes:500000",
        ["answer-sent"] = "exactly:16 number:1000000 text:500000 exactly:16 exactly:16 ?bytes:500000",
        ["answer-fetched"] = "exactly:16 number:2000000",
        ["note-written"] = "text:500000",
        ["safe-contact-set"] = "text:2000",
        ["messages-seen"] = "number:2147483647",
        ["stage-changed"] = "number:7",
        ["forgetting-asked"] = "exactly:16 number:2000000 exactly:32",
    };

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
        var fields = Forms[entry.Kind!.Name].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var reader = new CborReader(entry.Body.Span);
        reader.ReadArrayOf(fields.Length);
        foreach (var field in fields) Read(ref reader, field);
        reader.End();
    }

    private static void Read(ref CborReader reader, string field)
    {
        if (field[0] == '?' && reader.TryReadNull()) return;
        var (form, most) = (field.TrimStart('?').Split(':')[0], int.Parse(field.Split(':')[^1], CultureInfo.InvariantCulture));
        if (form == "text") reader.ReadUtf8(most);
        else if (form == "number") reader.ReadInt32(most);
        else if (form == "exactly") reader.ReadExactly(most);
        else if (form == "bytes") reader.ReadBytes(most);
        else if (form == "range")
        {
            reader.ReadArrayOf(2);
            reader.ReadInt32(1, most).ShouldBeLessThanOrEqualTo(reader.ReadInt32(1, most));
        }
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
