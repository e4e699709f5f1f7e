using System.Security.Cryptography;

namespace Understory.Intake;

/// <summary>What leaves the store by itself, and when.</summary>
/// <param name="days">Days after which everything has left that nobody touched.</param>
/// <param name="readDays">Days after which an answer has left that the person's device acknowledged.</param>
internal sealed class Retention(int days, int readDays)
{
    // A clock that jumps must not empty the store: after a longer gap nothing is deleted until the next day.
    private const int LongestGap = 31;

    /// <summary>Deletes what is due, once a day.</summary>
    /// <returns>Whether a day began.</returns>
    public bool Tidy(Statements statements, int today)
    {
        // The file changes every minute, whether anybody wrote or not: its times tell that Intake was running.
        statements.Run("UPDATE store SET beat = $1", RandomNumberGenerator.GetBytes(16));
        var gap = today - statements.Number("SELECT tidied FROM store");
        if (gap == 0) return false;
        statements.Run("UPDATE store SET tidied = $1", today);
        // Neither does one that was set back delete anything.
        if (gap is > 0 and <= LongestGap) Delete(statements, today);
        return true;
    }

    private void Delete(Statements statements, int today)
    {
        const string Due = "SELECT request FROM answers WHERE day <= $1 OR read <= $2";
        var (old, read) = (today - days, today - readDays);
        statements.Run($"DELETE FROM envelopes WHERE request IN ({Due} UNION ALL SELECT request FROM waiting WHERE day <= $1)", old, read);
        statements.Run($"DELETE FROM answers WHERE request IN ({Due})", old, read);
        statements.Run("DELETE FROM waiting WHERE day <= $1", old);
        statements.Run("DELETE FROM deliveries WHERE day <= $1", old);
        statements.Run("DELETE FROM requests WHERE day <= $1", old);
        // An answer makes its conversation as young as itself, so that none is left behind alone.
        statements.Run("DELETE FROM conversations WHERE day <= $1", old);
    }
}
