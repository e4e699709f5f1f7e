using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

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

    private static readonly object s_item = new();

    public static byte[] Make() => RandomNumberGenerator.GetBytes(Size);

    /// <summary>
    /// The cookie of a request, good until the request is answered; null where there is none that could be ours. Asked first, it
    /// takes it out of the headers and overwrites what stood there.
    /// </summary>
    public static byte[]? Read(HttpContext context, Uri address)
    {
        if (context.Items.TryGetValue(s_item, out var taken)) return (byte[]?)taken;
        var cookie = Take(context.Request.Headers, NameAt(address));
        context.Items[s_item] = cookie;
        return cookie;
    }

    /// <summary>Overwrites the cookie of a request that was answered.</summary>
    public static void Forget(HttpContext context)
    {
        if (context.Items.TryGetValue(s_item, out var taken)) CryptographicOperations.ZeroMemory((byte[]?)taken);
    }

    public static void Set(HttpContext context, Uri address, ReadOnlySpan<byte> cookie) =>
        context.Response.Cookies.Append(NameAt(address), Base64Url.EncodeToString(cookie), Terms(address));

    public static void Remove(HttpContext context, Uri address) => context.Response.Cookies.Delete(NameAt(address), Terms(address));

    private static byte[]? Take(IHeaderDictionary headers, string name)
    {
        var values = headers.Cookie;
        headers.Remove("Cookie");
        byte[]? cookie = null;
        foreach (var value in values)
        {
            foreach (var part in value.AsSpan().Split(';'))
            {
                var pair = value.AsSpan()[part].Trim();
                if (cookie is null && pair.StartsWith(name, StringComparison.Ordinal) && pair[name.Length..] is ['=', .. var text]) cookie = Decode(text);
            }
            // Why this is safe: the server made this string for this one request out of its bytes, nothing else refers to it, and
            // whoever compares it with the next request's finds it different and makes a new one.
            if (value is not null) MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(value.AsSpan()), value.Length).Clear();
        }
        return cookie;
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var cookie = new byte[Size];
        if (text.Length == Base64Url.GetEncodedLength(Size) && Base64Url.TryDecodeFromChars(text, cookie, out var length) && length == Size) return cookie;
        CryptographicOperations.ZeroMemory(cookie);
        return null;
    }

    private static bool IsSecure(Uri address) => address.Scheme == Uri.UriSchemeHttps;

    private static string NameAt(Uri address) => IsSecure(address) ? HostName : PlainName;

    private static CookieOptions Terms(Uri address) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsSecure(address), Path = "/", IsEssential = true };
}
