using System.Net;

namespace Understory.Desk;

/// <summary>The addresses that browsers may call the Desk by, and whether a request was made by one of its own pages.</summary>
internal sealed class Addresses
{
    private readonly Dictionary<string, Uri> _byHost = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="listening">Where the server listens, with its real port.</param>
    /// <param name="configured">What the operator named.</param>
    public Addresses(IPEndPoint listening, IEnumerable<Uri> configured)
    {
        // A name of this machine that no name server decides on; what listens on all addresses is called by a configured one.
        // By name and not by number: browsers send a cookie to every port of a host, and Intake, where it runs on this machine or
        // comes through the same tunnel, is called by its number.
        if (IPAddress.IsLoopback(listening.Address) || listening.Address.Equals(IPAddress.Any) || listening.Address.Equals(IPAddress.IPv6Any))
        {
            Add(Local(listening.Port));
        }
        else
        {
            Add(new Uri($"http://{listening}"));
        }
        foreach (var address in configured) Add(address);
    }

    /// <summary>How browsers on this machine, or at the end of a tunnel to it, call a Desk.</summary>
    public static Uri Local(int port) => new($"http://localhost:{port}");

    /// <summary>The address by which a request came; null where it is none of ours.</summary>
    /// <remarks>
    /// Why this is safe: a page elsewhere can make a browser resolve its own name to this machine (DNS rebinding) and would
    /// then count as of one origin with us; but the Host that the browser sends is that name, and is refused.
    /// </remarks>
    public Uri? Of(HttpRequest request) =>
        request.Headers.Host is [{ } host] && _byHost.TryGetValue(host, out var address) ? address : null;

    /// <summary>
    /// Whether a request may be answered: what changes something comes from a page of ours; what only shows something may also
    /// come from a link elsewhere, but not from a script or a picture elsewhere.
    /// </summary>
    /// <remarks>
    /// Why this is safe: browsers set both headers and let no script change them. Sec-Fetch-Site (Fetch Metadata) is sent to
    /// https and to this machine itself; Origin (RFC 6454) with every POST. Where neither is there, nothing is changed.
    /// </remarks>
    public static bool MayAnswer(HttpRequest request, Uri address)
    {
        string? site = request.Headers["Sec-Fetch-Site"], mode = request.Headers["Sec-Fetch-Mode"], origin = request.Headers.Origin;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return site is null or "same-origin" or "none" || mode is "navigate";
        if (site is not null and not "same-origin") return false;
        return origin is null ? site is not null : origin == address.GetLeftPart(UriPartial.Authority);
    }

    private void Add(Uri address) => _byHost[address.IsDefaultPort ? address.Host : address.Authority] = address;
}
