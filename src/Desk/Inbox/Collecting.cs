using Understory.Casework;
using Understory.Channels;
using Understory.Envelopes;

namespace Understory.Desk;

/// <summary>
/// Calling Intake, from the moment on when there is an organisation and it is known where Intake is, and telling that
/// something is new. Until then it waits, and says for what.
/// </summary>
public sealed class Collecting : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly DeskOptions _options;
    private readonly Organisation _organisation;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _waiting = Task.CompletedTask;
    private Collector? _collector;
    private Notification? _notification;
    private CollectorStatus _before = new(null);

    internal Collecting(DeskOptions options, Organisation organisation, TimeProvider time, Action<string> say) =>
        (_options, _organisation, _time, _say) = (options, organisation, time, say);

    /// <summary>How it goes.</summary>
    public CollectorStatus Status => Volatile.Read(ref _collector)?.Status ?? _before;

    /// <summary>Whether it is known where Intake is, and it is called.</summary>
    public bool IsRunning => Volatile.Read(ref _collector) is not null;

    /// <summary>What is to stand in Intake's file <c>collector</c>; null where somebody put it there, or nothing is set up.</summary>
    public string? CollectorHash
    {
        get => _options.Collecting.IntakeDirectory is null ? field : null;
        private set;
    }

    /// <summary>Begins.</summary>
    internal void Start()
    {
        var collecting = _options.Collecting;
        if (collecting.NotifyCommand is not null || collecting.NotifyAddress is not null)
            _notification = new Notification(collecting.NotifyCommand, collecting.NotifyAddress, collecting.Proxy is { } proxy ? new Uri(proxy) : null, _time, _say);
        _waiting = Task.Run(WaitAsync);
    }

    /// <summary>Stops calling.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _waiting;
        if (_collector is not null) await _collector.DisposeAsync();
        if (_notification is not null) await _notification.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WaitAsync()
    {
        while (!TryBegin())
        {
            try
            {
                await Task.Delay(s_look, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Begins to call, where everything for it is known; true when it does.</summary>
    internal bool TryBegin()
    {
        lock (_gate) return !_stop.IsCancellationRequested && (IsRunning || TryConnect());
    }

    private bool TryConnect()
    {
        if (!_organisation.IsFounded) return false;
        var (collecting, folder) = (_options.Collecting, _options.DataDirectory);
        try
        {
            var credential = ForIntake.Write(_organisation, _options, out var isNew);
            if (isNew && collecting.IntakeDirectory is null) _say($"Bring Intake its settings, once: {ForIntake.Line(folder)}");
            CollectorHash = Convert.ToHexStringLower(Bearer.Hash(credential));
            if (collecting.Address(folder) is not { } address) return false;
            var collector = new Collector(
                _organisation, new IntakeConnection(address, credential), _time, TimeSpan.FromSeconds(collecting.Seconds), () => _notification?.Tell());
            collector.Start();
            Volatile.Write(ref _collector, collector);
            return true;
        }
        catch (Exception fault) when (fault is FormatException or CaseworkException or IOException or UnauthorizedAccessException)
        {
            var sentence = fault is FormatException or CaseworkException ? fault.Message : $"What Intake needs cannot be written ({fault.GetType().Name}).";
            if (_before.Sentence == sentence) return false;
            _before = new CollectorStatus(null, IntakeTrouble.Unreachable, sentence);
            _say(sentence);
            _organisation.SayChanged();
            return false;
        }
    }
}
