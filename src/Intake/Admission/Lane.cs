namespace Understory.Intake;

/// <summary>Room for requests in memory: so many at once, of so many bytes together. Who finds none is not made to wait.</summary>
internal sealed class Lane(int most, long mostBytes)
{
    private readonly Lock _lock = new();
    private int _inside;
    private long _bytes;

    /// <summary>How long the first bytes may take; each that is announced adds to it (<see cref="RequestBody"/>).</summary>
    public TimeSpan Patience { get; init; } = RequestBody.Patience;

    /// <summary>A place for this many bytes, until it is disposed; null where there is none.</summary>
    public Place? TryEnter(int bytes)
    {
        lock (_lock)
        {
            if (_inside >= most || _bytes + bytes > mostBytes) return null;
            _inside++;
            _bytes += bytes;
        }
        return new Place(this, bytes);
    }

    private bool TryTake(int bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes > mostBytes) return false;
            _bytes += bytes;
        }
        return true;
    }

    private void Leave(int bytes)
    {
        lock (_lock)
        {
            _inside--;
            _bytes -= bytes;
        }
    }

    /// <summary>A place of one request. Its owner alone lets it grow.</summary>
    public sealed class Place(Lane lane, int bytes) : IDisposable
    {
        private int _bytes = bytes;
        private int _left;

        public TimeSpan Patience => lane.Patience;

        /// <summary>Room for more, because as much has come; false where there is none.</summary>
        public bool TryGrow(int bytes)
        {
            if (!lane.TryTake(bytes)) return false;
            _bytes += bytes;
            return true;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) lane.Leave(_bytes);
        }
    }
}
