using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Understory.App.Tests.Intake;
using Understory.Casework;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// The built Desk, killed while Lidia admits, answers and writes notes in her browser, people go on writing, and it collects.
/// Whatever her browser was told is done is there after the next start, once.
/// </summary>
public sealed partial class KilledDeskProcessTests : IAsyncLifetime
{
    private const int PeopleInARound = 14;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Correspondent> _people = [];
    private readonly List<(byte[] First, byte[] Second)> _letters = [];

    /// <summary>What Lidia sent off, by its words: in which case and as what; and what of it her browser saw done.</summary>
    private readonly ConcurrentDictionary<string, (string Case, string Kind)> _sent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _done = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _admitted = new(StringComparer.Ordinal);

    private readonly Office _office;
    private readonly byte[] _telephone;
    private readonly string _passphrase;
    private RunningIntake _intake = null!;
    private long _usedStep;
    private int _number;

    public KilledDeskProcessTests()
    {
        _office = Office.Found(folder: _folder);
        _telephone = _office.Lidia.TotpSecret.Span.ToArray();
        _passphrase = Encoding.UTF8.GetString(_office.Passphrase.Span);
    }

    /// <summary>Of how many admissions, answers and notes the browser was told that they are done.</summary>
    private int Acknowledged => _admitted.Count + _done.Count;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Rounds => Environment.GetEnvironmentVariable("UNDERSTORY_TEST_ALL") is null ? 2 : 8;

    public async ValueTask InitializeAsync()
    {
        _intake = await RunningIntake.StartAsync(instance: _office.Organisation.InstanceId.ToArray());
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "intake-credential"), Convert.ToHexStringLower(RunningIntake.Credential), Cancel);
        _people.AddRange(_office.Crowd(Rounds * PeopleInARound));
        // Sealed before: while the Desk runs its database is its own.
        foreach (var (person, number) in _people.Select((person, number) => (person, number)))
            _letters.Add((person.Submit(person.Ask(First(number))).ToBytes(), person.Submit(person.Write(Second(number))).ToBytes()));
        _office.Close();
    }

    [Fact]
    public async Task Killed_while_somebody_works_in_a_browser_what_was_acknowledged_is_there_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var theirs = Enumerable.Range(round * PeopleInARound, PeopleInARound).ToList();
            foreach (var number in theirs) await HandInAsync(_letters[number].First);
            using var desk = await StartAsync();
            using var lidia = await SignInAsync(desk.Address);
            await CheckAsync(lidia);
            // Another number in each round, so that each ends in the midst of something else: in the first while requests are
            // still admitted, later while only answers and notes are written.
            await WorkUntilKilledAsync(desk, lidia, theirs, Acknowledged + 12 + 14 * round % 42);
        }

        using (var desk = await StartAsync())
        {
            using var lidia = await SignInAsync(desk.Address);
            await CheckAsync(lidia);
            await FinishAsync(lidia);
            var all = await CheckAsync(lidia);
            all.Where(item => item.Kind == FromPerson).Select(item => item.Words).Order(StringComparer.Ordinal).ShouldBe(
                Enumerable.Range(0, _people.Count).SelectMany(number => (string[])[First(number), Second(number)]).Order(StringComparer.Ordinal));
            await AnswersComeOnceAsync(all);
            (await _intake.ListAsync()).Envelopes.ShouldBeEmpty();
            await desk.KillAsync();
        }
        _done.ShouldNotBeEmpty();
        _office.Reopen();
        _office.Organisation.CheckLog().ShouldBeEmpty();
        _office.Organisation.Inbox.Read(_office.Lidia).Damaged.ShouldBe(0);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Rounds} rounds: {_admitted.Count} admissions, {_done.Count} answers and notes acknowledged, {_sent.Count - _done.Count} cut off");
    }

    public async ValueTask DisposeAsync()
    {
        await _intake.DisposeAsync();
        _people.ForEach(person => person.Dispose());
        _office.Dispose();
        _folder.Dispose();
    }

    private const string FromPerson = "message from-person";
    private const string Answered = "message from-us";
    private const string Noted = "message note";

    private static string First(int number) => $"first words {number:D4}";

    private static string Second(int number) => $"second words {number:D4}";

    private async Task HandInAsync(byte[] letter) => (await _intake.PostAsync(IntakeProtocol.SubmitPath, letter)).Done();

    private Task<StartedProgram> StartAsync() => StartedProgram.StartAsync(
        "desk", _folder.Path, "--intake", _intake.Address.ToString(), "--intake-dir", _intake.Folder, "--collect-seconds", "1", "--client-dir", Product.Client);

    /// <summary>With a code that was not used yet: where all that would be taken now were used, with the next one.</summary>
    private async Task<Browser> SignInAsync(Uri address)
    {
        var browser = new Browser(address);
        for (var tries = 0; ; tries++)
        {
            _usedStep = Math.Max(_usedStep + 1, Totp.StepAt(DateTimeOffset.UtcNow) - Totp.Window);
            while (Totp.StepAt(DateTimeOffset.UtcNow) + Totp.Window < _usedStep) await Task.Delay(100, Cancel);
            var code = Totp.CodeAt(_telephone, _usedStep).ToString("D6", CultureInfo.InvariantCulture);
            var answer = await browser.PostAsync("/sign-in?language=en", ("name", Office.User), ("passphrase", _passphrase), ("code", code), ("then", "/"));
            if (answer.Status == 303) return browser;
            // The half minute may have ended meanwhile.
            tries.ShouldBeLessThan(2, answer.Body);
        }
    }

    /// <summary>Lidia admits in one tab, answers and writes notes in two others; people write once more; in the midst of it the Desk is killed.</summary>
    private async Task WorkUntilKilledAsync(StartedProgram desk, Browser lidia, List<int> theirs, int most)
    {
        var cases = new ConcurrentQueue<string>();
        async Task UntilKilledAsync(Func<Task> work)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                while (!desk.Process.HasExited)
                {
                    Stopwatch.GetElapsedTime(began).ShouldBeLessThan(s_patience);
                    await work();
                    if (Acknowledged >= most && !desk.Process.HasExited) desk.Process.Kill();
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException && Acknowledged >= most)
            {
                // It was killed while it had this request: nothing was acknowledged.
            }
        }

        Task AdmitAsync() => AdmitAllAsync(lidia, cases.Enqueue);

        async Task WriteAsync()
        {
            if (!cases.TryDequeue(out var one))
            {
                await Task.Delay(10, Cancel);
                return;
            }
            cases.Enqueue(one);
            await WriteToAsync(lidia, one, Answered);
            await WriteToAsync(lidia, one, Noted);
        }

        var letters = new Queue<int>(theirs);
        async Task WriteMoreAsync()
        {
            if (letters.TryDequeue(out var number)) await HandInAsync(_letters[number].Second);
            await Task.Delay(30, Cancel);
        }

        await Task.WhenAll(UntilKilledAsync(AdmitAsync), UntilKilledAsync(WriteAsync), UntilKilledAsync(WriteAsync), UntilKilledAsync(WriteMoreAsync));
        foreach (var number in letters) await HandInAsync(_letters[number].Second);
        await desk.Process.WaitForExitAsync(Cancel);
    }

    /// <summary>Everything that waits becomes a case.</summary>
    /// <param name="lidia">Her browser.</param>
    /// <param name="admitted">Gets each case when the browser was told of it.</param>
    /// <returns>How many there were.</returns>
    private async Task<int> AdmitAllAsync(Browser lidia, Action<string> admitted)
    {
        var requests = RequestLink().Matches((await lidia.GetAsync("/")).Body);
        foreach (Match request in requests)
        {
            var answer = await lidia.PostAsync($"/requests/{request.Groups["id"].Value}/admit", ("name", "amber river"));
            answer.Status.ShouldBe(303, answer.Body);
            var one = CaseAddress().Match(answer.Location!).Groups["id"].Value;
            _admitted[one] = true;
            admitted(one);
        }
        return requests.Count;
    }

    private async Task WriteToAsync(Browser lidia, string @case, string kind)
    {
        var words = $"{kind.Split('-', ' ')[^1]} {Interlocked.Increment(ref _number):D5}";
        _sent[words] = (@case, kind);
        var answer = kind == Answered
            ? await lidia.PostAsync($"/cases/{@case}/answer", ("answer", words), ("conversation", "0"))
            : await lidia.PostAsync($"/cases/{@case}/notes", ("note", words));
        answer.Status.ShouldBe(303, answer.Body);
        _done[words] = true;
    }

    /// <summary>Looks at every case and its journal as Lidia does: all that was acknowledged, once, and nothing that nobody wrote.</summary>
    private async Task<List<(string Case, string Kind, string Words)>> CheckAsync(Browser lidia)
    {
        List<(string Case, string Kind, string Words)> all = [];
        var cases = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 1; ; page++)
        {
            var list = (await lidia.GetAsync($"/?stage=all&page={page}")).Body;
            list.ShouldNotContain("damaged or outdated");
            var before = cases.Count;
            cases.UnionWith(CaseLink().Matches(list).Select(link => link.Groups["id"].Value));
            if (cases.Count == before) break;
        }
        foreach (var one in cases)
        {
            foreach (Match item in Item().Matches((await lidia.GetAsync($"/cases/{one}")).Body)) all.Add((one, item.Groups["kind"].Value, item.Groups["words"].Value));
            var journal = (await lidia.GetAsync($"/cases/{one}/journal")).Body;
            journal.ShouldContain("and all are right");
            journal.ShouldNotContain("Something is wrong");
        }
        _admitted.Keys.ShouldBeSubsetOf(cases);
        all.Select(item => item.Words).ShouldBeUnique();
        all.Select(item => item.Words).ShouldBeSubsetOf(_sent.Keys.Concat(Enumerable.Range(0, _people.Count).SelectMany(number => (string[])[First(number), Second(number)])));
        _done.Keys.Select(words => (_sent[words].Case, _sent[words].Kind, words)).ShouldBeSubsetOf(all);
        // Every case begins with what somebody asked.
        cases.ShouldAllBe(one => all.Any(item => item.Case == one && item.Kind == FromPerson && item.Words.StartsWith("first", StringComparison.Ordinal)));
        return all;
    }

    /// <summary>Admits what is left, until everything that people wrote has come.</summary>
    private async Task FinishAsync(Browser lidia)
    {
        var began = Stopwatch.GetTimestamp();
        while ((await _intake.ListAsync()).Envelopes.Count > 0 || await AdmitAllAsync(lidia, _ => { }) > 0)
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(s_patience);
            await Task.Delay(100, Cancel);
        }
    }

    /// <summary>The people fetch from Intake what stands in their cases: all of it, each once, and all of it genuine.</summary>
    private async Task AnswersComeOnceAsync(List<(string Case, string Kind, string Words)> all)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var (person, number) in _people.Select((person, number) => (person, number)))
        {
            var @case = all.Single(item => item.Words == First(number)).Case;
            var written = all.Where(item => item.Case == @case && item.Kind == Answered).Select(item => item.Words).ToList();
            FetchResponse fetched;
            while ((fetched = FetchResponse.Read((await _intake.PostAsync(IntakeProtocol.FetchPath, person.Fetch().ToBytes())).Done())).Answers.Count < written.Count)
            {
                Stopwatch.GetElapsedTime(began).ShouldBeLessThan(s_patience, "the collector takes every answer to Intake");
                await Task.Delay(100, Cancel);
            }
            var received = fetched.Answers.Select(person.Read).ToList();
            received.ShouldAllBe(one => one.Verdict == Verdict.Genuine);
            received.Select(one => one.Message!.Words).ShouldBe(written);
        }
    }

    [GeneratedRegex("href=\"/requests/(?<id>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex RequestLink();

    [GeneratedRegex("<th scope=\"row\"><a href=\"/cases/(?<id>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex CaseLink();

    [GeneratedRegex(@"/cases/(?<id>[0-9a-f]{32})\?done=admitted", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex CaseAddress();

    [GeneratedRegex("<li class=\"(?<kind>message [a-z-]+)\".*?<div class=\"written\"[^>]*>(?<words>[^<]*)</div>", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Item();
}
