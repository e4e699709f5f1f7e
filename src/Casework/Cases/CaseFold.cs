using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Folds the entries of a case, in their order, into what pages show and guards ask. Nothing is looked up and nothing is
/// thrown for one damaged body: it is said, and the rest is folded.
/// </summary>
internal sealed class CaseFold
{
    private readonly Func<Entry, DirectoryUser?> _writer;
    private readonly AccessFold _access = new();
    private readonly List<ConversationItem> _items = [];
    private readonly List<ConversationState> _conversations = [];
    private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private readonly HashSet<Digest> _received = [];
    private string _name = "";
    private string _language = "";
    private string _safely = "";
    private LastChange? _safelySet;
    private Stage _stage;
    private LastChange? _stageSet;
    private Urgency _urgency;
    private long _seenThrough;
    private DateTimeOffset? _waitingSince;
    private DateTimeOffset? _forgettingAsked;

    private CaseFold(Func<Entry, DirectoryUser?> writer) => _writer = writer;

    /// <summary>The person's conversations so far.</summary>
    public IReadOnlyList<ConversationState> Conversations => _conversations;

    /// <summary>Whether these bytes, or this notice, were taken in before.</summary>
    public bool HasReceived(ReadOnlySpan<byte> hash) => _received.Contains(Digest.From(hash));

    /// <summary>Folds a journal that was read.</summary>
    public static CaseFold Of(JournalReading reading, Func<Entry, DirectoryUser?>? writer = null)
    {
        var fold = new CaseFold(writer ?? (_ => null));
        foreach (var line in reading.Faults)
        {
            if (line.State == LineState.Missing) fold._faults.Add(line.What ?? "Entries are missing.");
            else fold.Blame(line.Sequence, line.What ?? "It is damaged.");
        }
        foreach (var entry in reading.Entries) fold.Take(entry);
        return fold;
    }

    /// <summary>Says what is wrong with an entry.</summary>
    public void Blame(long sequence, string what) => _faults.Add($"Entry {sequence}: {what}");

    /// <summary>Folds one entry more.</summary>
    public void Take(Entry entry)
    {
        try
        {
            Fold(entry);
        }
        catch (CaseworkException fault)
        {
            _faults.Add(fault.Message);
        }
    }

    /// <summary>What came of it.</summary>
    public CaseState At(CaseId id, Head head, bool isReadOnly)
    {
        var items = _items.ConvertAll(item => item with { IsUnread = item.Kind == ItemKind.Message && item.Sequence > _seenThrough });
        return new CaseState(
            id, head, _name, _stage, _urgency, _language, _safely, _waitingSince, items.Count(item => item.IsUnread), _forgettingAsked, items,
            [.. _conversations], isReadOnly, [.. _faults])
        { Access = _access.Lines, AccessSet = _access.Set, StageSet = _stageSet, SafelySet = _safelySet };
    }

    private void Fold(Entry entry)
    {
        if (entry.Kind == Kind.CaseOpened) Opened(entry);
        else if (entry.Kind == Kind.ConversationJoined) Joined(entry);
        else if (entry.Kind == Kind.MessageReceived) MessageReceived(entry);
        else if (entry.Kind == Kind.AnswerSent) AnswerSent(entry);
        else if (entry.Kind == Kind.AnswerFetched) AnswerFetched(entry);
        else if (entry.Kind == Kind.NoteWritten) _items.Add(Item(entry, ItemKind.Note, ReadWords(entry)));
        else if (entry.Kind == Kind.SafeContactSet) (_safely, _safelySet) = (ReadWords(entry), ChangeOf(entry));
        else if (entry.Kind == Kind.MessagesSeen) Seen(entry);
        else if (entry.Kind == Kind.StageChanged) StageChanged(entry);
        else if (entry.Kind == Kind.RequestRefused) Refused(entry);
        else if (entry.Kind == Kind.ForgettingAsked) ForgettingAsked(entry);
        else if (entry.Kind == Kind.AccessGranted) _access.Granted(entry, _writer(entry)?.Id);
        else if (entry.Kind == Kind.AccessRevoked) _access.Revoked(entry, _writer(entry)?.Id);
    }

    private void Opened(Entry entry)
    {
        var reader = Bodies.Read(entry, 4);
        _name = reader.ReadText(Texts.MaxName);
        _language = reader.ReadText(2);
        _urgency = (Urgency)reader.ReadInt32((int)Urgency.Today);
        Bodies.ReadDay(ref reader);
        reader.End();
        (_stage, _stageSet) = (Stage.InContact, ChangeOf(entry));
        if (_writer(entry)?.Id is { } opener) _access.Opened(opener, TimeOf(entry));
    }

    private void Joined(Entry entry)
    {
        var reader = Bodies.Read(entry, 6);
        var id = Bodies.ReadId(ref reader);
        var lookUp = Bodies.ReadId(ref reader);
        reader.ReadExactly(32);
        reader.ReadExactly(HybridRecipient.PublicKeySize);
        _language = reader.ReadText(2);
        var safely = reader.ReadText(Message.MaxSafelyLength);
        reader.End();
        if (safely.Length > 0) (_safely, _safelySet) = (safely, ChangeOf(entry));
        _conversations.Add(new ConversationState(id, lookUp, entry.Header.Sequence, Received: 0, Sent: 0, AnswerEpoch: null, Missing: []));
    }

    private void MessageReceived(Entry entry)
    {
        var reader = Bodies.Read(entry, 8);
        var place = Find(Bodies.ReadId(ref reader), entry);
        var verdict = (Verdict)reader.ReadInt32((int)Verdict.Tampered);
        var sequence = reader.ReadInt32();
        var words = reader.TryReadNull() ? null : reader.ReadText(Message.MaxWordsLength);
        SequenceRange? missing = null;
        if (!reader.TryReadNull())
        {
            reader.ReadArrayOf(2);
            missing = new SequenceRange(reader.ReadInt32(), reader.ReadInt32());
        }
        var hash = Digest.From(reader.ReadExactly(Digest.Size));
        Bodies.ReadDay(ref reader);
        var chain = Bodies.ReadChain(ref reader);
        reader.End();
        var conversation = _conversations[place];
        if (chain is not null) conversation = conversation with { Chain = chain };
        if (chain is not null && words is null)
        {
            // The state alone, behind words that left no room for it.
            _conversations[place] = conversation;
            return;
        }
        _received.Add(hash);
        _conversations[place] = conversation with
        {
            Received = Math.Max(conversation.Received, sequence),
            Missing = Still(conversation.Missing, sequence, missing),
        };
        _items.Add(Item(entry, ItemKind.Message, words) with { Verdict = verdict, Missing = missing, Conversation = place });
        if (words is not null && verdict != Verdict.Replayed) _waitingSince ??= TimeOf(entry);
    }

    private void AnswerSent(Entry entry)
    {
        var reader = Bodies.Read(entry, 6);
        var place = Find(Bodies.ReadId(ref reader), entry);
        var sequence = reader.ReadInt32();
        var words = reader.ReadText(Message.MaxWordsLength);
        var request = Bodies.ReadId(ref reader);
        var epoch = KeyId.From(reader.ReadExactly(KeyId.Size));
        var chain = Bodies.ReadChain(ref reader);
        reader.End();
        var conversation = _conversations[place];
        _conversations[place] = conversation with { Sent = sequence, AnswerEpoch = epoch, Chain = chain ?? conversation.Chain };
        _answers[Convert.ToHexString(request.Span)] = _items.Count;
        _items.Add(Item(entry, ItemKind.Answer, words) with { Conversation = place });
        _waitingSince = null;
    }

    private void AnswerFetched(Entry entry)
    {
        var reader = Bodies.Read(entry, 2);
        var request = Convert.ToHexString(Bodies.ReadId(ref reader).Span);
        var day = Bodies.ReadDay(ref reader);
        reader.End();
        if (!_answers.TryGetValue(request, out var place)) return;
        // Day 0: nothing was fetched, there was no place for it any more.
        _items[place] = day == 0 ? _items[place] with { IsUndeliverable = true } : _items[place] with { Fetched = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(day * 86_400L).UtcDateTime) };
    }

    private void Seen(Entry entry)
    {
        var reader = Bodies.Read(entry, 1);
        // What was seen was there: nobody marks what is to come.
        _seenThrough = Math.Max(_seenThrough, Math.Min((long)reader.ReadUnsigned(long.MaxValue), entry.Header.Sequence));
        reader.End();
    }

    private void StageChanged(Entry entry)
    {
        var reader = Bodies.Read(entry, 1);
        _stage = (Stage)reader.ReadInt32((int)Stage.InContact, (int)Stage.Refused);
        reader.End();
        _stageSet = ChangeOf(entry);
        if (_stage == Stage.Closed) _waitingSince = null;
    }

    private void ForgettingAsked(Entry entry)
    {
        var reader = Bodies.Read(entry, 3);
        Find(Bodies.ReadId(ref reader), entry);
        Bodies.ReadDay(ref reader);
        _received.Add(Digest.From(reader.ReadExactly(Digest.Size)));
        reader.End();
        _forgettingAsked ??= TimeOf(entry);
    }

    private void Refused(Entry entry) => (_stage, _stageSet, _waitingSince) = (Stage.Refused, ChangeOf(entry), null);

    private int Find(ReadOnlyMemory<byte> id, Entry entry)
    {
        var place = _conversations.FindIndex(conversation => conversation.Id.Span.SequenceEqual(id.Span));
        return place >= 0 ? place : throw new CaseworkException($"Entry {entry.Header.Sequence}: it is of a conversation that is not in this case.");
    }

    private static List<SequenceRange> Still(IReadOnlyList<SequenceRange> missing, int arrived, SequenceRange? more)
    {
        List<SequenceRange> still = [];
        foreach (var range in missing)
        {
            if (arrived < range.From || arrived > range.To)
            {
                still.Add(range);
                continue;
            }
            if (arrived > range.From) still.Add(new SequenceRange(range.From, arrived - 1));
            if (arrived < range.To) still.Add(new SequenceRange(arrived + 1, range.To));
        }
        if (more is { } added) still.Add(added);
        return still;
    }

    private static string ReadWords(Entry entry)
    {
        var reader = Bodies.Read(entry, 1);
        var words = reader.ReadText(Message.MaxWordsLength);
        reader.End();
        return words;
    }

    private LastChange ChangeOf(Entry entry) => new(entry.Header.Sequence, TimeOf(entry), _writer(entry)?.Id);

    private static DateTimeOffset TimeOf(Entry entry) => DateTimeOffset.FromUnixTimeSeconds(entry.Time);

    private static ConversationItem Item(Entry entry, ItemKind kind, string? words) => new(kind, entry.Header.Sequence, TimeOf(entry), entry.Author, words);
}
