using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Casework;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Bench;

/// <summary>
/// A Desk with many cases, made fast: most belong to nobody who signs in here, some have one entry and a card, a few a real
/// conversation.
/// </summary>
internal sealed class DeskBuilder : IDisposable
{
    public const int Stored = 50_000;
    public const int Readable = 2_000;
    public const int WithConversation = 48;

    /// <summary>Colleagues: hundreds of volunteers, and one who works.</summary>
    public const int Volunteers = 300;

    private readonly string _folder;
    private readonly Random _sizes = new(7);

    public DeskBuilder()
    {
        _folder = Directory.CreateTempSubdirectory("understory-bench-").FullName;
        Organisation = Organisation.Open(_folder, TimeProvider.System);
        using var founding = Organisation.BeginFounding(WordList.For("en"), Memory);
        Keyring = founding.Complete("Open Door", "Lidia", "en");
        SignIn = founding.TakeSignIn()!;
        Organisation.Store.Write(AddCases);
        AddConversations();
        Long = Lengthen(Conversations[0], 60);
        Organisation.Conversations.Templates.Store(Keyring, []);
        Organisation.Store.Write(AddVolunteers);
        Marta = Hire("Marta");
    }

    /// <summary>A colleague, to whom cases are opened.</summary>
    public Keyring Marta { get; }

    public LockedMemory Memory { get; } = new(4 << 20);

    public Organisation Organisation { get; }

    public Keyring Keyring { get; }

    public SignInKeys SignIn { get; }

    public List<CaseId> Conversations { get; } = [];

    /// <summary>A case of 60 entries.</summary>
    public CaseId Long { get; }

    public void Dispose()
    {
        Marta.Dispose();
        Keyring.Dispose();
        Organisation.Dispose();
        Memory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void AddCases(SqliteConnection connection)
    {
        Keyring.Refresh(connection);
        for (var number = 0; number < Stored - WithConversation; number++)
        {
            if (number < Readable - WithConversation) AddReadable(connection, number);
            else Add(connection, RandomNumberGenerator.GetBytes(CaseId.Size), Digest.Of(BitConverter.GetBytes(number)), RandomNumberGenerator.GetBytes(665), RandomNumberGenerator.GetBytes(Card.Size));
        }
        Keyring.Store(connection);
    }

    private void AddVolunteers(SqliteConnection connection)
    {
        Keyring.Refresh(connection);
        var directory = new DirectoryJournal(Organisation, connection, Keyring, Organisation.Places(connection)!.Directory);
        for (var number = 0; number < Volunteers; number++)
        {
            using var identity = HybridIdentity.Generate(Memory);
            using var signing = SigningKey.Generate(Memory);
            var user = UserId.New();
            directory.Append(Kind.UserEnrolled, DirectoryBodies.Enrolled(new(user, signing.PublicKey, (HybridRecipient)identity.ToRecipient(), Roles.Volunteer, 0, null, null)));
            directory.Append(Kind.UserNamed, DirectoryBodies.Named(user, $"volunteer {number}"));
        }
        Keyring.RefreshDirectory(connection);
        SharedKeys.Give(Organisation, connection, Keyring);
    }

    private Keyring Hire(string name)
    {
        var printed = Organisation.Staff.Invite(Keyring, name, Roles.Caseworker, null);
        using var joining = Organisation.Staff.BeginJoining(printed.Code, WordList.For("en"), Memory)!;
        var keyring = joining.Complete("en");
        Organisation.Staff.Confirm(Keyring, printed.User, keyring.Fingerprint);
        Organisation.Receive(keyring);
        return keyring;
    }

    private void AddReadable(SqliteConnection connection, int number)
    {
        var @case = CaseId.New();
        Epoch? work = null;
        foreach (var compartment in Enum.GetValues<Compartment>())
        {
            using var epoch = Epoch.Start(@case, compartment, 1, Memory);
            Keyring.Add(epoch);
            if (compartment == Compartment.Work) work = Keyring.Keychain.Find(epoch.KeyId);
        }
        var name = $"case {number}";
        var entry = SealedEntry.Write(Head.Of(@case), work!, Kind.CaseOpened, Organisation.Now, Bodies.CaseOpened(name, "uk", Urgency.ThisWeek, 20_000), Keyring.SigningKey);
        var card = new Card(entry.Head, name, (int)Stage.InContact, (int)Urgency.ThisWeek, Organisation.Now - _sizes.Next(1_000_000), _sizes.Next(3));
        Add(connection, @case.ToArray(), entry.LeafHash, entry.ToArray(), card.Seal(work!));
    }

    private static void Add(SqliteConnection connection, byte[] journal, Digest leafHash, byte[] entry, byte[] card)
    {
        connection.Execute("INSERT INTO entries VALUES (@journal, 1, @leaf, @entry)", new { journal, leaf = OrganisationLog.Append(connection, leafHash), entry });
        connection.Execute("INSERT INTO cards VALUES (@journal, @card)", new { journal, card });
    }

    private void AddConversations()
    {
        for (var number = 0; number < WithConversation; number++)
        {
            using var receipt = Receipt.Create(WordList.For("uk"), Memory);
            using var keys = receipt.DeriveKeys(Organisation.InstanceId, Memory);
            var sealedBytes = ConversationChain.Begin(keys.Conversation).SealOpening(new FirstWords { Language = "uk", Words = "They came to my mother's door."u8 }, keys, Inbox());
            var asked = Envelope.Of(EnvelopeKind.Message, keys.LookUpId.Span, sealedBytes);
            Organisation.Collection.Keep(
                [(new Listed(asked.Kind, asked.LookUpId.ToArray(), asked.RequestId.ToArray(), 20_000, asked.Sealed.Length, asked.Hash), asked)], Organisation.Collection.Place);
            Conversations.Add(Organisation.Inbox.Admit(Keyring, asked.RequestId.ToArray(), $"conversation {number}").Id);
        }
    }

    private CaseId Lengthen(CaseId @case, int entries)
    {
        while (Organisation.Conversations.Note(Keyring, @case, "She is at her aunt's.").Head.Sequence < entries)
        {
            // Until it is as long.
        }
        return @case;
    }

    private HybridRecipient Inbox() => InboxKeyStatement.Verify(Organisation.Collection.OutgoingInboxKey()!.Value.Span, Organisation.InstanceId, Organisation.Today).Recipient;
}
