using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Arw.Web.Hosting;

/// <summary>The URL of this home, known once it listens.</summary>
/// <param name="options">May name a public URL.</param>
/// <param name="server">Knows the address listened on.</param>
public sealed class HomeAddress(ArwOptions options, IServer server)
{
    /// <summary>The public URL when one is configured, else the address listened on.</summary>
    public Uri Url => options.PublicUrl ?? Listening();

    /// <summary>The link that signs in with a code.</summary>
    public Uri SignInLink(string code) => new(Url, $"/signin?code={code}");

    private Uri Listening()
    {
        var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "localhost" }.Uri
            : address;
    }
}
