using System.Security.Cryptography;
using System.Text;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// What is printed for somebody who is invited, and what follows from it (<c>docs/formats/directory.md</c>, "Invitation and
/// joining").
/// </summary>
internal sealed class InvitationCode : IDisposable
{
    public const int KeySize = 32;

    private const int Length = 20;
    private const int Group = 4;
    private const int LookUpSize = 16;
    private const int Version = 1;

    // 32 letters without what looks like something else: five bits each.
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private InvitationCode(byte[] lookUp, Secret key) => (LookUp, Key) = (lookUp, key);

    public byte[] LookUp { get; }

    public Secret Key { get; }

    private static ReadOnlySpan<byte> InvitationLabel => "understory/invitation/v1/invitation"u8;

    private static ReadOnlySpan<byte> ClaimLabel => "understory/invitation/v1/claim"u8;

    /// <summary>A new code as it is printed: <c>ABCD-EFGH-JKLM-NPQR-STUV</c>.</summary>
    /// <remarks>Why this is safe: 100 random bits; no guesser comes near them, with or without a slow derivation.</remarks>
    public static string Draw() => string.Join('-', RandomNumberGenerator.GetString(Letters, Length).Chunk(Group).Select(letters => new string(letters)));

    /// <summary>What follows from a code as somebody typed it; null where it cannot be one.</summary>
    public static InvitationCode? Read(string typed, ReadOnlySpan<byte> instanceId, LockedMemory memory)
    {
        var letters = string.Concat(typed.Where(char.IsLetterOrDigit)).ToUpperInvariant().Replace('0', 'O').Replace('1', 'I');
        if (letters.Length != Length || letters.Any(letter => !Letters.Contains(letter, StringComparison.Ordinal))) return null;
        byte[] content = [.. "understory/invitation/v1\0"u8, .. instanceId, .. Encoding.ASCII.GetBytes(letters)];
        using var seed = memory.Allocate(SHA256.HashSizeInBytes);
        SHA256.HashData(content, seed.Span);
        CryptographicOperations.ZeroMemory(content);
        using var lookUp = seed.Expand("understory/invitation/v1/look-up"u8, KeySize);
        return new InvitationCode(lookUp.Span[..LookUpSize].ToArray(), seed.Expand("understory/invitation/v1/key"u8, KeySize));
    }

    /// <summary>The key of an invitation as coordinators keep it.</summary>
    public static InvitationCode Of(DirectoryBodies.Invited invited, LockedMemory memory) => new(invited.LookUp.ToArray(), memory.Copy(invited.Key.Span));

    public byte[] Seal(Invitation invitation)
    {
        using var writer = new CborWriter();
        writer.WriteArray(6);
        writer.Write((long)Version);
        writer.Write(invitation.User.ToArray());
        writer.Write(invitation.Directory.ToArray());
        writer.Write((long)invitation.Roles);
        writer.Write(invitation.Name);
        writer.Write((long)invitation.Expires);
        return Seal(InvitationLabel, writer.Written);
    }

    /// <exception cref="CaseworkException">It was changed.</exception>
    public Invitation Open(ReadOnlySpan<byte> bytes)
    {
        var content = Open(InvitationLabel, bytes);
        var reader = new CborReader(content, Damaged);
        reader.ReadArrayOf(6);
        reader.ReadInt32(Version, Version);
        var it = new Invitation(
            UserId.From(reader.ReadExactly(UserId.Size)), CaseId.From(reader.ReadExactly(CaseId.Size)), (Roles)reader.ReadInt32((int)RoleRules.All),
            reader.ReadText(Texts.MaxName), reader.ReadInt32());
        reader.End();
        return it;
    }

    public byte[] Seal(Claim claim)
    {
        using var writer = new CborWriter(2048);
        writer.WriteArray(7);
        writer.Write((long)Version);
        writer.Write(claim.User.ToArray());
        writer.Write(claim.Author.ToArray());
        writer.Write(claim.Recipient.PublicKey);
        writer.Write(claim.InboxSigner);
        writer.Write(claim.LookUp);
        writer.Write(claim.Chain);
        return Seal(ClaimLabel, writer.Written);
    }

    /// <exception cref="CaseworkException">It was changed, or was made by somebody without the code.</exception>
    public Claim OpenClaim(ReadOnlySpan<byte> bytes)
    {
        var content = Open(ClaimLabel, bytes);
        var reader = new CborReader(content, Damaged);
        reader.ReadArrayOf(7);
        reader.ReadInt32(Version, Version);
        var it = new Claim(
            UserId.From(reader.ReadExactly(UserId.Size)), PublicKey.From(reader.ReadExactly(PublicKey.Size)), new HybridRecipient(reader.ReadExactly(HybridRecipient.PublicKeySize)),
            reader.ReadExactly(KeySize).ToArray(), reader.ReadExactly(KeySize).ToArray(), reader.ReadExactly(LookUpSize).ToArray());
        reader.End();
        return it;
    }

    public void Dispose() => Key.Dispose();

    private static CaseworkException Damaged(string what) => new($"The invitation is damaged: {what}.");

    private byte[] Seal(ReadOnlySpan<byte> label, ReadOnlySpan<byte> content)
    {
        var padded = Padding.Pad(PaddingKind.Message, content);
        var bytes = new byte[padded.Length + CommittingSeal.Overhead];
        CommittingSeal.Seal(Key.Span, label, LookUp, padded, bytes);
        return bytes;
    }

    private byte[] Open(ReadOnlySpan<byte> label, ReadOnlySpan<byte> bytes)
    {
        const int Most = 8192;
        if (bytes.Length is <= CommittingSeal.Overhead or > Most + CommittingSeal.Overhead) throw Damaged("it has a length that none has");
        var padded = new byte[bytes.Length - CommittingSeal.Overhead];
        try
        {
            CommittingSeal.Open(Key.Span, label, LookUp, bytes, padded);
            return Padding.Unpad(PaddingKind.Message, padded).ToArray();
        }
        catch (Exception fault) when (fault is JournalException or SealingException)
        {
            throw new CaseworkException("The invitation was changed, or what was left for it was made by somebody without its code. Invite anew.", fault);
        }
    }
}

/// <summary>What somebody learns who types the code.</summary>
internal sealed record Invitation(UserId User, CaseId Directory, Roles Roles, string Name, int Expires);

/// <summary>What a newcomer leaves: the keys that they made.</summary>
internal sealed record Claim(UserId User, PublicKey Author, HybridRecipient Recipient, byte[] InboxSigner, byte[] LookUp, byte[] Chain);
