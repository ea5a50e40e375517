using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.State;
using Arw.Core.Text;

namespace Arw.Core.Memory.Evidence;

/// <summary>A source as the home stored it.</summary>
/// <param name="Address">Its address or id.</param>
/// <param name="Body">What came, as it came.</param>
/// <param name="IsMarkup">Whether that is HTML.</param>
/// <param name="Published">When it says that it was published; null when it does not.</param>
public sealed record StoredSource(string Address, string Body, bool IsMarkup, DateTimeOffset? Published)
{
    /// <summary>What a person who reads it would see; null where that cannot be told.</summary>
    public string? Readable(CancellationToken cancel) =>
        IsMarkup ? HtmlText.Extract(Body, null, cancel).TryGet(out var page, out _) ? $"{page.Title}\n{page.Text}" : null : Body;
}

/// <summary>What an episode brought in from outside, found in the outputs of its actions: pages that it fetched, entries of feeds that it read, files.</summary>
/// <param name="actions">All actions.</param>
public sealed class StoredSources(ActionsModel actions)
{
    private const int MostActions = 200;
    private static readonly string[] Kinds = ["http.fetch", "feed.read", "file.read"];

    /// <summary>The sources of an episode, by address and by id.</summary>
    /// <param name="corrId">The episode.</param>
    /// <param name="project">Its project: an episode of another one shows nothing.</param>
    public IReadOnlyDictionary<string, StoredSource> Of(string? corrId, string? project)
    {
        var found = new Dictionary<string, StoredSource>(StringComparer.Ordinal);
        if (corrId is null)
        {
            return found;
        }

        foreach (var kind in Kinds)
        {
            var query = new TableQuery { Where = [new("corr_id", Op.Equal, corrId), new("project", Op.Equal, project), new("kind", Op.Equal, kind), new("state", Op.Equal, "completed")], OrderBy = "created", Limit = MostActions };
            foreach (var action in actions.Rows.Query(query))
            {
                Add(found, action);
            }
        }

        return found;
    }

    /// <summary>The facts of some provenance in an episode.</summary>
    /// <param name="provenance">What is named.</param>
    /// <param name="stored">What the episode brought in.</param>
    /// <param name="cancel">Stops reading pages.</param>
    public static IReadOnlyList<SourceFact> Facts(IReadOnlyList<MemoryProvenance> provenance, IReadOnlyDictionary<string, StoredSource> stored, CancellationToken cancel) =>
        [.. provenance.Select(p => stored.TryGetValue(p.Ref, out var source)
            ? new SourceFact(p, true) { Text = p.Quote is null ? null : source.Readable(cancel), Published = source.Published }
            : new SourceFact(p, p.Kind == ProvenanceKind.Person))];

    private static void Add(Dictionary<string, StoredSource> found, ActionRow action)
    {
        if (action.Output is not JsonObject output)
        {
            return;
        }

        switch (action.Kind)
        {
            case "http.fetch" when Text(output, "body") is { } body:
                var page = new StoredSource(Text(output, "final_url") ?? "", body, IsMarkup(Text(output["headers"] as JsonObject, "content-type"), body), null);
                Put(found, page.Address, page);
                Put(found, Text(action.Input as JsonObject, "url"), page);
                break;
            case "file.read" when Text(output, "text") is { } text && Text(output, "path") is { } path:
                Put(found, path, new StoredSource(path, text, IsMarkup(null, text), null));
                break;
            case "feed.read" when output["items"] is JsonArray items:
                foreach (var item in items.OfType<JsonObject>())
                {
                    var entry = new StoredSource(
                        Text(item, "url") ?? Text(item, "id") ?? "",
                        $"{Text(item, "title")}\n{Text(item, "summary")}",
                        false,
                        DateTimeOffset.TryParse(Text(item, "published"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var published) ? published : null);
                    Put(found, Text(item, "url"), entry);
                    Put(found, Text(item, "id"), entry);
                }

                break;
        }
    }

    private static void Put(Dictionary<string, StoredSource> found, string? address, StoredSource source)
    {
        if (!string.IsNullOrEmpty(address))
        {
            found.TryAdd(address, source);
        }
    }

    private static bool IsMarkup(string? type, string body) =>
        type?.Contains("html", StringComparison.OrdinalIgnoreCase) == true
        || (type is null && body.AsSpan().TrimStart() is var start && (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)));

    private static string? Text(JsonObject? from, string name) =>
        from?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
