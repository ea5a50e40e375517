using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Arw.Core.Primitives;

/// <summary>Canonical JSON (RFC 8785): members sorted by UTF-16 code units, no white space, shortest number form. For manifests, capsules, signatures and dumps.</summary>
public static class CanonicalJson
{
    /// <summary>A JSON value in canonical form.</summary>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    /// <summary>The digest of a JSON value's canonical form.</summary>
    public static string DigestOf(JsonNode? node) => Digest.Of(Text(node));

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject o:
                text.Append('{');
                var first = true;
                foreach (var (name, value) in o.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    if (!first)
                    {
                        text.Append(',');
                    }

                    first = false;
                    WriteString(text, name);
                    text.Append(':');
                    Write(text, value);
                }

                text.Append('}');
                break;
            case JsonArray a:
                text.Append('[');
                for (var i = 0; i < a.Count; i++)
                {
                    if (i > 0)
                    {
                        text.Append(',');
                    }

                    Write(text, a[i]);
                }

                text.Append(']');
                break;
            default:
                WriteScalar(text, node);
                break;
        }
    }

    private static void WriteScalar(StringBuilder text, JsonNode node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(text, node.GetValue<string>());
                break;
            case JsonValueKind.Number:
                text.Append(Number(double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)));
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    // ECMAScript's Number::toString: .NET's "R" gives the same shortest digits, the exponent rules differ.
    private static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new JsonException("A number beyond the range of a double has no canonical form.");
        }

        if (value == 0)
        {
            return "0";
        }

        var scientific = Math.Abs(value).ToString("E16", CultureInfo.InvariantCulture);
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Decompose(shortest, scientific);
        var sign = value < 0 ? "-" : "";
        var n = exponent + 1;
        if (n is > 0 and <= 21)
        {
            return sign + (digits.Length <= n ? digits.PadRight(n, '0') : $"{digits[..n]}.{digits[n..]}");
        }

        if (n is > -6 and <= 0)
        {
            return sign + "0." + new string('0', -n) + digits;
        }

        var e = n - 1;
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{sign}{mantissa}e{(e < 0 ? "-" : "+")}{Math.Abs(e).ToString(CultureInfo.InvariantCulture)}";
    }

    private static (string Digits, int Exponent) Decompose(string shortest, string scientific)
    {
        var exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = shortest;
        var e = mantissa.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(mantissa.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..e];
        }

        return (mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0'), exponent);
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }
}
