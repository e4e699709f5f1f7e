namespace Understory.Desk.Inbox;

/// <summary>The first page: what waits.</summary>
internal static class Endpoints
{
    public static void MapInbox(this DeskRoutes routes) => routes.StaffGet("/", request => request.PageAsync<InboxPage>());
}
