using System.Buffers.Binary;
using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What is kept of a user besides keys to cases: sealed under their root (<c>docs/formats/sign-in.md</c>).</summary>
internal sealed class Profile : IDisposable
{
    public const int TotpSecretSize = 20;

    private const int MaxPadded = 8192;
    private const int Version = 2;
    private const int FieldsOf1 = 8;
    private const int Fields = 10;
    private const int KeySize = 32;
    private readonly Secret? _rootKey;

    private Profile(string name, string language, Digest instance, Secret totpSecret, long lastTotpStep, byte[]? certificate, Secret? rootKey, UserId? user) =>
        (Name, Language, Instance, TotpSecret, LastTotpStep, Certificate, _rootKey, User) = (name, language, instance, totpSecret, lastTotpStep, certificate, rootKey, user);

    public string Name { get; }

    public string Language { get; set; }

    /// <summary>What the organisation was when this user joined it: <see cref="Casework.Instance.Pin"/>.</summary>
    public Digest Instance { get; private set; }

    /// <summary>Who they are in the directory; null where it was stored before there was one.</summary>
    public UserId? User { get; private set; }

    /// <summary>The head of the directory as last seen: its number and hash; null before the first time.</summary>
    public (long Sequence, Digest Hash)? Seen { get; set; }

    /// <summary>The organisation's root key, which makes coordinators; null for who has it not. It stays the profile's.</summary>
    public Secret? RootKey => _rootKey;

    public Secret TotpSecret { get; }

    public long LastTotpStep { get; set; }

    /// <summary>The root's word that this user may sign inbox keys; null for who may not.</summary>
    public byte[]? Certificate { get; private set; }

    /// <summary>The secrets become the profile's.</summary>
    public static Profile Of(string name, string language, Digest instance, Secret totpSecret, UserId user, byte[]? certificate = null, Secret? rootKey = null) =>
        new(name, language, instance, totpSecret, lastTotpStep: 0, certificate, rootKey, user);

    /// <summary>Brings what was stored before there was a directory up to date.</summary>
    public void Upgrade(Digest instance, UserId user) => (Instance, User) = (instance, user);

    /// <exception cref="JournalException">It was changed, or belongs to another keyring.</exception>
    /// <exception cref="CaseworkException">What is in it is not a profile.</exception>
    public static Profile Open(ReadOnlySpan<byte> sealedBytes, Secret root, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context)
    {
        if (sealedBytes.Length is <= CommittingSeal.Overhead or > CommittingSeal.Overhead + MaxPadded) throw new CaseworkException("A profile is damaged: it has a length that none has.");
        using var key = root.Expand(label, KeySize);
        using var padded = root.Memory.Allocate(sealedBytes.Length - CommittingSeal.Overhead);
        CommittingSeal.Open(key.Span, label, context, sealedBytes, padded.Span);
        var reader = new CborReader(Padding.Unpad(PaddingKind.Message, padded.Span), what => new CaseworkException($"A profile is damaged: {what}."));
        var isOld = reader.ReadArray(Fields) == FieldsOf1;
        reader.ReadInt32(isOld ? 1 : Version, isOld ? 1 : Version);
        var name = reader.ReadText(Texts.MaxName);
        var language = reader.ReadText(2);
        var instance = Digest.From(reader.ReadExactly(Digest.Size));
        var totp = reader.ReadExactly(TotpSecretSize);
        var step = (long)reader.ReadUnsigned(long.MaxValue);
        var certificate = reader.TryReadNull() ? null : reader.ReadExactly(CoordinatorCertificate.Size).ToArray();
        var rootKey = reader.TryReadNull() ? default : reader.ReadExactly(KeySize);
        UserId? user = isOld ? null : UserId.From(reader.ReadExactly(UserId.Size));
        var seen = isOld || reader.TryReadNull() ? default : reader.ReadExactly(sizeof(long) + Digest.Size);
        reader.End();
        var totpSecret = root.Memory.Copy(totp);
        try
        {
            return new Profile(name, language, instance, totpSecret, step, certificate, rootKey.IsEmpty ? null : root.Memory.Copy(rootKey), user)
            {
                Seen = seen.IsEmpty ? null : (BinaryPrimitives.ReadInt64BigEndian(seen), Digest.From(seen[sizeof(long)..])),
            };
        }
        catch
        {
            totpSecret.Dispose();
            throw;
        }
    }

    /// <summary>Takes over what another session of the same user stored; the secrets stay where they are.</summary>
    public void TakeOver(Profile stored) =>
        (Language, LastTotpStep, Certificate, Seen, Instance, User) = (stored.Language, stored.LastTotpStep, stored.Certificate, stored.Seen, stored.Instance, stored.User);

    /// <summary>The root's word that this user may sign inbox keys, as the directory has it.</summary>
    public void Take(byte[]? certificate) => Certificate = certificate;

    /// <summary>Signs the user's certificate anew with the root's key, where the user has it.</summary>
    /// <returns>Whether it was.</returns>
    public bool TryRenewCertificate(ReadOnlySpan<byte> signer, Days days)
    {
        if (_rootKey is null) return false;
        Certificate = CoordinatorCertificate.Sign(_rootKey, signer, days).ToBytes();
        return true;
    }

    public byte[] Seal(Secret root, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context)
    {
        using var writer = new CborWriter(1024);
        writer.WriteArray(Fields);
        writer.Write((long)Version);
        writer.Write(Name);
        writer.Write(Language);
        writer.Write(Instance.ToArray());
        writer.Write(TotpSecret.Span);
        writer.Write(LastTotpStep);
        if (Certificate is null) writer.WriteNull();
        else writer.Write(Certificate);
        if (_rootKey is null) writer.WriteNull();
        else writer.Write(_rootKey.Span);
        writer.Write((User ?? throw new InvalidOperationException("A profile is stored for a user.")).ToArray());
        if (Seen is { } seen)
        {
            Span<byte> head = stackalloc byte[sizeof(long) + Digest.Size];
            BinaryPrimitives.WriteInt64BigEndian(head, seen.Sequence);
            seen.Hash.CopyTo(head[sizeof(long)..]);
            writer.Write(head);
        }
        else
        {
            writer.WriteNull();
        }
        var padded = Padding.Pad(PaddingKind.Message, writer.Written);
        try
        {
            using var key = root.Expand(label, KeySize);
            var sealedBytes = new byte[padded.Length + CommittingSeal.Overhead];
            CommittingSeal.Seal(key.Span, label, context, padded, sealedBytes);
            return sealedBytes;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    public override string ToString() => "Profile";

    public void Dispose()
    {
        TotpSecret.Dispose();
        _rootKey?.Dispose();
    }
}
