using System.Net;
using System.Net.Sockets;

namespace Arw.Web.Hosting.Protection;

/// <summary>The host names under which this home answers. Any other means that a browser was led here by a foreign name (DNS rebinding).</summary>
public sealed class AllowedHosts
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly string? _publicOrigin;

    /// <summary>The names that follow from the configuration.</summary>
    public AllowedHosts(ArwOptions options)
    {
        _names.UnionWith(options.AllowedHosts);
        if (options.PublicUrl is { } url)
        {
            _names.Add(url.Host);
            _publicOrigin = url.GetLeftPart(UriPartial.Authority);
        }

        foreach (var bind in new[] { options.Bind, options.OtlpBind }.Where(b => !b.Equals(IPAddress.Any) && !b.Equals(IPAddress.IPv6Any)))
        {
            _names.Add(bind.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{bind}]" : bind.ToString());
        }
    }

    /// <summary>Whether the request names an allowed host.</summary>
    public bool Accepts(HostString host) => host.HasValue && _names.Contains(host.Host);

    /// <summary>Whether a browser's request comes from a page of this home itself: its Origin is the one asked, and the browser does not say otherwise.</summary>
    public bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || string.Equals(origin, _publicOrigin, StringComparison.OrdinalIgnoreCase);
    }
}
