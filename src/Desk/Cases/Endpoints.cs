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
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Journal(request.Keyring, id) is not { } lines || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        request.Enter(found);
        return request.PageAsync<JournalPage>(("Case", found), ("Lines", lines), ("Colleagues", new Colleagues(request)));
    }

    private static Task ChangeStage(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        if (!int.TryParse(request.Form.Line("stage"), NumberStyles.None, CultureInfo.InvariantCulture, out var stage) || !Enum.IsDefined((Stage)stage)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        try
        {
            request.Organisation.Cases.ChangeStage(request.Keyring, id, (Stage)stage, request.Form.Line("reason"), request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            return Conversations.Endpoints.ShowAgainAsync(
                request, StatusCodes.Status409Conflict,
                drafts => drafts with { Stage = request.Form.Line("stage"), Reason = request.Form.Line("reason"), Overtaken = "stage" },
                new FieldError("stage", request.T["The case was moved after you opened this page: {name}, {time}. Where it is now stands on top. Yours was not written.", Conversations.Endpoints.Faster(request, faster.Change)]));
        }
        request.SeeOther($"/cases/{id}?done=moved");
        return Task.CompletedTask;
    }

    private static Task SetSafeContact(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        var safely = request.Form.Lines("safely").Trim();
        if (request.Form.Has("discard"))
        {
            request.Organisation.Conversations.KeepDraft(request.Keyring, id, "", DraftKind.SafeContact);
            request.SeeOther($"/cases/{id}?done=deleted#safely");
            return Task.CompletedTask;
        }
        try
        {
            request.Organisation.Cases.SetSafeContact(request.Keyring, id, safely, request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            request.Organisation.Conversations.KeepDraft(request.Keyring, id, safely, DraftKind.SafeContact);
            return Conversations.Endpoints.ShowAgainAsync(
                request, StatusCodes.Status409Conflict, drafts => drafts with { Safely = safely, Overtaken = "safely" },
                new FieldError("safely", request.T["This was written down anew after you opened this page: {name}, {time}. Yours was not saved.", Conversations.Endpoints.Faster(request, faster.Change)]));
        }
        request.SeeOther($"/cases/{id}?done=safely");
        return Task.CompletedTask;
    }

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "There is no such case, or you have no key to it."));
}
