using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>What pages carry and may weigh, what forms are refused, and what is left on the disk.</summary>
public sealed partial class PageRefusalTests : IAsyncLifetime
{
    private const int FirstPageBudget = 60_000;

    private static readonly string[] s_pages = ["", "write", "return", "practise", "nothing-there"];
    private static readonly string[] s_languages = ["ru", "uk", "en"];

    private readonly SimulatedDesk _desk = new();
    private RunningIntake _intake = null!;

    public async ValueTask InitializeAsync() => _intake = await RunningIntake.StartAsync(desk: _desk);

    public async ValueTask DisposeAsync()
    {
        _intake.Said.ShouldBeEmpty();
        await _intake.DisposeAsync();
    }

    [Fact]
    public async Task Every_page_is_strict_in_every_language()
    {
        foreach (var language in s_languages)
        {
            foreach (var path in s_pages)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/{language}/{path}");
                request.Headers.Accept.ParseAdd("text/html");
                var page = await _intake.SendAsync(request);
                var html = Encoding.UTF8.GetString(page.Body);
                page.Status.ShouldBe(path == "nothing-there" ? 404 : 200);
                page.Body.Length.ShouldBeOneOf(8_192, 16_384, 32_768);
                foreach (var header in (string[])["Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff", "Cross-Origin-Opener-Policy: same-origin",
                    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"])
                    page.Headers.ShouldContain(header, customMessage: path);
                page.Headers.ShouldNotContain("Set-Cookie");
                page.Headers.ShouldNotContain("unsafe");
                if (path != "nothing-there") html.ShouldContain($"<html lang=\"{language}\" translate=\"no\">");
                html.ShouldContain("href=\"/leave\"");
                Inline().Matches(html).Select(match => match.Value).ShouldBeEmpty("no inline script or style");
                Addresses().Matches(html).Select(match => match.Groups["address"].Value).ShouldAllBe(address => address.StartsWith('/') || address.StartsWith('#'), path);
                Telling().Matches(Title().Match(html).Value + path).Select(match => match.Value).ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task The_first_page_comes_in_the_browsers_language_and_weighs_little()
    {
        foreach (var (accepted, language) in ((string, string)[])[("uk-UA,uk;q=0.9,en;q=0.5", "uk"), ("ru", "ru"), ("de,fr", "en"), ("*;q=x,,;", "en")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
            var page = await _intake.SendAsync(request);
            var html = Encoding.UTF8.GetString(page.Body);
            html.ShouldContain($"<html lang=\"{language}\" translate=\"no\">");
            page.Headers.ShouldContain("Vary: Accept-Language");
            var wire = page.Body.Length + page.Headers.Length;
            foreach (var file in Files().Matches(html).Select(match => match.Value).Distinct())
            {
                using var part = new HttpRequestMessage(HttpMethod.Get, file);
                part.Headers.AcceptEncoding.ParseAdd("gzip");
                var answer = await _intake.SendAsync(part);
                answer.Status.ShouldBe(200);
                wire += answer.Body.Length + answer.Headers.Length;
            }
            wire.ShouldBeLessThan(FirstPageBudget);
            html.ShouldNotContain("understory.js");
            html.ShouldNotContain("pages.js", customMessage: "what seals is loaded when writing starts");
            TestContext.Current.SendDiagnosticMessage($"first page, {language}: {wire} bytes");
        }
    }

    [Fact]
    public async Task Webassembly_is_allowed_to_one_worker_alone()
    {
        foreach (var file in Directory.EnumerateFiles(Product.Client).Select(Path.GetFileName))
        {
            var answer = await _intake.GetAsync($"/files/{file}");
            answer.Status.ShouldBe(200);
            answer.Headers.Contains("wasm-unsafe-eval", StringComparison.Ordinal).ShouldBe(file == "argon2-wasm.js", file);
            answer.Headers.ShouldContain("Cache-Control: no-store");
        }
        (await _intake.GetAsync("/files/../collector")).Status.ShouldBe(404);
        (await _intake.GetAsync("/files/collector")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Leave_now_leads_away_without_scripts_too()
    {
        var answer = await _intake.GetAsync("/leave");
        answer.Status.ShouldBe(303);
        answer.Headers.ShouldContain("Location: https://www.wikipedia.org/");
        answer.Headers.ShouldContain("Clear-Site-Data:");
        answer.Headers.ShouldContain("Referrer-Policy: no-referrer");
    }

    [Fact]
    public async Task Leave_now_leads_to_a_name_of_any_letters()
    {
        var options = Understory.Intake.IntakeOptions.Read(null, [], [new("data-dir", "x"), new("leave-to", "https://погода.укр/київ")]);
        await using var intake = await RunningIntake.StartAsync(with: own => own with { LeaveTo = options.LeaveTo });
        var answer = await intake.GetAsync("/leave");
        answer.Status.ShouldBe(303);
        answer.Headers.ShouldContain("Location: https://xn--80afd2bbd.xn--j1amh/%D0%BA%D0%B8%D1%97%D0%B2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("words")]
    [InlineData("words=%")]
    [InlineData("words=%4")]
    [InlineData("words=%4g")]
    [InlineData("words=%C3")]
    [InlineData("words=%FF%FE")]
    [InlineData("words=%ED%A0%80")]
    [InlineData("words=a&words=b")]
    [InlineData("words=a&other=b")]
    [InlineData("words=a&&safely=b")]
    [InlineData("words=a&")]
    [InlineData("=a")]
    [InlineData("%77ords=a")]
    [InlineData("words=a&urgency=4&request=00000000000000000000000000000000")]
    [InlineData("words=a&urgency=11&request=00000000000000000000000000000000")]
    [InlineData("words=a")]
    [InlineData("words=a&request=")]
    [InlineData("words=a&request=0000000000000000000000000000000")]
    [InlineData("words=a&request=zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("words=a&request=00000000000000000000000000000000")]
    [InlineData("words=a&request=0000000000000000000000000000000000")]
    public async Task A_form_that_no_page_of_ours_sends_is_refused_with_a_page(string body)
    {
        var answer = await PostAsync("/en/write", Encoding.UTF8.GetBytes(body));
        answer.Status.ShouldBe(400);
        answer.Headers.ShouldContain("text/html");
        Encoding.UTF8.GetString(answer.Body).ShouldContain("This could not be read");
        await _desk.CollectAsync(_intake.Http);
        _desk.Collected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forms_too_long_without_length_or_of_another_type_are_refused()
    {
        (await PostAsync("/en/write", new byte[200_001])).Status.ShouldBe(413);
        (await PostAsync("/en/write", "words=a"u8.ToArray(), "multipart/form-data; boundary=x")).Status.ShouldBe(400);
        (await PostAsync("/en/write", "words=a"u8.ToArray(), "text/plain")).Status.ShouldBe(400);
        (await PostAsync("/en/write?words=a", "words=a"u8.ToArray())).Status.ShouldBe(400);
        using var endless = new StreamContent(new MemoryStream("words=a"u8.ToArray()));
        endless.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/en/write") { Content = endless, Headers = { TransferEncodingChunked = true } };
        (await _intake.SendAsync(chunked)).Status.ShouldBe(400);
        (await PostAsync("/en/return", "receipt=a&shown=00"u8.ToArray())).Status.ShouldBe(400);
        (await PostAsync("/en/write/check", "receipt=nothing&typed=a"u8.ToArray())).Status.ShouldBe(400);
        (await PostAsync("/en/return", [.. "receipt="u8, .. Enumerable.Repeat((byte)'a', 150_000)])).Status.ShouldBe(400);
        (await PostAsync("/en/nothing", "a=b"u8.ToArray())).Status.ShouldBe(404);
        (await _intake.GetAsync("/en/return/forget")).Status.ShouldBe(404);
    }

    /// <summary>Else a page elsewhere could post its own receipt in a visitor's name, and have it shown here as theirs.</summary>
    [Theory]
    [InlineData("cross-site"), InlineData("same-site")]
    public async Task A_form_that_comes_from_another_site_is_refused_and_shows_nothing_of_it(string from)
    {
        foreach (var path in (string[])["/uk/write", "/uk/write/check", "/uk/return"])
        {
            using var content = new ByteArrayContent("receipt=pasta+glove+pronoun&typed=x&words=pasta"u8.ToArray());
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded");
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Sec-Fetch-Site", from } } };
            var answered = await _intake.SendAsync(request);
            answered.Status.ShouldBe(400, path);
            System.Text.Encoding.UTF8.GetString(answered.Body).ShouldNotContain("pasta");
        }
    }

    [Fact]
    public async Task Bent_forms_never_make_a_fault()
    {
        // The same faults in every run: a failure can be repeated.
        var seed = new Random(20261122);
        var id = Hidden().Match((await new PlainVisitor(_intake.Http).GetAsync("write")).Html).Groups["id"].Value;
        var right = Encoding.UTF8.GetBytes($"request={id}&words=%D0%9C%D0%B5%D0%BD%D0%B5&safely=a+b%0D%0Ac&urgency=2");
        for (var round = 0; round < 200; round++)
        {
            var bent = right.ToArray();
            for (var flip = 0; flip <= round % 4; flip++) bent[seed.Next(bent.Length)] = (byte)seed.Next(256);
            if (round % 5 == 0) bent = bent[..seed.Next(1, bent.Length)];
            (await PostAsync("/uk/write", bent)).Status.ShouldBeOneOf(200, 400);
        }
    }

    [Fact]
    public async Task When_there_is_no_room_for_forms_it_is_said_and_nothing_is_read()
    {
        var lanes = new Understory.Intake.Lanes(new(1, 1), new(1, 1), new(1, 1), Plain: new(0, 0)) { PlainShort = new(0, 0) };
        await using var intake = await RunningIntake.StartAsync(lanes: lanes, desk: new SimulatedDesk());
        var olena = await new PlainVisitor(intake.Http, "en").PostAsync("/en/write", ("words", "a"));
        olena.Status.ShouldBe(503);
        olena.Headers.ShouldContain("Retry-After: 30");
        olena.Text.ShouldContain("Nothing will be sent twice.");
    }

    /// <summary>Four slow connections with long forms fill their lane; who returns, reads or deletes is served all the same.</summary>
    [Fact]
    public async Task Who_returns_does_not_wait_behind_long_forms()
    {
        var lanes = new Understory.Intake.Lanes(new(1, 1), new(1, 1), new(1, 1), Plain: new(0, 0));
        await using var intake = await RunningIntake.StartAsync(lanes: lanes, desk: new SimulatedDesk());
        (await new PlainVisitor(intake.Http, "en").PostAsync("/en/write", ("words", new string('a', 9_000)))).Status.ShouldBe(503);
        (await new PlainVisitor(intake.Http, "en").PostAsync("/en/return", ("receipt", "nothing"))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Many_forms_at_once_are_each_served_or_told_to_wait()
    {
        var body = Encoding.UTF8.GetBytes($"receipt={new string('a', 16_000)}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => PostAsync("/en/return", body)));
        answers.ShouldAllBe(answer => answer.Status == 400 || answer.Status == 503 && answer.Headers.Contains("text/html", StringComparison.Ordinal));
        answers.ShouldContain(answer => answer.Status == 400);
        (await PostAsync("/en/return", body)).Status.ShouldBe(400, "what was taken is given back");
    }

    [Fact]
    public async Task After_a_conversation_without_scripts_no_file_holds_a_word_of_it()
    {
        var canaries = Enumerable.Range(0, 4).Select(_ => $"канарка-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}").ToList();
        var olena = new PlainVisitor(_intake.Http);
        await olena.GetAsync("write");
        await olena.SendAsync("write", ("words", canaries[0]), ("safely", canaries[1]));
        var nine = olena.NineWords;
        await _desk.CollectAsync(_intake.Http);
        await _desk.PutAsync(_intake.Http, _desk.Answer(canaries[2]));
        await olena.GetAsync("return");
        await olena.SendAsync("return", ("receipt", nine));
        olena.Text.ShouldContain(canaries[2]);
        await olena.SendAsync("return/write", ("words", canaries[3]));
        HoldsNothing();
        await _intake.StopAsync();
        HoldsNothing();

        void HoldsNothing()
        {
            foreach (var (name, content) in _intake.Files())
            {
                foreach (var form in canaries.Append(nine).SelectMany(Forms)) content.AsSpan().IndexOf(form).ShouldBe(-1, name);
            }
        }
    }

    /// <summary>UTF-8, UTF-16, and what of it is the same in base64 wherever it begins; also as a form carries it.</summary>
    private static IEnumerable<byte[]> Forms(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return utf8;
        yield return Encoding.Unicode.GetBytes(text);
        yield return Encoding.BigEndianUnicode.GetBytes(text);
        yield return Encoding.ASCII.GetBytes(WebUtility.UrlEncode(text));
        for (var skip = 0; skip < 3; skip++)
            yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8[skip..^((utf8.Length - skip) % 3)]));
    }

    private async Task<Answered> PostAsync(string path, byte[] body, string type = "application/x-www-form-urlencoded")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        return await _intake.SendAsync(request);
    }

    [GeneratedRegex("<script(?![^>]* src=)|<style| style=| on[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex("(?:href|src|action)=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Addresses();

    [GeneratedRegex("(?<=\")/files/[^\"]+")]
    private static partial Regex Files();

    [GeneratedRegex("name=\"request\" value=\"(?<id>[0-9a-f]{64})\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();

    [GeneratedRegex("<title>.*?</title>")]
    private static partial Regex Title();

    [GeneratedRegex("asyl|desert|army|war|refus|убеж|дезерт|арм|войн|отказ|притул|дезерт|війн|відмов", RegexOptions.IgnoreCase)]
    private static partial Regex Telling();
}
