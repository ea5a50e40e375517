using System.Runtime.CompilerServices;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>The functions of the extension types.</summary>
internal static class ExtensionFunctions
{
    private const long Day = TimeText.Day;

    /// <summary>Calls a function of an extension. Null when it went well; else why not, to be put in words on demand.</summary>
    public static CallFailure? Call(CedarFunction function, ReadOnlySpan<CedarValue> arguments, out CedarValue result)
    {
        result = default;
        if (arguments.Length != FunctionTable.Of(function).Arity)
        {
            return CallFailure.Arity;
        }

        var first = arguments[0];
        var second = arguments.Length > 1 ? arguments[1] : default;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Kind != Takes(function, i))
            {
                return CallFailure.Type;
            }
        }

        string? reason = null;
        CedarValue? found = function switch
        {
            CedarFunction.Decimal => DecimalText.Parse(first.AsString, out reason) is { } units ? CedarValue.DecimalOf(units) : null,
            CedarFunction.LessThan => CedarValue.Of(first.Number < second.Number),
            CedarFunction.LessThanOrEqual => CedarValue.Of(first.Number <= second.Number),
            CedarFunction.GreaterThan => CedarValue.Of(first.Number > second.Number),
            CedarFunction.GreaterThanOrEqual => CedarValue.Of(first.Number >= second.Number),
            CedarFunction.Ip => IpRange.Parse(first.AsString) is { } range ? CedarValue.Of(range) : null,
            CedarFunction.IsIpv4 => CedarValue.Of(first.AsIp.IsV4),
            CedarFunction.IsIpv6 => CedarValue.Of(!first.AsIp.IsV4),
            CedarFunction.IsLoopback => CedarValue.Of(first.AsIp.IsLoopback),
            CedarFunction.IsMulticast => CedarValue.Of(first.AsIp.IsMulticast),
            CedarFunction.IsInRange => CedarValue.Of(first.AsIp.IsInRange(second.AsIp)),
            CedarFunction.Datetime => TimeText.ParseDatetime(first.AsString, out reason) is { } instant ? CedarValue.DatetimeOf(instant) : null,
            CedarFunction.Duration => TimeText.ParseDuration(first.AsString, out reason) is { } span ? CedarValue.DurationOf(span) : null,
            CedarFunction.Offset => Checked(first.Number, second.Number, out var sum) ? CedarValue.DatetimeOf(sum) : null,
            CedarFunction.DurationSince => CheckedMinus(first.Number, second.Number, out var difference) ? CedarValue.DurationOf(difference) : null,
            CedarFunction.ToDate => CheckedMinus(first.Number, TimeOfDay(first.Number), out var midnight) ? CedarValue.DatetimeOf(midnight) : null,
            CedarFunction.ToTime => CedarValue.DurationOf(TimeOfDay(first.Number)),
            CedarFunction.ToMilliseconds => CedarValue.Of(first.Number),
            CedarFunction.ToSeconds => CedarValue.Of(first.Number / 1000),
            CedarFunction.ToMinutes => CedarValue.Of(first.Number / 60_000),
            CedarFunction.ToHours => CedarValue.Of(first.Number / 3_600_000),
            CedarFunction.ToDays => CedarValue.Of(first.Number / Day),
            _ => null,
        };
        result = found.GetValueOrDefault();
        return found is null ? new CallFailure(reason ?? (function == CedarFunction.Ip ? "is no IPv4 or IPv6 address or range" : null)) : null;
    }

    /// <summary>The kind that a function takes as an argument.</summary>
    public static ValueKind Takes(CedarFunction function, int argument) => function switch
    {
        CedarFunction.Decimal or CedarFunction.Ip or CedarFunction.Datetime or CedarFunction.Duration => ValueKind.String,
        >= CedarFunction.LessThan and <= CedarFunction.GreaterThanOrEqual => ValueKind.Decimal,
        >= CedarFunction.IsIpv4 and <= CedarFunction.IsInRange => ValueKind.Ip,
        CedarFunction.Offset => argument == 0 ? ValueKind.Datetime : ValueKind.Duration,
        CedarFunction.DurationSince or CedarFunction.ToDate or CedarFunction.ToTime => ValueKind.Datetime,
        _ => ValueKind.Duration,
    };

    private static long TimeOfDay(long instant)
    {
        var inDay = instant % Day;
        return inDay < 0 ? inDay + Day : inDay;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Checked(long left, long right, out long sum)
    {
        sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CheckedMinus(long left, long right, out long difference)
    {
        difference = unchecked(left - right);
        return ((left ^ right) & (left ^ difference)) >= 0;
    }
}
