using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Arw.Core.Recipes;

/// <summary>Reads strict JSON into positioned nodes.</summary>
internal sealed class JsonManifest(ProblemList problems)
{
    public ManifestNode? Read(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = YamlManifest.MostDepth });
        var places = new Places(utf8);
        try
        {
            reader.Read();
            var root = Node(ref reader, places, "");
            reader.Read(); // refuses anything that follows
            return root;
        }
        catch (JsonException e)
        {
            var (line, column) = places.At((e.LineNumber ?? 0, e.BytePositionInLine ?? 0));
            var words = e.Message.Split(" LineNumber:", 2)[0];
            problems.Add(line, column, "", $"This is no JSON: {words}");
            return null;
        }
    }

    private ManifestNode Node(ref Utf8JsonReader reader, Places places, string path)
    {
        var (line, column) = places.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Map(ref reader, places, new ManifestNode(NodeKind.Map, line, column, path));
            case JsonTokenType.StartArray:
                var list = new ManifestNode(NodeKind.List, line, column, path);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Items.Add(Node(ref reader, places, $"{path}/{list.Items.Count}"));
                }

                return list;
            case JsonTokenType.String:
                return new ManifestNode(NodeKind.Text, line, column, path) { Text = Text(ref reader, line, column, path) };
            case JsonTokenType.Number:
                var raw = Encoding.UTF8.GetString(reader.ValueSpan);
                return new ManifestNode(NodeKind.Number, line, column, path)
                {
                    Text = raw,
                    Number = reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : Real(raw, line, column, path),
                };
            case JsonTokenType.True or JsonTokenType.False:
                return new ManifestNode(NodeKind.Boolean, line, column, path) { Text = reader.TokenType == JsonTokenType.True ? "true" : "false" };
            default:
                return new ManifestNode(NodeKind.Null, line, column, path);
        }
    }

    private ManifestNode Map(ref Utf8JsonReader reader, Places places, ManifestNode map)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (line, column) = places.At(reader.TokenStartIndex);
            var key = Text(ref reader, line, column, map.Path);
            reader.Read();
            var value = Node(ref reader, places, ManifestNode.Child(map.Path, key));
            if (seen.Add(key))
            {
                map.Entries.Add(new ManifestEntry(key, line, column, value));
            }
            else
            {
                problems.Add(line, column, value.Path, $"The key {ManifestNode.Quote(key)} appears twice.", "each key once");
            }
        }

        return map;
    }

    private JsonValue Real(string raw, int line, int column, string path)
    {
        var value = double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            problems.Add(line, column, path, $"The number {ManifestNode.Quote(raw)} is too large.", "a number that fits 64 bits");
            value = 0;
        }

        return JsonValue.Create(value);
    }

    private string Text(ref Utf8JsonReader reader, int line, int column, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            problems.Add(line, column, path, "The text holds half of a surrogate pair.", "well-formed Unicode");
            return "";
        }
    }

    /// <summary>Turns byte offsets into lines and columns of characters.</summary>
    private sealed class Places(byte[] utf8)
    {
        private readonly List<int> _starts = [0, .. utf8.Index().Where(b => b.Item == (byte)'\n').Select(b => b.Index + 1)];

        public (int Line, int Column) At(long offset)
        {
            var index = _starts.BinarySearch((int)offset);
            var line = index >= 0 ? index : ~index - 1;
            return At((line, offset - _starts[line]));
        }

        public (int Line, int Column) At((long Line, long Byte) place)
        {
            var line = (int)Math.Min(place.Line, _starts.Count - 1);
            var start = _starts[line];
            var length = (int)Math.Min(place.Byte, utf8.Length - start);
            return (line + 1, Encoding.UTF8.GetCharCount(utf8, start, length) + 1);
        }
    }
}
