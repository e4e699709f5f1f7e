using System.Globalization;
using Understory.Casework;
using Understory.Desk.Components;

namespace Understory.Desk.Cases;

/// <summary>A case's journal, its stage, and how its person is reached.</summary>
internal static class Endpoints
{
    public static void MapCases(this DeskRoutes routes)
    {
        routes.StaffGet("/cases/{id}/journal", ShowJournalAsync);
        routes.StaffPost("/cases/{id}/stage", ChangeStage);
        routes.StaffPost("/cases/{id}/safe-contact", SetSafeContact);
    }

    private static Task ShowJournalAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Journal(request.Keyring, id) is not { } lines) return NothingHereAsync(request);
        return request.PageAsync<JournalPage>(("Case", request.Organisation.Cases.Find(request.Keyring, id)), ("Lines", lines), ("Colleagues", new Colleagues(request)));
    }

    private static Task ChangeStage(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        if (!int.TryParse(request.Form.Line("stage"), NumberStyles.None, CultureInfo.InvariantCulture, out var stage) || !Enum.IsDefined((Stage)stage)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        request.Organisation.Cases.ChangeStage(request.Keyring, id, (Stage)stage, request.Form.Line("reason"));
        request.SeeOther($"/cases/{id}?done=moved");
        return Task.CompletedTask;
    }

    private static Task SetSafeContact(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        request.Organisation.Cases.SetSafeContact(request.Keyring, id, request.Form.Lines("safely").Trim());
        request.SeeOther($"/cases/{id}?done=safely");
        return Task.CompletedTask;
    }

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "There is no such case, or you have no key to it."));
}
