using System.Text;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// What is in the entries of a case: CBOR arrays, one form for each kind and version (<c>docs/formats/case-entries.md</c>).
/// </summary>
internal static class Bodies
{
    public const int MaxReason = 2_000;

    /// <summary>The longest words that the Desk writes, in bytes of UTF-8: with the chain's state they fit an entry.</summary>
    public const int MaxWords = 500_000;

    private const int IdSize = 16;
    private const int MaxChain = 500_000;

    /// <summary>What an entry has beside words and the state of a conversation, at most.</summary>
    private const int Around = 512;

    /// <summary>A body, in pinned memory: keys and words are in it, and whoever appends it wipes it.</summary>
    public static byte[] Write(Action<CborWriter> write)
    {
        using var writer = new CborWriter(512);
        write(writer);
        var body = GC.AllocateUninitializedArray<byte>(writer.Length, pinned: true);
        writer.Written.CopyTo(body);
        return body;
    }

    /// <summary>Whether words and the state of their conversation have room in one entry.</summary>
    public static bool FitTogether(string? words, byte[]? chain) =>
        (words is null ? 0 : Encoding.UTF8.GetByteCount(words)) + (chain?.Length ?? 0) + Around <= Entry.MaxBodyLength;

    /// <summary>The state of a conversation, to be written.</summary>
    /// <exception cref="CaseworkException">It is longer than any entry.</exception>
    public static byte[] Chain(ConversationChain chain) => chain.ToBytes() is { Length: <= MaxChain } bytes
        ? bytes : throw new CaseworkException("This conversation has too many messages to be continued.");

    public static byte[] CaseOpened(string name, string language, Urgency urgency, int day) => Write(writer =>
    {
        writer.WriteArray(4);
        writer.Write(name);
        writer.Write(language);
        writer.Write((long)urgency);
        writer.Write((long)day);
    });

    public static byte[] ConversationJoined(Opening opening) => Write(writer =>
    {
        writer.WriteArray(6);
        writer.Write(opening.Message.Conversation);
        writer.Write(opening.LookUpId);
        writer.Write(opening.Key.Span);
        writer.Write(opening.Recipient.PublicKey);
        writer.Write(opening.Language);
        writer.Write(opening.Safely);
    });

    public static byte[] MessageReceived(ReadOnlyMemory<byte> conversation, Received received, ReadOnlySpan<byte> envelopeHash, int day, byte[]? chain)
    {
        var hash = envelopeHash.ToArray();
        return Write(writer =>
        {
            writer.WriteArray(8);
            writer.Write(conversation.Span);
            writer.Write((long)received.Verdict);
            writer.Write((long)(received.Message?.Sequence ?? 0));
            if (received.Message is { } message) writer.Write(message.Words);
            else writer.WriteNull();
            if (received.Missing is { } missing)
            {
                writer.WriteArray(2);
                writer.Write((long)missing.From);
                writer.Write((long)missing.To);
            }
            else
            {
                writer.WriteNull();
            }
            writer.Write(hash);
            writer.Write((long)day);
            if (chain is null) writer.WriteNull();
            else writer.Write(chain);
        });
    }

    /// <summary>The state of a conversation alone, behind words that left no room for it.</summary>
    public static byte[] ChainAlone(ReadOnlyMemory<byte> conversation, int day, byte[] chain) =>
        MessageReceived(conversation, new Received(Verdict.Genuine), new byte[Digest.Size], day, chain);

    public static byte[] AnswerSent(ReadOnlyMemory<byte> conversation, int sequence, string words, ReadOnlyMemory<byte> request, KeyId epoch, byte[]? chain) => Write(writer =>
    {
        writer.WriteArray(6);
        writer.Write(conversation.Span);
        writer.Write((long)sequence);
        writer.Write(words);
        writer.Write(request.Span);
        writer.Write(epoch.ToArray());
        if (chain is null) writer.WriteNull();
        else writer.Write(chain);
    });

    public static byte[] AnswerFetched(byte[] request, int day) => Write(writer =>
    {
        writer.WriteArray(2);
        writer.Write(request);
        writer.Write((long)day);
    });

    public static byte[] Words(string words) => Write(writer =>
    {
        writer.WriteArray(1);
        writer.Write(words);
    });

    public static byte[] Seen(long through) => Write(writer =>
    {
        writer.WriteArray(1);
        writer.Write(through);
    });

    public static byte[] StageChanged(Stage stage) => Write(writer =>
    {
        writer.WriteArray(1);
        writer.Write((long)stage);
    });

    public static byte[] Refused() => Write(writer => writer.WriteArray(0));

    public static byte[] ForgettingAsked(ReadOnlyMemory<byte> conversation, int day, byte[] notice) => Write(writer =>
    {
        writer.WriteArray(3);
        writer.Write(conversation.Span);
        writer.Write((long)day);
        writer.Write(notice);
    });

    public static byte[] SpamMarked(ReadOnlySpan<byte> lookUp)
    {
        var id = lookUp.ToArray();
        return Write(writer =>
        {
            writer.WriteArray(1);
            writer.Write(id);
        });
    }

    public static byte[] AccessGranted(UserId user, int? until, IReadOnlyList<(Epoch Epoch, Digest Wrap)> keys) => Write(writer =>
    {
        writer.WriteArray(3);
        writer.Write(user.ToArray());
        if (until is { } day) writer.Write((long)day);
        else writer.WriteNull();
        writer.WriteArray(keys.Count);
        foreach (var (epoch, wrap) in keys)
        {
            writer.WriteArray(4);
            writer.Write((long)epoch.Compartment);
            writer.Write((long)epoch.Number);
            writer.Write(epoch.KeyId.ToArray());
            writer.Write(wrap.ToArray());
        }
    });

    public static byte[] AccessRevoked(UserId user, IReadOnlyCollection<Compartment> compartments) => Write(writer =>
    {
        writer.WriteArray(2);
        writer.Write(user.ToArray());
        writer.WriteArray(compartments.Count);
        foreach (var compartment in compartments.Order()) writer.Write((long)compartment);
    });

    /// <summary>Reads a body of a kind whose form begins with an array of so many values.</summary>
    public static CborReader Read(Entry entry, int fields)
    {
        var reader = new CborReader(entry.Body.Span, what => new CaseworkException($"Entry {entry.Header.Sequence}: its content is damaged, {what}."));
        reader.ReadArrayOf(fields);
        return reader;
    }

    /// <summary>A day since 1970, within the years that there are.</summary>
    public static int ReadDay(ref CborReader reader) => reader.ReadInt32(Arrival.MaxDay);

    public static ReadOnlyMemory<byte> ReadId(ref CborReader reader) => reader.ReadExactly(IdSize).ToArray();

    public static byte[]? ReadChain(ref CborReader reader) => reader.TryReadNull() ? null : reader.ReadBytes(MaxChain).ToArray();
}
