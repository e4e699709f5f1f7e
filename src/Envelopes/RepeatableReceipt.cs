using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>
/// A receipt that comes out the same when the same request comes again: for a server that makes it for a visitor whose
/// browser cannot, and to whom reloading a page must do no harm.
/// </summary>
public static class RepeatableReceipt
{
    private const int EntropySize = 12;

    private static ReadOnlySpan<byte> Label => "understory/receipt/v1/repeatable"u8;

    /// <summary>The receipt of a request.</summary>
    /// <param name="list">The words.</param>
    /// <param name="secret">32 random bytes that never leave the process.</param>
    /// <param name="request">What tells one request from every other: a random id, and a hash of what was sent.</param>
    /// <param name="memory">Where the words go.</param>
    /// <remarks>
    /// Why this is safe: the secret is uniform and stays in locked memory, so that HKDF-Expand gives 91 bits that nobody
    /// without it can tell from random ones, and other bits for every other request.
    /// </remarks>
    public static Receipt Create(WordList list, Secret secret, ReadOnlySpan<byte> request, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> entropy = stackalloc byte[EntropySize];
        try
        {
            HKDF.Expand(HashAlgorithmName.SHA256, secret.Span, entropy, [.. Label, .. request]);
            entropy[^1] &= unchecked((byte)(0xff << (EntropySize * 8 - Receipt.EntropyBits)));
            return Receipt.FromEntropy(list, entropy, memory);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entropy);
        }
    }
}
