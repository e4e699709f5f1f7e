using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>What a person's device does to the store; each in one transaction. Null means that it was done.</summary>
internal sealed class Conversations(Room room)
{
    private static readonly IntakeError s_nothingHere = new(IntakeErrorCode.NothingHere);
    private static readonly IntakeError s_conflict = new(IntakeErrorCode.Conflict);

    // What a token is compared with where there is no conversation.
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(Bearer.Size);

    public IntakeError? Submit(Statements statements, SubmitRequest request, byte[] bodyHash, int today)
    {
        var lookUpId = request.Envelope.LookUpId.ToArray();
        var requestId = request.Envelope.RequestId.ToArray();
        var earlier = Requests.Find(statements, requestId);
        // The same bytes hold the same token: whoever shows them was let in before.
        if (Requests.IsRepeated(earlier, bodyHash)) return null;

        var isNew = statements.Number("SELECT count(*) FROM conversations WHERE look_up = $1", lookUpId) == 0;
        var shown = Knows(statements, lookUpId, request.Token.Span);
        var first = request.Expected.Span.IndexOfAnyExcept((byte)0) < 0;
        if (isNew ? !first : !shown) return s_nothingHere;
        if (earlier is not null) return new IntakeError(IntakeErrorCode.Different);
        if (!isNew && !StartedFrom(statements, lookUpId, request.Expected.Span)) return s_conflict;

        var length = request.Envelope.Length + request.Bookmark.Length;
        if (isNew ? !room.HasForNew(statements, length) : !room.HasForKnown(statements, length, IsAnswered(statements, lookUpId)) || !room.HasForOneMore(statements, lookUpId)) return Room.Full;
        if (isNew) statements.Run("INSERT INTO conversations VALUES ($1, $2, $3, $4)", lookUpId, Bearer.Hash(request.Token.Span), request.Bookmark.ToArray(), today);
        else Bookmark(statements, lookUpId, request.Bookmark, today);
        Wait(statements, request.Envelope, lookUpId, requestId, today);
        Requests.Remember(statements, requestId, bodyHash, today);
        return null;
    }

    /// <summary>The bookmark and answers, or null: nothing here.</summary>
    public FetchResponse? Fetch(Statements statements, FetchRequest request)
    {
        var lookUpId = request.LookUpId.ToArray();
        if (!Knows(statements, lookUpId, request.Token.Span)) return null;
        var after = statements.Number("SELECT number FROM answers WHERE look_up = $1 AND request = $2", lookUpId, request.After.ToArray());
        var behind = statements.All(row => (Request: row.GetFieldValue<byte[]>(0), Length: row.GetInt32(1)), """
            SELECT request, (SELECT length(envelope) FROM envelopes WHERE envelopes.request = answers.request)
            FROM answers WHERE look_up = $1 AND number > $2 ORDER BY number LIMIT $3
            """, lookUpId, after, IntakeProtocol.MostAnswers + 1);
        var bytes = 0;
        var some = behind.Take(IntakeProtocol.MostAnswers).TakeWhile(answer => (bytes += answer.Length) <= IntakeProtocol.MostAnswerBytes)
            .Select(answer => Envelope.Read(statements.Bytes("SELECT envelope FROM envelopes WHERE request = $1", answer.Request))).ToList();
        var bookmark = statements.Bytes("SELECT bookmark FROM conversations WHERE look_up = $1", lookUpId);
        return new FetchResponse(some.Count < behind.Count, bookmark, some);
    }

    public IntakeError? Acknowledge(Statements statements, AcknowledgeRequest request, int today)
    {
        var lookUpId = request.LookUpId.ToArray();
        if (!Knows(statements, lookUpId, request.Token.Span)) return s_nothingHere;
        // The answer to the first attempt was lost on its way: what it asked for is done.
        if (StartedFrom(statements, lookUpId, SHA256.HashData(request.Bookmark.Span))) return null;
        if (!StartedFrom(statements, lookUpId, request.Expected.Span)) return s_conflict;
        if (!room.HasForKnown(statements, request.Bookmark.Length, isAnswered: true)) return Room.Full;
        Bookmark(statements, lookUpId, request.Bookmark, today);
        foreach (var answer in request.Answers)
        {
            var read = statements.Run("UPDATE answers SET read = $3 WHERE look_up = $1 AND request = $2 AND read IS NULL", lookUpId, answer.ToArray(), today);
            if (read == 1) statements.Run("INSERT OR IGNORE INTO deliveries VALUES ($1, $2, NULL)", answer.ToArray(), today);
        }
        return null;
    }

    public IntakeError? Forget(Statements statements, ForgetRequest request, byte[] bodyHash, int today)
    {
        var lookUpId = request.Envelope.LookUpId.ToArray();
        var requestId = request.Envelope.RequestId.ToArray();
        var earlier = Requests.Find(statements, requestId);
        if (Requests.IsRepeated(earlier, bodyHash)) return null;
        if (!Knows(statements, lookUpId, request.Token.Span)) return s_nothingHere;
        if (earlier is not null) return new IntakeError(IntakeErrorCode.Different);
        Empty(statements, lookUpId);
        Wait(statements, request.Envelope, lookUpId, requestId, today);
        Requests.Remember(statements, requestId, bodyHash, today);
        return null;
    }

    /// <summary>Deletes conversations that the Desk found to be junk. One that is not there is passed over.</summary>
    public static int Discard(Statements statements, DiscardRequest request)
    {
        foreach (var lookUpId in request.LookUpIds) Empty(statements, lookUpId.ToArray());
        return request.LookUpIds.Count;
    }

    /// <summary>Whether there is such a conversation, and this is its token.</summary>
    /// <remarks>
    /// Why this is safe: one look-up, one hash and one comparison in constant time whether there is one or not; nobody's
    /// token has the hash of 32 random bytes.
    /// </remarks>
    public bool Knows(Statements statements, byte[] lookUpId, ReadOnlySpan<byte> token) =>
        Bearer.Matches(statements.Bytes("SELECT bearer FROM conversations WHERE look_up = $1", lookUpId) ?? _nobody, token);

    public Standing StandingOf(Statements statements, byte[] lookUpId, ReadOnlySpan<byte> token) =>
        !Knows(statements, lookUpId, token) ? Standing.None : IsAnswered(statements, lookUpId) ? Standing.Answered : Standing.Known;

    /// <summary>Whether an answer lies there; some days after it was fetched it does no more.</summary>
    private static bool IsAnswered(Statements statements, byte[] lookUpId) =>
        statements.Number("SELECT count(*) FROM answers WHERE look_up = $1", lookUpId) > 0;

    /// <summary>Deletes all of a conversation.</summary>
    private static void Empty(Statements statements, byte[] lookUpId)
    {
        statements.Run("DELETE FROM envelopes WHERE request IN (SELECT request FROM waiting WHERE look_up = $1 UNION ALL SELECT request FROM answers WHERE look_up = $1)", lookUpId);
        statements.Run("DELETE FROM deliveries WHERE request IN (SELECT request FROM answers WHERE look_up = $1)", lookUpId);
        statements.Run("DELETE FROM waiting WHERE look_up = $1", lookUpId);
        statements.Run("DELETE FROM answers WHERE look_up = $1", lookUpId);
        statements.Run("DELETE FROM conversations WHERE look_up = $1", lookUpId);
    }

    private static bool StartedFrom(Statements statements, byte[] lookUpId, ReadOnlySpan<byte> expected) =>
        statements.Bytes("SELECT bookmark FROM conversations WHERE look_up = $1", lookUpId) is { } bookmark
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(bookmark), expected);

    private static void Bookmark(Statements statements, byte[] lookUpId, ReadOnlyMemory<byte> bookmark, int today) =>
        statements.Run("UPDATE conversations SET bookmark = $2, day = $3 WHERE look_up = $1", lookUpId, bookmark.ToArray(), today);

    private static void Wait(Statements statements, Envelope envelope, byte[] lookUpId, byte[] requestId, int today)
    {
        statements.Run("INSERT INTO waiting VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM waiting WHERE look_up = $2), $3, $4, $5, $6, NULL)",
            requestId, lookUpId, (int)envelope.Kind, today, envelope.Sealed.Length, envelope.Hash.ToArray());
        statements.Run("INSERT INTO envelopes VALUES ($1, $2)", requestId, envelope.ToBytes());
    }
}
