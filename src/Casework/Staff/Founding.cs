using Dapper;
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
        var root = new byte[KeySize];
        Primitives.Ed25519PublicKey(_rootKey.Span, root);
        var instanceId = CoordinatorCertificate.InstanceId(root);
        using var signIn = SignInKeys.Derive(instanceId, userName, Passphrase, Argon2Cost.SignIn, _memory);
        var userRoot = _memory.Random(KeySize);
        using var inboxSeed = Keyring.InboxSigningSeed(userRoot);
        var inboxKey = new byte[KeySize];
        Primitives.Ed25519PublicKey(inboxSeed.Span, inboxKey);
        var today = _organisation.Today;
        var certificate = CoordinatorCertificate.Sign(_rootKey, inboxKey, new Days(today - ClockSlack, today - ClockSlack + CoordinatorCertificate.MostDays - 1));
        var journal = CaseId.New();
        NodeKey.Write(_organisation, _node);
        using var node = SigningKey.FromSeed(_node.Span, _memory);

        var keyring = _organisation.Store.Write(connection =>
        {
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM instance") > 0) throw new CaseworkException("The organisation is set up already.");
            connection.Execute("INSERT INTO instance VALUES (1, @root, @name, @passes, @memory, @journal, @node, @recovery, @recoverable)", new
            {
                root,
                name = organisationName.Trim(),
                passes = Argon2Cost.SignIn.Passes,
                memory = Argon2Cost.SignIn.MemoryKiB,
                journal = journal.ToArray(),
                node = node.PublicKey.ToArray(),
                recovery = ((HybridRecipient)_recovery.ToRecipient()).PublicKey.ToArray(),
                recoverable = Recoverable(userRoot),
            });
            var profile = Profile.Of(userName.Trim(), language, _memory.Copy(TotpSecret.Span), certificate.ToBytes(), _memory.Copy(_rootKey.Span));
            var made = Keyring.Create(_organisation, connection, signIn, userRoot, profile);
            foreach (var compartment in (Compartment[])[Compartment.Work, Compartment.Contact])
            {
                using var epoch = Epoch.Start(journal, compartment, 1, _memory);
                made.Keychain.Add(epoch);
            }
            made.Store(connection);
            return made;
        });
        _completed = true;
        _organisation.ReadInstance();
        InboxKeys.KeepCurrent(_organisation, keyring);
        Checkpoints.Write(_organisation);
        return keyring;
    }

    /// <summary>Says that it is one, and nothing else.</summary>
    public override string ToString() => "Founding";

    /// <summary>Wipes what was made. A keyring that <see cref="Complete"/> gave stays.</summary>
    public void Dispose()
    {
        Passphrase.Dispose();
        TotpSecret.Dispose();
        RecoverySheet.Dispose();
        _rootKey.Dispose();
        _node.Dispose();
        _recovery.Dispose();
    }

    // What the sheet opens: the key of the first keychain and the root's key, and never a signing key of a user.
    private byte[] Recoverable(Secret userRoot)
    {
        using var keychain = Keychain.KeyOf(userRoot);
        using var content = _memory.Allocate(1 + 2 * KeySize);
        content.Span[0] = 1;
        keychain.Span.CopyTo(content.Span[1..]);
        _rootKey.Span.CopyTo(content.Span[(1 + KeySize)..]);
        return AgeFile.Seal(content.Span, _recovery.ToRecipient());
    }
}
