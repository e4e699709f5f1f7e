using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// Content beside the journal that is no history, a draft or a search segment: sealed under the key of a compartment, for
/// one purpose and one row (<c>docs/formats/journal.md</c>, "Rows beside the journal").
/// </summary>
public static class SealedRow
{
    /// <summary>The longest content.</summary>
    public const int MaxLength = Padding.MaxMessageLength;

    private const byte Version = 1;
    private const int Open = 1 + KeyId.Size;
    private const int MaxPurpose = 32;
    private const int MaxContext = 1 + CaseId.Size + KeyId.Size + 1 + RowId.Size + MaxPurpose;

    private static ReadOnlySpan<byte> Label => "understory/journal/v1/row"u8;

    /// <summary>Seals a content.</summary>
    /// <param name="epoch">The key of its compartment.</param>
    /// <param name="purpose">What it is: 1 to 32 ASCII characters, <c>draft</c> for example.</param>
    /// <param name="row">Which row it is.</param>
    /// <param name="content">At most <see cref="MaxLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The purpose or the content is too long.</exception>
    public static byte[] Seal(Epoch epoch, string purpose, RowId row, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        var context = Context(epoch, purpose, row, stackalloc byte[MaxContext]);
        var padded = Padding.Pad(PaddingKind.Message, content);
        var bytes = new byte[Open + padded.Length + CommittingSeal.Overhead];
        bytes[0] = Version;
        epoch.KeyId.CopyTo(bytes.AsSpan(1));
        try
        {
            CommittingSeal.Seal(epoch.Key.Span, Label, context, padded, bytes.AsSpan(Open));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
        return bytes;
    }

    /// <summary>The key that a sealed row opens with.</summary>
    /// <exception cref="JournalException">It is not a sealed row.</exception>
    public static KeyId KeyOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Open + CommittingSeal.Overhead || bytes.Length > Open + CommittingSeal.Overhead + MaxLength + 1)
            throw JournalException.Malformed("A sealed row has a length that none has.");
        return bytes[0] == Version
            ? KeyId.From(bytes[1..Open])
            : throw new JournalException(JournalFault.UnknownVersion, $"The sealed row is of version {bytes[0]}, which this program does not know.");
    }

    /// <summary>Opens a content that was sealed for this purpose and this row.</summary>
    /// <returns>The content, in pinned memory: it can be wiped, and no copy stays behind.</returns>
    /// <exception cref="JournalException">It was changed, or sealed for something else or under another key.</exception>
    /// <exception cref="ArgumentException">The purpose is none.</exception>
    public static byte[] Unseal(ReadOnlySpan<byte> bytes, Epoch epoch, string purpose, RowId row)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (KeyOf(bytes) != epoch.KeyId) throw new JournalException(JournalFault.NoKey, "The row is sealed under another key.");
        var context = Context(epoch, purpose, row, stackalloc byte[MaxContext]);
        var padded = GC.AllocateUninitializedArray<byte>(bytes.Length - Open - CommittingSeal.Overhead, pinned: true);
        try
        {
            CommittingSeal.Open(epoch.Key.Span, Label, context, bytes[Open..], padded);
            var content = GC.AllocateUninitializedArray<byte>(Unpadded.Length(padded), pinned: true);
            padded.AsSpan(0, content.Length).CopyTo(content);
            return content;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    private static Span<byte> Context(Epoch epoch, string purpose, RowId row, Span<byte> context)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        if (purpose.Length is 0 or > MaxPurpose || !Ascii.IsValid(purpose)) throw new ArgumentException("A purpose is 1 to 32 ASCII characters.", nameof(purpose));
        context[0] = Version;
        epoch.Case.CopyTo(context[1..]);
        epoch.KeyId.CopyTo(context[17..]);
        context[33] = (byte)epoch.Compartment;
        row.CopyTo(context[34..]);
        return context[..(50 + Encoding.ASCII.GetBytes(purpose, context[50..]))];
    }
}
