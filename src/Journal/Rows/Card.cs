using System.Text;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// What lists show of a case, sealed into exactly 512 bytes under the key of compartment <see cref="Compartment.Work"/>
/// (<c>docs/formats/journal.md</c>, "Rows beside the journal"). It can be made anew from the journal at any time.
/// </summary>
/// <param name="Head">The head of the journal that it was made from; a card with another one is out of date.</param>
/// <param name="Name">How the case is called in lists: at most 256 bytes of UTF-8.</param>
/// <param name="Stage">The number of its stage.</param>
/// <param name="Urgency">How urgent it is.</param>
/// <param name="WaitingSince">Since when the person waits for an answer, in seconds since 1970 in UTC; null if they do not.</param>
/// <param name="Unread">How many messages nobody has read.</param>
public sealed record Card(Head Head, string Name, int Stage, int Urgency, long? WaitingSince, int Unread)
{
    /// <summary>Length of every sealed card.</summary>
    public const int Size = 512;

    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaxNameLength = 256;

    private const byte Version = 1;
    private const int Open = 1 + KeyId.Size;
    private const int PaddedSize = Size - Open - CommittingSeal.Overhead;
    private const int Fields = 8;

    private static ReadOnlySpan<byte> Label => "understory/journal/v1/card"u8;

    /// <summary>The key that a sealed card opens with.</summary>
    /// <exception cref="JournalException">It is not a card.</exception>
    public static KeyId KeyOf(ReadOnlySpan<byte> card)
    {
        if (card.Length != Size) throw JournalException.Malformed($"A card has {Size} bytes.");
        return card[0] == Version
            ? KeyId.From(card[1..Open])
            : throw new JournalException(JournalFault.UnknownVersion, $"The card is of version {card[0]}, which this program does not know.");
    }

    /// <summary>Opens a sealed card.</summary>
    /// <param name="card">512 bytes.</param>
    /// <param name="epoch">The key that it names; its case is the case that the card must be of.</param>
    /// <exception cref="JournalException">It was changed, belongs to another case, or was sealed under another key.</exception>
    public static Card Unseal(ReadOnlySpan<byte> card, Epoch epoch)
    {
        CheckWork(epoch);
        if (KeyOf(card) != epoch.KeyId) throw new JournalException(JournalFault.NoKey, "The card is sealed under another key.");
        Span<byte> content = stackalloc byte[PaddedSize];
        CommittingSeal.Open(epoch.Key.Span, Label, Context(epoch, stackalloc byte[1 + CaseId.Size + KeyId.Size]), card[Open..], content);
        var end = content.LastIndexOfAnyExcept((byte)0);
        if (end < 0 || content[end] != 0x80) throw JournalException.Malformed("The card is not padded as it must be.");

        var reader = new CborReader(content[..end], JournalException.Content);
        reader.ReadArrayOf(Fields);
        if (reader.ReadUnsigned() != Version) throw new JournalException(JournalFault.UnknownVersion, "The card is of a version that this program does not know.");
        var name = reader.ReadText(MaxNameLength);
        var stage = reader.ReadInt32();
        var urgency = reader.ReadInt32();
        long? waitingSince = reader.TryReadNull() ? null : (long)reader.ReadUnsigned(Entry.MaxTime);
        var unread = reader.ReadInt32();
        var head = new Head(epoch.Case, (long)reader.ReadUnsigned(long.MaxValue), Digest.From(reader.ReadExactly(Digest.Size)));
        reader.End();
        return new(head, name, stage, urgency, waitingSince, unread);
    }

    /// <summary>Seals it into 512 bytes.</summary>
    /// <exception cref="ArgumentException">The key is of another case or compartment, or a number is negative.</exception>
    /// <exception cref="InvalidOperationException">The name is too long, or the time is none.</exception>
    public byte[] Seal(Epoch epoch)
    {
        CheckWork(epoch);
        if (epoch.Case != Head.Case) throw new ArgumentException("The key is of another case.", nameof(epoch));
        if (Encoding.UTF8.GetByteCount(Name) > MaxNameLength) throw new InvalidOperationException($"The name is longer than {MaxNameLength} bytes.");
        if (WaitingSince > Entry.MaxTime) throw new InvalidOperationException("The time is later than the year 9999.");

        using var writer = new CborWriter(PaddedSize);
        writer.WriteArray(Fields);
        writer.Write((ulong)Version);
        writer.Write(Name);
        writer.Write((long)Stage);
        writer.Write((long)Urgency);
        if (WaitingSince is { } since) writer.Write(since);
        else writer.WriteNull();
        writer.Write((long)Unread);
        writer.Write(Head.Sequence);
        writer.Write(Head.Hash.ToArray());
        Span<byte> content = stackalloc byte[PaddedSize];
        content.Clear();
        writer.Written.CopyTo(content);
        content[writer.Length] = 0x80;

        var card = new byte[Size];
        card[0] = Version;
        epoch.KeyId.CopyTo(card.AsSpan(1));
        CommittingSeal.Seal(epoch.Key.Span, Label, Context(epoch, stackalloc byte[1 + CaseId.Size + KeyId.Size]), content, card.AsSpan(Open));
        return card;
    }

    /// <summary>Says which case it is of and nothing of what is in it.</summary>
    public override string ToString() => $"Card of {Head.Case}";

    private static void CheckWork(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Compartment != Compartment.Work) throw new ArgumentException("Cards are sealed under the key of compartment work.", nameof(epoch));
    }

    private static Span<byte> Context(Epoch epoch, Span<byte> context)
    {
        context[0] = Version;
        epoch.Case.CopyTo(context[1..]);
        epoch.KeyId.CopyTo(context[(1 + CaseId.Size)..]);
        return context;
    }
}
