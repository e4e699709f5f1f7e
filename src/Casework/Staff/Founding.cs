using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// An organisation that is being set up: its keys and its first user's, in memory until <see cref="Complete"/> stores all
/// of it at once.
/// </summary>
public sealed class Founding : IDisposable
{
    private const int KeySize = 32;
    private const int ClockSlack = 1;

    private readonly Organisation _organisation;
    private readonly LockedMemory _memory;
    private readonly Secret _rootKey;
    private readonly Secret _node;
    private readonly HybridIdentity _recovery;
    private SignInKeys? _signIn;
    private bool _completed;

    internal Founding(Organisation organisation, WordList words, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(memory);
        (_organisation, _memory) = (organisation, memory);
        Passphrase = Sealing.Passphrase.Generate(words, memory);
        TotpSecret = memory.Random(Profile.TotpSecretSize);
        _rootKey = memory.Random(KeySize);
        _node = memory.Random(KeySize);
        _recovery = HybridIdentity.Generate(memory);
        RecoverySheet = _recovery.Export();
    }

    /// <summary>Seven words, UTF-8, to be written down.</summary>
    public Secret Passphrase { get; }

    /// <summary>20 bytes for the first user's second factor.</summary>
    public Secret TotpSecret { get; }

    /// <summary>What is printed and locked away: <c>AGE-SECRET-KEY-PQ-1…</c>, ASCII.</summary>
    public Secret RecoverySheet { get; }

    /// <summary>Stores everything, and signs the first user in. Takes as long as a sign-in.</summary>
    /// <param name="organisationName">What people who ask for help see.</param>
    /// <param name="userName">The first user's.</param>
    /// <param name="language">Of the first user's pages.</param>
    /// <exception cref="CaseworkException">It was set up meanwhile, or cannot be stored.</exception>
    public Keyring Complete(string organisationName, string userName, string language)
    {
        if (_completed) throw new InvalidOperationException("It is complete.");
        ArgumentException.ThrowIfNullOrWhiteSpace(organisationName);
        ArgumentException.ThrowIfNullOrWhiteSpace(userName);
        var (called, user) = (Texts.Name(organisationName, "The organisation"), Texts.Name(userName, "The user"));
        Texts.Language(language);
        var root = new byte[KeySize];
        Primitives.Ed25519PublicKey(_rootKey.Span, root);
        _signIn = SignInKeys.Derive(CoordinatorCertificate.InstanceId(root), user, Passphrase, Argon2Cost.SignIn, _memory);
        using var node = SigningKey.FromSeed(_node.Span, _memory);
        var recovery = ((HybridRecipient)_recovery.ToRecipient()).PublicKey.ToArray();
        var instance = new Instance(root, called, Argon2Cost.SignIn, CaseId.New(), node.PublicKey, recovery);

        Keyring? made = null;
        try
        {
            _organisation.Store.Write(connection =>
            {
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM instance") > 0) throw new CaseworkException("The organisation is set up already.");
                // Here and no sooner: whoever sets it up a second time must not take the first one's key away.
                NodeKey.Write(_organisation, _node);
                made = Store(connection, instance, _signIn, user, language);
            });
            _completed = true;
            _organisation.ReadInstance();
            _organisation.Staff.Welcome(made!);
            InboxKeys.KeepCurrent(_organisation, made!);
            Checkpoints.Write(_organisation);
            return made!;
        }
        catch
        {
            made?.Dispose();
            throw;
        }
    }

    /// <summary>What the first user's name and passphrase gave; it is the caller's then.</summary>
    internal SignInKeys? TakeSignIn() => Interlocked.Exchange(ref _signIn, null);

    /// <summary>Says that it is one, and nothing else.</summary>
    public override string ToString() => "Founding";

    /// <summary>Wipes what was made. A keyring that <see cref="Complete"/> gave stays.</summary>
    public void Dispose()
    {
        _signIn?.Dispose();
        Passphrase.Dispose();
        TotpSecret.Dispose();
        RecoverySheet.Dispose();
        _rootKey.Dispose();
        _node.Dispose();
        _recovery.Dispose();
    }

    private Keyring Store(SqliteConnection connection, Instance instance, SignInKeys signIn, string user, string language)
    {
        var userRoot = _memory.Random(KeySize);
        Profile? profile = null;
        try
        {
            connection.Execute("INSERT INTO instance VALUES (1, @Root, @Name, @Passes, @MemoryKiB, @journal, @node, @Recovery, @recoverable)", new
            {
                instance.Root,
                instance.Name,
                instance.Cost.Passes,
                instance.Cost.MemoryKiB,
                journal = instance.Journal.ToArray(),
                node = instance.Node.ToArray(),
                instance.Recovery,
                // Each user's is a row of its own since there can be several.
                recoverable = Array.Empty<byte>(),
            });
            profile = Profile.Of(user, language, instance.Pin, _memory.Copy(TotpSecret.Span), UserId.New(), Certificate(userRoot), _memory.Copy(_rootKey.Span));
            var made = Keyring.Create(_organisation, connection, signIn, userRoot, profile);
            foreach (var compartment in (Compartment[])[Compartment.Work, Compartment.Contact])
            {
                using var epoch = Epoch.Start(instance.Journal, compartment, 1, _memory);
                made.Add(epoch);
            }
            made.Store(connection);
            Staff.Begin(_organisation, connection, made, (HybridRecipient)_recovery.ToRecipient());
            return made;
        }
        catch
        {
            profile?.Dispose();
            userRoot.Dispose();
            throw;
        }
    }

    private byte[] Certificate(Secret userRoot)
    {
        using var seed = Keyring.InboxSigningSeed(userRoot);
        var signer = new byte[KeySize];
        Primitives.Ed25519PublicKey(seed.Span, signer);
        var first = Math.Max(0, _organisation.Today - ClockSlack);
        return CoordinatorCertificate.Sign(_rootKey, signer, new Days(first, first + CoordinatorCertificate.MostDays - 1)).ToBytes();
    }
}
