using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>Who is signed in. It stands in memory alone: when the program stops, everybody is signed out.</summary>
internal sealed class Sessions(DeskOptions options, LockedMemory memory, TimeProvider time) : IDisposable
{
    // Each holds locked memory, of which a machine has little: one user must not be able to take it all.
    private const int MostOfOneUser = 8;

    private readonly ConcurrentDictionary<string, Session> _byLookUp = new(StringComparer.Ordinal);

    internal IEnumerable<Session> All => _byLookUp.Values;

    /// <summary>A new session. Where one user has too many, the one that was not used for longest ends.</summary>
    /// <param name="arena">Becomes the session's, with the keyring in it.</param>
    /// <param name="keyring">Whose it is.</param>
    /// <param name="cookie">What the browser is to keep; 32 new random bytes.</param>
    public Session Begin(LockedMemory arena, Keyring keyring, ReadOnlySpan<byte> cookie)
    {
        var session = new Session(arena, keyring, cookie, memory, time);
        foreach (var surplus in Of(session.Owner).Skip(MostOfOneUser - 1)) End(surplus);
        _byLookUp[session.LookUp] = session;
        return session;
    }

    /// <summary>The session of a cookie, open or locked; null where there is none (any more).</summary>
    public Session? Find(ReadOnlySpan<byte> cookie)
    {
        if (!_byLookUp.TryGetValue(Session.LookUpOf(cookie), out var session)) return null;
        Review(session);
        return session.IsOver ? null : session;
    }

    /// <summary>The session whose pages listen with a ticket; null where there is none (any more).</summary>
    public Session? FindListener(string ticket)
    {
        var asked = Encoding.ASCII.GetBytes(ticket);
        Session? found = null;
        // Each is compared, in constant time.
        foreach (var session in _byLookUp.Values)
        {
            if (CryptographicOperations.FixedTimeEquals(asked, Encoding.ASCII.GetBytes(session.Ticket))) found = session;
        }
        if (found is not null) Review(found);
        return found is { IsOver: false } ? found : null;
    }

    /// <summary>The sessions of one user, the latest used first.</summary>
    public IReadOnlyList<Session> Of(PublicKey owner) =>
        [.. _byLookUp.Values.Where(session => session.Owner == owner && !session.IsOver).OrderByDescending(session => session.LastUsed.Wall)];

    /// <summary>Ends one.</summary>
    public void End(Session session)
    {
        session.End();
        _byLookUp.TryRemove(session.LookUp, out _);
    }

    /// <summary>Locks what was not used for a while, ends what is too old.</summary>
    public void Sweep()
    {
        foreach (var session in _byLookUp.Values) Review(session);
    }

    /// <summary>Ends all of them.</summary>
    public void Dispose()
    {
        foreach (var session in _byLookUp.Values) End(session);
    }

    private void Review(Session session)
    {
        session.SentForms.ForgetPlaces();
        if (session.IsOver || session.Began.Passed(time) >= TimeSpan.FromHours(options.SessionHours)) End(session);
        else if (session.LastUsed.Passed(time) >= TimeSpan.FromMinutes(options.IdleMinutes)) session.Lock();
    }
}
