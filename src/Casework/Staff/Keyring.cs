using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// What a signed-in user holds: the root that everything of theirs comes from, and the keychain. It lies in the locked
/// memory that it was opened into; whoever has it may do what its keys can (<c>docs/formats/sign-in.md</c>, "What is stored").
/// </summary>
public sealed class Keyring : IDisposable
{
    private const int KeySize = 32;
    private readonly Organisation _organisation;
    private readonly Secret _root;
    private readonly byte[] _lookUp;
    private readonly byte[] _chain;
    private readonly Profile _profile;
    private readonly List<Lent> _lent = [];
    private readonly HashSet<(CaseId, Compartment)> _read = [];
    private byte[] _head;
    private byte[] _box = [];
    private long _generation;
    private Head? _seen;
    private bool _directoryIsOld;
    private bool _isDisposed;

    private Keyring(Organisation organisation, byte[] lookUp, byte[] chain, Secret root, Profile profile, Keychain keychain, byte[] head)
    {
        (_organisation, _lookUp, _chain, _root, _profile, Keychain, _head) = (organisation, lookUp, chain, root, profile, keychain, head);
        SigningKey = SigningKeyOf(root);
        Directory = new UserDirectory([], default, [], root.Memory);
    }

    /// <summary>The user's name, as they gave it.</summary>
    public string Name => _profile.Name;

    /// <summary>The language of their pages.</summary>
    public string Language => _profile.Language;

    /// <summary>Where its keys lie.</summary>
    public LockedMemory Memory => _root.Memory;

    /// <summary>The secret of the second factor, 20 bytes. It stays the keyring's.</summary>
    public Secret TotpSecret => _profile.TotpSecret;

    /// <summary>Who the user is in journals.</summary>
    public PublicKey Author => SigningKey.PublicKey;

    /// <summary>Who the user is in the directory.</summary>
    public UserId User => _profile.User ?? default;

    /// <summary>What the directory says of them; null while nobody has confirmed who they are.</summary>
    public DirectoryUser? Self => Directory.Find(User);

    /// <summary>Whether they may do something today.</summary>
    public bool May(Roles any) => Self is { } self && self.May(any, _organisation.Today);

    /// <summary>Whether the user may sign inbox keys.</summary>
    public bool IsCoordinator => May(Roles.Coordinator);

    /// <summary>Six numbers to compare aloud: they name the user's keys.</summary>
    public string Fingerprint
    {
        get
        {
            using var identity = Identity();
            return DirectoryUser.FingerprintOf(Author, (HybridRecipient)identity.ToRecipient());
        }
    }

    /// <summary>Who works here, as far as the user may know; nobody while nobody has confirmed who they are.</summary>
    internal UserDirectory Directory { get; private set; }

    /// <summary>Where wraps for the user lie.</summary>
    internal byte[] Box
    {
        get
        {
            if (_box.Length > 0) return _box;
            using var identity = Identity();
            return _box = Boxes.NameOf((HybridRecipient)identity.ToRecipient());
        }
    }

    /// <summary>The organisation's root key; null for who has it not.</summary>
    internal Secret? RootKey => _profile.RootKey;

    /// <summary>The row that the user's sign-in leads to, and that of their keychain.</summary>
    internal (byte[] LookUp, byte[] Chain) Places => (_lookUp, _chain);

    /// <summary>Held while something is done with it: requests of one session come at the same time.</summary>
    internal Lock Gate { get; } = new();

    internal Keychain Keychain { get; private set; }

    internal SigningKey SigningKey { get; }

    internal byte[]? Certificate => _profile.Certificate;

    internal Digest InstancePin => _profile.Instance;

    private static ReadOnlySpan<byte> RootLabel => "understory/desk/v1/root"u8;

    private static ReadOnlySpan<byte> ProfileLabel => "understory/desk/v1/profile"u8;

    /// <summary>
    /// Takes a step of the clock for a second factor: true once for each step, and never for one before the last.
    /// </summary>
    /// <param name="step">Seconds since 1970, in thirties.</param>
    public bool TryUseTotpStep(long step)
    {
        lock (Gate)
        {
            return _organisation.Store.Write(connection =>
            {
                ReadProfile(connection);
                if (step <= _profile.LastTotpStep) return false;
                _profile.LastTotpStep = step;
                WriteProfile(connection);
                return true;
            });
        }
    }

    /// <summary>Changes the language of the user's pages.</summary>
    /// <exception cref="CaseworkException">There is no such language.</exception>
    public void SetLanguage(string language)
    {
        // What is not read again must not be written: the profile would never open.
        Texts.Language(language);
        lock (Gate)
        {
            _organisation.Store.Write(connection =>
            {
                ReadProfile(connection);
                _profile.Language = language;
                WriteProfile(connection);
            });
        }
    }

    /// <summary>Says that it is one, and nothing of whose.</summary>
    public override string ToString() => "Keyring";

    /// <summary>Wipes all of it.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            _isDisposed = true;
            Directory.Dispose();
            foreach (var lent in _lent) lent.Epoch.Dispose();
            Keychain.Dispose();
            SigningKey.Dispose();
            _profile.Dispose();
            _root.Dispose();
        }
    }

    /// <summary>A new user's. The root becomes the keyring's.</summary>
    internal static Keyring Create(Organisation organisation, SqliteConnection connection, SignInKeys signIn, Secret root, Profile profile)
    {
        var lookUp = signIn.LookUpId.Span.ToArray();
        var chain = RandomNumberGenerator.GetBytes(16);
        var wrapped = new byte[KeySize + CommittingSeal.Overhead];
        CommittingSeal.Seal(signIn.WrappingKey.Span, RootLabel, lookUp, root.Span, wrapped);
        var keyring = new Keyring(organisation, lookUp, chain, root, profile, Keychain.Create(root), []);
        connection.Execute("INSERT INTO keyrings VALUES (@lookUp, @wrapped, @chain, @profile)", new { lookUp, wrapped, chain, profile = profile.Seal(root, ProfileLabel, lookUp) });
        keyring.Store(connection);
        return keyring;
    }

    /// <summary>Opens a keyring; null where nothing lies where these keys lead.</summary>
    /// <exception cref="CaseworkException">It is there and damaged.</exception>
    internal static Keyring? Open(Organisation organisation, SqliteConnection connection, SignInKeys signIn, LockedMemory memory)
    {
        var lookUp = signIn.LookUpId.Span.ToArray();
        var row = connection.QuerySingleOrDefault<(byte[] Root, byte[] Chain, byte[] Profile)>(
            "SELECT root, chain, profile FROM keyrings WHERE look_up = @lookUp", new { lookUp });
        if (row.Root is null) return null;
        Secret? root = null;
        Profile? profile = null;
        Keychain? keychain = null;
        try
        {
            root = memory.Allocate(KeySize);
            CommittingSeal.Open(signIn.WrappingKey.Span, RootLabel, lookUp, row.Root, root.Span);
            profile = Profile.Open(row.Profile, root, ProfileLabel, lookUp);
            (keychain, var head) = ReadKeychain(connection, root, row.Chain);
            return new Keyring(organisation, lookUp, row.Chain, root, profile, keychain, head);
        }
        catch (Exception fault)
        {
            keychain?.Dispose();
            profile?.Dispose();
            root?.Dispose();
            if (fault is JournalException or SealingException) throw new CaseworkException("These keys are damaged: somebody changed the database. Restore it from a backup.", fault);
            throw;
        }
    }

    /// <summary>
    /// Takes over what another session of the same user stored: without it, whoever stores next would lose keys. What is
    /// stored is what counts: what a transaction that failed left in memory is gone after it.
    /// </summary>
    /// <exception cref="CaseworkException">What is stored is damaged, or older than what this session saw.</exception>
    internal void Refresh(SqliteConnection connection)
    {
        RefreshKeychain(connection);
        while (_lent.Find(lent => lent.Until < _organisation.Today) is { } ended) Return(ended);
        RefreshDirectory(connection);
    }

    /// <summary>The same for the keychain alone.</summary>
    internal void RefreshKeychain(SqliteConnection connection)
    {
        if (_isDisposed) throw new CaseworkException("You are signed out.");
        var stored = connection.ExecuteScalar<byte[]>("SELECT head FROM chains WHERE chain = @chain", new { chain = _chain })
            ?? throw new CaseworkException("Your account was ended. Ask a coordinator if you do not know why.");
        if (stored.AsSpan().SequenceEqual(_head))
        {
            _generation = Keychain.Generation;
            return;
        }
        try
        {
            // First, so that the session's memory needs no room for both.
            _head = [];
            Keychain.Dispose();
            var (keychain, head) = ReadKeychain(connection, _root, _chain);
            if (keychain.Generation < _generation)
            {
                keychain.Dispose();
                throw new CaseworkException("Somebody put back older keys of yours while you were signed in. Do not go on working with this database; compare it with a backup.");
            }
            (Keychain, _head, _generation) = (keychain, head, keychain.Generation);
            foreach (var lent in _lent) keychain.Lend(lent.Epoch);
        }
        catch (JournalException fault)
        {
            throw new CaseworkException("Your keys are damaged: somebody changed the database. Restore it from a backup.", fault);
        }
    }

    /// <summary>
    /// Reads the directory where it has changed. What it was when it was last seen must be in it.
    /// </summary>
    /// <exception cref="CaseworkException">It is damaged or older, or the user does not work here (any more).</exception>
    internal void RefreshDirectory(SqliteConnection connection)
    {
        if (_organisation.Places(connection) is not { } places || Keychain.Newest(places.Directory, Compartment.Work) is null)
        {
            if (_profile.Seen is not null) throw new CaseworkException("The directory of who works here is not the one that you saw last. Do not go on working with this database; compare it with a backup.");
            return;
        }
        // With another key names show, or do not any more.
        if (Directory.Head.Sequence == 0 || _directoryIsOld || Directory.Head != JournalRows.HeadOf(connection, places.Directory))
        {
            var seen = _seen is { } before ? before
                : _profile.Seen is { } last ? new Head(places.Directory, last.Sequence, last.Hash) : (Head?)null;
            var read = DirectoryJournal.Read(_organisation, connection, Keychain, places.Directory, seen, Memory);
            Directory.Dispose();
            (Directory, _directoryIsOld) = (read, false);
            // What is taken back was never seen.
            _organisation.Store.OnceCommitted(() => _seen = read.Head);
            if (Self is { } found && found.Author != Author) throw new CaseworkException("You have other keys now: these were replaced. Sign in with the new passphrase.");
        }
        if (Self is not { } self) return;
        if (self.Left is not null) throw new CaseworkException("Your account was ended. Ask a coordinator if you do not know why.");
        if (!self.IsHere(_organisation.Today)) throw new CaseworkException("Your account is not open today: its time has not begun, or is over. Ask a coordinator.");
    }

    /// <summary>Remembers the directory as it is, and takes over what it says of the user's certificate.</summary>
    internal void RememberDirectory(SqliteConnection connection)
    {
        if (Directory.Head.Sequence == 0) return;
        var certificate = Self?.Appointment?.Certificate;
        ReadProfile(connection);
        var isSame = certificate is null || (_profile.Certificate is { } had && had.AsSpan().SequenceEqual(certificate));
        // The founder renews it by themselves; the directory has what the root said last to others.
        if ((isSame || RootKey is not null) && _profile.Seen is { } seen && seen.Sequence == Directory.Head.Sequence) return;
        if (RootKey is null) _profile.Take(certificate);
        _profile.Seen = (Directory.Head.Sequence, Directory.Head.Hash);
        WriteProfile(connection);
    }

    /// <summary>Brings the profile of somebody who was here before there was a directory up to date.</summary>
    internal void Upgrade(SqliteConnection connection, UserId user)
    {
        ReadProfile(connection);
        _profile.Upgrade(_organisation.Founded.Pin, user);
        WriteProfile(connection);
    }

    /// <summary>Whether the profile is of before there was a directory.</summary>
    internal bool IsOld => _profile.User is null;

    /// <summary>Holds a key that ends by a date, without storing it.</summary>
    internal void Lend(ReadOnlySpan<byte> id, Epoch epoch, int until)
    {
        if (!Keychain.Lend(epoch)) return;
        _lent.Add(new Lent(id.ToArray(), epoch.Copy(), until));
    }

    /// <summary>Whether that they read this part was written down in this session.</summary>
    internal bool HasRead(CaseId @case, Compartment compartment) => _read.Contains((@case, compartment));

    /// <summary>Remembers that it was.</summary>
    internal void NoteRead(CaseId @case, IEnumerable<Compartment> compartments) => _read.UnionWith(compartments.Select(compartment => (@case, compartment)));

    /// <summary>Whether a wrap is one whose key is held for now.</summary>
    internal bool IsLent(ReadOnlySpan<byte> id)
    {
        foreach (var lent in _lent)
        {
            if (id.SequenceEqual(lent.Id)) return true;
        }
        return false;
    }

    /// <summary>Gives up every key that was lent from a wrap that is not there any more.</summary>
    internal void ReturnAllBut(IReadOnlyCollection<byte[]> ids)
    {
        foreach (var lent in _lent.FindAll(lent => !ids.Any(id => id.AsSpan().SequenceEqual(lent.Id)))) Return(lent);
    }

    /// <summary>Takes keys of a case out of the keychain; <see cref="Store"/> must follow.</summary>
    internal void Remove(CaseId @case, Compartment? compartment)
    {
        foreach (var lent in _lent.FindAll(lent => lent.Epoch.Case == @case && (compartment is null || lent.Epoch.Compartment == compartment))) Return(lent);
        _head = [];
        _directoryIsOld |= @case == Directory.Head.Case;
        Keychain.Remove(@case, compartment);
    }

    /// <summary>Whether the keychain, and not only a wrap with an end, holds keys of a case.</summary>
    internal bool Keeps(CaseId @case) => Enum.GetValues<Compartment>().SelectMany(compartment => Keychain.All(@case, compartment)).Any(epoch => !_lent.Exists(lent => lent.Epoch.KeyId == epoch.KeyId));

    /// <summary>Takes those out; <see cref="Store"/> must follow.</summary>
    internal void RemoveKept(CaseId @case)
    {
        _head = [];
        foreach (var epoch in Enum.GetValues<Compartment>().SelectMany(compartment => Keychain.All(@case, compartment)).Where(epoch => !_lent.Exists(lent => lent.Epoch.KeyId == epoch.KeyId)).ToList()) Keychain.Remove(epoch.KeyId);
    }

    /// <summary>Takes one key out of the keychain; <see cref="Store"/> must follow.</summary>
    internal void Remove(KeyId key)
    {
        _head = [];
        Keychain.Remove(key);
    }

    /// <summary>The identity that wraps for the user are sealed to. The caller's to dispose.</summary>
    internal HybridIdentity Identity() => IdentityOf(_root);

    internal static HybridIdentity IdentityOf(Secret root)
    {
        using var seed = root.Expand("understory/desk/v1/recipient"u8, KeySize);
        return HybridIdentity.FromSeed(seed.Span, root.Memory);
    }

    internal static SigningKey SigningKeyOf(Secret root)
    {
        using var seed = root.Expand("understory/desk/v1/signing"u8, KeySize);
        return SigningKey.FromSeed(seed.Span, root.Memory);
    }

    /// <summary>The key of the keychain, for recovery.</summary>
    internal Secret KeychainKey() => Keychain.KeyOf(_root);

    private void Return(Lent lent)
    {
        Keychain.Remove(lent.Epoch.KeyId);
        lent.Epoch.Dispose();
        _lent.Remove(lent);
    }

    /// <summary>Adds a key, which is copied; <see cref="Store"/> must follow. Where it does not, the next one reads anew.</summary>
    internal void Add(Epoch epoch)
    {
        _head = [];
        _directoryIsOld |= epoch.Case == Directory.Head.Case;
        Keychain.Add(epoch);
    }

    /// <summary>Signs the user's certificate anew where the user has the root's key, and stores it.</summary>
    internal bool TryRenewCertificate(SqliteConnection connection, Days days)
    {
        ReadProfile(connection);
        using var seed = InboxSigningSeed();
        Span<byte> signer = stackalloc byte[KeySize];
        Primitives.Ed25519PublicKey(seed.Span, signer);
        if (!_profile.TryRenewCertificate(signer, days)) return false;
        WriteProfile(connection);
        return true;
    }

    /// <summary>Stores the keychain in the transaction in which it was refreshed and changed.</summary>
    internal void Store(SqliteConnection connection)
    {
        try
        {
            var stored = Keychain.Seal();
            connection.Execute("INSERT INTO chains VALUES (@chain, @head) ON CONFLICT (chain) DO UPDATE SET head = excluded.head", new { chain = _chain, head = stored.Head });
            foreach (var (number, segment) in stored.Changed)
            {
                connection.Execute(
                    "INSERT INTO segments VALUES (@chain, @number, @segment) ON CONFLICT (chain, number) DO UPDATE SET segment = excluded.segment",
                    new { chain = _chain, number, segment });
            }
            connection.Execute("DELETE FROM segments WHERE chain = @chain AND number >= @count", new { chain = _chain, count = stored.SegmentCount });
            _head = stored.Head;
            // From here on nothing older may be put back; before it is on the disk, what is there is older and right.
            var generation = Keychain.Generation;
            _organisation.Store.OnceCommitted(() => _generation = generation);
        }
        catch
        {
            // What is in memory believes itself stored: the next one reads it anew.
            _head = [];
            throw;
        }
    }

    /// <summary>
    /// The name of a row of this user's: what only they can compute, so that a seized disk does not tell whose draft is of
    /// which case.
    /// </summary>
    internal RowId RowOf(string purpose, ReadOnlySpan<byte> of)
    {
        using var key = _root.Expand("understory/desk/v1/rows"u8, KeySize);
        Span<byte> name = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, [.. System.Text.Encoding.ASCII.GetBytes(purpose), 0, .. of], name);
        return RowId.From(name[..RowId.Size]);
    }

    /// <summary>The seed of the key that signs inbox keys, of which everybody sees the public half.</summary>
    internal Secret InboxSigningSeed() => InboxSigningSeed(_root);

    internal static Secret InboxSigningSeed(Secret root) => root.Expand("understory/desk/v1/inbox-signing"u8, KeySize);

    private static (Keychain Keychain, byte[] Head) ReadKeychain(SqliteConnection connection, Secret root, byte[] chain)
    {
        var head = connection.ExecuteScalar<byte[]>("SELECT head FROM chains WHERE chain = @chain", new { chain })
            ?? throw new CaseworkException("These keys are damaged: a part of them is not there. Restore the database from a backup.");
        var segments = connection.Query<byte[]>("SELECT segment FROM segments WHERE chain = @chain ORDER BY number", new { chain })
            .Select(segment => (ReadOnlyMemory<byte>)segment).ToList();
        return (Keychain.Open(root, head, segments), head);
    }

    private void ReadProfile(SqliteConnection connection)
    {
        var stored = connection.ExecuteScalar<byte[]>("SELECT profile FROM keyrings WHERE look_up = @lookUp", new { lookUp = _lookUp })
            ?? throw new CaseworkException("This account was removed.");
        using var profile = Profile.Open(stored, _root, ProfileLabel, _lookUp);
        _profile.TakeOver(profile);
    }

    private void WriteProfile(SqliteConnection connection) => connection.Execute(
        "UPDATE keyrings SET profile = @profile WHERE look_up = @lookUp", new { profile = _profile.Seal(_root, ProfileLabel, _lookUp), lookUp = _lookUp });

    /// <summary>A key that ends by a date.</summary>
    private sealed record Lent(byte[] Id, Epoch Epoch, int Until);
}
