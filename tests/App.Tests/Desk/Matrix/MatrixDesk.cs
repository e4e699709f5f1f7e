using System.Buffers.Text;
using System.Text.RegularExpressions;
using Dapper;
using Shouldly;
using Understory.Casework;
using Understory.Desk;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// A Desk of many: every role, on a real port with real sessions, cases of which each may read something else, and a word of its
/// own in everything that can be written. Who knows which word is reckoned here and nowhere asked of the program.
/// </summary>
public sealed partial class MatrixDesk : IAsyncLifetime
{
    private const int ArenaOfOne = 512 * 1024;
    private readonly RunningDesk _desk = new()
    {
        // Two days go by in one afternoon; and of this much locked memory an unprivileged user gets a dozen.
        With = options => options with { SessionMemory = ArenaOfOne, SessionHours = 24 * 60, IdleMinutes = 60 * 24 * 60 },
    };

    private readonly List<Correspondent> _correspondents = [];
    private Office _office = null!;

    internal RunningDesk Desk => _desk;

    internal Planted Planted { get; } = new();

    /// <summary>Whoever set it up: everything but a volunteer.</summary>
    internal Person Marta { get; private set; } = null!;

    /// <summary>A coordinator without triage.</summary>
    internal Person Lidia { get; private set; } = null!;

    /// <summary>A caseworker in triage.</summary>
    internal Person Ihor { get; private set; } = null!;

    /// <summary>A caseworker without; she joined over HTTP.</summary>
    internal Person Olena { get; private set; } = null!;

    /// <summary>A reviewer.</summary>
    internal Person Taras { get; private set; } = null!;

    internal Person Pavlo { get; private set; } = null!;

    internal Person Sofia { get; private set; } = null!;

    internal Person Andriy { get; private set; } = null!;

    /// <summary>Typed the code, and nobody confirmed her.</summary>
    internal Person Yulia { get; private set; } = null!;

    /// <summary>A caseworker who left, with the cookie that he had.</summary>
    internal Person Bohdan { get; private set; } = null!;

    /// <summary>Marta's other browser, which was left alone.</summary>
    internal Person Locked { get; private set; } = null!;

    /// <summary>Nobody, without a cookie.</summary>
    internal Person Stranger { get; } = new("Stranger", Roles.None);

    internal IReadOnlyList<Person> Everybody => [Marta, Lidia, Ihor, Olena, Taras, Pavlo, Sofia, Andriy, Yulia, Bohdan, Locked, Stranger];

    internal List<CaseTruth> Cases { get; } = [];

    /// <summary>Requests that nobody decides about.</summary>
    internal List<string> Requests { get; } = [];

    /// <summary>Whom the open invitation is for.</summary>
    internal UserId Invited { get; private set; }

    internal string InvitationCode { get; private set; } = "";

    /// <summary>What those without triage saw of each page before there was any case, and after there were many, none of them theirs.</summary>
    internal List<(Person Person, string Path, string Before, string After)> Pages { get; } = [];

    internal Organisation Organisation => _desk.Host.Organisation;

    public async ValueTask InitializeAsync()
    {
        await _desk.InitializeAsync();
        _office = Office.Of(_desk);
        Marta = await SignedInAsync();
        Marta.Roles = RoleRules.All & ~Roles.Volunteer;
        Olena = await JoinOverHttpAsync("Olena", Roles.Caseworker);
        Lidia = Hire("Lidia", Roles.Coordinator);
        Ihor = Hire("Ihor", Roles.Caseworker | Roles.Triage);
        Taras = Hire("Taras", Roles.Reviewer);
        Pavlo = Hire("Pavlo", Roles.Volunteer);
        Sofia = Hire("Sofia", Roles.Officer);
        Andriy = Hire("Andriy", Roles.Operator);
        Bohdan = Hire("Bohdan", Roles.Caseworker);
        Yulia = Hire("Yulia", Roles.None);
        Locked = await SignedInAsync();
        Locked.Session!.Lock();
        var blind = new[] { Lidia, Olena, Taras, Pavlo, Sofia, Andriy, Bohdan, Yulia };
        var before = await LookAsync(blind);
        WriteCases();
        var after = await LookAsync(blind);
        foreach (var ((person, path, page), (_, _, then)) in before.Zip(after)) Pages.Add((person, path, page, then));
        Share();
        await LeaveAsync();
        Freeze();
        var printed = Marta.With(keyring => Organisation.Staff.Invite(keyring, Planted.Word("the name of somebody who is invited", person => person.IsCoordinator), Roles.Caseworker, null));
        (Invited, InvitationCode) = (printed.User, printed.Code);
        // What anybody reads is written down once: now.
        foreach (var person in Everybody)
        {
            foreach (var path in Cases.Select(@case => $"/cases/{@case.Id}").Prepend("/")) await person.AskAsync(_desk.Address, "GET", path);
        }
    }

    /// <summary>Somebody asks, and it waits.</summary>
    internal string Ask(string words, string safely = "")
    {
        var person = new Correspondent(_office);
        _correspondents.Add(person);
        var asked = person.Ask(words, Urgency.Today, safely);
        _office.Arrive(asked);
        return Convert.ToHexStringLower(asked.RequestId);
    }

    /// <summary>Somebody asks, and it is a case of whoever admits it.</summary>
    internal CaseId Admit(Person by, string words, string name, string safely = "")
    {
        var request = Convert.FromHexString(Ask(words, safely));
        return by.With(keyring => Organisation.Inbox.Admit(keyring, request, name)).Id;
    }

    /// <summary>Everything that the database holds, table by table.</summary>
    internal SortedDictionary<string, string> Dump() => Organisation.Store.Read(connection =>
    {
        SortedDictionary<string, string> tables = new(StringComparer.Ordinal);
        foreach (var table in connection.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").ToList())
        {
            var rows = connection.Query($"SELECT * FROM {table}").Select(row => string.Join('|', ((IDictionary<string, object?>)row).Values.Select(value => value is byte[] bytes ? Convert.ToHexStringLower(bytes) : $"{value}")));
            tables[table] = string.Join('\n', rows);
        }
        return tables;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var person in Everybody) person?.Dispose();
        foreach (var person in _correspondents) person.Dispose();
        await _desk.DisposeAsync();
        _office?.Dispose();
    }

    private async Task<Person> SignedInAsync() => Of(await _desk.SignedInAsync(), RunningDesk.Name, Roles.None);

    /// <summary>Whoever sits at a browser.</summary>
    private Person Of(Browser browser, string name, Roles roles)
    {
        var cookie = Base64Url.DecodeFromChars(browser.Cookies.GetCookies(_desk.Address)["desk"]!.Value);
        return WithSession(new Person(name, roles) { Cookie = cookie, Session = _desk.Workplace.Sessions.Find(cookie)! });
    }

    private Person WithSession(Person person)
    {
        person.Token = _desk.Workplace.FormToken.For(person.Session!);
        person.User = person.With(keyring => keyring.User);
        return person;
    }

    private string NameOf(string name, bool isEnrolled = true) =>
        $"{name} {Planted.Word($"the name of {name}", person => (isEnrolled ? person.IsStaff : person.IsCoordinator) || person.Name.StartsWith(name, StringComparison.Ordinal))}";

    /// <summary>Invites, joins and confirms somebody, and signs them in; who is to have no role is not confirmed.</summary>
    private Person Hire(string name, Roles roles)
    {
        var full = NameOf(name, roles != Roles.None);
        var printed = Marta.With(keyring => Organisation.Staff.Invite(keyring, full, roles == Roles.None ? Roles.Caseworker : roles, null));
        var arena = new LockedMemory(ArenaOfOne);
        Keyring keyring;
        using (var joining = Organisation.Staff.BeginJoining(printed.Code, WordList.For("en"), arena)!) keyring = joining.Complete("en");
        if (roles != Roles.None) Marta.With(by => Organisation.Staff.Confirm(by, printed.User, keyring.Fingerprint));
        Organisation.Receive(keyring).ShouldBe(0);
        var cookie = SessionCookie.Make();
        return WithSession(new Person(full, roles) { Cookie = cookie, Session = _desk.Workplace.Sessions.Begin(arena, keyring, cookie) });
    }

    private async Task<Person> JoinOverHttpAsync(string name, Roles roles)
    {
        var full = NameOf(name);
        var sheet = (await Marta.AskAsync(_desk.Address, "POST", "/staff/invite", [("name", full), .. roles.Each().Select(role => ("role", role.ToString()))])).Text;
        var browser = _desk.NewBrowser();
        (await browser.PostAsync("/join", ("code", Code().Match(sheet).Groups[1].Value))).Location.ShouldBe("/join/passphrase");
        var words = string.Join(' ', Word().Matches((await browser.GetAsync("/join/passphrase")).Body).Select(match => match.Groups[1].Value));
        (await browser.PostAsync("/join/passphrase")).Location.ShouldBe("/join/repeat");
        (await browser.PostAsync("/join/repeat", ("passphrase", words))).Location.ShouldBe("/join/telephone");
        var secret = RunningDesk.TotpSecretOn((await browser.GetAsync("/join/telephone")).Body);
        (await browser.PostAsync("/join/telephone", ("code", $"{Totp.CodeAt(secret, Totp.StepAt(_desk.Clock.GetUtcNow())):D6}"))).Location.ShouldBe("/waiting");
        var fingerprint = Fingerprint().Match((await browser.GetAsync("/waiting")).Body).Groups[1].Value;
        var person = Of(browser, full, roles);
        (await Marta.AskAsync(_desk.Address, "GET", $"/staff/invitations/{person.User}")).Text.ShouldContain(fingerprint);
        (await Marta.AskAsync(_desk.Address, "POST", $"/staff/invitations/{person.User}/confirm", [("fingerprint", fingerprint)])).Location.ShouldBe("/staff?done=confirmed");
        (await browser.GetAsync("/")).Status.ShouldBe(200);
        return person;
    }

    // All of Marta's and Ihor's: nobody else knows of them yet.
    private void WriteCases()
    {
        foreach (var (label, by) in new[] { ("shared", Marta), ("Ihor's own", Ihor), ("ended", Ihor), ("ended by its day", Ihor), ("closed", Marta), ("frozen", Marta) })
        {
            CaseTruth truth = null!;
            string Plant(string what, Compartment part) => Planted.Word($"{what} of the case that is {label}", person => truth.Has(person, part));
            var (words, safely, name) = (Plant("a message", Compartment.Contact), Plant("how to answer", Compartment.Contact), Plant("the name", Compartment.Work));
            var (answer, note, reason) = (Plant("an answer", Compartment.Contact), Plant("a note", Compartment.Contact), Plant("a reason", Compartment.Contact));
            var draft = Planted.Word($"a draft in the case that is {label}", person => person == by);
            var id = Admit(by, words, name, safely);
            Cases.Add(truth = new CaseTruth(label, id, new() { [by] = [.. Enum.GetValues<Compartment>().Where(part => part != Compartment.Review)] }));
            by.With(keyring =>
            {
                Organisation.Conversations.Answer(keyring, id, 0, answer);
                Organisation.Conversations.Note(keyring, id, note);
                Organisation.Conversations.KeepDraft(keyring, id, draft);
                Organisation.Cases.SetSafeContact(keyring, id, safely);
                Organisation.Cases.ChangeStage(keyring, id, label == "closed" ? Stage.Closed : Stage.Checking, reason);
            });
        }
        for (var i = 0; i < 3; i++) Requests.Add(Ask(Planted.Word("a request", person => person.IsTriage), Planted.Word("how to answer a request", person => person.IsTriage)));
        Marta.With(keyring => Organisation.Conversations.Templates.Store(keyring, [new Template("en", Planted.Word("a common answer", person => person.IsStaff), Planted.Word("words of a common answer", person => person.IsStaff))]));
    }

    private void Share()
    {
        var (today, access) = (Organisation.Today, Organisation.Access);
        Grant(Cases[0], Marta, Olena, null, Compartment.Contact);
        Grant(Cases[0], Marta, Bohdan, null, Compartment.Contact, Compartment.Legal);
        Grant(Cases[0], Marta, Pavlo, today + 30, Compartment.Legal);
        Grant(Cases[0], Marta, Taras, null, Compartment.Review);
        Grant(Cases[5], Marta, Pavlo, today + 30, Compartment.Legal);
        var draft = Planted.Word("Olena's draft", person => person == Olena);
        Olena.With(keyring => Organisation.Conversations.KeepDraft(keyring, Cases[0].Id, draft));
        // She read it, and does not any more: neither what is new nor, here, what was.
        Grant(Cases[2], Ihor, Olena, null, Compartment.Contact);
        Olena.With(keyring => Organisation.Cases.Find(keyring, Cases[2].Id)).ShouldNotBeNull().Items.ShouldNotBeEmpty();
        var kept = Planted.Word("Olena's draft in a case that was closed to her", _ => false);
        Olena.With(keyring => Organisation.Conversations.KeepDraft(keyring, Cases[2].Id, kept));
        Ihor.With(keyring => access.Revoke(keyring, Cases[2].Id, Olena.User));
        Cases[2].Readers.Remove(Olena);
        Ihor.With(keyring => Organisation.Conversations.Note(keyring, Cases[2].Id, Planted.Word("a note after somebody was let out", person => person == Ihor)));
        Grant(Cases[3], Ihor, Pavlo, today + 1, Compartment.Contact);
        Pavlo.With(keyring => Organisation.Cases.Find(keyring, Cases[3].Id)).ShouldNotBeNull().Items.ShouldNotBeEmpty();
        _desk.Clock.Add(TimeSpan.FromDays(2));
        Cases[3].Readers.Remove(Pavlo);
    }

    private void Grant(CaseTruth @case, Person by, Person to, int? until, params Compartment[] parts)
    {
        by.With(keyring => Organisation.Access.Grant(keyring, @case.Id, to.User, parts, until));
        to.With(keyring => Organisation.Receive(keyring)).ShouldBe(0);
        @case.Readers[to] = [Compartment.Work, .. parts];
    }

    private async Task LeaveAsync()
    {
        (await Bohdan.AskAsync(_desk.Address, "GET", $"/cases/{Cases[0].Id}")).Status.ShouldBe(200);
        (await Marta.AskAsync(_desk.Address, "POST", $"/staff/{Bohdan.User}/leave", [])).Location.ShouldBe("/staff?done=left");
        (Bohdan.Roles, Bohdan.Session) = (Roles.None, null);
        Cases[0].Readers.Remove(Bohdan);
    }

    // Most compartments have no kind yet. Entries of kinds to come say their words, and make this one case read-only.
    private void Freeze() => Marta.With(keyring => Organisation.Store.Write(connection =>
    {
        var id = Cases[5].Id;
        foreach (var part in Cases[5].Readers[Marta])
        {
            var word = Planted.Word($"what stands in {part} of the case that is frozen", person => Cases[5].Has(person, part));
            JournalRows.Append(Organisation, connection, keyring.SigningKey, JournalRows.HeadOf(connection, id), keyring.Keychain.Newest(id, part)!, new Kind(900 + (int)part, $"to-come-{part}", part), Bodies.Words(word)).Opened.Dispose();
        }
        var work = keyring.Keychain.Newest(id, Compartment.Work)!;
        var card = Card.Unseal(connection.ExecuteScalar<byte[]>("SELECT card FROM cards WHERE journal = @id", new { id = id.ToArray() })!, work) with { Head = JournalRows.HeadOf(connection, id) };
        connection.Execute("UPDATE cards SET card = @card WHERE journal = @id", new { card = card.Seal(work), id = id.ToArray() });
    }));

    private async Task<List<(Person Person, string Path, string Page)>> LookAsync(IReadOnlyList<Person> people)
    {
        List<(Person, string, string)> pages = [];
        foreach (var person in people)
        {
            foreach (var path in _desk.Host.Endpoints.Where(one => one.Method() == "GET").Select(one => one.Pattern()).Where(path => !path.Contains('{', StringComparison.Ordinal)).SelectMany(path => path == "/" ? ["/", "/?stage=all&search=kanarka", "/?stage=all"] : new[] { path }))
            {
                var reply = await person.AskAsync(_desk.Address, "GET", path);
                pages.Add((person, path, $"{reply.Status} {reply.Location}\n{Time().Replace(FormTokenField().Replace(reply.Text, "value=\"\""), "<time>")}"));
            }
        }
        return pages;
    }

    [GeneratedRegex("id=\"invitation-code\"[^>]*>([A-Z2-9-]+)<")]
    private static partial Regex Code();

    [GeneratedRegex("<li>(\\w+)</li>")]
    private static partial Regex Word();

    [GeneratedRegex("class=\"fingerprint\"[^>]*>([0-9 ]+)<")]
    private static partial Regex Fingerprint();

    [GeneratedRegex("(?<=name=\"form-(token|id)\" )value=\"[^\"]+\"")]
    private static partial Regex FormTokenField();

    [GeneratedRegex("<time[^>]*>[^<]*</time>")]
    private static partial Regex Time();
}

internal static class EndpointNames
{
    public static string Method(this Microsoft.AspNetCore.Routing.RouteEndpoint endpoint) => endpoint.Metadata.OfType<Microsoft.AspNetCore.Routing.HttpMethodMetadata>().Single().HttpMethods.Single();

    public static string Pattern(this Microsoft.AspNetCore.Routing.RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!;
}

/// <summary>One Desk for the tests that go through all of it.</summary>
[CollectionDefinition(Name)]
public sealed class MatrixCollection : ICollectionFixture<MatrixDesk>
{
    public const string Name = "Matrix";
}
