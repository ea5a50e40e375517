using System.Text.Json;
using System.Text.Json.Serialization;

namespace Arw.Core.Policy.Capabilities;

/// <summary>A capability in JSON is its text.</summary>
internal sealed class CapabilityJson : JsonConverter<Capability>
{
    public override Capability Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A capability is a text.");
        }

        return Capability.Parse(reader.GetString()!).TryGet(out var capability, out var refusal) ? capability : throw new JsonException(refusal.Message);
    }

    public override void Write(Utf8JsonWriter writer, Capability value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
