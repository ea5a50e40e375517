using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;

namespace Arw.Web.Api;

/// <summary>Every read model under <c>/state</c>, and the meters.</summary>
internal static class StateRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/state").WithTags("state");
        group.MapGet("/route_stats", (HttpContext context, RouteMeters meters) => ForPeople(context, () => new { items = meters.Read() }))
            .WithSummary("Hits, errors and times of each route since start.");
        group.MapGet("/bus", (HttpContext context, EventJournal journal) => ForPeople(context, () => new
        {
            head = journal.Head,
            journal.Counters.Published,
            journal.Counters.Delivered,
            journal.Counters.Groups,
            journal.Counters.Refills,
            journal.Counters.Receivers,
        })).WithSummary("Counters of the event bus since start.");
        group.MapGet("/{model}", ReadAsync)
            .WithSummary("A read model: {version, items} for lists, {version, …} else. Answers 304 to the ETag of its version.");
    }

    private static IResult ForPeople<T>(HttpContext context, Func<T> value) => context.Principal().MayControl
        ? Results.Json(value(), ArwJson.Options)
        : Refusal.Forbidden("Meters of the home are for people only.").ToProblem();

    private static async Task ReadAsync(HttpContext context, StateHost state, string model)
    {
        if (!state.Models.TryGetValue(model, out var found))
        {
            await Problems.WriteAsync(context, Refusal.NotFound("read model", model));
            return;
        }

        var principal = context.Principal();
        // The version is taken before the content: content that is newer than its tag is read once more, never kept too long.
        var version = found.Version;
        var tag = $"\"{model}-{version}-{Digest.Of($"{principal.Actor}{context.Request.QueryString}")[7..19]}\"";
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.ETag = tag;
            return;
        }

        var content = found is TableModel table ? Table(context, table, principal, version) : Document((DocumentModel)found, principal);
        if (!content.TryGet(out var body, out var refusal))
        {
            await Problems.WriteAsync(context, refusal);
            return;
        }

        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static Result<ReadOnlyMemory<byte>> Table(HttpContext context, TableModel model, Principal principal, long version)
    {
        if (!StateQuery.Read(context.Request.Query, model, principal).TryGet(out var query, out var refusal))
        {
            return refusal;
        }

        var output = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, version);
            writer.WriteStartArray("items"u8);
            foreach (var row in model.Table.QueryJson(query))
            {
                writer.WriteRawValue(row, skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static Result<ReadOnlyMemory<byte>> Document(DocumentModel model, Principal principal)
    {
        var (version, content) = model.Read();
        if (!principal.MayControl && !KeepOwn(model, content, principal))
        {
            return Refusal.Forbidden($"\"{model.Id}\" is for people only.");
        }

        var body = new JsonObject { ["version"] = version };
        if (content is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                members.Remove(name);
                body.TryAdd(name, value);
            }
        }
        else
        {
            body["items"] = content;
        }

        return (ReadOnlyMemory<byte>)ArwJson.ToUtf8(body);
    }

    // An agent sees of a document only the entries of its projects, and only where the model says how they name theirs.
    private static bool KeepOwn(DocumentModel model, JsonNode content, Principal principal)
    {
        if (model.ProjectMember is not { } projectMember || content is not JsonObject { Count: 1 } members || members["items"] is not JsonArray items)
        {
            return false;
        }

        for (var i = items.Count - 1; i >= 0; i--)
        {
            var project = (items[i] as JsonObject)?[projectMember] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
            if (!principal.MayUse(project))
            {
                items.RemoveAt(i);
            }
        }

        return true;
    }
}
