using System.Security.Cryptography;
using System.Text.Unicode;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>The content of a message, field by field, as slices of it: read strictly, written in the one way there is.</summary>
internal ref struct MessageParts
{
    public const int HashSize = SHA256.HashSizeInBytes;
    public const int SaltSize = 16;

    private const int Version = 1;
    private const int KeySize = 32;
    // The longest content but for its texts: recipient 1,216, hashes, ids, K, tag and heads.
    private const int FixedSize = 1_600;

    private static readonly byte[] NoHash = new byte[HashSize];

    public Direction Direction;
    public ReadOnlySpan<byte> Conversation;
    public int Sequence;
    public ReadOnlySpan<byte> Previous;
    public int Seen;
    public ReadOnlySpan<byte> SeenHash;
    public int Lacking;
    public ReadOnlySpan<byte> Salt;
    public MessageKind Kind;

    /// <summary>In an opening: K.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>In an opening.</summary>
    public ReadOnlySpan<byte> LookUpId;

    /// <summary>In an opening; in an answer, or empty.</summary>
    public ReadOnlySpan<byte> Recipient;

    /// <summary>In an opening.</summary>
    public ReadOnlySpan<byte> Language;

    /// <summary>In an opening.</summary>
    public Urgency Urgency;

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Words;

    /// <summary>In an opening, UTF-8.</summary>
    public ReadOnlySpan<byte> Safely;

    /// <exception cref="EnvelopeException">It is not the content of a message.</exception>
    public static MessageParts Read(ReadOnlySpan<byte> content)
    {
        var reader = new CborReader(content);
        reader.ArrayOf(11);
        reader.Number(Version, Version);
        var parts = new MessageParts
        {
            Direction = (Direction)reader.Number(1, 2),
            Conversation = reader.Bytes(Message.ConversationSize),
            Sequence = reader.Number(1, Message.MaxSequence),
            Previous = reader.Bytes(HashSize),
            Seen = reader.Number(0, Message.MaxSequence),
            SeenHash = reader.Bytes(HashSize),
            Lacking = reader.Number(0, Message.MaxSequence),
            Salt = reader.Bytes(SaltSize),
            Kind = (MessageKind)reader.Number(1, 3),
        };
        parts.CheckOrder();
        parts.ReadBody(ref reader);
        reader.End();
        return parts;
    }

    /// <summary>Its encoding, in pinned memory: the caller's to wipe.</summary>
    public readonly byte[] Write(out int length)
    {
        CheckText(Words, Message.MaxWordsLength);
        CheckText(Safely, Message.MaxSafelyLength);
        var memory = GC.AllocateArray<byte>(FixedSize + Words.Length + Safely.Length, pinned: true);
        var writer = new CborWriter(memory);
        writer.Array(11);
        writer.Number(Version);
        writer.Number((int)Direction);
        writer.Bytes(Conversation);
        writer.Number(Sequence);
        writer.Bytes(Previous);
        writer.Number(Seen);
        writer.Bytes(SeenHash);
        writer.Number(Lacking);
        writer.Bytes(Salt);
        writer.Number((int)Kind);
        WriteBody(ref writer);
        length = writer.Length;
        return memory;
    }

    /// <exception cref="EnvelopeException">It is not a public key.</exception>
    public readonly HybridRecipient ReadRecipient() => ReadRecipient(Recipient);

    /// <exception cref="EnvelopeException">It is not a public key.</exception>
    public static HybridRecipient ReadRecipient(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            return new HybridRecipient(publicKey);
        }
        catch (SealingException)
        {
            throw EnvelopeException.Malformed("its recipient is not one");
        }
    }

    private readonly void CheckOrder()
    {
        if (Sequence == 1 && !Previous.SequenceEqual(NoHash)) throw EnvelopeException.Malformed("the first message names one before it");
        if (Seen == 0 && !SeenHash.SequenceEqual(NoHash)) throw EnvelopeException.Malformed("it names a message that was not seen");
        if (Lacking > Seen) throw EnvelopeException.Malformed("more is lacking than there is");
        var fits = Kind switch
        {
            MessageKind.Opening => Direction == Direction.ToDesk && Sequence == 1,
            MessageKind.Words => Direction == Direction.ToDesk && Sequence > 1,
            _ => Direction == Direction.ToPerson,
        };
        if (!fits) throw EnvelopeException.Malformed("its kind has no place there");
    }

    private void ReadBody(ref CborReader reader)
    {
        switch (Kind)
        {
            case MessageKind.Opening:
                reader.ArrayOf(7);
                Key = reader.Bytes(KeySize);
                LookUpId = reader.Bytes(ReceiptKeys.LookUpIdSize);
                Recipient = reader.Bytes(HybridRecipient.PublicKeySize);
                Language = reader.Text(2);
                if (!IsLanguage(Language)) throw EnvelopeException.Malformed("its language is not known");
                Urgency = (Urgency)reader.Number(0, 3);
                Words = reader.Text(Message.MaxWordsLength);
                Safely = reader.Text(Message.MaxSafelyLength);
                break;
            case MessageKind.Words:
                Words = reader.Text(Message.MaxWordsLength);
                break;
            default:
                reader.ArrayOf(2);
                if (!reader.IsNull()) Recipient = reader.Bytes(HybridRecipient.PublicKeySize);
                Words = reader.Text(Message.MaxWordsLength);
                break;
        }
    }

    private readonly void WriteBody(ref CborWriter writer)
    {
        switch (Kind)
        {
            case MessageKind.Opening:
                writer.Array(7);
                writer.Bytes(Key);
                writer.Bytes(LookUpId);
                writer.Bytes(Recipient);
                writer.Text(Language);
                writer.Number((int)Urgency);
                writer.Text(Words);
                writer.Text(Safely);
                break;
            case MessageKind.Words:
                writer.Text(Words);
                break;
            default:
                writer.Array(2);
                if (Recipient.IsEmpty) writer.Null();
                else writer.Bytes(Recipient);
                writer.Text(Words);
                break;
        }
    }

    internal static bool IsLanguage(ReadOnlySpan<byte> language) =>
        language.SequenceEqual("ru"u8) || language.SequenceEqual("uk"u8) || language.SequenceEqual("en"u8);

    private static void CheckText(ReadOnlySpan<byte> utf8, int most)
    {
        if (utf8.Length > most) throw new EnvelopeException(EnvelopeFault.TooLong, $"A text has at most {most} bytes.");
        if (!Utf8.IsValid(utf8)) throw new ArgumentException("A text must be UTF-8.", nameof(utf8));
    }
}
