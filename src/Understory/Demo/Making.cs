using System.Net;
using System.Text;
using Understory.Casework;
using Understory.Channels;
using Understory.Desk;
using Understory.Envelopes;
using Understory.Intake;
using Understory.Journal;
using Understory.Sealing;
using Understory.Serve;
using Understory.Terminal;

namespace Understory.Demo;

/// <summary>
/// Makes the demonstration by living through it: an Intake and a Desk with a clock that walks over the last seven weeks,
/// people's devices that talk to Intake, a collector, and somebody who decides and answers. Nothing is written past them.
/// </summary>
internal sealed class Making : IAsyncDisposable
{
    private const string Name = "Open Door";
    private const string User = "Lidia";
    private const string UnfinishedMark = "half-made-demonstration";
    private const int Days = 50;
    private const int KeyringMemory = 2 << 20;

    private readonly Walk _clock;
    private readonly Organisation _organisation;
    private readonly LockedMemory _memory = new(1 << 20);
    private readonly LockedMemory _keys = new(KeyringMemory);
    private readonly List<Play> _plays = [];
    private readonly Secret _passphrase;
    private readonly byte[] _credential;
    private IntakeHost? _intake;
    private Collector? _collector;
    private HttpClient _http = new();
    private readonly UserId _pavlo;
    private Keyring _lidia;
    private HybridRecipient _inbox;
    private int _week;

    private Making(Walk clock, DeskOptions options, Organisation organisation)
    {
        (_clock, _organisation) = (clock, organisation);
        using var founding = organisation.BeginFounding(WordList.For("en"), _keys);
        _passphrase = _memory.Copy(founding.Passphrase.Span);
        _lidia = founding.Complete(Name, User, "en");
        Hire("Marta", Roles.Caseworker | Roles.Triage);
        Hire("Olena", Roles.Reviewer);
        _pavlo = Hire("Pavlo", Roles.Volunteer);
        (_inbox, _week) = (ReadInbox(), Week);
        _credential = ForIntake.Write(organisation, options, out _);
    }

    private int Today => (int)(_clock.Now.ToUnixTimeSeconds() / 86_400);

    // A new inbox key each, as the Desk makes them.
    private int Week => Today / 7;

    /// <summary>Makes it in a folder that is not there yet; whole, or not at all.</summary>
    /// <param name="folder">Where both zones are to have theirs.</param>
    /// <param name="now">When the stories end.</param>
    /// <exception cref="UsageException">Something else has the name under which it is made.</exception>
    public static async Task MakeAsync(Place folder, DateTimeOffset now)
    {
        var beside = folder with { Folder = folder.Folder.TrimEnd('/') + ".new" };
        var mark = Path.Combine(beside.Folder, UnfinishedMark);
        if (Directory.Exists(beside.Folder))
        {
            // Only what an earlier start left half-made: whatever else has this name is somebody's.
            if (!File.Exists(mark)) throw new UsageException($"'{beside.Folder}' is in the way, and was not made by this program: move it elsewhere.");
            Directory.Delete(beside.Folder, recursive: true);
        }
        beside.MakeFolders();
        await File.WriteAllBytesAsync(mark, []);
        await LiveAsync(beside, now);
        File.Delete(mark);
        Directory.Move(beside.Folder, folder.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var play in _plays) play.Person?.Dispose();
        _http.Dispose();
        if (_collector is not null) await _collector.DisposeAsync();
        if (_intake is not null) await _intake.DisposeAsync();
        _lidia.Dispose();
        _memory.Dispose();
        _keys.Dispose();
    }

    private static async Task LiveAsync(Place place, DateTimeOffset now)
    {
        var clock = new Walk { Now = new DateTimeOffset(now.UtcDateTime.Date.AddDays(-Days).AddHours(9), TimeSpan.Zero) };
        var options = new DeskOptions(place.Desk) { Collecting = new CollectingOptions { IntakeDirectory = place.Intake } };
        using var organisation = Casework.Organisation.Open(place.Desk, clock);
        await using var making = new Making(clock, options, organisation);
        await making.ConnectAsync(place.Intake);
        await making.LiveAsync(Story.All(), now);
        making.Describe().Write(place.Desk);
    }

    private async Task ConnectAsync(string folder)
    {
        _intake = await IntakeHost.StartAsync(new IntakeOptions(folder) { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, _clock, _ => { });
        _http = new HttpClient { BaseAddress = _intake.Address };
        _collector = new Collector(_organisation, new IntakeConnection(new IntakeAddress(_intake.Address), _credential), _clock, Timeout.InfiniteTimeSpan);
        await _collector.RoundAsync(CancellationToken.None);
    }

    private async Task LiveAsync(IReadOnlyList<Story> stories, DateTimeOffset now)
    {
        _plays.AddRange(stories.Select(story => new Play(story)));
        var all = _plays.SelectMany(play => play.Story.Happenings.Select(happening => (play, happening, at: TimeOf(happening, now)))).OrderBy(one => one.at);
        foreach (var (play, happening, at) in all)
        {
            _clock.Now = at;
            if (Week != _week) SignInAnew();
            await ActAsync(play, happening);
        }
        _clock.Now = now;
        if (Week != _week) SignInAnew();
        await CollectAsync();
        Share();
    }

    /// <summary>A colleague joins as everybody does, but for calling each other; their keys are in no demonstration's hands.</summary>
    private UserId Hire(string name, Roles roles)
    {
        using var memory = new LockedMemory(1 << 18);
        var printed = _organisation.Staff.Invite(_lidia, name, roles, null);
        using var joining = _organisation.Staff.BeginJoining(printed.Code, WordList.For("en"), memory)!;
        using var keyring = joining.Complete("en");
        _organisation.Staff.Confirm(_lidia, printed.User, keyring.Fingerprint);
        return printed.User;
    }

    /// <summary>One case is open to a lawyer, for a week.</summary>
    private void Share()
    {
        if (_plays.FirstOrDefault(play => play.Case is not null && _organisation.Cases.Find(_lidia, play.Case.Value) is { Stage: Stage.Help }) is { Case: { } shared })
            _organisation.Access.Grant(_lidia, shared, _pavlo, [Compartment.Legal, Compartment.Documents], _organisation.TodayIs + 7);
    }

    private async Task ActAsync(Play play, Happening happening)
    {
        var (story, words) = (play.Story, happening.Words);
        switch (happening.Act)
        {
            case Act.Asks or Act.AsksAgain or Act.IsJunk:
                play.Person?.Dispose();
                play.Person = new Correspondent(story.Language, _organisation.InstanceId, _http, _memory);
                if (happening.Act == Act.IsJunk) await play.Person.SendJunkAsync(_memory);
                else await play.Person.AskAsync(story, words, _inbox);
                break;
            case Act.Writes:
                await play.Person!.WriteAsync(words, _inbox);
                break;
            case Act.IsLost:
                play.Person!.WriteInVain(words, _inbox);
                return;
            case Act.Reads:
                await play.Person!.ReadAsync();
                break;
            case Act.TakesBack:
                await play.Person!.TakeBackAsync(_inbox);
                break;
            case Act.IsForged:
                Forge(play.Person!);
                break;
            default:
                Decide(play, happening);
                break;
        }
        await CollectAsync();
    }

    private async Task CollectAsync()
    {
        await _collector!.RoundAsync(CancellationToken.None);
        _organisation.Inbox.Read(_lidia);
    }

    private void Decide(Play play, Happening happening)
    {
        var (inbox, cases, words) = (_organisation.Inbox, _organisation.Cases, happening.Words);
        switch (happening.Act)
        {
            case Act.Admitted:
                play.Case = inbox.Admit(_lidia, RequestOf(play), play.Story.Name).Id;
                break;
            case Act.Joined:
                inbox.Join(_lidia, RequestOf(play), play.Case!.Value);
                break;
            case Act.Refused:
                inbox.Refuse(_lidia, RequestOf(play), play.Story.Name, words, play.Story.Reason);
                break;
            case Act.Spam:
                inbox.MarkSpam(_lidia, RequestOf(play), inbox.Find(_lidia, RequestOf(play))!.Arrived);
                break;
            case Act.Answered:
                var conversations = cases.Find(_lidia, play.Case!.Value)!.Conversations.Count;
                _organisation.Conversations.Answer(_lidia, play.Case.Value, conversations - 1, words);
                break;
            case Act.Noted:
                _organisation.Conversations.Note(_lidia, play.Case!.Value, words);
                break;
            case Act.Seen:
                cases.MarkSeen(_lidia, play.Case!.Value, cases.Find(_lidia, play.Case.Value)!.Head.Sequence);
                break;
            case Act.Moved:
                cases.ChangeStage(_lidia, play.Case!.Value, happening.Stage!.Value, words);
                break;
            case Act.SafelyNow:
                cases.SetSafeContact(_lidia, play.Case!.Value, words);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows how to do {happening.Act}.");
        }
    }

    // By its look-up id, which the collector saw; what it says is not looked at.
    private ReadOnlyMemory<byte> RequestOf(Play play)
    {
        var before = play.Story.Happenings.Where(happening => happening.Act is Act.Asks or Act.AsksAgain).Select(happening => happening.Words).ToHashSet(StringComparer.Ordinal);
        return _organisation.Inbox.Read(_lidia).Requests.First(request => request.Words is { } words && before.Contains(words)).Request;
    }

    /// <summary>As an Intake in wrong hands would: an envelope under the person's look-up id that the person did not write.</summary>
    private void Forge(Correspondent person)
    {
        using var nobody = new Correspondent("en", _organisation.InstanceId, _http, _memory);
        using var elsewhere = HybridIdentity.Generate(_memory);
        var envelope = Envelope.Of(EnvelopeKind.Message, person.LookUpId, nobody.SealStray((HybridRecipient)elsewhere.ToRecipient()));
        var listed = new Listed(envelope.Kind, envelope.LookUpId.ToArray(), envelope.RequestId.ToArray(), Today, envelope.Sealed.Length, envelope.Hash);
        _organisation.Collection.Keep([(listed, envelope)], _organisation.Collection.Place);
    }

    private void SignInAnew()
    {
        _lidia.Dispose();
        _lidia = _organisation.Unlock(User, _passphrase, _keys)!;
        (_inbox, _week) = (ReadInbox(), Week);
    }

    private HybridRecipient ReadInbox() =>
        _organisation.Collection.OutgoingInboxKey() is { } statement ? InboxKeyStatement.Verify(statement.Span, _organisation.InstanceId, Today).Recipient : _inbox;

    private Demonstration Describe() => new(
        User, Encoding.UTF8.GetString(_passphrase.Span), _lidia.TotpSecret.Span, [.. _plays.Where(play => play.Story.Who is not null).Select(play => (play.Story.Who!, play.Person!.Words))]);

    // Nothing happens later than now, whatever time of day it is.
    private static DateTimeOffset TimeOf(Happening happening, DateTimeOffset now)
    {
        var at = new DateTimeOffset(now.UtcDateTime.Date.AddDays(-happening.DaysAgo) + happening.At, TimeSpan.Zero);
        return at < now ? at : now;
    }

    private sealed class Play(Story story)
    {
        public Story Story { get; } = story;

        public Correspondent? Person { get; set; }

        public CaseId? Case { get; set; }
    }
}

/// <summary>A clock that is put forward by hand.</summary>
internal sealed class Walk : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
