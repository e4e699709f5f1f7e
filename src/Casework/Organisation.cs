using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// An organisation's Desk: its database and what is done with it. What needs keys takes a <see cref="Keyring"/>. For
/// several threads at once.
/// </summary>
public sealed class Organisation : IDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private Instance? _instance;
    private Places? _places;
    private bool _isDisposed;

    private Organisation(string folder, DeskStore store, TimeProvider time)
    {
        (_folder, Store, _time) = (folder, store, time);
        Memory = new LockedMemory();
        ReadInstance();
        (Staff, Access, Archive) = (new Staff(this), new Access(this), new Archive(this));
        (Inbox, Cases, Conversations, Collection, OutgoingCheckpoints) = (new Inbox(this), new Cases(this), new Conversations(this), new Collection(this), new OutgoingCheckpoints(this));
    }

    /// <summary>Called when something changed that a page may show. It says nothing else.</summary>
    public event EventHandler? Changed;

    /// <summary>Requests that nobody has decided about, and lists of cases.</summary>
    public Inbox Inbox { get; }

    /// <summary>Cases and their journals.</summary>
    public Cases Cases { get; }

    /// <summary>What is written to people and about them.</summary>
    public Conversations Conversations { get; }

    /// <summary>Who works here.</summary>
    public Staff Staff { get; }

    /// <summary>Who may read which case.</summary>
    public Access Access { get; }

    /// <summary>Cases that were closed long ago.</summary>
    public Archive Archive { get; }

    /// <summary>What the collector brings and takes.</summary>
    public Collection Collection { get; }

    /// <summary>How far the log went, on its way to where this machine is not.</summary>
    public OutgoingCheckpoints OutgoingCheckpoints { get; }

    /// <summary>Where checkpoints are kept beside the data directory. Set before anybody signs in.</summary>
    public CheckpointPlaces CheckpointPlaces { get; set; } = new();

    /// <summary>Whether somebody has set it up.</summary>
    public bool IsFounded => _instance is not null;

    /// <summary>What it is called; null before it is set up.</summary>
    public string? Name => _instance?.Name;

    /// <summary>32 bytes that name it: on leaflets, and in what people's devices check.</summary>
    /// <exception cref="InvalidOperationException">It is not set up.</exception>
    public ReadOnlySpan<byte> InstanceId => Founded.Id;

    internal DeskStore Store { get; }

    internal LockedMemory Memory { get; }

    internal Instance Founded => _instance ?? throw new InvalidOperationException("The organisation is not set up.");

    /// <summary>Seconds since 1970; a clock that stands before has no time at all.</summary>
    internal long Now => Math.Max(0, _time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Today, in days since 1970-01-01 (UTC).</summary>
    public int TodayIs => Today;

    internal int Today => (int)(Now / 86_400);

    /// <summary>Opens the Desk's database in a folder, or makes it.</summary>
    /// <exception cref="CaseworkException">It is in use, damaged, or of a newer program.</exception>
    public static Organisation Open(string folder, TimeProvider time)
    {
        var store = DeskStore.Open(folder);
        try
        {
            return new Organisation(folder, store, time);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Begins to set it up: makes every key, and stores nothing yet.</summary>
    /// <param name="words">The language of the first user's passphrase.</param>
    /// <param name="memory">Where the keys go, and stay for the first session.</param>
    /// <exception cref="InvalidOperationException">It is set up already.</exception>
    public Founding BeginFounding(WordList words, LockedMemory memory) =>
        IsFounded ? throw new InvalidOperationException("The organisation is set up already.") : new Founding(this, words, memory);

    /// <summary>Finds and opens a user's keys: half a second, and 256 MiB for that long.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="passphrase">As <see cref="Passphrase.Read"/> gives it.</param>
    /// <param name="memory">Where the keys go: a session's.</param>
    /// <returns>Null where this name and passphrase lead nowhere: which of them is wrong nobody can tell.</returns>
    /// <exception cref="CaseworkException">The keys are damaged, or the log is not the one that this user saw last.</exception>
    public Keyring? Unlock(string name, Secret passphrase, LockedMemory memory)
    {
        using var keys = SignInKeys.Derive(Founded.Id, name, passphrase, Founded.Cost, memory);
        return Unlock(keys, memory);
    }

    /// <summary>The same, with the keys that name and passphrase gave: all that is not the derivation.</summary>
    internal Keyring? Unlock(SignInKeys keys, LockedMemory memory)
    {
        var keyring = Store.Read(connection => Keyring.Open(this, connection, keys, memory));
        if (keyring is null) return null;
        try
        {
            if (keyring.InstancePin != (keyring.IsOld ? Founded.OldPin : Founded.Pin))
                throw new CaseworkException("What the database says of the organisation is not what it was: somebody changed its keys. Restore it from a backup.");
            Checkpoints.See(this, keyring);
            Staff.Welcome(keyring);
            InboxKeys.KeepCurrent(this, keyring);
            return keyring;
        }
        catch
        {
            keyring.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens what colleagues put into the user's box since: keys to cases, and notices that something was ended. Quick where
    /// nothing lies there; asked at each request.
    /// </summary>
    /// <returns>How many keys were refused, as nobody who may gave them.</returns>
    /// <exception cref="CaseworkException">The database cannot be used, or the user does not work here (any more).</exception>
    public int Receive(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            if (!Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return Boxes.HasNew(connection, keyring);
            })) return 0;
            return Store.Write(connection =>
            {
                keyring.Refresh(connection);
                return Boxes.Open(this, connection, keyring);
            });
        }
    }

    /// <summary>Deletes what ended by its date; nobody has to be signed in.</summary>
    public void Sweep()
    {
        if (IsFounded) Store.Write(connection => Boxes.Sweep(connection, Today));
    }

    /// <summary>
    /// Holds every stored entry against the log, and the log against itself, without any key: a long check, for
    /// <c>understory doctor</c>. It finds what was replaced, moved, taken out or put in, also where the counts fit.
    /// </summary>
    /// <returns>What is wrong, in sentences; empty where nothing is.</returns>
    /// <exception cref="CaseworkException">The database cannot be read.</exception>
    public IReadOnlyList<string> CheckLog() => Store.Read(OrganisationLog.Check);

    /// <summary>Says that something changed that a page may show.</summary>
    public void SayChanged() => Changed?.Invoke(this, EventArgs.Empty);

    /// <summary>Writes how far the log went, for whoever carries it off the machine, and closes the database.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            if (IsFounded) Checkpoints.Write(this);
        }
        catch (CaseworkException)
        {
            // The next sign-in says what is wrong with it.
        }
        Store.Dispose();
        Memory.Dispose();
    }

    /// <summary>The journals beside the organisation's own; null before there is a directory.</summary>
    internal Places? Places(SqliteConnection connection)
    {
        if (_places is { } known) return known;
        var row = connection.QuerySingleOrDefault<(byte[] Directory, byte[] Readings)>("SELECT journal, readings FROM directory");
        // Not remembered here: what a transaction wrote may be rolled back. The row never changes once it is there.
        return row.Directory is null ? null : new Places(CaseId.From(row.Directory), CaseId.From(row.Readings));
    }

    internal string Folder => _folder;

    internal Lock CheckpointGate { get; } = new();

    /// <summary>
    /// Whether a journal can be a case: none of those that are shared by role. Everybody has keys to some of them, and what a case
    /// writes in the directory would stop everybody.
    /// </summary>
    internal bool IsCase(SqliteConnection connection, CaseId id) =>
        id != Founded.Journal && (Places(connection) is not { } places || (id != places.Directory && id != places.Readings));

    internal string PathOf(string file) => Path.Combine(_folder, file);

    internal void ReadInstance()
    {
        var row = Store.Read(connection => connection.QuerySingleOrDefault<InstanceRow>("SELECT root, name, passes, memory, journal, node, recovery FROM instance"));
        _places = Store.Read(Places);
        try
        {
            _instance = row is null
                ? null
                : new Instance(row.Root, row.Name, Argon2Cost.ForSignIn(checked((int)row.Passes), checked((int)row.Memory)), CaseId.From(row.Journal), PublicKey.From(row.Node), row.Recovery);
        }
        catch (Exception fault) when (fault is ArgumentException or OverflowException)
        {
            throw new CaseworkException(
                "What the database says of the organisation was changed: a sign-in would cost less than it may, or more than this machine has, or a key is damaged. Restore it from a backup.", fault);
        }
    }

    private sealed record InstanceRow(byte[] Root, string Name, long Passes, long Memory, byte[] Journal, byte[] Node, byte[] Recovery);
}

/// <summary>Journals that are shared by role.</summary>
/// <param name="Directory">Who works here.</param>
/// <param name="Readings">Who read what.</param>
internal sealed record Places(CaseId Directory, CaseId Readings);

/// <summary>What anybody may know of an organisation.</summary>
/// <param name="Root">Its root's public key.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Cost">What a sign-in costs.</param>
/// <param name="Journal">The organisation's own journal.</param>
/// <param name="Node">The public key of this machine.</param>
/// <param name="Recovery">Whom recovery opens.</param>
internal sealed record Instance(byte[] Root, string Name, Argon2Cost Cost, CaseId Journal, PublicKey Node, byte[] Recovery)
{
    public byte[] Id { get; } = CoordinatorCertificate.InstanceId(Root);

    /// <summary>By which each user's profile knows it again.</summary>
    /// <remarks>
    /// Why this is safe: the row stands open and unsigned. Whoever writes another node or journal into it changes this hash,
    /// which users hold sealed; all parts have fixed lengths. Another recovery recipient is not the directory's.
    /// </remarks>
    public Digest Pin { get; } = Digest.Of([.. "understory/desk/v2/instance\0"u8, .. Root, .. Journal.ToArray(), .. Node.ToArray()]);

    /// <summary>The same before there was a directory, which says whom recovery opens.</summary>
    public Digest OldPin { get; } = Digest.Of([.. "understory/desk/v1/instance\0"u8, .. Root, .. Journal.ToArray(), .. Node.ToArray(), .. Recovery]);

    /// <summary>The name of its log in checkpoints: the beginning of the instance id.</summary>
    public string LogOrigin => OriginOf(Id);

    public static string OriginOf(ReadOnlySpan<byte> instanceId) => $"understory.log/{Convert.ToHexStringLower(instanceId[..16])}";
}
