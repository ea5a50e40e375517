namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>Everything that can be called.</summary>
public enum CedarFunction
{
    /// <summary><c>set.contains(value)</c>.</summary>
    Contains,

    /// <summary><c>set.containsAll(set)</c>.</summary>
    ContainsAll,

    /// <summary><c>set.containsAny(set)</c>.</summary>
    ContainsAny,

    /// <summary><c>set.isEmpty()</c>.</summary>
    IsEmpty,

    /// <summary><c>entity.hasTag(name)</c>.</summary>
    HasTag,

    /// <summary><c>entity.getTag(name)</c>.</summary>
    GetTag,

    /// <summary><c>decimal("1.23")</c>.</summary>
    Decimal,

    /// <summary><c>decimal.lessThan(decimal)</c>.</summary>
    LessThan,

    /// <summary><c>decimal.lessThanOrEqual(decimal)</c>.</summary>
    LessThanOrEqual,

    /// <summary><c>decimal.greaterThan(decimal)</c>.</summary>
    GreaterThan,

    /// <summary><c>decimal.greaterThanOrEqual(decimal)</c>.</summary>
    GreaterThanOrEqual,

    /// <summary><c>ip("10.0.0.0/8")</c>.</summary>
    Ip,

    /// <summary><c>ip.isIpv4()</c>.</summary>
    IsIpv4,

    /// <summary><c>ip.isIpv6()</c>.</summary>
    IsIpv6,

    /// <summary><c>ip.isLoopback()</c>.</summary>
    IsLoopback,

    /// <summary><c>ip.isMulticast()</c>.</summary>
    IsMulticast,

    /// <summary><c>ip.isInRange(ip)</c>.</summary>
    IsInRange,

    /// <summary><c>datetime("2024-10-15")</c>.</summary>
    Datetime,

    /// <summary><c>duration("1h30m")</c>.</summary>
    Duration,

    /// <summary><c>datetime.offset(duration)</c>.</summary>
    Offset,

    /// <summary><c>datetime.durationSince(datetime)</c>.</summary>
    DurationSince,

    /// <summary><c>datetime.toDate()</c>.</summary>
    ToDate,

    /// <summary><c>datetime.toTime()</c>.</summary>
    ToTime,

    /// <summary><c>duration.toMilliseconds()</c>.</summary>
    ToMilliseconds,

    /// <summary><c>duration.toSeconds()</c>.</summary>
    ToSeconds,

    /// <summary><c>duration.toMinutes()</c>.</summary>
    ToMinutes,

    /// <summary><c>duration.toHours()</c>.</summary>
    ToHours,

    /// <summary><c>duration.toDays()</c>.</summary>
    ToDays,
}
