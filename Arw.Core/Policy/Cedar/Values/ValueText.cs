using System.Globalization;
using System.Text;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>Values as they would be written in a policy.</summary>
internal static class ValueText
{
    public static string Write(in CedarValue value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private static void Write(in CedarValue value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                text.Append(value.AsBool ? "true" : "false");
                break;
            case ValueKind.Long:
                text.Append(CultureInfo.InvariantCulture, $"{value.AsLong}");
                break;
            case ValueKind.String:
                text.Append(StringEscapes.Quote(value.AsString));
                break;
            case ValueKind.Entity:
                text.Append(value.AsEntity);
                break;
            case ValueKind.Set:
                text.Append('[');
                var separator = "";
                foreach (var item in value.AsSet)
                {
                    text.Append(separator);
                    Write(item, text);
                    separator = ", ";
                }

                text.Append(']');
                break;
            case ValueKind.Record:
                Record(value.AsRecord, text);
                break;
            case ValueKind.Decimal:
                text.Append(CultureInfo.InvariantCulture, $"decimal(\"{DecimalText.Format(value.AsDecimalUnits)}\")");
                break;
            case ValueKind.Ip:
                text.Append(CultureInfo.InvariantCulture, $"ip(\"{value.AsIp}\")");
                break;
            case ValueKind.Datetime:
                text.Append(TimeText.FormatDatetime(value.AsMilliseconds) is { } datetime
                    ? $"datetime(\"{datetime}\")"
                    : $"datetime(\"1970-01-01\").offset(duration(\"{TimeText.FormatDuration(value.AsMilliseconds)}\"))");
                break;
            case ValueKind.Duration:
                text.Append(CultureInfo.InvariantCulture, $"duration(\"{TimeText.FormatDuration(value.AsMilliseconds)}\")");
                break;
            default:
                text.Append("(nothing)");
                break;
        }
    }

    private static void Record(CedarRecord record, StringBuilder text)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, value) in record)
        {
            text.Append(separator).Append(Reserved.IsIdentifier(name) ? name : StringEscapes.Quote(name)).Append(": ");
            Write(value, text);
            separator = ", ";
        }

        text.Append('}');
    }
}
