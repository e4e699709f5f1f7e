namespace Understory.Desk.Staff;

/// <summary>Signing in and out, the passphrase in between, and one's own account.</summary>
internal static class Endpoints
{
    // What was being sent when the session locked comes with it, written in base64.
    private const int UnlockLength = (Form.MostLength * 4 / 3) + 4_096;

    public static void MapSignIn(this DeskRoutes routes)
    {
        var pace = routes.Workplace.Pace;
        var (signingIn, unlocking) = (new SigningIn(routes.Workplace, pace), new Unlocking(routes.Workplace, routes.Workplace.UnlockPace));
        routes.AnyoneGet("/sign-in", SigningIn.ShowAsync);
        routes.AnyonePost("/sign-in", signingIn.TryAsync);
        routes.AnyoneGet("/unlock", unlocking.ShowAsync);
        routes.LockedPost("/unlock", unlocking.TryAsync, UnlockLength);
        routes.AnyoneGet("/lost-passphrase", request => request.PageAsync<LostPassphrasePage>());
        routes.AnyonePost("/sign-out", SignOut);
    }

    public static void MapSessions(this DeskRoutes routes)
    {
        routes.StaffGet("/account", request => request.PageAsync<AccountPage>(("Sessions", Describe(request)), ("Ended", request.Query("ended") is not null)));
        routes.StaffPost("/account/language", ChangeLanguage);
        routes.StaffPost("/account/sessions/end", End);
    }

    // For anybody with the cookie, also when the session is locked: leaving must always work.
    private static Task SignOut(DeskRequest request)
    {
        var sessions = request.Workplace.Sessions;
        if (SessionCookie.Read(request.Http, request.Address) is { } cookie && sessions.Find(cookie) is { } session)
        {
            if (!request.Workplace.FormToken.Fits(session, request.Form.Line(FormToken.Field))) throw new RequestRefusedException(StatusCodes.Status403Forbidden);
            sessions.End(session);
        }
        SessionCookie.Remove(request.Http, request.Address);
        request.SeeOther("/sign-in?signed-out");
        return Task.CompletedTask;
    }

    private static Task ChangeLanguage(StaffRequest request)
    {
        var language = request.Form.Line("language");
        if (!request.Workplace.Catalogue.Has(language)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        request.Keyring.SetLanguage(language);
        request.SeeOther("/account");
        return Task.CompletedTask;
    }

    private static Task End(StaffRequest request)
    {
        var which = request.Form.Line("session");
        var others = request.Workplace.Sessions.Of(request.Keyring.Author).Where(session => session != request.Session).ToList();
        foreach (var session in others.Where(session => which == "others" || session.Id == which)) request.Workplace.Sessions.End(session);
        request.SeeOther("/account?ended");
        return Task.CompletedTask;
    }

    private static List<SessionLine> Describe(StaffRequest request) =>
        [.. request.Workplace.Sessions.Of(request.Keyring.Author).Select(session => new SessionLine(session.Id, session.Began.Wall, session.LastUsed.Wall, session.IsLocked, session == request.Session))];
}
