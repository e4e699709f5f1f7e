using System.Security.Cryptography;

namespace Understory.Sealing;

/// <content>
/// Concealing: between two requests of somebody who is signed in, their keys are ciphertext also in memory, under a key that
/// this process alone does not have.
/// </content>
public sealed unsafe partial class LockedMemory
{
    /// <summary>Length of the key that conceals.</summary>
    public const int ConcealingKeySize = 32;

    private const int SaltSize = 32;
    private const int TagSize = 16;
    private const int NonceSize = 12;
    private readonly List<(nint Pointer, int Length)> _freedWhileConcealed = [];
    private Concealment? _concealment;

    /// <summary>Whether it is ciphertext now; no secret in it can be looked at, and none be added.</summary>
    public bool IsConcealed => Volatile.Read(ref _concealment) is not null;

    private static ReadOnlySpan<byte> ConcealingLabel => "understory/locked-memory/v1/conceal"u8;

    /// <summary>Encrypts all of it in its place, used or not. Nobody may hold a span of it at this moment.</summary>
    /// <param name="key">32 uniformly random bytes.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    /// <exception cref="InvalidOperationException">It is concealed already.</exception>
    public void Conceal(ReadOnlySpan<byte> key)
    {
        if (key.Length != ConcealingKeySize) throw new ArgumentException($"A key that conceals has {ConcealingKeySize} bytes.", nameof(key));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            ThrowIfConcealed();
            var concealment = new Concealment();
            Span<byte> derived = stackalloc byte[2 * ConcealingKeySize];
            try
            {
                concealment.Derive(key, derived);
                derived[ConcealingKeySize..].CopyTo(concealment.Commitment);
                var all = new Span<byte>(_start, Capacity);
                using var cipher = new ChaCha20Poly1305(derived[..ConcealingKeySize]);
                // Why this is safe: the salt is new each time and has 256 random bits, so the derived key encrypts once
                // and the nonce can be constant. In place: ciphertext takes the place of what it hides, no copy is left.
                cipher.Encrypt(stackalloc byte[NonceSize], all, all, concealment.Tag);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(derived);
            }
            Volatile.Write(ref _concealment, concealment);
        }
    }

    /// <summary>Makes it readable again.</summary>
    /// <returns>False when it was concealed under another key; it stays as it is.</returns>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    /// <exception cref="InvalidOperationException">It is not concealed.</exception>
    /// <exception cref="CryptographicException">It was changed meanwhile: everything in it is lost, and it is disposed.</exception>
    public bool Reveal(ReadOnlySpan<byte> key)
    {
        if (key.Length != ConcealingKeySize) throw new ArgumentException($"A key that conceals has {ConcealingKeySize} bytes.", nameof(key));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            var concealment = _concealment ?? throw new InvalidOperationException("The locked memory is not concealed.");
            Span<byte> derived = stackalloc byte[2 * ConcealingKeySize];
            try
            {
                concealment.Derive(key, derived);
                // Why this is safe: decryption in place that fails leaves nothing to try again with. So the commitment, a
                // part of what HKDF gives, says first whether the key is right; in constant time.
                if (!CryptographicOperations.FixedTimeEquals(derived[ConcealingKeySize..], concealment.Commitment)) return false;
                var all = new Span<byte>(_start, Capacity);
                using var cipher = new ChaCha20Poly1305(derived[..ConcealingKeySize]);
                cipher.Decrypt(stackalloc byte[NonceSize], all, concealment.Tag, all);
            }
            catch (CryptographicException)
            {
                Dispose();
                throw;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(derived);
            }
            Volatile.Write(ref _concealment, null);
            foreach (var (pointer, length) in _freedWhileConcealed) Free((byte*)pointer, length);
            _freedWhileConcealed.Clear();
            return true;
        }
    }

    internal void ThrowIfConcealed()
    {
        if (IsConcealed) throw new InvalidOperationException("The locked memory is concealed.");
    }

    /// <summary>What is kept beside the ciphertext; nothing of it is secret.</summary>
    private sealed class Concealment
    {
        private readonly byte[] _salt = RandomNumberGenerator.GetBytes(SaltSize);

        public byte[] Commitment { get; } = new byte[ConcealingKeySize];

        public byte[] Tag { get; } = new byte[TagSize];

        public void Derive(ReadOnlySpan<byte> key, Span<byte> derived) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, _salt, ConcealingLabel);
    }
}
