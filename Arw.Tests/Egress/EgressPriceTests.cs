using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.State;
using Arw.Tests.Http;
using Arw.Tests.Models;
using Arw.Web.Features.Egress;

namespace Arw.Tests.Egress;

public class EgressPriceTests
{
    private readonly EgressWorld _world = new();

    [Theory]
    [InlineData("api.example.org", 7)]
    [InlineData("eu.api.example.org", 3)]
    [InlineData("a.b.example.org", 1)]
    [InlineData("example.org", null)]
    [InlineData("api.example", null)]
    public void Of_AHost_IsItsOwnElseThatOfTheLongestSuffix(string host, int? expected)
    {
        Set(new EgressPrice { Host = "*.example.org", PerRequest = 1 });
        Set(new EgressPrice { Host = "*.api.example.org", PerRequest = 3 });
        Set(new EgressPrice { Host = "api.example.org", PerRequest = 7 });
        Assert.Equal(expected, new EgressPrices(_world.Settings).Of(host)?.PerRequest);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 11)]
    [InlineData(1_000_000, 12)]
    [InlineData(1_000_001, 13)]
    public void Fee_OfBytes_IsRoundedUp(long bytes, long expected) =>
        Assert.Equal(expected, new EgressPrice { Host = "a.example", PerRequest = 10, PerMb = 2 }.Fee(bytes));

    [Fact]
    public void FeeOf_WithoutAPrice_IsNothingHereOrWhereNothingWasReachedAndElseNotKnown()
    {
        var free = new EgressPrice { Host = "a.example", PerRequest = 0 };
        Assert.Null(EgressPrice.FeeOf(null, IPAddress.Parse("93.184.215.14"), 100));
        Assert.Equal([0L, 0L, 0L], [EgressPrice.FeeOf(null, IPAddress.Loopback, 100), EgressPrice.FeeOf(null, null, 0), EgressPrice.FeeOf(free, IPAddress.Parse("93.184.215.14"), 100)]);
        Assert.Equal(5, EgressPrice.FeeOf(free with { PerRequest = 5 }, IPAddress.Loopback, 100));
    }

    [Fact]
    public void Estimate_WithAPriceBySize_NamesWhatIsNotKnownOfIt()
    {
        Set(new EgressPrice { Host = "a.example", PerMb = 2 });
        var (prices, place) = (new EgressPrices(_world.Settings), new EgressPlace("https", "a.example", 443, null));
        Assert.Equal(["how much is sent to a.example", "how much a.example answers"], prices.Estimate(place, default).NotKnown);
        Assert.Equal((3, 0), (prices.Estimate(place, new RequestSize(1_000_000, 1)).AtLeastMicroUsd, prices.Estimate(place, new RequestSize(1, 1)).NotKnown.Count));
    }

    [Theory]
    [InlineData("""{"host":"a.example"}""")]
    [InlineData("""{"host":"a.example","per_request":-1}""")]
    [InlineData("""{"host":"a.example","per_mb":1000000000001}""")]
    [InlineData("""{"host":"*","per_request":1}""")]
    [InlineData("""{"host":"https://a.example","per_request":1}""")]
    [InlineData("""{"host":"a.example","per_day":1}""")]
    public void Set_BadInput_IsRefused(string input) =>
        Assert.Equal("invalid_input", new SetEgressPriceAction(_world.Settings).Needs(JsonDocument.Parse(input).RootElement, _world.Run.Context).Refusal?.Code);

    [Fact]
    public async Task SetAndRemove_AreControlActionsInTheJournal()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("egress.price.set", new JsonObject { ["host"] = "BÜCHER.example", ["per_request"] = 1000 });
        var settings = JsonNode.Parse(await home.Owner.GetStringAsync("/egress/settings"))!["egress"]!;
        Assert.Equal(("xn--bcher-kva.example", 1000), ((string?)settings["prices"]![0]!["host"], (int)settings["prices"]![0]!["per_request"]!));

        using var preview = await home.Owner.PostAsync("/egress/preview", TestHome.Json("""{"url":"https://bücher.example/in","method":"POST","body":"write to anna@example.org"}"""));
        var answer = JsonNode.Parse(await preview.Content.ReadAsStringAsync())!;
        Assert.Equal((0.001m, 25, "person"), ((decimal)answer["est_cost_usd"]!, (int)answer["bytes"]!, (string?)answer["data"]![0]));

        await home.ActAsync("egress.price.remove", new JsonObject { ["host"] = "xn--bcher-kva.example" });
        Assert.Empty(home.Service<EgressSettingsModel>().Current.Prices);
        using var agent = await home.AgentAsync("crawler", "demo");
        using var refused = await agent.PostAsync("/actions", TestHome.Json("""{"kind":"egress.price.set","input":{"host":"a.example","per_request":0},"project":"demo"}"""));
        await TestHome.AssertProblemAsync(refused, 403, "forbidden");
    }

    [Fact]
    public async Task Chat_AtAHostWithATokenPrice_IsPricedByItInItsActionAndInTheLedger()
    {
        await using var endpoint = await TinyEndpoint.StartAsync();
        endpoint.Says("Hello");
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("project.create", new JsonObject { ["id"] = "lab", ["title"] = "Lab" });
        await home.ActAsync("model.register", new JsonObject { ["id"] = "tiny", ["endpoint"] = endpoint.Url, ["api_model"] = "tiny-1" });
        await home.ActAsync("egress.price.set", new JsonObject { ["host"] = "127.0.0.1", ["per_request"] = 5, ["per_thousand_in"] = 1000, ["per_thousand_out"] = 2000 });
        var port = new Uri(endpoint.Url).Port;
        await home.ActAsync("egress.scope.set", new JsonObject { ["id"] = "here", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(port) });
        foreach (var capability in (string[])[$"net.http http://127.0.0.1:{port}", "model.run tiny", "spend.usd 1"])
        {
            await home.ActAsync("policy.lease.grant", new JsonObject { ["capability"] = capability, ["holder"] = "project:lab" });
        }

        using var response = await home.Owner.PostAsync("/actions", TestHome.Json("""{"kind":"model.chat","project":"lab","input":{"model":"tiny","messages":[{"role":"user","content":"Hi"}]}}"""));
        var submitted = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, submitted.ToJsonString());
        Assert.True((string?)submitted["state"] == "queued", submitted.ToJsonString());
        var end = await home.Service<ActionService>().WaitForEndAsync((string)submitted["id"]!).WaitAsync(TimeSpan.FromSeconds(60));

        // 100 tokens read and 20 written, as the endpoint says, and one request.
        Assert.Equal(140, (long)end.Output!["cost_micro_usd"]!);
        await home.Service<StateHost>().WaitForAsync(home.Service<Core.Journal.EventJournal>().Head);
        var row = Assert.Single(home.Service<EgressLedger>().Rows.Query(new()));
        Assert.Equal((0.000145m, "model.chat"), (row.EstCostUsd, row.Tool));
        var exported = JsonNode.Parse(await home.Owner.GetStringAsync("/egress/export?format=json"))!.AsArray();
        Assert.Equal(0.000145m, (decimal)exported[0]!["est_cost_usd"]!);
        Assert.Equal((145L, 0), (EgressDay.Of(home.Service<EgressLedger>(), DateOnly.FromDateTime(row.Time.UtcDateTime), TimeZoneInfo.Utc).CostMicroUsd, EgressDay.Of(home.Service<EgressLedger>(), DateOnly.FromDateTime(row.Time.UtcDateTime), TimeZoneInfo.Utc).CostNotKnown));
    }

    [Theory]
    [InlineData("0.002", 2000)]
    [InlineData("$1", 1_000_000)]
    [InlineData(" .5 ", 500_000)]
    [InlineData("0", 0)]
    public void Entry_InUsd_IsMicroUsd(string text, long expected) =>
        Assert.Equal(expected, (long)new PriceEntry { Host = " a.example ", PerRequest = text }.ToInput().Value["per_request"]!);

    [Theory]
    [InlineData("a lot")]
    [InlineData("-1")]
    [InlineData("0.0000001")]
    [InlineData("1000001")]
    [InlineData("1,5")]
    public void Entry_ThatIsNoPrice_NamesTheField(string text) =>
        Assert.Contains("1,000 tokens read", new PriceEntry { Host = "a.example", PerThousandIn = text }.ToInput().Refusal!.Message, StringComparison.Ordinal);

    private void Set(EgressPrice price) => _world.Apply(EgressEvents.PriceSet.Draft(price.Check().Value, "person:owner"));
}
