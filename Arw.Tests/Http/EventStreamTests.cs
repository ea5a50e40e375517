using System.Globalization;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Web.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Http;

public class EventStreamTests
{
    [Fact]
    public async Task Stream_BeginsWithConnected_ThenGivesEventsAsTheyAreInTheJournal()
    {
        await using var home = await TestHome.StartAsync();
        var before = home.Service<EventJournal>().Head;
        await using var stream = await SseReader.OpenAsync(home.Owner);
        var connected = (await stream.NextAsync())!;
        Assert.Equal(("service.connected", before.ToString(CultureInfo.InvariantCulture)), (connected.Name, connected.Id));
        Assert.Equal("live", (string?)connected.Json["payload"]!["replay"]!["mode"]);

        var seq = await AppendAsync(home, "ext.first");
        var frame = (await stream.NextAsync())!;
        Assert.Equal((seq.ToString(CultureInfo.InvariantCulture), "ext.first"), (frame.Id, frame.Name));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(home.Service<EventJournal>().Newest(1)[0].ToJson().Span), frame.Data);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_ResumedByIdOrQuery_GivesEachMissedEventOnce(bool byHeader)
    {
        await using var home = await TestHome.StartAsync();
        var seqs = new List<long>();
        for (var i = 0; i < 1200; i++)
        {
            seqs.Add(await AppendAsync(home, i % 2 == 0 ? "ext.even.x" : "ext.odd.x"));
        }

        var resume = seqs[100].ToString(CultureInfo.InvariantCulture);
        await using var stream = byHeader
            ? await SseReader.OpenAsync(home.Owner, "?prefix=ext.odd.&after=0", lastEventId: resume)
            : await SseReader.OpenAsync(home.Owner, $"?prefix=ext.odd.&after={resume}");
        await stream.NextAsync();
        var expected = seqs.Where((s, i) => i > 100 && i % 2 == 1).Select(s => (string?)s.ToString(CultureInfo.InvariantCulture)).ToList();
        var got = new List<string?>();
        foreach (var _ in expected)
        {
            got.Add((await stream.NextAsync())!.Id);
        }

        Assert.Equal(expected, got);
    }

    [Fact]
    public async Task Stream_WithReplay_GivesTheNewestMatchingFirst()
    {
        await using var home = await TestHome.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync(home, $"ext.n{i}");
        }

        await using var stream = await SseReader.OpenAsync(home.Owner, "?prefix=ext.&replay=2");
        Assert.Equal(2, (int)(await stream.NextAsync())!.Json["payload"]!["replay"]!["count"]!);
        Assert.Equal("ext.n3", (await stream.NextAsync())!.Name);
        Assert.Equal("ext.n4", (await stream.NextAsync())!.Name);
    }

    [Fact]
    public async Task Stream_QuietUnderItsFilter_TellsHowFarItLooked()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var home = await TestHome.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        await using var stream = await SseReader.OpenAsync(home.Owner, "?prefix=ext.wanted.");
        await stream.NextAsync();
        var seq = await AppendAsync(home, "ext.other");
        SseFrame beat;
        do
        {
            time.Advance(EventStream.Heartbeat);
            beat = (await stream.NextAsync())!;
            Assert.Null(beat.Name);
        }
        while (beat.Id != seq.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("?after=x", 400)]
    [InlineData("?after=-1", 400)]
    [InlineData("?replay=1001", 400)]
    [InlineData("?corr_id=a%20b", 400)]
    [InlineData("?after=999999", 409)]
    public async Task Stream_WithBadQuery_IsRefused(string query, int status)
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Owner.GetAsync("/events" + query);
        await TestHome.AssertProblemAsync(response, status, status == 409 ? "conflict" : "invalid_query");
    }

    [Fact]
    public async Task Stream_OfAgent_ShowsItsProjectsOnly()
    {
        await using var home = await TestHome.StartAsync();
        using var agent = await home.AgentAsync("crawler", "demo");
        await using var stream = await SseReader.OpenAsync(agent, "?after=0");
        await stream.NextAsync();
        await AppendAsync(home, "ext.home");
        await AppendAsync(home, "ext.foreign", "other");
        await AppendAsync(home, "ext.own", "demo");
        Assert.Equal("ext.own", (await stream.NextAsync())!.Name);
    }

    [Fact]
    public async Task Stream_WhenItsCredentialIsRevoked_Ends()
    {
        await using var home = await TestHome.StartAsync();
        var (id, secret) = await home.MintAsync("anna", PrincipalKind.Person);
        using var client = home.Client(secret);
        await using var stream = await SseReader.OpenAsync(client, "?prefix=ext.");
        await stream.NextAsync();
        await home.ActAsync("credential.revoke", new System.Text.Json.Nodes.JsonObject { ["id"] = id });
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Stream_WhenHomeStops_EndsCleanly()
    {
        await using var home = await TestHome.StartAsync();
        await using var stream = await SseReader.OpenAsync(home.Owner, "?prefix=ext.");
        await stream.NextAsync();
        home.Service<IHostApplicationLifetime>().StopApplication();
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Stream_WithStatePrefix_CarriesPatchesThatLeadToTheSnapshot()
    {
        await using var home = await TestHome.StartAsync();
        using var first = await home.Owner.GetAsync("/state/credentials");
        var version = (long)System.Text.Json.Nodes.JsonNode.Parse(await first.Content.ReadAsStringAsync())!["version"]!;
        await using var stream = await SseReader.OpenAsync(home.Owner, "?prefix=state.");
        await stream.NextAsync();
        await home.MintAsync("crawler", PrincipalKind.Agent, ["demo"]);
        SseFrame frame;
        do
        {
            frame = await stream.NextAsync("state.read.model.patch");
        }
        while ((string?)frame.Json["id"] != "credentials");

        Assert.Null(frame.Id);
        Assert.Equal(version, (long)frame.Json["from"]!);
        Assert.Equal("/items/0", (string?)frame.Json["patch"]![0]!["path"]);
        using var second = await home.Owner.GetAsync("/state/credentials");
        Assert.Equal((long)frame.Json["version"]!, (long)System.Text.Json.Nodes.JsonNode.Parse(await second.Content.ReadAsStringAsync())!["version"]!);
    }

    private static async Task<long> AppendAsync(TestHome home, string kind, string? project = null)
    {
        var draft = new EventDraft(kind, "{}"u8.ToArray(), "system:test") { Project = project };
        return (await home.Service<EventJournal>().AppendAsync(draft)).LastSeq;
    }
}
