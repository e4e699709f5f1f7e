using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>The fixed keys, messages and conversations that <see cref="MessageVectors"/> are made of.</summary>
internal sealed class VectorMessages
{
    public static readonly byte[] K = Bytes(32, 1);
    public static readonly byte[] LookUpId = ReceiptKeys.LookUpIdOf(K);
    public static readonly byte[] Token = Bytes(32, 12);
    public static readonly byte[] Seed = Bytes(32, 13);
    public static readonly string[] Uses = ["to-desk", "to-person", "bookmark", "forget"];

    private static readonly byte[] Conversation = Bytes(16, 14);
    private static readonly byte[] None = new byte[32];

    private readonly byte[] _ofConversation;

    public VectorMessages(LockedMemory memory)
    {
        using var person = HybridIdentity.FromSeed(Seed, memory);
        using var conversation = HybridIdentity.FromSeed(Bytes(32, 15), memory);
        Person = (HybridRecipient)person.ToRecipient();
        _ofConversation = ((HybridRecipient)conversation.ToRecipient()).PublicKey.ToArray();
        Contents = MakeContents();
        Refused = [.. MakeRefused()];
        Conversations = [.. MakeConversations()];
    }

    public HybridRecipient Person { get; }

    /// <summary>A conversation of five.</summary>
    public IReadOnlyList<byte[]> Contents { get; }

    public IReadOnlyList<(byte[] Content, string Why)> Refused { get; }

    /// <summary>A state of the person's side, or null for one rebuilt from answers, and what arrives then.</summary>
    public IReadOnlyList<(string Name, byte[]? State, byte[][] Messages)> Conversations { get; }

    public static byte[] Bytes(int length, int first) => [.. Enumerable.Range(0, length).Select(n => (byte)(first + n))];

    /// <summary>CBOR [ content, tag ].</summary>
    public static byte[] Tagged(byte[] content, Direction? under = null)
    {
        var tag = new byte[32];
        MessageTag.Write(K, MessageTag.For(under ?? MessageParts.Read(content).Direction), content, tag);
        using var writer = new CborWriter();
        writer.WriteArray(2);
        writer.Write(content);
        writer.Write(tag);
        return writer.ToArray();
    }

    /// <summary>Bytes that begin as a sealed message does, and are as long as one.</summary>
    public static byte[] AsIfSealed(int padded, int seed)
    {
        var bytes = Bytes(Envelope.SealedLength(padded - 1), seed);
        "age-encryption.org/v1\n-> mlkem768x25519 "u8.CopyTo(bytes);
        return bytes;
    }

    public static byte[] Enveloped(EnvelopeKind kind, int requestId, int padded)
    {
        var sealedBytes = AsIfSealed(padded, 7);
        return new WireWriter(Envelope.HeadSize + sealedBytes.Length).Byte((int)kind).Bytes(LookUpId).Bytes(Bytes(16, requestId))
            .Bytes(SHA256.HashData(sealedBytes)).Counted(sealedBytes).Finish();
    }

    private static byte[] Encode(in MessageParts parts)
    {
        using var content = parts.Write();
        return content.ToArray();
    }

    private static byte[] HashOf(byte[] content) => SHA256.HashData(Tagged(content));

    private byte[][] MakeContents()
    {
        var opening = Opening();
        var answer = Answer(1, None, 1, HashOf(opening), "Ми прочитали.", _ofConversation);
        var words = Words(2, HashOf(opening), 1, HashOf(answer), "дякую");
        var second = Answer(2, HashOf(answer), 2, HashOf(words), "Є питання. 🙂");
        var third = Answer(3, HashOf(second), 2, HashOf(words), new string('щ', 300));
        return [opening, answer, words, second, third];
    }

    private byte[] Opening(int seen = 0) =>
        Encode(new MessageParts
        {
            Direction = Direction.ToDesk,
            Conversation = Conversation,
            Sequence = 1,
            Previous = None,
            Seen = seen,
            SeenHash = None,
            Salt = Bytes(16, 31),
            Kind = MessageKind.Opening,
            Key = K,
            Recipient = Person.PublicKey,
            Language = "uk"u8,
            Urgency = Urgency.ThisWeek,
            Words = "Мене викликають. Що робити?"u8,
            Safely = "лише ввечері, без дзвінків"u8,
        });

    private static byte[] Answer(int sequence, byte[] previous, int seen, byte[] seenHash, string words, byte[]? recipient = null, byte[]? conversation = null, int salt = 0) =>
        Encode(new MessageParts
        {
            Direction = Direction.ToPerson,
            Conversation = conversation ?? Conversation,
            Sequence = sequence,
            Previous = previous,
            Seen = seen,
            SeenHash = seenHash,
            Salt = Bytes(16, 60 + sequence + salt),
            Kind = MessageKind.Answer,
            Recipient = recipient,
            Words = System.Text.Encoding.UTF8.GetBytes(words),
        });

    private static byte[] Words(int sequence, byte[] previous, int seen, byte[] seenHash, string words, int lacking = 0) => Encode(new MessageParts
    {
        Direction = Direction.ToDesk,
        Conversation = Conversation,
        Sequence = sequence,
        Previous = previous,
        Seen = seen,
        SeenHash = seenHash,
        Lacking = lacking,
        Salt = Bytes(16, 40 + sequence),
        Kind = MessageKind.Words,
        Words = System.Text.Encoding.UTF8.GetBytes(words),
    });

    private IEnumerable<(byte[], string)> MakeRefused()
    {
        // [11 items, version, direction, conversation (16), sequence, …, words "так"]
        var right = Words(2, Bytes(32, 1), 0, None, "так");
        const int Sequence = 20;
        byte[] With(int at, params byte[] bytes) => [.. right[..at], .. bytes, .. right[(at + bytes.Length)..]];
        byte[] Put(int at, params byte[] bytes) => [.. right[..at], .. bytes, .. right[(at + 1)..]];
        yield return ([], "nothing");
        yield return (right[..^1], "a byte less");
        yield return ([.. right, 0], "a byte more");
        yield return (With(0, 0x8a), "a list of ten");
        yield return (With(0, 0x9f), "a list of indefinite length");
        yield return (Put(0, 0x98, 11), "a length not in its shortest form");
        yield return (With(0, 0xab), "a map");
        yield return (With(1, 2), "another version");
        yield return (With(2, 3), "a third direction");
        yield return (With(2, 0), "no direction");
        yield return (With(3, 0x4f), "a conversation of 15 bytes");
        yield return (With(3, 0x70), "a conversation as a text");
        yield return (With(Sequence, 0), "sequence 0");
        yield return (With(Sequence, 1), "the first message names one before it");
        yield return (Put(Sequence, 0x18, 2), "a sequence not in its shortest form");
        yield return (Put(Sequence, 0x19, 0, 2), "a sequence in two bytes");
        yield return (Put(Sequence, 0x1a, 0, 0x0f, 0x42, 0x41), "a sequence above a million");
        yield return (Put(Sequence, 0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0), "a number of 2^53");
        yield return (Put(Sequence, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "a number of 2^64 - 1");
        yield return (With(Sequence, 0x21), "a negative sequence");
        yield return (With(Sequence, 0xf6), "null for a sequence");
        yield return (Put(Sequence, 0xc0, 2), "a tagged sequence");
        yield return (With(right.Length - 6, 0xff), "words that are not UTF-8");
        yield return (With(right.Length - 7, 0x46), "words as bytes");
        yield return (With(right.Length - 7, 0x7b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff), "words longer than everything");
        yield return (With(right.Length - 8, 3), "an answer to the Desk");
        yield return (With(right.Length - 8, 1), "an opening in second place");
        yield return (Words(2, Bytes(32, 1), 0, Bytes(32, 1), "так"), "a hash of nothing seen");
        yield return (Words(2, Bytes(32, 1), 3, Bytes(32, 1), "так", lacking: 4), "more lacking than seen");
        yield return (Words(1, None, 0, None, "так"), "words in first place");
        yield return (Words(2, Bytes(32, 1), 0, None, "так", lacking: 1), "lacking of none");
        yield return (Opening(seen: 1), "an opening that has seen an answer");
    }

    private IEnumerable<(string, byte[]?, byte[][])> MakeConversations()
    {
        var opened = new ChainState(Direction.ToDesk) { Conversation = Conversation, Sent = 1, SentHash = HashOf(Contents[0]) };
        var (first, hash) = (Contents[1], HashOf(Contents[0]));
        var second = Answer(2, HashOf(first), 1, hash, "друге");
        var third = Answer(3, HashOf(second), 1, hash, "третє");
        var fourth = Answer(4, HashOf(third), 1, hash, "четверте");
        var fifth = Answer(5, HashOf(fourth), 1, hash, "п'яте");
        var sixth = Answer(6, HashOf(fifth), 1, hash, "шосте");
        yield return ("in order", opened.ToBytes(), [Tagged(first), Tagged(second), Tagged(third)]);
        yield return ("out of order, replayed, from elsewhere", opened.ToBytes(),
        [
            Tagged(first),
            Tagged(second),
            Tagged(second),
            Tagged(Answer(2, HashOf(first), 1, hash, "інше друге", salt: 5)),
            Tagged(fifth),
            Tagged(third),
            Tagged(Answer(4, HashOf(third), 1, hash, "інше четверте", salt: 5)),
            Tagged(Answer(6, HashOf(fifth), 1, hash, "чуже", conversation: Bytes(16, 99))),
            Tagged(Contents[2]),
            Tagged(sixth, Direction.ToDesk),
            [.. Tagged(sixth)[..^1], (byte)(Tagged(sixth)[^1] ^ 1)],
            Tagged(sixth),
            Tagged(Answer(7, HashOf(fifth), 1, hash, "не на своєму місці")),
        ]);
        yield return ("a bookmark rolled back", opened.ToBytes(),
            [Tagged(first), Tagged(Contents[3]), Tagged(Answer(3, HashOf(Contents[3]), 1, hash, "назад")), Tagged(Answer(4, Bytes(32, 1), 0, None, "зовсім назад"))]);
        yield return ("our own sequence used twice", opened.ToBytes(), [Tagged(Answer(1, None, 1, Bytes(32, 77), "відповідь на інше"))]);
        yield return ("no bookmark", null, [Tagged(Contents[3]), Tagged(first), Tagged(Contents[4])]);
        yield return ("more gaps than are kept", opened.ToBytes(),
            [.. Enumerable.Range(0, 11).Select(n => Tagged(Answer(1 + 3 * n, n == 0 ? None : Bytes(32, n), 1, hash, $"{n}"))), Tagged(second), Tagged(Answer(12, Bytes(32, 200), 1, hash, "дванадцяте"))]);
        yield return ("recipients out of order", opened.ToBytes(),
        [
            Tagged(Answer(3, HashOf(second), 1, hash, "третє", _ofConversation)),
            Tagged(Answer(1, None, 1, hash, "перше", Person.PublicKey.ToArray())),
            Tagged(Answer(5, HashOf(fourth), 1, hash, "п'яте")),
            Tagged(Answer(4, HashOf(third), 1, hash, "четверте", Person.PublicKey.ToArray())),
        ]);
        yield return ("a long silence", opened.ToBytes(), [Tagged(first), Tagged(Answer(60, Bytes(32, 9), 1, hash, "шістдесяте")), Tagged(first), Tagged(Answer(30, Bytes(32, 8), 1, hash, "тридцяте"))]);
    }
}
