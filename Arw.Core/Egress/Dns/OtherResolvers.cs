using System.Collections.Frozen;
using System.Net;
using Arw.Core.Policy;
using Arw.Core.Policy.Capabilities;

namespace Arw.Core.Egress.Dns;

/// <summary>Places where names can be looked up past this home's own resolver: other name servers, and those that hide in HTTPS or TLS. Nobody is let out to them unless a person's scope spells host and port.</summary>
internal static class OtherResolvers
{
    /// <summary>Code for name servers in HTTPS.</summary>
    public const string OverHttps = "dns_over_https";

    /// <summary>Code for name servers in TLS.</summary>
    public const string OverTls = "dns_over_tls";

    /// <summary>Code for plain name servers.</summary>
    public const string Plain = "dns_elsewhere";

    private const int PlainPort = 53;
    private const int TlsPort = 853;
    private const string HttpPath = "dns-query";

    // Each stands for the names below it too. The last is asked by browsers to learn whether they may use theirs.
    private static readonly FrozenSet<string> Hosts = new[]
    {
        "dns.google", "dns.google.com", "dns64.dns.google", "cloudflare-dns.com", "one.one.one.one", "1dot1dot1dot1.cloudflare-dns.com", "cloudflare-gateway.com",
        "dns.quad9.net", "dns9.quad9.net", "dns10.quad9.net", "dns11.quad9.net", "dns12.quad9.net", "dns.nextdns.io", "anycast.dns.nextdns.io", "doh.opendns.com", "dns.opendns.com",
        "doh.familyshield.opendns.com", "doh.umbrella.com", "dns.umbrella.com", "dns.adguard.com", "dns-family.adguard.com", "adguard-dns.com", "doh.cleanbrowsing.org", "dns.mullvad.net",
        "doh.mullvad.net", "dns.controld.com", "freedns.controld.com", "dns0.eu", "doh.dns.sb", "dot.sb", "doh.sb", "doh.li", "doh.libredns.gr", "dot.libredns.gr", "dns.alidns.com", "doh.pub",
        "dot.pub", "doh.360.cn", "dot.360.cn", "dns.switch.ch", "doh.appliedprivacy.net", "dot1.appliedprivacy.net", "dns.digitale-gesellschaft.ch", "doh.ffmuc.net", "dot.ffmuc.net", "dnsforge.de",
        "doh.xfinity.com", "dot.xfinity.com", "dns.aa.net.uk", "ordns.he.net", "dns.twnic.tw", "public.dns.iij.jp", "dns.njal.la", "doh.tiar.app", "dot.tiar.app", "wikimedia-dns.org", "dns.brahma.world",
        "doh.centraleu.pi-dns.com", "doh.dns4all.eu", "unfiltered.joindns4.eu", "protective.joindns4.eu", "dns.dnswarden.com", "use-application-dns.net",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HostParts = Hosts.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<IPAddress> Servers = new[]
    {
        "1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "8.8.8.8", "8.8.4.4", "9.9.9.9", "149.112.112.112", "9.9.9.10", "149.112.112.10", "9.9.9.11", "149.112.112.11",
        "208.67.222.222", "208.67.220.220", "94.140.14.14", "94.140.15.15", "94.140.14.15", "94.140.15.16", "185.228.168.9", "185.228.169.9", "76.76.2.0", "76.76.10.0", "193.110.81.0", "185.253.5.0",
        "194.242.2.2", "223.5.5.5", "223.6.6.6", "119.29.29.29", "185.222.222.222", "45.11.45.11",
        "2606:4700:4700::1111", "2606:4700:4700::1001", "2001:4860:4860::8888", "2001:4860:4860::8844", "2620:fe::fe", "2620:fe::9", "2620:119:35::35", "2620:119:53::53", "2a10:50c0::ad1:ff", "2a10:50c0::ad2:ff",
    }.Select(IPAddress.Parse).ToFrozenSet();

    /// <summary>The code of what stands against asking there; null for nothing. Allocates nothing: decisions ask it.</summary>
    /// <param name="place">Where to.</param>
    /// <param name="capability">What is asked for there.</param>
    /// <param name="speaksDns">The request itself says that it carries a question to a name server.</param>
    public static string? CodeOf(in EgressPlace place, Capability capability, bool speaksDns) => place.Port switch
    {
        PlainPort => Plain,
        TlsPort => OverTls,
        _ when speaksDns || IsKnown(place.Host) || (place.Literal is not null && IsKnown(place.Literal)) || IsHttpPath(capability) => OverHttps,
        _ => null,
    };

    /// <summary>Whether a known name server answers at the address.</summary>
    public static bool IsKnown(IPAddress address) => Servers.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>Whether the fields of a request say that it carries a question to a name server (RFC 8484 and its JSON cousin).</summary>
    public static bool Speaks(IEnumerable<KeyValuePair<string, string>> fields) => fields.Any(f =>
        (f.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || f.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase))
        && (f.Value.Contains("dns-message", StringComparison.OrdinalIgnoreCase) || f.Value.Contains("dns-json", StringComparison.OrdinalIgnoreCase)));

    private static bool IsKnown(string host)
    {
        for (var rest = host.AsSpan(); !rest.IsEmpty;)
        {
            if (HostParts.Contains(rest))
            {
                return true;
            }

            var dot = rest.IndexOf('.');
            rest = dot < 0 ? default : rest[(dot + 1)..];
        }

        return false;
    }

    private static bool IsHttpPath(Capability capability) =>
        capability.Scope is HttpScope { Path.Segments: [var first, ..] } && first.Equals(HttpPath, StringComparison.OrdinalIgnoreCase);
}
