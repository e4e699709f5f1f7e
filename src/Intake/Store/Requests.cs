using System.Security.Cryptography;

namespace Understory.Intake;

/// <summary>What was done already: a request that is repeated is answered as before, and does nothing.</summary>
internal static class Requests
{
    /// <summary>SHA-256 of the body with which this request id was used; null where it was not.</summary>
    public static byte[]? Find(Statements statements, byte[] requestId) =>
        statements.Bytes("SELECT hash FROM requests WHERE request = $1", requestId);

    public static bool IsRepeated(byte[]? earlier, byte[] bodyHash) =>
        earlier is not null && CryptographicOperations.FixedTimeEquals(earlier, bodyHash);

    public static void Remember(Statements statements, byte[] requestId, byte[] bodyHash, int today) =>
        statements.Run("INSERT INTO requests VALUES ($1, $2, $3)", requestId, bodyHash, today);
}
