using System.Buffers.Text;
using Understory.Desk.Components;
using Understory.Sealing;

namespace Understory.Desk.Staff;

/// <summary>
/// A session that was left alone asks for the passphrase, and leads back to where one was. What was being sent when that
/// happened is not lost: it waits in the page, and is sent after the passphrase.
/// </summary>
internal sealed class Unlocking(Workplace workplace, SignInPace pace)
{
    /// <summary>Asks whoever may not go on: for the passphrase where there is a locked session, else to sign in.</summary>
    public static async Task AskAsync(DeskRequest request, Session? session)
    {
        var isGet = HttpMethods.IsGet(request.Http.Request.Method);
        var then = isGet ? request.PathAndQuery : "/";
        if (session is null)
        {
            request.SeeOther(then == "/" ? "/sign-in" : $"/sign-in?then={Uri.EscapeDataString(then)}");
            return;
        }
        if (isGet)
        {
            request.SeeOther($"/unlock?then={Uri.EscapeDataString(then)}");
            return;
        }
        // The form token was checked: only a page of this session can have sent this.
        var kept = Base64Url.EncodeToString(request.Form.Raw);
        await ShowAsync(request, session, [], request.Http.Request.Path.Value!, kept);
    }

    public async Task ShowAsync(DeskRequest request)
    {
        if (Locked(request) is { } session) await ShowAsync(request, session, [], DeskRequest.PathOrHome(request.Query("then")), null);
        else request.SeeOther(DeskRequest.PathOrHome(request.Query("then")));
    }

    public async Task TryAsync(DeskRequest request)
    {
        var form = request.Form;
        var (then, kept) = (DeskRequest.PathOrHome(form.Line("then")), form.Has("kept") ? form.Line("kept") : null);
        if (Locked(request) is not { } session)
        {
            request.SeeOther(then);
            return;
        }
        if (!workplace.FormToken.Fits(session, form.Line(FormToken.Field))) throw new RequestRefusedException(StatusCodes.Status403Forbidden);
        var cookie = SessionCookie.Read(request.Http, request.Address)!;
        var t = workplace.Catalogue.For(session.Language);
        using var passphrase = form.Passphrase("passphrase", workplace.Memory);
        FieldError error;
        if (passphrase is null)
        {
            error = new("passphrase", t["Enter the seven words of your passphrase. One of them may be mistyped or missing."]);
        }
        else
        {
            var name = session.NameFor(cookie);
            if (await pace.TryAsync(session.Id, () => Attempt(session, name, passphrase, cookie), request.Http.RequestAborted) is not null)
            {
                if (kept is null) request.SeeOther(then);
                else await ContinueAsync(request, session, then, kept);
                return;
            }
            error = new("passphrase", t["That is not the passphrase."]);
        }
        if (session.IsOver) request.SeeOther($"/sign-in?then={Uri.EscapeDataString(then)}");
        else await ShowAsync(request, session, [error], then, kept);
    }

    private static async Task ShowAsync(DeskRequest request, Session session, IReadOnlyList<FieldError> errors, string then, string? kept)
    {
        var cookie = SessionCookie.Read(request.Http, request.Address)!;
        await request.PageAsync<UnlockPage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK, ("Name", session.NameFor(cookie)), ("Errors", errors), ("Then", then), ("Kept", kept),
            ("Language", request.Workplace.Catalogue.For(session.Language)), ("Token", request.Workplace.FormToken.For(session)));
    }

    /// <summary>Asks once more before what was kept is sent: between the two the reader saw another page.</summary>
    private async Task ContinueAsync(DeskRequest request, Session session, string path, string kept)
    {
        byte[] raw;
        try
        {
            raw = Base64Url.DecodeFromChars(kept);
        }
        catch (FormatException)
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        }
        using var form = Form.Of(raw);
        var fields = form.Fields.Where(field => field.Name != FormToken.Field).ToList();
        await request.PageAsync<ContinuePage>(
            ("Action", path), ("Fields", fields), ("Language", workplace.Catalogue.For(session.Language)), ("Token", workplace.FormToken.For(session)));
    }

    private Session? Locked(DeskRequest request) =>
        SessionCookie.Read(request.Http, request.Address) is { } cookie && workplace.Sessions.Find(cookie) is { IsLocked: true } session ? session : null;

    private Session? Attempt(Session session, string name, Secret passphrase, byte[] cookie)
    {
        var arena = new LockedMemory(workplace.Options.SessionMemory);
        try
        {
            if (workplace.Organisation.Unlock(name, passphrase, arena) is { } keyring && session.TryUnlock(arena, keyring, cookie)) return session;
        }
        catch
        {
            arena.Dispose();
            throw;
        }
        arena.Dispose();
        // Here and not where it is answered: whoever hangs up before that has guessed all the same.
        session.CountFailure();
        return null;
    }
}
