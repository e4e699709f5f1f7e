using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>What the Desk's collector does to the store; each in one transaction.</summary>
internal sealed class Collections(Room room)
{
    /// <summary>
    /// What waits behind a cursor; null where the cursor is of another store. What was not listed before gets its
    /// positions now, conversation by conversation in the order of their random ids: the order in which they came is
    /// kept within a conversation, and among conversations only as far as which listing was their first.
    /// </summary>
    public static Listing? List(Statements statements, ListRequest request)
    {
        if (Store(statements, request) is not { } store) return null;
        statements.Run("""
            UPDATE waiting SET position = (SELECT last_listed FROM store) + behind.number
            FROM (SELECT request, row_number() OVER (ORDER BY look_up, number) AS number FROM waiting WHERE position IS NULL) AS behind
            WHERE waiting.request = behind.request
            """);
        statements.Run("UPDATE store SET last_listed = max(last_listed, (SELECT coalesce(max(position), 0) FROM waiting))");
        var rows = statements.All(row => (Position: row.GetInt64(0), Listed: new Listed(
            (EnvelopeKind)row.GetInt32(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3), row.GetInt64(4), row.GetInt64(5), row.GetFieldValue<byte[]>(6))), """
            SELECT position, kind, look_up, request, day, length, hash FROM waiting WHERE position > $1 ORDER BY position LIMIT $2
            """, request.Cursor, request.Most);
        return new Listing(store, Next(statements, request, rows.Select(row => row.Position), "SELECT last_listed FROM store"), [.. rows.Select(row => row.Listed)]);
    }

    /// <summary>Answers that were acknowledged, behind a cursor. Those up to the cursor are known to the Desk, and forgotten.</summary>
    public static Deliveries? Delivered(Statements statements, ListRequest request)
    {
        if (Store(statements, request) is not { } store) return null;
        statements.Run("DELETE FROM deliveries WHERE position <= $1", request.Cursor);
        statements.Run("""
            UPDATE deliveries SET position = (SELECT last_told FROM store) + behind.number
            FROM (SELECT request, row_number() OVER (ORDER BY request) AS number FROM deliveries WHERE position IS NULL) AS behind
            WHERE deliveries.request = behind.request
            """);
        statements.Run("UPDATE store SET last_told = max(last_told, (SELECT coalesce(max(position), 0) FROM deliveries))");
        var rows = statements.All(row => (Position: row.GetInt64(0), Request: row.GetFieldValue<byte[]>(1), Day: row.GetInt64(2)), """
            SELECT position, request, day FROM deliveries WHERE position > $1 ORDER BY position LIMIT $2
            """, request.Cursor, request.Most);
        return new Deliveries(store, Next(statements, request, rows.Select(row => row.Position), "SELECT last_told FROM store"),
            [.. rows.Select(row => ((ReadOnlyMemory<byte>)row.Request, row.Day))]);
    }

    /// <summary>An envelope that waits, or null.</summary>
    public static byte[]? Take(Statements statements, TakeRequest request) => statements.Bytes("""
        SELECT envelope FROM envelopes WHERE request = $1 AND EXISTS (SELECT 1 FROM waiting WHERE waiting.request = $1)
        """, request.RequestId.ToArray());

    /// <summary>Deletes what is safe at the Desk. What has another hash stays.</summary>
    public static int Collected(Statements statements, CollectedRequest request)
    {
        var deleted = 0;
        foreach (var (requestId, hash) in request.Envelopes)
        {
            if (statements.Run("DELETE FROM waiting WHERE request = $1 AND hash = $2", requestId.ToArray(), hash.ToArray()) == 0) continue;
            deleted += statements.Run("DELETE FROM envelopes WHERE request = $1", requestId.ToArray());
        }
        return deleted;
    }

    /// <summary>Keeps an answer for a person. Null when it was done.</summary>
    public IntakeError? Put(Statements statements, PutRequest request, byte[] bodyHash, int today)
    {
        var lookUpId = request.Envelope.LookUpId.ToArray();
        var requestId = request.Envelope.RequestId.ToArray();
        var earlier = Requests.Find(statements, requestId);
        if (Requests.IsRepeated(earlier, bodyHash)) return null;
        if (earlier is not null) return new IntakeError(IntakeErrorCode.Different);
        if (!room.HasForDesk(statements, request.Envelope.Length)) return Room.Full;
        if (statements.Run("UPDATE conversations SET day = $2 WHERE look_up = $1", lookUpId, today) == 0) return new IntakeError(IntakeErrorCode.NothingHere);
        statements.Run("INSERT INTO answers VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM answers WHERE look_up = $1), $2, $3, NULL)", lookUpId, requestId, today);
        statements.Run("INSERT INTO envelopes VALUES ($1, $2)", requestId, request.Envelope.ToBytes());
        Requests.Remember(statements, requestId, bodyHash, today);
        return null;
    }

    /// <summary>The store's id, where the cursor is of this store or of none.</summary>
    private static byte[]? Store(Statements statements, ListRequest request)
    {
        var store = statements.Bytes("SELECT id FROM store")!;
        return request.Store.Span.SequenceEqual(store) || request.Store.Span.IndexOfAnyExcept((byte)0) < 0 ? store : null;
    }

    /// <summary>
    /// Behind the last that is given; where none is, the cursor that was asked with. A cursor that was never given means
    /// that this store was rolled back: it gets the highest that was, which is lower, and the Desk notices.
    /// </summary>
    private static long Next(Statements statements, ListRequest request, IEnumerable<long> positions, string highest) =>
        positions.DefaultIfEmpty(Math.Min(request.Cursor, statements.Number(highest))).Last();
}
