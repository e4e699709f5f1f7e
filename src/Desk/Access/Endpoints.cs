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

    private static Task ShowAsync(StaffRequest request, List<FieldError> errors, AccessForms? overtaken = null)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        request.ShownAt = $"/cases/{id}/access";
        return request.PageAsync<AccessPage>(
            overtaken is not null ? StatusCodes.Status409Conflict : errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Case", found), ("Colleagues", new Colleagues(request)), ("Self", request.Keyring.User), ("Today", request.Organisation.TodayIs), ("MayShare", request.Keyring.May(RoleRules.Staff)), ("Present", request.Enter(found)), ("Typed", overtaken ?? new AccessForms()), ("Errors", errors), ("Done", request.Query("done")));
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
        try
        {
            request.Organisation.Access.Grant(request.Keyring, id, user!.Value, parts, until, request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            return ShowAsync(request, [Faster(request, "user", user!.Value, faster)], new AccessForms { To = user, Parts = parts, Until = until });
        }
        request.SeeOther($"/cases/{id}/access?done=opened");
        return Task.CompletedTask;
    }

    private static Task EndAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        if (UserId.Parse(request.Form.Line("user")) is not { } user) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        try
        {
            request.Organisation.Access.Revoke(request.Keyring, id, user, seen: request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            return ShowAsync(request, [Faster(request, "access", user, faster)], new AccessForms { Ending = user });
        }
        request.SeeOther(user == request.Keyring.User ? "/?done=given-up" : $"/cases/{id}/access?done=ended");
        return Task.CompletedTask;
    }

    private static Task HandOverAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        if (UserId.Parse(request.Form.Line("to")) is not { } user) return ShowAsync(request, [new FieldError("to", request.T["Choose a colleague."])]);
        try
        {
            request.Organisation.Access.HandOver(request.Keyring, id, user, request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            return ShowAsync(request, [Faster(request, "to", user, faster)], new AccessForms { HandingOverTo = user });
        }
        request.SeeOther("/?done=handed-over");
        return Task.CompletedTask;
    }

    private static FieldError Faster(StaffRequest request, string field, UserId user, OvertakenException faster) => new(
        field, request.T["What {colleague} may read was changed after you opened this page: {name}, {time}. How it is now stands in the table. Yours was not done.",
        [("colleague", new Colleagues(request).NameOf(request.T, user)), .. Conversations.Endpoints.Faster(request, faster.Change)]]);

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "There is no such case, or you have no key to it."));
}
