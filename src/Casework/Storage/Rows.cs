using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>Sealed rows beside the journal: drafts and templates.</summary>
internal static class Rows
{
    public static void Store(SqliteConnection connection, RowId row, byte[] sealedRow) => connection.Execute(
        "INSERT INTO rows VALUES (@row, @sealedRow) ON CONFLICT (row) DO UPDATE SET sealed = excluded.sealed", new { row = row.ToArray(), sealedRow });

    /// <summary>What is in a row; null where there is none, or no key to it.</summary>
    /// <exception cref="CaseworkException">It was changed.</exception>
    public static byte[]? Find(SqliteConnection connection, Keyring keyring, RowId row, string purpose)
    {
        var stored = connection.ExecuteScalar<byte[]?>("SELECT sealed FROM rows WHERE row = @row", new { row = row.ToArray() });
        try
        {
            return stored is not null && keyring.Keychain.Find(SealedRow.KeyOf(stored)) is { } epoch ? SealedRow.Unseal(stored, epoch, purpose, row) : null;
        }
        catch (JournalException fault)
        {
            throw new CaseworkException("A draft or template is damaged: somebody changed the database.", fault);
        }
    }
}
