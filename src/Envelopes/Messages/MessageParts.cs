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
        var reader = new CborReader(content, EnvelopeException.Malformed);
        reader.ReadArrayOf(11);
        reader.ReadInt32(Version, Version);
        var parts = new MessageParts
        {
            Direction = (Direction)reader.ReadInt32(1, 2),
            Conversation = reader.ReadExactly(Message.ConversationSize),
            Sequence = reader.ReadInt32(1, Message.MaxSequence),
            Previous = reader.ReadExactly(HashSize),
            Seen = reader.ReadInt32(0, Message.MaxSequence),
            SeenHash = reader.ReadExactly(HashSize),
            Lacking = reader.ReadInt32(0, Message.MaxSequence),
            Salt = reader.ReadExactly(SaltSize),
            Kind = (MessageKind)reader.ReadInt32(1, 3),
        };
        parts.CheckOrder();
        parts.ReadBody(ref reader);
        reader.End();
        return parts;
    }

    /// <summary>Its encoding: the caller's to dispose.</summary>
    public readonly CborWriter Write()
    {
        CheckText(Words, Message.MaxWordsLength);
        CheckText(Safely, Message.MaxSafelyLength);
        var writer = new CborWriter(FixedSize + Words.Length + Safely.Length);
        writer.WriteArray(11);
        writer.Write(Version);
        writer.Write((int)Direction);
        writer.Write(Conversation);
        writer.Write(Sequence);
        writer.Write(Previous);
        writer.Write(Seen);
        writer.Write(SeenHash);
        writer.Write(Lacking);
        writer.Write(Salt);
        writer.Write((int)Kind);
        WriteBody(writer);
        return writer;
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
            MessageKind.Opening => Direction == Direction.ToDesk && Sequence == 1 && Seen == 0,
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
                reader.ReadArrayOf(6);
                Key = reader.ReadExactly(KeySize);
                Recipient = reader.ReadExactly(HybridRecipient.PublicKeySize);
                Language = reader.ReadUtf8(2);
                if (!IsLanguage(Language)) throw EnvelopeException.Malformed("its language is not known");
                Urgency = (Urgency)reader.ReadInt32(0, 3);
                Words = reader.ReadUtf8(Message.MaxWordsLength);
                Safely = reader.ReadUtf8(Message.MaxSafelyLength);
                break;
            case MessageKind.Words:
                Words = reader.ReadUtf8(Message.MaxWordsLength);
                break;
            default:
                reader.ReadArrayOf(2);
                if (!reader.TryReadNull()) Recipient = reader.ReadExactly(HybridRecipient.PublicKeySize);
                Words = reader.ReadUtf8(Message.MaxWordsLength);
                break;
        }
    }

    private readonly void WriteBody(CborWriter writer)
    {
        switch (Kind)
        {
            case MessageKind.Opening:
                writer.WriteArray(6);
                writer.Write(Key);
                writer.Write(Recipient);
                writer.WriteUtf8(Language);
                writer.Write((int)Urgency);
                writer.WriteUtf8(Words);
                writer.WriteUtf8(Safely);
                break;
            case MessageKind.Words:
                writer.WriteUtf8(Words);
                break;
            default:
                writer.WriteArray(2);
                if (Recipient.IsEmpty) writer.WriteNull();
                else writer.Write(Recipient);
                writer.WriteUtf8(Words);
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
