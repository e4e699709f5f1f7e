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
/// The test vectors of docs/formats, which the browser's tests run too. They are written once for a version, by the
/// explicit test, and never again: a change in them is a change of the format.
/// </summary>
public sealed class FormatVectors : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly LockedMemory _memory = new();

    [Fact]
    public void Receipts_are_as_their_vectors_say()
    {
        var vectors = Load("receipt-vectors.json");
        JsonNode.DeepEquals(Receipts(vectors), vectors).ShouldBeTrue("computed: " + Receipts(vectors).ToJsonString(Readable));
    }

    [Fact]
    public void Paddings_are_as_their_vectors_say()
    {
        var vectors = Load("padding-vectors.json");
        JsonNode.DeepEquals(Paddings(), vectors).ShouldBeTrue();
        foreach (var refused in vectors["refused"]!.AsArray())
        {
            byte[] padded = [.. Convert.FromHexString(refused!["prefix"]!.GetValue<string>()), .. new byte[refused["zeros"]!.GetValue<int>()]];
            var kind = Enum.Parse<PaddingKind>(refused["kind"]!.GetValue<string>(), ignoreCase: true);
            Should.Throw<SealingException>(() => Padding.Unpad(kind, padded).Length, refused["why"]!.GetValue<string>());
        }
    }

    /// <summary>Writes the vectors of a new version. Run it with <c>-explicit only</c>, and read the difference.</summary>
    [Fact(Explicit = true)]
    public void Write()
    {
        var folder = Environment.GetEnvironmentVariable("UNDERSTORY_WRITE_VECTORS").ShouldNotBeNull("the folder to write to");
        File.WriteAllText(Path.Combine(folder, "padding-vectors.json"), Paddings().ToJsonString(Readable) + "\n");
        File.WriteAllText(Path.Combine(folder, "receipt-vectors.json"), Receipts(Typed()).ToJsonString(Readable) + "\n");
    }

    public void Dispose() => _memory.Dispose();

    private static JsonNode Load(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "formats", name)))!;

    private static JsonObject Paddings()
    {
        long[] lengths = [0, 1, 510, 511, 512, 2046, 2047, 2048, 8191, 8192, 32_767, 32_768, 131_071, 131_072, 524_287, 524_288];
        long[] files = [.. lengths, 1_000_000, 16_777_215, 16_777_216, 536_870_911, 536_870_912, 12_345_678_901, 4_503_599_627_370_494];
        byte[][] contents = ["привіт"u8.ToArray(), [], [0x80], [0x80, 0, 0, 0], [0, 0, 0], [.. Enumerable.Repeat((byte)0x80, 511)], [.. Enumerable.Repeat((byte)0x80, 512)]];
        return new JsonObject
        {
            ["message"] = new JsonArray([.. lengths.Select(content => content > Padding.MaxMessageLength
                ? new JsonObject { ["content"] = content, ["refused"] = true }
                : new JsonObject { ["content"] = content, ["padded"] = Padding.PaddedLength(PaddingKind.Message, content) })]),
            ["file"] = new JsonArray([.. files.Select(content => new JsonObject { ["content"] = content, ["padded"] = Padding.PaddedLength(PaddingKind.File, content) })]),
            ["bytes"] = new JsonArray([.. from kind in Enum.GetValues<PaddingKind>() from content in contents select Bytes(kind, content)]),
            ["refused"] = new JsonArray([.. from kind in Enum.GetValues<PaddingKind>() from bad in Refused select new JsonObject
            {
                ["kind"] = Name(kind),
                ["prefix"] = bad.Prefix,
                ["zeros"] = bad.Zeros,
                ["why"] = bad.Why,
            }]),
        };
    }

    private static (string Prefix, int Zeros, string Why)[] Refused =>
    [
        ("", 0, "empty"), ("", 512, "no mark"), ("80", 0, "a mark alone"), ("80", 510, "one byte short"), ("80", 512, "one byte long"),
        ("80", 2047, "a larger size than the content needs"), ("ff", 511, "something other than a mark"),
    ];

    private static JsonObject Bytes(PaddingKind kind, byte[] content)
    {
        var padded = Padding.Pad(kind, content);
        return new JsonObject
        {
            ["kind"] = Name(kind),
            ["content"] = Convert.ToHexStringLower(content),
            ["paddedSha256"] = Convert.ToHexStringLower(SHA256.HashData(padded)),
            ["length"] = padded.Length,
        };
    }

    private static string Name(PaddingKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What is given in the receipt vectors; the rest is computed from it.</summary>
    private JsonObject Typed()
    {
        string[] entropies = ["000000000000000000000000", "ffffffffffffffffffffffe0", "0123456789abcdef01234560", "8000000000000000000000a0"];
        var made = new JsonArray([.. from list in WordList.All from entropy in entropies select new JsonObject { ["language"] = list.Language, ["entropy"] = entropy }]);
        var words = WordList.All.ToDictionary(list => list.Language, list => Words(list.Language, entropies[2]), StringComparer.Ordinal);
        string[] Split(string language) => words[language].Split(' ');
        string Numbered(string language) => string.Join('\n', Split(language).Select((word, i) => $"{i + 1}. {word.ToUpperInvariant()},"));
        string With(string language, int at, string word) => string.Join(' ', Split(language).Select((old, i) => i == at ? word : old));
        string OnKeyboard(string language, string from, string to) =>
            string.Concat(words[language].Select(letter => from.IndexOf(letter) is var at and >= 0 ? to[at] : letter));

        const string Qwerty = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
        const string Russian = "йцукенгшщзхъфывапролджэячсмитьбю";
        const string Ukrainian = "йцукенгшщзхїфівапролджєячсмитьбю";
        List<(string Typed, string? Language)> typed =
        [
            (words["ru"], null), (words["uk"], null), (words["en"], null), (words["ru"], "ru"), (words["ru"], "en"),
            (Numbered("ru"), null), (Numbered("uk"), null), (Numbered("en"), null),
            (words["en"].Replace(" ", ",", StringComparison.Ordinal), null), (words["uk"].Replace(" ", " \u00a0\u2003\t", StringComparison.Ordinal), null),
            (OnKeyboard("ru", Russian, Qwerty), null), (OnKeyboard("uk", Ukrainian, Qwerty), null),
            (OnKeyboard("en", Qwerty, Russian), "en"), (OnKeyboard("en", Qwerty, Ukrainian).ToUpperInvariant(), "en"),
            (words["ru"].Replace('а', 'a').Replace('о', 'o'), null), (words["uk"].Replace('і', 'i').Replace('с', 'c'), null),
            (words["en"].Replace('a', 'а').Replace('o', 'о'), null), (words["ru"].Replace('е', 'ё'), null),
            (words["uk"].Replace("й", "и\u0306", StringComparison.Ordinal).Replace("ї", "і\u0308", StringComparison.Ordinal), null),
            (With("ru", 0, Split("ru")[0][..^1]), null), (With("uk", 4, "щщщщщщщ"), null), (With("en", 8, "zzzzz"), null), (With("en", 2, Split("en")[2] + "q"), "en"),
            (With("ru", 3, WordList.For("ru").Words[7]), null), (string.Join(' ', Split("uk").Reverse()), null),
            ("", null), (string.Join(' ', Split("ru")[..8]), null), ($"{words["en"]} {words["en"]}", null), ("1. 2. 3. —", "uk"),
        ];
        return new JsonObject
        {
            ["made"] = made,
            ["read"] = new JsonArray([.. typed.Select(pair => new JsonObject { ["typed"] = pair.Typed, ["language"] = pair.Language })]),
            ["keys"] = new JsonArray([.. WordList.All.Select(list => new JsonObject { ["words"] = words[list.Language], ["instanceId"] = string.Concat(Enumerable.Range(0, 32).Select(n => n.ToString("x2", CultureInfo.InvariantCulture))) })]),
        };
    }

    private JsonObject Receipts(JsonNode given) => new()
    {
        ["lists"] = new JsonObject(WordList.All.Select(list => KeyValuePair.Create(list.Language, (JsonNode?)Hash(list)))),
        ["made"] = new JsonArray([.. given["made"]!.AsArray().Select(item => Made(item!))]),
        ["read"] = new JsonArray([.. given["read"]!.AsArray().Select(item => Read(item!))]),
        ["keys"] = new JsonArray([.. given["keys"]!.AsArray().Select(item => Keys(item!))]),
    };

    private static string Hash(WordList list) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(list.Words.Select(word => word + "\n")))));

    private string Words(string language, string entropy)
    {
        using var receipt = Receipt.FromEntropy(WordList.For(language), Convert.FromHexString(entropy), _memory);
        return Encoding.UTF8.GetString(receipt.Utf8Text);
    }

    private JsonObject Made(JsonNode given)
    {
        var (language, entropy) = (given["language"]!.GetValue<string>(), given["entropy"]!.GetValue<string>());
        return new JsonObject { ["language"] = language, ["entropy"] = entropy, ["words"] = Words(language, entropy) };
    }

    private JsonObject Read(JsonNode given)
    {
        var (typed, language) = (given["typed"]!.GetValue<string>(), given["language"]?.GetValue<string>());
        var reading = Receipt.Read(typed, language, _memory);
        using var receipt = reading.Receipt;
        var result = new JsonObject
        {
            ["typed"] = typed,
            ["language"] = language,
            ["words"] = receipt is null ? null : Encoding.UTF8.GetString(receipt.Utf8Text),
            ["detected"] = reading.Language,
        };
        if (reading.Fault is not { } fault) return result;
        result["fault"] = fault.ToString().ToLowerInvariant();
        result["count"] = reading.Count;
        result["problems"] = new JsonArray([.. reading.Problems.Select(word => new JsonObject
        {
            ["position"] = word.Position,
            ["typed"] = word.Typed,
            ["kind"] = word.Fault!.Value.ToString().ToLowerInvariant(),
            ["nearest"] = new JsonArray([.. word.Nearest.Select(near => JsonValue.Create(near))]),
        })]);
        return result;
    }

    private JsonObject Keys(JsonNode given)
    {
        var (words, instance) = (given["words"]!.GetValue<string>(), given["instanceId"]!.GetValue<string>());
        using var receipt = Receipt.Read(words, null, _memory).Receipt!;
        using var keys = receipt.DeriveKeys(Convert.FromHexString(instance), _memory);
        using var identity = keys.Identity.Export();
        return new JsonObject
        {
            ["words"] = words,
            ["instanceId"] = instance,
            ["lookUpId"] = Convert.ToHexStringLower(keys.LookUpId.Span),
            ["bearer"] = Convert.ToHexStringLower(keys.Bearer.Span),
            ["conversationKey"] = Convert.ToHexStringLower(keys.Conversation.Span),
            ["identity"] = Encoding.ASCII.GetString(identity.Span),
            ["recipient"] = keys.Identity.ToRecipient().ToString(),
        };
    }
}
