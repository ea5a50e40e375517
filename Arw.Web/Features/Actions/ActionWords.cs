using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Web.Components.Formats;

namespace Arw.Web.Features.Actions;

/// <summary>What tells one action from the others of its kind, and why it ended badly: the short words of lists.</summary>
public static class ActionWords
{
    private const string FileScheme = "project://";

    /// <summary>Host and path, file, topic, model or count: what distinguishes it; its title when its input has nothing of that sort.</summary>
    public static string Target(ActionRow action)
    {
        var input = action.Input as JsonObject;
        return Text(input, "url") is { } url ? Place(url)
            : Text(input, "path") is { } path ? Place(path)
            : action.Kind == "recipe.run" && Text(input, "recipe") is { } recipe ? $"{recipe} {Text(action.Output as JsonObject, "version") ?? Text(input, "version")}".TrimEnd()
            : Text(input, "model") ?? Text(input, "capability") ?? Topic(input) ?? Items(action, input) ?? action.Title;
    }

    /// <summary>Why it failed or was refused; null when it did neither.</summary>
    public static string? Why(ActionRow action) =>
        action.State is ActionState.Failed or ActionState.Refused ? action.Error?.Message ?? "No reason was given." : null;

    private static string Place(string address) =>
        address.StartsWith(FileScheme, StringComparison.Ordinal) ? address[FileScheme.Length..]
        : Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Host.Length > 0 ? url.Authority + (url.AbsolutePath == "/" ? "" : url.AbsolutePath)
        : address;

    private static string? Topic(JsonObject? input) =>
        input?["claims"] is JsonArray { Count: > 0 } claims && claims[0] is JsonObject claim ? Text(claim, "topic") ?? Text(claim, "subject") ?? Text(claim, "text") : null;

    private static string? Items(ActionRow action, JsonObject? input)
    {
        if (input?["texts"] is JsonArray texts)
        {
            return Format.Count(texts.Count, "passage", "passages");
        }

        if (input?["items"] is not JsonArray items)
        {
            return null;
        }

        var count = Format.Count(items.Count, "item", "items");
        return (action.Output as JsonObject)?["topics"] is JsonArray topics ? $"{count} → {Format.Count(topics.Count, "topic", "topics")}"
            : action.Kind != "topics.cluster" && items.FirstOrDefault() is JsonObject first && Text(first, "title") is { } title ? $"{count} · {title}"
            : count;
    }

    private static string? Text(JsonObject? from, string name) =>
        from is not null && from.TryGetPropertyValue(name, out var value) && value is JsonValue text && text.TryGetValue<string>(out var found) && found.Length > 0 ? found : null;
}
