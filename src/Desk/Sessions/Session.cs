using System.Security.Cryptography;
using System.Text;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>
/// Somebody is signed in in one browser. Their keys lie in an arena of their own, which is ciphertext between requests and
/// gone when nothing was asked for a while; then the session is locked, and the passphrase opens it again.
/// </summary>
internal sealed class Session : IDisposable
{
    /// <summary>Wrong passphrases in a row after which a locked session is over: then the code is asked for too.</summary>
    public const int MostAttempts = 5;

    private const int HalfSize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Secret _serverHalf;
    private readonly byte[] _sealedName;
    private CancellationTokenSource _open = new();
    private SessionMemory? _memory;
    private Keyring? _keyring;
    private int _failed;

    /// <param name="arena">The session's own, with the keyring in it.</param>
    /// <param name="keyring">Whose it is.</param>
    /// <param name="cookie">The browser's half.</param>
    /// <param name="memory">Where this process keeps its half.</param>
    /// <param name="time">The clocks.</param>
    public Session(LockedMemory arena, Keyring keyring, ReadOnlySpan<byte> cookie, LockedMemory memory, TimeProvider time)
    {
        _time = time;
        SentForms = new SentForms(time);
        (Owner, Language, LookUp) = (keyring.Author, keyring.Language, LookUpOf(cookie));
        _serverHalf = memory.Random(HalfSize);
        _sealedName = SealName(cookie, keyring.Name);
        (Began, LastUsed) = (Instant.Now(time), Instant.Now(time));
        Open(arena, keyring, cookie);
    }

    /// <summary>What the list of sessions calls it; it opens nothing.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>With what its open pages listen for "something changed". It opens nothing else, and so may lie in memory for as long as a page is open.</summary>
    public string Ticket { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>SHA-256 of the cookie, which itself is not kept.</summary>
    public string LookUp { get; }

    /// <summary>Who it is in journals: tells that two sessions are of one user, and not whose.</summary>
    public PublicKey Owner { get; }

    /// <summary>The language of the page that asks for the passphrase.</summary>
    public string Language { get; private set; }

    /// <summary>What it has sent.</summary>
    public SentForms SentForms { get; }

    public Instant Began { get; }

    public Instant LastUsed { get; private set; }

    public bool IsLocked
    {
        get
        {
            lock (_gate) return _memory is null;
        }
    }

    public bool IsOver { get; private set; }

    /// <summary>Cancelled when it is locked or over.</summary>
    public CancellationToken Unlocked
    {
        get
        {
            lock (_gate) return _open.Token;
        }
    }

    /// <summary>What a cookie is looked up by. Why this is safe: 256 random bits cannot be guessed from their hash.</summary>
    public static string LookUpOf(ReadOnlySpan<byte> cookie)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(cookie, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The keys for one request; null where the session is locked or over.</summary>
    /// <param name="cookie">The browser's half.</param>
    /// <param name="isUse">
    /// Whether it counts as use. A page that refreshes itself is none: whoever sends envelopes could keep an abandoned desk open.
    /// </param>
    public Lease? TryEnter(ReadOnlySpan<byte> cookie, bool isUse = true)
    {
        lock (_gate)
        {
            if (IsOver || _memory is null || !_memory.TryEnter(_serverHalf, cookie)) return null;
            if (isUse) LastUsed = Instant.Now(_time);
            Language = _keyring!.Language;
            return new Lease(this, _memory, _keyring);
        }
    }

    /// <summary>Takes the keys away; the passphrase brings them back.</summary>
    public void Lock()
    {
        lock (_gate)
        {
            if (_memory is null) return;
            // The arena goes with all that is in it, as soon as no request has it open; the keyring is of no use without it.
            _memory.Dispose();
            (_memory, _keyring) = (null, null);
            _open.Cancel();
        }
    }

    /// <summary>Brings the keys back.</summary>
    /// <returns>False where it is over, or of somebody else.</returns>
    public bool TryUnlock(LockedMemory arena, Keyring keyring, ReadOnlySpan<byte> cookie)
    {
        lock (_gate)
        {
            if (IsOver || keyring.Author != Owner) return false;
            Lock();
            _open.Dispose();
            _open = new CancellationTokenSource();
            (_failed, LastUsed) = (0, Instant.Now(_time));
            Open(arena, keyring, cookie);
            return true;
        }
    }

    /// <summary>A wrong passphrase was typed. After some of them the session is over.</summary>
    public void CountFailure()
    {
        lock (_gate)
        {
            if (++_failed >= MostAttempts) End();
        }
    }

    /// <summary>Whose it is, for the page that asks for the passphrase. Without the cookie nobody can tell.</summary>
    public string NameFor(ReadOnlySpan<byte> cookie)
    {
        Span<byte> key = stackalloc byte[HalfSize];
        var name = new byte[_sealedName.Length - TagSize];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(IsOver, this);
            SessionMemory.DeriveKey(_serverHalf, cookie, "name"u8, key);
        }
        using var cipher = new ChaCha20Poly1305(key);
        CryptographicOperations.ZeroMemory(key);
        cipher.Decrypt(stackalloc byte[NonceSize], _sealedName.AsSpan(0, name.Length), _sealedName.AsSpan(name.Length), name);
        return Encoding.UTF8.GetString(name);
    }

    /// <summary>It is over: nothing of it can be opened again.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (IsOver) return;
            Lock();
            IsOver = true;
            _serverHalf.Dispose();
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        End();
        _open.Dispose();
    }

    private void Open(LockedMemory arena, Keyring keyring, ReadOnlySpan<byte> cookie)
    {
        (_memory, _keyring) = (new SessionMemory(arena, _serverHalf, cookie), keyring);
        _memory.Leave();
    }

    private byte[] SealName(ReadOnlySpan<byte> cookie, string name)
    {
        var plain = Encoding.UTF8.GetBytes(name);
        var sealedName = new byte[plain.Length + TagSize];
        Span<byte> key = stackalloc byte[HalfSize];
        SessionMemory.DeriveKey(_serverHalf, cookie, "name"u8, key);
        using var cipher = new ChaCha20Poly1305(key);
        CryptographicOperations.ZeroMemory(key);
        // Why this is safe: the key is of this session alone and seals this one thing, so the nonce can be constant.
        cipher.Encrypt(stackalloc byte[NonceSize], plain, sealedName.AsSpan(0, plain.Length), sealedName.AsSpan(plain.Length));
        return sealedName;
    }

    /// <summary>The keys of a session while one request is answered. Disposed, they are concealed again.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly SessionMemory _memory;
        private int _left;

        internal Lease(Session session, SessionMemory memory, Keyring keyring) => (Session, _memory, Keyring) = (session, memory, keyring);

        public Session Session { get; }

        public Keyring Keyring { get; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) _memory.Leave();
        }
    }
}
