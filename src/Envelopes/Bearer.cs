using System.Security.Cryptography;

namespace Understory.Envelopes;

/// <summary>
/// A token that is shown, of a receipt or of a collector: 32 bytes, of which the other side keeps the SHA-256.
/// </summary>
public static class Bearer
{
    /// <summary>Length of a token and of its hash.</summary>
    public const int Size = 32;

    /// <summary>What is kept of a token.</summary>
    /// <exception cref="ArgumentException">It has not 32 bytes.</exception>
    /// <remarks>Why this is safe: a token is 32 uniform bytes; there is nothing to guess, and so nothing to stretch.</remarks>
    public static byte[] Hash(ReadOnlySpan<byte> token) => token.Length == Size
        ? SHA256.HashData(token) : throw new ArgumentException("A token has 32 bytes.", nameof(token));

    /// <summary>Whether a token that is shown is the one that was kept, in a time that tells nothing of where it differs.</summary>
    /// <param name="kept">The hash; where nothing is kept, 32 random bytes, so that this takes its time all the same.</param>
    /// <param name="shown">The token.</param>
    public static bool Matches(ReadOnlySpan<byte> kept, ReadOnlySpan<byte> shown)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(shown, hash);
        return CryptographicOperations.FixedTimeEquals(hash, kept);
    }
}
