using Understory.Casework;
using Understory.Channels;
using Understory.Envelopes;

namespace Understory.Desk;

/// <summary>How collecting goes, for pages and <c>understory doctor</c>.</summary>
/// <param name="LastDone">When a round was last done whole; null when none was since the start.</param>
/// <param name="Trouble">What is wrong; null when nothing is.</param>
/// <param name="Sentence">The same for a person.</param>
public sealed record CollectorStatus(DateTimeOffset? LastDone, IntakeTrouble? Trouble = null, string? Sentence = null);

/// <summary>
/// Calls Intake again and again: brings what arrived, takes answers there. Nothing is acknowledged before it is safe here;
/// what Intake does wrong stops the round and is said.
/// </summary>
public sealed class Collector : IAsyncDisposable
{
    private const int MostAtOnce = 64;

    /// <summary>Listings of one round: whoever hands over without end must not keep answers from going out.</summary>
    internal const int MostListings = 64;

    private readonly Organisation _organisation;
    private readonly IntakeConnection _intake;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _hurry = new(0, 1);
    private readonly Action _arrived;
    private Task _loop = Task.CompletedTask;

    /// <param name="organisation">Whose Desk it is.</param>
    /// <param name="intake">Where it calls. It becomes the collector's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pause">Between two rounds.</param>
    /// <param name="arrived">Called when something new arrived; it is told nothing.</param>
    public Collector(Organisation organisation, IntakeConnection intake, TimeProvider time, TimeSpan pause, Action? arrived = null) =>
        (_organisation, _intake, _time, _pause, _arrived) = (organisation, intake, time, pause, arrived ?? (() => { }));

    /// <summary>How it goes.</summary>
    public CollectorStatus Status { get; private set; } = new(null);

    /// <summary>Begins.</summary>
    public void Start()
    {
        _organisation.Changed += Hurry;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>One round, now: everything there is, both ways; of very much, the first 16,000 envelopes, and the next round goes on.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used; what was done before stays done.</exception>
    public async Task RoundAsync(CancellationToken cancel)
    {
        for (var listings = 0; listings < MostListings && await BringAsync(cancel);) listings++;
        for (var listings = 0; listings < MostListings && await BringFetchedAsync(cancel);) listings++;
        await TakeAnswersAsync(cancel);
        if (_organisation.Collection.Discarded(IntakeProtocol.MostListed) is { Count: > 0 } junk)
        {
            await _intake.DiscardAsync(junk, cancel);
            _organisation.Collection.ToldDiscarded(junk);
        }
        // Last: an Intake that was given nothing of this organisation yet still hands over what it has.
        if (_organisation.Collection.OutgoingInboxKey() is { } statement)
        {
            await _intake.PutInboxKeyAsync(statement, cancel);
            _organisation.Collection.DeliveredInboxKey(statement);
        }
    }

    /// <summary>Stops, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _organisation.Changed -= Hurry;
        await _stop.CancelAsync();
        await _loop;
        _intake.Dispose();
        _stop.Dispose();
        _hurry.Dispose();
    }

    private async Task TakeAnswersAsync(CancellationToken cancel)
    {
        foreach (var answer in _organisation.Collection.Outgoing(MostAtOnce))
        {
            try
            {
                await _intake.PutAsync(answer, cancel);
                _organisation.Collection.Delivered(answer.RequestId);
            }
            catch (IntakeTroubleException fault) when (fault.Trouble == IntakeTrouble.NotAdmitted)
            {
                // The credential was good a moment ago: the person had everything forgotten, or their time ran out. Whoever works
                // the case is told, and nobody else's answer waits for it.
                _organisation.Collection.Undeliverable(answer.RequestId);
            }
            catch (IntakeTroubleException fault) when (fault.Trouble == IntakeTrouble.Busy)
            {
                // A full Intake must still be emptied: the rest of the round makes the room.
                return;
            }
        }
    }

    private async Task<bool> BringAsync(CancellationToken cancel)
    {
        var place = _organisation.Collection.Place;
        var listing = await _intake.ListAsync(place.Store, place.Cursor, cancel);
        List<Listed> safe = [];
        var isWhole = true;
        foreach (var some in listing.Envelopes.Chunk(MostAtOnce))
        {
            List<(Listed, Envelope)> taken = [];
            foreach (var listed in some)
            {
                if (await _intake.TakeAsync(listed, cancel) is { } envelope) taken.Add((listed, envelope));
                else isWhole = false;
            }
            // The cursor moves only when everything of this listing is here: what was kept twice is kept once.
            _organisation.Collection.Keep(taken, place with { Store = listing.Store.ToArray() });
            safe.AddRange(taken.Select(one => one.Item1));
            if (taken.Count > 0) _arrived();
        }
        if (safe.Count > 0) await _intake.AcknowledgeAsync(safe, cancel);
        // What was listed and not handed over was forgotten meanwhile, or this Desk's credential is not taken just now: then
        // listing again says so, and nothing is passed over.
        if (!isWhole) await _intake.ListAsync(listing.Store, place.Cursor, cancel);
        _organisation.Collection.Keep([], place with { Store = listing.Store.ToArray(), Cursor = listing.Next });
        return listing.Envelopes.Count > 0;
    }

    private async Task<bool> BringFetchedAsync(CancellationToken cancel)
    {
        var place = _organisation.Collection.Place;
        var deliveries = await _intake.DeliveredAsync(place.Store, place.Told, cancel);
        _organisation.Collection.KeepFetched(deliveries.Answers, place with { Told = deliveries.Next });
        return deliveries.Answers.Count > 0;
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var before = Status;
            try
            {
                await RoundAsync(_stop.Token);
                Status = new(_time.GetUtcNow());
            }
            catch (IntakeTroubleException fault)
            {
                Status = new(before.LastDone, fault.Trouble, fault.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception fault)
            {
                // The next round tries again: a full disk, a locked file. Its message may hold what it should not.
                Status = new(before.LastDone, IntakeTrouble.Unreachable, $"What was collected could not be stored ({fault.GetType().Name}).");
            }
            try
            {
                if (before.Trouble != Status.Trouble) _organisation.SayChanged();
                await _hurry.WaitAsync(_pause, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // An answer that was just written goes at once.
    private void Hurry(object? sender, EventArgs arguments)
    {
        try
        {
            if (_hurry.CurrentCount == 0 && _organisation.Collection.HasOutgoing) _hurry.Release();
        }
        catch (Exception fault) when (fault is SemaphoreFullException or CaseworkException or ObjectDisposedException)
        {
            // Somebody else did; or the next round finds what is wrong, and says it.
        }
    }
}
