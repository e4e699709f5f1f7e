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
        routes.StaffGet("/setup/done", request => request.PageAsync<DonePage>(
            ("Findings", Doctor.Examine(request.Workplace, request.T)), ("Link", request.Workplace.Collecting.CollectorHash),
            ("InstanceId", Convert.ToHexStringLower(request.Organisation.InstanceId))));
    }
}
