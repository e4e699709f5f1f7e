using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Understory.Desk;

/// <summary>
/// The browser's half of a session: 32 random bytes, for this host alone, out of reach of scripts and of pages elsewhere, and
/// gone when the browser is closed.
/// </summary>
internal static class SessionCookie
{
    public const int Size = 32;

    private const string PlainName = "desk";

    // Browsers take this name only over https, for all paths, and from no other host of the domain (RFC 6265bis, 4.1.3.2).
    private const string HostName = "__Host-desk";

    public static byte[] Make() => RandomNumberGenerator.GetBytes(Size);

    /// <summary>The cookie of a request; null where there is none that could be ours.</summary>
    public static byte[]? Read(HttpContext context, Uri address)
    {
        var text = context.Request.Cookies[NameAt(address)];
        if (text is null || text.Length != Base64Url.GetEncodedLength(Size)) return null;
        var cookie = new byte[Size];
        return Base64Url.TryDecodeFromUtf8(Encoding.ASCII.GetBytes(text), cookie, out var length) && length == Size ? cookie : null;
    }

    public static void Set(HttpContext context, Uri address, ReadOnlySpan<byte> cookie) =>
        context.Response.Cookies.Append(NameAt(address), Base64Url.EncodeToString(cookie), Terms(address));

    public static void Remove(HttpContext context, Uri address) => context.Response.Cookies.Delete(NameAt(address), Terms(address));

    private static bool IsSecure(Uri address) => address.Scheme == Uri.UriSchemeHttps;

    private static string NameAt(Uri address) => IsSecure(address) ? HostName : PlainName;

    private static CookieOptions Terms(Uri address) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsSecure(address), Path = "/", IsEssential = true };
}
