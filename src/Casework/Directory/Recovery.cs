using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// What recovery opens: the key of each keychain, and the root's key, sealed to the recovery recipient. Never a key that signs
/// in anybody's name.
/// </summary>
internal static class Recovery
{
    private const int KeySize = 32;
    private const byte Version = 1;

    /// <summary>Seals the user's keychain to recovery where that was not done yet, and holds the recipient against the directory.</summary>
    /// <exception cref="CaseworkException">The database names another recovery than the directory.</exception>
    public static void Keep(SqliteConnection connection, Keyring keyring)
    {
        if (keyring.Directory.Recovery is not { } recovery) return;
        var stored = connection.ExecuteScalar<byte[]>("SELECT recovery FROM instance");
        if (!recovery.Recipient.PublicKey.SequenceEqual(stored)) throw new CaseworkException("What the database says of recovery is not what the directory says: somebody changed it. Restore it from a backup.");
        var chain = keyring.Places.Chain;
        if (connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM recoverables WHERE chain = @chain)", new { chain }) > 0) return;
        connection.Execute("INSERT INTO recoverables VALUES (@chain, @sealed)", new { chain, @sealed = Seal(keyring, recovery.Recipient) });
    }

    /// <summary>What of a user's is sealed to recovery.</summary>
    public static byte[] Seal(Keyring keyring, HybridRecipient recipient)
    {
        using var keychain = keyring.KeychainKey();
        using var content = keyring.Memory.Allocate(1 + KeySize + (keyring.RootKey is null ? 0 : KeySize));
        content.Span[0] = Version;
        keychain.Span.CopyTo(content.Span[1..]);
        keyring.RootKey?.Span.CopyTo(content.Span[(1 + KeySize)..]);
        return AgeFile.Seal(content.Span, recipient);
    }
}
