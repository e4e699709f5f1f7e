using System.Globalization;
using Understory.Desk.Components;

namespace Understory.Desk.Archives;

/// <summary>Closed cases that nobody has the keys of any more, for coordinators.</summary>
internal static class Endpoints
{
    private const int OnAPage = 50;

    public static void MapArchive(this DeskRoutes routes)
    {
        routes.StaffGet("/archive", request => request.Keyring.IsCoordinator ? ListAsync(request, []) : NothingHereAsync(request));
        routes.StaffPost("/archive/{id}", request => request.Keyring.IsCoordinator ? TakeOutAsync(request) : NothingHereAsync(request));
    }

    private static Task ListAsync(StaffRequest request, List<FieldError> errors)
    {
        var page = int.TryParse(request.Query("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, 100_000) : 1;
        // One more than is shown: whether there is another page.
        var cases = request.Organisation.Archive.List(request.Keyring, (page - 1) * OnAPage, OnAPage + 1);
        return request.PageAsync<ArchivePage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Cases", cases.Take(OnAPage).ToList()), ("Page", page), ("HasMore", cases.Count > OnAPage), ("Errors", errors));
    }

    private static Task TakeOutAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        var reason = request.Form.Line("reason");
        if (reason.Length == 0) return ListAsync(request, [new FieldError($"reason", request.T["Write why: everybody who reads the case sees it."])]);
        request.Organisation.Archive.TakeOut(request.Keyring, id, reason);
        request.SeeOther($"/cases/{id}");
        return Task.CompletedTask;
    }

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound));
}
