using System.Net;
using System.Net.Sockets;
using Arw.Core.Egress;
using Arw.Core.Policy;

namespace Arw.Tests.Egress;

/// <summary>Hundreds of spellings of places that nobody opened, each tried for real under the widest mode, with policy saying yes to all: not one connection is made.</summary>
public class ForbiddenTargetsTests
{
    private static readonly string[] Codes =
        ["address_not_public", "invalid_url", "scheme_not_allowed", "invalid_input"];

    [Fact]
    public async Task Send_EverySpellingOfAForbiddenPlace_IsRefusedAndReachesNothing()
    {
        await using var target = new CountingTarget();
        var urls = ForbiddenTargets.Urls(target.Port);
        var world = new EgressWorld { Mode = EgressMode.Observe, Names = ForbiddenTargets.Resolve };
        var let = new List<string>();
        foreach (var url in urls)
        {
            var result = await world.GetAsync(url);
            if (result.Ok || !Codes.Contains(result.Refusal!.Code))
            {
                let.Add($"{url}: {result.Refusal?.Code ?? "let out"}");
            }
        }

        Assert.Empty(let);
        Assert.True(urls.Count >= 300, $"Only {urls.Count} spellings.");
        Assert.DoesNotContain("egress.opened", world.Kinds);
        Assert.Equal(urls.Count, world.Run.Written.Count(d => d.Kind == "egress.denied"));
        Assert.Equal(0, target.Connections);
    }

    [Fact]
    public async Task Target_ThatCounts_SeesWhoComes()
    {
        // The counter above means something only if a connection would have been counted.
        await using var target = new CountingTarget();
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.Parse("127.1.2.3"), IPAddress.IPv6Loopback })
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, target.Port);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        }

        Assert.Equal(3, target.Connections);
    }

    [Theory]
    [InlineData(EgressMode.Public)]
    [InlineData(EgressMode.Allowlist)]
    public void Judge_PublicAddressLiteral_MustBeNamed(EgressMode mode)
    {
        var world = new EgressWorld { Mode = mode };
        Assert.Equal(mode == EgressMode.Public ? "address_literal" : "not_in_allowlist", Judge(world, "https://93.184.215.14/"));
        Assert.Equal(mode == EgressMode.Public ? "address_literal" : "not_in_allowlist", Judge(world, "https://[2606:4700::1111]/"));

        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "net", Cidrs = ["93.184.215.0/24", "2606:4700::/32"] }, "person:owner"));

        Assert.Null(Judge(world, "https://93.184.215.14/"));
        Assert.Null(Judge(world, "https://[2606:4700::1111]/"));
    }

    [Fact]
    public void Judge_PublicAddressLiteralUnderObserve_MayBeAskedFor() =>
        Assert.Null(Judge(new EgressWorld { Mode = EgressMode.Observe }, "https://93.184.215.14/"));

    [Fact]
    public void Judge_HomographOfAnAllowedHost_IsAnotherPlaceShownInPunycode()
    {
        var world = new EgressWorld { Mode = EgressMode.Allowlist };
        world.Allow("apple.example", 443);
        foreach (var homograph in new[] { "аpple.example", "appl℮.example", "apple.ехample", "app\u0131e.example" })
        {
            var target = EgressTarget.Parse($"https://{homograph}/");
            Assert.True(!target.Ok || target.Value.Host.StartsWith("xn--", StringComparison.Ordinal) || target.Value.Host.Contains(".xn--", StringComparison.Ordinal), homograph);
            Assert.True(!target.Ok || Judge(world, $"https://{homograph}/") == "not_in_allowlist", homograph);
        }
    }

    [Fact]
    public async Task Scope_ThatDenies_WinsOverEverythingElse()
    {
        await using var server = new CountingTarget();
        var world = new EgressWorld { Mode = EgressMode.Observe };
        world.Allow("127.0.0.1", server.Port);
        world.SpelledLeases.Add($"127.0.0.1:{server.Port}");
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "never", Cidrs = ["127.0.0.0/8", "93.184.0.0/16"], Deny = true }, "person:owner"));
        world.Apply(EgressEvents.ScopeSet.Draft(new EgressScope { Id = "nor", Hosts = ["*.bad.example"], Deny = true }, "person:owner"));

        Assert.Equal("denied_by_scope", (await world.GetAsync($"http://127.0.0.1:{server.Port}/")).Refusal?.Code);
        Assert.Equal("denied_by_scope", (await world.GetAsync("https://a.bad.example:8443/")).Refusal?.Code);
        // The name is allowed; where it leads is not.
        Assert.Equal("denied_by_scope", (await world.GetAsync("https://good.example/")).Refusal?.Code);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public void Mode_OfAProject_GoesBeforeTheHomes()
    {
        var world = new EgressWorld { Mode = EgressMode.Observe };
        world.Apply(EgressEvents.SettingsUpdated.Draft(new EgressSettingsUpdated(EgressModeChoice.Allowlist, Project: "demo"), "person:owner"));

        Assert.Equal((EgressMode.Allowlist, EgressMode.Observe, EgressMode.Observe), (world.Gate.ModeFor("demo"), world.Gate.ModeFor("other"), world.Gate.ModeFor(null)));
        Assert.Equal("not_in_allowlist", Judge(world, "https://feeds.example/"));

        world.Apply(EgressEvents.SettingsUpdated.Draft(new EgressSettingsUpdated(EgressModeChoice.Posture, Project: "demo"), "person:owner"));
        Assert.Null(Judge(world, "https://feeds.example/"));
    }

    private static string? Judge(EgressWorld world, string url)
    {
        var target = EgressTarget.Parse(url).Value;
        return world.Gate.Judge(target, Capability.Http("GET", target.Url), world.Run.Context).Refusal?.Code;
    }
}
