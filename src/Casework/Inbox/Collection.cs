using Dapper;
using Understory.Envelopes;

namespace Understory.Casework;

/// <summary>How far the collector is, at which of Intake's stores.</summary>
/// <param name="Store">16 bytes; zeros before the first time.</param>
/// <param name="Cursor">Behind which it goes on to list envelopes.</param>
/// <param name="Told">Behind which it goes on to list what was fetched.</param>
public sealed record CollectorPlace(byte[] Store, long Cursor, long Told)
{
    /// <summary>Before the first time.</summary>
    public static CollectorPlace Start { get; } = new(new byte[IntakeProtocol.StoreIdSize], 0, 0);
}

/// <summary>
/// What the collector brings and takes: rows, still sealed. Nobody needs to be signed in, and no key is used.
/// </summary>
public sealed class Collection
{
    private readonly Organisation _organisation;

    internal Collection(Organisation organisation) => _organisation = organisation;

    /// <summary>How far it is.</summary>
    public CollectorPlace Place => _organisation.Store.Read(connection =>
        connection.QuerySingleOrDefault<CollectorPlace>("SELECT store, cursor, told FROM collector")) ?? CollectorPlace.Start;

    /// <summary>How many envelopes wait for somebody to open them.</summary>
    public long Waiting => _organisation.Store.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM arrivals"));

    /// <summary>Keeps what was taken. When this returns it is safe, and Intake may be told.</summary>
    /// <param name="taken">Each with the place in Intake's order.</param>
    /// <param name="place">Where to go on.</param>
    public void Keep(IEnumerable<(Listed Listed, Envelope Envelope)> taken, CollectorPlace place)
    {
        ArgumentNullException.ThrowIfNull(taken);
        ArgumentNullException.ThrowIfNull(place);
        var some = false;
        _organisation.Store.Write(connection =>
        {
            var position = connection.ExecuteScalar<long?>("SELECT max(position) FROM arrivals") ?? 0;
            foreach (var (listed, envelope) in taken)
            {
                var lookUp = envelope.LookUpId.ToArray();
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM discarded WHERE look_up = @lookUp", new { lookUp }) > 0)
                {
                    // Junk that goes on: Intake is told again.
                    connection.Execute("UPDATE discarded SET told = 0 WHERE look_up = @lookUp", new { lookUp });
                    continue;
                }
                some |= connection.Execute("INSERT INTO arrivals VALUES (@request, @lookUp, @kind, @day, @position, @content) ON CONFLICT DO NOTHING", new
                {
                    request = envelope.RequestId.ToArray(),
                    lookUp,
                    kind = (long)envelope.Kind,
                    day = Arrival.DayOf(listed.Day),
                    position = ++position,
                    content = envelope.Sealed.ToArray(),
                }) > 0;
            }
            StorePlace(connection, place);
        });
        if (some) _organisation.SayChanged();
    }

    /// <summary>Keeps which answers were fetched, and when.</summary>
    public void KeepFetched(IEnumerable<(ReadOnlyMemory<byte> Request, long Day)> answers, CollectorPlace place)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(place);
        var some = false;
        _organisation.Store.Write(connection =>
        {
            foreach (var (request, day) in answers)
            {
                // Only what this Desk sent: Intake cannot make anything up here.
                some |= connection.Execute(
                    "INSERT INTO fetched SELECT @request, @day WHERE EXISTS (SELECT 1 FROM outbox WHERE request = @request) ON CONFLICT DO NOTHING",
                    // Day 0 is what this Desk itself says of an answer that could not be delivered.
                    new { request = request.ToArray(), day = Math.Max(1, Arrival.DayOf(day)) }) > 0;
            }
            StorePlace(connection, place);
        });
        if (some) _organisation.SayChanged();
    }

    /// <summary>Whether something waits to be taken to Intake.</summary>
    public bool HasOutgoing => _organisation.Store.Read(connection => connection.ExecuteScalar<long>(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE envelope IS NOT NULL) OR EXISTS (SELECT 1 FROM discarded WHERE told = 0) OR EXISTS (SELECT 1 FROM inbox_keys WHERE told = 0)")) > 0;

    /// <summary>Answers that Intake has not got yet, each conversation's in their order.</summary>
    public IReadOnlyList<Envelope> Outgoing(int most) => _organisation.Store.Read(connection =>
        connection.Query<byte[]>("SELECT envelope FROM outbox WHERE envelope IS NOT NULL ORDER BY position, request LIMIT @most", new { most })
            .Select(bytes => Envelope.Read(bytes)).ToList());

    /// <summary>Intake has an answer.</summary>
    public void Delivered(ReadOnlySpan<byte> request)
    {
        var id = request.ToArray();
        _organisation.Store.Write(connection => connection.Execute("UPDATE outbox SET envelope = NULL WHERE request = @id", new { id }));
    }

    /// <summary>
    /// Intake has no place for an answer any more: the person had everything forgotten, or their time there ran out. The case
    /// says so as soon as somebody opens it.
    /// </summary>
    public void Undeliverable(ReadOnlySpan<byte> request)
    {
        var id = request.ToArray();
        _organisation.Store.Write(connection =>
        {
            connection.Execute("UPDATE outbox SET envelope = NULL WHERE request = @id", new { id });
            connection.Execute("INSERT INTO fetched VALUES (@id, 0) ON CONFLICT DO NOTHING", new { id });
        });
        _organisation.SayChanged();
    }

    /// <summary>The newest inbox key statement, where Intake has not got it yet.</summary>
    public ReadOnlyMemory<byte>? OutgoingInboxKey() => _organisation.Store.Read(connection =>
        connection.QuerySingleOrDefault<byte[]?>(
            "SELECT statement FROM inbox_keys WHERE number = (SELECT max(number) FROM inbox_keys WHERE number <= @week) AND told = 0",
            new { week = InboxKeys.LastOfWeek(_organisation) })) is { } statement ? statement : (ReadOnlyMemory<byte>?)null;

    /// <summary>Intake has the inbox key.</summary>
    public void DeliveredInboxKey(ReadOnlyMemory<byte> statement) => _organisation.Store.Write(connection =>
        connection.Execute("UPDATE inbox_keys SET told = 1 WHERE statement = @statement", new { statement = statement.ToArray() }));

    /// <summary>Look-up ids of junk that Intake was not told of yet.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Discarded(int most) => _organisation.Store.Read(connection =>
        connection.Query<byte[]>("SELECT look_up FROM discarded WHERE told = 0 LIMIT @most", new { most }).Select(id => (ReadOnlyMemory<byte>)id).ToList());

    /// <summary>Intake was told.</summary>
    public void ToldDiscarded(IEnumerable<ReadOnlyMemory<byte>> lookUps)
    {
        ArgumentNullException.ThrowIfNull(lookUps);
        _organisation.Store.Write(connection => connection.Execute("UPDATE discarded SET told = 1 WHERE look_up = @id", lookUps.Select(id => new { id = id.ToArray() })));
    }

    /// <summary>Begins anew at another store of Intake's, after its people were told. The inbox key goes there again.</summary>
    public void StartOver() => _organisation.Store.Write(connection =>
    {
        StorePlace(connection, CollectorPlace.Start);
        connection.Execute("UPDATE inbox_keys SET told = 0");
    });

    private static void StorePlace(Microsoft.Data.Sqlite.SqliteConnection connection, CollectorPlace place) => connection.Execute(
        "INSERT INTO collector VALUES (1, @Store, @Cursor, @Told) ON CONFLICT (one) DO UPDATE SET store = excluded.store, cursor = excluded.cursor, told = excluded.told", place);
}
