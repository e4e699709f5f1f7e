using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>What is being written in a case, and not sent.</summary>
public enum DraftKind
{
    /// <summary>An answer to the person.</summary>
    Answer,

    /// <summary>A note.</summary>
    Note,

    /// <summary>Where and how it is safe to answer.</summary>
    SafeContact,
}

/// <summary>
/// Drafts: rows of one user each, in the database as soon as they are kept, sealed under the key of the case's conversations. Whoever is
/// let out of a case cannot open their own any more; it opens again when they are let in again.
/// </summary>
internal static class Drafts
{
    public const string Purpose = "draft";

    /// <exception cref="CaseworkException">It is too long, or the user has no key to the conversations of this case.</exception>
    public static void Keep(SqliteConnection connection, Keyring keyring, CaseId id, DraftKind kind, string words)
    {
        // As it is, what is empty keeps nothing.
        if (words.Length == 0)
        {
            Delete(connection, keyring, id, kind);
            return;
        }
        Texts.Limited(words, Bodies.MaxWords);
        var contact = keyring.Keychain.Newest(id, Compartment.Contact) ?? throw new CaseworkException("You have no key to the conversations of this case.");
        var row = RowOf(keyring, id, kind);
        Rows.Store(connection, row, SealedRow.Seal(contact, Purpose, row, Encoding.UTF8.GetBytes(words)));
    }

    /// <summary>What was kept; empty where there is nothing, or no key to it.</summary>
    public static string Read(SqliteConnection connection, Keyring keyring, CaseId id, DraftKind kind) =>
        Rows.Find(connection, keyring, RowOf(keyring, id, kind), Purpose) is { } words ? Encoding.UTF8.GetString(words) : "";

    public static void Delete(SqliteConnection connection, Keyring keyring, CaseId id, DraftKind kind) =>
        connection.Execute("DELETE FROM rows WHERE row = @row", new { row = RowOf(keyring, id, kind).ToArray() });

    public static RowId RowOf(Keyring keyring, CaseId id, DraftKind kind) => keyring.RowOf(kind switch
    {
        DraftKind.Answer => Purpose,
        DraftKind.Note => "draft-note",
        DraftKind.SafeContact => "draft-safe-contact",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    }, id.ToArray());
}
