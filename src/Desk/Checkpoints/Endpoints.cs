namespace Understory.Desk.Checkpoints;

/// <summary>How far the log went, to be printed and compared.</summary>
internal static class Endpoints
{
    public static void MapCheckpoints(this DeskRoutes routes) => routes.StaffGet("/checkpoint", ShowAsync);

    private static Task ShowAsync(StaffRequest request)
    {
        var outgoing = request.Organisation.OutgoingCheckpoints;
        return request.PageAsync<CheckpointPage>(
            ("Newest", outgoing.Sign()), ("LogKey", outgoing.LogKey.ToString()), ("Today", request.Workplace.Time.GetUtcNow()), ("Places", request.Workplace.Exporting.Places), ("SetAside", outgoing.SetAside()));
    }
}
