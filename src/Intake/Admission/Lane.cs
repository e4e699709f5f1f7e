namespace Understory.Intake;

/// <summary>Room for requests in memory: so many at once, of so many bytes together. Who finds none is not made to wait.</summary>
internal sealed class Lane(int most, long mostBytes)
{
    private readonly Lock _lock = new();
    private int _inside;
    private long _bytes;

    /// <summary>A place for a request of this length, until it is disposed; null where there is none.</summary>
    public IDisposable? TryEnter(int bytes)
    {
        lock (_lock)
        {
            if (_inside >= most || _bytes + bytes > mostBytes) return null;
            _inside++;
            _bytes += bytes;
        }
        return new Place(this, bytes);
    }

    private void Leave(int bytes)
    {
        lock (_lock)
        {
            _inside--;
            _bytes -= bytes;
        }
    }

    private sealed class Place(Lane lane, int bytes) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) lane.Leave(bytes);
        }
    }
}
