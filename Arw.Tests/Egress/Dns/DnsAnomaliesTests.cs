using Arw.Core.Egress.Dns;

namespace Arw.Tests.Egress.Dns;

public class DnsAnomaliesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Find_AnOrdinaryProgram_IsNotUnusual()
    {
        string[] names = ["registry.npmjs.org", "api.github.com", "objects.githubusercontent.com", "pypi.org", "files.pythonhosted.org", "cdn.jsdelivr.net", "d111111abcdef8.cloudfront.net", "s3.eu-central-1.amazonaws.com"];
        Assert.Empty(Find(Enumerable.Range(0, 120).Select(i => (i * 0.4, names[i % names.Length]))));
    }

    [Fact]
    public void Find_TwoHundredLookupsInTenSeconds_IsASpike()
    {
        var lookups = Enumerable.Range(0, 200).Select(i => (i * 0.049, $"host{i % 20}.example.org")).ToList();

        var spike = Assert.Single(Find(lookups));
        Assert.Equal((DnsReason.QpsSpike, DnsSeverity.Warning, 200, 20.0), (spike.Reason, spike.Severity, spike.Count, spike.Qps));
        Assert.Empty(Find(lookups.Skip(1)));
        Assert.Empty(Find(lookups, after: 1));
    }

    [Fact]
    public void Find_ManyRandomNames_AreABurst()
    {
        var random = new Random(7);
        var names = Enumerable.Range(0, 10).Select(_ => $"{Letters(random, "abcdefghijklmnopqrstuvwxyz234567", 20)}.example.org").ToList();

        var burst = Assert.Single(Find(names.Select((n, i) => ((double)i, n))));
        Assert.Equal((DnsReason.EntropyBurst, 10, "example.org"), (burst.Reason, burst.Count, burst.Domain));
        Assert.Equal(names, burst.Samples);
        Assert.Empty(Find(names.Skip(1).Select((n, i) => ((double)i, n))));
        Assert.Empty(Find(Enumerable.Repeat(names[0], 50).Select((n, i) => (i * 0.5, n))));
    }

    [Fact]
    public void Find_LongNamesBelowOneDomain_AreATunnel()
    {
        var random = new Random(7);
        var names = Enumerable.Range(0, 6).Select(i => $"{Letters(random, "0123456789abcdef", 30)}.{Letters(random, "0123456789abcdef", 30)}.t.evil.co.uk").ToList();

        var tunnel = Assert.Single(Find(names.Select((n, i) => ((double)i, n))));
        Assert.Equal((DnsReason.LabelTunnel, DnsSeverity.Alarm, 6, "evil.co.uk"), (tunnel.Reason, tunnel.Severity, tunnel.Count, tunnel.Domain));
        Assert.Equal(names, tunnel.Samples);
        Assert.Empty(Find(names.Skip(1).Select((n, i) => ((double)i, n))));
    }

    [Fact]
    public void Find_ANewDomain_IsToldByItsDomain()
    {
        var found = Assert.Single(DnsAnomalies.Find([new(Start, "a.b.example.org", "leased", true), new(Start, "c.example.org", "leased", false)], Start));
        Assert.Equal((DnsReason.NewDomain, DnsSeverity.Info, 1), (found.Reason, found.Severity, found.Count));
        Assert.Equal(["example.org"], found.Samples);
    }

    [Fact]
    public void Find_LookingForOtherResolvers_IsUnusual()
    {
        var found = Assert.Single(DnsAnomalies.Find([new(Start, "dns.google", "dns_over_https", false)], Start));
        Assert.Equal((DnsReason.BlockedDoh, DnsSeverity.Warning), (found.Reason, found.Severity));
        Assert.Equal(["dns.google"], found.Samples);
    }

    [Fact]
    public void Find_NothingOlderThanAMinute_Counts() =>
        Assert.Empty(DnsAnomalies.Find([new(Start, "dns.google", "dns_over_https", true)], Start.AddSeconds(60)));

    [Theory]
    [InlineData("a.b.example.org", "example.org")]
    [InlineData("a.example.co.uk", "example.co.uk")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("example.de", "example.de")]
    [InlineData("localhost", "localhost")]
    [InlineData("", "")]
    public void Domain_OfAName_IsWhatSomebodyOwns(string name, string domain) => Assert.Equal(domain, NameShape.Domain(name));

    [Theory]
    [InlineData("international-documentation.example.org", false)]
    [InlineData("my-very-long-service-name-production.example.org", false)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e.example.org", true)]
    [InlineData("ob4xi2dpnyqgs4zamzxxe3dpom5ca53p.example.org", true)]
    public void LooksRandom_OfAName_IsSoForCodeAndNotForWords(string name, bool random) => Assert.Equal(random, NameShape.LooksRandom(name));

    private static List<DnsAnomaly> Find(IEnumerable<(double At, string Name)> lookups, double after = 0)
    {
        var seen = lookups.Select(l => new SeenLookup(Start.AddSeconds(l.At), l.Name, "leased", false)).ToList();
        return [.. DnsAnomalies.Find(seen, (seen.Count == 0 ? Start : seen[^1].At).AddSeconds(after))];
    }

    private static string Letters(Random random, string from, int count) => new([.. Enumerable.Range(0, count).Select(_ => from[random.Next(from.Length)])]);
}
