using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>
/// The memory of the built Intake, read while it runs, for what people said to it. With scripts nothing of it may ever be there.
/// Without scripts something is; these tests hold how much, and docs/threat-model.md says it.
/// </summary>
public sealed class ResidueTests : IAsyncLifetime
{
    // Copies in any one form, at any of the moments: a little above what was measured, which stands in docs/threat-model.md. A
    // page with the nine words holds them up to three times: to read, and in each form that carries them on.
    private const int MostOfMessages = 0;
    private const int MostOfReceipt = 16;
    private const int MostOfAnswer = 7;
    private const int MostOfRefused = 1;

    /// <summary>Nobody asks anything, and nothing is collected.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(8);

    private readonly TemporaryFolder _folder = new();
    private readonly SimulatedDesk _desk = new();
    private readonly SoughtText _organisation = new("what the organisation is called", 1);
    private StartedProgram _intake = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The memory of another process is read as Linux shows it.");
        _desk.SetUp(_folder.Path, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "organisation"), _organisation.Words, Cancel);
        _intake = await StartedProgram.StartAsync("intake", _folder.Path);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _intake.Address };
    }

    public ValueTask DisposeAsync()
    {
        _http?.Dispose();
        _intake?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task With_scripts_nothing_that_was_said_is_in_memory_and_no_word_of_the_receipt()
    {
        using var memory = new LockedMemory();
        using var receipt = Receipt.Create(WordList.For("uk"), memory);
        using var keys = receipt.DeriveKeys(_desk.InstanceId, memory);
        var (asked, safely, more, answered) = (new SoughtText("first message"), new SoughtText("how to answer", 4), new SoughtText("second message"), new SoughtText("answer"));
        Sought[] secrets = [asked, safely, more, answered, new SoughtReceipt("nine words", Encoding.UTF8.GetString(receipt.Utf8Text))];
        await new PlainVisitor(_http).GetAsync("write");
        foreach (var file in Directory.EnumerateFiles(Product.Client).Select(Path.GetFileName)) (await _http.GetAsync($"/files/{file}", Cancel)).EnsureSuccessStatusCode();

        var recipient = InboxKeyStatement.Verify(await _http.GetByteArrayAsync(IntakeProtocol.InboxKeyPath, Cancel), _desk.InstanceId, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400)).Recipient;
        var chain = ConversationChain.Begin(keys.Conversation);
        var first = new FirstWords { Language = "uk", Words = Encoding.UTF8.GetBytes(asked.Words), Safely = Encoding.UTF8.GetBytes(safely.Words) };
        var bookmark = await SubmitAsync(keys, chain, chain.SealOpening(first, keys, recipient), []);
        await MeasureAsync("asked", secrets, most: _ => 0);

        await _desk.CollectAsync(_http);
        _desk.Collected.Single().Message!.Words.ShouldBe(asked.Words);
        await _desk.PutAsync(_http, _desk.Answer(answered.Words));
        var fetch = new FetchRequest(keys.LookUpId.Span.ToArray(), keys.Bearer.Span.ToArray(), new byte[Envelope.RequestIdSize]);
        var answer = FetchResponse.Read((await RunningIntake.PostAsync(_http, IntakeProtocol.FetchPath, fetch.ToBytes())).Done()).Answers.Single();
        chain.Open(answer.Sealed.Span, keys.Identity).Message!.Words.ShouldBe(answered.Words);
        await MeasureAsync("read", secrets, most: _ => 0);

        await SubmitAsync(keys, chain, chain.SealWords(Encoding.UTF8.GetBytes(more.Words), recipient), bookmark);
        await _desk.CollectAsync(_http);
        _desk.Collected[^1].Message!.Words.ShouldBe(more.Words);
        await MeasureAsync("wrote more", secrets, most: _ => 0);
        await Task.Delay(s_quiet, Cancel);
        await MeasureAsync("later", secrets, most: _ => 0);
        await NoFileHoldsAsync(secrets);
    }

    [Fact]
    public async Task Without_scripts_no_more_is_left_than_is_said_openly()
    {
        var (asked, safely, more, answered) = (new SoughtText("first message"), new SoughtText("how to answer", 4), new SoughtText("second message"), new SoughtText("answer"));
        var olena = new PlainVisitor(_http);
        await olena.GetAsync("write");
        await olena.SendAsync("write", ("words", asked.Words), ("safely", safely.Words));
        var nine = olena.NineWords;
        Sought[] secrets = [asked, safely, more, answered, new SoughtReceipt("nine words", nine)];
        await MeasureAsync("asked", secrets, Most);

        await olena.SendAsync("write/check", ("typed", nine));
        olena.Status.ShouldBe(200);
        await MeasureAsync("typed back", secrets, Most);

        await _desk.CollectAsync(_http);
        await _desk.PutAsync(_http, _desk.Answer(answered.Words));
        await olena.GetAsync("return");
        await olena.SendAsync("return", ("receipt", nine));
        olena.Text.ShouldContain(answered.Words);
        await MeasureAsync("read", secrets, Most);

        await olena.SendAsync("return/write", ("words", more.Words));
        olena.Status.ShouldBe(200);
        await MeasureAsync("wrote more", secrets, Most);
        await Task.Delay(s_quiet, Cancel);
        await MeasureAsync("later", secrets, Most);
        await NoFileHoldsAsync(secrets);

        int Most(Sought secret) => secret is SoughtReceipt ? MostOfReceipt : secret == answered ? MostOfAnswer : MostOfMessages;
    }

    [Fact]
    public async Task Of_forms_that_were_refused_unread_no_more_is_left_than_is_said_openly()
    {
        var (elsewhere, tooLong, otherType, nowhere) = (new SoughtText("of another site"), new SoughtText("too long"), new SoughtText("of another type"), new SoughtText("to no page"));
        Sought[] secrets = [elsewhere, tooLong, otherType, nowhere];
        // Each right after its answer: the next one may come to lie where it lay.
        (await PostAsync("/uk/write", elsewhere.Words, from: "cross-site")).ShouldBe(400);
        await MeasureAsync("refused for where it came from", secrets, _ => MostOfRefused);
        (await PostAsync("/uk/write", $"{tooLong.Words} {new string('a', 200_000)}")).ShouldBe(413);
        await MeasureAsync("refused for its length", secrets, _ => MostOfRefused);
        (await PostAsync("/uk/write", otherType.Words, type: "text/plain")).ShouldBe(400);
        await MeasureAsync("refused for its type", secrets, _ => MostOfRefused);
        (await PostAsync("/uk/wrote", nowhere.Words)).ShouldBe(404);
        await MeasureAsync("refused for its path", secrets, _ => MostOfRefused);
        await Task.Delay(s_quiet, Cancel);
        await MeasureAsync("later", secrets, _ => MostOfRefused);
    }

    private async Task<int> PostAsync(string path, string words, string? from = null, string type = "application/x-www-form-urlencoded")
    {
        // As a form, and as plain text: whatever reads it, it is one of both.
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"request={new string('0', 32)}&words={Uri.EscapeDataString(words[..(words.Length / 2)])}{words[(words.Length / 2)..]}"));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (from is not null) request.Headers.Add("Sec-Fetch-Site", from);
        using var response = await _http.SendAsync(request, Cancel);
        await response.Content.ReadAsByteArrayAsync(Cancel);
        return (int)response.StatusCode;
    }

    private async Task<byte[]> SubmitAsync(ReceiptKeys keys, ConversationChain chain, byte[] sealedBytes, byte[] before)
    {
        var bookmark = chain.SealBookmark(keys);
        var envelope = Envelope.Of(EnvelopeKind.Message, keys.LookUpId.Span, sealedBytes);
        var request = new SubmitRequest(keys.Bearer.Span.ToArray(), before.Length == 0 ? new byte[32] : SHA256.HashData(before), bookmark, envelope);
        (await RunningIntake.PostAsync(_http, IntakeProtocol.SubmitPath, request.ToBytes())).Done();
        return bookmark;
    }

    /// <summary>Reads the memory, says what is there, and holds it against what may be.</summary>
    private async Task MeasureAsync(string moment, IReadOnlyList<Sought> secrets, Func<Sought, int> most)
    {
        var bytes = await MemoryImage.SearchAsync(_intake.Process, [.. secrets, _organisation]);
        TestContext.Current.TestOutputHelper!.WriteLine($"{moment} ({bytes >> 20} MiB read)");
        foreach (var secret in secrets) TestContext.Current.TestOutputHelper!.WriteLine($"  {secret}");
        // What Intake does keep is found: else finding nothing would mean nothing.
        _organisation.Copies("UTF-16").ShouldBeGreaterThan(0);
        foreach (var secret in secrets)
        {
            foreach (var form in Sought.FormNames) secret.Copies(form).ShouldBeLessThanOrEqualTo(form == "base64" ? 0 : most(secret), $"{moment}: {secret}");
        }
    }

    /// <summary>Neither while it runs nor when it was ended without warning.</summary>
    private async Task NoFileHoldsAsync(IReadOnlyList<Sought> secrets)
    {
        Look();
        await _intake.KillAsync();
        Look();

        void Look()
        {
            foreach (var secret in secrets) secret.Forget();
            foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                foreach (var secret in secrets) secret.LookIn(content);
            }
            foreach (var secret in secrets) Sought.FormNames.ShouldAllBe(form => secret.Copies(form) == 0, secret.ToString());
        }
    }
}
