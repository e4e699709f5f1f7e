using Shouldly;
using Understory.Casework;
using Understory.Journal;

namespace Understory.App.Tests.Desk;

/// <summary>What somebody gets from one endpoint.</summary>
/// <param name="Endpoint">Method and pattern, as the host has it.</param>
/// <param name="Status">
/// What is answered to somebody who asks with an id (empty where the pattern has none). 0: they may, and it changes something: that
/// is for <paramref name="Works"/>.
/// </param>
/// <param name="Forms">For a POST: what is sent.</param>
/// <param name="Works">For a POST: that it does what it should for who may; or where that is shown.</param>
internal sealed record EndpointRow(string Endpoint, Func<Person, string, int> Status, (string, string)[][]? Forms = null, Func<Task>? Works = null)
{
    /// <summary>Whether it asks who one is.</summary>
    public bool IsForAnyone { get; init; }

    public string Method => Endpoint.Split(' ')[0];

    public string Pattern => Endpoint.Split(' ')[1];

    public bool HasId => Pattern.Contains('{', StringComparison.Ordinal);

    public string PathFor(string id) => HasId ? Pattern[..Pattern.IndexOf('{', StringComparison.Ordinal)] + id + Pattern[(Pattern.IndexOf('}', StringComparison.Ordinal) + 1)..] : Pattern;
}

/// <summary>Every endpoint with who gets what: the access matrix. What is not in it is a page that nobody thought about.</summary>
internal sealed class EndpointTable(MatrixDesk matrix)
{
    private const int See = 303;
    private const int Gone = 404;
    private const int Refused = 409;
    private const int May = 0;
    private static readonly (string, string)[] s_allParts = [.. Enum.GetValues<Compartment>().Where(part => part is not (Compartment.Review or Compartment.Work)).Select(part => ("part", part.ToString()))];

    /// <summary>The pages that say the same to everybody who is signed in and confirmed.</summary>
    private static EndpointRow Same(string endpoint) => new(endpoint, (_, _) => 200);

    private static EndpointRow Anyone(string endpoint, int status, params (string, string)[][] forms) => new(endpoint, (_, _) => status, forms) { IsForAnyone = true };

    public IReadOnlyList<EndpointRow> Rows => [.. ForAnyone, .. ByRole, .. ByKey];

    private IReadOnlyList<EndpointRow> ForAnyone =>
    [
        // For anybody: nothing in them is of anybody. What POSTs of these do for who may is what the fixture signs in, joins and sets up with.
        Anyone("GET /files/{name}", Gone),
        Anyone("GET /sign-in", 200),
        Anyone("GET /lost-passphrase", 200),
        Anyone("GET /events", 204),
        Anyone("GET /setup", See),
        Anyone("GET /setup/{step}", See),
        Anyone("GET /join", 200),
        Anyone("GET /join/{step}", See),
        Anyone("POST /sign-in", 422, [("name", "nobody"), ("passphrase", ""), ("code", "000000")]),
        Anyone("POST /setup", See, [("code", "AAAA")]),
        Anyone("POST /setup/{step}", See, [("passphrase", "x")]),
        Anyone("POST /join", 422, [("code", "AAAAA-AAAAA-AAAAA-AAAAA")]),
        Anyone("POST /join/{step}", See, [("code", "000000")]),
        new("GET /unlock", (person, _) => person == matrix.Locked ? 200 : See) { IsForAnyone = true },
        new("POST /unlock", (person, _) => person == matrix.Locked ? 422 : See, [[("passphrase", ""), ("then", "/")]]) { IsForAnyone = true },
        new("POST /sign-out", (person, _) => person.Session is null ? See : May, [[]], SignOutAsync) { IsForAnyone = true },
    ];

    private IReadOnlyList<EndpointRow> ByRole =>
    [
        // For everybody who is signed in.
        Same("GET /"),
        Same("GET /account"),
        Same("GET /waiting"),
        Same("GET /templates"),
        Same("GET /checkpoint"),
        new("POST /account/language", (_, _) => May, [[("language", "uk")]], ChangeLanguageAsync),
        // Of one's own sessions: those of others are not found among them.
        new("POST /account/sessions/end", (_, _) => See, [.. matrix.Desk.Workplace.Sessions.All.Select(session => new[] { ("session", session.Id) }).Where(form => form[0].Item2 != matrix.Locked.Session!.Id)], EndSessionAsync),

        // By role.
        new("GET /setup/done", (person, _) => person.IsCoordinator || person.Roles.HasFlag(Roles.Operator) ? 200 : Gone),
        new("GET /staff", (person, _) => person.IsStaff ? 200 : Gone),
        new("GET /staff/invite", (person, _) => person.IsCoordinator ? 200 : Gone),
        new("GET /readings", (person, _) => person.IsCoordinator ? 200 : Gone),
        new("GET /archive", (person, _) => person.IsCoordinator ? 200 : Gone),
        // Two days ago is not long enough: those who have the keys share it.
        new("POST /archive/{id}", (person, id) => person.IsCoordinator && IsId(id) ? Refused : Gone, [[("reason", "I want to.")]], TakeOutAsync),
        new("GET /staff/{id}", (person, id) => person.IsStaff && IsUser(id) ? 200 : Gone),
        new("GET /staff/{id}/leave", (person, id) => person.IsCoordinator && IsUser(id) ? 200 : Gone),
        new("GET /staff/invitations/{id}", (person, id) => person.IsCoordinator && IsInvited(id) ? 200 : Gone),
        new("POST /staff/invite", (person, _) => person.IsCoordinator ? May : Gone, [[("name", "Ghost"), ("role", "Caseworker")]], InviteAsync),
        new("POST /staff/invitations/{id}/confirm", (person, id) => person.IsCoordinator && IsId(id) ? Refused : Gone, [[("fingerprint", "00000 00000 00000 00000 00000 00000")]], InviteAsync),
        new("POST /staff/invitations/{id}/withdraw", (person, id) => !person.IsCoordinator || !IsId(id) ? Gone : IsInvited(id) ? May : Refused, [[]], InviteAsync),
        // Lidia has not the root's key.
        new("POST /staff/{id}", (person, id) => !person.IsCoordinator || !IsUser(id) ? Gone : person == matrix.Lidia ? Refused : May, [[("role", "Coordinator"), ("role", "Triage")]], ChangeRolesAsync),
        new("POST /staff/{id}/leave", (person, id) => !person.IsCoordinator || !IsUser(id) ? Gone : May, [[]], LeaveAsync),
        new("POST /templates", (person, _) => person.IsStaff ? May : Refused, [[("language-0", "en"), ("title-0", "Ghost"), ("words-0", "Ghost")], []], StoreTemplatesAsync),
    ];

    private IReadOnlyList<EndpointRow> ByKey =>
    [
        // By triage.
        new("GET /requests/{id}", Request),
        new("GET /requests/{id}/refuse", Request),
        new("GET /requests/{id}/junk", Request),
        new("POST /requests/{id}/admit", Decide, [[("name", "silver door")]], DecideAsync),
        new("POST /requests/{id}/join", (person, id) => Decide(person, id) == May && !matrix.Cases[0].Has(person, Compartment.Contact) ? Refused : Decide(person, id), [[("case", $"{matrix.Cases[0].Id}")]], DecideAsync),
        new("POST /requests/{id}/refuse", Decide, [[("answer", "No."), ("reason", "No.")]], DecideAsync),
        new("POST /requests/{id}/junk", Decide, [[("arrived", "1")]], DecideAsync),

        // By the keys of the case.
        new("GET /cases/{id}", Case),
        new("GET /cases/{id}/journal", Case),
        new("GET /cases/{id}/access", Case),
        new("POST /cases/{id}/answer", (person, id) => Has(person, id, Compartment.Contact) ? May : Has(person, id, Compartment.Work) ? Refused : Gone,
            [[("answer", "Hello."), ("conversation", "0")], [("answer", "Hello."), ("keep", "yes")], [("answer", ""), ("insert", "yes"), ("template", "0")]], WriteAsync),
        new("POST /cases/{id}/draft", ByContact, [[("answer", "Hello.")], [("answer", "")]], WriteAsync),
        new("POST /cases/{id}/notes", ByContact, [[("note", "Hello.")]], WriteAsync),
        new("POST /cases/{id}/safe-contact", ByContact, [[("safely", "Never.")], [("safely", "")]], WriteAsync),
        new("POST /cases/{id}/seen", ByWork, [[("through", "1")], [("through", $"{long.MaxValue}")]], WriteAsync),
        new("POST /cases/{id}/stage", (person, id) => ByWork(person, id) == May && !person.IsStaff ? Refused : ByWork(person, id), [.. new[] { Stage.Review, Stage.Closed, Stage.InContact }.Select(stage => new[] { ("stage", $"{(int)stage}"), ("reason", "") })], WriteAsync),
        new("POST /cases/{id}/access", (person, id) => !IsId(id) ? Gone : person.IsStaff && s_allParts.All(part => Has(person, id, Enum.Parse<Compartment>(part.Item2))) ? May : Refused,
            [[("user", $"{matrix.Lidia.User}"), ("until", ""), .. s_allParts]], ShareAsync),
        // Marta is the only one who reads all of hers, and has nothing of Ihor's.
        new("POST /cases/{id}/access/end", (_, id) => IsId(id) ? Refused : Gone, [[("user", $"{matrix.Marta.User}")]], ShareAsync),
        new("POST /cases/{id}/access/hand-over", (person, id) => !IsId(id) ? Gone : person.IsStaff && Has(person, id, Compartment.Work) ? May : Refused, [[("to", $"{matrix.Lidia.User}")]], ShareAsync),
    ];

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigit);

    // Bohdan, who left, stays in the directory; whoever was not confirmed is not there yet.
    private bool IsUser(string id) => matrix.Everybody.Any(person => person != matrix.Yulia && person != matrix.Stranger && $"{person.User}" == id);

    private bool IsInvited(string id) => id == $"{matrix.Invited}" || id == $"{matrix.Yulia.User}";

    private bool Has(Person person, string id, Compartment part) => matrix.Cases.Any(@case => string.Equals($"{@case.Id}", id, StringComparison.OrdinalIgnoreCase) && @case.Has(person, part));

    private int Case(Person person, string id) => Has(person, id, Compartment.Work) ? 200 : Gone;

    private int ByWork(Person person, string id) => !IsId(id) ? Gone : Has(person, id, Compartment.Work) ? May : Refused;

    private int ByContact(Person person, string id) => !IsId(id) ? Gone : Has(person, id, Compartment.Contact) ? May : Refused;

    private int Request(Person person, string id) => person.IsTriage && matrix.Requests.Contains(id) ? 200 : Gone;

    private int Decide(Person person, string id) => !IsId(id) ? Gone : person.IsTriage && matrix.Requests.Contains(id) ? May : Refused;

    private Task<Reply> PostAsync(Person person, string path, params (string, string)[] form) => person.AskAsync(matrix.Desk.Address, "POST", path, form);

    private async Task ShouldGetAsync(Person person, string path, int status) => (await person.AskAsync(matrix.Desk.Address, "GET", path)).Status.ShouldBe(status, $"{person} {path}");

    private async Task SignOutAsync()
    {
        using var browser = await matrix.Desk.SignedInAsync();
        await browser.GetAsync("/account");
        (await browser.PostAsync("/sign-out")).Location.ShouldBe("/sign-in?signed-out");
        (await browser.GetAsync("/account")).Location.ShouldBe("/sign-in?then=%2Faccount");
    }

    private async Task EndSessionAsync()
    {
        using var browser = await matrix.Desk.SignedInAsync();
        var session = matrix.Desk.Workplace.Sessions.Of(matrix.Marta.With(keyring => keyring.Author)).MaxBy(one => one.Began.Wall)!;
        (await PostAsync(matrix.Marta, "/account/sessions/end", ("session", session.Id))).Location.ShouldBe("/account?ended");
        (await browser.GetAsync("/account")).Location.ShouldBe("/sign-in?then=%2Faccount");
    }

    private async Task ChangeLanguageAsync()
    {
        foreach (var language in new[] { "uk", "en" })
        {
            (await PostAsync(matrix.Pavlo, "/account/language", ("language", language))).Status.ShouldBe(See);
            matrix.Pavlo.With(keyring => keyring.Language).ShouldBe(language);
        }
    }

    private async Task StoreTemplatesAsync()
    {
        (await matrix.Taras.AskAsync(matrix.Desk.Address, "GET", "/templates")).Text.ShouldContain("name=\"words-0\"", customMessage: "each has its own number, or saving would remove them all");
        var templates = matrix.Taras.With(keyring => matrix.Organisation.Conversations.Templates.Read(keyring))!;
        (await PostAsync(matrix.Taras, "/templates", ("language-0", "en"), ("title-0", templates[0].Title), ("words-0", templates[0].Words), ("language-1", "uk"), ("title-1", "Привіт"), ("words-1", "Ми тут."))).Location.ShouldBe("/templates?done");
        matrix.Olena.With(keyring => matrix.Organisation.Conversations.Templates.Read(keyring))!.Count.ShouldBe(2);
    }

    // That somebody follows an invitation and is confirmed is what the fixture does.
    private async Task InviteAsync()
    {
        (await PostAsync(matrix.Lidia, "/staff/invite", ("name", "Somebody"), ("role", "Volunteer"))).Text.ShouldContain("invitation-code");
        var invited = matrix.Lidia.With(keyring => matrix.Organisation.Staff.Invitations(keyring)).Single(it => it.Name == "Somebody").User;
        await ShouldGetAsync(matrix.Marta, $"/staff/invitations/{invited}", 200);
        (await PostAsync(matrix.Lidia, $"/staff/invitations/{invited}/withdraw")).Location.ShouldBe("/staff?done=withdrawn");
        await ShouldGetAsync(matrix.Marta, $"/staff/invitations/{invited}", Gone);
    }

    private async Task ChangeRolesAsync()
    {
        var request = matrix.Ask("I am at the border.");
        await ShouldGetAsync(matrix.Lidia, $"/requests/{request}", Gone);
        foreach (var (roles, status) in new[] { ((string[])["Caseworker", "Triage"], 200), (["Caseworker"], Gone) })
        {
            (await PostAsync(matrix.Lidia, $"/staff/{matrix.Olena.User}", [.. roles.Select(role => ("role", role))])).Status.ShouldBe(See);
            await ShouldGetAsync(matrix.Olena, $"/requests/{request}", status);
        }
        await DecideAsync("junk", request, ("arrived", "1"));
    }

    // The fixture lets Bohdan go over HTTP.
    private async Task LeaveAsync() => (await matrix.Bohdan.AskAsync(matrix.Desk.Address, "GET", "/")).Location.ShouldBe("/sign-in");

    private async Task DecideAsync()
    {
        var @case = matrix.Admit(matrix.Ihor, "They came to my mother's door.", "silver door");
        await DecideAsync("admit", matrix.Ask("I am at the border."), ("name", "green window"));
        await DecideAsync("join", matrix.Ask("I lost the paper."), ("case", $"{@case}"));
        await DecideAsync("refuse", matrix.Ask("Buy this."), ("answer", "We cannot."), ("reason", "An advertisement."));
        await DecideAsync("junk", matrix.Ask("Buy this."), ("arrived", "1"));
        matrix.Ihor.With(keyring => matrix.Organisation.Cases.Find(keyring, @case))!.Conversations.Count.ShouldBe(2);
    }

    private async Task DecideAsync(string how, string request, params (string, string)[] form)
    {
        (await PostAsync(matrix.Ihor, $"/requests/{request}/{how}", form)).Status.ShouldBe(See, how);
        await ShouldGetAsync(matrix.Ihor, $"/requests/{request}", Gone);
    }

    private async Task WriteAsync()
    {
        var id = matrix.Admit(matrix.Ihor, "They came to my mother's door.", "silver door");
        var path = $"/cases/{id}";
        (await PostAsync(matrix.Ihor, $"{path}/seen", ("through", "99"))).Status.ShouldBe(See);
        (await PostAsync(matrix.Ihor, $"{path}/draft", ("answer", "We"))).Status.ShouldBe(204);
        matrix.Ihor.With(keyring => matrix.Organisation.Conversations.Draft(keyring, id)).ShouldBe("We");
        (await PostAsync(matrix.Ihor, $"{path}/answer", ("answer", "We are here."), ("conversation", "0"))).Status.ShouldBe(See);
        (await PostAsync(matrix.Ihor, $"{path}/notes", ("note", "She is at her aunt's."))).Status.ShouldBe(See);
        (await PostAsync(matrix.Ihor, $"{path}/safe-contact", ("safely", "By letter."))).Status.ShouldBe(See);
        (await PostAsync(matrix.Ihor, $"{path}/stage", ("stage", "2"), ("reason", "She told it."))).Status.ShouldBe(See);
        var state = matrix.Ihor.With(keyring => matrix.Organisation.Cases.Find(keyring, id))!;
        (state.Items.Count, state.Unread, state.Stage, state.Safely).ShouldBe((4, 0, Stage.Checking, "By letter."));
    }

    private async Task TakeOutAsync()
    {
        var id = matrix.Admit(matrix.Ihor, "They came to my mother's door.", "silver door");
        (await PostAsync(matrix.Ihor, $"/cases/{id}/stage", ("stage", "6"), ("reason", "He is safe."))).Status.ShouldBe(See);
        (await PostAsync(matrix.Lidia, $"/archive/{id}", ("reason", "An investigator asks."))).Status.ShouldBe(Refused);
        matrix.Organisation.Store.Write(connection => Dapper.SqlMapper.Execute(connection, "UPDATE archive SET day = day - 100 WHERE journal = @id", new { id = id.ToArray() }));
        (await PostAsync(matrix.Lidia, $"/archive/{id}", ("reason", "An investigator asks."))).Location.ShouldBe($"/cases/{id}");
        await ShouldGetAsync(matrix.Lidia, $"/cases/{id}", 200);
    }

    private async Task ShareAsync()
    {
        var path = $"/cases/{matrix.Admit(matrix.Ihor, "They came to my mother's door.", "silver door")}";
        (await PostAsync(matrix.Ihor, $"{path}/access", ("user", $"{matrix.Olena.User}"), ("part", "Contact"))).Location.ShouldBe($"{path}/access?done=opened");
        await ShouldGetAsync(matrix.Olena, path, 200);
        (await PostAsync(matrix.Ihor, $"{path}/access/end", ("user", $"{matrix.Olena.User}"))).Location.ShouldBe($"{path}/access?done=ended");
        await ShouldGetAsync(matrix.Olena, path, Gone);
        (await PostAsync(matrix.Ihor, $"{path}/access/hand-over", ("to", $"{matrix.Olena.User}"))).Location.ShouldBe("/?done=handed-over");
        await ShouldGetAsync(matrix.Ihor, path, Gone);
        await ShouldGetAsync(matrix.Olena, path, 200);
    }
}
