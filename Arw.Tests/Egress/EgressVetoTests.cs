using Arw.Core.Egress;
using Arw.Core.Policy;

namespace Arw.Tests.Egress;

public class EgressVetoTests
{
    private static readonly EgressScope[] Scopes =
    [
        new() { Id = "names", Hosts = ["feeds.example", "*.below.example"] },
        new() { Id = "net", Cidrs = ["10.1.0.0/16", "fd00::/8"], Ports = [80, 8443] },
        new() { Id = "spelled", Hosts = ["127.0.0.1"], Cidrs = ["fd00::7/128"], Ports = [8080] },
        new() { Id = "plain", Hosts = ["only-http.example"], Protocols = ["http"] },
        new() { Id = "never", Hosts = ["never.below.example"], Deny = true },
        new() { Id = "over", Hosts = ["over.example"], ExpiresAt = DateTimeOffset.UnixEpoch },
    ];

    private static readonly string[] Urls =
    [
        "https://feeds.example/a", "https://feeds.example:8443/", "https://a.below.example/", "https://below.example/", "https://elsewhere.example/",
        "http://10.1.2.3/", "http://10.2.0.1/", "https://[fd00::8]:8443/", "http://[fd00::7]:8080/", "http://127.0.0.1:8080/", "http://127.0.0.1:8081/",
        "http://localhost/", "http://a.localhost:8080/", "http://metadata.google.internal/", "http://169.254.169.254/", "http://[::ffff:127.0.0.1]:8080/",
        "http://93.184.216.34/", "https://10.1.2.3/", "https://never.below.example/", "https://never.below.example:9/", "https://only-http.example/", "http://only-http.example/", "https://over.example/",
    ];

    [Theory]
    [InlineData(EgressMode.Observe)]
    [InlineData(EgressMode.Public)]
    [InlineData(EgressMode.Allowlist)]
    public void Veto_WithoutLeases_ObjectsExactlyWhereTheGateRefuses(EgressMode mode)
    {
        var world = WorldWithScopes(mode);
        foreach (var url in Urls)
        {
            var judged = world.Gate.Judge(EgressTarget.Parse(url).Value, Capability.ParseHttp("GET", url).Value, world.Run.Context).Refusal?.Code;
            Assert.Equal((url, judged), (url, world.Gate.Veto(Capability.ParseHttp("GET", url).Value, null)));
        }
    }

    [Fact]
    public void Veto_OfANamedPlace_AllocatesNothing()
    {
        var world = WorldWithScopes(EgressMode.Allowlist);
        var asked = new[] { "https://feeds.example/a", "https://a.below.example/", "https://elsewhere.example/" }.Select(u => Capability.ParseHttp("GET", u).Value).ToArray();
        string?[] answers = [.. asked.Select(c => world.Gate.Veto(c, null))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            foreach (var capability in asked)
            {
                world.Gate.Veto(capability, null);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((string?[])[null, null, "not_in_allowlist"], answers);
    }

    private static EgressWorld WorldWithScopes(EgressMode mode)
    {
        var world = new EgressWorld { Mode = mode };
        foreach (var (scope, seq) in Scopes.Select((s, i) => (s, i + 1)))
        {
            world.Settings.Apply(EgressWorld.Event(EgressEvents.ScopeSet.Draft(scope, "person:owner"), seq));
        }

        return world;
    }
}
