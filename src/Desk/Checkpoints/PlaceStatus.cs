using Understory.Casework;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>Why a checkpoint did not get to a place.</summary>
public enum PlaceTrouble
{
    /// <summary>It did.</summary>
    None,

    /// <summary>It was not tried yet.</summary>
    NotYet,

    /// <summary>The log itself is not the one that was seen: nothing is signed.</summary>
    OtherLog,

    /// <summary>The file cannot be written.</summary>
    Unwritable,

    /// <summary>The program failed.</summary>
    Failed,

    /// <summary>The witness cannot be reached.</summary>
    Unreachable,

    /// <summary>The witness was not told of this log.</summary>
    UnknownLog,

    /// <summary>The witness knows this log by another key.</summary>
    OtherKey,

    /// <summary>The witness's answer cannot be believed.</summary>
    Unusable,

    /// <summary>The witness knows a longer log, or another one.</summary>
    KnowsAnother,
}

/// <summary>A place to which checkpoints leave this machine, and how that goes.</summary>
/// <param name="Place">Which kind.</param>
/// <param name="Where">Its path or address.</param>
/// <param name="Size">How many entries the last one that got there names; null for none yet.</param>
/// <param name="Day">When that was.</param>
/// <param name="Trouble">What keeps the newest one.</param>
public sealed record PlaceStatus(CheckpointPlace Place, string Where, long? Size, DateOnly? Day, PlaceTrouble Trouble)
{
    /// <summary>What kind of place it is.</summary>
    public string Kind(Text t) => Place switch
    {
        CheckpointPlace.File => t["A file in another place"],
        CheckpointPlace.Command => t["A program"],
        _ => t["The witness"],
    };

    /// <summary>How it goes, in a sentence.</summary>
    public string Sentence(Text t) => Trouble switch
    {
        PlaceTrouble.None => t["It has the newest one."],
        PlaceTrouble.NotYet => t["None was taken there since the Desk was started."],
        PlaceTrouble.OtherLog => t["The log is not the one that was seen: nothing leaves this machine until that is understood."],
        PlaceTrouble.Unwritable => t["It cannot be written: is the place there, and may the Desk write to it?"],
        PlaceTrouble.Failed => t["The program failed, or took longer than a minute."],
        PlaceTrouble.Unreachable => t["The witness cannot be reached, or is not the one that was pinned."],
        PlaceTrouble.UnknownLog => t["The witness does not know this log: its operator has to start it with the log's key."],
        PlaceTrouble.OtherKey => t["The witness knows this log by another key: its operator has to enter the right one."],
        PlaceTrouble.Unusable => t["What the witness answers cannot be believed: its key is another one, it was put back to an older state, or it lies."],
        _ => t["The witness knows a longer log than this one, or another one. Somebody put back an older state, or changed it. The next sign-in is refused."],
    };
}
