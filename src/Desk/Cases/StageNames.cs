using Understory.Casework;
using Understory.Pages;

namespace Understory.Desk.Cases;

/// <summary>What the stages of a case are called.</summary>
internal static class StageNames
{
    public static string Of(Text t, Stage stage) => stage switch
    {
        Stage.InContact => t.In("stage of a case", "in contact"),
        Stage.Checking => t.In("stage of a case", "checking"),
        Stage.Review => t.In("stage of a case", "review"),
        Stage.Help => t.In("stage of a case", "help"),
        Stage.FollowUp => t.In("stage of a case", "follow-up"),
        Stage.Closed => t.In("stage of a case", "closed"),
        Stage.Refused => t.In("stage of a case", "refused"),
        _ => t.In("stage of a case", "not known"),
    };
}
