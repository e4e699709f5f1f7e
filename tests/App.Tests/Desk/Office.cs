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
    private HybridRecipient? _inbox;
    private readonly LockedMemory _memory = new(1 << 20);

    private Office(TemporaryFolder folder, bool ownsFolder, TimeProvider time)
    {
        (_folder, _ownsFolder) = (folder, ownsFolder);
        Organisation = Organisation.Open(folder.Path, time);
    }

    public Organisation Organisation { get; private set; }

    public Keyring Lidia { get; private set; } = null!;

    public Secret Passphrase { get; private set; } = null!;

    public string Recovery { get; private set; } = "";

    public string Folder => _folder.Path;

    public LockedMemory Memory => _memory;

    public static Office Found(TimeProvider? time = null, TemporaryFolder? folder = null)
    {
        var office = new Office(folder ?? new TemporaryFolder(), ownsFolder: folder is null, time ?? TimeProvider.System);
        using var founding = office.Organisation.BeginFounding(WordList.For("en"), office._memory);
        office.Passphrase = office._memory.Copy(founding.Passphrase.Span);
        office.Recovery = System.Text.Encoding.ASCII.GetString(founding.RecoverySheet.Span);
        office.Lidia = founding.Complete("Open Door", User, "en");
        return office;
    }

    /// <summary>Somebody who has a receipt and a device, and no server between them and the office.</summary>
    public Correspondent Somebody() => new(this);

    public static CaseState Find(Organisation organisation, Keyring keyring, CaseState @case) => organisation.Cases.Find(keyring, @case.Id)!;

    /// <summary>Hands an envelope over as the collector does.</summary>
    public void Arrive(params Envelope[] envelopes) => Organisation.Collection.Keep(
        envelopes.Select(envelope => (new Listed(envelope.Kind, envelope.LookUpId.ToArray(), envelope.RequestId.ToArray(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400, envelope.Sealed.Length, envelope.Hash), envelope)),
        Organisation.Collection.Place);

    // The collector hands it over once; people go on sealing to it.
    public HybridRecipient Inbox() => _inbox ??= InboxKeyStatement.Verify(
        Organisation.Collection.OutgoingInboxKey()!.Value.Span, Organisation.InstanceId, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400)).Recipient;

    /// <summary>Signs out and closes the database; it stays.</summary>
    public void Close()
    {
        Lidia.Dispose();
        Organisation.Dispose();
    }

    /// <summary>Opens it again and signs Lidia in.</summary>
    public void Reopen(TimeProvider? time = null)
    {
        Organisation = Organisation.Open(_folder.Path, time ?? TimeProvider.System);
        Lidia = Organisation.Unlock(User, Passphrase, _memory)!;
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
    private readonly Receipt _receipt;
    private byte[] _bookmark = [];

    public Correspondent(Office office)
    {
        _office = office;
        _receipt = Receipt.Create(WordList.For("uk"), office.Memory);
        Keys = _receipt.DeriveKeys(office.Organisation.InstanceId, office.Memory);
        Chain = ConversationChain.Begin(Keys.Conversation);
    }

    public ReceiptKeys Keys { get; }

    public ConversationChain Chain { get; }

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
        _receipt.Dispose();
    }
}
