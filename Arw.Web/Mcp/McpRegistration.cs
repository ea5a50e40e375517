using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Primitives;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;
using Arw.Web.Spec;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Arw.Web.Mcp;

/// <summary>The home as a server of the model context protocol: every kind of action is a tool, every call an action of the caller.</summary>
internal static class McpRegistration
{
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddMcpServer(server => server.ServerInfo = new Implementation { Name = "Arw.Web", Version = "1" })
            .WithHttpTransport(http => http.SessionMode = ModelContextProtocol.AspNetCore.HttpServerSessionMode.Stateless)
            .WithListToolsHandler(List)
            .WithCallToolHandler(CallAsync);
        return services.AddRoutes(routes => routes.MapMcp("/mcp").WithTags("mcp").WithSummary("Model context protocol over HTTP; the tools are listed in /spec/mcp-tools.json."));
    }

    private static ValueTask<ListToolsResult> List(RequestContext<ListToolsRequestParams> request, CancellationToken cancel)
    {
        var tools = request.Services!.GetRequiredService<ToolList>();
        return ValueTask.FromResult(new ListToolsResult { Tools = [.. tools.For(Caller(request).Principal()).Select(Describe)] });
    }

    private static Tool Describe(ActionKind kind) => new()
    {
        Name = kind.Id,
        Title = kind.Title,
        Description = kind.Summary,
        InputSchema = JsonSerializer.SerializeToElement(kind.InputSchema),
        Annotations = new ToolAnnotations { ReadOnlyHint = kind.Effects == Effects.None, OpenWorldHint = kind.Effects == Effects.External },
    };

    // A call that needs a lease is refused at once, with the decision, and one that is staged answers that it waits: a model must
    // not be left hanging until a person comes by.
    private static async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancel)
    {
        var context = Caller(request);
        var service = request.Services!.GetRequiredService<ActionService>();
        var input = new JsonObject((request.Params?.Arguments ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
            .Select(a => KeyValuePair.Create(a.Key, JsonSerializer.SerializeToNode(a.Value))));
        var submit = new SubmitRequest(request.Params!.Name, input)
        {
            Project = Header(context, "X-ARW-Project"),
            CorrId = Header(context, "X-ARW-Corr"),
        };
        if (!(await service.SubmitAsync(submit, context.Principal(), cancel)).TryGet(out var outcome, out var refusal))
        {
            return Answer(Problems.Body(refusal), isError: true);
        }

        if (outcome.State == ActionState.Completed)
        {
            return Answer(outcome.Output, isError: false);
        }

        if (outcome.State == ActionState.Waiting)
        {
            return Answer(JsonSerializer.SerializeToNode(outcome, ArwJson.Options), isError: false);
        }

        var end = await service.WaitForEndAsync(outcome.Id, cancel);
        return end.State == ActionState.Completed
            ? Answer(end.Output, isError: false)
            : Answer(JsonSerializer.SerializeToNode(new { end.Id, end.State, end.Error }, ArwJson.Options), isError: true);
    }

    private static CallToolResult Answer(JsonNode? content, bool isError) => new()
    {
        IsError = isError,
        Content = [new TextContentBlock { Text = content?.ToJsonString(ArwJson.Options) ?? "null" }],
        StructuredContent = content is JsonObject ? JsonSerializer.SerializeToElement(content) : null,
    };

    private static HttpContext Caller<T>(RequestContext<T> request) =>
        request.Services!.GetRequiredService<IHttpContextAccessor>().HttpContext ?? throw new InvalidOperationException("The protocol is served over HTTP only.");

    private static string? Header(HttpContext context, string name) =>
        context.Request.Headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
}
