using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Understory.Sealing;

/// <summary>One who can open. Its secret lies in <see cref="LockedMemory"/> and is wiped when disposed.</summary>
public abstract class Identity : IDisposable
{
    private protected Identity(Secret secret) => Key = secret;

    /// <summary>What protects a file that this identity opens.</summary>
    public abstract Protection Protection { get; }

    private protected Secret Key { get; }

    /// <summary>
    /// Reads an identity in its Bech32 form, <c>AGE-SECRET-KEY-PQ-1…</c> or <c>AGE-SECRET-KEY-1…</c>, from ASCII bytes.
    /// Wiping them is the caller's duty.
    /// </summary>
    /// <exception cref="SealingException">It is not one. The message holds nothing of it.</exception>
    public static Identity Parse(ReadOnlySpan<byte> ascii, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var secret = memory.Allocate(32);
        if (Bech32.TryDecode(HybridIdentity.Prefix, ascii, secret.Span)) return new HybridIdentity(secret);
        if (Bech32.TryDecode(X25519Identity.Prefix, ascii, secret.Span)) return new X25519Identity(secret);
        secret.Dispose();
        throw SealingException.BadKey(
            Ascii.EqualsIgnoreCase(ascii[..Math.Min(4, ascii.Length)], "age1"u8)
                ? "That is a recipient and not an identity: it can seal, and not open."
                : "That is not an identity, or it is damaged: identities begin with AGE-SECRET-KEY-PQ-1 or AGE-SECRET-KEY-1.");
    }

    /// <summary>The recipient that seals for this identity.</summary>
    public abstract Recipient ToRecipient();

    /// <summary>The Bech32 form in capitals, in locked memory.</summary>
    public abstract Secret Export();

    /// <summary>Says what kind it is and nothing of the secret.</summary>
    public sealed override string ToString() => $"{GetType().Name} (secret)";

    /// <summary>Wipes the secret.</summary>
    public void Dispose()
    {
        Key.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Looks for a stanza that this identity opens, and unwraps the file key from it.</summary>
    /// <exception cref="SealingException">A stanza of this identity's type breaks the rules of the format.</exception>
    internal abstract bool TryUnwrap(IReadOnlyList<Stanza> stanzas, Span<byte> fileKey);

    private protected Secret Export(ReadOnlySpan<byte> prefix)
    {
        var text = Key.Memory.Allocate(Bech32.EncodedLength(prefix.Length, Key.Length));
        Bech32.Encode(prefix, Key.Span, text.Span);
        Ascii.ToUpperInPlace(text.Span, out _);
        return text;
    }
}

/// <summary>The post-quantum identity <c>mlkem768x25519</c>: a 32-byte X-Wing seed.</summary>
public sealed class HybridIdentity : Identity
{
    internal HybridIdentity(Secret seed)
        : base(seed)
    {
    }

    /// <inheritdoc/>
    public override Protection Protection => Protection.PostQuantum;

    internal static ReadOnlySpan<byte> Prefix => "age-secret-key-pq-"u8;

    /// <summary>A new identity.</summary>
    public static HybridIdentity Generate(LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return new(memory.Random(XWing.SeedSize));
    }

    /// <summary>The identity of a seed that was derived elsewhere; the seed is copied.</summary>
    /// <exception cref="ArgumentException">It has not 32 bytes.</exception>
    public static HybridIdentity FromSeed(ReadOnlySpan<byte> seed, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (seed.Length != XWing.SeedSize) throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        return new(memory.Copy(seed));
    }

    /// <inheritdoc/>
    public override Recipient ToRecipient()
    {
        Span<byte> publicKey = stackalloc byte[XWing.PublicKeySize];
        XWing.PublicKey(Key.Span, publicKey);
        return new HybridRecipient(publicKey);
    }

    /// <inheritdoc/>
    public override Secret Export() => Export(Prefix);

    internal override bool TryUnwrap(IReadOnlyList<Stanza> stanzas, Span<byte> fileKey)
    {
        Span<byte> shared = stackalloc byte[XWing.SharedSecretSize];
        foreach (var stanza in stanzas)
        {
            if (stanza.Type != HybridRecipient.StanzaType) continue;
            stanza.Expect(arguments: 1);
            var encapsulated = stanza.DecodeArgument(0, XWing.CiphertextSize, "the encapsulated key");
            if (!XWing.Decapsulate(Key.Span, encapsulated, shared))
                throw SealingException.Stanza(stanza.Type, "a point of low order");
            var opened = Hpke.Open(shared, HybridRecipient.Info, stanza.Body, fileKey);
            CryptographicOperations.ZeroMemory(shared);
            if (opened) return true;
        }
        return false;
    }
}

/// <summary>The classical identity <c>X25519</c>.</summary>
public sealed class X25519Identity : Identity
{
    internal X25519Identity(Secret scalar)
        : base(scalar)
    {
    }

    /// <inheritdoc/>
    public override Protection Protection => Protection.Classical;

    internal static ReadOnlySpan<byte> Prefix => "age-secret-key-"u8;

    /// <summary>A new identity.</summary>
    public static X25519Identity Generate(LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return new(memory.Random(Primitives.X25519Size));
    }

    /// <inheritdoc/>
    public override Recipient ToRecipient()
    {
        Span<byte> point = stackalloc byte[Primitives.X25519Size];
        Primitives.X25519PublicKey(Key.Span, point);
        return new X25519Recipient(point);
    }

    /// <inheritdoc/>
    public override Secret Export() => Export(Prefix);

    internal override bool TryUnwrap(IReadOnlyList<Stanza> stanzas, Span<byte> fileKey)
    {
        Span<byte> own = stackalloc byte[Primitives.X25519Size];
        Span<byte> shared = stackalloc byte[Primitives.X25519Size];
        Primitives.X25519PublicKey(Key.Span, own);
        foreach (var stanza in stanzas)
        {
            if (stanza.Type != X25519Recipient.StanzaType) continue;
            stanza.Expect(arguments: 1);
            var share = stanza.DecodeArgument(0, Primitives.X25519Size, "the ephemeral share");
            if (!Primitives.X25519(Key.Span, share, shared))
                throw SealingException.Stanza(stanza.Type, "a point of low order");
            var opened = FileKeyWrap.OpenX25519(shared, share, own, stanza.Body, fileKey);
            CryptographicOperations.ZeroMemory(shared);
            if (opened) return true;
        }
        return false;
    }
}

/// <summary>A passphrase to open with.</summary>
public sealed class PassphraseIdentity : Identity
{
    /// <summary>
    /// The most work that a file may ask for: N = 2^20, which takes 1 GiB and some seconds. <c>age</c> seals with 2^18.
    /// </summary>
    public const int MaxWorkFactor = 20;

    /// <summary>An identity of a passphrase in UTF-8, which it now owns.</summary>
    public PassphraseIdentity(Secret passphrase)
        : base(passphrase)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
    }

    /// <inheritdoc/>
    public override Protection Protection => Protection.Passphrase;

    /// <inheritdoc/>
    public override Recipient ToRecipient() => new PassphraseRecipient(Key);

    /// <summary>A passphrase has no Bech32 form.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Secret Export() => throw new NotSupportedException("A passphrase has no other form.");

    internal override bool TryUnwrap(IReadOnlyList<Stanza> stanzas, Span<byte> fileKey)
    {
        // The reader has made sure that a scrypt stanza stands alone.
        var stanza = stanzas[0];
        if (stanza.Type != PassphraseRecipient.StanzaType) return false;
        stanza.Expect(arguments: 2);
        var salt = stanza.DecodeArgument(0, PassphraseRecipient.SaltSize, "the salt");
        var workFactor = ReadWorkFactor(stanza);
        return FileKeyWrap.OpenScrypt(Key.Span, salt, workFactor, stanza.Body, fileKey);
    }

    private static int ReadWorkFactor(Stanza stanza)
    {
        var text = stanza.Arguments[1];
        if (text.Length == 0 || text[0] is '0' || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            throw SealingException.Stanza(stanza.Type, "the work factor is not a number");
        // Why this is safe: the number is bounded before any work is done, so that a file cannot ask for the machine.
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var factor) || factor > MaxWorkFactor)
        {
            throw new SealingException(
                SealingFault.TooCostly,
                SealingPart.Header,
                $"The file asks for more work than is allowed: 2^{(text.Length > 9 ? "…" : text)}, and the most is 2^{MaxWorkFactor}.");
        }
        return factor;
    }
}
