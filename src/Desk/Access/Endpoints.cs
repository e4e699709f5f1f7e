using Understory.Casework;
using Understory.Desk.Components;
using Understory.Journal;

namespace Understory.Desk.Access;

/// <summary>Who can read a case: seeing it, opening parts to colleagues, ending that, handing over.</summary>
internal static class Endpoints
{
    public static void MapAccess(this DeskRoutes routes)
    {
        routes.StaffGet("/cases/{id}/access", request => ShowAsync(request, []));
        routes.StaffPost("/cases/{id}/access", GrantAsync);
        routes.StaffPost("/cases/{id}/access/end", EndAsync);
        routes.StaffPost("/cases/{id}/access/hand-over", HandOverAsync);
    }

    private static Task ShowAsync(StaffRequest request, List<FieldError> errors)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        return request.PageAsync<AccessPage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Case", found), ("Colleagues", new Colleagues(request)), ("Self", request.Keyring.User), ("Today", request.Organisation.TodayIs), ("MayShare", request.Keyring.May(RoleRules.Staff)), ("Errors", errors), ("Done", request.Query("done")));
    }

    private static Task GrantAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        List<FieldError> errors = [];
        var user = UserId.Parse(request.Form.Line("user"));
        if (user is null) errors.Add(new FieldError("user", request.T["Choose a colleague."]));
        var parts = request.Form.All("part").Select(part => Enum.TryParse<Compartment>(part, out var compartment) && Enum.IsDefined(compartment) ? compartment : throw new RequestRefusedException(StatusCodes.Status400BadRequest)).ToList();
        if (parts.Count == 0) errors.Add(new FieldError("part", request.T["Choose at least one part."]));
        var until = Users.Endpoints.DayOf(request, "until");
        if (errors.Count > 0) return ShowAsync(request, errors);
        request.Organisation.Access.Grant(request.Keyring, id, user!.Value, parts, until);
        request.SeeOther($"/cases/{id}/access?done=opened");
        return Task.CompletedTask;
    }

    private static Task EndAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        if (UserId.Parse(request.Form.Line("user")) is not { } user) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        request.Organisation.Access.Revoke(request.Keyring, id, user);
        request.SeeOther(user == request.Keyring.User ? "/?done=given-up" : $"/cases/{id}/access?done=ended");
        return Task.CompletedTask;
    }

    private static Task HandOverAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        if (UserId.Parse(request.Form.Line("to")) is not { } user) return ShowAsync(request, [new FieldError("to", request.T["Choose a colleague."])]);
        request.Organisation.Access.HandOver(request.Keyring, id, user);
        request.SeeOther("/?done=handed-over");
        return Task.CompletedTask;
    }

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "There is no such case, or you have no key to it."));
}
