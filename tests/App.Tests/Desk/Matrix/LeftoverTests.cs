using System.Text;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>What is left where somebody was, or runs beside the pages: cookies, tokens, the stream of events, files, what the Desk says.</summary>
[Collection(MatrixCollection.Name)]
public sealed class LeftoverTests(MatrixDesk matrix)
{
    [Fact]
    public async Task The_cookie_of_who_left_and_of_a_session_that_is_locked_or_over_open_nothing()
    {
        foreach (var (person, led) in new[] { (matrix.Bohdan, "/sign-in"), (matrix.Locked, "/unlock"), (matrix.Stranger, "/sign-in") })
        {
            foreach (var @case in matrix.Cases)
            {
                var reply = await person.AskAsync(matrix.Desk.Address, "GET", $"/cases/{@case.Id}");
                (reply.Status, reply.Body.Length).ShouldBe((303, 0), $"{person}");
                reply.Location!.ShouldStartWith(led);
            }
        }
        // Left in the meantime, and still in the memory of a program of theirs: refused by the directory.
        matrix.Desk.Workplace.Sessions.Find(matrix.Bohdan.Cookie).ShouldBeNull();
    }

    [Fact]
    public async Task The_token_of_another_session_sends_nothing()
    {
        var before = matrix.Dump();
        var own = matrix.Marta.Token;
        try
        {
            foreach (var other in new[] { matrix.Ihor.Token, matrix.Locked.Token, matrix.Bohdan.Token, "", "x", own[..^1], own + "A" })
            {
                matrix.Marta.Token = other;
                foreach (var path in new[] { $"/cases/{matrix.Cases[0].Id}/notes", "/templates", "/staff/invite", $"/staff/{matrix.Pavlo.User}/leave", "/sign-out", "/account/language" })
                {
                    (await matrix.Marta.AskAsync(matrix.Desk.Address, "POST", path, [("note", "Hello."), ("language", "uk"), ("name", "Ghost"), ("role", "Caseworker")])).Status.ShouldBe(403, path);
                }
            }
        }
        finally
        {
            matrix.Marta.Token = own;
        }
        matrix.Dump().ShouldBe(before);
    }

    [Fact]
    public async Task Events_say_to_everybody_alike_that_something_changed_and_nothing_else()
    {
        List<(Person Person, Stream Stream)> open = [];
        try
        {
            foreach (var person in matrix.Everybody.Where(person => person.Session is { IsLocked: false })) open.Add((person, await ListenAsync(person.Session!.Ticket)));
            foreach (var (_, stream) in open) (await ReadAsync(stream, ": open\n\n".Length)).ShouldBe(": open\n\n");
            var word = matrix.Planted.Word("a note that was written meanwhile", person => matrix.Cases[1].Has(person, Compartment.Contact));
            matrix.Ihor.With(keyring => matrix.Organisation.Conversations.Note(keyring, matrix.Cases[1].Id, word));
            foreach (var (person, stream) in open) (await ReadAsync(stream, "event: changed\ndata:\n\n".Length)).ShouldBe("event: changed\ndata:\n\n", $"{person}");
            // Of a session that is locked or nobody's, not even that.
            foreach (var ticket in new[] { matrix.Locked.Session!.Ticket, "", new string('0', 32) })
            {
                using var none = await ListenAsync(ticket);
                none.ReadByte().ShouldBe(-1);
            }
        }
        finally
        {
            foreach (var (_, stream) in open) await stream.DisposeAsync();
        }
    }

    [Fact]
    public void Neither_the_files_nor_what_the_desk_says_hold_a_word_or_a_name()
    {
        foreach (var file in Directory.EnumerateFiles(matrix.Desk.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            Holds(content, Path.GetFileName(file));
            matrix.Planted.Leak(matrix.Stranger, Path.GetFileName(file)).ShouldBeNull();
        }
        Holds(Encoding.UTF8.GetBytes(string.Join('\n', matrix.Desk.Said)), "what the Desk says");
        foreach (var id in matrix.Cases.Select(@case => $"{@case.Id}")) string.Join('\n', matrix.Desk.Said).ShouldNotContain(id);

        void Holds(byte[] content, string where)
        {
            matrix.Planted.Leak(matrix.Stranger, content).ShouldBeNull(where);
            foreach (var name in new[] { RunningDesk.Name, "Olena", "Bohdan", matrix.InvitationCode, matrix.InvitationCode.Replace("-", "", StringComparison.Ordinal) })
            {
                foreach (var form in Canary.Forms(name)) content.AsSpan().IndexOf(form).ShouldBe(-1, $"{name} in {where}");
            }
        }
    }

    private async Task<Stream> ListenAsync(string ticket)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(matrix.Desk.Address, "/events"));
        request.Headers.Add("X-Listen", ticket);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.Content.ReadAsStreamAsync();
    }

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var read = new byte[length];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await stream.ReadExactlyAsync(read, late.Token);
        return Encoding.UTF8.GetString(read);
    }
}
