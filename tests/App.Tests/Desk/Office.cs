using System.Runtime.CompilerServices;
using Dapper;
using Shouldly;
using Understory.Casework;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.App.Tests.Desk;

/// <summary>An organisation that was set up by Lidia, its only user so far, and people who write to it.</summary>
internal sealed class Office : IDisposable
{
    public const string User = "Lidia";

    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private SignInKeys _signIn = null!;
    private readonly LockedMemory _memory = new(1 << 20);

    private Office(TemporaryFolder folder, bool ownsFolder, TimeProvider time)
    {
        (_folder, _ownsFolder) = (folder, ownsFolder);
        Organisation = Organisation.Open(folder.Path, time);
    }

    private Office(Organisation organisation, TimeProvider time) =>
        (_folder, _ownsFolder, Organisation, Time) = (new TemporaryFolder(), true, organisation, time);

    /// <summary>That of a Desk that runs, for people to write to; nobody is signed in.</summary>
    public static Office Of(RunningDesk desk) => new(desk.Host.Organisation, desk.Clock);

    public TimeProvider Time { get; private set; } = TimeProvider.System;

    public Organisation Organisation { get; private set; }

    public Keyring Lidia { get; private set; } = null!;

    public Secret Passphrase { get; private set; } = null!;

    public string Recovery { get; private set; } = "";

    public string Folder => _folder.Path;

    /// <summary>Where its checkpoints are kept, when it is opened the next time.</summary>
    public CheckpointPlaces Places { get; set; } = new();

    public LockedMemory Memory => _memory;

    /// <summary>One that is there already.</summary>
    public static Office Join(TemporaryFolder folder, ReadOnlySpan<byte> passphrase)
    {
        var office = new Office(folder, ownsFolder: false, TimeProvider.System);
        office.Passphrase = office._memory.Copy(passphrase);
        office._signIn = SignInKeys.Derive(office.Organisation.InstanceId, User, office.Passphrase, Argon2Cost.SignIn, office._memory);
        office.Lidia = office.AnotherSession();
        return office;
    }

    public static Office Found(TimeProvider? time = null, TemporaryFolder? folder = null, string user = User)
    {
        var office = new Office(folder ?? new TemporaryFolder(), ownsFolder: folder is null, time ?? TimeProvider.System);
        using var founding = office.Organisation.BeginFounding(WordList.For("en"), office._memory);
        office.Time = time ?? TimeProvider.System;
        office.Passphrase = office._memory.Copy(founding.Passphrase.Span);
        office.Recovery = System.Text.Encoding.ASCII.GetString(founding.RecoverySheet.Span);
        office.Lidia = founding.Complete("Open Door", user, "en");
        office._signIn = founding.TakeSignIn()!;
        return office;
    }

    /// <summary>Somebody who has a receipt and a device, and no server between them and the office.</summary>
    public Correspondent Somebody() => new(this);

    /// <summary>Hands an envelope over as the collector does.</summary>
    public void Arrive(params Envelope[] envelopes) => Organisation.Collection.Keep(
        envelopes.Select(envelope => (new Listed(envelope.Kind, envelope.LookUpId.ToArray(), envelope.RequestId.ToArray(), Time.GetUtcNow().ToUnixTimeSeconds() / 86_400, envelope.Sealed.Length, envelope.Hash), envelope)),
        Organisation.Collection.Place);

    /// <summary>What people seal to this week, whether Intake has it or not.</summary>
    public HybridRecipient Inbox() => InboxKeyStatement.Verify(
        Query<byte[]>("SELECT statement FROM inbox_keys WHERE number = (SELECT max(number) FROM inbox_keys WHERE number <= @week)", new { week = InboxKeys.LastOfWeek(Organisation) }),
        Organisation.InstanceId, Organisation.Today).Recipient;

    /// <summary>Many people at once: their keys are random, as if derived, and cost nothing.</summary>
    public List<Correspondent> Crowd(int count) => [.. Enumerable.Range(0, count).Select(_ => Correspondent.WithRandomKeys(this))];

    /// <summary>Somebody asked, and it became a case.</summary>
    public CaseState Admit(Correspondent person, string words = "They came to my mother's door.", string name = "amber river")
    {
        var asked = person.Ask(words);
        Arrive(asked);
        return Organisation.Inbox.Admit(Lidia, asked.RequestId.ToArray(), name);
    }

    public CaseState Find(CaseState @case) => Organisation.Cases.Find(Lidia, @case.Id)!;

    /// <summary>Does to the database what somebody with the disk can do.</summary>
    public int Execute(string sql, object? with = null) => Organisation.Store.Write(connection => connection.Execute(sql, with));

    public T Query<T>(string sql, object? with = null) => Organisation.Store.Read(connection => connection.ExecuteScalar<T>(sql, with))!;

    /// <summary>Turns a bit of a stored value.</summary>
    public void Flip(string table, string column, string where, object with, int at = 100)
    {
        var bytes = Query<byte[]>($"SELECT {column} FROM {table} WHERE {where}", with);
        bytes[at % bytes.Length] ^= 4;
        var parameters = new DynamicParameters(with);
        parameters.Add("bytes", bytes);
        Execute($"UPDATE {table} SET {column} = @bytes WHERE {where}", parameters).ShouldBe(1);
    }

    /// <summary>Signs Lidia in a second time, as from another browser. Name and passphrase were derived once, at the start.</summary>
    public Keyring AnotherSession() => Organisation.Unlock(_signIn, _memory)!;

    /// <summary>Signs out and closes the database; it stays.</summary>
    public void Close()
    {
        Lidia.Dispose();
        Organisation.Dispose();
    }

    /// <summary>Opens it again and signs Lidia in.</summary>
    public void Reopen(TimeProvider? time = null)
    {
        Time = time ?? Time;
        Organisation = Organisation.Open(_folder.Path, Time);
        Organisation.CheckpointPlaces = Places;
        Lidia = Organisation.Unlock(_signIn, _memory)!;
    }

    public void Dispose()
    {
        Lidia?.Dispose();
        Organisation.Dispose();
        _memory.Dispose();
        if (_ownsFolder) _folder.Dispose();
    }
}

/// <summary>The person's device: what the browser does, in the test.</summary>
internal sealed class Correspondent : IDisposable
{
    private readonly Office _office;
    private readonly Receipt? _receipt;
    private byte[] _bookmark = [];

    public Correspondent(Office office)
        : this(office, Receipt.Create(WordList.For("uk"), office.Memory))
    {
    }

    private Correspondent(Office office, Receipt receipt)
        : this(office, receipt.DeriveKeys(office.Organisation.InstanceId, office.Memory))
    {
        _receipt = receipt;
    }

    private Correspondent(Office office, ReceiptKeys keys)
    {
        (_office, Keys) = (office, keys);
        Chain = ConversationChain.Begin(Keys.Conversation);
    }

    public ReceiptKeys Keys { get; }

    public ConversationChain Chain { get; }

    /// <summary>The same receipt on a device that knows nothing of what was.</summary>
    public Correspondent OnAnotherDevice() => new(_office, _receipt!);

    public static Correspondent WithRandomKeys(Office office)
    {
        var conversation = office.Memory.Random(32);
        return new Correspondent(office, NewKeys(
            conversation.Expand("understory/receipt/v1/look-up"u8, ReceiptKeys.LookUpIdSize), office.Memory.Random(32), conversation, HybridIdentity.Generate(office.Memory)));
    }

    public Envelope Ask(string words, Urgency urgency = Urgency.ThisWeek, string safely = "") => Envelope.Of(EnvelopeKind.Message, Keys.LookUpId.Span, Chain.SealOpening(
        new FirstWords { Language = "uk", Urgency = urgency, Words = System.Text.Encoding.UTF8.GetBytes(words), Safely = System.Text.Encoding.UTF8.GetBytes(safely) },
        Keys, _office.Inbox()));

    public Envelope Write(string words) => Envelope.Of(EnvelopeKind.Message, Keys.LookUpId.Span, Chain.SealWords(System.Text.Encoding.UTF8.GetBytes(words), _office.Inbox()));

    public Envelope Forget() => Envelope.Of(EnvelopeKind.Forget, Keys.LookUpId.Span, ForgetNotice.Seal(Keys, Chain.Conversation, Chain.Recipient ?? _office.Inbox()));

    public Received Read(Envelope answer) => Chain.Open(answer.Sealed.Span, Keys.Identity);

    /// <summary>What the device sends to Intake, bookmark and all.</summary>
    public SubmitRequest Submit(Envelope envelope)
    {
        var expected = _bookmark.Length == 0 ? new byte[32] : System.Security.Cryptography.SHA256.HashData(_bookmark);
        _bookmark = Chain.SealBookmark(Keys);
        return new SubmitRequest(Keys.Bearer.Span.ToArray(), expected, _bookmark, envelope);
    }

    /// <summary>Asks Intake for everything, as the device does.</summary>
    public FetchRequest Fetch() => new(Keys.LookUpId.Span.ToArray(), Keys.Bearer.Span.ToArray(), new byte[Envelope.RequestIdSize]);

    public AcknowledgeRequest Acknowledge(params ReadOnlyMemory<byte>[] answers)
    {
        var expected = System.Security.Cryptography.SHA256.HashData(_bookmark);
        _bookmark = Chain.SealBookmark(Keys);
        return new AcknowledgeRequest(Keys.LookUpId.Span.ToArray(), Keys.Bearer.Span.ToArray(), expected, _bookmark, answers);
    }

    public void Dispose()
    {
        Keys.Dispose();
        _receipt?.Dispose();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern ReceiptKeys NewKeys(Secret lookUpId, Secret bearer, Secret conversation, HybridIdentity identity);
}
