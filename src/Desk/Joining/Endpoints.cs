namespace Understory.Desk.Joining;

/// <summary>Following an invitation.</summary>
internal static class Endpoints
{
    public static void MapJoining(this DeskRoutes routes, JoiningDesk joining)
    {
        routes.AnyoneGet("/join", request => request.PageAsync<JoinPage>());
        routes.AnyonePost("/join", joining.TryCodeAsync);
        routes.AnyoneGet("/join/{step}", joining.ShowAsync);
        routes.AnyonePost("/join/{step}", joining.TakeAsync);
        routes.StaffGet("/waiting", request => request.PageAsync<WaitingPage>(("Fingerprint", request.Keyring.Fingerprint), ("IsHere", request.Keyring.Self is not null)));
    }
}
