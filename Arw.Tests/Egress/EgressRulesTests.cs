using System.Net;
using System.Text.Json.Nodes;
using Arw.Core.Egress;
using Arw.Core.Policy.Leases;
using Arw.Tests.Egress.Proxy;
using Arw.Tests.Pages;
using Arw.Web.Features.Egress;

namespace Arw.Tests.Egress;

/// <summary>The rules that a row offers, tried on real requests: each does exactly what its button says.</summary>
public class EgressRulesTests
{
    [Theory]
    [InlineData("127.0.0.1", "relaxed", "address_not_public")]
    [InlineData("api.test", "strict", "not_in_allowlist")]
    [InlineData("127.0.0.1", "strict", "not_in_allowlist")]
    public async Task AllowExactly_OfARefusal_LetsThatRequestPassAndNoOther(string host, string posture, string code)
    {
        await using var target = TcpTarget.Echo();
        await using var other = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.Home.ActAsync("policy.posture.set", new JsonObject { ["posture"] = posture });
        await AssertRefusedAsync(proxy, $"{host}:{target.Port}");
        var row = await proxy.RowAsync();
        Assert.Equal(code, row.ReasonCode);

        await RunAsync(proxy, EgressRules.AllowExactly(row));

        using (await proxy.TunnelAsync($"{host}:{target.Port}"))
        {
            await AssertRefusedAsync(proxy, $"{host}:{other.Port}");
            await AssertRefusedAsync(proxy, $"127.0.0.2:{target.Port}");
        }
    }

    [Fact]
    public async Task AllowExactly_OfAMissingLease_LetsThatRequestPassAndNoOther()
    {
        await using var target = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.ScopeAsync("api.test", target.Port, "http");
        Assert.Equal("HTTP/1.1 403", (await GetAsync(proxy, $"http://api.test:{target.Port}/a"))[..12]);
        var row = await proxy.RowAsync();
        Assert.Equal($"net.http:GET http://api.test:{target.Port}/a", row.Capability);

        var rules = EgressRules.AllowExactly(row);
        Assert.Equal("policy.lease.grant", Assert.Single(rules).Kind);
        await RunAsync(proxy, rules);

        Assert.Equal("HTTP/1.1 200", (await GetAsync(proxy, $"http://api.test:{target.Port}/a"))[..12]);
        Assert.Equal("HTTP/1.1 403", (await GetAsync(proxy, $"http://api.test:{target.Port}/b"))[..12]);
    }

    [Fact]
    public async Task NarrowRevokeAndNever_OfARow_DoWhatTheySay()
    {
        await using var target = TcpTarget.Echo();
        await using var other = TcpTarget.Echo();
        await using var proxy = await ProxyHome.StartAsync();
        await proxy.ScopeAsync("api.test", target.Port, "tcp");
        await proxy.ScopeAsync("api.test", other.Port, "tcp");
        await proxy.GrantAsync("net.http *://api.test:*/**");
        using (await proxy.TunnelAsync($"api.test:{other.Port}"))
        {
        }

        using (await proxy.TunnelAsync($"api.test:{target.Port}"))
        {
            var row = await proxy.RowAsync(r => r.Dest.Port == target.Port);
            var rules = EgressRules.Narrow(row, proxy.Home.Service<LeasesModel>().Current.Find(row.LeaseId!));
            Assert.Equal(["policy.lease.grant", "policy.lease.revoke"], rules.Select(r => r.Kind));
            await RunAsync(proxy, rules);
        }

        await AssertRefusedAsync(proxy, $"api.test:{other.Port}");
        using (await proxy.TunnelAsync($"api.test:{target.Port}"))
        {
            var row = await proxy.RowAsync(r => r.Outcome == EgressOutcome.Open);
            Assert.Empty(EgressRules.Narrow(row, proxy.Home.Service<LeasesModel>().Current.Find(row.LeaseId!)));
            await RunAsync(proxy, [EgressRules.Never(row)!]);
        }

        await AssertRefusedAsync(proxy, $"api.test:{target.Port}");
        var denied = await proxy.RowAsync(r => r.ReasonCode == "denied_by_scope" && r.Outcome == EgressOutcome.Denied);
        Assert.Empty(EgressRules.AllowExactly(denied));
    }

    [Fact]
    public async Task Export_CsvAndJson_HaveTheSameRowsAndNoFormulas()
    {
        await using var proxy = await ProxyHome.StartAsync(names: _ => [IPAddress.Loopback]);
        await AssertRefusedAsync(proxy, "feeds.example:443");
        await AssertRefusedAsync(proxy, "=cmd|x,\"y\":443");
        await proxy.RowAsync(r => r.ReasonCode == "invalid_url");

        var json = JsonNode.Parse(await proxy.Home.Owner.GetStringAsync("/egress/export?format=json"))!.AsArray();
        Assert.Equal(["feeds.example", ""], json.Select(r => (string?)r!["host"]));
        Assert.Equal(("deny", "needs_lease", "proxy", "agent:fetcher", "lab", "ep1"), ((string?)json[0]!["decision"], (string?)json[0]!["reason_code"], (string?)json[0]!["tool"], (string?)json[0]!["agent"], (string?)json[0]!["project"], (string?)json[0]!["episode"]));
        var csv = (await proxy.Home.Owner.GetStringAsync("/egress/export")).Split("\r\n");
        Assert.StartsWith("id,time,decision,reason_code,", csv[0], StringComparison.Ordinal);
        Assert.Equal(4, csv.Length);
        Assert.Contains(",\"'=cmd|x,\"\"y\"\":443\",", csv[2], StringComparison.Ordinal);
        var filtered = JsonNode.Parse(await proxy.Home.Owner.GetStringAsync("/egress/export?format=json&host=feeds.example"))!.AsArray();
        Assert.Single(filtered);
        Assert.Empty(JsonNode.Parse(await proxy.Home.Owner.GetStringAsync("/egress/export?format=json&day=2001-01-01"))!.AsArray());
        using var bad = await proxy.Home.Owner.GetAsync("/egress/export?format=xml");
        Assert.Equal(422, (int)bad.StatusCode);
        using var agent = proxy.Home.Client(proxy.Secret);
        using var refused = await agent.GetAsync("/egress/export");
        Assert.Equal(403, (int)refused.StatusCode);
    }

    [Fact]
    public async Task Day_OfTheLedger_SumsByHostAndMarksNewOnes()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(PageHome.Opened("a"), PageHome.Closed("a", 50), PageHome.Opened("b"), PageHome.Closed("b", 5), PageHome.Denied("c"));
        var ledger = home.Get<EgressLedger>();
        var day = DateOnly.FromDateTime(ledger.Rows.Find("a")!.Time.UtcDateTime);

        var seen = EgressDay.Of(ledger, day, TimeZoneInfo.Utc);
        Assert.Equal(["feeds.example", "other.example"], seen.Hosts.Select(h => h.Host));
        Assert.Equal((2, 0, 55L, 20L, true), (seen.Hosts[0].LetOut, seen.Hosts[0].Refused, seen.Hosts[0].BytesOut, seen.Hosts[0].BytesIn, seen.Hosts[0].IsNew));
        Assert.Equal((0, 1, "needs_lease"), (seen.Hosts[1].LetOut, seen.Hosts[1].Refused, Assert.Single(seen.Hosts[1].Rules)));
        Assert.Empty(EgressDay.Of(ledger, day.AddDays(-1), TimeZoneInfo.Utc).Hosts);
    }

    private static async Task RunAsync(ProxyHome proxy, IReadOnlyList<EgressRule> rules)
    {
        Assert.NotEmpty(rules);
        foreach (var rule in rules)
        {
            await proxy.Home.ActAsync(rule.Kind, rule.Input);
        }
    }

    private static async Task AssertRefusedAsync(ProxyHome proxy, string authority)
    {
        var (socket, head) = await proxy.ConnectAsync(authority);
        socket.Dispose();
        Assert.True(head.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{authority}: {head}");
    }

    private static async Task<string> GetAsync(ProxyHome proxy, string url)
    {
        using var socket = await proxy.DialAsync();
        await socket.SendTextAsync($"GET {url} HTTP/1.1\r\n{proxy.Authorization()}\r\n\r\n");
        return await socket.ReadAllAsync();
    }
}
