using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;
using Arw.Core.Recipes;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Recipes;

public class RecipePlannerTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    private static readonly RecipePlanner Planner = new(TestTool.All(), Time);

    [Fact]
    public void Plan_ResearchDigest_SaysInPlainWordsWhatItWillDo()
    {
        var inputs = new JsonObject { ["feeds"] = new JsonArray("http://127.0.0.1:5001/a.xml", "https://example.org/feed") };

        var plan = Planner.Plan(ShippedRecipes.Find("research-digest")!.Manifest!, inputs, "demo");

        Assert.Equal(
            "Reads 2 feeds on 127.0.0.1:5001 and example.org, groups items into topics, summarizes, writes 1 file under project://demo/digests, proposes beliefs.",
            plan.Summary);
        Assert.Equal(["127.0.0.1:5001", "example.org"], plan.Hosts);
        Assert.StartsWith("project://demo/digests/2026-11-25-", Assert.Single(plan.Writes), StringComparison.Ordinal);
        Assert.Empty(plan.Undeclared);
        Assert.True(plan.Launchable);
        Assert.Equal("how often depends on step topics", plan.Steps.Single(s => s.Step == "summaries").Note);
        Assert.True(plan.Steps.Single(s => s.Step == "overview").Skipped);
        var permission = plan.Permissions.Single(p => p.Capability == "file.write project://demo/digests/**");
        Assert.Equal("write everything under demo/digests", permission.Words);
        Assert.Equal("Granted to this run when you launch it, for 1 hour. You can revoke it at any time.", permission.Meaning);
    }

    [Fact]
    public void Plan_WriteElsewhere_IsNamedAsUndeclared()
    {
        var inputs = new JsonObject { ["output"] = "project://secret/x.md" };

        var plan = Planner.Plan(ShippedRecipes.Find("research-digest")!.Manifest!, inputs, "demo");

        Assert.Equal(["file.write project://secret/x.md"], plan.Undeclared);
        Assert.Equal("reads 3 feeds under project://demo/feeds", plan.Steps[0].Words);
    }

    [Fact]
    public void Plan_BadInputs_NamesEachByPointer()
    {
        var inputs = new JsonObject { ["feeds"] = new JsonArray("https://example.org", "ftp://example.org"), ["max_topics"] = 99, ["colour"] = "red" };

        var plan = Planner.Plan(ShippedRecipes.Find("research-digest")!.Manifest!, inputs, "demo");

        Assert.False(plan.Launchable);
        Assert.Equal(["/colour", "/feeds/1", "/max_topics"], plan.InputFaults.Select(f => f.Pointer).Where(p => p.Length > 0).Distinct().Order());
    }

    [Fact]
    public void Plan_InputThatLooksLikeATemplate_StaysText()
    {
        var inputs = new JsonObject { ["output"] = "project://demo/digests/{{ date }}.md" };

        var plan = Planner.Plan(ShippedRecipes.Find("research-digest")!.Manifest!, inputs, "demo");

        Assert.DoesNotContain(plan.Writes, w => w.Contains("2026", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_ControlActionAsTool_IsAnObstacle()
    {
        var tools = TestTool.All(new TestTool("policy.lease.grant", "Grant a lease", _ => throw new InvalidOperationException()) { IsControl = true });
        var manifest = ManifestLoader.Load("""
            id: sly
            name: Sly
            version: 1.0.0
            permissions: { demo.echo: allow }
            prompts: { system: s }
            tools: [{ id: policy.lease.grant }, { id: no.such }]
            workflows: [{ step: grant, tool: policy.lease.grant }]
            """).Manifest!;

        var plan = new RecipePlanner(tools, Time).Plan(manifest, [], "demo");

        Assert.False(plan.Launchable);
        Assert.Equal(["\"policy.lease.grant\" is not for recipes.", "The tool \"no.such\" does not exist here."], plan.Obstacles);
    }

    [Fact]
    public void Plan_Cost_SumsWhatIsKnownAndNamesTheRest()
    {
        var settings = new EgressSettingsModel();
        settings.Apply(Egress.EgressWorld.Event(EgressEvents.PriceSet.Draft(new EgressPrice { Host = "paid.example", PerRequest = 1000 }, "person:owner"), 1));
        var tools = TestTool.All(
            new TestTool("t.ask", "Ask", i => Capability.ParseHttp("GET", i.GetProperty("url").GetString()!).Map(c => (IReadOnlyList<Capability>)[c])) { Does = Effects.External },
            new TestTool("t.chat", "Chat", _ => (Capability[])[Capability.Of("model.run", "m"), Capability.Http("POST", new Uri("https://llm.example/v1/chat")), Capability.Of("spend.usd", "0.02")]) { Does = Effects.External });
        var manifest = ManifestLoader.Load("""
            id: dear
            name: Dear
            version: 1.0.0
            permissions: { demo.echo: allow }
            prompts: { system: s }
            inputs: { type: object, properties: { urls: { type: array, items: { type: string }, default: [] } } }
            tools: [{ id: t.ask }, { id: t.chat }, { id: text.summarize }]
            workflows:
              - { step: each, tool: t.ask, params: { for_each: inputs.urls, url: "{{ item }}" } }
              - { step: chat, tool: t.chat, params: {} }
              - { step: short, tool: text.summarize, params: {} }
            """).AsResult().Value;
        RecipePlan Plan(params string[] urls) => new RecipePlanner(tools, Time, new EgressPrices(settings)).Plan(manifest, new JsonObject { ["urls"] = new JsonArray([.. urls.Select(u => JsonValue.Create(u))]) }, "demo");

        Assert.Equal((20_000L, 0), (Plan().Cost.AtLeastMicroUsd, Plan().Cost.NotKnown.Count));
        Assert.Equal((22_000L, 0.022m), (Plan("https://paid.example/a", "https://paid.example/b", "http://127.0.0.1:9000/c").Cost.AtLeastMicroUsd, Plan("https://paid.example/a", "https://paid.example/b", "http://127.0.0.1:9000/c").Cost.EstCostUsd));
        var open = Plan("https://paid.example/a", "https://elsewhere.example/b").Cost;
        Assert.Equal((21_000L, null, "the price of elsewhere.example"), (open.AtLeastMicroUsd, open.EstCostUsd, Assert.Single(open.NotKnown)));
    }
}
