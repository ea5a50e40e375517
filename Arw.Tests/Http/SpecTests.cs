using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;

namespace Arw.Tests.Http;

public class SpecTests
{
    [Fact]
    public async Task OpenApi_ListsEveryMappedRouteWithASummary()
    {
        await using var home = await TestHome.StartAsync();
        var paths = JsonNode.Parse(await home.Owner.GetStringAsync("/spec/openapi.json"))!["paths"]!.AsObject();
        var mapped = home.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.ITagsMetadata>() is { } tags && !tags.Tags.Contains("mcp"))
            .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => (Path: "/" + e.RoutePattern.RawText!.TrimStart('/'), Method: m.ToLowerInvariant())))
            .Where(r => !r.Path.StartsWith("/spec/{documentName}", StringComparison.Ordinal))
            .ToList();
        foreach (var route in new[] { "get /events", "post /events", "post /actions", "get /state/episode/{id}/snapshot", "get /state/world/select", "post /leases", "delete /leases/{id}", "post /egress/preview", "get /egress/settings", "post /approvals/{id}" })
        {
            Assert.Contains(route, mapped.Select(m => $"{m.Method} {m.Path}"));
        }

        foreach (var (path, method) in mapped)
        {
            var operation = paths[path]?[method];
            Assert.True(operation is not null, $"{method} {path} is not described.");
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path} has no summary.");
        }
    }

    [Fact]
    public async Task OpenApi_IsThereAsYamlToo()
    {
        await using var home = await TestHome.StartAsync();
        Assert.StartsWith("openapi: ", await home.Owner.GetStringAsync("/spec/openapi.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsyncApi_IsYamlWithEveryKindAndFrameAndOnlyThose()
    {
        await using var home = await TestHome.StartAsync();
        var text = await home.Owner.GetStringAsync("/spec/asyncapi.yaml");
        var document = new YamlDotNet.Serialization.Deserializer().Deserialize<Dictionary<string, object>>(text);
        var messages = (Dictionary<object, object>)((Dictionary<object, object>)document["components"])["messages"];
        string[] frames = ["service.connected", "bus.gap", "state.read.model.patch"];
        Assert.Equal(home.Service<KindCatalogue>().All.Select(k => k.Name).Concat(frames), messages.Keys.Cast<string>());
        foreach (var (name, message) in messages)
        {
            Assert.False(string.IsNullOrEmpty((string)((Dictionary<object, object>)message)["summary"]), $"{name} has no summary.");
        }

        // Each reference leads somewhere.
        var channel = (Dictionary<object, object>)((Dictionary<object, object>)((Dictionary<object, object>)document["channels"])["events"])["messages"];
        Assert.Equal(messages.Keys, channel.Keys);
    }

    [Fact]
    public async Task Schemas_OfEveryKindAndAction_AreServed()
    {
        await using var home = await TestHome.StartAsync();
        var names = home.Service<KindCatalogue>().All.Select(k => k.Name).Concat(home.Host.Services.GetServices<ActionKind>().Select(a => a.Id));
        foreach (var name in names)
        {
            var schema = JsonNode.Parse(await home.Owner.GetStringAsync($"/spec/schemas/{name}.json"))!;
            Assert.Equal($"/spec/schemas/{name}", (string?)schema["$id"]);
        }

        using var unknown = await home.Owner.GetAsync("/spec/schemas/no.such.kind");
        await TestHome.AssertProblemAsync(unknown, 404, "not_found");
    }

    [Fact]
    public async Task McpTools_AreTheActionKinds_AndAgentsSeeNoControl()
    {
        await using var home = await TestHome.StartAsync();
        var kinds = home.Host.Services.GetServices<ActionKind>().ToList();
        var file = JsonNode.Parse(await home.Owner.GetStringAsync("/spec/mcp-tools.json"))!["tools"]!.AsArray();
        Assert.Equal(kinds.Select(k => k.Id).Order(StringComparer.Ordinal), file.Select(t => (string)t!["name"]!));

        await using var person = await ConnectAsync(home, TestHome.OwnerToken);
        Assert.Equal(file.Select(t => (string)t!["name"]!), (await person.ListToolsAsync()).Select(t => t.Name));

        await using var agent = await ConnectAsync(home, (await home.MintAsync("crawler", PrincipalKind.Agent, ["demo"])).Secret);
        Assert.Equal(
            kinds.Where(k => !k.Control).Select(k => k.Id).Order(StringComparer.Ordinal),
            (await agent.ListToolsAsync()).Select(t => t.Name));
    }

    [Fact]
    public async Task McpCall_RunsAsAnActionOfItsCaller()
    {
        await using var home = await TestHome.StartAsync();
        await using var person = await ConnectAsync(home, TestHome.OwnerToken);
        var made = await person.CallToolAsync("credential.mint", new Dictionary<string, object?> { ["name"] = "made", ["kind"] = "agent" });
        Assert.NotEqual(true, made.IsError);
        Assert.Contains(home.Service<CredentialsModel>().Current.Items.Values, c => c.Name == "made" && c.CreatedBy == "person:owner");

        await using var agent = await ConnectAsync(home, (await home.MintAsync("crawler", PrincipalKind.Agent, ["demo"])).Secret);
        var refused = await agent.CallToolAsync("credential.mint", new Dictionary<string, object?> { ["name"] = "more", ["kind"] = "agent" });
        Assert.True(refused.IsError);
        Assert.DoesNotContain(home.Service<CredentialsModel>().Current.Items.Values, c => c.Name == "more");
    }

    [Fact]
    public async Task McpEcho_OfAnAgent_AnswersItsInputAndIsAnEpisodeOfItsProject()
    {
        await using var home = await TestHome.StartAsync();
        await using var agent = await ConnectAsync(home, (await home.MintAsync("crawler", PrincipalKind.Agent, ["demo"])).Secret);
        var echo = (await agent.ListToolsAsync()).Single(t => t.Name == "demo.echo");
        var answer = await echo.CallAsync(new Dictionary<string, object?> { ["text"] = "hello" });
        Assert.NotEqual(true, answer.IsError);
        Assert.Equal("hello", (string?)JsonNode.Parse(((ModelContextProtocol.Protocol.TextContentBlock)answer.Content[0]).Text)!["text"]);
        var row = home.Service<ActionsModel>().Rows.Query(new() { Where = [new("kind", Core.State.Op.Equal, "demo.echo")] }).Single();
        Assert.Equal(("agent:crawler", "demo"), (row.Actor, row.Project));
    }

    [Fact]
    public async Task Mcp_WithoutCredential_IsRefused()
    {
        await using var home = await TestHome.StartAsync();
        using var response = await home.Stranger.PostAsync("/mcp", TestHome.Json("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""));
        await TestHome.AssertProblemAsync(response, 401, "unauthorized");
    }

    private static Task<McpClient> ConnectAsync(TestHome home, string token) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = new Uri(home.Host.Url, "/mcp"),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = $"Bearer {token}" },
    }));
}
