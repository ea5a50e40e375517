using System.Text.Json;
using System.Text;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>A JSON value that knows where it stands in its text.</summary>
internal abstract record PositionedJson(int At)
{
    private const int MaxDepth = 1000;

    /// <summary>Reads a text; syntax errors and keys that stand twice in one object go to the source.</summary>
    public static PositionedJson? Parse(SchemaSource source)
    {
        var bytes = Encoding.UTF8.GetBytes(source.Text);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            var offsets = new Offsets(bytes);
            reader.Read();
            var value = Read(ref reader, offsets, source);
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            var line = bytes.AsSpan();
            for (var i = 0; i < (e.LineNumber ?? 0); i++)
            {
                line = line[(line.IndexOf((byte)'\n') + 1)..];
            }

            var at = bytes.Length - line.Length + Math.Min((int)(e.BytePositionInLine ?? 0), line.Length);
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            source.Error(Encoding.UTF8.GetCharCount(bytes, 0, at), $"This is not JSON: {(end < 0 ? e.Message : e.Message[..end])}");
            return null;
        }
    }

    private static PositionedJson Read(ref Utf8JsonReader reader, Offsets offsets, SchemaSource source)
    {
        var at = offsets.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, at, offsets, source);
            case JsonTokenType.StartArray:
                List<PositionedJson> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, offsets, source));
                }

                return new JsonList(items, at);
            case JsonTokenType.String:
                return new JsonText(Text(ref reader, at, source), at);
            case JsonTokenType.True or JsonTokenType.False:
                return new JsonFlag(reader.GetBoolean(), at);
            case JsonTokenType.Null:
                return new JsonNothing(at);
            default:
                return new JsonNumber(Encoding.UTF8.GetString(reader.ValueSpan), at);
        }
    }

    private static JsonMap ReadObject(ref Utf8JsonReader reader, int at, Offsets offsets, SchemaSource source)
    {
        List<JsonMember> members = [];
        HashSet<string> keys = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var keyAt = offsets.Of(reader.TokenStartIndex);
            var key = Text(ref reader, keyAt, source);
            if (!keys.Add(key))
            {
                source.Error(keyAt, $"The key {StringEscapes.Quote(key)} stands twice in one object.");
            }

            reader.Read();
            members.Add(new JsonMember(key, keyAt, Read(ref reader, offsets, source)));
        }

        return new JsonMap(members, at);
    }

    private static string Text(ref Utf8JsonReader reader, int at, SchemaSource source)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            source.Error(at, "This text holds half a character.");
            return "";
        }
    }

    // Bytes are counted into characters once, since the reader only moves forward.
    private sealed class Offsets(byte[] bytes)
    {
        private int _byte;
        private int _char;

        public int Of(long offset)
        {
            _char += Encoding.UTF8.GetCharCount(bytes, _byte, (int)offset - _byte);
            _byte = (int)offset;
            return _char;
        }
    }
}

internal sealed record JsonMap(IReadOnlyList<JsonMember> Members, int At) : PositionedJson(At);

internal sealed record JsonMember(string Key, int At, PositionedJson Value);

internal sealed record JsonList(IReadOnlyList<PositionedJson> Items, int At) : PositionedJson(At);

internal sealed record JsonText(string Value, int At) : PositionedJson(At);

internal sealed record JsonFlag(bool Value, int At) : PositionedJson(At);

internal sealed record JsonNumber(string Text, int At) : PositionedJson(At);

internal sealed record JsonNothing(int At) : PositionedJson(At);
