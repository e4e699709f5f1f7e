using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>What somebody finds who takes Intake's disk.</summary>
public class SeizedTests
{
    private const string UserAgent = "Mozilla/5.0 (Android 13; Mobile; rv:140.0) Invented/140.0";

    [Fact]
    public async Task Neither_words_nor_address_nor_time_of_day_nor_browser()
    {
        var calendar = new Calendar();
        await using var intake = await RunningIntake.StartAsync(calendar);
        intake.Http.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
        intake.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.77");
        intake.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("uk-UA");
        var words = $"canary-{Guid.NewGuid():N} канарка-{Guid.NewGuid():N}";
        var people = Enumerable.Range(0, 20).Select(_ => new Person()).ToList();
        foreach (var person in people)
        {
            (await intake.SubmitAsync(person, person.Submit(words).ToBytes())).Done();
            var answer = person.Answer(words);
            (await intake.PutAsync(answer)).Done();
            (await intake.PostAsync(IntakeProtocol.AcknowledgePath, person.Acknowledge(answer.RequestId.ToArray()).ToBytes())).Done();
        }
        await intake.Store.TidyAsync();
        HoldsNothing(intake, words);
        await intake.StopAsync();
        HoldsNothing(intake, words);
        Numbers(intake).ShouldAllBe(number => number <= calendar.Today || number < 600_000, "days, lengths and counts; no seconds since any year");
    }

    [Fact]
    public async Task Where_something_lies_in_the_file_tells_nothing_of_when_it_came_once_the_day_is_over()
    {
        var calendar = new Calendar();
        await using var intake = await RunningIntake.StartAsync(calendar);
        var requests = Enumerable.Range(0, 200).Select(_ => new Person().Submit()).ToList();
        foreach (var request in requests) (await intake.PostAsync(IntakeProtocol.SubmitPath, request.ToBytes())).Done();
        calendar.Now = calendar.Now.AddDays(1);
        await intake.Store.TidyAsync();
        await intake.StopAsync();
        var file = intake.Files().Single(file => file.Name.EndsWith(".sqlite", StringComparison.Ordinal)).Content;
        var places = requests.Select(request => file.AsSpan().IndexOf(request.Envelope.Sealed.Span[^64..])).ToList();
        places.ShouldAllBe(place => place > 0);
        var ascending = places.Zip(places.Skip(1)).Count(pair => pair.First < pair.Second);
        // Half of the neighbours, as chance has it; in the order of arrival it would be nearly all.
        ascending.ShouldBeInRange(60, 140);
        var byKey = requests.Zip(places).OrderBy(pair => Convert.ToHexString(pair.First.Envelope.RequestId), StringComparer.Ordinal).Select(pair => pair.Second).ToList();
        byKey.Zip(byKey.Skip(1)).Count(pair => pair.First < pair.Second).ShouldBeGreaterThan(150, "the file is in the order of its random keys");
    }

    private static void HoldsNothing(RunningIntake intake, string words)
    {
        string[] texts = [.. words.Split(' '), UserAgent, "Mozilla", "127.0.0.1", "203.0.113.77", "uk-UA", "11:47", "2026-05-04"];
        foreach (var (name, content) in intake.Files())
        {
            foreach (var text in texts)
            {
                foreach (var form in Canary.Forms(text)) content.AsSpan().IndexOf(form).ShouldBe(-1, $"'{text}' in {name}");
            }
        }
    }

    private static List<long> Numbers(RunningIntake intake)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(intake.Folder, "intake.sqlite")};Pooling=false");
        connection.Open();
        var numbers = new List<long>();
        foreach (var table in (string[])["store", "conversations", "waiting", "answers", "deliveries", "requests"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                numbers.AddRange(Enumerable.Range(0, reader.FieldCount).Where(field => reader.GetValue(field) is long).Select(reader.GetInt64));
        }
        numbers.Count.ShouldBeGreaterThan(60);
        return numbers;
    }
}
