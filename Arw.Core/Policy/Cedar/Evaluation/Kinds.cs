using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>Kinds of values in words.</summary>
internal static class Kinds
{
    public static string Name(ValueKind kind) => kind switch
    {
        ValueKind.Bool => "a bool",
        ValueKind.Long => "a long",
        ValueKind.String => "a string",
        ValueKind.Entity => "an entity",
        ValueKind.Set => "a set",
        ValueKind.Record => "a record",
        ValueKind.Decimal => "a decimal",
        ValueKind.Ip => "an ipaddr",
        ValueKind.Datetime => "a datetime",
        ValueKind.Duration => "a duration",
        _ => "nothing",
    };
}
