using Arw.Core.Egress;
using Arw.Core.Egress.Dns;
using Arw.Core.Episodes;
using Arw.Web.Components.Status;
using Arw.Web.Features.Egress;
using Arw.Web.Features.Episodes;

namespace Arw.Tests.Pages;

public sealed class QueriesTests
{
    [Fact]
    public async Task EgressQuery_DecisionHostAndWords_Narrow()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        await home.AppendAsync(PageHome.Opened("a"), PageHome.Closed("a", 5), PageHome.Opened("b", "else.example"), PageHome.Denied("c"));
        var ledger = home.Get<EgressLedger>();
        Assert.Equal(3, new EgressQuery().Window(ledger, 0, 10).Total);
        Assert.Equal("c", Assert.Single(new EgressQuery { Decision = "deny" }.Window(ledger, 0, 10).Rows).Id);
        Assert.Equal("b", Assert.Single(new EgressQuery { Host = "else.example" }.Window(ledger, 0, 10).Rows).Id);
        Assert.Equal("a", Assert.Single(new EgressQuery { Search = "feeds.example" }.Window(ledger, 0, 10).Rows).Id);
        Assert.Equal((StatusKind.Done, "Answered 200"), EgressQuery.Status(ledger.Rows.Find("a")!));
        Assert.Equal(StatusKind.Running, EgressQuery.Status(ledger.Rows.Find("b")!).Kind);
        Assert.Equal((StatusKind.Refused, "Not let out"), EgressQuery.Status(ledger.Rows.Find("c")!));
    }

    [Fact]
    public async Task NamesQuery_OutcomeAndWords_Narrow()
    {
        await using var home = await PageHome.New().StartAsync(pump: false);
        DnsLookedUp[] names =
        [
            new("a", "api.example", DnsOutcome.Asked, "leased", 1),
            new("b", "other.example", DnsOutcome.Refused, "needs_lease", 1) { Reason = "It takes a lease." },
            new("a", "api.example", DnsOutcome.Answered, "leased", 5) { Addresses = ["93.184.215.14"] },
        ];
        await home.AppendAsync([.. names.Select(n => DnsEvents.LookedUp.Draft(n, "agent:fetcher", DnsEvents.Subject(n.Id), "demo", "ep1"))]);
        var lookups = home.Get<DnsLookups>();

        Assert.Equal(2, new NamesQuery().Window(lookups, 0, 10).Total);
        var answered = Assert.Single(new NamesQuery { Outcome = "answered" }.Window(lookups, 0, 10).Rows);
        Assert.Equal((5L, "by a lease: 93.184.215.14", (StatusKind.Done, "Answered")), (answered.Lookup.Count, NamesQuery.Why(answered.Lookup), NamesQuery.Status(answered.Lookup)));
        var refused = Assert.Single(new NamesQuery { Search = "other" }.Window(lookups, 0, 10).Rows);
        Assert.Equal(("It takes a lease.", StatusKind.Refused), (NamesQuery.Why(refused.Lookup), NamesQuery.Status(refused.Lookup).Kind));
    }

    [Fact]
    public async Task EpisodesQuery_StatusErrorsAndWords_Narrow()
    {
        await using var home = await PageHome.New().StartAsync();
        home.Get<Actions.TestControls>().Run = (input, _, _) => Task.FromResult<Arw.Core.Primitives.Result<System.Text.Json.Nodes.JsonNode?>>(
            input.Name == "bad" ? new Arw.Core.Primitives.Refusal("broken", "It broke.", "Mend it.") : (System.Text.Json.Nodes.JsonNode?)null);
        foreach (var name in (string[])["good", "bad"])
        {
            var done = await home.SubmitAsync("test.act", new System.Text.Json.Nodes.JsonObject { ["name"] = name }, change: r => r with { CorrId = "E-" + name });
            await home.EndOf(done.Id);
        }

        await home.CaughtUpAsync();
        var episodes = home.Get<EpisodesModel>();
        Assert.Equal(2, new EpisodesQuery { Project = "demo" }.Window(episodes, 0, 1).Total);
        Assert.Equal("E-bad", Assert.Single(new EpisodesQuery { Errors = true }.Window(episodes, 0, 9).Rows).Id);
        Assert.Equal("E-good", Assert.Single(new EpisodesQuery { Status = "completed" }.Window(episodes, 0, 9).Rows).Id);
        Assert.Empty(new EpisodesQuery { Search = "zebra" }.Window(episodes, 0, 9).Rows);
    }
}
