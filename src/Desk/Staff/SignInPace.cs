using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Desk.Staff;

/// <summary>
/// How fast somebody may try to sign in. It slows down and never locks out: whoever knows a name could else keep its owner from
/// their work. One derivation at a time, a bounded number of people in line, and after some failures of one name a wait before
/// the next try of that name is looked at, right or wrong.
/// </summary>
internal sealed class SignInPace(DeskOptions options, LockedMemory memory, TimeProvider time) : IDisposable
{
    private const int MostInLine = 32;
    private const int MostOfOneName = 4;
    private const int MostNames = 4_096;
    private const int FreeFailures = 3;
    private const int MostDoublings = 5;
    private static readonly TimeSpan s_forget = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _derivation = new(1);
    private readonly Dictionary<string, Name> _names = new(StringComparer.Ordinal);
    private readonly Secret _key = memory.Random(32);
    private int _inLine;

    /// <summary>Waits for its turn, and does it.</summary>
    /// <param name="name">As it was typed; whether there is such a user changes nothing.</param>
    /// <param name="attempt">Derives and looks; null where it was refused.</param>
    /// <param name="cancel">Whoever asked is gone.</param>
    /// <exception cref="RequestRefusedException">Too many are in line (503).</exception>
    public async Task<T?> TryAsync<T>(string name, Func<T?> attempt, CancellationToken cancel)
        where T : class
    {
        var began = time.GetTimestamp();
        var tag = TagOf(name);
        var wait = Enter(tag);
        T? result = null;
        var isTried = false;
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel);
            StandInLine();
            try
            {
                await _derivation.WaitAsync(cancel);
                try
                {
                    isTried = true;
                    // Off this thread: it takes half a second of one processor.
                    result = await Task.Run(attempt, CancellationToken.None);
                }
                finally
                {
                    _derivation.Release();
                }
            }
            finally
            {
                Interlocked.Decrement(ref _inLine);
            }
        }
        finally
        {
            Leave(tag, isTried, result is not null);
        }
        if (result is not null) return result;
        // Why this is safe: a wrong passphrase and a wrong code take different times. Answered at whole steps, both look alike.
        var passed = time.GetElapsedTime(began);
        await Task.Delay(options.RefusalStep * Math.Ceiling(passed / options.RefusalStep) - passed, time, cancel);
        return null;
    }

    public void Dispose() => _derivation.Dispose();

    /// <summary>Why this is safe: names are kept only as an HMAC under a key of this process.</summary>
    private string TagOf(string name)
    {
        // As the name is folded where it is looked up: whoever writes it otherwise waits all the same.
        return Convert.ToHexString(HMACSHA256.HashData(_key.Span, Encoding.UTF8.GetBytes(SignInKeys.Fold(name))));
    }

    private TimeSpan Enter(string tag)
    {
        lock (_gate)
        {
            if (!_names.TryGetValue(tag, out var name) || name.InLine == 0 && name.Last.Passed(time) >= s_forget) _names[tag] = name = new Name();
            if (name.InLine >= MostOfOneName) throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable);
            name.InLine++;
            name.Last = Instant.Now(time);
            return name.Failures < FreeFailures ? TimeSpan.Zero : options.FirstWait * (1 << Math.Min(MostDoublings, name.Failures - FreeFailures));
        }
    }

    /// <summary>Only who is about to have their try stands in line: who waits for having failed takes nobody's place.</summary>
    private void StandInLine()
    {
        if (Interlocked.Increment(ref _inLine) <= MostInLine) return;
        Interlocked.Decrement(ref _inLine);
        throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>What was given up before it was tried is no failure: whoever closes their browser must not slow its owner down.</summary>
    private void Leave(string tag, bool isTried, bool succeeded)
    {
        lock (_gate)
        {
            var name = _names[tag];
            name.InLine--;
            if (isTried) name.Failures = succeeded ? 0 : name.Failures + 1;
            if (_names.Count <= MostNames) return;
            // Those with the fewest failures: names that somebody makes up must not push out the one that they try.
            foreach (var (old, _) in _names.Where(pair => pair.Value.InLine == 0).OrderBy(pair => pair.Value.Failures).ThenBy(pair => pair.Value.Last.Wall).Take(MostNames / 4).ToList()) _names.Remove(old);
        }
    }

    private sealed class Name
    {
        public int Failures { get; set; }

        public int InLine { get; set; }

        public Instant Last { get; set; }
    }
}
