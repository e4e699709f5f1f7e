using Shouldly;
using Understory.Envelopes;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>A person without scripts, from the first page to "forget everything".</summary>
public sealed class PlainPagesTests : IAsyncLifetime
{
    private const string Words = "Мене викликають удруге.\nЩо робити?";

    private readonly SimulatedDesk _desk = new();
    private RunningIntake _intake = null!;
    private PlainVisitor _olena = null!;

    public async ValueTask InitializeAsync()
    {
        _intake = await RunningIntake.StartAsync(desk: _desk);
        _olena = new PlainVisitor(_intake.Http);
    }

    public async ValueTask DisposeAsync()
    {
        _intake.Said.ShouldBeEmpty();
        await _intake.DisposeAsync();
    }

    [Fact]
    public async Task Somebody_asks_keeps_nine_words_reads_writes_more_and_has_it_forgotten()
    {
        await _olena.GetAsync("write");
        await _olena.SendAsync("write", ("words", Words.Replace("\n", "\r\n", StringComparison.Ordinal)), ("safely", "лише ввечері"), ("urgency", "3"));
        _olena.Status.ShouldBe(200);
        var nine = _olena.NineWords;
        nine.Split(' ').Length.ShouldBe(9);
        await _olena.SendAsync("write/check", ("typed", nine.Replace(' ', '\n').ToUpperInvariant()));
        _olena.Status.ShouldBe(200);

        await _desk.CollectAsync(_intake.Http);
        _desk.Collected.Single().Message!.Words.ShouldBe(Words);
        _desk.Openings.Single().ShouldBe(("uk", Urgency.Today, "лише ввечері"));
        await _desk.PutAsync(_intake.Http, _desk.Answer("Ми прочитали. <Не відповідайте їм.>"));

        var later = new PlainVisitor(_intake.Http);
        await ReturnAsync(later, nine);
        later.Text.ShouldContain("Ми прочитали. <Не відповідайте їм.>");
        later.Text.ShouldContain("Ви написали повідомлень: 1. Ми отримали: 1.");
        (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(0, "the page went out; whether it came, nobody knows yet");

        await later.SendAsync("return/write", ("words", "Дякую."));
        later.Status.ShouldBe(200);
        later.Text.ShouldContain("Ви написали повідомлень: 2. Ми отримали: 1.");
        await _desk.CollectAsync(_intake.Http);
        _desk.Collected[^1].ShouldSatisfyAllConditions(
            one => one.Verdict.ShouldBe(Verdict.Genuine), one => one.Message!.Words.ShouldBe("Дякую."), one => one.Message!.Seen.ShouldBe(1));
        (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(1);

        await later.SendAsync("return/forget");
        await later.SendAsync("return/forget");
        later.Status.ShouldBe(200);
        await _desk.CollectAsync(_intake.Http);
        _desk.Forgotten.ShouldBe(1);
        await later.GetAsync("return");
        await later.SendAsync("return", ("receipt", nine));
        later.Status.ShouldBe(400);
        later.Text.ShouldContain("За цими дев’ятьма словами нічого немає.");
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_shows_the_same_and_stores_nothing_twice()
    {
        var nine = await AskAsync();
        await _olena.ReloadAsync();
        _olena.NineWords.ShouldBe(nine);
        var asked = _olena.Sent;
        await _desk.CollectAsync(_intake.Http);
        await _olena.ReloadAsync();
        _olena.NineWords.ShouldBe(nine);

        await ReturnAsync(_olena, nine);
        await _olena.SendAsync("return/write", ("words", "Ще одне."));
        var written = _olena.Sent;
        for (var reload = 0; reload < 3; reload++) (await _olena.ReloadAsync()).Status.ShouldBe(200);
        await _olena.SendAsync("return/write", ("words", "Ще одне."));
        await _desk.CollectAsync(_intake.Http);
        _desk.Collected.Count.ShouldBe(3, "the same words on another page are another message, the same form is not");
        _desk.Collected.ShouldAllBe(one => one.Verdict == Verdict.Genuine);

        await _olena.SendAsync("return/forget");
        await _olena.SendAsync("return/forget");
        await _olena.PostAsync(asked.Path, asked.Fields);
        await _olena.PostAsync(written.Path, written.Fields);
        _olena.Status.ShouldBe(404);
        await _desk.CollectAsync(_intake.Http);
        (_desk.Collected.Count, _desk.Forgotten).ShouldBe((3, 1), "what was forgotten does not come back by a reload");
    }

    [Fact]
    public async Task Other_words_by_the_same_form_are_another_request_and_two_people_get_other_words()
    {
        var nine = await AskAsync();
        var (path, fields) = _olena.Sent;
        await _olena.PostAsync(path, [.. fields.Select(field => field.Name == "words" ? (field.Name, "Інше.") : field)]);
        _olena.NineWords.ShouldNotBe(nine);
        (await AskAsync()).ShouldNotBe(nine);
    }

    [Fact]
    public async Task What_is_wrong_is_said_first_and_what_was_typed_stays()
    {
        await _olena.GetAsync("write");
        await _olena.SendAsync("write", ("words", " \r\n "), ("safely", "лише <ввечері>"), ("urgency", "2"));
        _olena.Status.ShouldBe(400);
        _olena.Html.ShouldContain("<title>Помилка: Написати нам</title>");
        _olena.Html.ShouldContain("id=\"errors\"");
        _olena.Html.ShouldContain("href=\"#words\"");
        _olena.Html.ShouldContain("aria-invalid=\"true\"");
        _olena.Html.ShouldContain("лише &lt;ввечері&gt;</textarea>");
        _olena.Html.ShouldContain("value=\"2\" checked");
        await _olena.SendAsync("write", ("words", new string('a', 60_001)), ("safely", ""));
        _olena.Status.ShouldBe(400);
        _olena.Html.ShouldContain(new string('a', 60_001));
        await _olena.SendAsync("write", ("words", Words), ("safely", new string('я', 1_000)));
        _olena.Status.ShouldBe(400);
        _olena.Html.ShouldContain("id=\"safely-fault\"");
    }

    [Fact]
    public async Task A_slip_in_the_nine_words_is_named_and_the_words_stay_in_sight()
    {
        var nine = await AskAsync();
        var first = nine.Split(' ')[0];
        await _olena.SendAsync("write/check", ("typed", $"{first}щ {nine[(first.Length + 1)..]}"));
        _olena.Status.ShouldBe(400);
        _olena.Text.ShouldContain($"Слово 1 («{first}щ») нам невідоме. Можливо, Ви мали на увазі: {first}");
        _olena.NineWords.ShouldBe(nine);
        await _olena.SendAsync("write/check", ("typed", nine[..nine.LastIndexOf(' ')]));
        _olena.Text.ShouldContain("Зараз їх: 8.");
        await _olena.SendAsync("write/check", ("typed", ""));
        _olena.Text.ShouldContain("Введіть свої дев’ять слів.");
        var others = await AskAsync();
        await _olena.SendAsync("write/check", ("typed", nine));
        _olena.Text.ShouldContain("Це дев’ять слів, але не ті, які Ви отримали тут.");
        _olena.NineWords.ShouldBe(others);
    }

    [Fact]
    public async Task Practice_words_open_nothing_and_nothing_is_stored()
    {
        await _olena.GetAsync("practise");
        var nine = _olena.NineWords;
        await _olena.SendAsync("practise", ("typed", "щось"));
        _olena.Status.ShouldBe(400);
        _olena.NineWords.ShouldBe(nine);
        await _olena.SendAsync("practise", ("typed", nine));
        _olena.Status.ShouldBe(200);
        await _olena.GetAsync("return");
        await _olena.SendAsync("return", ("receipt", nine));
        _olena.Status.ShouldBe(400);
        await _desk.CollectAsync(_intake.Http);
        _desk.Collected.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_withheld_forged_or_handed_over_again_is_shown_as_such()
    {
        var nine = await AskAsync();
        await _desk.CollectAsync(_intake.Http);
        var withheld = _desk.Answer("Перша.");
        await _desk.PutAsync(_intake.Http, _desk.Answer("Друга."));
        await _desk.PutAsync(_intake.Http, _desk.Forgery("Приходьте на станцію."));
        await ReturnAsync(_olena, nine);
        _olena.Text.ShouldContain("Перед цим ми написали ще щось, але до Вас воно не дійшло. Друга.");
        _olena.Text.ShouldContain("Тут з’явилося те, чого ми не писали");
        _olena.Text.ShouldContain("тут їх немає: 1.");
        _olena.Text.ShouldNotContain("станцію");
        await _olena.SendAsync("return");

        await _desk.PutAsync(_intake.Http, withheld);
        await ReturnAsync(_olena, nine);
        _olena.Text.ShouldContain("Ця відповідь запізнилася: ми написали її раніше за те, що Ви вже прочитали. Перша.");
        _olena.Text.ShouldContain("Це Ви вже відкривали. Друга.");
        _olena.Text.ShouldContain("Тут з’явилося те, чого ми не писали");
        _olena.Text.ShouldNotContain("тут їх немає");
    }

    [Fact]
    public async Task More_answers_than_a_page_holds_are_read_on_in_their_order()
    {
        var nine = await AskAsync();
        await _desk.CollectAsync(_intake.Http);
        for (var number = 1; number <= 60; number++) await _desk.PutAsync(_intake.Http, _desk.Answer($"Відповідь номер {number}."));
        await ReturnAsync(_olena, nine);
        _olena.Text.ShouldContain("номер 48.");
        _olena.Text.ShouldNotContain("номер 49.");
        await _olena.SendAsync("return");
        _olena.Text.ShouldContain("номер 49.");
        _olena.Text.ShouldContain("номер 60.");
        _olena.Text.ShouldNotContain("не дійшло");
        (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(48);
        await _olena.SendAsync("return");
        (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(60);
    }

    /// <summary>A line, a proxy or a closed tab between the server and the person: the answer is not theirs yet.</summary>
    [Fact]
    public async Task An_answer_that_never_reached_the_person_stays_new_until_they_do_the_next_thing()
    {
        var nine = await AskAsync();
        await _desk.CollectAsync(_intake.Http);
        await _desk.PutAsync(_intake.Http, _desk.Answer("Перша."));
        for (var visit = 0; visit < 2; visit++)
        {
            await ReturnAsync(_olena, nine);
            _olena.Text.ShouldContain("Відповідь 1 Перша.");
            (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(0);
        }
        await _desk.PutAsync(_intake.Http, _desk.Answer("Друга."));
        await _olena.SendAsync("return");
        _olena.Text.ShouldContain("Це Ви вже відкривали. Перша.");
        _olena.Text.ShouldContain("Відповідь 2 Друга.");
        (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(1, "what came after that page was not on it");

        var (path, fields) = _olena.Sent;
        foreach (var shown in (string[])[new string('0', 32), new string('f', 32)])
            (await _olena.PostAsync(path, [.. fields.Select(field => field.Name == "shown" ? (field.Name, shown) : field)])).Status.ShouldBe(200);
        (await _desk.DeliveredAsync(_intake.Http)).ShouldBe(1, "what no page of ours ended with");
    }

    [Fact]
    public async Task Where_the_bookmark_was_changed_what_was_typed_is_not_sent_and_not_lost()
    {
        var nine = await AskAsync();
        await ReturnAsync(_olena, nine);
        await _intake.StopAsync();
        await using (var store = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_intake.Folder, "intake.sqlite")};Pooling=False"))
        {
            await store.OpenAsync(TestContext.Current.CancellationToken);
            using var command = store.CreateCommand();
            command.CommandText = "UPDATE conversations SET bookmark = randomblob(length(bookmark))";
            (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        }
        using var folder = new TemporaryFolder(_intake.Folder);
        await using var again = await RunningIntake.StartAsync(folder: folder, desk: _desk);
        var later = new PlainVisitor(again.Http);
        var (receipt, request) = (nine, new string('0', 32));
        await later.PostAsync("/uk/return/write", ("receipt", receipt), ("request", request), ("words", "Ще одне."));
        later.Status.ShouldBe(400);
        later.Text.ShouldContain("Нічого не надіслано");
        later.Text.ShouldContain("Хтось змінив");
        await _desk.CollectAsync(again.Http);
        _desk.Collected.Count.ShouldBe(1);
    }

    private static async Task ReturnAsync(PlainVisitor visitor, string nine)
    {
        await visitor.GetAsync("return");
        await visitor.SendAsync("return", ("receipt", nine));
        visitor.Status.ShouldBe(200);
    }

    private async Task<string> AskAsync()
    {
        await _olena.GetAsync("write");
        await _olena.SendAsync("write", ("words", Words), ("safely", ""));
        _olena.Status.ShouldBe(200);
        return _olena.NineWords;
    }
}
