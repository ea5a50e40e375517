using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Entities;

/// <summary>
/// What a schema says about a JSON value before it is read: with it, entities and extension values may be written without their escapes.
/// Reading by it is no validation: a value of another kind is read as what it is.
/// </summary>
public abstract record ExpectedType
{
    private protected ExpectedType()
    {
    }
}

/// <summary>An entity: <c>{"type": …, "id": …}</c> will do.</summary>
public sealed record ExpectedEntity : ExpectedType;

/// <summary>A value of an extension type: its constructor's text will do, <c>"10.0.0.1"</c>.</summary>
/// <param name="Kind">Decimal, ip, datetime or duration.</param>
public sealed record ExpectedExtension(ValueKind Kind) : ExpectedType;

/// <summary>A set.</summary>
/// <param name="Item">What its items are; null for anything.</param>
public sealed record ExpectedSet(ExpectedType? Item) : ExpectedType;

/// <summary>A record.</summary>
/// <param name="Fields">What its fields are, as far as known.</param>
public sealed record ExpectedRecord(IReadOnlyDictionary<string, ExpectedType> Fields) : ExpectedType;

/// <summary>What a schema says about the JSON of an entity before it is read.</summary>
/// <param name="Attributes">What its attributes are, as far as known.</param>
/// <param name="Tags">What its tags are; null for anything.</param>
public sealed record ExpectedEntityShape(ExpectedRecord Attributes, ExpectedType? Tags);
