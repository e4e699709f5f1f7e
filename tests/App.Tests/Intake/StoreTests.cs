using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Envelopes;
using Understory.Intake;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>The store over days, restarts and releases.</summary>
public class StoreTests
{
    [Fact]
    public async Task What_is_old_leaves_and_what_is_used_stays()
    {
        var calendar = new Calendar();
        await using var intake = await RunningIntake.StartAsync(calendar, with: options => options with { RetentionDays = 30, ReadDays = 5 });
        var (olena, taras) = (new Person(), new Person());
        (await intake.SubmitAsync(olena)).Done();
        (await intake.SubmitAsync(taras)).Done();
        var (read, unread) = (olena.Answer(), olena.Answer());
        (await intake.PutAsync(read)).Done();
        (await intake.PutAsync(unread)).Done();
        (await intake.PostAsync(IntakeProtocol.AcknowledgePath, olena.Acknowledge(read.RequestId.ToArray()).ToBytes())).Done();
        async Task<List<string>> Answers() => [.. FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch().ToBytes())).Done())
            .Answers.Select(answer => Convert.ToHexString(answer.RequestId))];

        await PassAsync(4);
        (await Answers()).Count.ShouldBe(2);
        await PassAsync(1);
        (await Answers()).ShouldBe([Convert.ToHexString(unread.RequestId)]);
        await PassAsync(15);
        (await intake.SubmitAsync(olena)).Done();
        await PassAsync(10);
        (await Answers()).ShouldBeEmpty();
        (await intake.PostAsync(IntakeProtocol.FetchPath, taras.Fetch().ToBytes())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        (await intake.ListAsync()).Envelopes.ShouldHaveSingleItem().LookUpId.ToArray().ShouldBe(olena.LookUpId);

        async Task PassAsync(int days)
        {
            calendar.Now = calendar.Now.AddDays(days);
            await intake.Store.TidyAsync();
        }
    }

    [Fact]
    public async Task A_clock_that_jumps_deletes_nothing()
    {
        var calendar = new Calendar();
        await using var intake = await RunningIntake.StartAsync(calendar);
        (await intake.SubmitAsync(new Person())).Done();
        foreach (var days in (int[])[4_000, -9_000, 5_000])
        {
            calendar.Now = calendar.Now.AddDays(days);
            await intake.Store.TidyAsync();
            (await intake.ListAsync()).Envelopes.Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task It_goes_on_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var olena = new Person();
        Listing before;
        await using (var intake = await RunningIntake.StartAsync(folder: folder))
        {
            (await intake.SubmitAsync(olena)).Done();
            before = await intake.ListAsync();
        }
        await using var again = await RunningIntake.StartAsync(folder: folder);
        var after = await again.ListAsync(before.Next, store: before.Store.ToArray());
        (after.Next, after.Envelopes.Count).ShouldBe((before.Next, 0));
        (await again.SubmitAsync(olena)).Done();
        (await again.ListAsync(before.Next)).Next.ShouldBeGreaterThan(before.Next);
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        await using (var intake = await RunningIntake.StartAsync(folder: folder))
        {
            (await Should.ThrowAsync<StoreException>(() => RunningIntake.StartAsync(folder: folder))).Message.ShouldContain("in use by another Intake");
        }
        var path = Path.Combine(folder.Path, "intake.sqlite");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }
        (await Should.ThrowAsync<StoreException>(() => RunningIntake.StartAsync(folder: folder))).Message.ShouldContain("newer Understory");
        await File.WriteAllTextAsync(path, new string('x', 10_000), TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<StoreException>(() => RunningIntake.StartAsync(folder: folder))).Message.ShouldContain("damaged");
    }

    [Fact]
    public void Migrations_are_numbered_without_a_gap() =>
        typeof(IntakeOptions).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => name[..4]).ShouldBe(Enumerable.Range(1, StoreFile.Migrations.Count).Select(number => number.ToString("0000")));

    [Theory]
    [InlineData("data-dir = here\nlisten = 127.0.0.1:1 # remark\n\nread-days = 3", null)]
    [InlineData("data-dir = here\nlissten = 127.0.0.1:1", "'lissten' is not known (line 2 of the configuration).")]
    [InlineData("data-dir = here\nread-days = 3\nread-days = 4", "'read-days' is said twice (line 3 of the configuration).")]
    [InlineData("data-dir = here\nread-days = many", "'many' is not a number from 1 to 365 (line 2 of the configuration).")]
    [InlineData("data-dir = here\nlisten = 8443", "'8443' is not an address and a port, as 127.0.0.1:8443 (line 2 of the configuration).")]
    [InlineData("data-dir", "'data-dir' has no value (line 1 of the configuration): write `name = value`.")]
    public void A_configuration_says_where_it_is_wrong(string file, string? sentence)
    {
        if (sentence is null) IntakeOptions.Read(file, [new("UNDERSTORY_INTAKE_READ_DAYS", "9")], []).ReadDays.ShouldBe(9);
        else Should.Throw<FormatException>(() => IntakeOptions.Read(file, [], [])).Message.ShouldBe(sentence);
        Should.Throw<FormatException>(() => IntakeOptions.Read(file, [new("UNDERSTORY_INTAKE_QOUTA", "1")], []));
    }
}
