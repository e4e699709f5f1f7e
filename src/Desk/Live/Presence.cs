using Understory.Casework;

namespace Understory.Desk;

/// <summary>Somebody who has a page of a case open now.</summary>
/// <param name="User">Who.</param>
/// <param name="IsWriting">Whether they are writing an answer.</param>
public sealed record Present(UserId User, bool IsWriting);

/// <summary>
/// Who is in a case now, for those who have it open too. It stands in memory alone, and goes when a session is locked or over.
/// </summary>
/// <remarks>
/// A case stands here under its pseudonym (<see cref="Pseudonym.Of"/>). Why this is safe: only who holds the case's key can
/// compute it, so that what is kept here tells that some who are signed in work on one case, and not on which.
/// </remarks>
internal sealed class Presence(TimeProvider time)
{
    /// <summary>How long a request counts where no page says that it is still open.</summary>
    public static readonly TimeSpan Lingering = TimeSpan.FromMinutes(3);

    /// <summary>How long a draft that was kept counts as writing.</summary>
    public static readonly TimeSpan Writing = TimeSpan.FromMinutes(2);

    // Loading a page anew is not going away.
    private static readonly TimeSpan s_betweenPages = TimeSpan.FromSeconds(15);
    private const int MostOfOneSession = 16;
    private readonly Lock _gate = new();
    private readonly List<Visit> _visits = [];

    /// <summary>How many visits are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _visits.Count;
        }
    }

    /// <summary>Somebody opened a page of a case. The others are told if they were not there before.</summary>
    public void Come(Session session, UserId user, string place)
    {
        var unlocked = session.Unlocked;
        lock (_gate)
        {
            DropWhoLeft();
            var visit = _visits.Find(each => each.Session == session && each.Place == place);
            if (visit is null)
            {
                var isNews = !_visits.Exists(each => each.User == user && each.Place == place);
                visit = new Visit(session, user, place, unlocked);
                if (_visits.Count(each => each.Session == session) >= MostOfOneSession) Drop(_visits.First(each => each.Session == session));
                _visits.Add(visit);
                if (isNews) TellOthers(visit);
            }
            (visit.Since, visit.Longest) = (Instant.Now(time), Lingering);
        }
    }

    /// <summary>Somebody who is there writes an answer, or stopped to.</summary>
    public void SetWriting(Session session, string place, bool isWriting)
    {
        lock (_gate)
        {
            DropWhoLeft();
            if (_visits.Find(each => each.Session == session && each.Place == place) is not { } visit) return;
            var isNews = visit.Wrote.HasValue != isWriting;
            visit.Wrote = isWriting ? Instant.Now(time) : null;
            if (isNews) TellOthers(visit);
        }
    }

    /// <summary>Who else is there, those who came first in front.</summary>
    /// <param name="place">The case, by its pseudonym.</param>
    /// <param name="reader">Who asks.</param>
    /// <param name="mayRead">Whether somebody may read the case: whoever was let out is not there any more.</param>
    public IReadOnlyList<Present> Others(string place, UserId reader, Func<UserId, bool> mayRead)
    {
        lock (_gate)
        {
            DropWhoLeft();
            foreach (var visit in _visits.Where(each => each.Place == place && !mayRead(each.User)).ToList()) Drop(visit);
            return [.. _visits.Where(each => each.Place == place && each.User != reader).GroupBy(each => each.User).Select(visits => new Present(visits.Key, visits.Any(each => each.Wrote is not null)))];
        }
    }

    /// <summary>
    /// An open page listens: as long as it does, its reader is there, and it is told when somebody comes or goes. Nobody is
    /// there by listening alone: a request with keys came before.
    /// </summary>
    /// <returns>To be disposed when the page is closed; null where its reader is not there.</returns>
    public IDisposable? Listen(Session session, string place, Changes.Listener listener)
    {
        lock (_gate)
        {
            DropWhoLeft();
            if (_visits.Find(each => each.Session == session && each.Place == place) is not { } visit) return null;
            visit.Pages.Add(listener);
            return new OpenPage(this, visit, listener);
        }
    }

    /// <summary>Forgets who went away, and tells those who stay.</summary>
    public void Sweep()
    {
        lock (_gate) DropWhoLeft();
    }

    private void Close(Visit visit, Changes.Listener listener)
    {
        lock (_gate)
        {
            visit.Pages.Remove(listener);
            if (visit.Pages.Count == 0) (visit.Since, visit.Longest) = (Instant.Now(time), s_betweenPages);
            // A session that was locked ends its streams: what is known of it goes now.
            DropWhoLeft();
        }
    }

    private void DropWhoLeft()
    {
        foreach (var visit in _visits.Where(each => each.Unlocked.IsCancellationRequested || (each.Pages.Count == 0 && each.Since.Passed(time) >= each.Longest)).ToList()) Drop(visit);
        foreach (var visit in _visits.Where(each => each.Wrote is { } wrote && wrote.Passed(time) >= Writing))
        {
            visit.Wrote = null;
            TellOthers(visit);
        }
    }

    private void Drop(Visit visit)
    {
        if (_visits.Remove(visit) && !_visits.Exists(each => each.User == visit.User && each.Place == visit.Place)) TellOthers(visit);
    }

    // Nobody is told of themselves: a page that asks anew because it was told would tell again.
    private void TellOthers(Visit visit)
    {
        foreach (var page in _visits.Where(each => each.Place == visit.Place && each.User != visit.User).SelectMany(each => each.Pages)) page.Tell();
    }

    private sealed class Visit(Session session, UserId user, string place, CancellationToken unlocked)
    {
        public Session Session { get; } = session;

        public UserId User { get; } = user;

        public string Place { get; } = place;

        /// <summary>Cancelled when the session is locked or over.</summary>
        public CancellationToken Unlocked { get; } = unlocked;

        /// <summary>The last request, or when the last page was closed.</summary>
        public Instant Since { get; set; }

        /// <summary>How long that counts.</summary>
        public TimeSpan Longest { get; set; }

        public Instant? Wrote { get; set; }

        public List<Changes.Listener> Pages { get; } = [];
    }

    private sealed class OpenPage(Presence presence, Visit visit, Changes.Listener listener) : IDisposable
    {
        public void Dispose() => presence.Close(visit, listener);
    }
}
