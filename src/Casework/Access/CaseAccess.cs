using System.Collections.Frozen;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>What a case's journal says about who may read it, for whoever holds or is given its keys.</summary>
internal static class CaseAccess
{
    private static readonly FrozenSet<int> s_staffAlone =
        ((Kind[])[Kind.AccessGranted, Kind.EpochStarted, Kind.CaseOpened, Kind.StageChanged, Kind.RequestRefused, Kind.Forgotten]).Select(kind => kind.Number).ToFrozenSet();

    /// <summary>
    /// Whether somebody may sign an entry at all. Volunteers, officers and operators hold keys that could seal such an entry, and
    /// decide about nobody's access.
    /// </summary>
    public static bool MaySign(DirectoryUser writer, Entry entry)
    {
        if (entry.Kind == Kind.AccessRevoked) return writer.Roles.HasAny(RoleRules.Staff) || IsAboutThemselves(writer, entry);
        return writer.Roles.HasAny(RoleRules.Staff) || !s_staffAlone.Contains(entry.KindNumber);
    }

    /// <summary>The wraps that a case's journal says were given to the user and were not taken back, with their last days.</summary>
    public static Dictionary<Digest, int?> GrantedTo(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        Dictionary<Digest, int?> granted = [];
        // Without the key of work nothing can be held against anything: it is given with every access.
        if (keyring.Keychain.Newest(@case, Compartment.Work) is null) return granted;
        using var journal = CaseJournal.Read(organisation, connection, keyring, @case);
        foreach (var line in journal.State.Access.Where(line => line.User == keyring.User && line.Ended is null))
        {
            foreach (var wrap in line.Wraps) granted[wrap] = line.Until;
        }
        return granted;
    }

    /// <summary>Takes the keys to what the user may not read any more out of their keychain.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool Drop(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case)
    {
        HashSet<Compartment> open = [];
        if (keyring.Keychain.Newest(@case, Compartment.Work) is not null)
        {
            using var journal = CaseJournal.Read(organisation, connection, keyring, @case);
            open = [.. Open(journal.State, keyring.User, organisation.Today)];
        }
        var dropped = false;
        foreach (var compartment in Enum.GetValues<Compartment>().Where(compartment => !open.Contains(compartment)))
        {
            if (keyring.Keychain.Newest(@case, compartment) is null) continue;
            keyring.Remove(@case, compartment);
            dropped = true;
        }
        return dropped;
    }

    /// <summary>What somebody may read on a day.</summary>
    public static IEnumerable<Compartment> Open(CaseState state, UserId user, int today) =>
        state.Access.Where(line => line.User == user && line.IsOpen(today)).Select(line => line.Compartment).Distinct();

    private static bool IsAboutThemselves(DirectoryUser writer, Entry entry)
    {
        try
        {
            var reader = Bodies.Read(entry, 2);
            return DirectoryBodies.ReadUser(ref reader) == writer.Id;
        }
        catch (CaseworkException)
        {
            return false;
        }
    }
}
