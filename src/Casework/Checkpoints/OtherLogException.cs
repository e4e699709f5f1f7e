namespace Understory.Casework;

/// <summary>Who remembers another log than the database has.</summary>
public enum LogMemory
{
    /// <summary>Nobody: the database contradicts itself.</summary>
    Database,

    /// <summary>The file <c>checkpoint</c> beside the database.</summary>
    OwnFile,

    /// <summary>The file that is kept in another place.</summary>
    ExportedFile,

    /// <summary>What the witness signed last, as it is kept here.</summary>
    Cosigned,

    /// <summary>The witness itself, when it was asked.</summary>
    Witness,

    /// <summary>The keychain of whoever signs in.</summary>
    Keychain,
}

/// <summary>How a log stands to a checkpoint of it that was kept.</summary>
public enum CheckpointStanding
{
    /// <summary>All that was there is there.</summary>
    Consistent,

    /// <summary>The database has fewer entries: it is an older state.</summary>
    Behind,

    /// <summary>What the checkpoint stands for is not in the database: entries were changed, or it is another log.</summary>
    Other,

    /// <summary>It is no checkpoint of this Desk's, or was changed.</summary>
    Forged,
}

/// <summary>
/// The log of the database is not the one that was seen: somebody put back or changed something, or a backup was restored. Nobody
/// is let in until that is understood.
/// </summary>
public sealed class OtherLogException(
    LogMemory memory, CheckpointStanding standing, string message, string? path = null, long? here = null, long? seen = null, Exception? inner = null) : CaseworkException(message, inner)
{
    /// <summary>Who remembers it.</summary>
    public LogMemory Memory => memory;

    /// <summary>How the database stands to that.</summary>
    public CheckpointStanding Standing => standing;

    /// <summary>The file in which it is remembered, where it is one.</summary>
    public string? Path => path;

    /// <summary>How many entries the log has now, where that is known.</summary>
    public long? Here => here;

    /// <summary>How many were seen.</summary>
    public long? Seen => seen;
}
