using System.Buffers.Binary;
using System.Text;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>What a wrap says: which key, to whom, by whom. 102 bytes (<c>docs/formats/journal.md</c>, "Wrap").</summary>
/// <param name="Case">The case.</param>
/// <param name="Compartment">The compartment.</param>
/// <param name="Epoch">The number of the epoch.</param>
/// <param name="KeyId">The name of the key.</param>
/// <param name="Grantee">The hash of the recipient that it is sealed to: <see cref="GranteeOf"/>.</param>
/// <param name="Granter">Whose signature it carries.</param>
public sealed record WrapTerms(CaseId Case, Compartment Compartment, int Epoch, KeyId KeyId, Digest Grantee, PublicKey Granter)
{
    internal const int Size = 1 + CaseId.Size + 1 + sizeof(uint) + KeyId.Size + Digest.Size + PublicKey.Size;

    private const byte Version = 1;

    /// <summary>The terms on which an epoch is granted.</summary>
    public static WrapTerms For(Epoch epoch, HybridRecipient grantee, PublicKey granter)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new(epoch.Case, epoch.Compartment, epoch.Number, epoch.KeyId, GranteeOf(grantee), granter);
    }

    /// <summary>The 32 bytes that name a recipient in wraps: SHA-256 of a label and its Bech32 form.</summary>
    public static Digest GranteeOf(HybridRecipient recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return Digest.Of([.. "understory/journal/v1/recipient\0"u8, .. Encoding.ASCII.GetBytes(recipient.ToString())]);
    }

    internal static WrapTerms Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != Version)
            throw new JournalException(JournalFault.UnknownVersion, $"The wrap is of version {bytes[0]}, which this program does not know.");
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes[18..]);
        if (number is 0 or > Understory.Journal.Epoch.MaxNumber || !Enum.IsDefined((Compartment)bytes[17]))
            throw JournalException.Malformed("The wrap names no compartment or no epoch.");
        return new(
            CaseId.From(bytes[1..17]), (Compartment)bytes[17], (int)number, KeyId.From(bytes[22..38]),
            Digest.From(bytes[38..70]), PublicKey.From(bytes[70..Size]));
    }

    internal void CopyTo(Span<byte> bytes)
    {
        bytes[0] = Version;
        Case.CopyTo(bytes[1..]);
        bytes[17] = (byte)Compartment;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[18..], (uint)Epoch);
        KeyId.CopyTo(bytes[22..]);
        Grantee.CopyTo(bytes[38..]);
        Granter.CopyTo(bytes[70..]);
    }
}
