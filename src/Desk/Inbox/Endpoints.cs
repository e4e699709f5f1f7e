using System.Globalization;
using System.Security.Cryptography;
using Understory.Casework;
using Understory.Desk.Components;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Desk.Inbox;

/// <summary>The inbox: requests that nobody has decided about, and cases.</summary>
internal static class Endpoints
{
    private const int CasesOnAPage = 50;

    public static void MapInbox(this DeskRoutes routes)
    {
        routes.StaffGet("/", ListAsync);
        routes.StaffGet("/requests/{id}", request => ShowAsync(request, []));
        routes.StaffPost("/requests/{id}/admit", AdmitAsync);
        routes.StaffPost("/requests/{id}/join", JoinAsync);
        routes.StaffGet("/requests/{id}/refuse", request => AskToRefuseAsync(request, "", "", []));
        routes.StaffPost("/requests/{id}/refuse", RefuseAsync);
        routes.StaffGet("/requests/{id}/junk", AskAboutJunkAsync);
        routes.StaffPost("/requests/{id}/junk", MarkJunk);
    }

    /// <summary>A case of the path; null where that is no id.</summary>
    public static CaseId? CaseOf(DeskRequest request) => IdOf(request.Route("id")) is { } id ? CaseId.From(id) : null;

    private static Task ListAsync(StaffRequest request)
    {
        var page = request.Organisation.Inbox.Read(request.Keyring);
        var search = request.Query("search")?.Trim() ?? "";
        var stage = request.Query("stage") ?? "open";
        var cases = page.Cases.Where(one => IsIn(one, stage) && one.Name.Contains(search, StringComparison.CurrentCultureIgnoreCase)).ToList();
        var pages = Math.Max(1, (cases.Count + CasesOnAPage - 1) / CasesOnAPage);
        var current = int.TryParse(request.Query("page"), out var number) ? Math.Clamp(number, 1, pages) : 1;
        return request.PageAsync<InboxPage>(
            ("Requests", page.Requests), ("IsTriage", request.Keyring.May(Roles.Triage)), ("Cases", cases.Skip((current - 1) * CasesOnAPage).Take(CasesOnAPage).ToList()), ("Total", page.Cases.Count),
            ("Found", cases.Count), ("Damaged", page.Damaged), ("Held", page.Held), ("Beyond", page.Beyond), ("Search", search), ("Stage", stage), ("Current", current), ("Pages", pages),
            ("Collecting", request.Workplace.Collecting?.Status), ("Done", request.Query("done")));
    }

    private static bool IsIn(CaseCard card, string stage) => stage switch
    {
        "all" => true,
        "waiting" => card.WaitingSince is not null || card.Unread > 0,
        "closed" => card.Stage is Stage.Closed or Stage.Refused,
        _ => card.Stage is not (Stage.Closed or Stage.Refused),
    };

    private static Task ShowAsync(StaffRequest request, IReadOnlyList<FieldError> errors)
    {
        if (Find(request) is not { } found) return GoneAsync(request);
        var cases = request.Organisation.Inbox.Cases(request.Keyring).OrderBy(one => one.Name, StringComparer.CurrentCulture).ToList();
        return request.PageAsync<RequestPage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Request", found), ("Name", SuggestName(request.T.Language)), ("Cases", cases), ("Errors", errors));
    }

    private static Task AdmitAsync(StaffRequest request)
    {
        if (IdOf(request.Route("id")) is not { } id) return GoneAsync(request);
        var name = request.Form.Line("name");
        if (name.Length == 0) return ShowAsync(request, [new FieldError("name", request.T["Give the case a name."])]);
        if (System.Text.Encoding.UTF8.GetByteCount(name) > Understory.Journal.Card.MaxNameLength) return ShowAsync(request, [new FieldError("name", request.T["Give it a shorter name."])]);
        var admitted = request.Organisation.Inbox.Admit(request.Keyring, id, name);
        request.SeeOther($"/cases/{admitted.Id}?done=admitted");
        return Task.CompletedTask;
    }

    private static Task JoinAsync(StaffRequest request)
    {
        if (IdOf(request.Route("id")) is not { } id) return GoneAsync(request);
        if (IdOf(request.Form.Line("case")) is not { } to) return ShowAsync(request, [new FieldError("case", request.T["Choose the case."])]);
        var joined = request.Organisation.Inbox.Join(request.Keyring, id, CaseId.From(to));
        request.SeeOther($"/cases/{joined.Id}?done=joined");
        return Task.CompletedTask;
    }

    private static Task AskToRefuseAsync(StaffRequest request, string answer, string reason, List<FieldError> errors)
    {
        if (Find(request) is not { } found) return GoneAsync(request);
        if (answer.Length == 0 && errors.Count == 0) answer = Conversations.BuiltInTemplates.Refusal(request.Workplace.Catalogue.For(found.Language));
        return request.PageAsync<RefusePage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Request", found), ("Answer", answer), ("Reason", reason), ("Errors", errors));
    }

    private static Task RefuseAsync(StaffRequest request)
    {
        if (IdOf(request.Route("id")) is not { } id) return GoneAsync(request);
        var (answer, reason) = (request.Form.Lines("answer").Trim(), request.Form.Lines("reason").Trim());
        List<FieldError> errors = [];
        if (answer.Length == 0) errors.Add(new FieldError("answer", request.T["Write what the person is told."]));
        if (reason.Length == 0) errors.Add(new FieldError("reason", request.T["Write why, for your colleagues."]));
        if (errors.Count > 0) return AskToRefuseAsync(request, answer, reason, errors);
        var refused = request.Organisation.Inbox.Refuse(request.Keyring, id, SuggestName(request.T.Language), answer, reason);
        request.SeeOther($"/cases/{refused.Id}?done=refused");
        return Task.CompletedTask;
    }

    private static Task AskAboutJunkAsync(StaffRequest request) => Find(request) is not { } found ? GoneAsync(request) : request.PageAsync<ConfirmPage>(
        ("Hidden", new[] { ("arrived", request.Query("arrived") is { Length: > 0 } seen ? seen : found.Arrived.ToString(CultureInfo.InvariantCulture)) }),
        ("Title", request.T["Throw this away as junk?"]), ("Confirm", request.T["Throw it away"]), ("Action", $"/requests/{request.Route("id")}/junk"),
        ("Back", $"/requests/{request.Route("id")}"),
        ("Lines", new[] { request.T["It is deleted here and at Intake. Nobody is answered, and it cannot be brought back."], request.T["If somebody may be in need, refuse it instead: then they are told."] }));

    private static Task MarkJunk(StaffRequest request)
    {
        if (IdOf(request.Route("id")) is not { } id) return GoneAsync(request);
        // Without a number that can be read, nothing was seen.
        _ = long.TryParse(request.Form.Line("arrived"), NumberStyles.None, CultureInfo.InvariantCulture, out var arrived);
        request.Organisation.Inbox.MarkSpam(request.Keyring, id, arrived);
        request.SeeOther("/?done=junk");
        return Task.CompletedTask;
    }

    private static WaitingRequest? Find(StaffRequest request) => IdOf(request.Route("id")) is { } id ? request.Organisation.Inbox.Find(request.Keyring, id) : null;

    private static Task GoneAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "Somebody has decided about this request meanwhile."));

    private static byte[]? IdOf(string text)
    {
        var id = new byte[CaseId.Size];
        return text.Length == 2 * CaseId.Size && Convert.FromHexString(text, id, out _, out _) == System.Buffers.OperationStatus.Done ? id : null;
    }

    /// <summary>Two words that tell nothing: what a case is called until somebody has a better idea.</summary>
    private static string SuggestName(string language)
    {
        var words = WordList.For(language).Words;
        return $"{words[RandomNumberGenerator.GetInt32(words.Count)]} {words[RandomNumberGenerator.GetInt32(words.Count)]}";
    }
}
