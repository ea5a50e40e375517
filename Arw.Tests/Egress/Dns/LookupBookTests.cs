using System.Globalization;
using Arw.Core.Egress.Dns;

namespace Arw.Tests.Egress.Dns;

public class LookupBookTests
{
    [Fact]
    public async Task Book_RepeatsWithinAMinute_AreOneLineThatIsAddedUp()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        for (var i = 0; i < 50; i++)
        {
            await world.AskAsync("api.example", i % 2 == 0 ? DnsWire.A : DnsWire.Aaaa);
        }

        Assert.Single(world.Lookups());
        await world.Book.WriteAsync();
        await world.Book.WriteAsync();

        var lookups = world.Lookups();
        Assert.Equal([(1L, DnsOutcome.Asked), (50L, DnsOutcome.Answered)], lookups.Select(l => (l.Count, l.Outcome)));
        Assert.Single(lookups.Select(l => l.Id).Distinct());
        Assert.Equal(["A", "AAAA"], lookups[1].Types);
        Assert.Equal(["93.184.215.14"], lookups[1].Addresses);
    }

    [Fact]
    public async Task Book_ANameThatIsAskedForOnAndOn_IsAnEventAMinute()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://api.example");
        for (var i = 0; i < 300; i++)
        {
            await world.AskAsync("api.example");
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await world.Book.WriteAsync(all: true);
        var lookups = world.Lookups();
        Assert.InRange(lookups.Count, 6, 8);
        Assert.Equal(300, lookups[^1].Count);
        Assert.Single(lookups.Select(l => l.Id).Distinct());
    }

    [Fact]
    public async Task Book_ANameAfterAMinute_IsANewLine()
    {
        await using var world = new DnsWorld();
        await world.AskAsync("api.example");
        await world.AskAsync("api.example");
        world.Time.Advance(TimeSpan.FromSeconds(61));
        await world.Book.WriteAsync();
        await world.Book.WriteAsync();
        await world.AskAsync("api.example");

        Assert.Equal(2, world.Lookups().Select(l => l.Id).Distinct().Count());
    }

    [Fact]
    public async Task Book_ATunnel_RaisesOneAlarmAMinuteWithSamples()
    {
        await using var world = new DnsWorld();
        for (var i = 0; i < 20; i++)
        {
            await world.AskAsync(Carrier(i));
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var alarm = Assert.Single(world.Anomalies(), a => a.Reason == DnsReason.LabelTunnel);
        Assert.Equal((DnsSeverity.Alarm, 6, "evil.example", "01K0000000000000000000TEST"), (alarm.Severity, alarm.Count, alarm.Domain, alarm.Action));
        Assert.Equal(Enumerable.Range(0, 6).Select(Carrier), alarm.Samples);
        var written = world.Events("dns.anomaly")[0];
        Assert.Equal(("agent:fetcher", "lab", "ep1"), (written.Actor, written.Project, written.CorrId));

        world.Time.Advance(TimeSpan.FromSeconds(60));
        for (var i = 20; i < 26; i++)
        {
            await world.AskAsync(Carrier(i));
        }

        Assert.Equal(2, world.Anomalies().Count(a => a.Reason == DnsReason.LabelTunnel));
    }

    [Fact]
    public async Task Book_DomainsThatAreNew_AreToldOnceEach()
    {
        await using var world = new DnsWorld();
        world.Known.Add("old.example");
        world.Grant("net.http https://*.example");
        await world.AskAsync("a.old.example");
        await world.AskAsync("a.one.example");
        await world.AskAsync("b.one.example");
        await world.AskAsync("a.two.example");
        world.Time.Advance(TimeSpan.FromSeconds(20));
        await world.Book.WriteAsync();
        world.Time.Advance(TimeSpan.FromSeconds(90));
        await world.AskAsync("c.one.example");
        await world.Book.WriteAsync();

        var told = world.Anomalies().Where(a => a.Reason == DnsReason.NewDomain).SelectMany(a => a.Samples);
        Assert.Equal(["one.example", "two.example"], told);
    }

    [Fact]
    public async Task Book_WhatOneAskerDoes_IsNotTheOthers()
    {
        await using var world = new DnsWorld();
        for (var i = 0; i < 5; i++)
        {
            await world.AskAsync(Carrier(i));
            await world.AskAsync(Carrier(i + 5), asker: DnsAsker.Anybody);
        }

        Assert.DoesNotContain(world.Anomalies(), a => a.Reason == DnsReason.LabelTunnel);
    }

    [Fact]
    public async Task Book_ManyAskersAtOnce_WriteEachNameOnceBeforeItIsLookedUp()
    {
        await using var world = new DnsWorld();
        world.Grant("net.http https://*.example");
        var before = new List<bool>();
        world.Answers = _ =>
        {
            lock (before)
            {
                before.Add(world.Journal.Head > 0);
            }

            return new NameAnswer(true, [System.Net.IPAddress.Parse("93.184.215.14")], 5);
        };

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (i, _) => await world.AskAsync(string.Create(CultureInfo.InvariantCulture, $"n{i % 4}.example")));

        Assert.Equal(4, world.Lookups().Count);
        Assert.Equal(200, before.Count);
        Assert.DoesNotContain(false, before);
    }

    private static string Carrier(int i) => string.Create(CultureInfo.InvariantCulture, $"{i:d4}{new string('a', 40)}.{new string('b', 20)}.evil.example");
}
