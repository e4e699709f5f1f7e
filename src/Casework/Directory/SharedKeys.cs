using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>A compartment that is shared by role and not case by case.</summary>
/// <param name="Journal">Of which journal.</param>
/// <param name="Compartment">Which.</param>
/// <param name="Entitled">Who has its keys: whoever has any of these roles.</param>
/// <param name="Givers">Who may give them.</param>
internal sealed record SharedCompartment(CaseId Journal, Compartment Compartment, Roles Entitled, Roles Givers);

/// <summary>
/// Keys that people have by what they are: the directory's, the organisation's, the weekly inbox keys, that of readings
/// (<c>docs/formats/directory.md</c>, "Sharing keys by role"). Whoever has one gives it to all who are to have it.
/// </summary>
internal static class SharedKeys
{
    private const int TagSize = 16;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SharedCompartment> All(Organisation organisation, Places places) =>
    [
        new(places.Directory, Compartment.Work, RoleRules.All, Roles.Coordinator),
        new(places.Directory, Compartment.Identity, RoleRules.Staff, Roles.Coordinator),
        new(places.Directory, Compartment.Contact, Roles.Coordinator, Roles.Coordinator),
        new(places.Readings, Compartment.Work, RoleRules.All, Roles.Coordinator),
        new(organisation.Founded.Journal, Compartment.Work, RoleRules.Staff, Roles.Coordinator),
        new(organisation.Founded.Journal, Compartment.Contact, Roles.Triage, Roles.Coordinator | Roles.Triage),
    ];

    /// <summary>Gives what the user has, and may give, to everybody who is to have it and has not.</summary>
    public static void Give(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        if (organisation.Places(connection) is not { } places) return;
        foreach (var shared in All(organisation, places).Where(shared => keyring.May(shared.Givers)))
        {
            var others = keyring.Directory.Users.Where(user => user.Id != keyring.User && IsEntitled(user, shared, organisation.Today)).ToList();
            foreach (var epoch in keyring.Keychain.All(shared.Journal, shared.Compartment).ToList())
            {
                using var key = epoch.DeriveKey("understory/desk/v1/given"u8);
                foreach (var user in others)
                {
                    if (connection.Execute("INSERT OR IGNORE INTO given VALUES (@tag)", new { tag = TagOf(key, user) }) > 0) Boxes.Put(connection, epoch, user.Recipient, keyring.SigningKey, until: null);
                }
            }
        }
    }

    /// <summary>Ends the keys that somebody had by roles that they have no longer, and takes what lies in their box.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="connection">In which transaction.</param>
    /// <param name="keyring">Who does it.</param>
    /// <param name="user">Who had them, as the directory was before.</param>
    /// <param name="now">The roles that are left.</param>
    public static void Take(Organisation organisation, SqliteConnection connection, Keyring keyring, DirectoryUser user, Roles now)
    {
        if (organisation.Places(connection) is not { } places) return;
        foreach (var shared in All(organisation, places).Where(shared => user.Roles.HasAny(shared.Entitled) && !now.HasAny(shared.Entitled)))
        {
            if (shared.Journal == organisation.Founded.Journal && shared.Compartment == Compartment.Contact) InboxKeys.Renew(organisation, connection, keyring);
            else DirectoryJournal.Renew(organisation, connection, keyring, shared.Journal, shared.Compartment);
        }
    }

    /// <summary>Whether a wrap is of a compartment that its grantee has by role, given by somebody who may.</summary>
    public static bool IsRight(Organisation organisation, SqliteConnection connection, Keyring keyring, WrapTerms terms)
    {
        if (organisation.Places(connection) is not { } places) return false;
        var today = organisation.Today;
        return All(organisation, places).FirstOrDefault(shared => shared.Journal == terms.Case && shared.Compartment == terms.Compartment) is { } shared
            && keyring.Self is { } self && IsEntitled(self, shared, today)
            && keyring.Directory.SignerAt(terms.Granter, OrganisationLog.Size(connection)) is { } giver && giver.May(shared.Givers, today);
    }

    /// <summary>Takes the keys out of the user's keychain that their roles do not give them any more.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool Drop(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        if (organisation.Places(connection) is not { } places || keyring.Self is not { } self) return false;
        var dropped = false;
        foreach (var shared in All(organisation, places).Where(shared => !IsEntitled(self, shared, organisation.Today)))
        {
            if (keyring.Keychain.Newest(shared.Journal, shared.Compartment) is null) continue;
            keyring.Remove(shared.Journal, shared.Compartment);
            dropped = true;
        }
        return dropped;
    }

    private static bool IsEntitled(DirectoryUser user, SharedCompartment shared, int today) =>
        user.Left is null && (user.Last is null || user.Last >= today) && user.Roles.HasAny(shared.Entitled);

    /// <summary>Why this is safe: without the epoch's key a tag is 16 random bytes; with it, its holder knows who is entitled anyway.</summary>
    private static byte[] TagOf(Sealing.Secret key, DirectoryUser user)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, WrapTerms.GranteeOf(user.Recipient).ToArray(), tag);
        return tag[..TagSize].ToArray();
    }
}
