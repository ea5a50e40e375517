using System.Diagnostics;

namespace Arw.Core.Policy.Cedar.Values;

/// <summary>Kinds of values.</summary>
public enum ValueKind : byte
{
    /// <summary>No value: what an unset <see cref="CedarValue"/> is.</summary>
    None,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A whole number of 64 bits.</summary>
    Long,

    /// <summary>A text.</summary>
    String,

    /// <summary>The name of an entity.</summary>
    Entity,

    /// <summary>A set of values of any kinds.</summary>
    Set,

    /// <summary>Named values.</summary>
    Record,

    /// <summary>A decimal with up to four digits after the point.</summary>
    Decimal,

    /// <summary>An address or range of addresses.</summary>
    Ip,

    /// <summary>An instant, in milliseconds since 1970.</summary>
    Datetime,

    /// <summary>A span of time, in milliseconds.</summary>
    Duration,
}

/// <summary>A value, small enough to pass without allocation. Any two values can be compared for equality; those of different kinds are different.</summary>
public readonly struct CedarValue : IEquatable<CedarValue>
{
    private readonly object? _reference;
    private readonly long _number;

    private CedarValue(ValueKind kind, long number, object? reference = null) => (Kind, _number, _reference) = (kind, number, reference);

    /// <summary>What kind of value it is, and so which of the members below may be asked.</summary>
    public ValueKind Kind { get; }

    /// <summary>The bool.</summary>
    public bool AsBool => Kind == ValueKind.Bool ? _number != 0 : throw Wrong(ValueKind.Bool);

    /// <summary>The long.</summary>
    public long AsLong => Kind == ValueKind.Long ? _number : throw Wrong(ValueKind.Long);

    /// <summary>The text.</summary>
    public string AsString => Kind == ValueKind.String ? (string)_reference! : throw Wrong(ValueKind.String);

    /// <summary>The entity's name.</summary>
    public EntityUid AsEntity => Kind == ValueKind.Entity ? (EntityUid)_reference! : throw Wrong(ValueKind.Entity);

    /// <summary>The set.</summary>
    public CedarSet AsSet => Kind == ValueKind.Set ? (CedarSet)_reference! : throw Wrong(ValueKind.Set);

    /// <summary>The record.</summary>
    public CedarRecord AsRecord => Kind == ValueKind.Record ? (CedarRecord)_reference! : throw Wrong(ValueKind.Record);

    /// <summary>The address or range.</summary>
    public IpRange AsIp => Kind == ValueKind.Ip ? (IpRange)_reference! : throw Wrong(ValueKind.Ip);

    /// <summary>The decimal, in units of 0.0001.</summary>
    public long AsDecimalUnits => Kind == ValueKind.Decimal ? _number : throw Wrong(ValueKind.Decimal);

    /// <summary>The instant or the span of time, in milliseconds.</summary>
    public long AsMilliseconds => Kind is ValueKind.Datetime or ValueKind.Duration ? _number : throw Wrong(ValueKind.Datetime);

    /// <summary>The number inside, whatever it means for the kind: what values of one kind are ordered by.</summary>
    internal long Number => _number;

    /// <summary>The object inside, whatever it is.</summary>
    internal object? Reference => _reference;

    /// <summary>A bool.</summary>
    public static CedarValue Of(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    /// <summary>A long.</summary>
    public static CedarValue Of(long value) => new(ValueKind.Long, value);

    /// <summary>A text.</summary>
    public static CedarValue Of(string value) => new(ValueKind.String, 0, value);

    /// <summary>An entity's name.</summary>
    public static CedarValue Of(EntityUid value) => new(ValueKind.Entity, 0, value);

    /// <summary>A set.</summary>
    public static CedarValue Of(CedarSet value) => new(ValueKind.Set, 0, value);

    /// <summary>A record.</summary>
    public static CedarValue Of(CedarRecord value) => new(ValueKind.Record, 0, value);

    /// <summary>An address or range.</summary>
    public static CedarValue Of(IpRange value) => new(ValueKind.Ip, 0, value);

    /// <summary>A decimal, given in units of 0.0001.</summary>
    public static CedarValue DecimalOf(long units) => new(ValueKind.Decimal, units);

    /// <summary>An instant, in milliseconds since 1970.</summary>
    public static CedarValue DatetimeOf(long milliseconds) => new(ValueKind.Datetime, milliseconds);

    /// <summary>A span of time.</summary>
    public static CedarValue DurationOf(long milliseconds) => new(ValueKind.Duration, milliseconds);

    /// <inheritdoc/>
    public bool Equals(CedarValue other) => Is(in other);

    /// <summary>Equality without a copy.</summary>
    internal bool Is(ref readonly CedarValue other)
    {
        if (Kind != other.Kind || _number != other._number)
        {
            return false;
        }

        return ReferenceEquals(_reference, other._reference) || Kind switch
        {
            ValueKind.String => (string)_reference! == (string)other._reference!,
            ValueKind.Entity => ((EntityUid)_reference!).Equals((EntityUid)other._reference!),
            ValueKind.Set => ((CedarSet)_reference!).Equals((CedarSet)other._reference!),
            ValueKind.Record => ((CedarRecord)_reference!).Equals((CedarRecord)other._reference!),
            ValueKind.Ip => ((IpRange)_reference!).Equals((IpRange)other._reference!),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CedarValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _number, _reference);

    /// <summary>As it would be written in a policy.</summary>
    public override string ToString() => ValueText.Write(this);

    /// <summary>Same kind and value.</summary>
    public static bool operator ==(CedarValue left, CedarValue right) => left.Equals(right);

    /// <summary>Another kind or value.</summary>
    public static bool operator !=(CedarValue left, CedarValue right) => !left.Equals(right);

    private UnreachableException Wrong(ValueKind asked) => new($"A value of kind {Kind} was read as {asked}.");
}
