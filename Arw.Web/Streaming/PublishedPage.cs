using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.State;

namespace Arw.Web.Streaming;

/// <summary>The default page of a table as its readers know it: <c>{version, items}</c>, newest rows first. Rows are compared as bytes, so that a page of large rows costs little.</summary>
internal sealed class PublishedPage : PublishedModel
{
    private readonly TableModel _model;
    private TablePage _page;
    private long _looked;
    private PublishedState? _state;

    public PublishedPage(TableModel model)
        : base(model.Id)
    {
        _model = model;
        _page = model.Table.ReadPage(model.DefaultPage);
        _looked = _page.Version;
    }

    public override PublishedState State => _state ??= new PublishedState(_page.Version, Body(_page));

    public override JsonArray? Advance()
    {
        if (_model.Version == _looked)
        {
            return null;
        }

        var page = _model.Table.ReadPage(_model.DefaultPage);
        _looked = page.Version;
        var patch = Between(_page.Rows, page.Rows);
        if (patch.Count == 0)
        {
            return null;
        }

        (_page, _state) = (page, null);
        return patch;
    }

    /// <summary>A page as readers get it.</summary>
    public static ReadOnlyMemory<byte> Body(TablePage page)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, page.Version);
            writer.WriteStartArray("items"u8);
            foreach (var row in page.Rows)
            {
                writer.WriteRawValue(row.Json, skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    /// <summary>The patch from one list of rows to another: what has gone or changed is removed from the end on, what is new or changed is added from the head on.</summary>
    internal static JsonArray Between(IReadOnlyList<StoredRow> from, IReadOnlyList<StoredRow> to)
    {
        var after = to.ToDictionary(r => r.Key, r => r.Json, StringComparer.Ordinal);
        var operations = new JsonArray();
        var kept = new List<string>(from.Count);
        for (var i = from.Count - 1; i >= 0; i--)
        {
            if (after.TryGetValue(from[i].Key, out var json) && json.AsSpan().SequenceEqual(from[i].Json))
            {
                kept.Add(from[i].Key);
            }
            else
            {
                operations.Add((JsonNode)new JsonObject { ["op"] = "remove", ["path"] = $"/items/{i}" });
            }
        }

        // An unchanged row keeps its place among the unchanged: the order follows from the rows alone.
        kept.Reverse();
        var next = 0;
        for (var i = 0; i < to.Count; i++)
        {
            if (next < kept.Count && kept[next] == to[i].Key)
            {
                next++;
            }
            else
            {
                operations.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = $"/items/{i}", ["value"] = JsonNode.Parse(to[i].Json) });
            }
        }

        return operations;
    }
}
