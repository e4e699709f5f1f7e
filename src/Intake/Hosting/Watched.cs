namespace Understory.Intake;

/// <summary>
/// A small file that an operator or the Desk lays down or changes while Intake runs. Asking looks at the file's date and
/// length, which costs a microsecond; it is read again only when these have changed.
/// </summary>
/// <param name="path">Where it is, or will be.</param>
/// <param name="most">A longer one is none.</param>
/// <param name="read">What it holds; null where that is nothing of use.</param>
internal sealed class Watched<T>(string path, int most, Func<byte[], T?> read) where T : class
{
    private readonly Lock _lock = new();
    private (DateTime Written, long Length) _seen;
    private T? _value;

    /// <summary>Whether there is a file, of use or not.</summary>
    public bool IsThere => File.Exists(path);

    /// <summary>What it holds now; null where it is not there or of no use.</summary>
    public T? Value
    {
        get
        {
            var file = new FileInfo(path);
            var there = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            lock (_lock)
            {
                if (_seen == there) return _value;
                _value = Read(file);
                _seen = there;
                return _value;
            }
        }
    }

    private T? Read(FileInfo file)
    {
        try
        {
            return file.Exists && file.Length <= most ? read(File.ReadAllBytes(path)) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
