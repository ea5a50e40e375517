using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Arw.Core.Text;

/// <summary>Something to read, as a feed or a page gives it. Members beyond these are kept and passed on.</summary>
public sealed record TextItem
{
    /// <summary>Its id; the position by default.</summary>
    [Description("Id of the item; its position by default.")]
    public string? Id { get; init; }

    /// <summary>Its title; null for none.</summary>
    [Description("Title.")]
    public string? Title { get; init; }

    /// <summary>Its text; the summary by default.</summary>
    [Description("Plain text; the summary by default.")]
    public string? Text { get; init; }

    /// <summary>A short form of the text, as feeds carry it.</summary>
    [Description("A short form of the text.")]
    public string? Summary { get; init; }

    /// <summary>Where it is from: cited by summaries.</summary>
    [Description("Address of the source, cited by summaries.")]
    public string? Url { get; init; }

    /// <summary>Everything else: when it was published, by whom.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }

    /// <summary>What there is to read beside the title.</summary>
    internal string Body => string.IsNullOrWhiteSpace(Text) ? Summary ?? "" : Text;

    /// <summary>The schema of an input that has items, with the items open: the exporter closes every object.</summary>
    internal static JsonNode Open(JsonNode schema)
    {
        schema["properties"]!["items"]!["items"]!.AsObject().Remove("additionalProperties");
        return schema;
    }
}
