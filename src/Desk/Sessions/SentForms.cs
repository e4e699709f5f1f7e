namespace Understory.Desk;

/// <summary>
/// The forms that a session has sent: each page gives its forms a number, and a second click, or a page loaded again, does not do
/// a second time what was done. It guards nobody against their own hand-made requests: a form without a number is just answered.
/// </summary>
internal sealed class SentForms(TimeProvider time)
{
    /// <summary>The name of the field.</summary>
    public const string Field = "form-id";

    private const int Most = 256;

    // Where a form led names a case: it is kept for as long as a double click needs, as buffers of connections keep it.
    private static readonly TimeSpan s_placesKept = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Sent> _sent = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <summary>Begins to answer a form.</summary>
    /// <returns>The time before, where it was sent already; null where it was not.</returns>
    public Sent? Begin(string id)
    {
        lock (_gate)
        {
            if (_sent.TryGetValue(id, out var before)) return before;
            _sent.Add(id, new Sent(Instant.Now(time)));
            _order.Enqueue(id);
            if (_order.Count > Most) _sent.Remove(_order.Dequeue());
            return null;
        }
    }

    /// <summary>It was answered.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="isDone">Whether it did something: what was refused may be sent again.</param>
    /// <param name="place">Where its answer led; null for a page.</param>
    public void End(string id, bool isDone, string? place)
    {
        lock (_gate)
        {
            if (!_sent.TryGetValue(id, out var sent)) return;
            sent.Place = place;
            if (!isDone) _sent.Remove(id);
            sent.Done.TrySetResult(isDone);
        }
    }

    /// <summary>Forgets where older forms led; that they were sent is remembered.</summary>
    public void ForgetPlaces()
    {
        lock (_gate)
        {
            foreach (var sent in _sent.Values.Where(sent => sent.Place is not null && sent.At.Passed(time) >= s_placesKept)) sent.Place = null;
        }
    }

    /// <summary>A form that was sent.</summary>
    internal sealed class Sent(Instant at)
    {
        public Instant At { get; } = at;

        /// <summary>True once it was done, false when it did nothing.</summary>
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? Place { get; set; }
    }
}
