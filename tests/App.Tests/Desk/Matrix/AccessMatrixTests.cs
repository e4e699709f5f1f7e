using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// The access matrix over HTTP: everybody asks every endpoint for every id. Who has not the key gets nothing, in no form, and
/// changes nothing.
/// </summary>
[Collection(MatrixCollection.Name)]
public sealed class AccessMatrixTests(MatrixDesk matrix)
{
    private readonly EndpointTable _table = new(matrix);
    private readonly List<string> _ids = Ids(matrix);

    [Fact]
    public void Every_endpoint_of_the_host_has_its_row_and_every_form_its_proof()
    {
        var mapped = matrix.Desk.Host.Endpoints.Select(one => $"{one.Method()} {one.Pattern()}").Order(StringComparer.Ordinal).ToList();
        mapped.Except(_table.Rows.Select(row => row.Endpoint)).ShouldBeEmpty("a page that nobody thought about: say in EndpointTable who gets what from it");
        _table.Rows.Select(row => row.Endpoint).Order(StringComparer.Ordinal).ShouldBe(mapped);
        _table.Rows.Where(row => row.Method == "POST" && !row.IsForAnyone).ShouldAllBe(row => row.Forms != null && row.Works != null);
        mapped.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task Nobody_gets_a_page_or_a_word_or_a_name_to_which_the_key_is_missing()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        var faults = await Task.WhenAll(matrix.Everybody.Select(async person =>
        {
            List<string> faults = [];
            foreach (var row in _table.Rows.Where(row => row.Method == "GET"))
            {
                foreach (var id in IdsFor(person, row))
                {
                    var reply = await person.AskAsync(matrix.Desk.Address, "GET", row.PathFor(id));
                    Judge(person, row, id, reply, faults);
                    if (row.HasId || row.Pattern is "/templates" or "/staff") foreach (var word in matrix.Planted.Among(reply.Body)) seen.Add(word);
                }
            }
            // What is searched for and asked for beside the path.
            foreach (var path in matrix.Planted.All.Select(each => $"/?stage=all&search={each.Word}").Concat(["/?stage=all", "/?page=2&stage=closed", "/?stage=waiting", "/?search=%25", "/?done=admitted", "/sign-in?then=/cases", "/unlock?then=/cases"]))
            {
                var reply = await person.AskAsync(matrix.Desk.Address, "GET", path);
                // The word stands in the field that it was typed into.
                var text = path.Contains("search=kanarka", StringComparison.Ordinal) ? reply.Text.Replace(path.Split('=')[^1], "", StringComparison.Ordinal) : reply.Text;
                if (matrix.Planted.Leak(person, text) is { } leak) faults.Add($"{person} GET {path}: {leak}");
                if (path.Contains("search=", StringComparison.Ordinal) && !CasesFound(person, path) && reply.Text.Contains("data-row", StringComparison.Ordinal) && !person.IsTriage) faults.Add($"{person} GET {path}: finds a case");
            }
            return faults;
        }));
        faults.SelectMany(each => each).ShouldBeEmpty();
        // And who has the key gets it, or the test would pass on empty pages. What is of kinds to come no page shows yet, nor a draft where nothing can be sent.
        matrix.Planted.All.Where(each => !seen.Contains(each.Word)).Select(each => each.What).Where(what => !what.StartsWith("what stands in", StringComparison.Ordinal)
            && what is not ("a draft in the case that is frozen" or "Olena's draft in a case that was closed to her" or "a note that was written meanwhile")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_sent_without_the_key_changes_nothing_and_says_nothing()
    {
        var faults = new List<string>();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(matrix.Desk.Folder, "desk.sqlite")};Pooling=false;Mode=ReadOnly");
        connection.Open();
        // What lies in their boxes is taken at any request of theirs: now, and not in the midst of what is compared.
        foreach (var person in matrix.Everybody) await person.AskAsync(matrix.Desk.Address, "GET", "/account", []);
        var (version, before) = (Version(), matrix.Dump());
        var sent = 0;
        foreach (var person in matrix.Everybody)
        {
            foreach (var row in _table.Rows.Where(row => row.Method == "POST"))
            {
                foreach (var id in IdsFor(person, row))
                {
                    if (Expected(person, row, id) == 0) continue;
                    // What is no id is refused before the form is looked at.
                    foreach (var form in id.Length is 0 or 32 ? row.Forms! : row.Forms![..1])
                    {
                        var reply = await person.AskAsync(matrix.Desk.Address, "POST", row.PathFor(id), form);
                        sent++;
                        Judge(person, row, id, reply, faults);
                        if (Version() == version) continue;
                        (version, var after) = (Version(), matrix.Dump());
                        foreach (var (table, rows) in after.Where(pair => before[pair.Key] != pair.Value)) faults.Add($"{person} {row.Endpoint} {id}: changed {table}");
                        before = after;
                    }
                }
            }
        }
        faults.ShouldBeEmpty();
        sent.ShouldBeGreaterThan(2_000);
        matrix.Everybody.Where(person => person.Session is not null).ShouldAllBe(person => !person.Session!.IsOver);

        long Version() => connection.ExecuteScalar<long>("PRAGMA data_version");
    }

    [Fact]
    public async Task Whoever_may_does_what_the_form_says()
    {
        foreach (var works in _table.Rows.Where(row => row.Works is not null).Select(row => row.Works!).DistinctBy(works => works.Method)) await works();
    }

    [Fact]
    public void Without_a_key_a_page_is_byte_for_byte_what_it_was_before_there_was_any_case()
    {
        // Readings are there for coordinators. How long the log is, is told to everybody, to be compared; and how the machine does
        // to those who run it, the log with it.
        var pages = matrix.Pages.Where(page => page.Path is not ("/readings" or "/checkpoint") && !(page.Path == "/setup/done" && page.Before.StartsWith("200", StringComparison.Ordinal))).ToList();
        pages.Count.ShouldBeGreaterThan(60);
        pages.Where(page => page.Path == "/" && page.Before.StartsWith("200", StringComparison.Ordinal)).Count().ShouldBeGreaterThan(5);
        foreach (var (person, path, before, after) in pages)
        {
            // What common answers there are is shared by all staff.
            if (path == "/templates" && (person.IsStaff || person == matrix.Bohdan)) continue;
            after.ShouldBe(before, $"{person} {path}");
        }
    }

    private void Judge(Person person, EndpointRow row, string id, Reply reply, List<string> faults)
    {
        var (what, expected) = ($"{person} {row.Endpoint} {id}", Expected(person, row, id));
        if (reply.Status != expected) faults.Add($"{what}: {reply.Status} {reply.Location}, not {expected}");
        if (matrix.Planted.Leak(person, reply.Body) is { } leak) faults.Add($"{what}: {leak}");
        if (matrix.Planted.Leak(person, reply.Headers) is { } header) faults.Add($"{what}: in a header, {header}");
        if (person.Roles == Roles.None && person != matrix.Locked || person.IsIn && !person.IsStaff)
        {
            if (reply.Text.Contains(RunningDesk.Name, StringComparison.Ordinal)) faults.Add($"{what}: the name of Marta");
        }
        if (!row.IsForAnyone && !person.IsIn && row.Pattern is not ("/account" or "/waiting") && reply.Location is { } location && !location.StartsWith(LedTo(person), StringComparison.Ordinal) && !row.Pattern.StartsWith("/account", StringComparison.Ordinal)) faults.Add($"{what}: leads to {location}");
    }

    private string LedTo(Person person) => person == matrix.Yulia ? "/waiting" : person == matrix.Locked ? "/unlock" : "/sign-in";

    /// <summary>What is answered: by the table to who is in, and to everybody else the way to where they sign in.</summary>
    private int Expected(Person person, EndpointRow row, string id)
    {
        // The server itself.
        if (id == "%00") return 400;
        if (row.IsForAnyone || person.IsIn) return row.Status(person, id);
        // Their own account, and how far they are, are theirs before they are confirmed.
        if (person == matrix.Yulia && (row.Pattern.StartsWith("/account", StringComparison.Ordinal) || row.Pattern == "/waiting")) return row.Status(person, id);
        // The page that asks for the passphrase, with what was being sent.
        return person == matrix.Locked && row.Method == "POST" ? 200 : 303;
    }

    private bool CasesFound(Person person, string path) => !path.Contains("kanarka", StringComparison.Ordinal)
        || matrix.Cases.Any(@case => @case.Has(person, Compartment.Work));

    // Whoever is not in is led away before anything is looked for; a few ids show that.
    private IEnumerable<string> IdsFor(Person person, EndpointRow row) => !row.HasId ? [""] : person.IsIn ? _ids : _ids.Where((_, at) => at % 6 == 0);

    /// <summary>Every id of anything, and such as are none.</summary>
    private static List<string> Ids(MatrixDesk matrix)
    {
        var places = matrix.Organisation.Store.Read(matrix.Organisation.Places)!;
        return
        [
            .. matrix.Cases.Select(@case => $"{@case.Id}"), .. matrix.Requests, .. matrix.Everybody.Select(person => $"{person.User}").Distinct(), $"{matrix.Invited}",
            $"{places.Directory}", $"{places.Readings}", $"{matrix.Organisation.Founded.Journal}",
            .. matrix.Desk.Workplace.Sessions.All.Take(2).Select(session => session.Id),
            Convert.ToHexStringLower(matrix.Marta.With(keyring => keyring.RowOf("draft", matrix.Cases[0].Id.ToArray())).ToArray()),
            $"{CaseId.New()}", new string('0', 32), new string('f', 32), $"{matrix.Cases[0].Id}".ToUpperInvariant(), "1", "2", "-1", "x", "'%20OR%201=1", "%00", "..%2f..%2fdesk.sqlite", "passphrase", new string('a', 400),
        ];
    }
}
