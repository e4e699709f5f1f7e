using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What is kept of a user besides keys to cases: sealed under their root (<c>docs/formats/sign-in.md</c>).</summary>
internal sealed class Profile : IDisposable
{
    public const int TotpSecretSize = 20;

    private const int Version = 1;
    private const int Fields = 7;
    private const int KeySize = 32;
    private const int MaxName = 256;
    private readonly Secret? _rootKey;

    private Profile(string name, string language, Secret totpSecret, long lastTotpStep, byte[]? certificate, Secret? rootKey) =>
        (Name, Language, TotpSecret, LastTotpStep, Certificate, _rootKey) = (name, language, totpSecret, lastTotpStep, certificate, rootKey);

    public string Name { get; }

    public string Language { get; set; }

    public Secret TotpSecret { get; }

    public long LastTotpStep { get; set; }

    /// <summary>The root's word that this user may sign inbox keys; null for who may not.</summary>
    public byte[]? Certificate { get; }

    /// <summary>The secrets become the profile's.</summary>
    public static Profile Of(string name, string language, Secret totpSecret, byte[] certificate, Secret rootKey) =>
        new(name, language, totpSecret, lastTotpStep: 0, certificate, rootKey);

    public static Profile Open(ReadOnlySpan<byte> sealedBytes, Secret root, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context)
    {
        using var key = root.Expand(label, KeySize);
        using var padded = root.Memory.Allocate(Math.Max(1, sealedBytes.Length - CommittingSeal.Overhead));
        CommittingSeal.Open(key.Span, label, context, sealedBytes, padded.Span);
        var reader = new CborReader(Padding.Unpad(PaddingKind.Message, padded.Span), what => new CaseworkException($"A profile is damaged: {what}."));
        reader.ReadArrayOf(Fields);
        reader.ReadInt32(Version, Version);
        var name = reader.ReadText(MaxName);
        var language = reader.ReadText(2);
        var totp = root.Memory.Copy(reader.ReadExactly(TotpSecretSize));
        var step = (long)reader.ReadUnsigned(long.MaxValue);
        var certificate = reader.TryReadNull() ? null : reader.ReadExactly(CoordinatorCertificate.Size).ToArray();
        var rootKey = reader.TryReadNull() ? null : root.Memory.Copy(reader.ReadExactly(KeySize));
        reader.End();
        return new Profile(name, language, totp, step, certificate, rootKey);
    }

    public byte[] Seal(Secret root, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context)
    {
        using var writer = new CborWriter(1024);
        writer.WriteArray(Fields);
        writer.Write((long)Version);
        writer.Write(Name);
        writer.Write(Language);
        writer.Write(TotpSecret.Span);
        writer.Write(LastTotpStep);
        if (Certificate is null) writer.WriteNull();
        else writer.Write(Certificate);
        if (_rootKey is null) writer.WriteNull();
        else writer.Write(_rootKey.Span);
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
