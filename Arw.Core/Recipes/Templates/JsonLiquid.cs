using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Fluid;
using Fluid.Values;

namespace Arw.Core.Recipes;

/// <summary>JSON as Liquid values and back.</summary>
internal static class JsonLiquid
{
    private const int MostDepth = 64;

    public static FluidValue ToLiquid(JsonNode? node) => node switch
    {
        null => NilValue.Instance,
        JsonObject map => new DictionaryValue(new JsonMembers(map, null)),
        JsonArray list => new ArrayValue([.. list.Select(ToLiquid)]),
        _ => Scalar(node),
    };

    /// <summary>An object whose members must exist.</summary>
    public static FluidValue ToStrict(string name, JsonObject map) => new DictionaryValue(new JsonMembers(map, name));

    /// <summary>A member of an object; nothing for any other value.</summary>
    public static FluidValue Member(FluidValue value, string name) =>
        value.ToObjectValue() is JsonMembers members && members.TryGetValue(name, out var member) ? member : NilValue.Instance;

    public static JsonNode? ToJson(FluidValue value, int depth)
    {
        if (depth > MostDepth)
        {
            throw new FluidException($"A value is nested more than {MostDepth} levels deep.");
        }

        switch (value)
        {
            case NilValue:
                return null;
            case ArrayValue list:
                return new JsonArray([.. list.Values.Select(v => ToJson(v, depth + 1))]);
            case DictionaryValue when value.ToObjectValue() is JsonMembers members:
                return members.Map.DeepClone();
            case BooleanValue:
                return JsonValue.Create(value.ToBooleanValue());
            case NumberValue:
                var number = value.ToNumberValue();
                return number == decimal.Truncate(number) && Math.Abs(number) < long.MaxValue
                    ? JsonValue.Create((long)number)
                    : JsonValue.Create((double)number);
            case DateTimeValue when value.ToObjectValue() is DateTimeOffset time:
                return JsonValue.Create(Rfc3339.Format(time));
            default:
                return JsonValue.Create(value.ToStringValue());
        }
    }

    private static FluidValue Scalar(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => StringValue.Create(node.GetValue<string>()),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        JsonValueKind.Number => decimal.TryParse(node.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? NumberValue.Create(number)
            : StringValue.Create(node.ToJsonString()),
        _ => NilValue.Instance,
    };

    private sealed class JsonMembers(JsonObject map, string? strictName) : IFluidIndexable
    {
        public JsonObject Map => map;

        public int Count => map.Count;

        public IEnumerable<string> Keys => map.Select(p => p.Key);

        public bool TryGetValue(string name, out FluidValue value)
        {
            if (map.TryGetPropertyValue(name, out var node))
            {
                value = ToLiquid(node);
                return true;
            }

            if (strictName is not null)
            {
                throw new FluidException($"There is no \"{strictName}.{name}\".");
            }

            value = NilValue.Instance;
            return true;
        }
    }
}
