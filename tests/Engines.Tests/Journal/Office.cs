using System.Text;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Engines.Tests.Journal;

/// <summary>
/// An invented organisation: Ihor and Olena work cases, the machine signs for nobody, Marta asked for help, and so did
/// somebody else.
/// </summary>
internal sealed class Office : IDisposable
{
    public const long Noon = 1_790_000_000;

    public Office()
    {
        Ihor = SigningKey.Generate(Memory);
        Olena = SigningKey.Generate(Memory);
        Node = SigningKey.Generate(Memory);
        IhorsIdentity = HybridIdentity.Generate(Memory);
        OlenasIdentity = HybridIdentity.Generate(Memory);
        Marta = new CaseFile(this);
        Other = new CaseFile(this);
    }

    public LockedMemory Memory { get; } = new(1024 * 1024);

    public SigningKey Ihor { get; }

    public SigningKey Olena { get; }

    public SigningKey Node { get; }

    public HybridIdentity IhorsIdentity { get; }

    public HybridIdentity OlenasIdentity { get; }

    public CaseFile Marta { get; }

    public CaseFile Other { get; }

    public HybridRecipient Ihors => (HybridRecipient)IhorsIdentity.ToRecipient();

    public HybridRecipient Olenas => (HybridRecipient)OlenasIdentity.ToRecipient();

    public Signer WhoIs(Entry entry) => WhoIs(entry.Author);

    private Signer WhoIs(PublicKey key) =>
        key == Ihor.PublicKey || key == Olena.PublicKey ? Signer.Person : key == Node.PublicKey ? Signer.Node : Signer.Unknown;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The content of a frame, signed: for whoever seals it elsewhere.</summary>
    public static byte[] Content(EntryHeader header, Kind kind, long time, ReadOnlySpan<byte> body, SigningKey author)
    {
        using var content = Entry.WriteContent(header, kind, time, body, author);
        return content.ToArray();
    }

    public void Dispose() => Memory.Dispose();

    /// <summary>A case, its keys, and what was stored of it.</summary>
    internal sealed class CaseFile(Office office)
    {
        private readonly Dictionary<Compartment, Epoch> _epochs = [];
        private readonly List<Epoch> _ended = [];

        public CaseId Id { get; } = CaseId.New();

        public List<SealedEntry> Entries { get; } = [];

        public Head Head => Entries.Count == 0 ? Head.Of(Id) : Entries[^1].Head;

        public Epoch this[Compartment compartment]
        {
            get
            {
                if (!_epochs.TryGetValue(compartment, out var epoch))
                    _epochs[compartment] = epoch = Epoch.Start(Id, compartment, 1, office.Memory);
                return epoch;
            }
        }

        public SealedEntry Append(Kind kind, string body = "", SigningKey? author = null) => Append(kind, Utf8(body), author);

        public SealedEntry Append(Kind kind, byte[] body, SigningKey? author = null, Epoch? under = null)
        {
            var entry = SealedEntry.Write(Head, under ?? this[kind.Compartment], kind, Noon + Entries.Count, body, author ?? office.Ihor);
            Entries.Add(entry);
            return entry;
        }

        /// <summary>The next epoch of a compartment: said under the key that ends, where it is of compartment work.</summary>
        public Epoch StartNext(Compartment compartment)
        {
            var next = Epoch.Start(Id, compartment, this[compartment].Number + 1, office.Memory);
            Append(Kind.EpochStarted, EpochStart.Of(next).ToBody());
            _ended.Add(this[compartment]);
            _epochs[compartment] = next;
            return next;
        }

        /// <summary>The decision to forget entries, which are cut to their hashes.</summary>
        public void Forget(params long[] sequences)
        {
            Append(Kind.Forgotten, Forgetting.Of(sequences).ToBody());
            Cut(sequences);
        }

        public void Cut(params long[] sequences)
        {
            foreach (var sequence in sequences) Entries[(int)sequence - 1] = Entries[(int)sequence - 1].Forget();
        }

        /// <summary>Five entries: opened, a message, its answer, a note, a new stage.</summary>
        public CaseFile WithHistory()
        {
            Append(Kind.CaseOpened);
            Append(Kind.MessageReceived, "I was called up and will not go.");
            Append(Kind.AnswerSent, "You are not alone. Where are you?", office.Olena);
            Append(Kind.NoteWritten, "Answer within the day.");
            Append(Kind.StageChanged, "in contact");
            return this;
        }

        public List<byte[]> Stored() => [.. Entries.Select(entry => entry.ToArray())];

        public Epoch? Find(KeyId keyId) => _epochs.Values.Concat(_ended).FirstOrDefault(epoch => epoch.KeyId == keyId);

        public JournalReading Read(IEnumerable<byte[]> stored, Head? expected = null, params Compartment[] without) =>
            new JournalReader(key => Find(key) is { } epoch && !without.Contains(epoch.Compartment) ? epoch : null, office.WhoIs)
                .Read(Id, stored.Select(bytes => (ReadOnlyMemory<byte>)bytes), expected);
    }
}
