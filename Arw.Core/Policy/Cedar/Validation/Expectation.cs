using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>What types an operand may have.</summary>
/// <param name="Words">How messages call them.</param>
/// <param name="Fits">Whether a type is one of them.</param>
internal sealed record Expectation(string Words, Func<CedarType, bool> Fits)
{
    public static Expectation Bool { get; } = new("Bool", type => type is BoolType);

    public static Expectation Long { get; } = new("Long", type => type is LongType);

    public static Expectation Text { get; } = new("String", type => type is StringType);

    public static Expectation Set { get; } = new("a set", type => type is SetType);

    public static Expectation Entity { get; } = new("an entity", type => type is EntityReferenceType);

    public static Expectation EntityOrRecord { get; } = new("an entity or a record", type => type is EntityReferenceType or RecordType);

    public static Expectation EntityOrEntities { get; } =
        new("an entity or a set of entities", type => type is EntityReferenceType or SetType { Element: EntityReferenceType });

    /// <summary>Exactly one type.</summary>
    public static Expectation Of(CedarType type) => type switch
    {
        BoolType => Bool,
        LongType => Long,
        StringType => Text,
        _ => new Expectation(type.ToString(), type.Equals),
    };
}
