using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>
/// A journal of version 1 with everything beside it, written once by the explicit test and read by every later release:
/// docs/formats/journal-vectors.json.
/// </summary>
public sealed class JournalFixture : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly LockedMemory _memory = new(256 * 1024);

    [Fact]
    public void A_journal_of_version_1_is_read_by_this_release()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "formats", "journal-vectors.json")))!;
        var @case = CaseId.From(Bytes(vectors["case"]));
        var epochs = vectors["epochs"]!.AsArray().Select(epoch => new Epoch(
            @case, Enum.Parse<Compartment>(epoch!["compartment"]!.GetValue<string>(), ignoreCase: true), epoch["epoch"]!.GetValue<int>(),
            KeyId.From(Bytes(epoch["keyId"])), _memory.Copy(Bytes(epoch["key"])))).ToDictionary(epoch => epoch.KeyId);
        var author = PublicKey.From(Bytes(vectors["author"]));

        var entries = vectors["entries"]!.AsArray();
        var log = new Log();
        var reading = new JournalReader(id => epochs.GetValueOrDefault(id), entry => entry.Author == author ? Signer.Person : Signer.Unknown)
            .Read(@case, entries.Select(entry => (ReadOnlyMemory<byte>)Bytes(entry!["bytes"])));
        reading.IsWhole.ShouldBeTrue();
        foreach (var (line, entry) in reading.Lines.Zip(entries))
        {
            line.Entry!.Kind!.Name.ShouldBe(entry!["kind"]!.GetValue<string>());
            line.Entry.Time.ShouldBe(entry["time"]!.GetValue<long>());
            line.Entry.Body.ToArray().ShouldBe(Bytes(entry["body"]));
            line.Sealed!.Head.Hash.ToString().ShouldBe(entry["hash"]!.GetValue<string>());
            log.Append(line.Sealed.LeafHash);
        }

        var checkpoint = Checkpoint.Open(vectors["checkpoint"]!.GetValue<string>(), "desk.example/log", author);
        checkpoint.ShouldBe(new Checkpoint("desk.example/log", entries.Count, log.Root));
        var work = epochs.Values.Single(epoch => epoch.Compartment == Compartment.Work);
        Card.Unseal(Bytes(vectors["card"]), work).ShouldBe(new Card(reading.Head, "Марта", 2, 1, 1_790_000_001, 1));
        SealedRow.Unseal(Bytes(vectors["row"]), work, "draft", RowId.From(Bytes(vectors["rowId"]))).ShouldBe("Dear Marta"u8.ToArray());

        using var grantee = HybridIdentity.FromSeed(Bytes(vectors["granteeSeed"]), _memory);
        using var given = Wrap.Open(Bytes(vectors["wrap"]), WrapTerms.For(work, (HybridRecipient)grantee.ToRecipient(), author), grantee, _memory);
        given.IsSameAs(work).ShouldBeTrue();
        using var root = _memory.Copy(Bytes(vectors["root"]));
        using var keychain = Keychain.Open(root, Bytes(vectors["keychain"]), [Bytes(vectors["segment"])]);
        foreach (var epoch in epochs.Values) keychain.Find(epoch.KeyId)!.IsSameAs(epoch).ShouldBeTrue();
        keychain.LastSeen.ShouldBe(checkpoint);
    }

    /// <summary>Writes the fixture of a new version. Run it with <c>-explicit only</c>; the old ones stay.</summary>
    [Fact(Explicit = true)]
    public void Write()
    {
        var folder = Environment.GetEnvironmentVariable("UNDERSTORY_WRITE_VECTORS").ShouldNotBeNull("the folder to write to");
        var @case = CaseId.New();
        using var author = SigningKey.Generate(_memory);
        Epoch[] epochs = [Epoch.Start(@case, Compartment.Contact, 1, _memory), Epoch.Start(@case, Compartment.Work, 1, _memory)];
        (Kind Kind, string Body)[] told = [(Kind.CaseOpened, ""), (Kind.MessageReceived, "Я не пойду."), (Kind.AnswerSent, "You are not alone."), (Kind.StageChanged, "2")];
        var head = Head.Of(@case);
        var log = new Log();
        var entries = new JsonArray();
        foreach (var (kind, body) in told)
        {
            var time = 1_790_000_000 + entries.Count;
            var entry = SealedEntry.Write(head, epochs.Single(epoch => epoch.Compartment == kind.Compartment), kind, time, Office.Utf8(body), author);
            entries.Add(new JsonObject { ["kind"] = kind.Name, ["time"] = time, ["body"] = Hex(Office.Utf8(body)), ["hash"] = entry.Head.Hash.ToString(), ["bytes"] = Hex(entry.ToArray()) });
            head = entry.Head;
            log.Append(entry.LeafHash);
        }
        using var root = _memory.Random(32);
        using var keychain = Keychain.Create(root);
        foreach (var epoch in epochs) keychain.Add(epoch);
        var checkpoint = new Checkpoint("desk.example/log", log.Size, log.Root);
        keychain.See(checkpoint, []);
        var stored = keychain.Seal();
        using var seed = _memory.Random(32);
        using var grantee = HybridIdentity.FromSeed(seed.Span, _memory);
        var row = RowId.New();
        var vectors = new JsonObject
        {
            ["case"] = @case.ToString(),
            ["author"] = author.PublicKey.ToString(),
            ["epochs"] = new JsonArray([.. epochs.Select(epoch => new JsonObject
            {
                ["compartment"] = epoch.Compartment.ToString().ToLowerInvariant(), ["epoch"] = epoch.Number, ["keyId"] = epoch.KeyId.ToString(), ["key"] = Hex(epoch.Key.Span),
            })]),
            ["entries"] = entries,
            ["checkpoint"] = checkpoint.Sign(author),
            ["card"] = Hex(new Card(head, "Марта", 2, 1, 1_790_000_001, 1).Seal(epochs[1])),
            ["rowId"] = row.ToString(),
            ["row"] = Hex(SealedRow.Seal(epochs[1], "draft", row, "Dear Marta"u8)),
            ["granteeSeed"] = Hex(seed.Span),
            ["wrap"] = Hex(Wrap.Seal(epochs[1], (HybridRecipient)grantee.ToRecipient(), author)),
            ["root"] = Hex(root.Span),
            ["keychain"] = Hex(stored.Head),
            ["segment"] = Hex(stored.Changed[0]),
        };
        File.WriteAllText(System.IO.Path.Combine(folder, "journal-vectors.json"), vectors.ToJsonString(Readable) + "\n");
    }

    public void Dispose() => _memory.Dispose();

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] Bytes(JsonNode? hex) => Convert.FromHexString(hex!.GetValue<string>());
}
