using System.Net;
using Shouldly;
using Understory.App.Tests.Intake;
using Understory.Casework;
using Understory.Desk;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Serve;

/// <summary>The demonstration is a real organisation, only of invented people.</summary>
public sealed class DemonstrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LockedMemory _memory = new(4 << 20);

    [Fact]
    public async Task It_starts_says_how_to_get_in_holds_forty_conversations_and_its_receipts_open()
    {
        var data = Path.Combine(_folder.Path, "demo");
        Demonstration demonstration;
        await using (var served = await Served.StartAsync(data, ["--demo"]))
        {
            demonstration = Demonstration.Read(Path.Combine(data, "desk"));
            served.Screen.ShouldContain($"Passphrase        {demonstration.Passphrase}");
            demonstration.Receipts.Count.ShouldBeGreaterThanOrEqualTo(2);
            foreach (var (_, words) in demonstration.Receipts) served.Screen.ShouldContain(words);

            using var http = new HttpClient();
            var page = WebUtility.HtmlDecode(await http.GetStringAsync(new Uri(served.Desk, "/sign-in"), TestContext.Current.CancellationToken));
            page.ShouldContain("Everybody and everything here is invented");
            page.ShouldContain(demonstration.Passphrase);
            page.ShouldMatch(@">\d{6}<");

            var statement = await http.GetByteArrayAsync(new Uri(served.Intake, IntakeProtocol.InboxKeyPath), TestContext.Current.CancellationToken);
            var instance = Convert.FromHexString((await File.ReadAllTextAsync(Path.Combine(data, "intake", "instance"), TestContext.Current.CancellationToken)).Trim());
            InboxKeyStatement.Verify(statement, instance, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400));
            foreach (var (whose, words) in demonstration.Receipts) (await AnswersAsync(served, words, instance)).ShouldBeGreaterThan(0, whose);
            (await served.StopAsync()).ShouldBe(0);
        }

        using var organisation = Organisation.Open(Path.Combine(data, "desk"), TimeProvider.System);
        using var passphrase = Passphrase.Read(demonstration.Passphrase, _memory)!;
        using var lidia = organisation.Unlock(demonstration.UserName, passphrase, _memory)!;
        var inbox = organisation.Inbox.Read(lidia);
        inbox.Damaged.ShouldBe(0);
        inbox.Requests.Count.ShouldBe(8);
        inbox.Requests.Count(request => request.Fault is not null).ShouldBe(1, "one cannot be opened");
        inbox.Requests.Count(request => request.WantsForgetting).ShouldBe(1, "one was taken back");
        var cases = inbox.Cases.Select(card => organisation.Cases.Find(lidia, card.Id)!).ToList();
        // Two more were junk and thrown away.
        (inbox.Requests.Count + cases.Sum(@case => @case.Conversations.Count) + 2 - 1).ShouldBe(40);
        cases.ShouldAllBe(@case => @case.Faults.Count == 0);
        cases.Select(@case => @case.Stage).Distinct().Count().ShouldBe(7, "every stage is there");
        cases.Select(@case => @case.Language).Distinct().Order().ShouldBe(["en", "ru", "uk"]);
        cases.ShouldContain(@case => @case.Conversations.Count == 2, "somebody lost a receipt");
        cases.ShouldContain(@case => @case.Items.Any(item => item.Verdict == Verdict.Tampered));
        cases.ShouldContain(@case => @case.Items.Any(item => item.Missing != null));
        cases.ShouldContain(@case => @case.ForgettingAsked != null);
        cases.ShouldContain(@case => @case.Unread > 0);
        cases.Max(@case => @case.Items.Count).ShouldBeGreaterThan(20, "one is long");
    }

    [Fact]
    public async Task It_deletes_nothing_that_it_did_not_make()
    {
        var letter = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "demo.new")).FullName, "letter.txt");
        await File.WriteAllTextAsync(letter, "From Olena.", TestContext.Current.CancellationToken);
        var result = await Product.ShellAsync("understory serve --demo --data-dir demo --intake-listen 127.0.0.1:0 --desk-listen 127.0.0.2:0", _folder.Path, TestContext.Current.CancellationToken);
        result.Status.ShouldNotBe(0);
        result.Error.ShouldContain("was not made by this program");
        File.Exists(letter).ShouldBeTrue();
        Directory.Exists(Path.Combine(_folder.Path, "demo")).ShouldBeFalse();
    }

    [Fact]
    public void It_talks_to_no_Intake_elsewhere()
    {
        new Demonstration("Lidia", "seven words", new byte[20], []).Write(_folder.Path);
        var options = new KeyValuePair<string, string>[] { new("data-dir", _folder.Path), new("intake", "https://help.example.org"), new("intake-certificate-key", new string('a', 64)) };
        Should.Throw<FormatException>(() => DeskOptions.Read(null, [], options)).Message.ShouldContain("only to an Intake on this machine");
    }

    public void Dispose()
    {
        _memory.Dispose();
        _folder.Dispose();
    }

    private async Task<int> AnswersAsync(Served served, string words, byte[] instance)
    {
        var reading = Receipt.Read(words, null, _memory);
        using var keys = reading.Receipt!.DeriveKeys(instance, _memory);
        reading.Receipt.Dispose();
        using var http = new HttpClient { BaseAddress = served.Intake };
        var request = new FetchRequest(keys.LookUpId.Span.ToArray(), keys.Bearer.Span.ToArray(), new byte[Envelope.RequestIdSize]);
        var fetched = FetchResponse.Read((await RunningIntake.PostAsync(http, IntakeProtocol.FetchPath, request.ToBytes())).Done());
        var chain = ConversationChain.OpenBookmark(fetched.Bookmark.Span, keys);
        return fetched.Answers.Count(answer => chain.Open(answer.Sealed.Span, keys.Identity).Message is not null);
    }
}
