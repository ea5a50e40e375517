using System.Net;
using Arw.Core.Egress;
using Arw.Tests.Egress.Proxy;
using Arw.Web.Features.Egress;

namespace Arw.Tests.Egress.Dns;

/// <summary>Other resolvers are out of reach in every mode, unless a person's scope spells host and port.</summary>
public class OtherResolversTests
{
    [Theory]
    [InlineData("https://dns.google/dns-query", "dns_over_https")]
    [InlineData("https://dns.google/resolve?name=example.org", "dns_over_https")]
    [InlineData("https://dns.google:8443/", "dns_over_https")]
    [InlineData("https://mozilla.cloudflare-dns.com/", "dns_over_https")]
    [InlineData("https://abcdef.dns.nextdns.io/", "dns_over_https")]
    [InlineData("https://1.1.1.1/", "dns_over_https")]
    [InlineData("https://[2606:4700:4700::1111]/", "dns_over_https")]
    [InlineData("https://[::ffff:8.8.8.8]/", "dns_over_https")]
    [InlineData("https://unknown.example/dns-query", "dns_over_https")]
    [InlineData("https://unknown.example/dns%2Dquery?dns=AAAB", "dns_over_https")]
    [InlineData("https://unknown.example/DNS-QUERY/x", "dns_over_https")]
    [InlineData("http://unknown.example/a/../dns-query", "dns_over_https")]
    [InlineData("https://unknown.example:853/", "dns_over_tls")]
    [InlineData("http://unknown.example:53/", "dns_elsewhere")]
    public async Task Judge_APlaceThatResolvesNames_IsDeniedUnderEveryMode(string url, string code)
    {
        foreach (var mode in Enum.GetValues<EgressMode>())
        {
            var world = new EgressWorld { Mode = mode };
            Assert.Equal(code, (await world.GetAsync(url)).Refusal?.Code);
            Assert.Empty(world.Resolved);
            Assert.Equal(code, world.Written(EgressEvents.Denied).Code);
        }
    }

    [Theory]
    [InlineData("https://dns.google.example/")]
    [InlineData("https://notdns.google/")]
    [InlineData("https://quad9.net/")]
    [InlineData("https://unknown.example/a/dns-query")]
    [InlineData("https://unknown.example/dns-query-log")]
    public async Task Judge_APlaceThatOnlyLooksLikeOne_IsNot(string url)
    {
        var world = new EgressWorld { Mode = EgressMode.Observe, Names = _ => [IPAddress.Loopback] };
        Assert.Equal("address_not_public", (await world.GetAsync(url)).Refusal?.Code);
    }

    [Fact]
    public async Task Judge_AScopeThatSpellsIt_OpensItAndAWiderOneDoesNot()
    {
        var world = new EgressWorld { Names = _ => [IPAddress.Parse("10.0.0.1")] };
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "wide", Hosts = ["*.google", "dns.google"] }, "person:owner"));
        Assert.Equal("dns_over_https", (await world.GetAsync("https://dns.google/dns-query")).Refusal?.Code);

        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "spelled", Hosts = ["dns.google"], Ports = [443] }, "person:owner"));
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "not", Cidrs = ["10.0.0.0/8"], Deny = true }, "person:owner"));
        Assert.Equal("denied_by_scope", (await world.GetAsync("https://dns.google/dns-query")).Refusal?.Code);
        Assert.Equal(["dns.google"], world.Resolved);
        Assert.Equal("dns_over_https", (await world.GetAsync("https://dns.google:8443/")).Refusal?.Code);
    }

    [Fact]
    public async Task Judge_ANameThatLeadsToAPublicResolver_IsDenied()
    {
        var world = new EgressWorld { Mode = EgressMode.Observe, Names = _ => [IPAddress.Parse("9.9.9.9")] };
        Assert.Equal("dns_over_https", (await world.GetAsync("https://harmless.example/")).Refusal?.Code);
    }

    [Theory]
    [InlineData("Content-Type", "application/dns-message")]
    [InlineData("content-type", "Application/DNS-Message; charset=x")]
    [InlineData("Accept", "text/html, application/dns-json")]
    public async Task Send_ARequestThatSaysItIsAQuestion_IsDenied(string name, string value)
    {
        var world = new EgressWorld { Mode = EgressMode.Observe };
        var request = new GuardedRequest("POST", "https://unknown.example/any") { Headers = [new(name, value)], Body = [0, 0] };
        Assert.Equal("dns_over_https", (await world.Http.SendAsync(request, world.Run, default)).Refusal?.Code);
        Assert.Empty(world.Resolved);
    }

    [Fact]
    public async Task Proxy_OtherResolvers_AreDeniedWithARow()
    {
        await using var target = await LoopbackServer.StartAsync(c => c.Response.Body.WriteAsync("answer"u8.ToArray()).AsTask());
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.AllowAsync("api.test", target.Port, "http");
        await proxy.GrantAsync("net.http");

        foreach (var (authority, code) in new[] { ("dns.google:443", "dns_over_https"), ("1.1.1.1:443", "dns_over_https"), ("anywhere.test:853", "dns_over_tls"), ("anywhere.test:53", "dns_elsewhere") })
        {
            var (socket, head) = await proxy.ConnectAsync(authority);
            socket.Dispose();
            Assert.Contains($"details=\"{code}\"", head, StringComparison.Ordinal);
            Assert.Equal(code, (await proxy.RowAsync(r => r.Url == authority)).ReasonCode);
        }

        // The scope spells this place, and so it is open for any request; without the scope, what the request says of itself is enough.
        Assert.StartsWith("HTTP/1.1 200", await PostAsync(proxy, $"http://api.test:{target.Port}/x"), StringComparison.Ordinal);
        Assert.Contains("details=\"dns_over_https\"", await PostAsync(proxy, $"http://other.test:{target.Port}/x"), StringComparison.Ordinal);
        Assert.Equal(1, target.Requests);
    }

    [Fact]
    public async Task Proxy_AllowExactlyThis_OpensThatPlaceAndNoOther()
    {
        await using var target = await LoopbackServer.StartAsync(c => c.Response.Body.WriteAsync("answer"u8.ToArray()).AsTask());
        await using var proxy = await ProxyHome.StartAsync();
        var place = $"dns.google:{target.Port}";
        (await proxy.ConnectAsync(place)).Socket.Dispose();
        var row = await proxy.RowAsync(r => r.Url == place);
        Assert.Equal("dns_over_https", row.ReasonCode);

        foreach (var rule in EgressRules.AllowExactly(row))
        {
            await proxy.Home.ActAsync(rule.Kind, rule.Input);
        }

        (await proxy.TunnelAsync(place)).Dispose();
        var (socket, head) = await proxy.ConnectAsync($"dns.google:{(target.Port == 443 ? 444 : 443)}");
        socket.Dispose();
        Assert.Contains("details=\"dns_over_https\"", head, StringComparison.Ordinal);
    }

    private static async Task<string> PostAsync(ProxyHome proxy, string url)
    {
        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"POST {url} HTTP/1.1\r\nHost: x\r\n{proxy.Authorization()}\r\nContent-Type: application/dns-message\r\nContent-Length: 2\r\n\r\nxx");
        return await socket.ReadHeadAsync();
    }
}
