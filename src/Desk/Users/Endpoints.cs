using System.Globalization;
using Understory.Casework;
using Understory.Desk.Components;

namespace Understory.Desk.Users;

/// <summary>Who works here: a page for staff; inviting, confirming, changing and leaving for coordinators.</summary>
internal static class Endpoints
{
    private const int MostReadings = 200;

    public static void MapDirectory(this DeskRoutes routes)
    {
        routes.StaffGet("/staff", request => request.Keyring.May(RoleRules.Staff) ? ListAsync(request) : NothingHereAsync(request));
        routes.StaffGet("/staff/invite", request => ForCoordinators(request, () => AskToInviteAsync(request, [])));
        routes.StaffPost("/staff/invite", request => ForCoordinators(request, () => InviteAsync(request)));
        routes.StaffGet("/staff/invitations/{id}", request => ForCoordinators(request, () => ShowInvitationAsync(request)));
        routes.StaffPost("/staff/invitations/{id}/confirm", request => ForCoordinators(request, () => ConfirmAsync(request)));
        routes.StaffPost("/staff/invitations/{id}/withdraw", request => ForCoordinators(request, () => WithdrawAsync(request)));
        routes.StaffGet("/staff/{id}", request => request.Keyring.May(RoleRules.Staff) ? ShowAsync(request, []) : NothingHereAsync(request));
        routes.StaffPost("/staff/{id}", request => ForCoordinators(request, () => ChangeAsync(request)));
        routes.StaffGet("/staff/{id}/leave", request => ForCoordinators(request, () => AskToLeaveAsync(request)));
        routes.StaffPost("/staff/{id}/leave", request => ForCoordinators(request, () => LeaveAsync(request)));
        routes.StaffGet("/readings", request => ForCoordinators(request, () => ShowReadingsAsync(request)));
    }

    /// <summary>A day that was chosen in a form, since 1970-01-01; null where none was.</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static int? DayOf(StaffRequest request, string field)
    {
        var typed = request.Form.Line(field);
        if (typed.Length == 0) return null;
        return DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 1970
            ? day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber : throw new RequestRefusedException(StatusCodes.Status400BadRequest);
    }

    private static Task ListAsync(StaffRequest request) => request.PageAsync<StaffPage>(
        ("Members", request.Organisation.Staff.All(request.Keyring)), ("Invitations", request.Organisation.Staff.Invitations(request.Keyring)),
        ("IsCoordinator", request.Keyring.IsCoordinator), ("Done", request.Query("done")));

    private static Task AskToInviteAsync(StaffRequest request, List<FieldError> errors) => request.PageAsync<InvitePage>(
        errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        ("Errors", errors), ("Name", request.Http.Request.HasFormContentType ? request.Form.Line("name") : ""),
        ("Chosen", request.Http.Request.HasFormContentType ? RolesOf(request) : Roles.None),
        ("Last", request.Http.Request.HasFormContentType ? request.Form.Line("last") : ""));

    private static Task InviteAsync(StaffRequest request)
    {
        if (request.Workplace.Options.IsDemonstration) throw new CaseworkException("This is a demonstration: nobody is invited to it.");
        var (name, roles, last) = (request.Form.Line("name"), RolesOf(request), DayOf(request, "last"));
        List<FieldError> errors = [];
        if (name.Length is 0 or > 80) errors.Add(new FieldError("name", request.T["Enter a name, in at most 80 characters."]));
        if (RoleRules.Fault(roles) is { } fault) errors.Add(new FieldError("role", request.T.Told(fault)));
        if (errors.Count > 0) return AskToInviteAsync(request, errors);
        var printed = request.Organisation.Staff.Invite(request.Keyring, name, roles, last);
        return request.PageAsync<PrintedInvitationPage>(("Invitation", printed), ("Roles", roles), ("Address", request.Address), ("InstanceId", Convert.ToHexStringLower(request.Organisation.InstanceId)));
    }

    private static Task ShowInvitationAsync(StaffRequest request) =>
        request.Organisation.Staff.Invitations(request.Keyring).FirstOrDefault(it => it.User == UserId.Parse(request.Route("id"))) is { } found
            ? request.PageAsync<InvitationPage>(("Invitation", found)) : NothingHereAsync(request);

    private static Task ConfirmAsync(StaffRequest request)
    {
        if (UserId.Parse(request.Route("id")) is not { } user) return NothingHereAsync(request);
        request.Organisation.Staff.Confirm(request.Keyring, user, request.Form.Line("fingerprint"));
        request.SeeOther("/staff?done=confirmed");
        return Task.CompletedTask;
    }

    private static Task WithdrawAsync(StaffRequest request)
    {
        if (UserId.Parse(request.Route("id")) is not { } user) return NothingHereAsync(request);
        request.Organisation.Staff.Withdraw(request.Keyring, user);
        request.SeeOther("/staff?done=withdrawn");
        return Task.CompletedTask;
    }

    private static Task ShowAsync(StaffRequest request, List<FieldError> errors, (Roles Roles, int? Last)? overtaken = null) => Find(request) is { } member
        ? request.PageAsync<MemberPage>(
            overtaken is not null ? StatusCodes.Status409Conflict : errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Overtaken", overtaken), ("Member", member), ("Colleagues", new Colleagues(request)), ("IsCoordinator", request.Keyring.IsCoordinator), ("Errors", errors), ("Done", request.Query("done")))
        : NothingHereAsync(request);

    private static Task ChangeAsync(StaffRequest request)
    {
        if (Find(request) is not { } member) return NothingHereAsync(request);
        var roles = RolesOf(request);
        if (RoleRules.Fault(roles) is { } fault) return ShowAsync(request, [new FieldError("role", request.T.Told(fault))]);
        try
        {
            request.Organisation.Staff.Change(request.Keyring, member.User.Id, roles, DayOf(request, "last"), request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            return ShowAsync(
                request, [new FieldError("role", request.T["This was changed after you opened this page: {name}, {time}. How it is now stands above. Yours was not saved.", Conversations.Endpoints.Faster(request, faster.Change)])],
                (roles, DayOf(request, "last")));
        }
        request.SeeOther($"/staff/{member.User.Id}?done=changed");
        return Task.CompletedTask;
    }

    private static Task AskToLeaveAsync(StaffRequest request) => Find(request) is not { } member ? NothingHereAsync(request) : request.PageAsync<ConfirmPage>(
        ("Title", request.T["End the account of {name}?", ("name", new Colleagues(request).NameOf(request.T, member.User.Id))]), ("Confirm", request.T["End the account"]),
        ("Action", $"/staff/{member.User.Id}/leave"), ("Back", $"/staff/{member.User.Id}"),
        ("Lines", new[]
        {
            request.T["They are signed out now and cannot sign in again. Their keys are deleted here. What they had by their role gets new keys."],
            request.T["Cases that only they could read cannot be read by anybody then, but through recovery: let them hand those over first."],
            request.T["What they copied or remember stays theirs."],
        }));

    private static Task LeaveAsync(StaffRequest request)
    {
        if (Find(request) is not { } member) return NothingHereAsync(request);
        request.Organisation.Staff.Leave(request.Keyring, member.User.Id);
        foreach (var session in request.Workplace.Sessions.Of(member.User.Author)) request.Workplace.Sessions.End(session);
        request.SeeOther("/staff?done=left");
        return Task.CompletedTask;
    }

    private static Task ShowReadingsAsync(StaffRequest request) => request.PageAsync<ReadingsPage>(
        ("Readings", request.Organisation.Staff.Readings(request.Keyring, MostReadings)), ("Colleagues", new Colleagues(request)),
        ("Cases", request.Organisation.Inbox.Cases(request.Keyring).ToDictionary(card => card.Id, card => card.Name)));

    private static Roles RolesOf(StaffRequest request) =>
        request.Form.All("role").Aggregate(Roles.None, (roles, typed) => roles | (Enum.TryParse<Roles>(typed, out var role) ? role : throw new RequestRefusedException(StatusCodes.Status400BadRequest)));

    private static StaffMember? Find(StaffRequest request) => UserId.Parse(request.Route("id")) is { } user ? request.Organisation.Staff.Find(request.Keyring, user) : null;

    private static Task ForCoordinators(StaffRequest request, Func<Task> serve) => request.Keyring.IsCoordinator ? serve() : NothingHereAsync(request);

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound));
}
