using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Keys on their way from one user to another: wraps in the box of whom they are for, and notices that something was taken
/// away (<c>docs/formats/directory.md</c>, "Boxes").
/// </summary>
internal static class Boxes
{
    private const int NameSize = 16;
    private const int NoticeSize = 1 + CaseId.Size;
    private const byte Version = 1;

    /// <summary>The box of a recipient.</summary>
    public static byte[] NameOf(HybridRecipient recipient) =>
        Digest.Of([.. "understory/desk/v1/box\0"u8, .. WrapTerms.GranteeOf(recipient).ToArray()]).ToArray()[..NameSize];

    /// <summary>Puts the key of an epoch into somebody's box.</summary>
    /// <returns>The hash of the wrap.</returns>
    public static Digest Put(SqliteConnection connection, Epoch epoch, HybridRecipient to, SigningKey granter, int? until)
    {
        var wrap = Wrap.Seal(epoch, to, granter);
        var hash = Wrap.HashOf(wrap);
        connection.Execute("INSERT INTO wraps VALUES (@id, @box, @until, @wrap)", new { id = IdOf(hash), box = NameOf(to), until, wrap });
        return hash;
    }

    /// <summary>Takes a wrap out of whatever box it lies in.</summary>
    public static void Take(SqliteConnection connection, Digest hash) => connection.Execute("DELETE FROM wraps WHERE id = @id", new { id = IdOf(hash) });

    /// <summary>Tells somebody to look at their access in a journal again.</summary>
    public static void Notify(SqliteConnection connection, CaseId journal, HybridRecipient to)
    {
        byte[] content = [Version, .. journal.ToArray()];
        connection.Execute("INSERT INTO notices VALUES (@id, @box, @notice)", new { id = UserId.New().ToArray(), box = NameOf(to), notice = AgeFile.Seal(content, to) });
    }

    /// <summary>Empties somebody's box: they left, or have other keys.</summary>
    public static void Empty(SqliteConnection connection, HybridRecipient of)
    {
        connection.Execute("DELETE FROM wraps WHERE box = @box", new { box = NameOf(of) });
        connection.Execute("DELETE FROM notices WHERE box = @box", new { box = NameOf(of) });
    }

    /// <summary>Deletes what has ended by its date, without any key.</summary>
    public static void Sweep(SqliteConnection connection, int today)
    {
        connection.Execute("DELETE FROM wraps WHERE until < @today", new { today });
        connection.Execute("DELETE FROM invitations WHERE until < @today", new { today });
    }

    /// <summary>Whether something lies in the user's box that they have not looked at, or something was taken out of it.</summary>
    public static bool HasNew(SqliteConnection connection, Keyring keyring)
    {
        var ids = connection.Query<byte[]>("SELECT id FROM wraps WHERE box = @box", new { box = keyring.Box }).AsList();
        keyring.ReturnAllBut(ids);
        return ids.Exists(id => !keyring.IsLent(id)) || connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM notices WHERE box = @box)", new { box = keyring.Box }) > 0;
    }

    /// <summary>Opens what lies in the user's box: keys into the keychain, what was taken away out of it.</summary>
    /// <returns>How many wraps were refused: they were not given by who may, or nobody wrote down that they were.</returns>
    public static int Open(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        Sweep(connection, organisation.Today);
        using var identity = keyring.Identity();
        var changed = SharedKeys.Drop(organisation, connection, keyring);
        var wraps = connection.Query<(byte[] Id, long? Until, byte[] Wrap)>("SELECT id, until, wrap FROM wraps WHERE box = @box", new { box = keyring.Box })
            .Where(row => !keyring.IsLent(row.Id)).Select(row => Given.Read(row.Id, row.Until, row.Wrap, identity, keyring.Memory)).ToList();
        var refused = 0;
        // The directory first: by it everything else is judged. It is judged by the root.
        foreach (var group in wraps.GroupBy(given => given.Terms?.Case).OrderByDescending(group => group.Key == organisation.Places(connection)?.Directory))
        {
            if (group.Key is not { } journal) refused += Refuse(connection, [.. group]);
            else if (IsShared(organisation, connection, journal)) refused += TakeShared(organisation, connection, keyring, identity, [.. group], ref changed);
            else refused += TakeOfCase(organisation, connection, keyring, identity, journal, [.. group], ref changed);
        }
        foreach (var (id, notice) in connection.Query<(byte[], byte[])>("SELECT id, notice FROM notices WHERE box = @box", new { box = keyring.Box }).ToList())
        {
            if (ReadNotice(notice, identity) is { } journal && !IsShared(organisation, connection, journal)) changed |= CaseAccess.Drop(organisation, connection, keyring, journal);
            connection.Execute("DELETE FROM notices WHERE id = @id", new { id });
        }
        if (changed) keyring.Store(connection);
        return refused;
    }

    private static bool IsShared(Organisation organisation, SqliteConnection connection, CaseId journal) =>
        journal == organisation.Founded.Journal || (organisation.Places(connection) is { } places && (journal == places.Directory || journal == places.Readings));

    private static int TakeShared(Organisation organisation, SqliteConnection connection, Keyring keyring, HybridIdentity identity, List<Given> all, ref bool changed)
    {
        var refused = 0;
        var isFirst = keyring.Self is null;
        foreach (var given in all.OrderBy(given => given.Terms!.Compartment == Compartment.Work ? 0 : 1))
        {
            // A newcomer has to have the directory's key before they can judge who gave it: the root's signatures in it do.
            var isDirectory = given.Terms!.Case == organisation.Places(connection)?.Directory && given.Terms.Compartment == Compartment.Work;
            if (isFirst && !isDirectory) keyring.RefreshDirectory(connection);
            if (!(isFirst && isDirectory) && !SharedKeys.IsRight(organisation, connection, keyring, given.Terms))
            {
                refused += Refuse(connection, [given]);
                continue;
            }
            isFirst &= isDirectory;
            changed |= Keep(connection, keyring, identity, given);
        }
        if (keyring.Directory.Head.Sequence == 0) keyring.RefreshDirectory(connection);
        return refused;
    }

    private static int TakeOfCase(Organisation organisation, SqliteConnection connection, Keyring keyring, HybridIdentity identity, CaseId journal, List<Given> all, ref bool changed)
    {
        // For a moment, to read what the journal says about them; it decides.
        List<Given> lent = [];
        foreach (var given in all)
        {
            using var epoch = Wrap.Open(given.Wrap, given.Terms!, identity, keyring.Memory);
            if (keyring.Keychain.Find(epoch.KeyId) is null && TryLend(keyring, epoch)) lent.Add(given);
        }
        var allowed = CaseAccess.GrantedTo(organisation, connection, keyring, journal);
        foreach (var given in lent) keyring.Keychain.Remove(given.Terms!.KeyId);
        var refused = 0;
        foreach (var given in all)
        {
            if (allowed.TryGetValue(Wrap.HashOf(given.Wrap), out var until) && until == given.Until && organisation.Today <= (until ?? int.MaxValue)) changed |= Keep(connection, keyring, identity, given);
            else refused += Refuse(connection, [given]);
        }
        return refused;
    }

    /// <returns>Whether the keychain changed.</returns>
    private static bool Keep(SqliteConnection connection, Keyring keyring, HybridIdentity identity, Given given)
    {
        using var epoch = Wrap.Open(given.Wrap, given.Terms!, identity, keyring.Memory);
        if (given.Until is { } until)
        {
            keyring.Lend(given.Id, epoch, until);
            return false;
        }
        connection.Execute("DELETE FROM wraps WHERE id = @Id", new { given.Id });
        if (keyring.Keychain.Find(epoch.KeyId) is not null || keyring.Keychain.All(epoch.Case, epoch.Compartment).Any(known => known.Number == epoch.Number)) return false;
        keyring.Add(epoch);
        return true;
    }

    private static bool TryLend(Keyring keyring, Epoch epoch)
    {
        try
        {
            return keyring.Keychain.Lend(epoch);
        }
        catch (JournalException)
        {
            // Another key of the same epoch is there: this one is nobody's.
            return false;
        }
    }

    private static int Refuse(SqliteConnection connection, List<Given> all)
    {
        foreach (var given in all) connection.Execute("DELETE FROM wraps WHERE id = @Id", new { given.Id });
        return all.Count;
    }

    private static CaseId? ReadNotice(byte[] notice, HybridIdentity identity)
    {
        try
        {
            return AgeFile.Open(notice, identity) is { Length: NoticeSize } content && content[0] == Version ? CaseId.From(content.AsSpan(1)) : null;
        }
        catch (SealingException)
        {
            return null;
        }
    }

    private static byte[] IdOf(Digest hash) => hash.ToArray()[..NameSize];

    /// <summary>A wrap as it lay in the box.</summary>
    private sealed record Given(byte[] Id, int? Until, byte[] Wrap, WrapTerms? Terms)
    {
        public static Given Read(byte[] id, long? until, byte[] wrap, HybridIdentity identity, LockedMemory memory)
        {
            var last = until is { } day ? Arrival.DayOf(day) : (int?)null;
            try
            {
                return new Given(id, last, wrap, Journal.Wrap.ReadTerms(wrap, identity, memory));
            }
            catch (JournalException)
            {
                return new Given(id, last, wrap, null);
            }
        }
    }
}
