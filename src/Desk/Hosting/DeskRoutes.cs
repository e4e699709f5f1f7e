using Understory.Desk.Staff;

namespace Understory.Desk;

/// <summary>Where features put their paths (see the head of DeskRequest.cs).</summary>
internal sealed class DeskRoutes(IEndpointRouteBuilder routes, Workplace workplace)
{
    public Workplace Workplace => workplace;

    /// <summary>A page for those who are signed in.</summary>
    public void StaffGet(string path, Func<StaffRequest, Task> serve) => On(HttpMethods.Get, path, (http, address) => AsStaffAsync(http, address, null, serve));

    /// <summary>A form of those who are signed in.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="serve">Answers it, usually by <see cref="DeskRequest.SeeOther"/>.</param>
    /// <param name="longest">Bytes that the form may have.</param>
    public void StaffPost(string path, Func<StaffRequest, Task> serve, int longest = Form.UsualLength) => On(HttpMethods.Post, path, async (http, address) =>
    {
        // Who is not signed in does not get to have anything read.
        if (SessionCookie.Read(http, address) is not { } cookie || workplace.Sessions.Find(cookie) is null)
        {
            await AsStaffAsync(http, address, null, serve);
            return;
        }
        var form = await Form.ReadAsync(http.Request, longest);
        await AsStaffAsync(http, address, form, serve);
    });

    /// <summary>A page that anybody may see.</summary>
    public void AnyoneGet(string path, Func<DeskRequest, Task> serve) => On(HttpMethods.Get, path, async (http, address) =>
    {
        using var request = new DeskRequest(http, workplace, address, null);
        await serve(request);
    });

    /// <summary>A form that anybody may send from a page of ours.</summary>
    public void AnyonePost(string path, Func<DeskRequest, Task> serve, int longest = 16 * 1024) => On(HttpMethods.Post, path, async (http, address) =>
    {
        using var request = new DeskRequest(http, workplace, address, await Form.ReadAsync(http.Request, longest));
        await serve(request);
    });

    /// <summary>A form of somebody whose session is there, locked or not: of nobody else is anything read.</summary>
    public void LockedPost(string path, Func<DeskRequest, Task> serve, int longest) => On(HttpMethods.Post, path, async (http, address) =>
    {
        var isKnown = SessionCookie.Read(http, address) is { } cookie && workplace.Sessions.Find(cookie) is not null;
        using var request = new DeskRequest(http, workplace, address, isKnown ? await Form.ReadAsync(http.Request, longest) : null);
        if (isKnown) await serve(request);
        else request.SeeOther("/sign-in");
    });

    private void On(string method, string path, Func<HttpContext, Uri, Task> serve) =>
        routes.MapMethods(path, [method], http => serve(http, Guard.AddressOf(http)));

    private async Task AsStaffAsync(HttpContext http, Uri address, Form? form, Func<StaffRequest, Task> serve)
    {
        var cookie = SessionCookie.Read(http, address);
        var session = cookie is null ? null : workplace.Sessions.Find(cookie);
        if (session is not null && form is not null && !workplace.FormToken.Fits(session, form.Line(FormToken.Field)))
        {
            form.Dispose();
            throw new RequestRefusedException(StatusCodes.Status403Forbidden);
        }
        if (session?.TryEnter(cookie, isUse: !http.Request.Headers.ContainsKey(StaffRequest.UnattendedHeader)) is { } lease)
        {
            using var request = new StaffRequest(http, workplace, address, form, lease);
            // What was opened to them since is theirs now, and what was ended is not, before anything is shown.
            workplace.Organisation.Receive(request.Keyring);
            // Who was not confirmed yet has keys to nothing, and is told what to do.
            if (request.Keyring.Self is null && !http.Request.Path.StartsWithSegments("/account", StringComparison.Ordinal) && http.Request.Path != "/waiting") request.SeeOther("/waiting");
            else await OnceAsync(request, form, serve);
            return;
        }
        using var stranger = new DeskRequest(http, workplace, address, form);
        await Unlocking.AskAsync(stranger, session);
    }

    /// <summary>Does what a form asks for once, however often it comes: who sent it twice gets the answer of the first.</summary>
    private static async Task OnceAsync(StaffRequest request, Form? form, Func<StaffRequest, Task> serve)
    {
        if (form?.Line(SentForms.Field) is not { Length: > 0 } id)
        {
            await serve(request);
            return;
        }
        var forms = request.Session.SentForms;
        while (forms.Begin(id) is { } first)
        {
            // The first did nothing: this one may.
            if (!await first.Done.Task.WaitAsync(request.Http.RequestAborted)) continue;
            if (first.Place is { } place) request.SeeOther(place);
            else await request.PageAsync<Components.ErrorPage>(StatusCodes.Status409Conflict, ("Status", StatusCodes.Status409Conflict), ("Sentence", "This form was sent already. What it asks for was done, once."));
            return;
        }
        var isDone = false;
        try
        {
            await serve(request);
            isDone = request.Http.Response.StatusCode < StatusCodes.Status400BadRequest;
        }
        finally
        {
            forms.End(id, isDone, request.Http.Response.Headers.Location);
        }
    }
}
