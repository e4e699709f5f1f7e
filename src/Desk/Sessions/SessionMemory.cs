using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>
/// The arena of one session. Between requests it is concealed under a key of two halves: one of this process, one in the
/// cookie of the reader's browser. Several requests of one session may have it open at once; the last one conceals it.
/// </summary>
internal sealed class SessionMemory : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Secret _key;
    private int _open = 1;
    private bool _ended;

    /// <param name="arena">Its own from now on; open, until the first <see cref="Leave"/>.</param>
    /// <param name="serverHalf">32 random bytes that only this process has.</param>
    /// <param name="cookie">32 random bytes that only the browser has.</param>
    public SessionMemory(LockedMemory arena, Secret serverHalf, ReadOnlySpan<byte> cookie)
    {
        Arena = arena;
        // It lies in the arena itself: concealed, it is gone with everything else, and only the two halves make it again.
        _key = arena.Allocate(LockedMemory.ConcealingKeySize);
        DeriveKey(serverHalf, cookie, "arena"u8, _key.Span);
    }

    public LockedMemory Arena { get; }

    /// <summary>A key of both halves.</summary>
    /// <remarks>
    /// Why this is safe: each half has 256 random bits, so without either the key is as good as random. An image of this
    /// process between two requests has one half and ciphertext.
    /// </remarks>
    public static void DeriveKey(Secret serverHalf, ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> purpose, Span<byte> key)
    {
        Span<byte> halves = stackalloc byte[serverHalf.Length + cookie.Length];
        try
        {
            serverHalf.Span.CopyTo(halves);
            cookie.CopyTo(halves[serverHalf.Length..]);
            HKDF.DeriveKey(HashAlgorithmName.SHA256, halves, key, "understory/desk/v1/session"u8, purpose);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(halves);
        }
    }

    /// <summary>Opens it for one request; false where it has ended or the halves do not fit.</summary>
    public bool TryEnter(Secret serverHalf, ReadOnlySpan<byte> cookie)
    {
        lock (_gate)
        {
            if (_ended) return false;
            if (_open == 0)
            {
                Span<byte> key = stackalloc byte[LockedMemory.ConcealingKeySize];
                try
                {
                    DeriveKey(serverHalf, cookie, "arena"u8, key);
                    if (!Arena.Reveal(key)) return false;
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(key);
                }
            }
            _open++;
            return true;
        }
    }

    /// <summary>One request is done with it.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_open > 0) return;
            if (_ended)
            {
                Arena.Dispose();
                return;
            }
            Span<byte> key = stackalloc byte[LockedMemory.ConcealingKeySize];
            try
            {
                _key.Span.CopyTo(key);
                Arena.Conceal(key);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }
    }

    /// <summary>Hands the arena over, open, to whoever takes care of it from now on. One request is in it, and stays.</summary>
    public LockedMemory GiveUp()
    {
        lock (_gate)
        {
            if (_ended || _open != 1) throw new InvalidOperationException("Only who is alone in it can give it up.");
            _ended = true;
            _key.Dispose();
            return Arena;
        }
    }

    /// <summary>Lets nobody in any more, and wipes it as soon as those who are in have left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            if (_open == 0) Arena.Dispose();
        }
    }
}
