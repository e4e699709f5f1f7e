using System.Security.Cryptography;

namespace Understory.Journal;

/// <summary>
/// How frames, cards, rows and keychains are sealed under a key (<c>docs/formats/journal.md</c>, "Sealing under a key"):
/// salt, commitment, ChaCha20-Poly1305.
/// </summary>
public static class CommittingSeal
{
    internal const int SaltSize = 32;
    internal const int CommitmentSize = 32;
    internal const int TagSize = 16;

    /// <summary>How much longer the sealed bytes are than the content.</summary>
    public const int Overhead = SaltSize + CommitmentSize + TagSize;

    private const int KeySize = 32;
    private const int MaxInfo = 256;

    /// <summary>Seals a content into a place of its length and <see cref="Overhead"/>.</summary>
    /// <param name="key">32 uniformly random bytes.</param>
    /// <param name="label">What is sealed: ASCII, without a zero byte; each use has its own.</param>
    /// <param name="context">Where it belongs: at most 192 bytes, of a length that the label fixes.</param>
    /// <param name="content">What is sealed; padding is the caller's.</param>
    /// <param name="sealedBytes">Where it goes.</param>
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, ReadOnlySpan<byte> content, Span<byte> sealedBytes)
    {
        Span<byte> derived = stackalloc byte[KeySize + CommitmentSize];
        try
        {
            // Why this is safe: a salt of 256 random bits for each attempt makes a message key that was never used and
            // never will be, also when an append is tried again or a backup was restored; so the nonce can be constant.
            RandomNumberGenerator.Fill(sealedBytes[..SaltSize]);
            Derive(key, sealedBytes[..SaltSize], label, context, derived);
            derived[KeySize..].CopyTo(sealedBytes[SaltSize..]);
            using var cipher = new ChaCha20Poly1305(derived[..KeySize]);
            cipher.Encrypt(
                stackalloc byte[12], content, sealedBytes[(SaltSize + CommitmentSize)..^TagSize], sealedBytes[^TagSize..], context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>Opens sealed bytes into a place that is shorter by <see cref="Overhead"/>.</summary>
    /// <exception cref="JournalException">They were changed, or sealed under another key or for another place.</exception>
    public static void Open(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sealedBytes, Span<byte> content)
    {
        if (sealedBytes.Length != content.Length + Overhead) throw JournalException.Malformed("What is sealed has a wrong length.");
        Span<byte> derived = stackalloc byte[KeySize + CommitmentSize];
        try
        {
            Derive(key, sealedBytes[..SaltSize], label, context, derived);
            // Why this is safe: ChaCha20-Poly1305 alone lets somebody who knows two keys make bytes that open under
            // both. The commitment is HKDF output beside the message key: to fit two keys, or two places, is a collision
            // of HMAC-SHA-256. Compared in constant time, before anything is decrypted.
            if (!CryptographicOperations.FixedTimeEquals(derived[KeySize..], sealedBytes.Slice(SaltSize, CommitmentSize)))
                throw new JournalException(JournalFault.Tampered, "It was changed, or sealed under another key or for another place.");
            using var cipher = new ChaCha20Poly1305(derived[..KeySize]);
            cipher.Decrypt(
                stackalloc byte[12], sealedBytes[(SaltSize + CommitmentSize)..^TagSize], sealedBytes[^TagSize..], content, context);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new JournalException(JournalFault.Tampered, "It was changed after it was sealed.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    // Why this is safe: the zero byte ends the label, and labels hold none, so that no two (label, context) run together.
    private static void Derive(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> derived)
    {
        Span<byte> info = stackalloc byte[MaxInfo];
        info = info[..(label.Length + 1 + context.Length)];
        label.CopyTo(info);
        info[label.Length] = 0;
        context.CopyTo(info[(label.Length + 1)..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, info);
    }
}
