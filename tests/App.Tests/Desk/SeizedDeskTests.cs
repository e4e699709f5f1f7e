using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.App.Tests.Intake;
using Understory.Casework;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>What somebody finds who takes the disk of a Desk that was stopped.</summary>
public sealed class SeizedDeskTests
{
    private static string[] Tables => ["instance", "keyrings", "chains", "segments", "arrivals", "conversations", "entries", "log", "cards", "rows", "outbox", "fetched", "discarded", "inbox_keys", "collector"];

    [Fact]
    public void No_name_and_no_word_of_anybodys_and_no_time_of_day()
    {
        var calendar = new Calendar();
        var canary = $"canary-{Guid.NewGuid():N} канарка-{Guid.NewGuid():N}";
        using var office = Office.Found(calendar, user: canary);
        using var marta = office.Somebody();
        var asked = marta.Ask(canary, safely: canary);
        office.Arrive(asked);
        var id = office.Organisation.Inbox.Admit(office.Lidia, asked.RequestId.ToArray(), canary).Id;
        office.Organisation.Conversations.Answer(office.Lidia, id, 0, canary);
        office.Organisation.Conversations.Note(office.Lidia, id, canary);
        office.Organisation.Conversations.KeepDraft(office.Lidia, id, canary);
        office.Organisation.Conversations.Templates.Store(office.Lidia, [new Template("en", canary, canary)]);
        office.Organisation.Cases.SetSafeContact(office.Lidia, id, canary);
        office.Organisation.Cases.ChangeStage(office.Lidia, id, Stage.Checking, canary);
        office.Organisation.Collection.KeepFetched([(office.Organisation.Collection.Outgoing(1)[0].RequestId.ToArray(), calendar.Today)], office.Organisation.Collection.Place);
        using var pavlo = office.Somebody();
        var refused = pavlo.Ask(canary);
        office.Arrive(refused, marta.Write(canary), marta.Forget());
        office.Organisation.Inbox.Refuse(office.Lidia, refused.RequestId.ToArray(), canary, canary, canary);
        HoldsNothing(office, canary, calendar);
        office.Close();
        HoldsNothing(office, canary, calendar);
        Numbers(office).ShouldAllBe(number => number <= calendar.Today || number < 600_000, "days, weeks, lengths and counts; no seconds since any year");
    }

    private static void HoldsNothing(Office office, string canary, Calendar calendar)
    {
        var seconds = calendar.Now.ToUnixTimeSeconds();
        var (long64, short32) = (new byte[8], new byte[4]);
        BinaryPrimitives.WriteInt64BigEndian(long64, seconds);
        BinaryPrimitives.WriteInt32BigEndian(short32, (int)seconds);
        foreach (var file in Directory.EnumerateFiles(office.Folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetFileName(file);
            if (name == "lock") continue;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            foreach (var text in (string[])[.. canary.Split(' '), "11:47", "2026-05-04"])
            {
                foreach (var form in Canary.Forms(text)) content.AsSpan().IndexOf(form).ShouldBe(-1, $"'{text}' in {name}");
            }
            content.AsSpan().IndexOf(long64).ShouldBe(-1, name);
            content.AsSpan().IndexOf(short32).ShouldBe(-1, name);
        }
    }

    private static List<long> Numbers(Office office)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(office.Folder, "desk.sqlite")};Pooling=false");
        connection.Open();
        var numbers = new List<long>();
        foreach (var table in Tables)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                numbers.AddRange(Enumerable.Range(0, reader.FieldCount).Where(field => reader.GetValue(field) is long).Select(reader.GetInt64));
        }
        numbers.Count.ShouldBeGreaterThan(40);
        return numbers;
    }
}
