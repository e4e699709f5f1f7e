using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>
/// "Forget everything", as the Desk can believe it: only the receipt makes it (<c>docs/formats/message.md</c>).
/// </summary>
public static class ForgetNotice
{
    private const int Version = 1;
    private const int SaltSize = 16;
    private const int MaxSize = 96;

    /// <summary>Writes and seals a notice.</summary>
    /// <param name="keys">The person's.</param>
    /// <param name="conversation">The conversation, or null where it is not known: then whichever is there is meant.</param>
    /// <param name="to">The recipient of the conversation, or the inbox's where it is not known.</param>
    public static byte[] Seal(ReceiptKeys keys, ReadOnlyMemory<byte>? conversation, HybridRecipient to)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(to);
        using var writer = new CborWriter(MaxSize);
        writer.WriteArray(4);
        writer.Write(Version);
        writer.Write(keys.LookUpId.Span);
        // A chain that was rebuilt and has heard nothing yet has an empty one: not known either.
        if (conversation is { IsEmpty: false } id) writer.Write(id.Span);
        else writer.WriteNull();
        writer.Write(RandomNumberGenerator.GetBytes(SaltSize));
        return MessageTag.Seal(keys.Conversation.Span, MessageTag.Forget, writer.Written, to, out _);
    }

    /// <summary>Checks a notice; returning means that the holder of the receipt wants this conversation forgotten.</summary>
    /// <param name="sealedBytes">What the envelope holds.</param>
    /// <param name="lookUpId">The look-up id that stands on the envelope.</param>
    /// <param name="conversation">The conversation that the Desk has for it.</param>
    /// <param name="key">K of that conversation.</param>
    /// <param name="identities">Of the conversation and of the inbox; tried in order.</param>
    /// <returns>32 bytes by which this notice is known again: one that was acted on before says nothing new.</returns>
    /// <exception cref="EnvelopeException">The person did not say so: it was made up, changed, or is about another conversation.</exception>
    public static byte[] Check(
        ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> lookUpId, ReadOnlySpan<byte> conversation, Secret key,
        params IReadOnlyCollection<Identity> identities)
    {
        ArgumentNullException.ThrowIfNull(key);
        var padded = MessageTag.Open(sealedBytes, identities);
        try
        {
            var message = MessageTag.Split(padded, out var content, out var tag);
            var reader = new CborReader(content, EnvelopeException.Malformed);
            reader.ReadArrayOf(4);
            reader.ReadInt32(Version, Version);
            var named = reader.ReadExactly(ReceiptKeys.LookUpIdSize);
            var whichever = reader.TryReadNull();
            var about = whichever ? default : reader.ReadExactly(Message.ConversationSize);
            reader.ReadExactly(SaltSize);
            reader.End();
            if (!MessageTag.IsRight(key.Span, MessageTag.Forget, content, tag))
                throw EnvelopeException.Tampered("Somebody who does not have the receipt asks to forget this conversation.");
            if (!named.SequenceEqual(lookUpId) || !whichever && !about.SequenceEqual(conversation))
                throw new EnvelopeException(EnvelopeFault.AnotherConversation, "The wish to forget is about another conversation.");
            return SHA256.HashData(message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }
}
