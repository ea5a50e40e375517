using System.Text.Json.Nodes;

namespace Arw.Core.Recipes;

/// <summary>What a node of a manifest file is.</summary>
internal enum NodeKind
{
    Map,
    List,
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>A key of a map, with its own place in the file.</summary>
internal sealed record ManifestEntry(string Key, int Line, int Column, ManifestNode Value);

/// <summary>A value in a manifest file that knows its line and column; the same for YAML and JSON.</summary>
internal sealed class ManifestNode(NodeKind kind, int line, int column, string path)
{
    public NodeKind Kind => kind;

    public int Line => line;

    public int Column => column;

    /// <summary>JSON pointer.</summary>
    public string Path => path;

    /// <summary>The scalar as written; empty for maps and lists.</summary>
    public string Text { get; init; } = "";

    /// <summary>A number's value.</summary>
    public JsonValue? Number { get; init; }

    public List<ManifestEntry> Entries { get; } = [];

    public List<ManifestNode> Items { get; } = [];

    public ManifestNode? Find(string key) => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>The node in the words of a message: quotes short scalars.</summary>
    public string Shown => kind switch
    {
        NodeKind.Map => "a map",
        NodeKind.List => "a list",
        NodeKind.Null => "nothing",
        _ => Quote(Text),
    };

    public static string Quote(string text) => text.Length <= 80 ? $"\"{text}\"" : $"\"{text[..77]}…\"";

    public static string Child(string path, string key) =>
        $"{path}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public JsonNode? ToJson() => kind switch
    {
        NodeKind.Map => new JsonObject(Entries.DistinctBy(e => e.Key).Select(e => KeyValuePair.Create(e.Key, e.Value.ToJson()))),
        NodeKind.List => new JsonArray([.. Items.Select(i => i.ToJson())]),
        NodeKind.Text => JsonValue.Create(Text),
        NodeKind.Number => Number!.DeepClone(),
        NodeKind.Boolean => JsonValue.Create(Text == "true"),
        _ => null,
    };

    /// <summary>The node that a JSON pointer below this one names, or the nearest one above it.</summary>
    public ManifestNode Locate(string pointer)
    {
        var node = this;
        foreach (var part in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var key = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = node.Kind == NodeKind.List && int.TryParse(key, out var i) && i >= 0 && i < node.Items.Count ? node.Items[i] : node.Find(key);
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return node;
    }
}
