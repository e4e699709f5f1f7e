namespace Understory.Casework;

/// <summary>Where a case is (Inter-Agency case management guidelines). The numbers are written into entries and cards.</summary>
public enum Stage
{
    /// <summary>Somebody was answered for the first time.</summary>
    InContact = 1,

    /// <summary>The story is being checked.</summary>
    Checking = 2,

    /// <summary>It is being reviewed.</summary>
    Review = 3,

    /// <summary>Help is being given.</summary>
    Help = 4,

    /// <summary>The person is being kept in touch with.</summary>
    FollowUp = 5,

    /// <summary>It is closed.</summary>
    Closed = 6,

    /// <summary>The request was refused, and answered so.</summary>
    Refused = 7,
}

/// <summary>From which stage a case may go where.</summary>
public static class Stages
{
    /// <summary>Where a case may go from here. What is closed may be opened again: a new episode.</summary>
    public static IReadOnlyList<Stage> From(Stage stage) => stage switch
    {
        Stage.InContact => [Stage.Checking, Stage.Closed],
        Stage.Checking => [Stage.InContact, Stage.Review, Stage.Closed],
        Stage.Review => [Stage.Checking, Stage.Help, Stage.Closed],
        Stage.Help => [Stage.Review, Stage.FollowUp, Stage.Closed],
        Stage.FollowUp => [Stage.Help, Stage.Closed],
        Stage.Closed or Stage.Refused => [Stage.InContact],
        _ => [],
    };
}
