using Understory.Casework;
using Understory.Desk.Components;

namespace Understory.Desk.Setup;

/// <summary>The first run.</summary>
internal static class Endpoints
{
    public static void MapFirstRun(this DeskRoutes routes, FirstRun firstRun)
    {
        routes.AnyoneGet("/setup", firstRun.ShowCodeAsync);
        routes.AnyonePost("/setup", firstRun.TryCodeAsync);
        routes.AnyoneGet("/setup/{step}", firstRun.ShowAsync);
        routes.AnyonePost("/setup/{step}", firstRun.TakeAsync);
        // How the machine does is for who set it up and who runs it.
        routes.StaffGet("/setup/done", request => !request.Keyring.May(Roles.Coordinator | Roles.Operator)
            ? request.PageAsync<ErrorPage>(StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound))
            : request.PageAsync<DonePage>(
                ("Findings", Doctor.Examine(request.Workplace, request.T)), ("Link", request.Workplace.Collecting.CollectorHash),
                ("InstanceId", Convert.ToHexStringLower(request.Organisation.InstanceId))));
    }
}
