using System.Text.Json;
using Arw.Core.Primitives;

namespace Arw.Core.Tools.Feeds;

/// <summary>Reads JSON Feed 1.0 and 1.1.</summary>
internal static class JsonFeeds
{
    private const string VersionPrefix = "https://jsonfeed.org/version/";

    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>The feed in a text, or refusal <c>not_a_feed</c> with line and column.</summary>
    public static Result<FeedInfo> Read(string text, Uri? from, FeedItems items)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Tolerant);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Half of a surrogate pair is an ArgumentException: such text has no UTF-8 form.
            var where = e is JsonException { LineNumber: { } line } json ? FormattableString.Invariant($" (line {line + 1}, byte {json.BytePositionInLine + 1})") : "";
            return Refuse($"it is not valid JSON{where}");
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !Get(root, "items", out var entries) || entries.ValueKind != JsonValueKind.Array)
            {
                return Refuse("it is JSON without a list of items");
            }

            var site = FeedLinks.Combine(from, Text(root, "home_page_url"));
            foreach (var entry in entries.EnumerateArray())
            {
                if (entry.ValueKind == JsonValueKind.Object)
                {
                    items.Add(Item(entry, root, from ?? site));
                }
            }

            var version = Text(root, "version") is { } v && v.StartsWith(VersionPrefix, StringComparison.Ordinal) ? v[VersionPrefix.Length..].TrimEnd('/') : "1.0";
            return new FeedInfo(HtmlText.Of(Escaped(Text(root, "title")) ?? "", 300), site?.AbsoluteUri, $"json feed {HtmlText.Cut(version, 10)}");
        }
    }

    private static RawItem Item(JsonElement entry, JsonElement root, Uri? from) => new()
    {
        Id = Text(entry, "id"),
        Title = Escaped(Text(entry, "title")),
        Url = FeedLinks.Combine(from, Text(entry, "url")) ?? FeedLinks.Combine(from, Text(entry, "external_url")) ?? FeedLinks.Combine(null, Text(entry, "id")),
        Html = Escaped(Text(entry, "summary")) ?? Text(entry, "content_html") ?? Escaped(Text(entry, "content_text")),
        Author = Escaped(Author(entry) ?? Author(root)),
        Date = Text(entry, "date_published") ?? Text(entry, "date_modified"),
    };

    private static string? Author(JsonElement of)
    {
        if (Get(of, "authors", out var many) && many.ValueKind == JsonValueKind.Array && many.GetArrayLength() > 0)
        {
            return Text(many[0], "name");
        }

        return Get(of, "author", out var one) ? Text(one, "name") : null;
    }

    private static bool Get(JsonElement of, string name, out JsonElement value)
    {
        value = default;
        return of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out value);
    }

    private static string? Text(JsonElement of, string name)
    {
        if (!Get(of, name, out var value))
        {
            return null;
        }

        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // A string with half of a surrogate pair has no value.
            return null;
        }
    }

    // These fields are plain text: what looks like markup in them is meant as it is.
    private static string? Escaped(string? text) => string.IsNullOrWhiteSpace(text) ? null : System.Net.WebUtility.HtmlEncode(text);

    private static Refusal Refuse(string why) =>
        new("not_a_feed", $"This is not a feed that can be read: {why}.", "Give the address of an RSS, Atom or JSON feed.", 422);
}
