using Microsoft.Data.Sqlite;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>
/// Everything that Intake keeps, in one SQLite file that only this process opens. What a task gave is on the disk. Every
/// method throws a <see cref="RefusedException"/> where it does not do what it is asked.
/// </summary>
internal sealed class IntakeStore : IDisposable
{
    private const int MostWaiting = 8_192;
    private const int SecondsWhenBroken = 60;

    private readonly StoreThread _thread;
    private readonly TimeProvider _time;
    private readonly Conversations _conversations;
    private readonly Collections _collections;
    private readonly Retention _retention;
    private readonly Action<string> _say;
    private int _said;

    /// <param name="folder">Where the file is; made where it is not there.</param>
    /// <param name="options">Quota and days.</param>
    /// <param name="time">What day it is, and nothing more.</param>
    /// <param name="say">Told once when the disk fails.</param>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public IntakeStore(string folder, IntakeOptions options, TimeProvider time, Action<string> say)
    {
        (_time, _say) = (time, say);
        var room = new Room(options.Quota, options.MostWaiting);
        (_conversations, _collections) = (new Conversations(room), new Collections(room));
        _retention = new Retention(options.RetentionDays, options.ReadDays);
        _thread = new StoreThread(StoreFile.Open(folder, Today), MostWaiting);
    }

    private int Today => (int)(_time.GetUtcNow().ToUnixTimeSeconds() / (24 * 60 * 60));

    public Task<Standing> StandingAsync(ReadOnlyMemory<byte> lookUpId, ReadOnlyMemory<byte> token) =>
        DoAsync(statements => _conversations.StandingOf(statements, lookUpId.ToArray(), token.Span));

    public async Task SubmitAsync(SubmitRequest request, byte[] bodyHash) =>
        Check(await DoAsync(statements => _conversations.Submit(statements, request, bodyHash, Today)));

    public async Task<FetchResponse> FetchAsync(FetchRequest request) =>
        await DoAsync(statements => _conversations.Fetch(statements, request)) ?? throw new RefusedException(IntakeErrorCode.NothingHere);

    public async Task AcknowledgeAsync(AcknowledgeRequest request) =>
        Check(await DoAsync(statements => _conversations.Acknowledge(statements, request, Today)));

    public async Task ForgetAsync(ForgetRequest request, byte[] bodyHash) =>
        Check(await DoAsync(statements => _conversations.Forget(statements, request, bodyHash, Today)));

    public async Task<Listing> ListAsync(ListRequest request) =>
        await DoAsync(statements => Collections.List(statements, request)) ?? throw new RefusedException(IntakeErrorCode.Gone);

    public async Task<Deliveries> DeliveredAsync(ListRequest request) =>
        await DoAsync(statements => Collections.Delivered(statements, request)) ?? throw new RefusedException(IntakeErrorCode.Gone);

    public async Task<byte[]> TakeAsync(TakeRequest request) =>
        await DoAsync(statements => Collections.Take(statements, request)) ?? throw new RefusedException(IntakeErrorCode.NothingHere);

    public Task CollectedAsync(CollectedRequest request) => DoAsync(statements => Collections.Collected(statements, request));

    public async Task PutAsync(PutRequest request, byte[] bodyHash) =>
        Check(await DoAsync(statements => _collections.Put(statements, request, bodyHash, Today)));

    public Task DiscardAsync(DiscardRequest request) => DoAsync(statements => Conversations.Discard(statements, request));

    /// <summary>To be called every minute, always: deletes what is due when a day begins.</summary>
    public Task TidyAsync() => DoAsync(statements =>
    {
        if (!_retention.Tidy(statements, Today)) return false;
        _thread.Rewrite();
        return true;
    });

    /// <summary>Finishes what waits, and closes the file.</summary>
    public void Dispose() => _thread.Dispose();

    private static void Check(IntakeError? error)
    {
        if (error is not null) throw new RefusedException(error.Code, (int)error.RetryAfter);
    }

    private async Task<T> DoAsync<T>(Func<Statements, T> work)
    {
        try
        {
            return await _thread.DoAsync(work);
        }
        catch (SqliteException fault)
        {
            // Once: a line for each would write down when people came.
            if (Interlocked.Exchange(ref _said, 1) == 0) _say($"The store cannot be written or read (SQLite says {fault.SqliteErrorCode}): is the disk full?");
            throw new RefusedException(IntakeErrorCode.Busy, SecondsWhenBroken);
        }
    }
}
