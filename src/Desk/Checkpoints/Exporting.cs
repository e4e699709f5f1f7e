using System.Text;
using Understory.Casework;
using Understory.Channels;
using Understory.Journal;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>
/// Takes checkpoints off this machine, while nobody has to be signed in: to a file and a program when there is a new one, to the
/// witness in every round, so that whoever watches the line does not see when something is written.
/// </summary>
public sealed class Exporting : IAsyncDisposable
{
    private const int MostQuestions = 3;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastRound = TimeSpan.FromSeconds(5);

    private readonly CheckpointOptions _options;
    private readonly Organisation _organisation;
    private readonly Text _english;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly WitnessConnection? _witness;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private IReadOnlyList<PlaceStatus> _places;
    private long _size = -1;
    private bool _isRefused;

    internal Exporting(DeskOptions options, Organisation organisation, Catalogue catalogue, TimeProvider time, Action<string> say)
    {
        (_options, _organisation, _english, _time, _say) = (options.Checkpoints, organisation, catalogue.For("en"), time, say);
        organisation.CheckpointPlaces = _options.Places;
        if (_options.Witness is { } witness) _witness = new WitnessConnection(witness);
        var noted = organisation.OutgoingCheckpoints.Noted();
        List<(CheckpointPlace, string)> places = [];
        if (_options.File is { } file) places.Add((CheckpointPlace.File, file));
        if (_options.Command is { } command) places.Add((CheckpointPlace.Command, command));
        if (_options.Witness is { } at) places.Add((CheckpointPlace.Witness, at.Address.ToString()));
        _places = [.. places.Select(place => noted.FirstOrDefault(note => (note.Place, note.Where) == place) is { } before
            ? new PlaceStatus(before.Place, before.Where, before.Size, before.Day, PlaceTrouble.NotYet) : new PlaceStatus(place.Item1, place.Item2, null, null, PlaceTrouble.NotYet))];
        if (_witness is null) _first.SetResult();
    }

    /// <summary>Where checkpoints go, and how that goes.</summary>
    public IReadOnlyList<PlaceStatus> Places => Volatile.Read(ref _places);

    /// <summary>Begins.</summary>
    internal void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>
    /// Waits until the witness was asked once, but not for long: a database that was put back while the Desk stood is refused at the
    /// first sign-in, and a witness that cannot be reached keeps nobody from working.
    /// </summary>
    internal async Task AskedAsync(TimeSpan patience, CancellationToken cancel)
    {
        try
        {
            await _first.Task.WaitAsync(patience, cancel);
        }
        catch (TimeoutException)
        {
            // It is asked all the same, and the next sign-in hears of it.
        }
    }

    /// <summary>Takes the newest one out once more, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        if (_organisation.IsFounded && _size >= 0)
        {
            using var patience = new CancellationTokenSource(s_lastRound);
            try
            {
                await RoundAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // The next start does it.
            }
        }
        _witness?.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (!_organisation.IsFounded) await Task.Delay(s_look, _stop.Token);
            while (true)
            {
                await RoundAsync(_stop.Token);
                _first.TrySetResult();
                await Task.Delay(TimeSpan.FromSeconds(_options.Seconds), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _first.TrySetResult();
        }
    }

    /// <summary>Everything once.</summary>
    internal async Task RoundAsync(CancellationToken cancel)
    {
        SignedCheckpoint now;
        try
        {
            now = _organisation.OutgoingCheckpoints.Sign();
        }
        catch (CaseworkException fault)
        {
            if (!_isRefused) _say(fault.Message);
            _isRefused = true;
            Volatile.Write(ref _places, [.. Places.Select(place => place with { Trouble = PlaceTrouble.OtherLog })]);
            return;
        }
        _isRefused = false;
        List<PlaceStatus> after = [];
        foreach (var place in Places)
        {
            var trouble = await TakeOutAsync(place, now, cancel);
            var reached = trouble == PlaceTrouble.None;
            var then = place with { Trouble = trouble, Size = reached ? now.Checkpoint.Size : place.Size, Day = reached ? DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime) : place.Day };
            // Once until it works again.
            if (!reached && place.Trouble != trouble) _say(_english["A checkpoint did not leave this machine ({where}): {why}", ("where", place.Where), ("why", then.Sentence(_english))]);
            after.Add(then);
        }
        Volatile.Write(ref _places, after);
        _size = now.Checkpoint.Size;
        try
        {
            _organisation.OutgoingCheckpoints.Note(after.Select(place => new NotedPlace(place.Place, place.Size, place.Day, place.Where)));
        }
        catch (CaseworkException fault)
        {
            _say(fault.Message);
        }
    }

    private async Task<PlaceTrouble> TakeOutAsync(PlaceStatus place, SignedCheckpoint now, CancellationToken cancel)
    {
        try
        {
            switch (place.Place)
            {
                case CheckpointPlace.File:
                    _organisation.OutgoingCheckpoints.Export(place.Where);
                    return PlaceTrouble.None;
                case CheckpointPlace.Command:
                    if (_organisation.OutgoingCheckpoints.Refusal() is not null) return PlaceTrouble.OtherLog;
                    return place.Size == now.Checkpoint.Size || await CheckpointCommand.RunAsync(place.Where, Encoding.UTF8.GetBytes(now.Text), cancel) is null ? PlaceTrouble.None : PlaceTrouble.Failed;
                default:
                    return await AskAsync(now, cancel);
            }
        }
        catch (OtherLogException)
        {
            return PlaceTrouble.OtherLog;
        }
        catch (Exception fault) when (fault is CaseworkException or JournalException)
        {
            return place.Place == CheckpointPlace.File ? PlaceTrouble.Unwritable : PlaceTrouble.Unusable;
        }
    }

    private async Task<PlaceTrouble> AskAsync(SignedCheckpoint now, CancellationToken cancel)
    {
        long? old = null;
        // Twice is enough; what a witness says may change in between once more, but not for ever.
        for (var tries = 0; tries < MostQuestions; tries++)
        {
            var request = _organisation.OutgoingCheckpoints.Ask(now, old);
            if (await _witness!.AskAsync(request.ToBytes(), cancel) is not { } reply) return PlaceTrouble.Unreachable;
            switch (_organisation.OutgoingCheckpoints.Take(now, request, reply.Status, reply.Body.Span, out var known))
            {
                case WitnessOutcome.Cosigned:
                    return PlaceTrouble.None;
                case WitnessOutcome.AskAgain:
                    old = known;
                    break;
                case WitnessOutcome.KnowsAnother:
                    return PlaceTrouble.KnowsAnother;
                case WitnessOutcome.UnknownLog:
                    return PlaceTrouble.UnknownLog;
                case WitnessOutcome.OtherKey:
                    return PlaceTrouble.OtherKey;
                default:
                    return PlaceTrouble.Unusable;
            }
        }
        return PlaceTrouble.Unusable;
    }
}
