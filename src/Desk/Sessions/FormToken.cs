using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>
/// What every form of a signed-in reader carries, so that a page elsewhere cannot send one in their name. It is of one session
/// and one run of the program.
/// </summary>
/// <remarks>
/// Why this is safe: an HMAC under a key that never leaves this process; who does not see a page of the session cannot make it,
/// and knowing it tells nothing about the cookie.
/// </remarks>
internal sealed class FormToken(LockedMemory memory)
{
    /// <summary>The name of its field.</summary>
    public const string Field = "form-token";

    private readonly Secret _key = memory.Random(32);

    public string For(Session session)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key.Span, Encoding.ASCII.GetBytes(session.LookUp), tag);
        return Base64Url.EncodeToString(tag);
    }

    public bool Fits(Session session, string? token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(For(session)), Encoding.UTF8.GetBytes(token ?? ""));
}
