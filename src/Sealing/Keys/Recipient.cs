using System.Text;

namespace Understory.Sealing;

/// <summary>What protects a file from a reader without the key.</summary>
public enum Protection
{
    /// <summary><c>mlkem768x25519</c>: ML-KEM-768 and X25519 together, also against quantum computers to come.</summary>
    PostQuantum,

    /// <summary><c>X25519</c>: not against quantum computers.</summary>
    Classical,

    /// <summary><c>scrypt</c>: as strong as the passphrase.</summary>
    Passphrase,
}

/// <summary>One who can be sealed to. It holds nothing secret, but for a passphrase.</summary>
public abstract class Recipient
{
    private protected Recipient()
    {
    }

    /// <summary>What protects a file sealed to this recipient.</summary>
    public abstract Protection Protection { get; }

    /// <summary>Reads a recipient in its Bech32 form: <c>age1pq1…</c> or <c>age1…</c>.</summary>
    /// <exception cref="SealingException">It is not one, or of a kind that is not known; the message says which.</exception>
    public static Recipient Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("AGE-SECRET-KEY-", StringComparison.OrdinalIgnoreCase))
            throw SealingException.BadKey("That is an identity, which is secret, and not a recipient. Keep it to yourself.");
        if (!Ascii.IsValid(text)) throw SealingException.BadKey("A recipient has only letters and digits.");
        var ascii = Encoding.ASCII.GetBytes(text);
        if (HybridRecipient.Owns(ascii)) return HybridRecipient.Decode(ascii);
        if (X25519Recipient.Owns(ascii)) return X25519Recipient.Decode(ascii);
        throw SealingException.BadKey(
            text.StartsWith("age1", StringComparison.OrdinalIgnoreCase)
                ? "The recipient is of a kind that Understory does not seal to, or damaged."
                : "That is not a recipient: recipients begin with age1pq1 or age1.");
    }

    /// <summary>Wraps a file key for this recipient, with fresh randomness.</summary>
    /// <exception cref="SealingException">The key is not one that can be sealed to.</exception>
    internal abstract Stanza Wrap(ReadOnlySpan<byte> fileKey);
}

/// <summary>The post-quantum recipient <c>mlkem768x25519</c> (C2SP age): what Understory seals to.</summary>
public sealed class HybridRecipient : Recipient
{
    /// <summary>Length of a public key in bytes: ML-KEM-768's 1,184 and X25519's 32.</summary>
    public const int PublicKeySize = XWing.PublicKeySize;

    internal const string StanzaType = "mlkem768x25519";
    private readonly byte[] _publicKey;

    /// <summary>A recipient of a 1,216-byte X-Wing public key.</summary>
    /// <exception cref="SealingException">It is not a public key.</exception>
    public HybridRecipient(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != XWing.PublicKeySize || !MlKem768.IsValid(publicKey[..MlKem768.EncapsulationKeySize]))
            throw SealingException.BadKey("The post-quantum recipient is damaged.");
        _publicKey = publicKey.ToArray();
    }

    /// <inheritdoc/>
    public override Protection Protection => Protection.PostQuantum;

    /// <summary>The X-Wing public key, 1,216 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    internal static ReadOnlySpan<byte> Info => "age-encryption.org/mlkem768x25519"u8;

    private static ReadOnlySpan<byte> Prefix => "age1pq"u8;

    /// <summary>The Bech32 form, <c>age1pq1…</c>, 1,959 characters.</summary>
    public override string ToString()
    {
        var text = new byte[Bech32.EncodedLength(Prefix.Length, XWing.PublicKeySize)];
        Bech32.Encode(Prefix, _publicKey, text);
        return Encoding.ASCII.GetString(text);
    }

    internal static bool Owns(ReadOnlySpan<byte> ascii) => Ascii.EqualsIgnoreCase(ascii[..Math.Min(7, ascii.Length)], "age1pq1"u8);

    internal static HybridRecipient Decode(ReadOnlySpan<byte> ascii)
    {
        var key = new byte[XWing.PublicKeySize];
        if (!Bech32.TryDecode(Prefix, ascii, key)) throw SealingException.BadKey("The post-quantum recipient is damaged.");
        return new HybridRecipient(key);
    }

    internal override Stanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var encapsulated = new byte[XWing.CiphertextSize];
        var body = new byte[Stanza.WrappedFileKeySize];
        Span<byte> shared = stackalloc byte[XWing.SharedSecretSize];
        if (!XWing.Encapsulate(_publicKey, encapsulated, shared))
            throw SealingException.BadKey("The post-quantum recipient is not a key that can be sealed to.");
        Hpke.Seal(shared, Info, fileKey, body);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(shared);
        var text = new byte[RawBase64.EncodedLength(encapsulated.Length)];
        RawBase64.Encode(encapsulated, text);
        return new Stanza(StanzaType, [Encoding.ASCII.GetString(text)], body);
    }
}

/// <summary>The classical recipient <c>X25519</c> (C2SP age), for talking to today's <c>age</c>.</summary>
public sealed class X25519Recipient : Recipient
{
    internal const string StanzaType = "X25519";
    private readonly byte[] _point;

    /// <summary>A recipient of a 32-byte X25519 point.</summary>
    /// <exception cref="SealingException">It has not 32 bytes.</exception>
    public X25519Recipient(ReadOnlySpan<byte> point)
    {
        if (point.Length != Primitives.X25519Size) throw SealingException.BadKey("The recipient is damaged.");
        _point = point.ToArray();
    }

    /// <inheritdoc/>
    public override Protection Protection => Protection.Classical;

    private static ReadOnlySpan<byte> Prefix => "age"u8;

    /// <summary>The Bech32 form, <c>age1…</c>, 62 characters.</summary>
    public override string ToString()
    {
        var text = new byte[Bech32.EncodedLength(Prefix.Length, Primitives.X25519Size)];
        Bech32.Encode(Prefix, _point, text);
        return Encoding.ASCII.GetString(text);
    }

    internal static bool Owns(ReadOnlySpan<byte> ascii) =>
        ascii.Length == Bech32.EncodedLength(Prefix.Length, Primitives.X25519Size)
        && Ascii.EqualsIgnoreCase(ascii[..4], "age1"u8);

    internal static X25519Recipient Decode(ReadOnlySpan<byte> ascii)
    {
        Span<byte> point = stackalloc byte[Primitives.X25519Size];
        if (!Bech32.TryDecode(Prefix, ascii, point)) throw SealingException.BadKey("The recipient is damaged.");
        return new X25519Recipient(point);
    }

    internal override Stanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        Span<byte> secrets = stackalloc byte[64];
        Span<byte> share = stackalloc byte[Primitives.X25519Size];
        var body = new byte[Stanza.WrappedFileKeySize];
        try
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(secrets[..32]);
            Primitives.X25519PublicKey(secrets[..32], share);
            if (!Primitives.X25519(secrets[..32], _point, secrets[32..]))
                throw SealingException.BadKey("The recipient is a point of low order, which nobody's key is.");
            FileKeyWrap.SealX25519(secrets[32..], share, _point, fileKey, body);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(secrets);
        }
        Span<byte> text = stackalloc byte[43];
        RawBase64.Encode(share, text);
        return new Stanza(StanzaType, [Encoding.ASCII.GetString(text)], body);
    }
}

/// <summary>A passphrase to seal with, by scrypt. It must be the only recipient.</summary>
public sealed class PassphraseRecipient : Recipient
{
    internal const string StanzaType = "scrypt";
    internal const int SaltSize = 16;
    private readonly Secret _passphrase;
    private readonly int _workFactor;

    /// <summary>A recipient of a passphrase, in UTF-8; the secret stays the caller's to dispose.</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="workFactor">log2 of scrypt's N: 18 takes 256 MiB and about a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The work factor is below 15 or above what we open again.</exception>
    public PassphraseRecipient(Secret passphrase, int workFactor = 18)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        // Why this is safe: 15 is the least that makes guessing a passphrase a matter of tens of milliseconds each.
        ArgumentOutOfRangeException.ThrowIfLessThan(workFactor, 15);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workFactor, PassphraseIdentity.MaxWorkFactor);
        _passphrase = passphrase;
        _workFactor = workFactor;
    }

    /// <inheritdoc/>
    public override Protection Protection => Protection.Passphrase;

    /// <summary>Says what it is and nothing of the passphrase.</summary>
    public override string ToString() => "a passphrase";

    internal override Stanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        System.Security.Cryptography.RandomNumberGenerator.Fill(salt);
        var body = new byte[Stanza.WrappedFileKeySize];
        FileKeyWrap.SealScrypt(_passphrase.Span, salt, _workFactor, fileKey, body);
        Span<byte> text = stackalloc byte[22];
        RawBase64.Encode(salt, text);
        return new Stanza(StanzaType, [Encoding.ASCII.GetString(text), _workFactor.ToString()], body);
    }
}
