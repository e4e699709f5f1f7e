using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What the collector brought, as it is stored: still sealed.</summary>
internal sealed record Arrival(byte[] Request, byte[] LookUp, long Kind, long Day, byte[] Sealed)
{
    public bool IsForgetting => Kind == (long)EnvelopeKind.Forget;
}

/// <summary>What arrived under one look-up id that belongs to no case, in the order of Intake.</summary>
internal sealed record Arrivals(IReadOnlyList<Arrival> All)
{
    /// <summary>Everything that nobody has decided about, by look-up id.</summary>
    public static IEnumerable<Arrivals> Undecided(SqliteConnection connection) => connection.Query<Arrival>(
        """
        SELECT request, look_up AS LookUp, kind, day, sealed FROM arrivals
        WHERE look_up NOT IN (SELECT look_up FROM conversations) ORDER BY look_up, position
        """).GroupBy(arrival => Convert.ToHexString(arrival.LookUp)).Select(group => new Arrivals([.. group]));

    /// <summary>What arrived together with one request; null where it was decided meanwhile.</summary>
    public static Arrivals? Of(SqliteConnection connection, ReadOnlyMemory<byte> request) =>
        Undecided(connection).FirstOrDefault(arrivals => arrivals.First.Request.AsSpan().SequenceEqual(request.Span));

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
        var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(First.Day, 0, 2_000_000) * 86_400).UtcDateTime);
        using var opening = Open(memory, identities, out _);
        if (opening is null)
        {
            return new WaitingRequest(
                First.Request, day, null, Urgency.NotSaid, null, "", All.Count - 1, WantsForgetting: false,
                "It cannot be opened: it was damaged on the way, sealed to a key that you do not have, or its beginning was withheld.");
        }
        return new WaitingRequest(
            First.Request, day, opening.Language, opening.Urgency, opening.Message.Words, opening.Safely,
            All.Count(arrival => !arrival.IsForgetting) - 1, WantsForgetting(opening, identities), Fault: null);
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
