using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>What a function of an extension takes and gives.</summary>
internal sealed record ExtensionSignature(IReadOnlyList<CedarType> Arguments, CedarType Result, bool IsConstructor = false)
{
    private static readonly ExtensionSignature[] All = [.. Enum.GetValues<CedarFunction>().Select(Describe)];

    public static ExtensionSignature Of(CedarFunction function) => All[(int)function];

    /// <summary>True when a constructor can make a value of a text.</summary>
    public static bool CanRead(CedarFunction constructor, string text) => constructor switch
    {
        CedarFunction.Decimal => DecimalText.Parse(text, out _) is not null,
        CedarFunction.Ip => IpRange.Parse(text) is not null,
        CedarFunction.Datetime => TimeText.ParseDatetime(text, out _) is not null,
        _ => TimeText.ParseDuration(text, out _) is not null,
    };

    /// <summary>What a text looks like that a constructor can read.</summary>
    public static string Form(CedarFunction constructor) => constructor switch
    {
        CedarFunction.Decimal => "digits around a point, at most four after it, such as \"12.3456\"",
        CedarFunction.Ip => "an address, or one with the length of its prefix, such as \"10.0.0.0/8\"",
        CedarFunction.Datetime => "a date, or a date with a time, such as \"2024-10-15\" or \"2024-10-15T11:35:00Z\"",
        _ => "amounts from days to milliseconds, such as \"1d2h3m4s50ms\"",
    };

    private static ExtensionSignature Describe(CedarFunction function)
    {
        CedarType text = StringType.Instance, number = LongType.Instance, answer = BoolType.Any;
        CedarType amount = ExtensionType.Decimal, address = ExtensionType.IpAddress, moment = ExtensionType.DateTime, span = ExtensionType.Duration;
        return function switch
        {
            CedarFunction.Decimal => new([text], amount, IsConstructor: true),
            CedarFunction.Ip => new([text], address, IsConstructor: true),
            CedarFunction.Datetime => new([text], moment, IsConstructor: true),
            CedarFunction.Duration => new([text], span, IsConstructor: true),
            CedarFunction.LessThan or CedarFunction.LessThanOrEqual or CedarFunction.GreaterThan or CedarFunction.GreaterThanOrEqual =>
                new([amount, amount], answer),
            CedarFunction.IsIpv4 or CedarFunction.IsIpv6 or CedarFunction.IsLoopback or CedarFunction.IsMulticast => new([address], answer),
            CedarFunction.IsInRange => new([address, address], answer),
            CedarFunction.Offset => new([moment, span], moment),
            CedarFunction.DurationSince => new([moment, moment], span),
            CedarFunction.ToDate => new([moment], moment),
            CedarFunction.ToTime => new([moment], span),
            _ => new([span], number),
        };
    }
}
