using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What the collector brought, as it is stored: still sealed.</summary>
internal sealed record Arrival(byte[] Request, byte[] LookUp, long Kind, long Day, byte[] Sealed)
{
    /// <summary>The last day that anything can have come on: in the year 7445. Intake's word is no better than a number.</summary>
    public const int MaxDay = 2_000_000;

    public bool IsForgetting => Kind == (long)EnvelopeKind.Forget;

    public int DayWithin => DayOf(Day);

    public static int DayOf(long day) => (int)Math.Clamp(day, 0, MaxDay);

    public static DateOnly DateOf(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day));
}

/// <summary>
/// What arrived under one look-up id that belongs to no case: the first of it, in the order in which it was collected. What
/// is beyond stays where it is, and is taken in when somebody has decided.
/// </summary>
internal sealed record Arrivals(IReadOnlyList<Arrival> All, long Count, long Forgettings)
{
    /// <summary>The most that is opened or taken in at once: memory and time are bounded, whatever Intake hands over.</summary>
    public const int MostAtOnce = 64;

    /// <summary>The look-up ids that nobody has decided about, those that wait longest first.</summary>
    public static List<byte[]> Undecided(SqliteConnection connection, int most) => connection.Query<byte[]>(
        """
        SELECT look_up FROM arrivals WHERE look_up NOT IN (SELECT look_up FROM conversations)
        GROUP BY look_up ORDER BY min(position) LIMIT @most
        """, new { most }).AsList();

    /// <summary>How many look-up ids nobody has decided about.</summary>
    public static long CountUndecided(SqliteConnection connection) => connection.ExecuteScalar<long>(
        "SELECT count(DISTINCT look_up) FROM arrivals WHERE look_up NOT IN (SELECT look_up FROM conversations)");

    /// <summary>What arrived under a look-up id.</summary>
    public static Arrivals Under(SqliteConnection connection, byte[] lookUp, int most = MostAtOnce)
    {
        var all = connection.Query<Arrival>(
            "SELECT request, look_up AS LookUp, kind, day, sealed FROM arrivals WHERE look_up = @lookUp ORDER BY position LIMIT @most", new { lookUp, most }).AsList();
        var (count, forgettings) = all.Count < most
            ? (all.Count, all.Count(arrival => arrival.IsForgetting))
            : connection.QuerySingle<(long, long)>(
                "SELECT count(*), sum(kind = @forget) FROM arrivals WHERE look_up = @lookUp", new { lookUp, forget = (long)EnvelopeKind.Forget });
        return new Arrivals(all, count, forgettings);
    }

    /// <summary>What arrived together with one request; null where it was decided meanwhile.</summary>
    public static Arrivals? Of(SqliteConnection connection, ReadOnlyMemory<byte> request)
    {
        var lookUp = connection.ExecuteScalar<byte[]?>(
            "SELECT look_up FROM arrivals WHERE request = @request AND look_up NOT IN (SELECT look_up FROM conversations)", new { request = request.ToArray() });
        return lookUp is not null && Under(connection, lookUp) is var found && found.First.Request.AsSpan().SequenceEqual(request.Span) ? found : null;
    }

    private const string Unopened = "It cannot be opened: it was damaged on the way, sealed to a key that you do not have, or its beginning was withheld.";

    /// <summary>By which a request is named: the first that came.</summary>
    public Arrival First => All[0];

    /// <summary>Opens the first message among them.</summary>
    /// <returns>Null where there is none; <paramref name="which"/> is its place.</returns>
    public Opening? Open(LockedMemory memory, IReadOnlyList<Identity> identities, out int which)
    {
        for (which = 0; which < All.Count; which++)
        {
            if (All[which].IsForgetting) continue;
            try
            {
                return Opening.Open(All[which].Sealed, All[which].LookUp, memory, identities);
            }
            catch (EnvelopeException)
            {
                // Later words of the same person, or something that nobody can read: it stays for whoever decides.
            }
        }
        return null;
    }

    public WaitingRequest Describe(LockedMemory memory, IReadOnlyList<Identity> identities)
    {
        var day = Arrival.DateOf(First.DayWithin);
        using var opening = Open(memory, identities, out _);
        if (opening is null)
        {
            return new WaitingRequest(
                First.Request, day, null, Urgency.NotSaid, null, "", (int)Math.Min(Count - 1, int.MaxValue), WantsForgetting: false, Unopened)
            { Arrived = Count };
        }
        return new WaitingRequest(
            First.Request, day, opening.Language, opening.Urgency, opening.Message.Words, opening.Safely,
            (int)Math.Min(Count - Forgettings - 1, int.MaxValue), WantsForgetting(opening, identities), Fault: null)
        { Arrived = Count };
    }

    /// <summary>Whether the holder of the receipt took the request back.</summary>
    public bool WantsForgetting(Opening opening, IReadOnlyList<Identity> identities) => All.Any(arrival =>
    {
        if (!arrival.IsForgetting) return false;
        try
        {
            ForgetNotice.Check(arrival.Sealed, arrival.LookUp, opening.Message.Conversation, opening.Key, identities);
            return true;
        }
        catch (EnvelopeException)
        {
            return false;
        }
    });
}
