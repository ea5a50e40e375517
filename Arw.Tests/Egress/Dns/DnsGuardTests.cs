using System.Net;
using Arw.Core.Egress.Dns;

namespace Arw.Tests.Egress.Dns;

public class DnsGuardTests
{
    private const int NoError = 0;
    private const int ServerFailure = 2;
    private const int NoSuchName = 3;
    private const int NotImplemented = 4;
    private const int Refused = 5;

    [Fact]
    public async Task Answer_ADecidedName_IsAnsweredForAShortTime()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        foreach (var (says, told) in new[] { (0, 1), (30, 30), (86_400, 60) })
        {
            world.Answers = _ => new NameAnswer(true, [IPAddress.Parse("93.184.215.14"), IPAddress.Parse("2606:2800:21f::1")], says);
            var answer = await world.AskAsync("API.example");
            Assert.Equal((NoError, told), (answer.Code, answer.Ttl));
            Assert.Equal([IPAddress.Parse("93.184.215.14")], answer.Addresses);
        }

        Assert.Equal([IPAddress.Parse("2606:2800:21f::1")], (await world.AskAsync("api.example", DnsWire.Aaaa)).Addresses);
    }

    [Fact]
    public async Task Answer_AnUndecidedName_IsRefusedWithTheRuleAndNobodyIsAsked()
    {
        await using var world = new DnsWorld();
        var answer = await world.AskAsync("api.example");

        Assert.Equal((Refused, "needs_lease"), (answer.Code, answer.Rule));
        Assert.Empty(world.Asked);
        var lookup = Assert.Single(world.Lookups());
        Assert.Equal(("api.example", DnsOutcome.Refused, "needs_lease", "api.example"), (lookup.Name, lookup.Outcome, lookup.Code, lookup.Domain));
        var written = Assert.Single(world.Events("dns.lookup"));
        Assert.Equal(("agent:fetcher", "lab", "ep1", "01K0000000000000000000TEST"), (written.Actor, written.Project, written.CorrId, written.ParentId));
    }

    [Fact]
    public async Task Answer_ANameThatLeadsInside_IsStrippedAndRefusedWhereNothingIsLeft()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://*.example");
        world.Answers = _ => new NameAnswer(true, [IPAddress.Parse("169.254.169.254"), IPAddress.Parse("93.184.215.14"), IPAddress.Parse("::ffff:10.0.0.1")], 5);
        Assert.Equal([IPAddress.Parse("93.184.215.14")], (await world.AskAsync("mixed.example")).Addresses);

        world.Answers = _ => new NameAnswer(true, [IPAddress.Loopback], 5);
        var answer = await world.AskAsync("rebind.example");
        Assert.Equal((Refused, "address_not_public"), (answer.Code, answer.Rule));
        Assert.Empty(answer.Addresses);

        world.Answers = _ => new NameAnswer(true, [IPAddress.Parse("1.1.1.1")], 5);
        Assert.Equal("dns_over_https", (await world.AskAsync("resolver.example")).Rule);

        await world.Book.WriteAsync();
        Assert.Contains(world.Lookups(), l => l is { Name: "rebind.example", Outcome: DnsOutcome.Refused, Code: "address_not_public" });
    }

    [Fact]
    public async Task Answer_OtherRecords_AreToldHonestlyAndNeverLookedUp()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");

        Assert.Equal((NotImplemented, "record_not_answered"), await BothAsync(world, "api.example", DnsWire.Txt));
        Assert.Equal(NotImplemented, (await world.AskAsync("api.example", 255)).Code);
        var https = await world.AskAsync("api.example", DnsWire.Https);
        Assert.Equal(NoError, https.Code);
        Assert.Empty(https.Addresses);
        Assert.Equal((Refused, "needs_lease"), await BothAsync(world, "other.example", DnsWire.Txt));
        Assert.Empty(world.Asked);
    }

    [Fact]
    public async Task Answer_WhatNameServersSay_IsPassedOn()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://*.example");
        world.Answers = name => name switch { "none.example" => new NameAnswer(false, [], 0), "empty.example" => new NameAnswer(true, [], 0), _ => null };

        Assert.Equal(NoSuchName, (await world.AskAsync("none.example")).Code);
        Assert.Equal(NoError, (await world.AskAsync("empty.example")).Code);
        Assert.Equal(ServerFailure, (await world.AskAsync("dead.example")).Code);
    }

    [Fact]
    public async Task Answer_ALeaseThatIsGone_EndsAnswersAtOnce()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        Assert.Equal(NoError, (await world.AskAsync("api.example")).Code);

        world.Kill();
        Assert.Equal((Refused, "kill_switch"), await BothAsync(world, "api.example"));
        Assert.Equal([DnsOutcome.Asked, DnsOutcome.Refused], world.Lookups().Select(l => l.Outcome));
    }

    [Fact]
    public async Task Answer_AJournalThatTakesNothing_MeansThatNothingIsLookedUp()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        world.Break("CREATE TRIGGER no BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk on fire'); END");
        Assert.Equal(ServerFailure, (await world.AskAsync("api.example")).Code);
        Assert.Empty(world.Asked);

        world.Break("DROP TRIGGER no");
        Assert.Equal(NoError, (await world.AskAsync("api.example")).Code);
        Assert.Equal(["api.example"], world.Asked);
    }

    [Fact]
    public async Task Answer_MoreThanOneAskerMayAsk_IsRefused()
    {
        await using var world = new DnsWorld(new DnsLimits { MaxLookups = 3, MaxNames = 2 });
        world.Grant("net.http https://*.example");
        Assert.Equal(NoError, (await world.AskAsync("a.example")).Code);
        Assert.Equal(NoError, (await world.AskAsync("b.example")).Code);
        Assert.Equal((Refused, "too_many_names"), await BothAsync(world, "c.example"));
        Assert.Equal("too_many_lookups", (await world.AskAsync("a.example")).Rule);
        Assert.Equal("no_holder", (await world.AskAsync("a.example", asker: DnsAsker.Anybody)).Rule);

        world.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(NoError, (await world.AskAsync("a.example")).Code);
        Assert.Equal("too_many_names", (await world.AskAsync("d.example")).Rule);
        Assert.Equal(["a.example", "b.example", "a.example"], world.Asked);

        world.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(NoError, (await world.AskAsync("d.example")).Code);
    }

    private static async Task<(int Code, string? Rule)> BothAsync(DnsWorld world, string name, ushort type = DnsWire.A)
    {
        var answer = await world.AskAsync(name, type);
        return (answer.Code, answer.Rule);
    }
}
