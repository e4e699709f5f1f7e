using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>How urgent a person says it is.</summary>
public enum Urgency
{
    /// <summary>Not said.</summary>
    NotSaid = 0,

    /// <summary>It can wait.</summary>
    CanWait = 1,

    /// <summary>This week.</summary>
    ThisWeek = 2,

    /// <summary>Today.</summary>
    Today = 3,
}

/// <summary>What a person says first, in UTF-8, so that it can lie in memory that is wiped.</summary>
public readonly ref struct FirstWords
{
    /// <summary><c>ru</c>, <c>uk</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>How urgent it is.</summary>
    public Urgency Urgency { get; init; }

    /// <summary>What happened; at most <see cref="Message.MaxWordsLength"/> bytes.</summary>
    public required ReadOnlySpan<byte> Words { get; init; }

    /// <summary>Where and how it is safe to answer; at most <see cref="Message.MaxSafelyLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Safely { get; init; }
}

/// <summary>
/// The first message of a conversation as the Desk opens it. It holds K: dispose it when K has gone where it is kept.
/// </summary>
public sealed class Opening : IDisposable
{
    private readonly byte[] _lookUpId;

    private Opening(in MessageParts parts, ReadOnlySpan<byte> hash, byte[] lookUpId, Secret key)
    {
        Key = key;
        _lookUpId = lookUpId;
        Recipient = parts.ReadRecipient();
        Language = Encoding.ASCII.GetString(parts.Language);
        Urgency = parts.Urgency;
        Safely = Encoding.UTF8.GetString(parts.Safely);
        Message = new Message(parts, hash);
    }

    /// <summary>32 bytes, K, that authenticate messages both ways.</summary>
    public Secret Key { get; }

    /// <summary>16 bytes, where answers are put.</summary>
    public ReadOnlySpan<byte> LookUpId => _lookUpId;

    /// <summary>Whom answers are sealed to.</summary>
    public HybridRecipient Recipient { get; }

    /// <summary><c>ru</c>, <c>uk</c> or <c>en</c>.</summary>
    public string Language { get; }

    /// <summary>How urgent the person says it is.</summary>
    public Urgency Urgency { get; }

    /// <summary>Where and how it is safe to answer.</summary>
    public string Safely { get; }

    /// <summary>The message, with its words.</summary>
    public Message Message { get; }

    /// <summary>Opens the first message of a conversation.</summary>
    /// <param name="sealedBytes">What the envelope holds.</param>
    /// <param name="lookUpId">The look-up id that stands on the envelope.</param>
    /// <param name="memory">Where K goes.</param>
    /// <param name="identities">The inbox's; tried in order.</param>
    /// <exception cref="EnvelopeException">
    /// It cannot be opened, is damaged, is no opening, or was put under another look-up id.
    /// </exception>
    public static Opening Open(
        ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> lookUpId, LockedMemory memory, params IReadOnlyCollection<Identity> identities)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var padded = MessageTag.Open(sealedBytes, identities);
        try
        {
            var message = MessageTag.Split(padded, out var content, out var tag);
            var parts = MessageParts.Read(content);
            if (parts.Kind != MessageKind.Opening) throw new EnvelopeException(EnvelopeFault.Malformed, "This is not the first message of a conversation.");
            if (!MessageTag.IsRight(parts.Key, MessageTag.For(Direction.ToDesk), content, tag))
                throw EnvelopeException.Tampered("The first message was put together by somebody who did not know its key.");
            // Why this is safe: the id follows from K, and K comes from the receipt that the id does too. Whoever hands over an
            // opening of their own under somebody's id, before theirs arrives, does not have that K.
            var derived = ReceiptKeys.LookUpIdOf(parts.Key);
            if (!lookUpId.SequenceEqual(derived))
                throw new EnvelopeException(EnvelopeFault.AnotherConversation, "The first message was put under another look-up id.");
            var key = memory.Copy(parts.Key);
            try
            {
                return new Opening(parts, SHA256.HashData(message), derived, key);
            }
            catch
            {
                key.Dispose();
                throw;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Opening({Language})";

    /// <summary>Wipes K.</summary>
    public void Dispose() => Key.Dispose();
}
