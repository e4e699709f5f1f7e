// How a feature's pages are built on this host
// --------------------------------------------
// A feature is a folder with one `Endpoints.cs`, pages (`*.razor`) and nothing that knows HTTP beside those:
//
//     internal static class Endpoints
//     {
//         public static void MapCases(this DeskRoutes routes)
//         {
//             routes.StaffGet("/cases", ListAsync);
//             routes.StaffPost("/cases/{id}/notes", WriteNoteAsync);
//         }
//
//         private static Task ListAsync(StaffRequest request) =>
//             request.PageAsync<CasesPage>(("Cases", request.Organisation.Cases.List(request.Keyring)));
//
//         private static async Task WriteNoteAsync(StaffRequest request)
//         {
//             var note = request.Form.Lines("note");
//             if (note.Length == 0)
//             {
//                 await request.PageAsync<CasePage>(StatusCodes.Status422UnprocessableEntity, ("Errors", new[] { new FieldError("note", request.T["Enter your name."]) }));
//                 return;
//             }
//             …
//             request.SeeOther($"/cases/{id}");
//         }
//     }
//
// and is named once in DeskHost.Map. `StaffGet` and `StaffPost` are for those who are signed in: everybody else comes to the
// sign-in page, or to the page that asks for the passphrase when the session was left alone, and back from there. The form
// token, the origin, the host and the length of the body were checked before the handler is called; the keys are in the clear
// until it returns, and not after. `AnyoneGet` and `AnyonePost` ask for nobody and have no keys.
//
// A page is a component with `[Parameter] public PageSetting Setting`, whose root is `<Layout Setting="Setting" Title="…">`.
// Inside it, forms are `<PostForm>`, which carries the token. The components stand in Components/, each with what it is for.
using Understory.Casework;
using Understory.Journal;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>A request, of anybody.</summary>
internal class DeskRequest : IDisposable
{
    private readonly Dictionary<string, object?> _parameters = new(StringComparer.Ordinal);
    private Text? _text;

    public DeskRequest(HttpContext http, Workplace workplace, Uri address, Form? form)
    {
        (Http, Workplace, Address) = (http, workplace, address);
        if (form is not null) PostedForm = form;
    }

    public HttpContext Http { get; }

    public Workplace Workplace { get; }

    public Organisation Organisation => Workplace.Organisation;

    /// <summary>The address by which the reader's browser came.</summary>
    public Uri Address { get; }

    /// <summary>What was filled in.</summary>
    /// <exception cref="InvalidOperationException">It is no POST.</exception>
    public Form Form => PostedForm ?? throw new InvalidOperationException("Only a POST has a form.");

    /// <summary>The texts in the reader's language.</summary>
    public Text T => _text ??= Workplace.Catalogue.For(Language);

    /// <summary>The reader's language: asked for in the address (<c>?language=uk</c>), or what the browser prefers.</summary>
    public virtual string Language => Query("language") is { } asked && Workplace.Catalogue.Has(asked) ? asked
        : Workplace.Catalogue.Choose(Http.Request.Headers.AcceptLanguage);

    /// <summary>Where a page of ours is asked for, its path and query.</summary>
    public string PathAndQuery => PathOrHome(Http.Request.Path.ToUriComponent() + Http.Request.QueryString.ToUriComponent());

    protected Form? PostedForm { get; }

    /// <summary>A part of the path: <c>{id}</c>.</summary>
    public string Route(string name) => (string)Http.Request.RouteValues[name]!;

    /// <summary>A part of the query; null where it is missing.</summary>
    public string? Query(string name) => Http.Request.Query[name] is [{ } value, ..] ? value : null;

    /// <summary>Answers with a page; its parameters by name.</summary>
    public Task PageAsync<TPage>(params (string Name, object? Value)[] parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent => PageAsync<TPage>(StatusCodes.Status200OK, parameters);

    /// <summary>Answers with a page and a status.</summary>
    public Task PageAsync<TPage>(int status, params (string Name, object? Value)[] parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        Http.Response.StatusCode = status;
        _parameters.Clear();
        _parameters.Add(nameof(PageSetting)[4..], Setting());
        foreach (var (name, value) in parameters) _parameters.Add(name, value);
        return Page.WriteAsync<TPage>(Http.Response, _parameters);
    }

    /// <summary>Sends the browser to another page of ours, after a POST (303).</summary>
    /// <param name="path">Escaped, as it stands in an address.</param>
    public void SeeOther(string path)
    {
        Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        Http.Response.Headers.Location = path;
    }

    /// <summary>A path of this Desk from a query or a form; the first page where it is anything else.</summary>
    public static string PathOrHome(string? path) =>
        path is { Length: > 0 and <= 512 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
        && path.All(c => c is > ' ' and <= '~') ? path : "/";

    public virtual void Dispose() => PostedForm?.Dispose();

    protected virtual PageSetting Setting() => new(T, Workplace.Catalogue.Languages, PathAndQuery)
    {
        Organisation = Organisation.Name ?? "",
        IsDemonstration = Workplace.Options.IsDemonstration,
        FilesVersion = Workplace.FilesVersion,
    };
}

/// <summary>A request of somebody who is signed in, with their keys in the clear as long as it lasts.</summary>
internal sealed class StaffRequest : DeskRequest
{
    /// <summary>Says that nobody is at the keyboard for a request: a page refreshes itself.</summary>
    public const string UnattendedHeader = "X-Unattended";

    private readonly Session.Lease _lease;

    public StaffRequest(HttpContext http, Workplace workplace, Uri address, Form? form, Session.Lease lease)
        : base(http, workplace, address, form) => _lease = lease;

    /// <summary>What the user holds; every operation of Casework asks for it. Not to be kept after the request.</summary>
    public Keyring Keyring => _lease.Keyring;

    public Session Session => _lease.Session;

    /// <summary>The case that is shown, by its pseudonym.</summary>
    public string? Place { get; private set; }

    /// <summary>Where the page that answers a form is found again, if not at the form's own path.</summary>
    public string? ShownAt { get; set; }

    /// <summary>Says that the reader is in a case now, and who else is.</summary>
    public IReadOnlyList<Present> Enter(CaseState @case)
    {
        Place = Pseudonym.Of(Keyring, @case.Id);
        if (Place is null) return [];
        // A page that refreshes itself is nobody's coming: else it would tell the others, whose pages would tell it again.
        if (!IsUnattended) Workplace.Presence.Come(Session, Keyring.User, Place);
        var today = Organisation.TodayIs;
        return Workplace.Presence.Others(Place, Keyring.User, user => @case.Access.Any(line => line.User == user && line.IsOpen(today)));
    }

    /// <summary>Says that the reader writes an answer in a case, or does no more.</summary>
    public void SetWriting(CaseId id, bool isWriting)
    {
        if (Pseudonym.Of(Keyring, id) is not { } place) return;
        Workplace.Presence.Come(Session, Keyring.User, place);
        Workplace.Presence.SetWriting(Session, place, isWriting);
    }

    private bool IsUnattended => Http.Request.Headers.ContainsKey(UnattendedHeader);

    public override string Language => Keyring.Language;

    public override void Dispose()
    {
        base.Dispose();
        _lease.Dispose();
    }

    protected override PageSetting Setting() => new(T, Workplace.Catalogue.Languages, ShownAt ?? PathAndQuery)
    {
        Organisation = Organisation.Name ?? "",
        IsDemonstration = Workplace.Options.IsDemonstration,
        FilesVersion = Workplace.FilesVersion,
        UserName = Keyring.Name,
        IsStaff = Keyring.May(RoleRules.Staff),
        ListenTicket = Session.Ticket,
        Place = Place,
        IdleSeconds = (Workplace.Options.IdleMinutes * 60) + 5,
        FormToken = Workplace.FormToken.For(Session),
    };
}
