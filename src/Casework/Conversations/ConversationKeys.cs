using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The keys of one conversation, read from the entry that brought it into its case: K, and to whom answers are sealed. What
/// the person seals to comes from the key of compartment contact.
/// </summary>
internal sealed class ConversationKeys : IDisposable
{
    private const string Purpose = "conversation";

    private readonly Keyring _keyring;
    private readonly CaseId _case;
    private readonly ReadOnlyMemory<byte> _conversation;

    private ConversationKeys(Keyring keyring, CaseId @case, ReadOnlyMemory<byte> conversation, Secret key, HybridRecipient person) =>
        (_keyring, _case, _conversation, Key, Person) = (keyring, @case, conversation, key, person);

    /// <summary>K.</summary>
    public Secret Key { get; }

    /// <summary>Whom answers are sealed to.</summary>
    public HybridRecipient Person { get; }

    public static ConversationKeys Read(Keyring keyring, CaseJournal journal, ConversationState conversation)
    {
        var entry = journal.Reading.Entries.Concat(journal.Appended).First(entry => entry.Header.Sequence == conversation.JoinedAt);
        // The body lies in pinned memory, which the journal wipes; K goes from there into locked memory and nowhere else.
        var reader = Bodies.Read(entry, 6);
        Bodies.ReadId(ref reader);
        Bodies.ReadId(ref reader);
        var key = reader.ReadExactly(32);
        var person = new HybridRecipient(reader.ReadExactly(HybridRecipient.PublicKeySize));
        return new ConversationKeys(keyring, journal.State.Id, conversation.Id, keyring.Memory.Copy(key), person);
    }

    /// <summary>What opens the person's words: of the newest key and of those before. The caller's to dispose.</summary>
    public IReadOnlyList<Identity> Identities() =>
        [.. _keyring.Keychain.All(_case, Compartment.Contact).Select(epoch => epoch.DeriveIdentity(Purpose, _conversation.Span, _keyring.Memory))];

    /// <summary>Whom the person is to seal to from now on.</summary>
    public HybridRecipient Recipient(Epoch contact)
    {
        using var identity = contact.DeriveIdentity(Purpose, _conversation.Span, _keyring.Memory);
        return (HybridRecipient)identity.ToRecipient();
    }

    public void Dispose() => Key.Dispose();
}
