namespace Understory.Casework;

/// <summary>Who changed something last, and when.</summary>
/// <param name="Sequence">The entry that did; of common answers, how many times they were stored.</param>
/// <param name="Time">When.</param>
/// <param name="By">Who; null where the directory does not know them.</param>
public sealed record LastChange(long Sequence, DateTimeOffset Time, UserId? By)
{
    /// <summary>Nothing is written over what the writer has not seen.</summary>
    /// <param name="last">What is there.</param>
    /// <param name="seen">Up to where the writer's page showed it; null: they do not ask.</param>
    /// <exception cref="OvertakenException">Somebody changed it after the page was made.</exception>
    internal static void CheckSeen(LastChange? last, long? seen)
    {
        if (seen is { } known && last is { } there && there.Sequence > known) throw new OvertakenException(there);
    }
}

/// <summary>Somebody was faster: what is to be replaced is not what the writer saw. Nothing was written.</summary>
public sealed class OvertakenException : CaseworkException
{
    internal OvertakenException(LastChange change)
        : base("Somebody changed this after you opened the page. Nothing of yours was written: load the page again and look.") => Change = change;

    /// <summary>Who was faster, and when.</summary>
    public LastChange Change { get; }
}
